"""Where do the sources disagree? By what it is about: of each chapter the first, and each chapter page by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from aliquot import register
from aliquot.register import Contradiction, Record, Statement, Transfer
from aliquot.site.models import RegisterClash
from aliquot.site.queries import paging
from aliquot.site.queries.paging import Page
from aliquot.site.queries.register import around, disputes, facts, in_force, shown, words
from aliquot.site.queries.register.around import Wanted
from aliquot.site.queries.register.disputes import Dispute
from aliquot.site.queries.register.shown import Cited

OF_A_SUBJECT_MOST: Final = 300  # of what is said of one, where any of it may be meant
SHOWN_MOST: Final = 60  # of one chapter, on a page


@dataclass(frozen=True, slots=True)
class Chapter:
    """Contradictions about one sort of subject: so many of `count`; `href` leads to all of them, page by page."""

    key: str
    heading: str
    disputes: tuple[Dispute, ...]
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Contradictions:
    """The page of all contradictions, or one of the pages of a chapter."""

    chapters: tuple[Chapter, ...]
    count: int
    at: Page | None
    previous_href: str
    next_href: str
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


def headings() -> dict[str, str]:
    """Return the chapters, with their headings."""
    return {
        "sums": _("Sums that do not meet"),
        "missions": _("Missions and what they brought back"),
        "transfers": _("Transfers"),
        "rounds": _("Rounds of lending"),
        "tied": _("Said by somebody to contradict each other"),
        "others": _("Rules, counts and losses"),
    }


def listed(chapter: str = "", number: int = 1) -> Contradictions:
    """Return the contradictions of the record: of each chapter the first, or one page of a chapter."""
    chosen = {key: said for key, said in headings().items() if not chapter or key == chapter}
    pages = {key: _keys(key, number) for key in chosen}
    record = beside(asked for _page, found in pages.values() for asked in found.values())
    every = {one.key: one for one in register.contradictions(record)}
    chapters, shown_facts = [], []
    for key, heading in chosen.items():
        page, found = pages[key]
        some = [every[one] for one in found if one in every]
        shown_facts += some
        told = tuple(disputes.show(record, one) for one in some)
        chapters.append(Chapter(key, heading, told, page.total, _address(key)))
    at = pages[chapter][0] if chapter else None
    return Contradictions(
        chapters=tuple(one for one in chapters if one.disputes),
        count=at.total if at else sum(page.total for page, _found in pages.values()),
        at=at,
        previous_href=_address(chapter, at.previous) if at and at.previous else "",
        next_href=_address(chapter, at.next) if at and at.next else "",
        key="contradictions",
        title=_("Contradictions"),
        facts=facts.of(record, (key for one in shown_facts for side in one.sides for key in side.facts)),
        sources=shown.listed(record, *(side.sources for one in shown_facts for side in one.sides)),
    )


def _address(chapter: str, number: int = 1) -> str:
    day = in_force.view().day
    known = {"as_known_on": day.isoformat()} if day else {}
    page = {"page": str(number)} if number > 1 else {}
    return f"{reverse('contradictions')}?{urlencode({'chapter': chapter, **page, **known})}"


def _keys(chapter: str, number: int) -> tuple[Page, dict[str, tuple[str, str]]]:
    """Return which page of a chapter is meant, and its contradictions by key, as what is said of whom; the shipped ones first."""
    record = in_force.shipped_on(in_force.view().day)
    alone = {one.key: one for one in register.contradictions(record)}
    shipped = [
        (one.key, (one.about, one.says)) for one in alone.values() if chapter_of(record, one) == chapter
    ]
    claimed = RegisterClash.objects.none()
    if in_force.has_claims():
        claimed = clashes().filter(chapter=chapter).exclude(key__in=alone).order_by("key")
    page = paging.at(len(shipped) + claimed.count(), number, around.most(SHOWN_MOST))
    found = dict(shipped[page.first : page.first + page.size])
    begin = max(0, page.first - len(shipped))
    end = begin + page.size - len(found)
    rows = claimed.values_list("key", "about", "says")[begin:end]
    return page, found | {key: (about, says) for key, about, says in rows}


def beside(asked: Iterable[tuple[str, str]]) -> Record:
    """Return the part of the record that answers what is asked of subjects; where no predicate is named, what is said of them."""
    every = {*asked}
    subjects, silent = {about for about, _says in every}, {about for about, says in every if not says}
    # Statements alone have a subject; to ask for the kind too would lead the database to all that is said so.
    where = Q(about__in=sorted(subjects), says__in=sorted({says for _about, says in every if says}))
    told = [Wanted(where, ("grade", "number"), around.FILES_MOST)]
    said = [one.key for about in subjects for one in register.load().about(about)]
    most = OF_A_SUBJECT_MOST * len(silent)
    return around.record(*told, about=sorted(silent), keys=sorted({*subjects, *said}), about_most=most)


def chapter_of(record: Record, one: Contradiction) -> str:
    """Return under which heading a contradiction stands."""
    if not one.says:
        return "sums" if any(one.key == clash.key for clash in record.clashes) else "tied"
    if one.about in record.missions or one.about in words.PROGRAMMES or one.says == "returned_mass":
        return "missions"
    if one.about in record.transfers:
        return "transfers"
    return "rounds" if one.about in record.rounds else "others"
