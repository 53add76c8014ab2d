"""Small worlds of results: an analysis of a split in the vault, a few from the literature, an age from them."""

from __future__ import annotations

from datetime import UTC, datetime

from aliquot.results import Wish
from aliquot.site.models import Analysis, DerivedAge, Person
from aliquot.site.operations import ages, results
from aliquot.site.queries.results import Sees

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ALL = Sees(NOW.date(), all=True)
PUBLIC = Sees(NOW.date())
# Rows 1, 2, 8 and 15 of Compston et al. 1971, ratios as IsoplotR ships them.
ROWS = (
    ("12009", "basalt", "0.0312", "0.0008", "0.7013"),
    ("12010", "breccia", "0.0536", "0.0006", "0.7024"),
    ("12038", "basalt", "0.0074", "0.0004", "0.6997"),
    ("12033", "soil", "0.1705", "0.0008", "0.7101"),
)
AN_AGE = {"analyte": "age", "value": "2030", "unit": "Ma", "uncertainty": "4", "level": "2s"}
RUBIDIUM = {"analyte": "Rb", "value": "1.03", "unit": "ppm", "uncertainty": "0.05", "level": "2s"}


def told(**changed: object) -> dict[str, object]:
    """Return what is told of an analysis of T-1 where it lies."""
    usual = {
        "sample": "T-1", "method": "TIMS", "laboratory": "Test laboratory", "holder": "place:vault",
        "measured_on": "2026-11-20", "values": [RUBIDIUM],
    }  # fmt: skip
    return usual | changed


def a_paper(by: Person, **changed: str) -> str:
    """Return the key of a publication that is out."""
    said = {"citation": "Compston et al. 1971", "year": "1971"} | changed
    return results.cite(said, by=by, at=NOW).key


def from_the_literature(by: Person, paper: str | None = None, *, label: str = "") -> list[Analysis]:
    key = a_paper(by) if paper is None else paper
    return [
        results.record(
            {
                "origin": "literature", "sample": number, "label": label, "material": material, "method": "TIMS", "publication": key,
                "values": [
                    {"analyte": "Rb87Sr86", "value": x, "uncertainty": sx, "level": "1s"},
                    {"analyte": "Sr87Sr86", "value": y, "uncertainty": "0.0001", "level": "1s"},
                ],
            },
            by=by, at=NOW,
        )
        for number, material, x, sx, y in ROWS
    ]  # fmt: skip


def an_age(by: Person, rows: list[Analysis] | None = None, **changed: object) -> DerivedAge:
    found = from_the_literature(by) if rows is None else rows
    wish = Wish("isochron", "Rb-Sr", "whole-rock", {})
    return ages.derive(wish, [one.key for one in found], sees=ALL, by=by, at=NOW, **changed)
