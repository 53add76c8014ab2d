"""A table comes into the catalogue whole or not at all, once, and to the nanogram."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Sum
from tests import warm

from aliquot import book, cli, invariants, transparency
from aliquot.fault import Refused
from aliquot.formats import fields, mapping
from aliquot.ledger import Entry, Holdings, Kind
from aliquot.site import models, queries
from aliquot.site.models import Balance, Head, Holder, Posting, Sample, SampleName
from aliquot.site.operations import imports
from aliquot.site.operations.imports import Order, Told

APOLLO = Path(__file__).parents[3] / "shared" / "data" / "apollo-samples" / "rocksamples.csv"
ALL_THREE = ("zero-mass", "pristine-above-100", "blank-subtype")
needs_apollo = pytest.mark.skipif(
    not APOLLO.is_file(), reason="the Apollo table is not beside the repository"
)

MAP = """
key = "small"
title = "A small table"
place = "store"
policy = "nasa"

[[column]]
name = "No"
field = "number"

[[column]]
name = "From"
field = "mission"

[[column]]
name = "Mass"
field = "mass"
unit = "mg"

[[column]]
name = "Use"
field = "use_class"

[[column]]
name = "Old"
field = "name"
kind = "former"

[[column]]
name = "Pristine"
field = "pristine"

