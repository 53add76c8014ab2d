"""Exchanges between keepers: what each side agreed to give, what came of it, and what is still owed either way.

A share is exact, and so is what is owed of it; where the mass of which it is a share is not known, nothing is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import dates, deeds
from aliquot.deeds import Leg
from aliquot.fault import Fault
from aliquot.site import permissions, queries
from aliquot.site.models import Exchange
from aliquot.site.operations import deeds as operations
from aliquot.site.operations.deeds import Agreed
from aliquot.site.permissions import Act
from aliquot.site.queries.deeds import Standing
from aliquot.site.web import acting, gifts, loans_ways
from aliquot.site.web.loans_ways import MassField
from aliquot.site.web.samples import cited

WAYS = ("given", "received")


@dataclass(frozen=True, slots=True)
class Side:
    """One leg in words: masses in nanograms, nothing where they cannot be known."""

    party: str
    what: str
    share: str
    base_ng: int | None
    due_ng: int | None
    came_ng: int | None
    came_share: str
    owed_ng: int | None
    more_ng: int | None
    is_met: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An exchange in words."""

    exchange: Exchange
    title: str
    when: str
    sides: tuple[Side, ...]
    is_settled: bool


def shown(one: Standing, *, in_chinese: bool) -> Shown:
    """Return an exchange in the reader's language."""
    said = {leg.way: leg for leg in one.exchange.legs.all()}
    pairs = ((one.given, "given"), (one.received, "received"))
    sides = tuple(_side(leg, said[way].what) for leg, way in pairs if leg is not None)
    when = dates.read(one.exchange.when)
    title = one.exchange.title_zh if in_chinese and one.exchange.title_zh else one.exchange.title_en
    words = "" if isinstance(when, Fault) else when.show("zh" if in_chinese else "en")
    return Shown(one.exchange, title, words, sides, one.is_settled)


def _side(leg: Leg, what: str) -> Side:
    owed = None if leg.owed_ng is None else round(leg.owed_ng)
    came = (
        leg.came_ng if leg.delivered_ng and None not in leg.delivered_ng else None if leg.delivered_ng else 0
    )
    share = leg.share if leg.is_certain else None
    return Side(
        leg.party, what, "" if leg.agreed == 1 else percent(leg.agreed), leg.base_ng,
        None if leg.due_ng is None else round(leg.due_ng), came, percent(share) if share else "",
        owed if owed is not None and owed > 0 and came is not None else None, -owed if owed is not None and owed < 0 else None,
        leg.is_met,
    )  # fmt: skip


def percent(share: Fraction) -> str:
    """Return a share in per cent, to four digits behind the point at most."""
    value = (Decimal(share.numerator) * 100 / Decimal(share.denominator)).quantize(Decimal("0.0001"))
    return f"{value.normalize():f} %"


def _in_chinese() -> bool:
    return (get_language() or "en").startswith("zh")


@require_safe
@permissions.require(Act.SEE_PUBLISHED)
def exchanges(request: HttpRequest) -> HttpResponse:
    """Show every exchange, both sides beside each other."""
    rows = queries.deeds.standings(Exchange.objects.prefetch_related("legs"))
    context = {
        "rows": [shown(one, in_chinese=_in_chinese()) for one in rows],
        "may_record": permissions.may(request.user, Act.KEEP_DEEDS),
        "crumbs": gifts.crumbs(request, {"label": _("Exchanges")}),
    }
    return render(request, "exchanges/list.html", context)


@require_safe
@permissions.require(Act.SEE_PUBLISHED)
def exchange(request: HttpRequest, key: str) -> HttpResponse:
    """Show one exchange with all that was delivered on it."""
    row = Exchange.objects.prefetch_related("legs").filter(key=key).first()
    if row is None:
        raise Http404
    deliveries = queries.deeds.seen(sees_all=gifts.sees_all(request)).filter(exchange=row)
    keys = tuple(row.sources.split())
    context = {
        "one": shown(queries.deeds.standings([row])[0], in_chinese=_in_chinese()),
        "rows": [gifts.row(one) for one in deliveries],
        "sources": cited(keys, get_language() or "en"),
        "may_record": permissions.may(request.user, Act.KEEP_DEEDS),
        "crumbs": gifts.crumbs(
            request, {"label": _("Exchanges"), "href": reverse("exchanges")}, {"label": row.number}
        ),
    }
    return render(request, "exchanges/one.html", context)


class ExchangeForm(forms.Form):
    """What was agreed: a title, the document, and what each side gives."""

    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=300)
    title_zh = forms.CharField(label=gettext_lazy("Title in Chinese"), required=False, max_length=300)
    instrument = forms.CharField(label=gettext_lazy("By which document"), max_length=deeds.TEXT_MOST)
    when = forms.CharField(
        label=gettext_lazy("When, as far as it is known"), max_length=40, required=False,
        help_text=gettext_lazy("2022-02-04, 2023-03, 1973, ~1972, <2025-12, 1969/1970, or ? where nobody knows."),
    )  # fmt: skip
    sources = forms.CharField(label=gettext_lazy("Sources"), required=False, max_length=200)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for i in range(len(WAYS)):
            self.fields[f"party_{i}"] = forms.CharField(label=_("Who gives"), max_length=deeds.NAME_MOST)
            self.fields[f"what_{i}"] = forms.CharField(label=_("What"), max_length=deeds.NAME_MOST)
            self.fields[f"share_{i}"] = forms.CharField(
                label=_("Share"),
                max_length=30,
                required=False,
                help_text=_("10 %, 0.5 % or 1/200; empty: all of the mass beside it."),
            )
            self.fields[f"base_{i}"] = MassField(
                label=_("Of which mass"), required=False, help_text=_("Empty where it is not known.")
            )

    @property
    def head(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name[-1].isdigit()]

    @property
    def sides(self) -> list[tuple[str, list[forms.BoundField]]]:
        titles = (_("What is given from here"), _("What comes here"))
        return [
            (title, [self[f"{name}_{i}"] for name in ("party", "what", "share", "base")])
            for i, title in enumerate(titles)
        ]

    def legs(self) -> list[Agreed]:
        """Return what each side gives."""
        given = self.cleaned_data
        return [
            Agreed(
                way, given[f"party_{i}"], given[f"what_{i}"], given[f"base_{i}"], given[f"share_{i}"] or "1/1"
            )
            for i, way in enumerate(WAYS)
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_DEEDS)
def new(request: HttpRequest) -> HttpResponse:
    """Record an exchange that was agreed on."""
    form, faults = ExchangeForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        done = acting.attempt(request, lambda: _agree(request, form))
        if isinstance(done, dict):
            return redirect("exchange", key=str(done["key"]))
        faults = loans_ways.beside(form, done)
    context = {
        "form": form,
        "faults": faults,
        "crumbs": gifts.crumbs(
            request, {"label": _("Exchanges"), "href": reverse("exchanges")}, {"label": _("Record")}
        ),
    }
    return render(request, "exchanges/new.html", context, status=422 if faults or form.errors else 200)


def _agree(request: HttpRequest, form: ExchangeForm) -> dict[str, object]:
    told = form.cleaned_data
    made = operations.agree(
        title_en=told["title_en"], title_zh=told["title_zh"], instrument=told["instrument"], when=told["when"] or "?",
        legs=form.legs(), sources=told["sources"], by=request.user, at=timezone.now(),
    )  # fmt: skip
    return {"key": made.key}
