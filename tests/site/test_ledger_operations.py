"""The ledger as it is written: what is refused, what two people at once can do, what the database itself keeps."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from aliquot import book, invariants, ledger, signing, verify
from aliquot.fault import Refused
from aliquot.ledger import Entry, Holdings, Use
from aliquot.site import instance, models, queries
from aliquot.site.models import Balance, Commitment, Head, Posting, Sample, TreeHash
from aliquot.site.operations import commitments, publication, samples
from aliquot.site.operations import ledger as writing
from aliquot.site.operations.samples import By

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
G = 10**9


def by(second: int = 0) -> By:
    return By("person:1", f"2026-03-14T09:30:{second:02d}Z")


def a_rock(number: str = "10017", mass_ng: int = 10 * G, uses: tuple[Use, ...] = ()) -> None:
    row = Sample(number=number, mission="apollo-11")
    samples.receive(row, origin="origin:apollo-11", place="place:a1", mass_ng=mass_ng, uses=uses, by=by())


def verified(tmp_path: Path) -> verify.Report:
    """Publish the log and verify it as an auditor does, from the files alone."""
    publication.publish(tmp_path / "log", at=NOW)
    key = signing.read_verifier((tmp_path / "log/vkey").read_text())
    assert isinstance(key, signing.VerifierKey)
    content = (tmp_path / "log/book.txt").read_bytes()
    return verify.verify(content, (tmp_path / "log/checkpoint").read_bytes(), key)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same time, each on a connection of its own; return what each gave or raised."""

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


@pytest.mark.django_db
def test_a_split_writes_daughters_postings_balances_and_descent() -> None:
    a_rock()
    cuts = [(Sample(number="10017,1"), 4 * G), (Sample(number="10017,2"), 5 * G)]
    entry = samples.split("10017", cuts, place="place:a1", attrition_ng=G, by=by(1))
    assert entry.index == 1
    assert dict(Balance.objects.filter(mass_ng__gt=0).values_list("sample__number", "mass_ng")) == {
        "10017": G,
        "10017,1": 4 * G,
        "10017,2": 5 * G,
    }
    family = queries.ledger.family(Sample.objects.get(number="10017"))
    assert family.daughters("10017") == ("10017,1", "10017,2")
    parent = Sample.objects.get(number="10017")
    assert (parent.start_ng, parent.mass_ng, parent.availability) == (10 * G, 0, "spent")


@pytest.mark.django_db
def test_a_split_heavier_than_its_parent_is_refused_and_leaves_no_daughter() -> None:
    a_rock()
    with pytest.raises(Refused) as refused:
        samples.split("10017", [(Sample(number="10017,1"), 11 * G)], place="place:a1", by=by(1))
    assert [f.where for f in refused.value.faults] == ["postings[0]"]
    assert not Sample.objects.filter(number="10017,1").exists()
    assert queries.ledger.head().size == 1


@pytest.mark.django_db
def test_every_fault_is_told_at_once() -> None:
    a_rock()
    with pytest.raises(Refused) as refused:
        samples.move(
            "10017",
            source="place:a1",
            target="vault",
            mass_ng=11 * G,
            by=By("person:1", "2025-01-01T00:00:00Z"),
        )
    assert {f.where for f in refused.value.faults} >= {"at", "postings[0]", "postings[1]"}


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["person 1", "", "person:1\nkind give"])
def test_a_key_that_would_break_the_text_is_refused(person: str) -> None:
    a_rock()
    with pytest.raises(Refused):
        samples.move(
            "10017", source="place:a1", target="place:a2", mass_ng=G, by=By(person, "2026-03-14T09:31:00Z")
        )
    assert queries.ledger.head().size == 1


