"""Claims of the register: the list, one with its history, proposing one, looking at one as a second person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import dates, register_claims
from aliquot.register import Record
from aliquot.register_claims import Claim, Kind, Tie
from aliquot.site import permissions, queries
from aliquot.site.models import RegisterClaim, RegisterStep
from aliquot.site.operations import register as operations
from aliquot.site.permissions import Act
from aliquot.site.queries import paging
from aliquot.site.queries.register import around, in_force, shown, words
from aliquot.site.web import acting, register_forms
from aliquot.site.web.acting import Body
from aliquot.site.web.register_forms import DAY, FORMS, TIES, TITLES

ACTS: Final[dict[str, Promise]] = {
    "propose": gettext_lazy("proposed"),
    "confirm": gettext_lazy("confirmed: the source says so"),
    "verify": gettext_lazy("verified"),
    "refute": gettext_lazy("refuted"),
    "doubt": gettext_lazy("kept as a question"),
    "link": gettext_lazy("linked"),
    "withdraw": gettext_lazy("withdrawn"),
}
JUDGING: Final[dict[str, Promise]] = {
    "confirm": gettext_lazy("The source says so"),
    "verify": gettext_lazy("Verified: the evidence suffices"),
    "refute": gettext_lazy("Refuted"),
    "doubt": gettext_lazy("Nobody can say: keep it as a question"),
}
LINKS: Final[dict[str, Promise]] = {
    "contradicts": gettext_lazy("contradicts"),
    "supersedes": gettext_lazy("supersedes"),
    "same-event": gettext_lazy("tells of the same event as"),
}


class Filter(forms.Form):
    """Which claims to show."""

    waiting = forms.BooleanField(label=gettext_lazy("Nobody has looked at it yet"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("every kind")), *TITLES.items()],
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=10**6, widget=forms.HiddenInput)


@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """Show what people proposed, newest first."""
    form = Filter(request.GET)
    told = form.cleaned_data if form.is_valid() else {}
    rows = queries.claims.claims(waiting=bool(told.get("waiting")), kind=told.get("kind") or "")
    page = paging.numbered(rows, told.get("page") or 1)
    values = queries.claims.values_of(page.rows)
    record = _beside(*values.values())
    context = {
        "rows": [(row, _summary(record, values[row.pk])) for row in page.rows],
        "page": page,
        "form": form,
        "query": _query(told),
        "may_judge": permissions.may(request.user, Act.JUDGE_CLAIMS),
    }
    return render(request, "register/claims.html", context)


def _beside(*claims: Claim) -> Record:
    """Return the part of the record that claims name: how their subjects and parties are called."""
    with in_force.seen():
        return around.record(
            keys=sorted({key for one in claims for key in around.named(one.fact, one.links)})
        )


def _query(told: dict[str, object]) -> str:
    parts = ["waiting=on"] if told.get("waiting") else []
    return "&".join([*parts, f"kind={told['kind']}"] if told.get("kind") else parts)


@dataclass(frozen=True, slots=True)
class Summary:
    """A claim in a line."""

    title: str
    value: str
    subject: shown.Name | None = None
    scope: str = ""


def _summary(record: Record, claim: Claim) -> Summary:
    """Return what a claim says, whether it counts or not; as typed where it can no longer be read."""
    fact = claim.fact
    if claim.kind is Kind.STATEMENT:
        found = register_claims.read_fact(
            claim.kind, fact, key=claim.key, state=claim.state, record=record, faults=[]
        )
        if found is not None:
            said = shown.said(record, found)
            return Summary(said.says, said.value, shown.subject(record, found.about), said.scope)
    language = "zh" if shown.words.language() == "zh" else "en"
    title = fact.get(f"title_{language}") or fact.get(f"name_{language}") or fact.get("title") or claim.key
    return Summary(str(TITLES[claim.kind.value]), str(title))


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a claim of one kind; whoever is signed in."""
    if not permissions.may(request.user, Act.PROPOSE_CLAIMS):
        return redirect_to_login(request.get_full_path())
    kind = request.GET.get("as", "statement")
    if kind not in FORMS:
        raise Http404
    form, faults = register_forms.form_of(request, kind), []
    is_search = request.POST.get("act") == "find"
    if request.method == "POST" and not is_search and form.is_valid():
        done = acting.attempt(request, lambda: _propose(request, form))
        if isinstance(done, dict):
            return redirect("claim", key=done["claim"])
        faults = form.put(done)
    context = {
        "form": form,
        "faults": faults,
        "kind": kind,
        "title": TITLES[kind],
        "kinds": TITLES.items(),
        **_found(request, form),
    }
    wrong = not is_search and (faults or form.errors)
    return render(request, "register/propose.html", context, status=422 if wrong else 200)


def _found(request: HttpRequest, form: register_forms.ClaimForm) -> dict[str, object]:
    """Return what a page shows of a search for the subject: what was looked for, and what there is."""
    asked = form["about"].value() if "about" in form.fields else ""
    wanted = request.POST.get("act") == "find" or "find" in request.GET
    found = queries.register.subjects.found(asked or "") if wanted else []
    return {"searched": wanted, "subjects": found, "asked": asked}


