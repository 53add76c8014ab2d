"""A claim of an article as a proposal to the register: the form is filled in, and a person answers for what is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from aliquot import vocabulary
from aliquot.site import permissions
from aliquot.site.operations import register
from aliquot.site.operations.register import Proposal
from aliquot.site.permissions import Act
from aliquot.site.queries.register import in_force, named, words
from aliquot.site.queries.register.normal_forms import NormalForms
from aliquot.site.web import acting
from aliquot.site.web import forms as shared
from aliquot.site.web.acting import Body, Shown

SAYS_OF: Final = {
    "total_returned": "returned_mass", "returned_on": "earth_return", "launched_on": "launch", "landed_on": "landing",
    "display": "shown_at", "mission_planned": "launch",
}  # fmt: skip
KINDS: Final = {
    "mass": gettext_lazy("a mass, such as 1731 g"),
    "on": gettext_lazy("a date, such as 2020-12-16"),
    "count": gettext_lazy("a whole number"),
    "value": gettext_lazy("words"),
}
OF_SOURCE: Final = {"title": "title", "publisher": "publisher", "date": "published", "addresses": "address",
                    "language": "language", "grade": "grade"}  # fmt: skip
OF_FACT: Final = {"mass": "value", "on": "value", "count": "value", "value_en": "value", "value_zh": "value",
                  "scope_en": "scope", "scope_zh": "scope", "grade": "grade"}  # fmt: skip


class ProposalForm(forms.Form):
    """What is claimed, and where it stands."""

    about = forms.CharField(
        label=gettext_lazy("About what"), max_length=80,
        help_text=gettext_lazy("The key of a mission, party, transfer or round, such as change-5."),
    )  # fmt: skip
    says = forms.ChoiceField(label=gettext_lazy("What is asked"))
    object = forms.CharField(
        label=gettext_lazy("Whom or what else it is about"), max_length=80, required=False,
        help_text=gettext_lazy("Of a gift its receiver, of a loan the borrower; a key where the register has one."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("What is said is"), choices=list(KINDS.items()))
    value = forms.CharField(label=gettext_lazy("What is said"), max_length=400)
    scope = forms.CharField(
        label=gettext_lazy("Of what"), max_length=400,
        help_text=gettext_lazy("What the statement covers, such as: all material of the mission."),
    )  # fmt: skip
    date = forms.CharField(
        label=gettext_lazy("As of"), max_length=40,
        help_text=gettext_lazy("The date of the statement, or of what it tells: 2025-04-24, 2025-04, 2025, or <2025-12 for before."),
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("Title of the article"), max_length=400)
    publisher = forms.CharField(label=gettext_lazy("Publisher"), max_length=200, required=False)
    published = forms.CharField(label=gettext_lazy("Published on"), max_length=40, required=False)
    address = forms.CharField(
        label=gettext_lazy("Address"), max_length=1000, required=False,
        help_text=gettext_lazy("Without https://, such as example.org/article."),
    )  # fmt: skip
    language = forms.CharField(
        label=gettext_lazy("Language"),
        max_length=8,
        required=False,
        help_text=gettext_lazy("Its code, such as en or zh."),
    )
    grade = forms.ChoiceField(label=gettext_lazy("Grade of the source"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        language = words.language()
        self.fields["says"].choices = [(key, said.text(language)) for key, said in vocabulary.SAYS.items()]
        self.fields["grade"].choices = [
            (grade, _("%(grade)s: %(meaning)s") % {"grade": grade, "meaning": meaning})
            for grade, meaning in words.GRADES.items()
        ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.PROPOSE_CLAIMS)
def propose(request: HttpRequest) -> HttpResponse:
    """Show the form with what the reading found; send it to the register."""
    form = ProposalForm(request.POST if request.method == "POST" else None, initial=_found(request.GET))
    faults: list[Shown] = []
    if request.method == "POST" and form.is_valid():
        done = acting.once(request, lambda: _proposed(request, form.cleaned_data))
        if isinstance(done, dict):
            return redirect("claim", key=done["claim"])
        faults = shared.beside(form, [_placed(one) for one in done])
    context = {
        "form": form,
        "faults": faults,
        "quote": request.POST.get("quote", request.GET.get("quote", ""))[:1000],
        "crumbs": [
            {"label": _("Reading desk"), "href": reverse("read")},
            {"label": _("Send to the register")},
        ],
    }
    return render(request, "reading/propose.html", context, status=422 if faults or form.errors else 200)


def _found(told: Mapping[str, str]) -> dict[str, str]:
    """Return what the form is filled in with, from the slots of a claim."""
    predicate, subject, object_ = (
        told.get(slot, "")[:200].replace("\0", "") for slot in ("predicate", "subject", "object")
    )
    with in_force.seen():
        names = NormalForms(named.of(form for form in (subject, object_) if form))
    says = SAYS_OF.get(predicate, predicate)
    kind, value = _value(told, says)
    return {
        "about": names.key(subject) or subject,
        "says": says if says in vocabulary.SAYS else "event",
        "object": names.key(object_) or object_,
        "kind": kind,
        "value": value,
        "date": told.get("date", ""),
        "title": told.get("article", ""),
        "grade": "B",
    }


def _value(told: Mapping[str, str], says: str) -> tuple[str, str]:
    value, unit = told.get("value", ""), told.get("unit", "")
    if unit == "g":
        return "mass", f"{value} g"
    if unit == "Ma" and says == "age":
        return "value", f"{value} Ma"
    if value:
        return "count", value
    if told.get("date"):
        return "on", told["date"]
    return "value", told.get("object", "")


def _proposed(request: HttpRequest, told: Mapping[str, str]) -> Body:
    language = "zh" if (get_language() or "en").startswith("zh") else "en"
    kind, value = told["kind"], told["value"].strip()
    field = f"value_{language}" if kind == "value" else kind
    number: object = (
        int(value) if kind == "count" and value.isascii() and value.isdigit() and len(value) < 19 else value
    )
    fact = {
        "about": told["about"], "says": told["says"], "object": told["object"], field: number, f"scope_{language}": told["scope"],
        "date": told["date"], "grade": told["grade"],
    }  # fmt: skip
    source = {name: told[own] for name, own in OF_SOURCE.items() if name != "addresses"}
    if told["address"].strip():
        source["addresses"] = [told["address"].strip().removeprefix("https://").removeprefix("http://")]
    quote = request.POST.get("quote", "").strip()[:1000]
    row = register.propose(Proposal(fact=fact, source=source, why=quote), by=request.user, at=timezone.now())
    return {"claim": row.key}


def _placed(one: Shown) -> Shown:
    """Return a fault beside the field of this form that it is about."""
    stem, dot, field = one.where.rpartition(".")
    own = OF_SOURCE.get(field, field) if dot and stem == "source" else OF_FACT.get(field, field)
    return replace(one, where=own)
