"""Shows: which are on and were, for everybody; for the facility and the borrower with security, visit, log and exceptions.

Anybody sees title, place and days of a show that was approved, and how many came. Whoever answers for its loan sees it whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import shows as library
from aliquot.site import law_words, loan_words, permissions, queries
from aliquot.site.models import Show
from aliquot.site.operations import shows as operations
from aliquot.site.permissions import Act
from aliquot.site.web import acting, gifts, loans_ways, shows_acts
from aliquot.site.web.loans_ways import DayField, LongField

CHIPS = {
    "planned": "unknown",
    "approved": "claimed",
    "on show": "verified",
    "ended": "",
    "cancelled": "refuted",
}
# What faults name that is no field of the act.
PLACES = {
    "security_plan": gettext_lazy("Security plan"), "visit": gettext_lazy("Visit"), "days": gettext_lazy("Log"),
    "show": gettext_lazy("Show"),
}  # fmt: skip
NAMES = (
    "title_en",
    "title_zh",
    "venue",
    "city",
    "country",
    "first",
    "last",
    "security_plan",
    "insurance",
    "visitors_expected",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A show in words."""

    show: Show
    title: str
    state: object
    chip: str


def row(show: Show) -> Row:
    """Return a show in the reader's language."""
    in_chinese = (get_language() or "en").startswith("zh")
    names = (show.title_zh, show.title_en) if in_chinese else (show.title_en, show.title_zh)
    state = loan_words.said("show_states", show.state)
    return Row(show, names[0] or names[1], state, CHIPS.get(show.state, ""))


def found(request: HttpRequest, key: str) -> tuple[Show, bool]:
    """Return a show and whether the reader may see all of it; 404 where it is not there for them."""
    if request.user.is_authenticated:
        whole = queries.shows.one(key, request.user, sees_all=permissions.may(request.user, Act.SEE_LOANS))
        if whole is not None:
            return whole, True
    seen = queries.shows.public(timezone.now().date()).filter(key=key).first()
    if seen is None:
        raise Http404
    return seen, False


def crumbs(request: HttpRequest, *more: dict[str, object]) -> list[dict[str, object]]:
    """Return the way to a page on shows."""
    return gifts.crumbs(request, {"label": _("Shows"), "href": reverse("shows")}, *more)


