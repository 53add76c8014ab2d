"""What does an entry look like on paper? Its canonical text: print and parse, nothing lost.

The bytes of the text are what is hashed. One entry is some lines, each ended by LF; entries are parted by one
empty line that belongs to neither. UTF-8 in NFC, no character that cannot be seen, at most 65,535 bytes an entry.
Knows no hash and no rule: whether an entry may stand is said in `invariants`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from aliquot import fault
from aliquot.fault import Fault
from aliquot.ledger import Entry, Kind, Posting, Use

MAX_BYTES: Final = 65_535
MAX_NG_DIGITS: Final = 19
KINDS: Final = {kind.value: kind for kind in Kind}

# Characters that a reader cannot see: controls, line and paragraph ends, and what Unicode calls default
# ignorable (no width, or turning the reading order). A list of our own, because a verifier must say the same
# in twenty years, whatever its Unicode tables then are.
UNSEEN: Final = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_IN_WORD: Final = rf"[^{UNSEEN}\ud800-\udfff \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"
WORD: Final = rf"{_IN_WORD}+"
MASS: Final = r"-?[1-9][0-9]{0,18}"
_UNSEEN: Final = re.compile(f"[{UNSEEN}]")
_POST: Final = re.compile(rf"post ({WORD}) ({WORD}) ({MASS})")
# No class is called "sealed": who reads "use 15555,880 sealed" would take it for a seal.
USE_CLASS: Final = r"(?!sealed(?: |$))[a-z][a-z-]*"
_USE: Final = re.compile(rf"use ({WORD}) ({USE_CLASS})( sealed)?")
_HEADER: Final = (
    ("entry", re.compile(r"entry (0|[1-9][0-9]{0,17})"), "entry 1742"),
    ("at", re.compile(r"at ([0-9T:.Z+-]+)"), "at 2026-03-14T09:30:00Z"),
    ("kind", re.compile(r"kind ([a-z]+)"), "kind split"),
    ("by", re.compile(rf"by ({WORD})"), "by person:17"),
)
_BASIS: Final = re.compile(rf"basis ({_IN_WORD}(?:[^{UNSEEN}\ud800-\udfff]*{_IN_WORD})?)")
_RESTORE: Final = "restore the book as it was published"


def text(entry: Entry) -> str:
    """Return the entry's lines with their LFs: the leaf data."""
    lines = [f"entry {entry.index}", f"at {entry.at}", f"kind {entry.kind}", f"by {entry.by}"]
    lines += [f"post {p.sample} {p.holder} {p.mass_ng}" for p in entry.postings]
    lines += [f"use {u.sample} {u.use_class}{' sealed' if u.sealed else ''}" for u in entry.uses]
    lines += [f"basis {ref}" for ref in entry.basis]
    return "\n".join(lines) + "\n"


def book(texts: Iterable[str]) -> Iterator[str]:
    """Yield the pieces of the book of these entry texts, with the empty lines between them."""
    for i, entry_text in enumerate(texts):
        yield f"\n{entry_text}" if i else entry_text


def parse(entry_text: str, line: int = 1) -> Entry | tuple[Fault, ...]:
    """Return the entry that this text states, or all its faults; `line` is the number of its first line."""
    if empty := len(entry_text) - len(entry_text.lstrip("\n")):
        rest = parse(entry_text[empty:], line + empty) if entry_text[empty:] else ()
        return (fault.of(f"line {line}", "there is an empty line too many", _RESTORE),
                *(rest if isinstance(rest, tuple) else ()))  # fmt: skip
    lines = entry_text.removesuffix("\n").split("\n")
    header, header_faults = _parse_header(lines[:4], line)
    body, body_faults = _parse_body(lines[4:], line + 4)
    text_faults = [*check_text(entry_text, line)]
    if text_faults or header_faults or body_faults:
        said = {
            each.where for each in text_faults
        }  # a line that is no text is not said to be no posting, too
        rest_faults = [each for each in header_faults + body_faults if each.where not in said]
        return tuple(sorted(text_faults + rest_faults, key=lambda each: int(each.where[5:])))
    postings = tuple(x for x in body if isinstance(x, Posting))
    uses = tuple(x for x in body if isinstance(x, Use))
    basis = tuple(x for x in body if isinstance(x, str))
    index, at, kind, by = header
    return Entry(int(index), at, KINDS[kind], by, postings, uses, basis)