[[column]]
name = "Remark"
field = "note"
"""
HEADER = "No,From,Mass,Use,Old,Pristine,Remark\n"
ROWS = "A1,luna-16,1.25,permanent,L-1,12.5,dark\nA2,luna-20,480,,,,\n月-3,luna-16,7,research,,100,\n"


def order(*accepted: str, **changes: object) -> Order:
    said = {"mapping": mapping.read(MAP, "small.toml"), "by": "person:17", "at": "2026-03-14T09:30:00Z"}
    return Order(**{**said, "accepted": accepted, **changes})  # type: ignore[arg-type]


def take(rows: str, *accepted: str, **changes: object) -> Told:
    return imports.import_table((HEADER + rows).encode(), order(*accepted, **changes))


def rules(told: Told) -> list[str]:
    return [each.rule.name for each in told.standing]


def checked_entries() -> Iterator[Entry]:
    """Yield every entry of the log, held against every invariant; texts, hashes and postings agree."""
    holdings = Holdings()
    for row in models.Entry.objects.order_by("index"):
        entry = book.parse(row.text)
        assert isinstance(entry, Entry)
        assert len(row.text.encode()) <= book.MAX_BYTES
        assert invariants.check(entry, holdings) == ()
        holdings.apply(entry)
        assert bytes(row.leaf_hash) == transparency.leaf_hash(row.text.encode())
        posted = Posting.objects.filter(entry=row).order_by("line")
        assert [(p.sample, p.holder, p.mass_ng) for p in entry.postings] == list(
            posted.values_list("sample__number", "holder__key", "mass_ng")
        )
        yield entry
    held = [(p.sample, p.holder, p.mass_ng) for p in holdings.balances()]
    assert sorted(held) == sorted(queries.ledger.balances())
    head = queries.ledger.head()
    assert (head.size, head.last_at) == (holdings.size, holdings.last_at)


# -- what an import does -------------------------------------------------------------------------------------


def test_the_library_and_the_catalogue_agree_on_fields() -> None:
    columns = {"note": "note_en", "pristine": "pristine_percent", "mass": "start_ng", "parent": "number"}
    for name, allowed in fields.FIELDS.items():
        model = SampleName if name == "name" else Sample
        most = model._meta.get_field(columns.get(name, name)).max_length
        assert most is None or allowed.chars_max <= most
    assert tuple(word for word in models.Form.values if word) == fields.FORMS
    assert tuple(word for word in models.Condition.values if word) == fields.CONDITIONS


@pytest.mark.django_db
def test_a_table_comes_into_the_catalogue_and_the_ledger() -> None:
    told = take(ROWS)
    assert (told.rows, told.imported, told.already_there, told.mass_ng) == (3, 3, 0, 488_250_000)
    assert not told.findings
    assert not told.standing
    entries = list(checked_entries())
    assert [entry.kind for entry in entries] == [Kind.RECEIVE] * 3
    assert {ref for entry in entries for ref in entry.basis if ref.startswith("map:")} == {"map:small"}
    a1 = Sample.objects.get(number="A1")
    assert (a1.mission, a1.start_ng, a1.mass_ng, str(a1.pristine_percent)) == (
        "luna-16",
        1_250_000,
        1_250_000,
        "12.50",
    )
    assert (a1.use_class, a1.sealed, a1.availability, a1.note_en) == ("permanent", True, "sealed", "dark")
    assert a1.holder is not None
    assert a1.holder.key == "place:store"
    assert [(name.name, name.kind) for name in a1.names.all()] == [("L-1", "former")]
    a2 = Sample.objects.get(number="A2")
    assert (a2.use_class, a2.sealed, a2.availability, a2.pristine_percent) == ("", False, "stored", None)
    assert set(Holder.objects.values_list("key", "root")) == {
        ("place:store", "place"), ("origin:luna-16", "origin"), ("origin:luna-20", "origin")
    }  # fmt: skip
    assert Balance.objects.aggregate(total=Sum("mass_ng"))["total"] == 0
    assert Balance.objects.filter(may_be_below_zero=True).count() == 3


@pytest.mark.django_db
def test_a_repeated_import_adds_nothing() -> None:
    take(ROWS)
    before = Head.objects.values().get()
    told = take(ROWS, at="2026-03-15T09:30:00Z")
    assert (told.imported, told.already_there, told.mass_ng) == (0, 3, 0)
    assert Head.objects.values().get() == before
    more = take(ROWS + "A4,luna-24,1,,,,\n", at="2026-03-15T09:30:00Z")
    assert (more.rows, more.imported, more.already_there, more.mass_ng) == (4, 1, 3, 1_000_000)
    assert len(list(checked_entries())) == 4


@pytest.mark.django_db
def test_a_number_with_another_content_is_refused() -> None:
    take(ROWS)
    told = take("A1,luna-16,1.26,permanent,L-1,12.5,dark\nA2,luna-20,480,,L-2,,\nA5,luna-16,1,,,,\n")
    assert [(each.line, each.column, each.rule.name) for each in told.standing] == [
        (2, "No", "number-taken"),
        (3, "No", "number-taken"),
    ]
    assert "A1 is in the catalogue with another mass" in told.standing[0].message
    assert "another further name" in told.standing[1].message
    assert told.imported == told.mass_ng == 0
    assert not Sample.objects.filter(number="A5").exists()


@pytest.mark.django_db
def test_what_a_mapping_does_not_fill_is_not_compared() -> None:
    take(ROWS)
    Sample.objects.filter(number="A1").update(material="Basalt", mass_ng=5)
    assert take(ROWS).already_there == 3


@pytest.mark.django_db
def test_an_accepted_zero_is_catalogued_and_no_mass_is_posted() -> None:
    refused = take("A1,luna-16,0,,,,\nA2,luna-16,5,,,,\n")
    assert rules(refused) == ["zero-mass"]
    assert not Sample.objects.exists()
    told = take("A1,luna-16,0,,,,\nA2,luna-16,5,,,,\n", "zero-mass")
    assert (told.imported, told.mass_ng, len(told.findings)) == (2, 5_000_000, 1)
    a1 = Sample.objects.get(number="A1")
    assert (a1.start_ng, a1.mass_ng, a1.availability, a1.holder) == (None, 0, "unweighed", None)
    assert not Posting.objects.filter(sample=a1).exists()
    assert take("A1,luna-16,0,,,,\n", "zero-mass").already_there == 1
    assert rules(take("A1,luna-16,3,,,,\n")) == ["number-taken"]
    list(checked_entries())


@pytest.mark.django_db
def test_samples_without_any_mass_move_the_catalogue_and_not_the_ledger() -> None:
    told = take("A1,luna-16,0,,,,\n", "zero-mass")
    assert told.imported == 1
    head = queries.ledger.head()
    assert (head.size, head.revision) == (0, 1)
    assert Sample.objects.get().revision == 1


@pytest.mark.django_db
def test_a_dry_run_checks_all_and_writes_nothing() -> None:
    told = take(ROWS, dry_run=True)
    assert (told.rows, told.imported, told.mass_ng) == (3, 3, 488_250_000)
    assert not Sample.objects.exists()
    assert queries.ledger.head().size == 0
    take(ROWS)
    assert take(ROWS + "A9,luna-16,x,,,,\n", dry_run=True).standing[0].rule.name == "bad-mass"


@pytest.mark.django_db
def test_one_fault_keeps_all_rows_out() -> None:
    assert rules(take(ROWS + "A4,luna-16,-1,,,,\n")) == ["bad-mass"]
    assert not Sample.objects.exists()
    assert not Holder.objects.exists()


@pytest.mark.django_db
def test_an_order_that_is_wrong_is_refused() -> None:
    for said in (
        {"accepted": ("bad-mass",)},
        {"accepted": ("no-such",)},
        {"place": "place:store"},
        {"by": "Ada L"},
    ):
        with pytest.raises(Refused):
            imports.import_table((HEADER + ROWS).encode(), order(**said))
    without = mapping.read(MAP.replace('place = "store"', ""), "small.toml")
    with pytest.raises(Refused):
        take(ROWS, mapping=without)
    assert take(ROWS, mapping=without, place="vault").imported == 3
    assert Holder.objects.filter(key="place:vault").exists()


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_ran_back_is_refused_and_nothing_is_written() -> None:
    take(ROWS)
    with pytest.raises(Refused, match="is before the entry before it"):
        take("A7,luna-16,1,,,,\n", at="2026-03-13T09:30:00Z")
    assert not Sample.objects.filter(number="A7").exists()


@pytest.mark.django_db
def test_many_samples_share_an_entry_and_each_batch_is_told() -> None:
    rows = "".join(f"S-{i:05d},{'luna-16' if i % 2 else 'luna-20'},{i + 1},,,,\n" for i in range(3000))
    heard: list[tuple[int, int]] = []
    told = imports.import_table(
        (HEADER + rows).encode(), order(), writing=lambda done, total: heard.append((done, total))
    )
    assert told.imported == 3000
    entries = list(checked_entries())
    assert len(entries) < 10
    assert all(len({p.holder for p in entry.postings}) == 2 for entry in entries)
    assert heard[-1] == (3000, 3000)


@pytest.mark.django_db
def test_sealed_samples_stand_in_entries_of_their_own() -> None:
    rows = "".join(f"S-{i},luna-16,1,{'permanent' if i % 3 else 'research'},,,\n" for i in range(30))
    take(rows)
    entries = list(checked_entries())
    assert [{use.sealed for use in entry.uses} for entry in entries] == [{False}, {True}]
    assert sum(len(entry.uses) for entry in entries) == 30


@pytest.mark.django_db
def test_a_full_tile_of_entries_gets_its_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aliquot.formats.intake.BODY_BYTES", 200)
    take("".join(f"S-{i:04d},luna-16,1,,,,\n" for i in range(1200)))
    assert len(list(checked_entries())) > 256
    assert models.TreeHash.objects.filter(level=1).exists()
    hashes = list(queries.ledger.leaf_hashes(0, 256))
    assert bytes(models.TreeHash.objects.get(level=1, index=0).hash) == transparency.root(hashes)


@pytest.mark.django_db
def test_an_import_follows_what_is_in_the_ledger_already() -> None:
    take(ROWS)
    take("B1,luna-24,3,,,,\n", at="2026-03-15T09:30:00Z")
    entries = list(checked_entries())
    assert [entry.index for entry in entries] == [0, 1, 2, 3]
    assert Sample.objects.get(number="B1").revision == 2


@needs_apollo
@pytest.mark.django_db
def test_the_apollo_catalogue_comes_in_to_the_nanogram() -> None:
    apollo = order(*ALL_THREE, mapping=mapping.load("apollo-catalogue"))
    told = imports.import_table(APOLLO.read_bytes(), apollo)
    assert (told.rows, told.imported, told.already_there) == (2229, 2229, 0)
    assert told.mass_ng == 375_035_990_000_000
    assert len(told.findings) == 35 + 18 + 3
    assert Sample.objects.aggregate(total=Sum("mass_ng"))["total"] == 375_035_990_000_000
    assert Sample.objects.filter(availability="unweighed").count() == 35
    list(checked_entries())
    again = imports.import_table(APOLLO.read_bytes(), apollo)
    assert (again.imported, again.already_there) == (0, 2229)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL lets two write at once")
@pytest.mark.django_db(transaction=True)
def test_a_number_that_somebody_else_takes_meanwhile_is_told() -> None:
    rows = "A1,luna-16,1,,,,\nA2,luna-20,1,,,,\n"

    def meanwhile(done: int, total: int) -> None:
        """After the first of two batches, somebody catalogues the number of the second."""
        if done == 1:
            other = connection.copy()
            columns = {f.column: f.get_default() for f in Sample._meta.concrete_fields if f.column != "id"}
            columns["number"] = "A2"
            marks = ", ".join(["%s"] * len(columns))
            with other.cursor() as cursor:
                cursor.execute(f"INSERT INTO aliquot_sample ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
                               [*columns.values()])  # fmt: skip
            other.close()

    told = imports.import_table((HEADER + rows).encode(), order(), writing=meanwhile)
    assert rules(told) == ["number-taken"]
    assert list(Sample.objects.values_list("number", flat=True)) == ["A2"]


# -- on the command line -------------------------------------------------------------------------------------


def aliquot(*words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ALIQUOT_", "DJANGO_"))}
    said = [str(word) for word in words]
    code, out, err = warm.run(said, folder=str(Path.cwd()), environment=environment)
    return subprocess.CompletedProcess(said, code, out.decode(), err.decode())


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty instance on SQLite that nobody writes to: it is copied."""
    home = tmp_path_factory.mktemp("instance") / "home"
    made = aliquot("init", "--home", home)
    assert made.returncode == 0, made.stderr
    return home


