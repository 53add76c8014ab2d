"""The form of a request: its sections, what was typed as a draft, a draft as boxes, with every fault beside its box.

Field `wanted` of line 2 is called `lines.2.wanted` in the form, and `lines[2].wanted` in a fault. What stands empty is not in
the draft, so that two who have merely opened the form do not clash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aliquot.fault import Fault
from aliquot.request_drafts import LINES_MOST, TEAM_MOST
from aliquot.site.web import acting
from aliquot.site.web.acting import Shown

Told = dict[str, object]
Lists = Mapping[str, Sequence[tuple[str, str]]]
ROWS: Final = {"lines": LINES_MOST, "team": TEAM_MOST, "funders": TEAM_MOST}
LAW: Final = "law"
_COMMAS: Final = re.compile(r"[,，、;；\s]+")
_WHERE: Final = re.compile(r"([a-z_]+)(?:\[(\d{1,4})\])?(?:\.([a-z_]+))?")
_CELL: Final = re.compile(r"([a-z]+)\.(\d{1,3})\.([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the draft, what it is called, and how it is typed."""

    name: str
    label: Promise
    hint: Promise | str = ""
    widget: str = "text"  # text, area, words (one a line), years, listed, select, date, number, percent
    options: str = ""  # the list that is offered
    example: str = ""
    optional: bool = False
    is_broad: bool = False

    @property
    def is_area(self) -> bool:
        return self.widget in ("area", "words")


