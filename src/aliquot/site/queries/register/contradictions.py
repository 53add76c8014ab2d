"""Where do the sources disagree? All of it, by what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _

from aliquot import register
from aliquot.register import Contradiction, Record
from aliquot.site.queries.register import disputes, in_force, shown, words
from aliquot.site.queries.register.disputes import Dispute
from aliquot.site.queries.register.shown import Cited

SHOWN_MOST: Final = 200  # of one chapter; the page of each fact shows its own


@dataclass(frozen=True, slots=True)
class Chapter:
    """Contradictions about one sort of subject."""

    key: str
    heading: str
    disputes: tuple[Dispute, ...]


@dataclass(frozen=True, slots=True)
class Contradictions:
    """The page of all contradictions."""

    chapters: tuple[Chapter, ...]
    count: int
    sources: tuple[Cited, ...]


def listed() -> Contradictions:
    """Return every contradiction of the record."""
    record = in_force.record()
    every = register.contradictions(record)
    headings = {
        "sums": _("Sums that do not meet"),
        "missions": _("Missions and what they brought back"),
        "transfers": _("Transfers"),
        "rounds": _("Rounds of lending"),
        "others": _("Rules, counts and losses"),
    }
    chapters = [
        Chapter(
            key,
            heading,
            tuple(
                disputes.show(record, one)
                for one in islice((one for one in every if _chapter(record, one) == key), SHOWN_MOST)
            ),
        )
        for key, heading in headings.items()
    ]
    return Contradictions(
        chapters=tuple(one for one in chapters if one.disputes),
        count=len(every),
        sources=shown.listed(record, *(side.sources for one in every[:SHOWN_MOST] for side in one.sides)),
    )


def _chapter(record: Record, one: Contradiction) -> str:
    if not one.says:
        return "sums"
    if one.about in record.missions or one.about in words.PROGRAMMES or one.says == "returned_mass":
        return "missions"
    if one.about in record.transfers:
        return "transfers"
    return "rounds" if one.about in record.rounds else "others"