@pytest.mark.django_db
def test_a_sealed_sample_is_neither_lent_nor_promised() -> None:
    a_rock(uses=(Use("10017", "permanent", sealed=True),))
    samples.ship("10017", source="place:a1", transit="transit:t", mass_ng=G, by=by(1))
    with pytest.raises(Refused, match="sealed"):
        samples.deliver("10017", transit="transit:t", target="loan:i1", mass_ng=G, by=by(2))
    with pytest.raises(Refused, match="sealed"):
        commitments.promise("10017", mass_ng=1, basis="allocation:1", by="person:1", at=NOW)
    assert Sample.objects.get(number="10017").availability == "sealed"


@pytest.mark.django_db
def test_an_append_asks_the_database_a_fixed_number_of_times(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    a_rock()
    samples.move("10017", source="place:a1", target="place:a2", mass_ng=G, by=by(1))
    with django_assert_num_queries(9 if connection.vendor == "sqlite" else 5):
        samples.move("10017", source="place:a2", target="place:a1", mass_ng=G, by=by(2))


@pytest.mark.django_db
def test_a_split_into_more_daughters_than_a_statement_takes_is_one_entry() -> None:
    a_rock()
    cuts = [(Sample(number=f"10017,{n}"), 1 + n) for n in range(1_800)]
    samples.split("10017", cuts, place="place:a1", by=by(1))
    assert Posting.objects.filter(entry=1).count() == models.Descent.objects.count() + 1 == 1_801
    stored = Sample.objects.filter(number__startswith="10017,", availability="stored")
    assert dict(stored.values_list("number", "mass_ng")) == {row.number: ng for row, ng in cuts}
    assert sum(ng for _, _, ng in queries.ledger.balances()) == 0
    assert queries.ledger.head().size == 2


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["entry", "posting", "treehash", "checkpoint", "descent"])
@pytest.mark.parametrize(
    "act", ["UPDATE aliquot_{table} SET {column} = {column}", "DELETE FROM aliquot_{table}"]
)
def test_the_database_refuses_to_change_or_remove_what_is_recorded(table: str, act: str) -> None:
    a_rock()
    samples.split("10017", [(Sample(number="10017,1"), G)], place="place:a1", by=by(1))
    writing.sign_checkpoint(at=NOW)
    TreeHash.objects.create(level=9, index=0, hash=bytes(32))
    column = {
        "entry": "text",
        "posting": "mass_ng",
        "treehash": "level",
        "checkpoint": "size",
        "descent": "kind",
    }[table]
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act.format(table=table, column=column))


@pytest.mark.django_db
def test_the_rows_are_an_index_that_the_texts_make_again() -> None:
    a_rock()
    samples.split("10017", [(Sample(number="10017,1"), 4 * G)], place="place:a1", attrition_ng=1, by=by(1))
    samples.ship("10017,1", source="place:a1", transit="transit:t", mass_ng=4 * G, by=by(2))
    samples.deliver("10017,1", transit="transit:t", target="loan:i1", mass_ng=3 * G, by=by(3))
    holdings, postings = Holdings(), []
    for text in queries.ledger.texts():
        entry = book.parse(text)
        assert isinstance(entry, Entry)
        assert invariants.check(entry, holdings) == ()
        holdings.apply(entry)
        postings += [(entry.index, i, p.sample, p.holder, p.mass_ng) for i, p in enumerate(entry.postings)]
    rows = Posting.objects.order_by("entry_id", "line")
    assert postings == list(rows.values_list("entry_id", "line", "sample__number", "holder__key", "mass_ng"))
    assert [(p.sample, p.holder, p.mass_ng) for p in holdings.balances()] == list(queries.ledger.balances())
    assert sum(ng for _, _, ng in queries.ledger.balances()) == 0


@pytest.mark.django_db
def test_a_log_of_more_than_a_tile_proves_every_entry(tmp_path: Path) -> None:
    a_rock()
    for i in range(300):
        places = ("place:a1", "place:a2") if i % 2 == 0 else ("place:a2", "place:a1")
        samples.move("10017", source=places[0], target=places[1], mass_ng=G, by=by(1))
    report = verified(tmp_path)
    assert (report.entries, report.faults) == (301, ())
    assert TreeHash.objects.count() == 1
    signed = queries.ledger.checkpoint()
    key = instance.read_signing_key(settings.HOME).verifier
    assert signed
    for index in (0, 255, 256, 300):
        from aliquot import proof

        assert proof.check(queries.ledger.prove(index, signed), key) == ()


