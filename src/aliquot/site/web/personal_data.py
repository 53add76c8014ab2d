"""What is known of somebody: handed out to themselves and, on their behalf, to a director; and forgotten in two steps."""

from __future__ import annotations

import tempfile

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aliquot.site import permissions, personal_words, queries
from aliquot.site.models import Person
from aliquot.site.operations import personal_data as operations
from aliquot.site.permissions import Act
from aliquot.site.queries import personal_data as reads
from aliquot.site.queries import personal_export
from aliquot.site.web import acting
from aliquot.site.web import forms as shared

PAGE = 50
SEARCH_MOST = 100


class AskForm(forms.Form):
    """Why somebody is to be forgotten, and how else texts name them."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=operations.REASON_MOST,
        help_text=gettext_lazy("Such as: asked for it in a letter of 3 May. It is kept, so do not write the name."),
    )  # fmt: skip
    also = forms.CharField(
        label=gettext_lazy("How else texts name them"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One name a line, such as a former name or a short form. Name, other name, e-mail address and ORCID iD are looked for anyway."),
    )  # fmt: skip


# --- One's own -----------------------------------------------------------------------------------------------


@require_safe
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """Say what is kept of oneself, and where to have it."""
    crumbs = [{"label": _("Your account"), "href": reverse("account")}, {"label": _("What is known of you")}]
    return render(request, "people/own_data.html", {"person": request.user, "crumbs": crumbs})


@never_cache
@require_safe
@login_required
def own_export(request: HttpRequest) -> HttpResponse:
    return _archive(request.user)


def _archive(person: Person) -> HttpResponse:
    at = timezone.now()
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    personal_export.write(person, target, at=at)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"person-{person.pk}-{at:%Y-%m-%d}.zip")


# --- A director's ----------------------------------------------------------------------------------------------


@require_safe
@permissions.require(Act.FORGET_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """Show everybody who has an account."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:SEARCH_MOST]
    rows = reads.people(text)
    total, number = rows.count(), shared.page_of(request)
    page = queries.paging.Page(tuple(rows[(number - 1) * PAGE : number * PAGE]), total, number, PAGE)
    crumbs = [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("People")}]
    context = {"page": page, "text": text, "crumbs": crumbs, **shared.paged(request, page)}
    return render(request, "people/list.html", context)


@never_cache
@require_safe
@permissions.require(Act.FORGET_PEOPLE)
def export(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001 - as views are called
    return _archive(_person(number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.FORGET_PEOPLE)
def person(request: HttpRequest, number: int) -> HttpResponse:
    """Show what can be done with what is known of somebody; ask that they be forgotten, call it off, do it."""
    whom = _person(number)
    form = AskForm(request.POST if request.POST.get("act") == "ask" else None)
    faults: list[acting.Shown] = []
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        done = acting.once(request, lambda: _act(request, whom, form))
        if isinstance(done, dict):
            messages.success(request, _DONE.get(str(done["act"]), ""))
            return redirect("person", number=number)
        faults = shared.beside(form, done)
    return render(request, "people/person.html", _context(whom, form, faults),
                  status=422 if faults or form.errors else 200)  # fmt: skip


_DONE: dict[str, Promise] = {
    "ask": gettext_lazy("This is noted. Look at what it would do before you go on."),
    "call off": gettext_lazy("This is called off; nothing was changed."),
    "forget": gettext_lazy("They are forgotten."),
}


def _act(request: HttpRequest, whom: Person, form: AskForm) -> dict[str, object]:
    act, at = request.POST.get("act", ""), timezone.now()
    asked = reads.asked(whom)
    if act == "ask" and form.is_bound:
        told = form.cleaned_data
        operations.ask(whom, reason=told["reason"], also=told["also"].splitlines(), by=request.user, at=at)
    elif act == "call off":
        operations.call_off(whom)
    elif act == "forget" and asked is not None:
        operations.forget(asked, said=request.POST.get("said", ""), by=request.user, at=at)
    return {"act": act}


def _context(whom: Person, form: AskForm, faults: list[acting.Shown]) -> dict[str, object]:
    asked = reads.asked(whom)
    waits = asked is not None and asked.done_at is None
    found = operations.outlook(whom, asked.also) if waits else None
    return {
        "whom": whom,
        "form": form,
        "faults": faults,
        "asked": asked,
        "waits": waits,
        "roles": queries.people.grants_of(whom),
        "deleted": _lines(found.deleted if found else {}),
        "emptied": _lines(found.emptied if found else {}),
        "stays": _lines(
            {
                name: len(numbers)
                for name, numbers in (found.stays if found else asked.left if asked else {}).items()
            }
        ),
        "crumbs": [
            {"label": _("Desk"), "href": reverse("desk")},
            {"label": _("People"), "href": reverse("people")},
            {"label": whom.name},
        ],
    }


def _lines(counts: dict[str, int]) -> list[tuple[str | Promise, int]]:
    return [(personal_words.table(name), count) for name, count in counts.items()]


def _person(number: int) -> Person:
    return get_object_or_404(Person, pk=number)
