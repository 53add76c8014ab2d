"""One's days as a calendar: a page by month, and an address that a calendar program reads without signing in.

The address has a token that is shown once, when it is made; made anew or taken back, the one before it opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import icalendar
from aliquot.icalendar import Task
from aliquot.site import queries
from aliquot.site.models import Person
from aliquot.site.operations import calendars as operations
from aliquot.site.queries import notices as notice_reads
from aliquot.site.web import today
from aliquot.site.web.today import Shown

TOKEN_MOST = 100
MADE = "calendar_token"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    """Show what has a day, month by month; make an address for a calendar program, or take it back."""
    if request.method == "POST":
        return _changed(request)
    at = timezone.now()
    token = request.session.pop(MADE, "")
    rows = days(request.user, at)
    context = {
        "months": [
            (month, list(of_month))
            for month, of_month in groupby(rows, key=lambda one: one.until.replace(day=1))
        ],
        "today": at.date(),
        "address": request.build_absolute_uri(reverse("calendar-feed", args=[token])) if token else "",
        "link": queries.borrowing.calendar_link(request.user),
        "crumbs": [{"label": _("Today"), "href": reverse("today")}, {"label": _("Calendar")}],
    }
    return render(request, "today/calendar.html", context)


def _changed(request: HttpRequest) -> HttpResponse:
    person, at = request.user, timezone.now()
    if request.POST.get("act") == "end":
        operations.end_link(person, at=at)
    elif request.POST.get("act") == "make":
        request.session[MADE] = operations.make_link(person, at=at)
    return redirect("calendar")


def days(person: Person, at: datetime) -> list[Shown]:
    """Return everything of somebody that has a day, the earliest first."""
    every = [one for _desk, items in today.desks(person, at) for one in items if one.until is not None]
    return sorted(dict.fromkeys(every), key=lambda one: (one.until or date.max, one.name))


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer somebody's days as iCalendar to whoever has the address, in the language in which they are written to."""
    person = queries.borrowing.calendar_owner(token[:TOKEN_MOST])
    if person is None:
        raise Http404
    at = timezone.now()
    with override(notice_reads.correspondence(person).language):
        tasks = _tasks(request, days(person, at))
        body = icalendar.calendar(tasks, stamp=at.date(), of=f"{request.get_host()} {person.key}")
    answer = HttpResponse(body, content_type=icalendar.CONTENT_TYPE)
    answer["Content-Disposition"] = 'inline; filename="days.ics"'
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _tasks(request: HttpRequest, rows: Iterable[Shown]) -> list[Task]:
    return [Task(f"{one.name}: {one.said}", request.build_absolute_uri(one.href), one.until) for one in rows]
