"""One page of a list: some rows of it, and the way on."""

from __future__ import annotations

from dataclasses import dataclass


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
