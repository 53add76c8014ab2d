"""Pages of the register that are chapters of facts: parties, pairs of states, frameworks, plans, gaps, shares, time, the Moon, one fact."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from aliquot.site import queries
from aliquot.site.queries.register.chapters import Chapters
from aliquot.site.web import register_files
from aliquot.site.web.register import drawn, kept
from aliquot.site.web.register_seen import seen

View = Callable[..., HttpResponse]


def shown(
    request: HttpRequest, make: Callable[..., Chapters | None], *asked: Hashable, facts: bool = True
) -> HttpResponse:
    """Show a page of chapters, or give it in the form that is asked for; 404 where there is none."""
    page = kept(make, *asked)
    if page is None:
        raise Http404
    given = register_files.answer(request, page)
    if given is not None:
        return given
    context = {
        "page": page,
        "known": request.known,
        "content": drawn("register/_chapters.html", make, *asked),
        "forms": register_files.offered(request) if facts and page.facts else [],
    }
    return render(request, "register/chapters.html", context)


def of(make: Callable[..., Chapters | None]) -> View:
    """Return the view of a page that asks for nothing, or for the keys in its address."""

    @require_safe
    @seen
    def view(request: HttpRequest, **keys: str) -> HttpResponse:
        return shown(request, make, *keys.values())

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
    found = kept(queries.register.facts.one, key)
    if found is None:
        elsewhere = queries.register.facts.elsewhere(key)
        if not elsewhere:
            raise Http404
        return redirect(elsewhere)
    given = register_files.answer(request, found.page)
    if given is not None:
        return given
    context = {
        "fact": found,
        "page": found.page,
        "known": request.known,
        "forms": register_files.offered(request),
    }
    return render(request, "register/fact.html", context)
