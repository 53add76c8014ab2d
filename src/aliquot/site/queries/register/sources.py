"""What does the list of sources show, and what rests on each of them?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from aliquot import register
from aliquot.register import Grade, Record, Round, Source, Statement, Transfer
from aliquot.register_claims import Kind
from aliquot.register_index import Role
from aliquot.site.queries import paging
from aliquot.site.queries.paging import Page
from aliquot.site.queries.register import around, disputes, in_force, shown, tallies, words
from aliquot.site.queries.register.disputes import Dispute
from aliquot.site.queries.register.shown import Name, Said, TransferRow


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with the number of facts that rest on it."""

    key: str
    title: str
    language: str
    publisher: str
    published: str
    facts: int


@dataclass(frozen=True, slots=True)
class Graded:
    """The sources of one grade."""

    grade: str
    meaning: str
    rows: tuple[SourceRow, ...]


@dataclass(frozen=True, slots=True)
class Resting:
    """What a source says of one subject."""

    subject: Name
    statements: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class OneSource:
    """The page of one source."""

    key: str
    title: str
    language: str
    language_name: str
    publisher: str
    published: str
    grade: str
    meaning: str
    addresses: tuple[str, ...]
    note: str
    transfers: tuple[TransferRow, ...]
    rounds: tuple[Name, ...]
    resting: tuple[Resting, ...]
    disputes: tuple[Dispute, ...]
    count: int
    facts: tuple[Statement | Transfer, ...]


SHOWN_MOST: Final = 60  # of one sort, on the page of one source
LISTED_MOST: Final = 200  # of those that people named, on a page


@dataclass(frozen=True, slots=True)
class Sources:
    """The list of sources, or a page of it; `facts` are they themselves, for other programs."""

    key: str
    title: str
    grades: tuple[Graded, ...]
    facts: tuple[Source, ...]
    at: Page
    previous_href: str
    next_href: str


def listed(number: int = 1) -> Sources:
    """Return one page of the sources, by grade: on the first all shipped ones, and on each the next newest of people's."""
    claimed = around.rows().filter(kind=Kind.SOURCE.value).order_by("-number")
    at = paging.at(around.count(Q(kind=Kind.SOURCE.value)), number, around.most(LISTED_MOST))
    keys = claimed.values_list("key", flat=True)[at.first : at.first + at.size] if at.total else ()
    whole = around.record(keys=keys)
    shown_ = [*(register.load().sources if at.number == 1 else ()), *keys]
    record = replace(whole, sources={key: whole.sources[key] for key in shown_ if key in whole.sources})
    counts = Counter(key for fact in in_force.shipped_on(in_force.view().day).facts() for key in fact.sources)
    counts.update(tallies.of_sources(record.sources))
    grades = tuple(
        Graded(
            grade.value,
            str(words.GRADES[grade.value]),
            tuple(
                _row(record.sources[key], counts[key])
                for key in sorted(record.sources, key=shown.by_mark)
                if record.sources[key].grade is grade
            ),
        )
        for grade in Grade
    )
    return Sources(
        key="sources",
        title=_("Sources"),
        grades=tuple(one for one in grades if one.rows),
        facts=tuple(record.sources.values()),
        at=at,
        previous_href=_address(at.previous) if at.previous else "",
        next_href=_address(at.next) if at.next else "",
    )


def _address(number: int) -> str:
    day = in_force.view().day
    known = {"as_known_on": day.isoformat()} if day else {}
    return f"{reverse('sources')}?{urlencode({'page': number, **known})}"


def _row(source: Source, facts: int) -> SourceRow:
    return SourceRow(source.key, source.title, source.language, source.publisher, _published(source), facts)


def _published(source: Source) -> str:
    return source.date.show(words.language()) if source.date.is_known else ""


def page(key: str) -> OneSource | None:
    """Return the page of a source, or None when the record has none by that key."""
    kinds = (Kind.STATEMENT.value, Kind.TRANSFER.value)
    record = around.record(
        *(around.naming(Role.SOURCE, key, kind, SHOWN_MOST) for kind in kinds),
        keys=[key],
        with_answers=True,
    )
    found = record.sources.get(key)
    if found is None:
        return None
    facts = [fact for fact in record.facts() if key in fact.sources]
    statements = [fact for fact in facts if isinstance(fact, Statement)][: around.most(SHOWN_MOST)]
    transfers = [fact for fact in facts if isinstance(fact, Transfer)][: around.most(SHOWN_MOST)]
    clashes = [
        one for one in register.contradictions(record) if any(key in side.sources for side in one.sides)
    ]
    shipped = sum(not fact.key.startswith("claim-") for fact in facts)
    return OneSource(
        key=key,
        title=found.title,
        language=found.language,
        language_name=str(words.LANGUAGES.get(found.language, "")),
        publisher=found.publisher,
        published=_published(found),
        grade=found.grade.value,
        meaning=str(words.GRADES[found.grade.value]),
        addresses=tuple(f"https://{address}" for address in found.addresses),
        note=found.note.text(words.language()),
        transfers=tuple(shown.row(record, fact) for fact in transfers),
        rounds=tuple(shown.subject(record, fact.key) for fact in facts if isinstance(fact, Round)),
        resting=_resting(record, statements),
        disputes=tuple(disputes.show(record, one) for one in clashes[:SHOWN_MOST]),
        count=shipped + tallies.of_sources([key]).get(key, 0),
        facts=(*statements, *transfers),
    )


def _resting(record: Record, statements: list[Statement]) -> tuple[Resting, ...]:
    subjects: dict[str, list[Statement]] = {}
    for one in statements:
        subjects.setdefault(one.about, []).append(one)
    return tuple(
        Resting(shown.subject(record, subject), tuple(shown.said(record, one) for one in said))
        for subject, said in subjects.items()
    )
