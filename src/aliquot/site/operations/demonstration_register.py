"""Claims on the register in the demonstration: one verified by a second person, one at which nobody has looked yet.

Read from `demonstration_register.toml` and proposed and judged with the operations that people use; the facts and their
sources are real.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from importlib.resources import files

from aliquot.site.models import Person
from aliquot.site.operations import register
from aliquot.site.operations.register import Proposal


def build(*, at: datetime) -> None:
    """Propose the claims, and have them looked at; the demonstration's roles must be there."""
    told = tomllib.loads(files("aliquot").joinpath("demonstration_register.toml").read_text("utf-8"))
    for one in told["claim"]:
        row = register.propose(Proposal(fact=one["fact"], why=one["why"]), by=_person(one["by"]), at=at)
        for word, act, why in one["seen"]:
            register.act(row, act, why=why, by=_person(word), at=at)


def _person(word: str) -> Person:
    return Person.objects.get(email=f"{word}@demo.invalid")
