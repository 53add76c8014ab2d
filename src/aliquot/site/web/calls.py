"""Calls for everybody: the list, one call with its questions and amendments, a past round; asking a question."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot.site import documents, permissions, queries
from aliquot.site.models import Call
from aliquot.site.operations import calls as operations
from aliquot.site.operations import notices
from aliquot.site.permissions import Act
from aliquot.site.queries import notices as reads
from aliquot.site.queries.register import in_force
from aliquot.site.web import acting, call_shown
from aliquot.site.web.acting import Body
from aliquot.site.web.forms import page_of, paged


@require_safe
def calls_list(request: HttpRequest) -> HttpResponse:
    """Show the calls that are open, those that are coming, and past ones; drafts to those who keep them."""
    may_keep = permissions.may(request.user, Act.KEEP_CALLS)
    may_see_drafts = may_keep or permissions.may(request.user, Act.PUBLISH_CALLS)
    at = timezone.now()
    with in_force.seen():
        rounds = queries.register.rounds.international()
    context = call_shown.groups(queries.calls.listed(), at=at) | {
        "now": at,
        "drafts": queries.calls.drafts() if may_see_drafts else (),
        "rounds": rounds,
        "may_keep": may_keep,
        "crumbs": [{"label": _("Calls")}],
    }
    return render(request, "calls/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, key: str) -> HttpResponse:
    """Show a published call; take a question from somebody who is signed in."""
    found, faults = published(key), []
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect(f"{reverse('account_login')}?next={reverse('call', args=[key])}")
        done = acting.once(request, lambda: _act(request, found))
        if isinstance(done, dict):
            return redirect(f"{reverse('call', args=[key])}{done['to']}")
        faults = call_shown.placed(done)
    context = call_shown.call(found, at=timezone.now(), page=page_of(request)) | {
        "faults": faults,
        "typed": request.POST.get("text", ""),
        "was_asked": "asked" in request.GET,
        "is_watched": watched_as(key) in reads.watched(request.user)
        if request.user.is_authenticated
        else None,
        "may_see_work": permissions.may(request.user, Act.SEE_REQUESTS),
        "can_print": not documents.lacking(),
        "request_href": _request_href(key),
        "crumbs": _crumbs(found.title),
    }
    context["pages"] = paged(request, context["offers"])
    return render(request, "calls/call.html", context, status=422 if faults else 200)


def published(key: str) -> Call:
    """Return a call that everybody may read; a draft is not there."""
    found = queries.calls.one(key)
    if found is None:
        raise Http404
    return found


def watched_as(key: str) -> str:
    """Return under which word a call is watched."""
    return f"call:{key}"


def _act(request: HttpRequest, found: Call) -> Body:
    """Ask a question, or begin or cease to watch the call."""
    act = request.POST.get("act", "ask")
    if act in ("watch", "unwatch"):
        notices.watch_one(request.user, watched_as(found.key), on=act == "watch")
        return {"to": "#watch"}
    text = request.POST.get("text", "").replace("\r\n", "\n")
    operations.ask(found, text, by=request.user, at=timezone.now())
    return {"to": "?asked=1#questions"}


def _request_href(key: str) -> str:
    """Return where a request under this call is begun."""
    try:
        return reverse("request-begin", args=[key])
    except NoReverseMatch:
        return ""


def _crumbs(here: str) -> list[dict[str, object]]:
    return [{"label": _("Calls"), "href": reverse("calls")}, {"label": here}]


@require_safe
def past_round(request: HttpRequest, key: str) -> HttpResponse:
    """Show what is publicly known of a round that another house ran."""
    with in_force.seen():
        page = queries.register.rounds.page(key)
    if page is None:
        raise Http404
    return render(request, "calls/round.html", {"page": page, "crumbs": _crumbs(page.name)})
