"""The form of an act at the bench: made from the table of acts, filled from what was typed, with every fault in its place.

Field `cuts` of a row 2 is called `cuts.2.mass` in the form, and `cuts[2].mass` in a fault. A table that is pasted stands
under `cuts.pasted`; when the form is shown again, its rows stand in their cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from aliquot import handling
from aliquot.fault import Fault
from aliquot.handling import Act, Field, Type
from aliquot.site.web import acting, scanned
from aliquot.site.web.acting import Shown

ROWS_FIRST = 4
ROWS_MORE = 5
ROWS_SHOWN_MOST = 400
Lists = Mapping[str, Sequence[tuple[str, str]]]
_CELL = re.compile(r"([a-z0-9_]+)\.([0-9]{1,4})\.([a-z0-9_]+)")
_WHERE = re.compile(r"([a-z0-9_]+)(?:\[([0-9]+)\](?:\.([a-z0-9_]+))?)?")

_WIDGETS = {
    Type.TEXT: "text", Type.MOMENT: "moment", Type.MASS: "mass", Type.NUMBER: "number", Type.SAMPLE: "sample",
    Type.SAMPLES: "area", Type.NEW: "sample", Type.PLACE: "listed", Type.HOLDER: "listed", Type.PERSON: "select",
    Type.TOOLS: "area", Type.INSTRUMENT: "select", Type.CHOICE: "select", Type.LINES: "rows",
}  # fmt: skip
_SCANNED = frozenset({Type.SAMPLE, Type.SAMPLES, Type.PLACE, Type.TOOLS, Type.INSTRUMENT})
_LONG = frozenset({"note", "reason"})
# Fields with a list of their own: which field of that type it is makes the difference.
_OWN_LISTS = frozenset({"origin", "balance", "use_class", "material"})


@dataclass(slots=True)
class Box:
    """One field of the form, or one cell of a row, with what was typed and what is wrong with it."""

    field: Field
    name: str
    value: str = ""
    faults: list[Shown] = field(default_factory=list)
    choices: Sequence[tuple[str, str]] = ()
    rows: list[list[Box]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    pasted: str = ""

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")

    @property
    def label(self) -> str:
        """What the field is called; a unit belongs to its name."""
        label = _(self.field.label)
        return f"{label} ({self.field.unit})" if self.field.unit else label

    @property
    def hint(self) -> str:
        return _(self.field.hint) if self.field.hint else ""

    @property
    def widget(self) -> str:
        widget = _WIDGETS[self.field.type]
        if widget == "text" and self.choices:
            return "listed"
        return "area" if widget == "text" and self.name in _LONG else widget

    @property
    def placeholder(self) -> str:
        """How such a thing is written; the same in every language."""
        return {"mass": "1.25 g", "moment": "2026-03-14T09:30Z"}.get(self.widget, "")

    @property
    def list_id(self) -> str:
        """The list of suggestions that the field offers: one for all of its kind."""
        return f"list-{_list_of(self.field)}"

    @property
    def shown(self) -> str:
        """What was told, as it is read afterwards: the word of a list as it is called there."""
        return next((label for word, label in self.choices if word == self.value), self.value)

    @property
    def first_id(self) -> str:
        """Where one begins to type: the first cell of a table."""
        return self.rows[0][0].id if self.rows else self.id


@dataclass(slots=True)
class Form:
    """All boxes of an act; `rest` are faults that belong to no box."""

    act: Act
    boxes: list[Box]
    rest: list[Shown] = field(default_factory=list)

    @property
    def faults(self) -> list[Shown]:
        """Every fault, those beside a box too, in the order of the form."""
        inside = [one for box in self.boxes for row in box.rows for cell in row for one in cell.faults]
        return [*self.rest, *(one for box in self.boxes for one in box.faults), *inside]


def told_of(act: Act, posted: QueryDict) -> dict[str, object]:
    """Return what was typed, as `handling.read` takes it: texts, and rows as objects."""
    told: dict[str, object] = {}
    for one in act.fields:
        if one.type is Type.LINES:
            told[one.name] = _rows_of(one, posted)
        elif posted.get(one.name, "").strip():
            told[one.name] = _typed(one, posted[one.name])
    return told


def _typed(one: Field, text: str) -> str:
    """Return what was typed; where a scanner typed the address on a label, the number or code that it names."""
    if one.type not in _SCANNED:
        return text
    return "\n".join(scanned.name_of(line) if line.strip() else line for line in text.splitlines())


def _rows_of(one: Field, posted: QueryDict) -> object:
    """Return the rows of a table: what was pasted, after the rows that were typed."""
    rows: dict[int, dict[str, str]] = {}
    for name, value in posted.items():
        match = _CELL.fullmatch(name)
        if match and match[1] == one.name and int(match[2]) < ROWS_SHOWN_MOST and isinstance(value, str):
            column = next((each for each in one.columns if each.name == match[3]), None)
            rows.setdefault(int(match[2]), {})[match[3]] = _typed(column, value) if column else value
    typed = [rows[index] for index in sorted(rows) if any(cell.strip() for cell in rows[index].values())]
    pasted = str(posted.get(f"{one.name}.pasted", ""))
    if not pasted.strip():
        return typed
    read = handling.pasted(pasted, one.columns)
    return pasted if isinstance(read, Fault) else [*typed, *read]


def form(
    act: Act, told: Mapping[str, object], lists: Lists, faults: Iterable[Fault] = (), *, more: int = 0
) -> Form:
    """Return the form with what was told so far; `more` rows are added to each of its tables."""
    made = Form(act, [_box(one, told, lists, more) for one in act.fields])
    for one, shown in zip(faults := tuple(faults), acting.shown(faults), strict=True):
        put(made, one.where, shown)
    return made


def read_back(act: Act, told: Mapping[str, object], lists: Lists) -> tuple[list[Box], list[Box]]:
    """Return what was told of an act as it is read afterwards: its fields, and its tables, without what stands empty."""
    boxes = form(act, told, lists).boxes
    tables = [_filled(box) for box in boxes if any(cell.value for row in box.rows for cell in row)]
    return [box for box in boxes if box.value], tables


def _filled(box: Box) -> Box:
    rows = [row for row in box.rows if any(cell.value for cell in row)]
    kept = [at for at in range(len(box.columns)) if any(row[at].value for row in rows)]
    return replace(
        box, columns=[box.columns[at] for at in kept], rows=[[row[at] for at in kept] for row in rows]
    )


def _list_of(one: Field) -> str:
    return one.name if one.name in _OWN_LISTS else one.type.value


def _box(one: Field, told: Mapping[str, object], lists: Lists, more: int) -> Box:
    given = told.get(one.name, "")
    box = Box(one, one.name, choices=_choices(one, lists))
    if one.type is not Type.LINES:
        box.value = "\n".join(map(str, given)) if isinstance(given, (list, tuple)) else str(given)
        return box
    box.columns = [Box(column, column.name).label for column in one.columns]
    if isinstance(given, str):
        box.pasted, given = given, ()
    rows = (
        [row for row in given if isinstance(row, Mapping)][:ROWS_SHOWN_MOST]
        if isinstance(given, (list, tuple))
        else []
    )
    count = max(ROWS_FIRST, len(rows)) + more if len(rows) + more < ROWS_SHOWN_MOST else len(rows)
    box.rows = [
        [_cell(one, column, index, rows[index] if index < len(rows) else {}, lists) for column in one.columns]
        for index in range(count)
    ]
    return box


def _cell(table: Field, column: Field, index: int, row: Mapping[str, object], lists: Lists) -> Box:
    value = str(row.get(column.name, ""))
    return Box(column, f"{table.name}.{index}.{column.name}", value, choices=_choices(column, lists))


def _choices(one: Field, lists: Lists) -> Sequence[tuple[str, str]]:
    if one.choices:
        return [(choice.word, _(choice.label)) for choice in one.choices]
    return lists.get(_list_of(one), ())


def put(made: Form, where: str, shown: Shown) -> None:
    """Put a fault beside the box that it names; where there is none it stands above the form."""
    match = _WHERE.fullmatch(where)
    box = next((one for one in made.boxes if match and one.name == match[1]), None)
    if match is None or box is None:
        made.rest.append(shown)
        return
    if match[2] and match[3] and int(match[2]) < len(box.rows):
        for cell in box.rows[int(match[2])]:
            if cell.field.name == match[3]:
                label = f"{box.label} {int(match[2]) + 1}, {cell.label}"
                cell.faults.append(replace(shown, where=label, box=cell.id))
                return
    box.faults.append(replace(shown, where=box.label, box=box.first_id))
