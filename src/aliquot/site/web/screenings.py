"""The compliance officer's pages: screenings, what waits, what a change of law touches; decisions, certificates, waivers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot import eligibility, eligibility_answer, fault, law_facts, law_read, screenings
from aliquot.law_text import NOT_LEGAL_ADVICE, Law
from aliquot.screenings import FOLLOWING, Certified, Decided, Outcome, Waived
from aliquot.site import law_words, permissions, queries
from aliquot.site.models import Certificate, Screening
from aliquot.site.operations import screening as operations
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.web import acting, findings, intake
from aliquot.verdicts import Verdict

DAYS_AHEAD = 30


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_SCREENINGS)
def screenings_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for a decision and what is out of date; keep a screening, screen again what is touched."""
    faults: list[acting.Shown] = []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.DECIDE_ELIGIBILITY)
        done = acting.once(request, lambda: _screen(request))
        if isinstance(done, dict):
            return redirect(str(done["to"]))
        faults = done
    today = timezone.now().date()
    rows = [_row(each, today) for each in queries.screenings.current()]
    context = {
        "open": [row for row in rows if not row["screening"].outcome],
        "waiting": [row for row in rows if row["screening"].outcome == Outcome.WAIT],
        "decided": [row for row in rows if row["screening"].outcome not in (None, Outcome.WAIT)],
        "due": [_due(each) for each in queries.screenings.due(law_read.load(), today)],
        "faults": faults,
        "may_decide": permissions.may(request.user, Act.DECIDE_ELIGIBILITY),
        "crumbs": _crumbs(),
    }
    return render(request, "screenings/list.html", context, status=422 if faults else 200)


def _screen(request: HttpRequest) -> Body:
    """Keep the screening of an address's answers, or screen again all that is out of date."""
    told, by, at = request.POST, request.user, timezone.now()
    if told.get("act") == "again":
        operations.rescreen(by=by, at=at)
        return {"to": reverse("screenings")}
    words = law_read.load().vocabulary
    given = intake.read(QueryDict(told.get("answers", "")[:20_000]), words).given
    made = operations.screen(told.get("subject", "").strip(), given, told.get("why", ""), by=by, at=at)
    return {"to": reverse("screening", args=[made.pk])}


def _row(each: Screening, today: date) -> dict[str, object]:
    return {
        "screening": each,
        "verdict": each.overall,
        "said": law_words.VERDICTS[Verdict(each.overall)],
        "why": law_words.WHYS.get(each.why, each.why),
        "outcome": law_words.OUTCOMES.get(each.outcome, "") if each.outcome else "",
        "acts_on": each.facts.get("acts_on"),
        "days": _days_to(each.facts.get("acts_on"), today),
    }


def _days_to(day: object, today: date) -> int | None:
    """Return how many days it is to a day that is near; None where it is far, past or not known."""
    try:
        days = (date.fromisoformat(str(day)) - today).days
    except ValueError:
        return None
    return days if 0 <= days <= DAYS_AHEAD else None


def _due(each: queries.screenings.Due) -> dict[str, object]:
    return {"screening": each.screening, "why": law_words.WHYS[each.why], "changed": each.changed}


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("Desk"), "href": reverse("desk")},
        {"label": _("Screenings"), "href": reverse("screenings")},
        *more,
    ]


# -- one screening ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_SCREENINGS)
def screening(request: HttpRequest, number: int) -> HttpResponse:
    """Show one screening with all that was decided on it; decide, record a waiver."""
    found = get_object_or_404(Screening.objects.select_related("by"), pk=number)
    faults: list[acting.Shown] = []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.DECIDE_ELIGIBILITY)
        done = acting.once(request, lambda: _act(request, found))
        if isinstance(done, dict):
            return redirect("screening", number=number)
        faults = done
    context = {
        **_shown(found),
        **_around(found),
        "faults": faults,
        "typed": request.POST,
        "may_decide": permissions.may(request.user, Act.DECIDE_ELIGIBILITY),
        "crumbs": _crumbs({"label": found.subject}),
    }
    return render(request, "screenings/screening.html", context, status=422 if faults else 200)


def _act(request: HttpRequest, found: Screening) -> Body:
    told, by, at = request.POST, request.user, timezone.now()
    match told.get("act"):
        case "decide":
            follows = told.get("outcome") == "follow"
            decided = Decided(
                "" if follows else told.get("outcome", "") or "none", told.get("reasons", "").strip()
            )
            made = operations.decide(found, decided, after=_number(told.get("after", "")), by=by, at=at)
            return {"decision": made.pk}
        case "waive":
            waived = Waived(
                found.subject, told.get("rule", "").strip(), told.get("authority", ""), told.get("reason", ""),
                _date(told.get("expires_on", "")),
            )  # fmt: skip
            return {"waiver": operations.record_waiver(waived, by=by, at=at).pk}
        case _:
            raise fault.Refused(
                [fault.of("act", "this is no answer", "choose one of those that are offered")]
            )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _shown(found: Screening) -> dict[str, object]:
    """Return the answer as it was kept, and the facts that it rests on."""
    law, language = law_read.load(), get_language() or "en"
    texts = intake.texts(found.facts, law.vocabulary)
    told = intake.Told(texts, found.facts)
    return {
        "screening": found,
        "why": law_words.WHYS.get(found.why, found.why),
        "answer": _answer(found, law, language),
        "told": told,
        "subject": found.subject,
        "given": [
            {"key": key, "ask": law.vocabulary.questions[key].ask.text(language), "answer": text, "follows": False}
            for key, text in intake.shown(found.facts, law.vocabulary)
        ],
        "replay": found.answer["replay"],
        "facts_json": json.dumps(found.facts, ensure_ascii=False, indent=1),
        "advice": NOT_LEGAL_ADVICE.text(language),
        "changed": screenings.changed(found.instruments_sha256, {k: i.sha256 for k, i in law.instruments.items()}),
    }  # fmt: skip