@pytest.mark.django_db
def test_a_checkpoint_is_signed_once_for_each_size() -> None:
    a_rock()
    assert writing.sign_checkpoint(at=NOW).pk == writing.sign_checkpoint(at=NOW).pk
    samples.move("10017", source="place:a1", target="place:a2", mass_ng=G, by=by(1))
    assert writing.sign_checkpoint(at=NOW).size == 2


@pytest.mark.django_db
def test_a_publication_replaces_the_older_one_and_nothing_else(tmp_path: Path) -> None:
    a_rock()
    assert verified(tmp_path).faults == ()
    samples.move("10017", source="place:a1", target="place:a2", mass_ng=G, by=by(1))
    assert verified(tmp_path).entries == 2
    (tmp_path / "log/notes.txt").write_text("mine")
    with pytest.raises(Refused, match=r"notes\.txt"):
        publication.publish(tmp_path / "log", at=NOW)
    assert (tmp_path / "log/notes.txt").read_text() == "mine"
    assert [p.name for p in tmp_path.iterdir()] == ["log"]


# -- two people at once ---------------------------------------------------------------------------------------


@pytest.fixture
def committed(transactional_db: None) -> None:
    """Whatever the test writes is committed, so that several connections see it."""


@pytest.mark.usefixtures("committed")
def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    for i in range(4):
        a_rock(f"1001{i}")

    def moves(number: str) -> Callable[[], int]:
        def run() -> int:
            for i in range(20):
                ends = ("place:a1", f"place:{number}") if i % 2 == 0 else (f"place:{number}", "place:a1")
                samples.move(number, source=ends[0], target=ends[1], mass_ng=G, by=by(1))
            return 20

        return run

    assert at_once(*[moves(f"1001{i}") for i in range(4)]) == [20] * 4
    assert Head.objects.get().size == 84
    assert list(models.Entry.objects.order_by("index").values_list("index", flat=True)) == list(range(84))
    assert verified(tmp_path).faults == ()


@pytest.mark.usefixtures("committed")
def test_a_double_click_takes_the_mass_once() -> None:
    a_rock(mass_ng=G)

    def give() -> ledger.Entry:
        return samples.give("10017", source="place:a1", given="given:n1", mass_ng=G, by=by(1))

    found = at_once(give, give)
    assert sorted(type(each).__name__ for each in found) == ["Entry", "Refused"]
    assert Balance.objects.get(holder__key="given:n1").mass_ng == G


@pytest.mark.usefixtures("committed")
def test_two_applicants_never_get_the_same_milligram() -> None:
    a_rock(mass_ng=10 * G)

    def promise() -> Commitment:
        return commitments.promise("10017", mass_ng=3 * G, basis="allocation:1", by="person:1", at=NOW)

    found = at_once(*[promise] * 5)
    assert sum(isinstance(each, Commitment) for each in found) == 3
    assert commitments.committed_ng(Sample.objects.get()) == 9 * G


@pytest.mark.usefixtures("committed")
def test_a_promise_that_was_let_go_can_be_made_again() -> None:
    a_rock(mass_ng=G)
    made = commitments.promise("10017", mass_ng=G, basis="allocation:1", by="person:1", at=NOW)
    assert Sample.objects.get().availability == "reserved"
    commitments.release(made, at=NOW)
    assert Sample.objects.get().availability == "stored"
    commitments.promise("10017", mass_ng=G, basis="allocation:2", by="person:1", at=NOW)


@pytest.mark.usefixtures("committed")
def test_two_receipts_of_one_number_make_one_sample() -> None:
    found = at_once(a_rock, a_rock)
    kinds = sorted(type(each).__name__ for each in found)
    assert kinds == ["NoneType", "Refused"]
    assert Sample.objects.count() == Head.objects.get().size == 1
