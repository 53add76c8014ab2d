"""Parcels: sealed and weighed at both ends, late by the day, and what a logger recorded on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import parcels
from aliquot.fault import Fault
from aliquot.parcels import Log, Opened, Packed

G = 10**9
PACKED = Packed("By hand", ("A-1", "A-2"), 5 * G, G // 1000, date(2026, 12, 12))
OPENED = Opened("Bo", ("A-2", "A-1"), 5 * G, G // 1000, {"P-1": "sound"})


def said(found: object) -> list[str]:
    return [one.where for one in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changed", "faulty"),
    [
        ({}, []), ({"carrier": ""}, ["carrier"]), ({"seals": ()}, ["seals"]), ({"seals": ("A", "A")}, ["seals"]),
        ({"seals": ("A", " ")}, ["seals"]), ({"gross_ng": G}, ["gross"]), ({"note": "\0"}, ["note"]),
        ({"collector": "Bo"}, ["identity"]), ({"collector": "Bo", "identity": "passport"}, []),
    ],
)  # fmt: skip
def test_a_parcel_leaves_sealed_and_heavier_than_what_is_in_it(
    changed: dict[str, object], faulty: list[str]
) -> None:
    assert said(parcels.check_packed(replace(PACKED, **changed), G)) == faulty  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "faulty"),
    [
        ({}, []), ({"name": ""}, ["name"]), ({"found": {}}, ["found"]), ({"found": {"P-1": "sound", "P-9": "sound"}}, ["found"]),
        ({"found": {"P-1": "eaten"}}, ["found", "found"]), ({"seals": ("A-1",)}, ["seals"]),
        ({"gross_ng": 5 * G - 5 * G // 1000}, ["gross"]), ({"gross_ng": 5 * G - 4 * G // 1000}, []), ({"gross_ng": None}, []),
        ({"found": {"P-1": "missing"}}, ["found"]), ({"found": {"P-1": "missing"}, "note": "Empty vial."}, []),
        ({"seals": (), "gross_ng": G, "note": "Opened by customs."}, []),
    ],
)  # fmt: skip
def test_what_arrives_otherwise_than_it_left_wants_a_note(
    changed: dict[str, object], faulty: list[str]
) -> None:
    assert said(parcels.check_opened(replace(OPENED, **changed), packed=PACKED, samples=["P-1"])) == faulty  # type: ignore[arg-type]


def test_late_is_the_day_after_it_was_expected() -> None:
    told = {"state": "on the way", "expected_on": date(2026, 12, 12)}
    assert not parcels.is_late(**told, today=date(2026, 12, 12))  # type: ignore[arg-type]
    assert parcels.is_late(**told, today=date(2026, 12, 13))  # type: ignore[arg-type]
    assert not parcels.is_late(state="arrived", expected_on=date(2026, 12, 12), today=date(2027, 1, 1))


def test_a_transport_log_says_the_ends_of_time_and_temperature_and_the_hardest_shock() -> None:
    log = "Time,temperature_c,shock_g\n2026-12-10T09:00Z,18.5,\n2026-12-10T09:10+08:00,-2.25,0.4\n2026-12-11T00:00Z,21,3.75\n"
    found = parcels.read_log(log)
    assert isinstance(found, Log)
    assert (found.rows, found.coldest_c, found.warmest_c, found.shock_g) == (
        3,
        Decimal("-2.25"),
        Decimal(21),
        Decimal("3.75"),
    )
    assert (found.first.isoformat(), found.last.isoformat()) == (
        "2026-12-10T09:10:00+08:00",
        "2026-12-11T00:00:00+00:00",
    )


@pytest.mark.parametrize(
    "log",
    ["", "time\n2026-12-10T09:00Z", "temperature_c\n1", "time,shock_g", "time,shock_g\n\n", "time,shock_g\nnoon,1",
     "time,shock_g\n2026-12-10T09:00,1", "time,shock_g\n2026-12-10T09:00Z,hard", "time,shock_g\n2026-12-10T09:00Z,NaN",
     "time,shock_g\n2026-12-10T09:00Z,1e999999"],
)  # fmt: skip
def test_what_is_no_transport_log_is_told(log: str) -> None:
    found = parcels.read_log(log)
    assert isinstance(found, tuple)
    assert found


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_a_log(text: str) -> None:
    found = parcels.read_log(f"time,shock_g\n{text}")
    assert isinstance(found, Log) or all(isinstance(one, Fault) for one in found)
