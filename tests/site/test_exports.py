"""The catalogue as a table: exact, public, and harmless to whoever opens it."""

from __future__ import annotations

import csv
import io
import json
import sys
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from pytest_django import DjangoAssertNumQueries

from aliquot import cli
from aliquot.formats import export, parquet
from aliquot.formats.export import COLUMNS, Row
from aliquot.site.models import Holder, Sample, SampleName
from aliquot.site.queries import exports

ROCK = Row("A1", mission="luna-16", sealed=True, start_ng=1_250_000_001, mass_ng=20, pristine_percent="12.50",
           names=("L-1", "L-2"), note="dark")  # fmt: skip
BARE = Row("月-3")


def read_csv(rows: list[Row]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(export.csv_parts(rows)), newline="")))


def a_sample(number: str, **said: object) -> Sample:
    return Sample.objects.create(number=number, **said)


# -- how it is written ---------------------------------------------------------------------------------------


def test_every_column_is_told_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
    for name, meaning in COLUMNS.items():
        assert f"| `{name}` | {meaning} |" in guide


def test_masses_are_exact_in_csv() -> None:
    rock, bare = read_csv([ROCK, BARE])
    assert list(rock) == list(COLUMNS)
    assert (rock["start_g"], rock["start_ng"]) == ("1.250000001", "1250000001")
    assert (rock["mass_g"], rock["mass_ng"]) == ("0.00000002", "20")
    assert (rock["sealed"], rock["names"], rock["pristine_percent"]) == ("true", "L-1; L-2", "12.50")
    assert (bare["mass_g"], bare["mass_ng"], bare["note"]) == ("", "", "")


def test_json_and_parquet_say_the_same() -> None:
    listed = json.loads("".join(export.json_parts([ROCK, BARE])))
    assert list(listed[0]) == list(COLUMNS)
    assert (listed[0]["mass_g"], listed[0]["mass_ng"], listed[0]["sealed"]) == ("0.00000002", 20, True)
    assert (listed[1]["number"], listed[1]["mass_ng"]) == ("月-3", None)
    frame = pl.read_parquet(io.BytesIO(parquet.parquet([ROCK, BARE])))
    assert frame.columns == list(COLUMNS)
    assert frame["start_g"].to_list() == [Decimal("1.250000001"), None]
    assert frame["start_ng"].to_list() == [1_250_000_001, None]
    assert frame["pristine_percent"].to_list() == [Decimal("12.50"), None]


def test_a_catalogue_without_samples_is_a_table_without_rows() -> None:
    assert read_csv([]) == []
    assert json.loads("".join(export.json_parts([]))) == []
    assert pl.read_parquet(io.BytesIO(parquet.parquet([]))).columns == list(COLUMNS)


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(first: str) -> None:
    text = f'{first}HYPERLINK("https://example.org","x")'
    [row] = read_csv([Row(text, material=text, names=(text,), note=text, holder=text)])
    for name in ("number", "material", "names", "note", "holder"):
        assert row[name] == f"'{text}"
    [kept] = json.loads("".join(export.json_parts([Row(text)])))
    assert kept["number"] == text


def test_a_cell_with_marks_of_its_own_is_one_cell() -> None:
    text = 'a,"b"\r\nc;d'
    [row] = read_csv([Row("A1", note=text)])
    assert row["note"] == text


# -- what is read --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_published_samples_are_exported_in_order_with_what_is_public() -> None:
    place = Holder.objects.create(
        key="place:a3", root="place", name_en="Main store", country="CN", detail="shelf 7"
    )
    a_sample("B2", start_ng=5, mass_ng=3, holder=place, availability="requestable")
    first = a_sample("A1", pristine_percent=Decimal("88.36"), note_en="dark")
    SampleName.objects.create(sample=first, name="L-1", kind="former")
    a_sample("C3", published=False)
    rows = list(exports.rows())
    assert [row.number for row in rows] == ["A1", "B2"]
    assert (rows[0].names, rows[0].pristine_percent, rows[0].note) == (("L-1",), "88.36", "dark")
    assert (rows[0].start_ng, rows[0].mass_ng) == (None, None)
    assert (rows[1].start_ng, rows[1].mass_ng) == (5, 3)
    assert (rows[1].held, rows[1].holder, rows[1].country) == ("place", "Main store", "CN")
    assert "shelf 7" not in "".join(export.csv_parts(rows))
    assert [row.number for row in exports.rows(Sample.objects.filter(mass_ng=3))] == ["B2"]


@pytest.mark.django_db
def test_the_queries_are_two_a_batch(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Sample.objects.bulk_create(Sample(number=f"S-{i:05d}") for i in range(exports.BATCH + 1))
    with django_assert_num_queries(5):
        rows = list(exports.rows())
    assert len({row.number for row in rows}) == exports.BATCH + 1


# -- on the command line -------------------------------------------------------------------------------------


def run(monkeypatch: pytest.MonkeyPatch, home: Path, *words: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["aliquot", "export", *map(str, words), "--home", str(home)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.mark.django_db(transaction=True)
def test_the_command_writes_a_file_of_each_kind(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_sample("A1", start_ng=5, mass_ng=5)
    for name in ("t.csv", "t.json", "t.parquet", "t.txt"):
        assert run(monkeypatch, home, tmp_path / name) == 0
    assert (tmp_path / "t.csv").read_bytes() == (tmp_path / "t.txt").read_bytes()
    assert json.loads((tmp_path / "t.json").read_bytes())[0]["number"] == "A1"
    assert pl.read_parquet(tmp_path / "t.parquet")["mass_ng"].to_list() == [5]
    assert run(monkeypatch, home, tmp_path / "t.csv", "--format", "json") == 0
    assert json.loads((tmp_path / "t.csv").read_bytes())[0]["number"] == "A1"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.csv", "t.json", "t.parquet", "t.txt"]


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_written_is_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in (tmp_path, tmp_path / "no" / "t.csv", tmp_path / ("x" * 300)):
        assert run(monkeypatch, home, file) == 2
    assert capsys.readouterr().err.count("cannot be written") == 3
    assert list(tmp_path.iterdir()) == []