@require_safe
def subjects(request: HttpRequest) -> HttpResponse:
    """Give what a statement can be about by a few letters of its name, as choices of a field."""
    asked = request.GET.get("about", "") or request.GET.get("q", "")
    found = queries.register.subjects.found(asked)
    return render(request, "register/_subject_options.html", {"subjects": found})


def _propose(request: HttpRequest, form: register_forms.ClaimForm) -> Body:
    return {"claim": operations.propose(form.proposal(), by=request.user, at=timezone.now()).key}


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """Show a claim with its history; judge, link or withdraw it."""
    row = queries.claims.found(key)
    if row is None:
        raise Http404
    faults: list[acting.Shown] = []
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        _refuse_unless(request, row)
        done = acting.once(request, lambda: _act(request, row))
        if isinstance(done, dict):
            return redirect("claim", key=key)
        # The act itself is no field: what stands against it stands alone.
        faults = [replace(one, where="") if one.where == "act" else one for one in done]
    return render(
        request, "register/claim.html", _context(request, row, faults), status=422 if faults else 200
    )


def _refuse_unless(request: HttpRequest, row: RegisterClaim) -> None:
    act = request.POST.get("act", "")
    if act in JUDGING:
        permissions.refuse_unless(request.user, Act.JUDGE_CLAIMS, row)
    else:
        permissions.refuse_unless(request.user, Act.PROPOSE_CLAIMS, row)


def _act(request: HttpRequest, row: RegisterClaim) -> Body:
    told = request.POST
    links = {tie.value: told.get(field, "")[:2000].split() for field, tie in TIES.items() if told.get(field)}
    seen = told.get("seen", "")
    operations.act(
        row,
        told.get("act", ""),
        why=told.get("why", ""),
        links=links,
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None,
        by=request.user,
        at=timezone.now(),
    )
    return {"claim": row.key}


def _context(request: HttpRequest, row: RegisterClaim, faults: list[acting.Shown]) -> dict[str, object]:
    history = queries.claims.history(row)
    value = register_claims.claim(step for _row, step in history)
    record = _beside(value)
    user = request.user
    return {
        "row": row,
        "claim": value,
        "summary": _summary(record, value),
        "fields": _fields(value),
        "links": [(LINKS[tie], keys) for tie, keys in value.links.items() if tie in LINKS],
        "steps": [_step(step, said) for step, said in history],
        "counts": value.counts,
        "judging": JUDGING if permissions.may(user, Act.JUDGE_CLAIMS, row) and not row.withdrawn else {},
        "may_link": permissions.may(user, Act.PROPOSE_CLAIMS) and not row.withdrawn,
        "may_withdraw": user.is_authenticated
        and row.by_id == user.pk
        and not row.checked
        and not row.withdrawn,
        "ties": [(field, LINKS[tie.value]) for field, tie in TIES.items()],
        "told": request.POST,
        "faults": faults,
        "shows_names": permissions.may(user, Act.JUDGE_CLAIMS),
        "crumbs": [{"label": _("Claims"), "href": reverse("claims")}, {"label": row.key}],
    }


def _fields(claim: Claim) -> list[tuple[str, str, list[str]]]:
    """Return what a claim tells, field by field as its form asks: the label, the text, and keys of sources."""
    form, fact, found = FORMS[claim.kind.value](), claim.fact, []
    for name in dict.fromkeys([*form.fields, *sorted(fact)]):
        told = fact.get(name)
        stem, _mark, language = name.rpartition("_")
        # What was told in one language stands for the other, and is shown once.
        if told is None or (language == "zh" and told == fact.get(f"{stem}_en")):
            continue
        listed = list(map(str, told)) if isinstance(told, list | tuple) else [str(told)]
        label = str(form.fields[name].label if name in form.fields else UNASKED.get(name, name))
        text = _text(form.fields.get(name), name, told) or ", ".join(listed)
        found.append((label, text, listed if name == "sources" else []))
    return found


def _text(field: forms.Field | None, name: str, told: object) -> str:
    """Return what stands in a field as people read it: a choice by its words, a day as pages write days; else nothing."""
    if isinstance(field, forms.ChoiceField) and name in CHOSEN:
        return str(dict(field.choices).get(told, told))
    when = dates.read(told) if field and field.help_text == DAY and isinstance(told, str) else None
    return when.show(words.language()) if isinstance(when, dates.When) else ""


# What a table or a program may tell, and no form asks.
UNASKED: Final = {"text": gettext_lazy("As the source writes it")}
CHOSEN: Final = frozenset({"says", "kind", "precision", "fate", "grade"})


def _step(row: RegisterStep, said: register_claims.Step) -> dict[str, object]:
    links = [(LINKS[tie], keys) for tie, keys in said.links.items() if tie in [one.value for one in Tie]]
    return {"row": row, "act": ACTS[said.act.value], "why": said.why, "links": links, "by": said.by}
