"""What forms that write have in common: each fault beside its field, and pages of lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from aliquot.site.web.acting import Shown

PAGE_MOST = 1_000_000


def beside(form: forms.Form, faults: Iterable[Shown]) -> list[Shown]:
    """Put each fault beside the field that it names; return those that name none of this form's."""
    rest = []
    for one in faults:
        if form.is_bound and one.where in form.fields:
            line = _("%(what)s; %(todo)s") % {"what": one.said, "todo": one.advice}
            if line not in form.errors.get(one.where, []):
                form.add_error(one.where, line)
        else:
            rest.append(one)
    return rest


def page_of(request: HttpRequest, name: str = "page") -> int:
    """Return which page of a list the address asks for, counted from 1."""
    asked = request.GET.get(name, "")
    return (
        min(int(asked), PAGE_MOST)
        if asked.isascii() and asked.isdigit() and 0 < len(asked) < 9 and int(asked)
        else 1
    )


def href_of(request: HttpRequest, **changed: object) -> str:
    """Return this page's address with some parameters changed; None takes one out."""
    asked = request.GET.copy()
    for name, value in changed.items():
        if value is None:
            asked.pop(name, None)
        else:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"


def paged(request: HttpRequest, page: object, name: str = "page") -> dict[str, str]:
    """Return the addresses of the pages before and after one of a list, as the pagination component takes them."""
    return {
        "previous_href": href_of(request, **{name: page.previous}) if page.previous else "",
        "next_href": href_of(request, **{name: page.next}) if page.next else "",
    }


class UtcField(forms.Field):
    """A date and time in UTC, as a browser's own field gives it; empty where it may be."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: object) -> datetime | None:
        if not value:
            return None
        try:
            read = parse_datetime(str(value))
        except ValueError:
            read = None
        if read is None:
            raise forms.ValidationError(_("Write date and time as 2026-11-24T09:30."))
        return timezone.make_aware(read, UTC) if timezone.is_naive(read) else read
