"""A small collection as it would grow at the bench: received, cut, lent, given, sealed. Makers with defaults."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from aliquot import fault, mass
from aliquot.ledger import Use
from aliquot.site.models import Holder, Sample, SampleName
from aliquot.site.operations import ledger as ledger_operations
from aliquot.site.operations import samples as acts
from aliquot.site.operations.samples import By

VAULT = "place:vault"
SHELF = "place:shelf"
ORIGIN = "origin:test-mission"
_minutes = itertools.count()


def ng(text: str) -> int:
    read = mass.read(text)
    return read if isinstance(read, int) else fault.bug(str(read))


def by(*basis: str) -> By:
    """Ada acts, each time a minute later."""
    minute = next(_minutes)
    return By(
        "person:17", f"2026-03-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00Z", basis
    )


def holders() -> None:
    """Two rooms of one laboratory, a museum, a new owner: each with a name that the public may read."""
    for key, en, zh, country, detail in (
        (VAULT, "Test laboratory", "测试实验室", "CN", "vault 2, drawer 4"),
        (SHELF, "Test laboratory", "测试实验室", "CN", "shelf 9"),
        ("loan:museum", "Test museum", "测试博物馆", "FR", ""),
        ("given:owner", "New owner", "", "RU", ""),
    ):
        root = key.partition(":")[0]
        Holder.objects.create(key=key, root=root, name_en=en, name_zh=zh, country=country, detail=detail)


def a_sample(
    number: str = "T-1", weighs: str = "5 g", *, use: str = "research", sealed: bool = False, **fields: object
) -> Sample:
    """Return a sample that arrived from the mission and lies in the vault."""
    row = Sample(
        number=number, **({"mission": "change-5", "material": "test basalt", "form": "rock"} | fields)
    )
    acts.receive(
        row, origin=ORIGIN, place=VAULT, mass_ng=ng(weighs), uses=[Use(number, use, sealed)], by=by()
    )
    return Sample.objects.get(number=number)


def cut(parent: str, *numbers: str, weigh: str = "1 mg", lost: str = "1 µg") -> None:
    """Cut daughters of one mass each."""
    rows = [(Sample(number=number, mission="change-5", form="fragment"), ng(weigh)) for number in numbers]
    acts.split(parent, rows, place=VAULT, attrition_ng=ng(lost), by=by())


def lend(number: str, weighs: str) -> None:
    """Send it to the museum, where it arrives."""
    acts.ship(number, source=VAULT, transit="transit:van", mass_ng=ng(weighs), by=by())
    acts.deliver(number, transit="transit:van", target="loan:museum", mass_ng=ng(weighs), by=by())


def give(number: str, weighs: str) -> None:
    acts.give(number, source=VAULT, given="given:owner", mass_ng=ng(weighs), by=by())


def call(number: str, name: str, kind: str = "unofficial") -> None:
    SampleName.objects.create(sample=Sample.objects.get(number=number), name=name, kind=kind)


def sign() -> None:
    ledger_operations.sign_checkpoint(at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC))


def a_collection() -> None:
    """A rock with daughters, a sealed core, a piece on loan, one given away; the last entry not yet signed."""
    holders()
    a_sample("15555,1", "9 g", note_zh="玄武岩样品", note_en="A vesicular piece.", sources="C12")
    a_sample("CE5C0400YJFM001", "700 mg", form="powder", condition="pristine")
    a_sample("lot:test:round-1", "17 g", aggregate=True, form="powder", material="soil")
    a_sample("core/7:é月,2", "3 g", use="permanent", sealed=True, form="core", mission="change-6")
    cut("15555,1", "15555,2", "15555,10", weigh="1 g", lost="2 mg")
    call("15555,1", "Test Rock")
    lend("15555,2", "1 g")
    give("15555,10", "1 g")
    sign()
    acts.move("CE5C0400YJFM001", source=VAULT, target=SHELF, mass_ng=ng("700 mg"), by=by())
