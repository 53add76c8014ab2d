"""The law on file, and what it says of given facts: computed, and kept nowhere."""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

import json
from datetime import date
from hashlib import blake2s
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Router
from ninja.decorators import decorate_view

from aliquot import eligibility, eligibility_answer, fault, law_facts, law_prose, law_read
from aliquot.fault import Fault, Refused
from aliquot.law_facts import FactFile, Unreadable
from aliquot.law_text import NOT_LEGAL_ADVICE, Instrument, Version
from aliquot.law_words import FactKind, Question
from aliquot.site.api import answers
from aliquot.site.api.answers import kept, missing
from aliquot.site.api.shapes import Faults
from aliquot.site.api.shapes.law import EligibilityShape, InstrumentList, InstrumentWhole
from aliquot.vocabulary import Words

router = Router(tags=["Law"])
Key = Annotated[str, Field(min_length=1, max_length=120)]
Plain = dict[str, object]
_NOTICE = {"en": NOT_LEGAL_ADVICE.en, "zh": NOT_LEGAL_ADVICE.zh}
_TYPES = {FactKind.BOOL: "true or false", FactKind.INT: "number", FactKind.DATE: "day such as 2024-12-01"}


def law_state() -> str:
    """Return the state of the law on file: a hash of the hashes of its files."""
    law = law_read.load()
    files = [law.vocabulary.sha256, *(each.sha256 for each in law.instruments.values())]
    return blake2s("".join(files).encode()).hexdigest()


@router.get("/law", response={200: InstrumentList, 400: Faults}, operation_id="law", summary="Law on file")
@decorate_view(kept(law_state))
def law(request: HttpRequest) -> Plain:
    """Every instrument on file, by key: binding or advice, researched or not, its versions."""
    found = law_read.load()
    return {
        "items": [_instrument(each) for each in found.instruments.values()],
        "vocabulary": found.vocabulary.sha256,
        "notice": _NOTICE,
    }


@router.get(
    "/law/{path:instrument}",
    response={200: InstrumentWhole, 400: Faults, 404: Faults},
    operation_id="instrument",
    summary="One instrument",
)
@decorate_view(kept(law_state))
def instrument(request: HttpRequest, instrument: Key) -> Plain:
    """One instrument: what each version says as sentences, members, sources, what was not verified."""
    found = law_read.load().instruments.get(instrument)
    if found is None:
        raise missing(
            "instrument", "there is no instrument “{key}”", "see /api/v1/law", key=fault.seen(instrument)
        )
    return {
        **_instrument(found),
        "chosen_by": found.picks.value,
        "not_verified": [_words(each) for each in found.not_verified],
        "versions_in_full": [_version(each) for each in found.versions if each.is_on_file],
        "members": [
            {"place": one.place, "since": one.since.isoformat(), "until": _day(one.until), "verified": one.is_verified}
            for one in found.members
        ],
        "sources": list(found.sources),
        "notice": _NOTICE,
    }  # fmt: skip


def _instrument(each: Instrument) -> Plain:
    return {
        "instrument": each.key,
        "title": _words(each.title),
        "force": each.force,
        "binding": each.is_binding,
        "researched": each.is_researched,
        "reviewed_by": each.reviewed_by,
        "versions": [version.key for version in each.versions if version.is_on_file],
        "sha256": each.sha256,
    }


def _version(each: Version) -> Plain:
    return {
        "version": each.key,
        "cite": each.cite,
        "text": each.text.value,
        "first": _day(each.first),
        "until": _day(each.until),
        "money_years": list(each.money_years),
        "enacted": _day(each.enacted),
        "printed_expiry": _day(each.printed_expiry),
        "notice_days": each.rule.notice_days,
        "sentences": list(law_prose.version_lines(each)),
    }


def _words(each: Words) -> dict[str, str]:
    return {"en": each.en, "zh": each.zh}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _told(question: Question) -> str:
    options = f" One of {', '.join(question.options)}." if question.options else ""
    return f"{question.key} ({_TYPES.get(question.kind, question.kind.value)}): {question.ask.en}{options}"


Facts = Annotated[
    dict[str, Any],
    Body(
        description="One flat object. Absent or null: not known; “n/a”: known not to apply. Keys: "
        + " ".join(map(_told, law_read.load().vocabulary.questions.values()))
    ),
]


@router.post(
    "/eligibility",
    response={200: EligibilityShape, 400: Faults, 413: Faults},
    operation_id="eligibility",
    summary="What the law on file says of facts",
)
def eligible(request: HttpRequest, facts: Facts) -> HttpResponse:
    """What may be done with these facts, under which instrument, what is missing and what each answer would lead to.

    The same answer, byte by byte, as that of `aliquot eligible FACTS.json --json`. Nothing is stored, and no token is
    needed. It is an aid for the officer who decides, and not legal advice.
    """
    given = _one(law_facts.parse(request.body))
    found = law_read.load()
    sheet = law_facts.read(given, found.vocabulary)
    if isinstance(sheet, tuple):
        raise Refused(sheet)
    head = {"id": given["id"]} if "id" in given else {}
    body = {**head, **eligibility_answer.document(eligibility.screen(sheet, found), found)}
    content = (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")
    made = HttpResponse(content, content_type="application/json; charset=utf-8")
    made["Cache-Control"] = "no-store"
    return answers.opened(made)


def _one(parsed: FactFile | Fault) -> Any:
    """Return the one set of facts of a body."""
    if isinstance(parsed, Fault):
        raise Refused([parsed])
    (first, *more) = parsed.sets or (Unreadable(fault.of("facts", "there are none", "send one object")),)
    if more or parsed.form != "one":
        raise Refused([fault.of("facts", "these are several sets of facts", "send one object at a time")])
    if isinstance(first, Unreadable):
        raise Refused([first.fault])
    return first