def _answer(found: Screening, law: Law, language: str) -> findings.Answer:
    """Return the answer in the reader's language where it is the same today, else as it was written."""
    sheet = law_facts.read(found.facts, law.vocabulary)
    if not isinstance(sheet, tuple):
        again = eligibility.screen(sheet, law)
        if eligibility_answer.document(again, law) == found.answer:
            return findings.live(again, law, language)
    return findings.kept(found.answer, law, language)


def _around(found: Screening) -> dict[str, object]:
    """Return what was decided, what else there is on the subject, and what can be decided."""
    history = list(queries.screenings.of_subject(found.subject))
    decisions = list(queries.screenings.decisions(found))
    follow = FOLLOWING[Verdict(found.overall)]
    return {
        "history": [_row_of(each) for each in history],
        "newest": history[0],
        "is_newest": history[0].pk == found.pk,
        "decisions": [{"row": each, "said": law_words.OUTCOMES[each.outcome]} for each in decisions],
        "decided": len(decisions),
        "follow": law_words.OUTCOMES[follow],
        "others": [(each.value, law_words.OUTCOMES[each]) for each in Outcome if each != follow],
        "certificates": _certificates(queries.screenings.certificates(found.subject)),
        "waivers": [(each, each.expires_on < timezone.now().date()) for each in queries.screenings.waivers(found.subject)],
        "rules": list(law_read.load().instruments),
    }  # fmt: skip


def _row_of(each: Screening) -> dict[str, object]:
    return {
        "screening": each,
        "said": law_words.VERDICTS[Verdict(each.overall)],
        "why": law_words.WHYS.get(each.why, each.why),
    }


def _certificates(rows: Iterable[Certificate]) -> list[dict[str, object]]:
    """Return certificates, each with the address of the answer that its subject's facts and it would give."""
    found = list(rows)
    facts = queries.screenings.facts_by_subject(each.subject for each in found)
    return [
        {
            "row": each,
            "findings": [law_words.FINDINGS.get(key, key) for key in each.findings],
            "address": _with(each, facts[each.subject]) if each.subject in facts else "",
        }
        for each in found
    ]


def _with(each: Certificate, facts: dict[str, object]) -> str:
    settled = screenings.facts_of(each.lodged_on, each.findings, covers=each.covers)
    texts = intake.texts({**facts, **settled}, law_read.load().vocabulary)
    return f"{reverse('law-answer')}?{urlencode({**texts, 'for': each.subject})}"


# -- certificates ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_SCREENINGS)
def certificates(request: HttpRequest) -> HttpResponse:
    """Show every certificate and waiver, and record a certificate."""
    faults: list[acting.Shown] = []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.DECIDE_ELIGIBILITY)
        done = acting.once(request, lambda: _certify(request))
        if isinstance(done, dict):
            return redirect("certificates")
        faults = done
    replaced = _replaced(request.GET.get("replaces", ""))
    context = {
        "certificates": _certificates(queries.screenings.certificates()),
        "waivers": [(each, each.expires_on < timezone.now().date()) for each in queries.screenings.waivers()],
        "faults": faults,
        "typed": request.POST or _typed(replaced, request.GET.get("subject", "")),
        "chosen": request.POST.getlist("findings") if request.method == "POST" else replaced.findings if replaced else [],
        "replaces": replaced,
        "findings": law_words.FINDINGS,
        "instruments": list(law_read.load().instruments),
        "may_decide": permissions.may(request.user, Act.DECIDE_ELIGIBILITY),
        "crumbs": _crumbs({"label": _("Certificates and waivers")}),
    }  # fmt: skip
    return render(request, "screenings/certificates.html", context, status=422 if faults else 200)


def _replaced(text: str) -> Certificate | None:
    return Certificate.objects.filter(pk=_number(text)).first() if text else None


def _typed(replaced: Certificate | None, subject: str) -> dict[str, object]:
    """Return what stands in the form at first: that of the record which is to be replaced."""
    if replaced is None:
        return {"instrument": "us/wolf", "subject": subject[:120]}
    days = {name: getattr(replaced, name).isoformat() for name in ("from_on", "until_on", "lodged_on")}
    texts = {name: getattr(replaced, name) for name in ("subject", "instrument", "mission", "people", "act")}
    return {**texts, **days, "covers": "yes" if replaced.covers else ""}


def _certify(request: HttpRequest) -> Body:
    told = request.POST
    certified = Certified(
        *(told.get(name, "").strip() for name in ("subject", "instrument", "mission", "people", "act")),
        *(_date(told.get(name, "")) for name in ("from_on", "until_on", "lodged_on")),
        covers=told.get("covers") == "yes",
        findings=tuple(told.getlist("findings")),
    )
    replaced = _replaced(told.get("replaces", ""))
    made = operations.record_certificate(certified, replaces=replaced, by=request.user, at=timezone.now())
    return {"certificate": made.pk}
