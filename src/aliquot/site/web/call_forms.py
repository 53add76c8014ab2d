"""The form of a call: what was typed as a draft, a draft as boxes, and every fault beside the box that it names.

A cell of a row is called `offers.2.mass` in the form, and `offers[2].mass` in a fault. A pasted list of samples stands under
`offers.pasted`; what it leaves out of mass and form comes from the stock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aliquot import handling, mass
from aliquot.fault import Fault, Refused
from aliquot.handling import Field, Type
from aliquot.site import queries
from aliquot.site.web import acting
from aliquot.site.web.acting import Shown

ROWS_SHOWN_MOST: Final = 60  # a longer list is a pasted table, not cells
ROWS_FIRST: Final = {"offers": 3, "criteria": 4}
ROWS_MORE: Final = 5
Told = dict[str, object]
_CELL: Final = re.compile(r"(offers|criteria)\.([0-9]{1,3})\.([a-z]+)", re.ASCII)
_WHERE: Final = re.compile(r"([a-z0-9_]+)(?:\[([0-9]+)\](?:\.([a-z0-9_]+))?)?", re.ASCII)
_YES: Final = (("yes", _("yes")), ("no", _("no")))
# The columns of a pasted list, by the words that a spreadsheet may have over them.
_PASTED: Final = (
    Field("sample", Type.TEXT, "Sample"), Field("mass", Type.TEXT, "Mass"), Field("form", Type.TEXT, "Form"),
    Field("kind", Type.TEXT, "Kind"), Field("rare", Type.TEXT, "Rare"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spec:
    """One field of the form, or one column of its tables."""

    name: str
    label: str | Promise
    widget: str = "text"
    hint: str | Promise = ""
    required: bool = True
    choices: Sequence[tuple[str, str | Promise]] = ()
    columns: tuple[Spec, ...] = ()
    placeholder: str = ""


OFFER: Final = (
    Spec("sample", _("Sample"), "sample"),
    Spec("mass", _("Mass offered"), "mass", placeholder="50 mg"),
    Spec("form", _("Form"), required=False),
    Spec("kind", _("Kind"), required=False),
    Spec("rare", _("Rare"), "select", required=False, choices=_YES),
)
CRITERION: Final = (Spec("name", _("Criterion")), Spec("weight", _("Weight"), "number"))
SPECS: Final = (
    Spec("title", _("Title")),
    Spec("scope", _("Scope"), "area", _("What is offered and for which work.")),
    Spec("who", _("Who may apply"), "area"),
    Spec(
        "countries", _("Countries"), hint=_("Codes such as FR, JP. Empty: no country is left out."), required=False
    ),
    Spec("zone", _("Time zone"), "listed", _("As Asia/Shanghai or Europe/Paris.")),
    Spec("opens", _("Opens"), hint=_("Date and time in that zone."), placeholder="2027-01-01 00:00"),
    Spec("closes", _("Deadline"), hint=_("24:00 is the end of a day."), placeholder="2027-03-31 24:00"),
    Spec("policy", _("Policy"), "select", _("The pack is frozen with the call.")),
    Spec("grace_minutes", _("Grace (minutes)"), "number", _("Empty: as the policy says."), required=False),
    Spec("two_stage", _("Two stages"), "select", _("Empty: as the policy says."), required=False, choices=_YES),
    Spec("hearing_minutes", _("Length of a hearing (minutes)"), "number", _("Empty: as the policy says."),
         required=False),
    Spec("points_most", _("Most points of a criterion"), "number", _("Empty: 10."), required=False),
    Spec("criteria", _("Criteria"), "rows", _("The weights sum to 100."), columns=CRITERION),
    Spec("offers", _("Samples offered"), "rows", columns=OFFER),
)  # fmt: skip
# What an open call may change (see `calls.check_amendment`).
AMENDED: Final = ("title", "scope", "who", "countries", "closes", "offers")


@dataclass(slots=True)
class Box:
    """One field of the form, or one cell of a row, with what was typed and what is wrong with it."""

    spec: Spec
    name: str
    value: str = ""
    faults: list[Shown] = field(default_factory=list)
    choices: Sequence[tuple[str, str | Promise]] = ()
    rows: list[Row] = field(default_factory=list)
    pasted: str = ""
    count: int = 0

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")

    @property
    def field(self) -> Spec:
        """What the input is told of the field; as the boxes of the bench."""
        return self.spec

    @property
    def label(self) -> str:
        return str(self.spec.label)

    @property
    def hint(self) -> str:
        return str(self.spec.hint)

    @property
    def widget(self) -> str:
        return self.spec.widget

    @property
    def placeholder(self) -> str:
        return self.spec.placeholder

    @property
    def list_id(self) -> str:
        return f"list-{self.spec.name}"


@dataclass(slots=True)
class Row:
    """One row of a table: its cells, faults that name no cell of it, and the key that a criterion keeps."""

    cells: list[Box]
    faults: list[Shown] = field(default_factory=list)
    key: str = ""


@dataclass(slots=True)
class Form:
    """All boxes; `rest` are faults that belong to none."""

    boxes: list[Box]
    rest: list[Shown] = field(default_factory=list)

    @property
    def faults(self) -> list[Shown]:
        """Every fault, those beside a box too, in the order of the form."""
        found = list(self.rest)
        for box in self.boxes:
            found += box.faults
            for row in box.rows:
                found += [*row.faults, *(one for cell in row.cells for one in cell.faults)]
        return found


# -- what was typed --------------------------------------------------------------------------------------------


def told_of(posted: QueryDict, base: Mapping[str, object], *, only: Sequence[str] = ()) -> Told:
    """Return the draft that was typed; what is no part of this form (`only` some of it) stays as it was in `base`."""
    told = dict(base)
    for spec in SPECS:
        if only and spec.name not in only:
            continue
        told.pop(spec.name, None)
        value = _typed(spec, posted)
        if value not in ("", None):
            told[spec.name] = value
    return told


def _typed(spec: Spec, posted: QueryDict) -> object:
    text = str(posted.get(spec.name, "")).replace("\r\n", "\n").strip()
    match spec.name:
        case "offers":
            return _offers(posted)
        case "criteria":
            return _criteria(posted)
        case "countries":
            return [word.upper() for word in re.split(r"[\s,;，、；]+", text) if word]
        case "two_stage":
            return {"yes": True, "no": False}.get(text)
    return text


def _rows(posted: QueryDict, table: str) -> list[dict[str, str]]:
    """Return the rows in which something stands, in their order."""
    rows: dict[int, dict[str, str]] = {}
    for name, value in posted.items():
        match = _CELL.fullmatch(name)
        if match and match[1] == table:
            rows.setdefault(int(match[2]), {})[match[3]] = str(value).strip()
    return [rows[i] for i in sorted(rows) if any(v for k, v in rows[i].items() if k != "key")]


def _criteria(posted: QueryDict) -> list[dict[str, str]]:
    """Return the criteria; one without a key yet gets the first that is free."""
    rows = _rows(posted, "criteria")
    taken = {row.get("key", "") for row in rows}
    free = (f"c{n}" for n in range(1, 1_000) if f"c{n}" not in taken)
    return [{"key": row.get("key") or next(free), "name": row.get("name", ""), "weight": row.get("weight", "")}
            for row in rows]  # fmt: skip


def _offers(posted: QueryDict) -> list[dict[str, object]]:
    typed: list[dict[str, str]] = _rows(posted, "offers")
    pasted = str(posted.get("offers.pasted", ""))
    if pasted.strip():
        read = handling.pasted(pasted, _PASTED)
        if isinstance(read, Fault):
            raise Refused([replace(read, where="offers")])
        typed += read
    typed += [{"sample": number} for number in posted.getlist("add")]
    return _completed(typed)


def _completed(rows: list[dict[str, str]]) -> list[dict[str, object]]:
    """Return the lines as a draft has them; a mass or form that was left out is what the stock has."""
    lacking = [r["sample"] for r in rows if r.get("sample") and "\0" not in r["sample"]
               and not (r.get("mass") and r.get("form"))]  # fmt: skip
    stock = queries.calls.stock(lacking) if lacking else {}
    lines: list[dict[str, object]] = []
    for row in rows:
        known = stock.get(row.get("sample", ""))
        line: dict[str, object] = {
            "sample": row.get("sample", ""),
            "mass": row.get("mass") or (mass.show(known.available_ng, "") if known else ""),
            "form": row.get("form") or (known.form if known else ""),
            "kind": row.get("kind", ""),
        }
        lines.append(
            line | ({"rare": True} if row.get("rare", "").casefold() in ("yes", "true", "1", "是") else {})
        )
    return lines


# -- what is shown ---------------------------------------------------------------------------------------------


def form(
    told: Mapping[str, object],
    choices: Mapping[str, Sequence[tuple[str, str | Promise]]],
    faults: Iterable[Fault] = (),
    *,
    only: Sequence[str] = (),
    more: int = 0,
) -> Form:
    """Return the form with what was told so far, and each fault where it belongs."""
    made = Form([_box(spec, told, choices, more) for spec in SPECS if not only or spec.name in only])
    for one, shown in zip(faults := tuple(faults), acting.shown(faults), strict=True):
        _put(made, one.where, shown)
    return made


def _box(spec: Spec, told: Mapping[str, object], choices: Mapping[str, Sequence[tuple[str, str | Promise]]],
         more: int) -> Box:  # fmt: skip
    value = told.get(spec.name, "")
    box = Box(spec, spec.name, choices=spec.choices or choices.get(spec.name, ()))
    if spec.widget != "rows":
        box.value = _text(value)
        return box
    given = [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
    box.count = len(given)
    if len(given) > ROWS_SHOWN_MOST:
        box.pasted = "\n".join("\t".join(_text(one.get(c.name, "")) for c in spec.columns) for one in given)
        return box
    count = max(ROWS_FIRST[spec.name], len(given) + (1 if not more else 0)) + more
    box.rows = [_row(spec, i, given[i] if i < len(given) else {}) for i in range(count)]
    return box


def _row(spec: Spec, index: int, given: Mapping[str, object]) -> Row:
    cells = [
        Box(
            column,
            f"{spec.name}.{index}.{column.name}",
            _text(given.get(column.name, "")),
            choices=column.choices,
        )
        for column in spec.columns
    ]
    return Row(cells, key=_text(given.get("key", "")))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _put(made: Form, where: str, shown: Shown) -> None:
    match = _WHERE.fullmatch(where)
    box = next((one for one in made.boxes if match and one.name == match[1]), None)
    if match is None or box is None:
        made.rest.append(shown)
        return
    index = int(match[2]) if match[2] else None
    if index is None or index >= len(box.rows):
        line = f"{box.label} {index + 1}" if index is not None else box.label
        first = box.rows[0].cells[0].id if box.rows else box.id
        box.faults.append(replace(shown, where=line, box=first))
        return
    row = box.rows[index]
    cell = next((one for one in row.cells if one.spec.name == match[3]), None)
    if cell is None:
        row.faults.append(replace(shown, where=f"{box.label} {index + 1}", box=row.cells[0].id))
    else:
        cell.faults.append(replace(shown, where=f"{box.label} {index + 1}, {cell.label}", box=cell.id))


def differing(mine: Mapping[str, object], theirs: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Return the fields in which two drafts differ: label, mine, theirs."""
    return [
        (str(spec.label), _short(mine.get(spec.name, "")), _short(theirs.get(spec.name, "")))
        for spec in SPECS
        if mine.get(spec.name, "") != theirs.get(spec.name, "")
    ]


def _short(value: object) -> str:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        rows = (" ".join(_text(cell) for key, cell in row.items() if key != "key") for row in value)
        return "\n".join(rows)
    return _text(value)
