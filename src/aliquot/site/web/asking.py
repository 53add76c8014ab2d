"""What would I need? An intake that asks what can still change the answer, and the answer: page, calendar, paper.

All answers are in the address: it can be kept, sent, and opened by anybody. Nothing is stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import eligibility, eligibility_answer, icalendar, law_facts, law_read, screenings
from aliquot.conditions import Facts
from aliquot.fault import Fault, Refused
from aliquot.law_facts import FactSheet
from aliquot.law_text import NOT_LEGAL_ADVICE, Law
from aliquot.law_words import Question
from aliquot.site import documents, law_words, permissions
from aliquot.site.permissions import Act
from aliquot.site.web import acting, findings, intake, law_outline
from aliquot.site.web.intake import Told

AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Given:
    """An answered question: its words and the answer, as people read them; one may follow from others."""

    key: str
    ask: str
    answer: str
    follows: bool = False


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the most decisive questions first, with the verdict as it forms beside them."""
    law = law_read.load()
    told = intake.read(request.GET, law.vocabulary)
    controls = {name: request.GET[name][:200] for name in intake.CONTROLS if request.GET.get(name)}
    if not told.is_plain:  # a form sends what was left empty too; the address to keep has answers alone
        controls.pop("edit", None)
        return redirect(f"{request.path}?{told.with_control(**controls)}")
    sheet = law_facts.read(told.given, law.vocabulary)
    context = {
        **_form(told, sheet, controls, law),
        **_forming(told, sheet, law),
        "crumbs": [{"label": _("Law"), "href": reverse("law")}, {"label": _("What would I need?")}],
    }
    return render(request, "law/ask.html", context, status=422 if isinstance(sheet, tuple) else 200)


def _form(
    told: Told, sheet: FactSheet | tuple[Fault, ...], controls: dict[str, str], law: Law
) -> dict[str, object]:
    """Return what is asked now: boxes, answers that travel along, how much more there is to ask."""
    language = get_language() or "en"
    faults = sheet if isinstance(sheet, tuple) else ()
    open_keys = (
        [] if isinstance(sheet, tuple) else [each.key for each in eligibility.next_questions(sheet, law)]
    )
    asked = _asked(told, faults, open_keys, controls.get("edit", ""), law)
    in_form = {each.key for each in asked}
    return {
        "boxes": [intake.box(each, told, faults, language, _suggested(each)) for each in asked],
        "hidden": [(key, text) for key, text in told.texts.items() if key not in in_form],
        "faults": acting.shown(one for one in faults if not in_form & set(one.where.split(", "))),
        "is_faulty": bool(faults),
        "more": len(set(open_keys) - told.unknown - in_form),
        "editing": controls.get("edit", ""),
        "subject": controls.get("for", ""),
        "countries": law_words.countries(),
    }


def _forming(told: Told, sheet: FactSheet | tuple[Fault, ...], law: Law) -> dict[str, object]:
    """Return what was answered so far, and what it comes to; no answer where the facts are at fault."""
    language = get_language() or "en"
    found = None if isinstance(sheet, tuple) else eligibility.screen(sheet, law)
    return {
        "told": told,
        "given": _given(told, sheet, law, language),
        "answer": findings.live(found, law, language) if found else None,
        "advice": NOT_LEGAL_ADVICE.text(language),
    }


def _asked(
    told: Told, faults: Iterable[Fault], open_keys: Sequence[str], edit: str, law: Law
) -> list[Question]:
    """Return the questions of this page: what is to be changed, else what is wrong, else what decides most."""
    questions = law.vocabulary.questions
    wrong = [key for one in faults for key in one.where.split(", ") if key in questions]
    chosen = (
        [edit]
        if edit in questions
        else wrong or [key for key in open_keys if key not in told.unknown][:AT_ONCE]
    )
    return [questions[key] for key in dict.fromkeys([*chosen, *wrong])]


def _suggested(question: Question) -> str:
    """Return what stands in a box that was not answered: the day of today, to be seen and changed."""
    return timezone.now().date().isoformat() if question.key == "asked_on" else ""