def _parse_header(lines: list[str], first: int) -> tuple[list[str], list[Fault]]:
    found: list[str] = []
    faults: list[Fault] = []
    for i, (word, pattern, example) in enumerate(_HEADER):
        match = pattern.fullmatch(lines[i]) if i < len(lines) else None
        if not match:
            faults.append(fault.of(f"line {first + i}", "the “{word}” line is missing or malformed",
                                   "write it as: {example}", word=word, example=example))  # fmt: skip
        elif word == "kind" and match[1] not in KINDS:
            faults.append(fault.of(f"line {first + i}", "“{kind}” is not a kind of entry", "use one of: {kinds}",
                                   kind=match[1], kinds=", ".join(KINDS)))  # fmt: skip
        else:
            found.append(match[1])
    return found, faults


_ORDER: Final = {"post": 0, "use": 1, "basis": 2}


def _parse_body(lines: list[str], first: int) -> tuple[list[Posting | Use | str], list[Fault]]:
    body: list[Posting | Use | str] = []
    faults: list[Fault] = []
    latest = 0
    for number, line in enumerate(lines, first):
        word = line.partition(" ")[0]
        part = _parse_line(word, line)
        if part is None:
            faults.append(fault.of(f"line {number}", "“{line}” is not a line of an entry",
                                   "use: post SAMPLE HOLDER NANOGRAMS, use SAMPLE CLASS [sealed], basis REFERENCE",
                                   line=line[:80]))  # fmt: skip
        elif _ORDER[word] < latest:
            faults.append(fault.of(f"line {number}", "a “{word}” line stands too late",
                                   "postings come first, then use lines, then basis lines", word=word))  # fmt: skip
        else:
            latest = _ORDER[word]
            body.append(part)
    return body, faults


def _parse_line(word: str, line: str) -> Posting | Use | str | None:
    """Return what the line states, or None where it states nothing that an entry may."""
    if word == "post" and (match := _POST.fullmatch(line)):
        mass_ng = int(match[3])
        return Posting(match[1], match[2], mass_ng) if abs(mass_ng) < 2**63 else None
    if word == "use" and (match := _USE.fullmatch(line)):
        return Use(match[1], match[2], sealed=bool(match[3]))
    if word == "basis" and (match := _BASIS.fullmatch(line)):
        return match[1]
    return None


def check_text(entry_text: str, line: int = 1) -> Iterator[Fault]:
    """Yield what is wrong with the text as text: its size, its line ends, its characters."""
    if not entry_text.endswith("\n"):
        last = line + entry_text.count("\n")
        yield fault.of(f"line {last}", "the line does not end in LF", _RESTORE)
    if len(entry_text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        yield fault.of(f"line {line}", "the entry is longer than {most} bytes", "record it as several entries",
                       most=MAX_BYTES)  # fmt: skip
    if entry_text.isascii() and entry_text.replace("\n", "").isprintable():
        return
    for number, content in enumerate(entry_text.split("\n"), line):
        if _UNSEEN.search(content):
            yield fault.of(f"line {number}", "the line has a character that cannot be seen", _RESTORE)
        if any("\ud800" <= c <= "\udfff" for c in content):
            yield fault.of(f"line {number}", "the line is not UTF-8", _RESTORE)
        if not unicodedata.is_normalized("NFC", content):
            yield fault.of(
                f"line {number}", "the line is not in Unicode's form NFC", "normalise it before it is entered"
            )
