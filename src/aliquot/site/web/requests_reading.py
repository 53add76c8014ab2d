"""How is a request read? Its text by sections, and what one version says otherwise than another, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aliquot import register
from aliquot.site import cycle_words, law_words, words
from aliquot.site.web.requests_forms import PARTS, Field, Part, text_of

WORDS_MOST: Final = 1_500


@dataclass(frozen=True, slots=True)
class Said:
    """A field with what it says; nothing where it was left empty."""

    label: str
    text: str
    is_long: bool
    name: str = ""
    sample: str = ""  # the number of the sample that it names


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together, such as those of one line."""

    title: str
    fields: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section of a request as it is read."""

    key: str
    title: str
    fields: tuple[Said, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: kept, added or taken out."""

    text: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that one version says otherwise than another."""

    label: str
    pieces: tuple[Piece, ...]


def chapters(told: Mapping[str, object]) -> list[Chapter]:
    """Return the text of a draft by sections; what a reader is not shown must not be in it."""
    return [one for part in PARTS if (one := _chapter(part, told)).fields or one.groups]


def field_text(told: Mapping[str, object], key: str) -> str:
    """Return what a draft says under one key, as one text: for two texts side by side."""
    part = next((part for part in PARTS if key in part.keys), None)
    if part is None:
        return _answers(told.get(key))
    lines = [f"{label}: {text}" if "\n" not in text else f"{label}:\n{text}"
             for label, text in _flat(told).items() if label.startswith(_prefixes(part, key))]  # fmt: skip
    if not part.row and not part.is_group:
        return next((one.text for one in _chapter(part, told).fields if one.name == key), "")
    return "\n".join(lines)


def _answers(value: object) -> str:
    return "\n".join(f"{key}: {text}" for key, text in value.items()) if isinstance(value, Mapping) else ""


def _prefixes(part: Part, key: str) -> tuple[str, ...]:
    return (f"{part.row} ",) if part.row else (f"{part.title}{_comma()}",) if part.is_group else (key,)


def _comma() -> str:
    return pgettext("between parts of a sentence", ", ")


def _chapter(part: Part, told: Mapping[str, object]) -> Chapter:
    if not part.row:
        values = told.get(part.key) if part.is_group else told
        fields = _fields(part.fields, values) if isinstance(values, Mapping) else ()
        return Chapter(part.key, str(part.title), fields, ())
    rows = told.get(part.key)
    groups = [
        Group(f"{part.row} {number}", fields)
        for number, row in enumerate(rows if isinstance(rows, list) else [], 1)
        if isinstance(row, Mapping) and (fields := _fields(part.fields, row))
    ]
    return Chapter(part.key, str(part.title), (), tuple(groups))


def _fields(fields: tuple[Field, ...], values: Mapping[str, object]) -> tuple[Said, ...]:
    return tuple(
        Said(
            str(one.label),
            _shown(one, values[one.name]),
            one.is_area,
            one.name,
            str(values[one.name]) if one.options == "samples" else "",
        )
        for one in fields
        if values.get(one.name) not in (None, "", [])
    )


def _shown(one: Field, value: object) -> str:
    text = text_of(one, value)
    if one.options == "countries":
        name = law_words.country(register.load(), text)
        return f"{name} ({text})" if name != text else text
    if one.options == "forms":
        return cycle_words.form(text)
    if one.options == "kinds":
        return str(words.said("material", text))
    return _("{percent} %").format(percent=text) if one.widget == "percent" else text


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> list[Difference]:
    """Return every field in which two texts differ, in the order of the form."""
    was, now = _flat(before), _flat(after)
    labels = dict.fromkeys([*now, *was])
    return [Difference(label, tuple(pieces(was.get(label, ""), now.get(label, ""))))
            for label in labels if was.get(label) != now.get(label)]  # fmt: skip


def _flat(told: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part, chapter in zip(PARTS, [_chapter(part, told) for part in PARTS], strict=True):
        before = f"{chapter.title}{_comma()}" if part.is_group else ""
        found |= {f"{before}{one.label}": one.text for one in chapter.fields}
        for group in chapter.groups:
            found |= {f"{group.title}{_comma()}{one.label}": one.text for one in group.fields}
    return found


def pieces(before: str, after: str) -> Iterator[Piece]:
    """Yield the text with what was taken out and added; texts too long to be compared stand one after the other."""
    was, now = _words(before), _words(after)
    if max(len(was), len(now)) > WORDS_MOST:
        yield from (Piece(before, "removed"), Piece(after, "added"))
        return
    for kind, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("".join(now[k:m]))
            continue
        if i < j:
            yield Piece("".join(was[i:j]), "removed")
        if k < m:
            yield Piece("".join(now[k:m]), "added")


def _words(text: str) -> list[str]:
    """Return a text in pieces that are compared: words, spaces, and each Chinese sign by itself."""
    return re.findall(r"[\u3400-\u9fff]|\s+|[^\s\u3400-\u9fff]+", text)
