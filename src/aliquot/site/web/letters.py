"""Letters of decision: for the applicant, and for those who see the whole field; on the screen and on paper.

There is a letter once the last level has spoken. It is shown as it was issued: nothing of it is written anew.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot.site import letter_text, permissions, queries
from aliquot.site.models import Letter, LetterText, Request
from aliquot.site.permissions import Act
from aliquot.site.web import minutes


@require_safe
@login_required
def letter(request: HttpRequest, key: str) -> HttpResponse:
    """Show the letters of a request, the newest open."""
    rows = found(request, key)
    chosen = _chosen(request, rows)
    context = _context(chosen) | {
        "others": [one for one in rows if one.pk != chosen.pk],
        "crumbs": [
            {"label": chosen.request.title, "href": reverse("request", args=[key])},
            {"label": _("Letter")},
        ],
    }
    return render(request, "decisions/letter.html", context)


@require_safe
@login_required
def letter_file(request: HttpRequest, key: str) -> HttpResponse:
    """Print a letter."""
    chosen = _chosen(request, found(request, key))
    context = _context(chosen)
    if context["blocks"] is None:
        raise Http404
    name = f"letter-{chosen.request.key[:8]}-{chosen.round}-{chosen.language}"
    return minutes.printed(request, "decisions/letter_paper.html", context, name)


def found(request: HttpRequest, key: str) -> list[Letter]:
    """Return the letters of a request in the reader's language, newest first, to those who may read them."""
    whole = permissions.may(request.user, Act.SEE_REQUESTS)
    row = queries.requests.one(key, request.user, whole_field=whole)
    if row is None or not (
        queries.requests.is_author(row, request.user) or (whole and not _barred(row, request))
    ):
        raise Http404
    rows = row.letters.filter(language=get_language() or "en").select_related("request__call").order_by("-pk")
    letters = list(rows)
    if not letters:
        raise Http404
    return letters


def _barred(row: Request, request: HttpRequest) -> bool:
    """Return whether somebody has a conflict with a request: the letter tells what its reviews say."""
    return row.pk in queries.reviewing.hidden(row.call, [row], request.user, at=timezone.now())


def _chosen(request: HttpRequest, rows: list[Letter]) -> Letter:
    wanted = (request.GET.get("round", ""), request.GET.get("kind", ""))
    if wanted == ("", ""):
        return rows[0]
    one = next((row for row in rows if (str(row.round), row.kind) == wanted), None)
    if one is None:
        raise Http404
    return one


def _context(chosen: Letter) -> dict[str, object]:
    """Return the letter with whether its text is still the one whose hash was kept; no text where it was forgotten."""
    kept = LetterText.objects.filter(letter=chosen).first()
    return {
        "letter": chosen,
        "blocks": kept.blocks if kept else None,
        "is_same": bool(kept) and letter_text.sha256(kept.blocks) == chosen.sha256,
    }
