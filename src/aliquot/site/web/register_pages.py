"""Pages of the register that are chapters of facts: parties, pairs of states, frameworks, plans, gaps, shares, time, the Moon, one fact."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from aliquot.site import queries
from aliquot.site.queries.register.chapters import Chapters
from aliquot.site.web.register_seen import seen
from aliquot.site.web.register_telling import kept, told

View = Callable[..., HttpResponse]


def of(make: Callable[..., Chapters | None]) -> View:
    """Return the view of a page that asks for nothing, or for the keys in its address."""

    @require_safe
    @seen
    def view(request: HttpRequest, **keys: str) -> HttpResponse:
        return told(request, "register/chapters.html", make, *keys.values(), part="register/_chapters.html")

    return view


parties = of(queries.register.parties.listed)
party = of(queries.register.parties.one)
between = of(queries.register.parties.between)
diplomacy = of(queries.register.parties.diplomacy)
frameworks = of(queries.register.frameworks.frameworks)
plans = of(queries.register.frameworks.plans)
not_known = of(queries.register.gaps.not_known)
shares = of(queries.register.shares.shares)
timeline = of(queries.register.gaps.timeline)
moon = of(queries.register.gaps.moon)


@require_safe
@seen
def fact(request: HttpRequest, key: str) -> HttpResponse:
    """Show one fact at its permanent address: the statement, why which one is best, and all others."""
    if kept(queries.register.facts.one, key) is None:
        elsewhere = queries.register.facts.elsewhere(key)
        if not elsewhere:
            raise Http404
        return redirect(elsewhere)
    return told(request, "register/fact.html", queries.register.facts.one, key)
