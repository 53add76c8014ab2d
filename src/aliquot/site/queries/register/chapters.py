"""What is a page of the register made of, whatever it is about? Chapters of transfers, statements and short lines, with sources.

Every number on such a page is that of a fact: the values carry the keys, and pages mark each with `data-claim`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.utils.safestring import SafeString

from aliquot.register import Party, Record, Statement, Transfer
from aliquot.site.queries.register import shown
from aliquot.site.queries.register.shown import Asked, Cited, Name, TransferRow


@dataclass(frozen=True, slots=True)
class Line:
    """One fact in a line; `key` is that of the fact, empty where the line only leads on."""

    when: str
    text: str
    key: str = ""
    name: Name | None = None
    note: str = ""
    state: str = ""
    sources: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a page under a heading of its own."""

    key: str
    heading: str
    lead: str = ""
    rows: tuple[TransferRow, ...] = ()
    questions: tuple[Asked, ...] = ()
    lines: tuple[Line, ...] = ()
    names: tuple[Name, ...] = ()
    drawing: SafeString | None = None
    empty: str = ""  # what is said where nothing stands in it; without it the chapter is left out


@dataclass(frozen=True, slots=True)
class Chapters:
    """A whole page; `facts` are those that it tells, for other programs."""

    key: str
    title: str
    lead: str
    chapters: tuple[Chapter, ...]
    facts: tuple[Statement | Transfer | Party, ...]
    sources: tuple[Cited, ...]
    eyebrow: str = ""
    told: int = 0  # how many facts there are, of which chapters show the first
    own: str = ""
    own_language: str = ""


def page(
    record: Record,
    key: str,
    title: str,
    lead: str,
    chapters: Iterable[Chapter],
    facts: Iterable[Statement | Transfer],
    *,
    eyebrow: str = "",
    name: Name | None = None,
) -> Chapters:
    """Return a page without the chapters in which nothing stands, with all sources of its facts."""
    told = tuple({one.key: one for one in facts}.values())
    kept = [
        one
        for one in chapters
        if one.rows or one.questions or one.lines or one.names or one.drawing or one.empty
    ]
    cited = [
        *(one.sources for one in told[:SOURCES_OF]),
        *([source.key for source in line.sources] for one in kept for line in one.lines),
    ]
    return Chapters(
        key=key,
        title=title,
        lead=lead,
        chapters=tuple(kept),
        facts=told,
        sources=shown.listed(record, *cited),
        eyebrow=eyebrow,
        told=len(told),
        own=name.own if name else "",
        own_language=name.own_language if name else "",
    )


# So many of a kind stand in a chapter; its files have all of them.
MOST: Final = 100
SOURCES_OF: Final = 1000


def rows(record: Record, transfers: Iterable[Transfer]) -> tuple[TransferRow, ...]:
    """Return the first transfers as rows."""
    return tuple(shown.row(record, one) for one in islice(transfers, MOST))


def questions(record: Record, statements: Iterable[Statement]) -> tuple[Asked, ...]:
    """Return the first statements by question."""
    return shown.questions(record, islice(statements, MOST))


def line(record: Record, one: Statement, *, text: str = "", name: Name | None = None) -> Line:
    """Return a statement as a line: what is said, of what, when."""
    said = shown.said(record, one)
    return Line(
        when=said.when,
        text=text or said.value,
        key=one.key,
        name=name,
        note=said.scope,
        state=said.state,
        sources=said.sources,
    )
