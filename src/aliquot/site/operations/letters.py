"""Letters to applicants: written when the last level has spoken or a request is turned away, in every language, and kept as issued.

What is kept is the text and its hash, so that a letter printed years later says the same, whatever has changed since.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from aliquot import fault
from aliquot.calls import Call as Said
from aliquot.decisions import Outcome
from aliquot.site import instance, letter_text, queries
from aliquot.site.letter_text import Block, Remarks, Spoken, Told
from aliquot.site.models import Letter, LetterText, Request


@transaction.atomic
def issue(request: Request, kind: str, *, at: datetime) -> tuple[Letter, ...]:
    """Write and keep the letters of a request that is settled or turned away, one for each language of the site; issued once."""
    held = tuple(request.letters.filter(round=request.round, kind=kind))
    if held:
        return held
    told = _told(request, at if kind == Letter.Kind.SCREENED else request.settled_at)
    return tuple(_keep(request, kind, code, told, at) for code, _name in settings.LANGUAGES)


def _keep(request: Request, kind: str, language: str, told: Told, at: datetime) -> Letter:
    with translation.override(language):
        blocks = _blocks(request, kind, told, at)
    made = Letter.objects.create(
        request=request,
        round=request.round,
        kind=kind,
        language=language,
        sha256=letter_text.sha256(blocks),
        at=at,
    )
    LetterText.objects.create(letter=made, blocks=blocks)
    return made


def _blocks(request: Request, kind: str, told: Told, at: datetime) -> list[Block]:
    if kind == Letter.Kind.DECISION:
        return letter_text.decision(told)
    if kind == Letter.Kind.SCREENED:
        away = request.steps.filter(act="turn away").last() or fault.bug(f"{request.key} was not turned away")
        return letter_text.screened(told, reason=away.reason, at=at)
    step = request.steps.filter(act="uphold").last() or fault.bug(f"{request.key} was never upheld")
    return letter_text.appeal(told, reason=step.reason, at=at)


def _told(request: Request, settled_at: datetime | None) -> Told:
    said, call = queries.requests.value(request), queries.calls.value(request.call)
    rows = request.decisions.filter(round=request.round)
    return Told(
        facility=instance.describe(settings.HOME).facility,
        number=f"{request.key[:8].upper()}-{request.round}",
        call=call,
        request=said,
        rules=queries.calls.rules(request.call),
        levels=tuple(
            Spoken(row.level, Outcome(row.outcome), tuple(row.granted_ng), tuple(row.conditions), row.reasons, row.needed,
                   row.at)
            for row in rows
        ),
        reviews=_reviews(request, call),
        settled_at=settled_at or fault.bug(f"{request.key} is not settled"),
        appeals=request.steps.filter(act="appeal").count(),
        promised=_promised(request, len(said.lines)),
    )  # fmt: skip


def _reviews(request: Request, call: Said) -> tuple[Remarks, ...]:
    names = [(one.key, one.name) for one in call.criteria]
    return tuple(
        Remarks(reviewer, tuple((name, str(reasons[key]).strip()) for key, name in names if reasons.get(key)))
        for reviewer, reasons in queries.scores.shown_to_applicant(request)
    )


def _promised(request: Request, count: int) -> dict[int, list[tuple[str, int]]]:
    lines = {queries.promises.basis(request, line): line for line in range(1, count + 1)}
    return {lines[on]: shares for on, shares in queries.promises.by_basis(lines.keys()).items()}
