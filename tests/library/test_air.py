"""Readings of the air: each stands at a time that can be placed, in a unit that is known, as it was written."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import air
from aliquot.air import Reading
from aliquot.formats import readings

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
HEADER = "place,at,quantity,value,unit,instrument\n"


def told(**other: str) -> dict[str, str]:
    return {"at": "2026-11-24T09:30+08:00", "quantity": "oxygen", "value": "0.80", "unit": "ppm"} | other


def wrong(table: str) -> list[str]:
    found = readings.read((HEADER + table).encode(), now=NOW).wrong
    return [f"{one.line} {one.column}: {one.fault.said}" for one in found]


def test_a_reading_is_placed_in_utc_and_keeps_its_digits() -> None:
    found = air.read(told(), now=NOW)
    assert found == Reading(datetime(2026, 11, 24, 1, 30, tzinfo=UTC), "oxygen", Decimal("0.80"), "ppm")
    assert isinstance(found, Reading)
    assert str(found.value) == "0.80"


@given(st.decimals(0, 10**9, places=6), st.sampled_from(list(air.QUANTITIES["pressure"].units)))
def test_units_of_a_quantity_are_compared_exactly(value: Decimal, unit: str) -> None:
    found = air.read(told(quantity="pressure", value=f"{value:f}", unit=unit), now=NOW)
    assert isinstance(found, Reading)
    assert found.compared == value * {"Pa": 1, "hPa": 100, "mbar": 100, "kPa": 1000}[unit]


@pytest.mark.parametrize(
    ("other", "where"),
    [({"at": "2026-11-24 09:30"}, "at"), ({"at": "24.11.2026"}, "at"), ({"at": "2026-02-30T09:30Z"}, "at"),
     ({"at": "2026-11-27T09:30Z"}, "at"), ({"at": "0001-01-01T00:00+14:00"}, "at"), ({"quantity": "mood"}, "quantity"),
     ({"unit": "Pa"}, "unit"), ({"value": "1,5"}, "value"), ({"value": "-1"}, "value"), ({"value": "٣"}, "value"),
     ({"value": "1e3"}, "value"), ({"value": "0.1234567"}, "value"), ({"value": ""}, "value")],
)  # fmt: skip
def test_what_is_no_reading_is_refused_where_it_is_wrong(other: dict[str, str], where: str) -> None:
    found = air.read(told(**other), now=NOW)
    assert isinstance(found, tuple)
    assert [one.where for one in found] == [where]


def test_cold_is_below_zero() -> None:
    assert isinstance(air.read(told(quantity="temperature", value="-20", unit="°C"), now=NOW), Reading)


def test_a_table_is_read_row_by_row() -> None:
    table = readings.read(
        (HEADER + "C-1,2026-11-24T09:30Z,oxygen,0.8,ppm,O2-7\nC-1,2026-11-24 09:30Z,water,5,ppm,\n").encode(), now=NOW
    )  # fmt: skip
    assert not table.wrong
    assert [(row.line, row.place, row.reading.quantity, row.instrument) for row in table.rows] == [
        (2, "C-1", "oxygen", "O2-7"),
        (3, "C-1", "water", ""),
    ]


def test_everything_that_is_wrong_with_a_table_is_said_with_row_and_column() -> None:
    rows = [
        "C-1,yesterday,oxygen,much,ppm,",
        ",2026-11-24T09:30Z,oxygen,1,ppm,",
        "C-1,2026-11-24T09:30Z,oxygen,1,ppm,",
        "C-1,2026-11-24T17:30+08:00,oxygen,1,ppm,",
        "C-1,2026-11-24T09:30Z,oxygen",
        f"{'C' * 90},2026-11-24T09:30Z,mood,1,ppm,",
    ]
    assert wrong("\n".join(rows) + "\n") == [
        "2 at: “yesterday” is not a time that can be placed",
        "2 value: “much” is not a reading",
        "3 place: the cell is blank",
        "5 at: line 4 has a reading of this quantity of this place at this time already",
        "6 : the row has 3 cells where the header has 6",
        f"7 place: “{'C' * 59}…” is longer than 80 characters",
        "7 quantity: “mood” is not a quantity that is watched",
    ]


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"a,b\n1,2\n", HEADER.encode(), b"\0"])
def test_a_file_that_is_no_such_table_is_refused(data: bytes) -> None:
    table = readings.read(data, now=NOW)
    assert table.wrong
    assert not table.rows
