"""How is a result cited, and when may the public see it? Publications, DataCite's fields, the text under a sample.

DataCite Metadata Schema 4.5 for the fields; a citation is "creators (year): title. publisher. type. identifier", as DataCite
recommends. Invents no DOI: where none was registered, the address of the page identifies it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from aliquot import fault, texts
from aliquot.fault import Fault

_DOI: Final = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/[^\s\"<>]{1,200})", re.ASCII | re.IGNORECASE
)
EMBARGO_DAYS_MOST: Final = 5 * 366
SCHEMA: Final = "http://datacite.org/schema/kernel-4"


@dataclass(frozen=True, slots=True)
class Publication:
    """What is published where: DOI where there is one, accepted when, kept back until when."""

    citation: str
    doi: str
    year: int | None
    accepted_on: date | None
    embargo_until: date | None

    def is_public(self, on: date) -> bool:
        """Whether everybody may see what rests on it: it was accepted (or is out), and no embargo runs any more."""
        out = (
            (self.accepted_on is not None and self.accepted_on <= on)
            or bool(self.doi)
            or self.year is not None
        )
        return out and (self.embargo_until is None or self.embargo_until <= on)


def read(told: Mapping[str, object], *, on: date) -> tuple[Publication, tuple[Fault, ...]]:
    """Read what was told of a publication: `citation`, `doi`, `year`, `accepted_on`, `embargo_until`; with every fault."""
    faults: list[Fault] = []
    said = {
        name: _said(told.get(name)) for name in ("citation", "doi", "year", "accepted_on", "embargo_until")
    }
    faults += texts.check("citation", said["citation"], most=500, needed=True)
    doi = ""
    if said["doi"]:
        found = _DOI.fullmatch(said["doi"])
        doi = found[1] if found else ""
        if not found:
            faults.append(fault.of("doi", "“{said}” is not a DOI", "write it as 10.1038/s41586-021-04100-2",
                                   said=said["doi"][:80]))  # fmt: skip
    year = (
        int(said["year"])
        if said["year"].isascii() and said["year"].isdigit() and len(said["year"]) == 4
        else None
    )
    if said["year"] and (year is None or not 1600 <= year <= on.year + 1):
        faults.append(fault.of("year", "this is not the year of a publication", "write four digits"))
    accepted, embargo = _day("accepted_on", said, faults), _day("embargo_until", said, faults)
    if accepted and accepted > on:
        faults.append(
            fault.of("accepted_on", "this day has not come yet", "give the day on which it was accepted")
        )
    if embargo and embargo > on + timedelta(days=EMBARGO_DAYS_MOST):
        faults.append(fault.of("embargo_until", "an embargo lasts at most five years", "give an earlier day"))
    return Publication(said["citation"], doi, year, accepted, embargo), tuple(faults)


def _said(value: object) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)


def _day(name: str, said: Mapping[str, str], faults: list[Fault]) -> date | None:
    if not said[name]:
        return None
    try:
        return date.fromisoformat(said[name])
    except ValueError:
        faults.append(fault.of(name, "“{said}” is not a day", "write it as 2026-03-14", said=said[name][:40]))
        return None


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation of a result needs."""

    title: str
    creators: tuple[str, ...]
    publisher: str
    on: date
    address: str
    version: str
    related: tuple[Publication, ...] = ()
    sample: str = ""


def as_text(one: Cited) -> str:
    """Return the citation as a sentence."""
    who = "; ".join(one.creators) or one.publisher
    return f"{who} ({one.on.year}): {one.title}. {one.publisher}. Dataset. {one.address}"


def as_datacite(one: Cited) -> dict[str, object]:
    """Return the citation as DataCite's JSON; the identifier is the address, since no DOI was registered."""
    related: list[object] = [
        {"relatedIdentifier": each.doi, "relatedIdentifierType": "DOI", "relationType": "IsDerivedFrom"}
        for each in one.related
        if each.doi
    ]
    return {
        "schemaVersion": SCHEMA,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Age determination"},
        "identifiers": [{"identifier": one.address, "identifierType": "URL"}],
        "creators": [{"name": name} for name in one.creators]
        or [{"name": one.publisher, "nameType": "Organizational"}],
        "titles": [{"title": one.title}],
        "publisher": {"name": one.publisher},
        "publicationYear": one.on.year,
        "dates": [{"date": one.on.isoformat(), "dateType": "Created"}],
        "version": one.version,
        "subjects": [{"subject": one.sample}] if one.sample else [],
        "relatedIdentifiers": related,
    }


def of_sample(number: str, names: Sequence[str], facility: str, address: str) -> str:
    """Return how a paper should name a sample that it used."""
    called = f" ({', '.join(names)})" if names else ""
    return f"Sample {number}{called}, {facility}. {address}"


def due(publications: Sequence[Publication], on: date) -> Iterator[Publication]:
    """Yield the publications whose embargo ends after a day, earliest first."""
    running = [one for one in publications if one.embargo_until and one.embargo_until > on]
    yield from sorted(running, key=lambda one: one.embargo_until or on)
