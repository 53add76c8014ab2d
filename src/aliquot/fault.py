"""What is wrong with data, as a value: where, what, and what to do about it.

Faults are collected, shown all at once beside the field or row that they name, and nothing is written.
Knows nothing of exceptions for control flow but one: `Refused` carries faults across floors.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    `what` and `todo` are sentences with `{name}` placeholders, so that the site can translate them before
    the values go in; `str(fault)` is the English line `where: what; what to do`.
    """

    where: str
    what: str
    todo: str
    values: tuple[tuple[str, str | int], ...] = ()

    @property
    def said(self) -> str:
        """What is wrong, with its values, in English."""
        return self.what.format_map(dict(self.values))

    @property
    def advice(self) -> str:
        """What to do about it, with its values, in English."""
        return self.todo.format_map(dict(self.values))

    def __str__(self) -> str:
        return f"{self.where}: {self.said}; {self.advice}"


class Refused(Exception):  # noqa: N818 - it reads as a sentence: "the operation was refused"
    """An act was refused because of faults in what was given; nothing was written."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def of(where: str, what: str, todo: str, **values: str | int) -> Fault:
    """Return a fault; keyword arguments fill the placeholders of both sentences."""
    shown = ((name, seen(value) if isinstance(value, str) else value) for name, value in values.items())
    return Fault(seen(where), what, todo, tuple(sorted(shown)))


def seen(text: str) -> str:
    """Return the text with every character that cannot be seen written out.

    What is quoted may be hostile: a fault stays one line, and nothing in it acts on a terminal or reverses the
    reading order.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def refuse_if(faults: Iterable[Fault]) -> None:
    """Raise `Refused` when there is any fault."""
    found = tuple(faults)
    if found:
        raise Refused(found)


def bug(message: str) -> NoReturn:
    """Stop: the program itself is wrong. Unlike `assert`, `-O` cannot remove it."""
    raise AssertionError(message)
