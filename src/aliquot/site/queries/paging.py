"""One page of a list: some rows of it, and the way on."""

from __future__ import annotations

from dataclasses import dataclass
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
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number * self.size < self.total else None


def numbered(rows: QuerySet[Any], number: int, size: int = 50) -> Page:
    """Return one page of rows, counted from 1; the last one where there are fewer."""
    total = rows.count()
    at = max(1, min(number, -(-total // size)))
    return Page(tuple(rows[(at - 1) * size : at * size]), total, at, size)
