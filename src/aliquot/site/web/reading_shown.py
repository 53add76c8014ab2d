"""What does the page of a reading show? The article with its sentences marked, and each claim with what the register knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from aliquot.reading import desk
from aliquot.reading.desk import Reading
from aliquot.reading.saying import Difference
from aliquot.register import Record
from aliquot.site import reading_words
from aliquot.site.models import KeptReading
from aliquot.site.queries.register import grounds
from aliquot.site.queries.register.grounds import Ground
from aliquot.site.queries.register.normal_forms import NormalForms
from aliquot.site.queries.register.shown import Name
from aliquot.site.reading_words import HEDGES, KINDS, LANGUAGES, SAYS, VERDICTS

QUOTE_MOST: Final = 600  # so much of a sentence goes into the address of a proposal
GRAVEST: Final = tuple(VERDICTS)  # a sentence is marked by the first of these that it has
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """One claim with its verdict, in words."""

    number: int
    verdict: str
    label: str
    says: str
    subject: Name
    object: Name | None
    value: str
    date: str
    hedge: str
    quote: str
    because: str
    grounds: tuple[Ground, ...]
    differences: tuple[str, ...]
    propose: str
    mark: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text; one with claims is marked, and has a number."""

    text: str
    mark: int = 0
    verdict: str = ""
    claims: tuple[ClaimShown, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleShown:
    """One article as it was read; `parts` are empty where its text was not kept."""

    number: int
    name: str
    language: str
    language_name: str
    sentences: int
    claims: tuple[ClaimShown, ...]
    parts: tuple[Part, ...]
    counts: tuple[tuple[str, str, int], ...]


def articles(record: Record, readings: Sequence[Reading]) -> list[ArticleShown]:
    """Return readings as their page shows them."""
    names = NormalForms(record)
    return [_article(record, names, number, one) for number, one in enumerate(readings, 1)]


def _article(record: Record, names: NormalForms, number: int, one: Reading) -> ArticleShown:
    plain: list[Plain] = desk.plain(one)["claims"]  # type: ignore[assignment]
    differences = [finding.judgement.differences for finding in one.findings]
    claims = tuple(_claims(record, names, one.document.name, plain, differences))
    parts = tuple(_parts(one.document.text, plain, claims))
    return _shown(number, one.document.name, one.language, one.sentences, claims, parts)


def names(one: KeptReading) -> tuple[list[str], list[str]]:
    """Return the normal forms in a reading that was kept, and the keys of the facts that its verdicts rest on."""
    forms = [form for said in one.results for form in (said["subject"], said.get("object", "")) if form]
    return forms, [key for said in one.results for key in said["register"]]


def kept(record: Record, one: KeptReading) -> ArticleShown:
    """Return a reading that was kept, with the verdicts of then."""
    claims = tuple(_claims(record, NormalForms(record), one.name, one.results, [() for _ in one.results]))
    parts = tuple(_parts(one.text, one.results, claims)) if one.text else ()
    return _shown(1, one.name, one.language, one.sentences, claims, parts)


def _shown(
    number: int,
    name: str,
    language: str,
    sentences: int,
    claims: tuple[ClaimShown, ...],
    parts: tuple[Part, ...],
) -> ArticleShown:
    language_name = str(LANGUAGES.get(language, language))
    return ArticleShown(number, name, language, language_name, sentences, claims, parts, counts(claims))


def counts(claims: Iterable[ClaimShown]) -> tuple[tuple[str, str, int], ...]:
    """Return verdict, words and how often, of every verdict."""
    found = Counter(one.verdict for one in claims)
    return tuple((verdict, str(label), found[verdict]) for verdict, label in VERDICTS.items())


def _claims(
    record: Record,
    names: NormalForms,
    name: str,
    plain: Sequence[Plain],
    off: Sequence[tuple[Difference, ...]],
) -> Iterator[ClaimShown]:
    marks = {start: number for number, start in enumerate(sorted({one["start"] for one in plain}), 1)}
    for number, (one, differing) in enumerate(zip(plain, off, strict=True), 1):
        verdict, quote = one["verdict"], " ".join(one["quote"].split())
        yield ClaimShown(
            number, verdict, str(VERDICTS[verdict]), str(SAYS[one["predicate"]]), _name(names, one["subject"]),
            _name(names, one["object"]) if one.get("object") else None, _value(one), reading_words.day(one.get("date", "")),
            str(HEDGES[one["hedge"]]) if one["hedge"] != "asserted" else "", quote, one["because"],
            grounds.of(record, one["register"]), tuple(map(reading_words.difference, differing)), _propose(one, name),
            marks[one["start"]],
        )  # fmt: skip


def _name(names: NormalForms, form: str) -> Name:
    return Name(str(KINDS[form])) if form in KINDS else names.name(form)


def _value(one: Plain) -> str:
    if "value" not in one:
        return ""
    return reading_words.measured(Decimal(str(one["value"])), one["unit"])


def _propose(one: Plain, name: str) -> str:
    slots = ("predicate", "subject", "object", "value", "unit", "date")
    told = {slot: one[slot] for slot in slots if one.get(slot)}
    return f"{reverse('read-propose')}?{urlencode({**told, 'quote': one['quote'][:QUOTE_MOST], 'article': name[:200]})}"


def _parts(text: str, plain: Sequence[Plain], claims: Sequence[ClaimShown]) -> Iterator[Part]:
    """Yield the text in stretches, those that claim something with their claims."""
    by_start: dict[tuple[int, int], list[ClaimShown]] = {}
    for one, said in zip(plain, claims, strict=True):
        by_start.setdefault((one["start"], one["end"]), []).append(said)
    at = 0
    for (start, end), here in sorted(by_start.items()):
        if start < at:
            continue
        if start > at:
            yield Part(text[at:start])
        gravest = min((one.verdict for one in here), key=GRAVEST.index)
        yield Part(text[start:end], here[0].mark, gravest, tuple(here))
        at = end
    if at < len(text):
        yield Part(text[at:])
