"""Where does a sentence begin and end? Each with its place in the text; a headline is a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# One character for one character: places in the plain text are places in the document.
_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‛`´ʼ′＇", "'"), **dict.fromkeys("“”„‟«»″＂「」『』", '"'),
        **dict.fromkeys("‐‑‒–—―−－", "-"), **dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000\t\n\r\f\v\u2028\u2029", " "),
        **{chr(0xFF10 + n): str(n) for n in range(10)}, "，": ",", "．": ".", "：": ":", "（": "(", "）": ")", "·": " ",
        "％": "%",
    }
)  # fmt: skip
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gov|Gen|Sen|Rep|St|Jr|Sr|No|Nos|vs|approx|ca|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|"
    r"Sept?|Oct|Nov|Dec|e\.g|i\.e|etc|Fig|al|Nr|z\.B|bzw|Abs|Pub|Mt|Lt|Col|Capt|Rev|Hon)|\b[A-Z]\.[A-Z])$"
)
# "at 6:23 a.m. Beijing time on June 2"
_HALF_DAY: Final = re.compile(r"\b[ap]\.m$")
_TIME_ZONE: Final = re.compile(r"\s+(?:[a-z]|(?:\w+ ){1,3}?time\b|GMT|UTC|[ECMP][DS]?T\b|[A-Z][a-z]+ \d)")
# "der 56. Unterzeichner"
_GERMAN_ORDINAL: Final = re.compile(r"\b(?:der|die|das|dem|den|zum|am|vom) \d{1,2}$")
_END: Final = re.compile(r"""[.!?…]+["')\]»]*(?=\s|$|["(\[]?[A-Z][a-z])|[。!?！？；]["')）]*""")
_HARD_WRAP: Final = (45, 100)
_SENTENCE_CHARS_MAX: Final = 2000  # what is longer is no sentence, and is read in parts


def plain(text: str) -> str:
    """Return the text with plain quotes, hyphens, spaces and digits, exactly as long as it was."""
    return text.translate(_PLAIN)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence, without the blanks around it."""
    for start, end in _blocks(text):
        yield from _parts(text, start, end)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines of a text, or its paragraphs where its lines were broken to a width."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip())
    low, high = _HARD_WRAP
    wrapped = len(lengths) > 5 and low <= lengths[len(lengths) // 2] and lengths[-1] <= high
    wrapped = wrapped and not _is_list(text)
    at = 0
    for block in re.split(r"(\n\s*\n)" if wrapped else r"([\n\r\f\v]+)", text):
        if block.strip():
            yield at, at + len(block)
        at += len(block)


# A line of a list or table begins with a bullet, a date or a name, or has bars in it.
_ITEM: Final = re.compile(
    r"^\s*(?:[-*•–]\s|\d{1,2}[.)]\s|\d{1,2} [A-Z]\w+ (?:19|20)\d\d\b|(?:19|20)\d\d\b|[A-Z]\w+ (?:19|20)\d\d\b|[^|\t]*[|\t])"
)
_MOST_WRAPPED: Final = 0.4  # of the lines


def _is_list(text: str) -> bool:
    """Whether the lines of a text stand for themselves: items, rows, or sentences that end where the line does."""
    lines = [line for line in text.split("\n") if line.strip()]
    items = sum(bool(_ITEM.match(line)) for line in lines)
    ended = sum(bool(re.search(r"[.!?:\"'”’)]\s*$", line)) for line in lines)
    return items > _MOST_WRAPPED * len(lines) or ended > 2 * _MOST_WRAPPED * len(lines)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    line = plain(text[start:end])
    at = 0
    for match in _END.finditer(line):
        if not _ends(line, match):
            continue
        yield from _trimmed(text, start + at, start + match.end())
        at = match.end()
    yield from _trimmed(text, start + at, end)


def _ends(line: str, match: re.Match[str]) -> bool:
    stop = match[0][0]
    if stop not in ".!?":
        return True
    before, after = line[max(0, match.start() - 12) : match.start()], line[match.end() :]
    if after and not after[0].isspace():
        return (
            bool(re.search(r"[a-z)\d\"']$", before))
            and bool(re.match(r"[\"(\[]?[A-Z][a-z]", after))
            and not re.search(r"\b(?:www|http)\S*$", before)
        )
    if stop == "." and _HALF_DAY.search(before):
        return not _TIME_ZONE.match(after)
    if stop == "." and _ABBREVIATION.search(before):
        # "in the U.S. The ..." ends all the same when a common opening follows.
        return bool(re.search(r"[A-Z]\.[A-Z]$", before)) and bool(
            re.match(r"\s+(?:The|In|It|But|He|She|They|This|These|That|A|An|However|On|At|After)\s", after)
        )
    if stop == "." and _GERMAN_ORDINAL.search(before):
        return False
    if (
        stop == "."
        and re.search(r"(?:^|\s)\d{1,2}$", before)
        and re.match(r"\s+[A-ZÄÖÜ][a-zäö]+(?:\s+\d{4}|\s+[a-z]|,)", after)
    ):
        months = (
            r"\s+(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
        )
        return not re.match(months, after)
    return not re.match(r"\s+[a-z]", after)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    for at in range(start, end, _SENTENCE_CHARS_MAX):
        yield at, min(end, at + _SENTENCE_CHARS_MAX)