@pytest.fixture
def empty(new: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(new, tmp_path / "home"))


@needs_apollo
def test_the_command_refuses_then_imports_then_finds_all_there(empty: Path) -> None:
    words = ["import", APOLLO, "--map", "apollo-catalogue", "--home", empty]
    refused = aliquot(*words, "--json")
    assert refused.returncode == 2
    document = json.loads(refused.stdout)
    assert set(document) == {"rows", "imported", "already_there", "faults", "mass_ng"}
    assert set(document["faults"][0]) == {"line", "column", "fault", "message"}
    assert (document["imported"], len(document["faults"])) == (0, 56)
    lines = refused.stderr.splitlines()
    assert len(lines) == 56
    assert all(line.startswith("line ") for line in lines)
    told = aliquot(*words)
    assert (told.returncode, told.stderr) == (2, refused.stderr)
    assert told.stdout.splitlines()[-1] == (
        "accept them with --accept zero-mass --accept pristine-above-100 --accept blank-subtype"
    )
    accepting = [word for name in ALL_THREE for word in ("--accept", name)]
    done = aliquot(*words, *accepting, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    assert (document["imported"], document["mass_ng"]) == (2229, 375_035_990_000_000)
    again = aliquot(*words, *accepting)
    assert again.returncode == 0
    assert "0 imported (0 g), 2,229 already there" in again.stdout


def test_very_many_faults_are_told_a_line_each_and_counted(empty: Path, tmp_path: Path) -> None:
    table, small = tmp_path / "many.csv", tmp_path / "small.toml"
    small.write_text(MAP, encoding="utf-8")
    table.write_text(HEADER + "A,luna-16,x,,,,\n" * 300, encoding="utf-8")
    refused = aliquot("import", table, "--map", small, "--home", empty)
    lines = refused.stderr.splitlines()
    assert refused.returncode == 2
    assert len(lines) == 300 + 299
    assert all(line.startswith("line ") for line in lines)
    assert "  bad-mass (300): cannot be accepted; correct the table" in refused.stdout.splitlines()
    assert "accept them with" not in refused.stdout


@pytest.mark.parametrize(
    "words",
    [("no\x1b[2Jsuch.csv", "--map", "apollo-catalogue"), ("/dev/zero", "--map", "apollo-catalogue"),
     (__file__, "--map", "no-such"), (__file__, "--map", __file__), (__file__, "--map", "apollo-catalogue", "--accept", "x"),
     (__file__, "--map", "apollo-catalogue")],
)  # fmt: skip
@pytest.mark.django_db(transaction=True)  # a command opens a connection of its own
def test_what_cannot_be_imported_is_told_in_plain_lines(
    home: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["aliquot", "import", *words, "--home", str(home)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr()
    assert ended.value.code == 2
    assert told.err
    assert "\x1b" not in told.err + told.out


# -- when the power fails ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("attempt", range(3))
def test_a_killed_import_leaves_nothing_half_there(new: Path, tmp_path: Path, attempt: int) -> None:
    home, table, small = tmp_path / "home", tmp_path / "t.csv", tmp_path / "small.toml"
    shutil.copytree(new, home)
    small.write_text(MAP, encoding="utf-8")
    rows = 6_000
    table.write_text(HEADER + "".join(f"S-{i},luna-16,{i + 1},,,,\n" for i in range(rows)), encoding="utf-8")
    words = [sys.executable, "-m", "aliquot", "import", table, "--map", small, "--home", home]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ALIQUOT_", "DJANGO_"))}
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    log = home / "aliquot.sqlite3-wal"
    deadline = time.monotonic() + 60
    # Wait for the first page of the transaction, then a moment chosen by chance.
    while (
        process.poll() is None and time.monotonic() < deadline and not (log.exists() and log.stat().st_size)
    ):
        time.sleep(0.002)
    time.sleep(random.uniform(0, 0.3))
    process.send_signal(signal.SIGKILL)
    process.wait()
    with sqlite3.connect(home / "aliquot.sqlite3") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        counts = [
            database.execute(f"SELECT count(*) FROM aliquot_{name}").fetchone()[0]  # noqa: S608
            for name in ("sample", "posting", "balance", "entry")
        ]
        size = database.execute("SELECT size FROM aliquot_head").fetchone()[0]
    assert counts[:3] in ([0, 0, 0], [rows, 2 * rows, 2 * rows])
    assert size == counts[3]
    again = aliquot("import", table, "--map", small, "--home", home, "--json")
    told = json.loads(again.stdout)
    assert told["imported"] + told["already_there"] == rows
    assert aliquot("publish", tmp_path / "out", "--home", home).returncode == 0
    out = tmp_path / "out"
    verified = aliquot("verify", out / "book.txt", out / "checkpoint", "--key", out / "vkey")
    assert verified.returncode == 0, verified.stderr
