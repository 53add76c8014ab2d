"""What is claimed in a file that somebody sent? Found in a process of its own, within bounds of time and room.

Whatever a parser does with a hostile page or PDF, it does there: without the site's memory, database or network. One process
reads file after file; where a file brings it down, that file is at fault, and another process goes on with the next.
What comes back is plain JSON: texts, places, claims. They are held against the record by the site, for which record is in
force only the database knows. Run as a program this module is that process; it imports nothing of the site.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final

from aliquot import fault
from aliquot.facts import Record
from aliquot.fault import Fault
from aliquot.reading import desk, judging
from aliquot.reading.claims import Claim
from aliquot.reading.desk import Reading
from aliquot.reading.documents import Document
from aliquot.reading.judging import Register
from aliquot.reading.marks import Bound, Quantity, Sentence

CHARS_MOST: Final = 400_000  # of one article, and of all that are sent at once


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent; or, where `is_text`, an article that was read before, as its text."""

    name: str
    content: bytes
    is_text: bool = False
    is_plain: bool = True
    day: date | None = None


def read(
    files: Sequence[Sent], record: Callable[[Sequence[Claim]], Record]
) -> tuple[list[Reading | Fault], Record]:
    """Return for each file its claims held against the record, or the fault that keeps it from being read.

    `record` is asked once, with all claims, for the part of the record that they name; it is returned too.
    """
    found: list[_Found | Fault] = []
    while len(found) < len(files):
        rest = files[len(found) :]
        told = [_found(one) for one in _told(rest)]
        found += told
        if len(told) < len(rest):
            found.append(_beyond(rest[len(told)].name))
    named = record([claim for one in found if isinstance(one, _Found) for _said, claim in one.claims])
    held = Register(named)
    return [one if isinstance(one, Fault) else one.reading(held) for one in found], named


@dataclass(frozen=True, slots=True)
class _Found:
    """What a text claims, before anything is held against it."""

    document: Document
    language: str
    sentences: int
    claims: tuple[tuple[Sentence, Claim], ...]

    def reading(self, register: Register) -> Reading:
        findings = (desk.Finding(said, claim, judging.judge(register, claim)) for said, claim in self.claims)
        return Reading(self.document, self.language, self.sentences, tuple(findings))


def _beyond(name: str) -> Fault:
    return fault.of(name, "takes more time or memory to read than there is for it", "give the text alone")


def _told(files: Sequence[Sent]) -> list[dict[str, Any]]:
    """Return what a new process tells of the files, in order, as far as it came."""
    from django.conf import settings  # not where this module is the program

    heads = [
        {**asdict(one), "content": len(one.content), "day": one.day and one.day.isoformat()} for one in files
    ]
    seconds = settings.READING_SECONDS_MOST * len(files)
    limits = {"seconds": seconds, "bytes": settings.READING_BYTES_MOST}
    given = json.dumps([limits, heads]).encode() + b"\n" + b"".join(one.content for one in files)
    with subprocess.Popen(  # noqa: S603 - this file, run by this Python
        [sys.executable, "-I", __file__],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            said, _ = process.communicate(given, timeout=seconds + _START_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
    return [json.loads(line) for line in said.splitlines(keepends=True) if line.endswith(b"}\n")]


_START_SECONDS: Final = 20


def _found(told: dict[str, Any]) -> _Found | Fault:
    """Return what a process told of one file."""
    if "what" in told:
        return Fault(
            told["where"], told["what"], told["todo"], tuple((name, value) for name, value in told["values"])
        )
    day = date.fromisoformat(told["day"]) if told["day"] else None
    document = Document(told["name"], told["text"], told["plain"], day)
    claims = []
    for start, end, slots in told["found"]:
        quote = document.text[start:end]
        claims.append((Sentence(start, end, quote, quote, told["language"]), _claim(slots)))
    return _Found(document, told["language"], told["sentences"], tuple(claims))


def _claim(slots: dict[str, Any]) -> Claim:
    given = slots.pop("quantity")
    quantity = given and Quantity(
        Decimal(given["value"]), given["unit"], Decimal(given["half"]), Bound(given["bound"])
    )
    return Claim(**slots, quantity=quantity)


# -- the process of its own ----------------------------------------------------------------------------------


def _bound(limits: dict[str, int]) -> None:
    """Let the system end this process when it takes too long or too much."""
    import os
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the bound on addresses does not hold
        resource.setrlimit(resource.RLIMIT_AS, (limits["bytes"], limits["bytes"]))
    os.nice(5)


def _answers(heads: Iterable[dict[str, Any]], content: bytes) -> Iterator[dict[str, object]]:
    from aliquot.reading import documents, extraction

    heads, left = list(heads), CHARS_MOST
    ends = accumulate(head["content"] for head in heads)
    for head, end in zip(heads, ends, strict=True):
        given = content[end - head["content"] : end]
        document = documents.document(head["name"], given) if not head["is_text"] else documents.again(
            head["name"], given, is_plain=head["is_plain"], day=head["day"] and date.fromisoformat(head["day"])
        )  # fmt: skip
        if isinstance(document, Document) and len(document.text) > left:
            document = fault.of(head["name"], "is too long: {most} characters are read at once", "give one article at a time",
                                most=f"{CHARS_MOST:,}")  # fmt: skip
        if isinstance(document, Fault):
            yield asdict(document)
            continue
        left -= len(document.text)
        language, sentences, found = extraction.read(document.text, document.day)
        yield {
            "name": document.name, "text": document.text, "plain": document.is_plain, "day": document.day and document.day.isoformat(),
            "language": language, "sentences": sentences,
            "found": [(said.start, said.end, asdict(claim)) for said, claim in found],
        }  # fmt: skip


def _main() -> None:
    limits, heads = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    _bound(limits)
    for answer in _answers(heads, content):
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