@require_safe
@permissions.require(Act.SEE_PUBLISHED)
def shows_list(request: HttpRequest) -> HttpResponse:
    """Show what is on, what comes, what was; for the facility what is planned too."""
    today = timezone.now().date()
    sees_all = permissions.may(request.user, Act.SEE_LOANS)
    rows = [row(one) for one in (queries.shows.all_of_them() if sees_all else queries.shows.public(today))]
    groups = (
        (_("On show now"), [one for one in rows if one.show.state == "on show"]),
        (_("To come"), [one for one in rows if one.show.state in ("planned", "approved")]),
        (_("Over"), [one for one in rows if one.show.state in ("ended", "cancelled")]),
    )
    context = {
        "groups": [(title, some) for title, some in groups if some],
        "sees_all": sees_all,
        "may_plan": permissions.may(request.user, Act.KEEP_LOANS),
        "may_note": permissions.may(request.user, Act.KEEP_DEEDS),
        "crumbs": gifts.crumbs(request, {"label": _("Shows")}),
    }
    return render(request, "shows/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_PUBLISHED)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """Show one; the facility and the borrower act on it."""
    one, is_whole = found(request, key)
    if not is_whole:
        if request.method == "POST":
            raise Http404
        return render(request, "shows/one.html", _public(request, one))
    ran = loans_ways.run(request, shows_acts.of(one, request.user), one)
    if ran.body is not None:
        return redirect("show", key=key)
    faults = [replace(fault, where=str(PLACES.get(fault.where, fault.where))) for fault in ran.faults]
    context = _public(request, one) | _whole(request, one) | {"offered": ran.offered, "faults": faults}
    return render(request, "shows/one.html", context, status=ran.status)


def _public(request: HttpRequest, one: Show) -> dict[str, Any]:
    return {
        "row": row(one),
        "show": one,
        "country": _country(one.country),
        "visitors": queries.shows.visitors(one),
        "crumbs": crumbs(request, {"label": one.number}),
    }


def _country(code: str) -> str:
    """Return the name of a country; nothing where it has none of its own here."""
    found = dict(law_words.countries()).get(code, "")
    return "" if found == code else found


def _whole(request: HttpRequest, one: Show) -> dict[str, Any]:
    steps = list(one.steps.all())
    own = not permissions.may(request.user, Act.SEE_LOANS)
    return {
        "is_whole": True,
        "loan_route": "borrowed" if own else "loan",
        "waivers": queries.shows.exceptions(one),
        "days": list(one.days.order_by("-on")[:40]),
        "pieces": queries.shows.pieces(one),
        "may_log": one.state == "on show" and shows_acts.may_log(one, request.user),
        "may_edit": one.state == "planned" and permissions.may(request.user, Act.KEEP_LOANS),
        "may_lend": one.state in ("planned", "approved") and permissions.may(request.user, Act.KEEP_LOANS),
        "events": [
            {"when": f"{step.at:%Y-%m-%d}", "iso": step.at.isoformat(), "what": loan_words.said("acts", step.act),
             "detail": step.reason}
            for step in reversed(steps)
        ],
    }  # fmt: skip


class ShowForm(forms.Form):
    """What is told of a show."""

    title_en = forms.CharField(
        label=gettext_lazy("Title in English"), required=False, max_length=library.NAME_MOST
    )
    title_zh = forms.CharField(
        label=gettext_lazy("Title in Chinese"), required=False, max_length=library.NAME_MOST
    )
    venue = forms.CharField(label=gettext_lazy("Venue"), max_length=library.NAME_MOST)
    city = forms.CharField(label=gettext_lazy("City"), required=False, max_length=library.NAME_MOST)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"))
    visitors_expected = forms.IntegerField(
        label=gettext_lazy("Visitors expected"), required=False, min_value=0, max_value=library.VISITORS_MOST
    )
    security_plan = LongField(
        label=gettext_lazy("Security plan"), required=False, rows=6, most=library.TEXT_MOST,
        help_text=gettext_lazy("Who guards, who has keys, what rings. Nobody but the facility and the borrower reads it."),
    )  # fmt: skip
    insurance = LongField(label=gettext_lazy("Insurance"), required=False, most=library.TEXT_MOST)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["country"].choices = [("", _("none")), *law_words.countries()]

    def told(self) -> library.Show:
        """Return the show that was told."""
        return library.Show(**{name: self.cleaned_data[name] for name in NAMES})


class PastForm(ShowForm):
    """A show that is over, as sources tell of it."""

    sources = forms.CharField(label=gettext_lazy("Sources"), max_length=library.NAME_MOST)


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_LOANS)
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a show."""
    form = ShowForm(request.POST or None)
    act = lambda: {"key": operations.plan(form.told(), by=request.user, at=timezone.now()).key}  # noqa: E731
    return _written(request, form, act, _("Plan a show"), _("Plan it"))


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_DEEDS)
def note_past(request: HttpRequest) -> HttpResponse:
    """Note a show that is over and was never planned here."""
    form = PastForm(request.POST or None)

    def act() -> dict[str, object]:
        told, sources = form.told(), form.cleaned_data["sources"]
        return {"key": operations.note_past(told, sources=sources, by=request.user, at=timezone.now()).key}

    return _written(request, form, act, _("Note a show that is over"), _("Note it"))


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_LOANS)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change what is told of a show before it is approved."""
    one, _is_whole = found(request, key)
    form = ShowForm(request.POST or None, initial={name: getattr(one, name) for name in NAMES})
    act = lambda: {"key": operations.edit(one, form.told(), by=request.user, at=timezone.now()).key}  # noqa: E731
    return _written(request, form, act, _("Change the show"), _("Change it"), one)


def _written(
    request: HttpRequest, form: ShowForm, act: Any, heading: str, button: str, one: Show | None = None
) -> HttpResponse:
    faults: list[acting.Shown] = []
    if request.method == "POST" and form.is_valid():
        done = acting.attempt(request, act)
        if isinstance(done, dict):
            return redirect("show", key=str(done["key"]))
        faults = loans_ways.beside(form, done)
    here = [{"label": one.number, "href": reverse("show", args=[one.key])}] if one else []
    context = {
        "form": form, "faults": faults, "heading": heading, "button": button,
        "crumbs": crumbs(request, *here, {"label": heading}),
    }  # fmt: skip
    return render(request, "shows/edit.html", context, status=422 if faults or form.errors else 200)
