"""What did the demonstration facility do? The Chang'e collections as acts, each resting on the public record.

Reads the shipped `demonstration.toml` into frozen values; knows no database. The masses are exact texts of the
sources; what no source tells is listed as absent, with the reason.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from aliquot import fault, mass
from aliquot.fault import Fault


@dataclass(frozen=True, slots=True)
class Named:
    """A holder's names; empty where a language or a country has none."""

    key: str
    name_en: str
    name_zh: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A holder of the store as a place: how big, under which code, in which atmosphere, as which sources say."""

    holder: str
    kind: str
    code: str
    atmosphere: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewSample:
    """A sample that an act brings into the catalogue."""

    number: str
    mass_ng: int
    mission: str
    material: str
    form: str
    use: str
    aggregate: bool
    names: tuple[tuple[str, str, str], ...]
    sources: str
    note_en: str
    note_zh: str


@dataclass(frozen=True, slots=True)
class Done:
    """One act: receive, split, give, lend (ship and deliver to a borrower), deposit (to another store)."""

    kind: str
    at: str
    basis: tuple[str, ...]
    source: str
    target: str
    parent: str
    samples: tuple[str, ...]
    new: tuple[NewSample, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """What the book does not hold, and why; `records` are the facts of the public record that it concerns."""

    what_en: str
    what_zh: str
    why_en: str
    why_zh: str
    sources: tuple[str, ...]
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Demonstration:
    """All of it, in order."""

    holders: tuple[Named, ...]
    places: tuple[Standing, ...]
    acts: tuple[Done, ...]
    absent: tuple[Absent, ...]


@dataclass(frozen=True, slots=True)
class Literature:
    """Analyses of samples of other collections, as they were published, and what the age from them is called."""

    citation: str
    year: str
    title: str
    analyses: tuple[dict[str, object], ...]


@cache
def literature() -> Literature:
    """Return the shipped analyses from the literature, each as `analyses.read` takes it but for its publication."""
    table = tomllib.loads(files("aliquot").joinpath("demonstration_results.toml").read_text("utf-8"))
    told = tuple(_measured(row, table["method"]) for row in table["analysis"])
    return Literature(table["citation"], table["year"], table["title"], told)


def _measured(row: dict[str, object], method: str) -> dict[str, object]:
    units = {"Rb": "ppm", "Sr": "ppm", "Sr87Sr86": ""}
    values = [
        {"analyte": name, "value": said[0], "unit": unit, "uncertainty": said[1], "level": "1s"}
        for name, unit in units.items()
        if isinstance(said := row[name], list)
    ]
    named = {name: row[name] for name in ("sample", "label", "material")}
    return {"origin": "literature", "method": method, **named, "values": values}


@cache
def load() -> Demonstration:
    """Return the shipped demonstration."""
    table = tomllib.loads(files("aliquot").joinpath("demonstration.toml").read_text("utf-8"))
    return Demonstration(
        holders=tuple(Named(**row) for row in table["holder"]),
        places=tuple(Standing(**{**row, "sources": _words(row["sources"])}) for row in table["place"]),
        acts=tuple(_act(row) for row in table["act"]),
        absent=tuple(
            Absent(
                row["what_en"],
                row["what_zh"],
                row["why_en"],
                row["why_zh"],
                tuple(row["sources"].split()),
                tuple(row.get("records", ())),
            )
            for row in table["absent"]
        ),
    )


def _act(row: dict[str, object]) -> Done:
    one = row.get("sample")
    new = one if isinstance(one, list) else []
    named = row.get("samples", [one] if isinstance(one, str) else [])
    return Done(
        kind=str(row["kind"]),
        at=str(row["at"]),
        basis=_words(row["basis"]),
        source=str(row.get("from") or row.get("origin") or ""),
        target=str(row.get("to") or row.get("place") or ""),
        parent=str(row.get("parent", "")),
        samples=_words(named),
        new=tuple(_new(sample) for sample in new),
    )


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else fault.bug(f"{value} is no list")


def _new(row: dict[str, object]) -> NewSample:
    mass_ng = mass.read(str(row["mass"]))
    if isinstance(mass_ng, Fault):
        fault.bug(str(mass_ng))
    names = row.get("names", [])
    return NewSample(
        number=str(row["number"]),
        mass_ng=mass_ng,
        mission=str(row["mission"]),
        material=str(row.get("material", "")),
        form=str(row.get("form", "")),
        use=str(row.get("use", "")),
        aggregate=bool(row.get("aggregate", False)),
        names=tuple((str(n), str(k), str(s)) for n, k, s in names) if isinstance(names, list) else (),
        sources=str(row["sources"]),
        note_en=str(row["note_en"]),
        note_zh=str(row["note_zh"]),
    )
