"""The feed of changes of the register: every step of every claim, as Atom (RFC 4287)."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot.site import instance, queries, words
from aliquot.site.instance import Described
from aliquot.site.web.register_claims import ACTS

NEWEST: Final = 50


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Give the newest steps; a step keeps its identifier whoever serves it."""
    described = instance.describe(settings.HOME)
    origin, steps = described.origin.partition("/")[0], queries.claims.newest_steps(NEWEST)
    made = _empty(request, described)
    for one in steps:
        made.add_item(
            title=f"{one.claim.key}: {ACTS[one.act]}",
            link=request.build_absolute_uri(reverse("claim", args=[one.claim.key])),
            description=f"sha256:{one.hash}",
            unique_id=f"tag:{origin},2026:register/{one.claim.key}/{one.number}",
            pubdate=one.at,
            updateddate=one.at,
        )
    if not steps:
        made.latest_post_date = timezone.now
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _empty(request: HttpRequest, described: Described) -> Atom1Feed:
    return Atom1Feed(
        title=_("Changes of the register"),
        link=request.build_absolute_uri(reverse("claims")),
        description=_("Claims proposed, looked at, linked and withdrawn."),
        feed_url=request.build_absolute_uri(reverse("register-feed")),
        language=get_language(),
        author_name=str(words.said("facility", described.facility)),
        feed_guid=f"tag:{described.origin.partition('/')[0]},2026:register",
    )