_PERSON: Final = (
    Field("name", _("Name"), _("As it stands on publications, in its own script.")),
    Field("orcid", _("ORCID iD"), "", example="0000-0002-1825-0097"),
    Field("institution", _("Institution"), _("In its own language and script.")),
    Field("institution_names", _("Its name in other languages"), _("One a line."), "words", optional=True),
    Field("ror", _("ROR ID"), _("The institution's identifier at ror.org."), example="05gq02987"),
    Field("country", _("Country"), _("Two capital letters."), "listed", "countries"),
)
_FUNDER: Final = (
    Field("name", _("Funder"), _("NASA, OSTP and NSPC as such: a law speaks of them.")),
    Field("country", _("Country"), _("Two capital letters."), "listed", "countries"),
    Field("years", _("Fiscal years"), _("Those that pay, with commas between them."), "years", example="2027, 2028"),
    Field("grant", _("Number of the grant"), optional=True),
)  # fmt: skip
_LINE: Final = (
    Field("sample", _("Sample"), _("A number of the call's list. Or leave it empty and choose a kind."), "listed", "samples", optional=True),
    Field("kind", _("Or any of a kind"), "", "select", "kinds", optional=True),
    Field("form", _("Form"), "", "select", "forms", optional=True),
    Field("least", _("Least amount"), _("With which the work can still be done. Empty for what is lent whole."), example="20 mg"),
    Field("wanted", _("Wanted amount"), "", example="50 mg"),
    Field("destructive_percent", _("Share that is used up"), _("In percent of what you get; 0 where all comes back."), "percent"),
    Field("alternatives", _("Would do as well"), _("Other numbers of the list, one a line."), "words", optional=True),
    Field("method", _("Method"), _("What is done to it, with which instrument, and what that needs."), "area"),
    Field("why", _("Why this sample"), _("And why so much of it."), "area"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the form: fields of the request itself, of a group such as `lead`, or of each row of a list."""

    key: str
    title: Promise
    lead: Promise | str
    fields: tuple[Field, ...]
    is_group: bool = False
    row: Promise | str = ""  # what one row is called; empty where it is no list
    more: Promise | str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the draft that stand in this section."""
        return (self.key,) if self.row or self.is_group else tuple(one.name for one in self.fields)


PARTS: Final = (
    Part("about", _("What it is about"), _("For people of your field and beside it."), (
        Field("title", _("Title"), is_broad=True),
        Field("summary", _("Question and approach"), _("What you want to know, how, and what either answer would mean. Whoever decides reads no other proposal of yours."), "area"),
    )),
    Part("lines", _("What is asked for"), _("One line for each sample, or for any sample of a kind."), _LINE,
         row=_("Line"), more=_("Another line")),
    Part("lead", _("Principal investigator"), _("Who is responsible for the loan, and submits."), _PERSON, is_group=True),
    Part("team", _("Team"), _("Whoever works with the samples besides. Their identifiers may be left out."), _PERSON,
         row=_("Member"), more=_("Another member")),
    Part("funders", _("Who pays"), _("Laws ask where money comes from and in which fiscal years."), _FUNDER,
         row=_("Funder"), more=_("Another funder")),
    Part("work", _("Where and when"), "", (
        Field("facilities", _("Facilities"), _("Laboratory, instruments, clean room."), "area"),
        Field("security", _("Security plan"), _("Where the samples lie, who can open it, what is written down."), "area"),
        Field("return_plan", _("Return plan"), _("What comes back, in which state, and when."), "area"),
        Field("begins", _("The work begins on"), "", "date", optional=True),
        Field("months", _("For how many months"), "", "number", optional=True),
    )),
    Part("earlier", _("Earlier loans"), "", (
        Field("earlier_loans", _("Samples from earlier loans, and their state"), _("Which, from whom, whether they are back, what was published. “None” where there were none."), "area"),
        Field("news", _("What is new since an earlier request"), _("Where the same sample was refused to you before."), "area", optional=True),
    )),
)  # fmt: skip
# What a fault may name that is no field of the form.
ELSEWHERE: Final = {
    "request": _("Request"), "email": _("E-mail address"), "sample": _("Sample"), "call": _("Call"), "person": _("Person"), "state": _("State"), "version": _("Version"),
    "reason": _("Reason"), "act": _("Act"), "key": _("Form"), "law": _("Law"), "files": _("Files"), "file": _("File"),
}  # fmt: skip
PART_OF: Final = {key: part for part in PARTS for key in part.keys}


@dataclass(slots=True)
class Box:
    """One field as it is shown, with what was typed and what is wrong with it."""

    field: Field
    name: str
    value: str = ""
    choices: Sequence[tuple[str, str]] = ()
    faults: list[Shown] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"f-{self.name.replace('.', '-')}"

    @property
    def described_by(self) -> str:
        """The ids of what a screen reader says with it."""
        hint = f"{self.id}-hint" if self.field.hint else ""
        return f"{hint} {self.id}-faults".strip() if self.faults else hint


@dataclass(slots=True)
class Section:
    """A section as it is shown: its boxes, or a list of rows of boxes; faults that belong to none of them."""

    part: Part
    boxes: list[Box] = field(default_factory=list)
    rows: list[list[Box]] = field(default_factory=list)
    faults: list[Shown] = field(default_factory=list)

    @property
    def every_box(self) -> Iterator[Box]:
        yield from self.boxes
        for row in self.rows:
            yield from row

    @property
    def first_id(self) -> str:
        return next((box.id for box in self.every_box), f"s-{self.part.key}")

    @property
    def has_room(self) -> bool:
        return len(self.rows) < ROWS.get(self.part.key, 0)


# -- what was typed ----------------------------------------------------------------------------------------------


def told_of(posted: QueryDict, before: Mapping[str, object]) -> Told:
    """Return the draft that the form states; `before` has what the form does not show, such as answers for the law."""
    told: Told = {}
    for part in PARTS:
        if part.row:
            rows = list(_rows(part, posted))
            told |= {part.key: rows} if rows else {}
        elif part.is_group:
            group = _group(part.fields, posted, f"{part.key}.")
            told |= {part.key: group} if group else {}
        else:
            told |= _group(part.fields, posted, "")
    answers = _answers(posted, before)
    return told | ({LAW: answers} if answers else {})


def _group(fields: Iterable[Field], posted: QueryDict, prefix: str) -> Told:
    found = ((one.name, _typed(one, posted.get(f"{prefix}{one.name}", ""))) for one in fields)
    return {name: value for name, value in found if value}


def _typed(one: Field, text: str) -> str | list[str]:
    if one.widget == "words":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if one.widget == "years":
        return [word for word in _COMMAS.split(text) if word]
    # Browsers send line ends as two signs; a program that reads the draft back sends one.
    return text.replace("\r\n", "\n") if text.strip() else ""


def _rows(part: Part, posted: QueryDict) -> Iterator[Told]:
    """Yield the rows in their order; one that stands empty, or was taken away by its button, is none."""
    numbers = {int(match[2]) for name in posted if (match := _CELL.fullmatch(name)) and match[1] == part.key}
    for number in sorted(numbers)[: ROWS[part.key]]:
        row = _group(part.fields, posted, f"{part.key}.{number}.")
        if row and posted.get("drop") != f"{part.key}.{number}":
            yield row


def _answers(posted: QueryDict, before: Mapping[str, object]) -> dict[str, object]:
    kept = before.get(LAW)
    found: dict[str, object] = dict(kept) if isinstance(kept, dict) else {}
    for name in posted:
        if name.startswith(f"{LAW}."):
            said = [text.strip() for text in posted.getlist(name) if text.strip()]
            found[name[len(LAW) + 1 :]] = " / ".join(dict.fromkeys(said))
    return {key: text for key, text in found.items() if text}


# -- what is shown -----------------------------------------------------------------------------------------------


def sections(
    told: Mapping[str, object], lists: Lists, faults: Iterable[Fault] = (), *, more: str = "", typed_only: bool = False
) -> list[Section]:  # fmt: skip
    """Return the form with what was told; `more` names a list that gets an empty row.

    With `typed_only` a fault stands beside a field only where something was typed: nobody has failed to fill in a form
    that they have just opened.
    """
    made = [_section(part, told, lists, more) for part in PARTS]
    for one in put(made, faults):
        box = next((box for each in made for box in each.every_box if box.id == one.box), None)
        if box is not None and (box.value or not typed_only):
            box.faults.append(one)
        elif box is None and not typed_only:
            _of(made, one).faults.append(one)
    return made


def _of(made: Sequence[Section], one: Shown) -> Section:
    return next((each for each in made if one.box in (each.first_id, f"s-{each.part.key}")), made[0])


def put(made: Sequence[Section], faults: Iterable[Fault]) -> list[Shown]:
    """Return faults as people read them: each with the words of its field for a place, and the id of its box."""
    faults = tuple(faults)
    return [_put(made, one.where, shown) for one, shown in zip(faults, acting.shown(faults), strict=True)]


def _put(made: Sequence[Section], where: str, shown: Shown) -> Shown:
    match = _WHERE.fullmatch(where)
    key, row, name = (match[1], match[2], match[3]) if match else ("", None, None)
    section = next((each for each in made if key in each.part.keys), None)
    if section is None:
        return replace(shown, where=named(shown.where), box="s-law" if key == LAW else "")
    part = section.part
    wanted = f"{key}.{row}.{name}" if row else f"{key}.{name}" if name else key
    box = next((box for box in section.every_box if box.name == wanted), None)
    if box is None:
        title = f"{part.row} {int(row) + 1}" if row else str(part.title)
        return replace(shown, where=title, box=f"s-{part.key}")
    before = f"{part.row} {int(row) + 1}, " if row else f"{part.title}, " if part.is_group else ""
    return replace(shown, where=f"{before}{box.field.label}", box=box.id)


def named(where: str) -> str:
    """Return how a reader calls what a fault names, where that is no field."""
    return str(ELSEWHERE.get(where.partition(".")[0], where))


def _section(part: Part, told: Mapping[str, object], lists: Lists, more: str) -> Section:
    if not part.row:
        group = told.get(part.key) if part.is_group else told
        values = group if isinstance(group, Mapping) else {}
        prefix = f"{part.key}." if part.is_group else ""
        return Section(part, [_box(one, f"{prefix}{one.name}", values, lists) for one in part.fields])
    given = told.get(part.key)
    rows = [row if isinstance(row, Mapping) else {} for row in (given if isinstance(given, list) else [])]
    blank = [{}] if part.key == more or (not rows and part.key != "team") else []
    return Section(part, rows=[
        [_box(one, f"{part.key}.{number}.{one.name}", row, lists) for one in part.fields]
        for number, row in enumerate([*rows, *blank][: ROWS[part.key]])
    ])  # fmt: skip


def _box(one: Field, name: str, values: Mapping[str, object], lists: Lists) -> Box:
    value = text_of(one, values.get(one.name, ""))
    choices = list(lists.get(one.options, ()))
    if one.widget == "select" and value and value not in dict(choices):
        choices.append((value, value))  # what was typed elsewhere is not lost by opening the form
    return Box(one, name, value, choices)


def text_of(one: Field, value: object) -> str:
    """Return a value of the draft as it is typed."""
    if isinstance(value, list):
        return (", " if one.widget == "years" else "\n").join(map(str, value))
    return "" if value is None else str(value)
