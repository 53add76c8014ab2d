"""How does a form of the reviews keep what was typed and show each fault beside its field?

A `Box` is one field as its template shows it; `filled` puts into boxes what was typed and what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise

from aliquot.site.web.acting import Shown


@dataclass(frozen=True, slots=True)
class Box:
    """One field: `kind` is text, area, number or select; `words` names the list of a `datalist`; `options` are of a select."""

    name: str
    label: str | Promise
    hint: str | Promise = ""
    kind: str = "text"
    value: str = ""
    needed: bool = False
    most: int = 0
    rows: int = 4
    words: str = ""
    options: tuple[tuple[str, str | Promise], ...] = ()
    place: str = ""  # where the library says that a fault of it is; else its name
    heading: str | Promise = ""  # what its faults are called at the head of the page; else its label
    form: str = ""  # makes its id unique where several forms have a field of that name
    faults: tuple[Shown, ...] = ()

    @property
    def id(self) -> str:
        """Its id in the page; faults at the head lead to it."""
        return f"box-{self.form}{self.name}"

    @property
    def described_by(self) -> str:
        """The ids of its hint and its faults, for a screen reader."""
        told = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*told, f"{self.id}-faults"] if self.faults else told)


def filled(boxes: Iterable[Box], typed: Mapping[str, str], faults: Sequence[Shown] = ()) -> tuple[Box, ...]:
    """Return the boxes with what was typed, where there is something typed, and with their faults."""
    return tuple(
        replace(one, value=str(typed.get(one.name, one.value)),
                faults=tuple(each for each in faults if each.where == (one.place or one.name)))
        for one in boxes
    )  # fmt: skip


def of_act(
    told: Mapping[str, str], act: str, boxes: Iterable[Box], faults: Sequence[Shown]
) -> tuple[Box, ...]:
    """Return the boxes of one of several forms of a page: filled only where it was this form that was sent."""
    sent = told.get("act") == act
    return filled(
        (replace(one, form=f"{act.replace(' ', '-')}-") for one in boxes),
        told if sent else {},
        faults if sent else (),
    )


def headed(faults: Sequence[Shown], boxes: Iterable[Box]) -> list[Shown]:
    """Return the faults for the head of the page: each under the name of its field, and leading to it."""
    by_place = {one.place or one.name: one for one in boxes}
    return [
        replace(
            one,
            where=str(by_place[one.where].heading or by_place[one.where].label),
            box=by_place[one.where].id,
        )
        if one.where in by_place
        else one
        for one in faults
    ]
