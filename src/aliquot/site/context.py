"""What every page is told besides its own matter."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from aliquot.site import permissions
from aliquot.site.models import Person
from aliquot.site.permissions import Act
from aliquot.site.queries import notices

# Each language is named in its own script: who looks for it reads that one.
SHORT_NAMES = {"en": "English", "zh-hans": "中文"}


def everywhere(request: HttpRequest) -> dict[str, str | bool | int]:
    """Return the way to this page in the other language, and the name of the product."""
    other = next(code for code, _name in settings.LANGUAGES if code != get_language())
    head = _head(request)
    return {
        "product": str(settings.PRODUCT),
        "nav": _section(request),
        "has_desk": head.holds,
        "unread_notices": head.unread,
        "other_language_code": other,
        "other_language_name": SHORT_NAMES[other],
        "other_language_url": _elsewhere(request, other),
    }


def _head(request: HttpRequest) -> notices.Header:
    """Return whether the desk is open to whoever asks, and how many notices they have not read: one query."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or not person.is_active:
        return notices.Header(0, False)
    return notices.header(person, permissions.ROLES[Act.SEE_DESK])


def _elsewhere(request: HttpRequest, language: str) -> str:
    """Return this page's address in the language, or nothing where there is no such page."""
    here = request.get_full_path()
    there = translate_url(here, language)
    return "" if there == here else there


def _section(request: HttpRequest) -> str:
    """Return the entry of the main menu that the page belongs to; a view may say otherwise."""
    match = request.resolver_match
    return SECTIONS.get(match.url_name or "", "") if match else ""


SECTIONS = {
    "home": "home",
    "mission": "home",
    "sources": "home",
    "source": "home",
    "transfers": "transfers",
    "transfer": "transfers",
    "contradictions": "transfers",
    "calls": "calls",
    "call": "calls",
    "round": "calls",
    "call-new": "calls",
    "call-edit": "calls",
    "call-keeping": "calls",
    "catalogue": "catalogue",
    "sample": "catalogue",
    "family": "catalogue",
    "compare": "catalogue",
    "photographs": "desk",
    "photograph": "catalogue",
    "document": "catalogue",
    "sample-results": "catalogue",
    "analysis": "catalogue",
    "ages": "ages",
    "chronology": "ages",
    "result": "ages",
    "results": "desk",
    "record-result": "desk",
    "derive-age": "desk",
    "import-results": "desk",
    "results-table": "desk",
    "ledger": "ledger",
    "entry": "ledger",
    "verify-guide": "ledger",
    "facility": "facility",
    "desk": "desk",
    "overview": "desk",
    "bench": "desk",
    "act": "desk",
    "handling": "desk",
    "imports": "desk",
    "import": "desk",
    "audits": "desk",
    "audit": "desk",
    "incidents": "desk",
    "incident": "desk",
    "proposals": "desk",
    "proposal": "desk",
    "places": "desk",
    "place": "desk",
    "readings": "desk",
    "tools": "desk",
    "tool": "desk",
    "instruments": "desk",
    "instrument": "desk",
    "labels": "desk",
    "scan": "desk",
    "reconciliations": "desk",
    "reconciliation": "desk",
    **dict.fromkeys(("reviews", "review", "review-summary", "discussion"), "desk"),
    **dict.fromkeys(("panels", "panel", "refusals", "institutions", "minutes", "decide"), "desk"),
    **dict.fromkeys(("call-result", "letter"), "calls"),
    **dict.fromkeys(("call-reviews", "assignment", "call-hearings"), "desk"),
    "screenings": "desk",
    "screening": "desk",
    "certificates": "desk",
    "mailings": "desk",
    "people": "desk",
    "person": "desk",
    "requests": "requests",
    "request": "requests",
    "request-edit": "requests",
    "request-begin": "requests",
    "request-clash": "requests",
    "request-files": "requests",
    "request-receipt": "requests",
    "basket": "requests",
}