def _given(told: Told, sheet: FactSheet | tuple[Fault, ...], law: Law, language: str) -> list[Given]:
    facts: Facts = {} if isinstance(sheet, tuple) else sheet.facts
    found = []
    for key, question in law.vocabulary.questions.items():
        if key in facts or key in told.texts:
            said = (
                law_outline.shown(facts.get(key), question)
                if facts or key in told.unknown
                else intake.said(question, told.texts[key])
            )
            found.append(Given(key, question.ask.text(language), said, follows=key not in told.texts))
    return found


# -- the answer ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Screened:
    """The answers of an address, screened."""

    told: Told
    sheet: FactSheet
    found: eligibility.Screening
    law: Law

    @property
    def query(self) -> str:
        return self.told.address


def screened(request: HttpRequest) -> Screened | None:
    """Return the screening of the address; None where its facts are at fault."""
    law = law_read.load()
    told = intake.read(request.GET, law.vocabulary)
    sheet = law_facts.read(told.given, law.vocabulary)
    return None if isinstance(sheet, tuple) else Screened(told, sheet, eligibility.screen(sheet, law), law)


@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    """Show what every instrument says, why, and what would change it."""
    made = screened(request)
    if made is None:  # the form shows each fault beside its question
        return redirect(f"{reverse('law-ask')}?{request.GET.urlencode()}")
    context = _context(made) | {
        "subject": request.GET.get("for", "")[:120],
        "may_keep": permissions.may(request.user, Act.DECIDE_ELIGIBILITY),
        "whys": [(each.value, law_words.WHYS[each]) for each in screenings.Why],
        "can_print": not documents.lacking(),
        "crumbs": [
            {"label": _("Law"), "href": reverse("law")},
            {"label": _("What would I need?"), "href": f"{reverse('law-ask')}?{made.query}"},
            {"label": _("The answer")},
        ],
    }
    return render(request, "law/answer.html", context)


def _context(made: Screened) -> dict[str, object]:
    language = get_language() or "en"
    document = eligibility_answer.document(made.found, made.law)
    return {
        "answer": findings.live(made.found, made.law, language),
        "given": _given(made.told, made.sheet, made.law, language),
        "told": made.told,
        "replay": document["replay"],
        "facts_json": json.dumps(made.told.given, ensure_ascii=False, indent=1),
        "advice": NOT_LEGAL_ADVICE.text(language),
    }


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Give the conditions as a calendar file: the same answers, the same bytes."""
    made = screened(request)
    if made is None:
        return redirect(f"{reverse('law-ask')}?{request.GET.urlencode()}")
    shown = findings.live(made.found, made.law, get_language() or "en")
    tasks = [
        icalendar.Task(duty.what, "\n".join([duty.who, f"{one.title} ({one.cite})", NOT_LEGAL_ADVICE.text(get_language() or "en")]),
                       duty.by_date)
        for one, duty in shown.duties
    ]  # fmt: skip
    body = icalendar.calendar(tasks, stamp=_stamp(made.sheet.facts), of=made.sheet.sha256)
    return _file(body, icalendar.CONTENT_TYPE, "conditions.ics", as_attachment=True)


def _stamp(facts: Facts) -> date:
    """Return the day that stands for “when this was found”: the day of the decision, else of the act."""
    days = (facts.get(key) for key in ("asked_on", "acts_on"))
    found = next((day for day in days if isinstance(day, int) and not isinstance(day, bool)), None)
    return date.fromordinal(found) if found else date(1970, 1, 1)


@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """Print the answer."""
    made = screened(request)
    if made is None:
        return redirect(f"{reverse('law-ask')}?{request.GET.urlencode()}")
    try:
        body = documents.render("law/paper.html", _context(made) | {"request": request})
    except Refused as refused:
        return render(request, "audits/no_print.html", {"faults": acting.shown(refused.faults)}, status=503)
    return _file(body, documents.CONTENT_TYPE, "answer.pdf")


def _file(body: bytes, kind: str, name: str, *, as_attachment: bool = False) -> HttpResponse:
    made = HttpResponse(body, content_type=kind)
    made["Content-Disposition"] = f'{"attachment" if as_attachment else "inline"}; filename="{name}"'
    return made
