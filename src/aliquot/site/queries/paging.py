"""One page of a list: some rows of it, and the way on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and how many there are in all; pages are counted from 1 and have `size` rows at most."""

    rows: tuple[object, ...]
    total: int
    number: int
    size: int

    @property
    def first(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number * self.size < self.total else None


def at(total: int, number: int, size: int = 50) -> Page:
    """Return which page is meant of a list of so many rows, without the rows; the last one where there are fewer."""
    return Page((), total, max(1, min(number, -(-total // size))), size)


def numbered(rows: QuerySet[Any], number: int, size: int = 50) -> Page:
    """Return one page of rows, counted from 1; the last one where there are fewer."""
    page = at(rows.count(), number, size)
    return replace(page, rows=tuple(rows[page.first : page.first + size]))
