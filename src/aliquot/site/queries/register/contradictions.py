"""Where do the sources disagree? By what it is about; where there are many, the first of each chapter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aliquot import register
from aliquot.register import Contradiction, Record, Statement, Transfer
from aliquot.site.models import RegisterClash
from aliquot.site.queries.register import around, disputes, facts, in_force, shown, words
from aliquot.site.queries.register.disputes import Dispute
from aliquot.site.queries.register.shown import Cited

OF_A_SUBJECT_MOST: Final = 30
SHOWN_MOST: Final = 60  # of one chapter; the page of each fact shows its own


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
    shown: int
    key: str
    title: str
    facts: tuple[Statement | Transfer, ...]
    sources: tuple[Cited, ...]


def clashes() -> QuerySet[RegisterClash]:
    """Return the contradictions in which claims take part, as known on the day that the request asks for."""
    day = in_force.view().day
    return RegisterClash.objects.filter(since__lte=day) if day else RegisterClash.objects.all()


def count() -> int:
    """Return how many contradictions the record has."""
    shipped = {one.key for one in register.contradictions(in_force.shipped_on(in_force.view().day))}
    if not in_force.has_claims():
        return len(shipped)
    return len(shipped) + clashes().exclude(key__in=shipped).count()


def listed() -> Contradictions:
    """Return the contradictions of the record, of each chapter the first."""
    headings = {
        "sums": _("Sums that do not meet"),
        "missions": _("Missions and what they brought back"),
        "transfers": _("Transfers"),
        "rounds": _("Rounds of lending"),
        "tied": _("Said by somebody to contradict each other"),
        "others": _("Rules, counts and losses"),
    }
    record = _record(headings)
    every = register.contradictions(record)
    chapters, shown_facts = [], []
    for key, heading in headings.items():
        some = [one for one in every if chapter_of(record, one) == key][: around.most(SHOWN_MOST)]
        shown_facts += some
        chapters.append(Chapter(key, heading, tuple(disputes.show(record, one) for one in some)))
    return Contradictions(
        chapters=tuple(one for one in chapters if one.disputes),
        count=count(),
        shown=len(shown_facts),
        key="contradictions",
        title=_("Contradictions"),
        facts=facts.of(record, (key for one in shown_facts for side in one.sides for key in side.facts)),
        sources=shown.listed(record, *(side.sources for one in shown_facts for side in one.sides)),
    )


def _record(chapters: Iterable[str]) -> Record:
    """Return the part of the record in which the first contradictions of each chapter are."""
    subjects = {one.about for one in register.contradictions(in_force.shipped_on(in_force.view().day))}
    if not in_force.has_claims():
        return around.record()
    for chapter in chapters:
        some = clashes().filter(chapter=chapter).order_by("key")
        subjects |= set(some.values_list("about", flat=True)[: around.most(SHOWN_MOST)])
    return around.record(
        about=sorted(subjects), keys=sorted(subjects), about_most=OF_A_SUBJECT_MOST * len(subjects)
    )


def chapter_of(record: Record, one: Contradiction) -> str:
    """Return under which heading a contradiction stands."""
    if not one.says:
        return "sums" if any(one.key == clash.key for clash in record.clashes) else "tied"
    if one.about in record.missions or one.about in words.PROGRAMMES or one.says == "returned_mass":
        return "missions"
    if one.about in record.transfers:
        return "transfers"
    return "rounds" if one.about in record.rounds else "others"
