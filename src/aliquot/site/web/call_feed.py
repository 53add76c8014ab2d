"""The feed of all calls: what was published, amended, answered and concluded, as Atom (RFC 4287)."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot.site import instance, queries, words
from aliquot.site.instance import Described
from aliquot.site.queries.calls import News

CONTENT_TYPE: Final = "application/atom+xml; charset=utf-8"
TITLES: Final[dict[str, Promise]] = {
    "publish": gettext_lazy("Published: %(title)s"),
    "amend": gettext_lazy("Amended: %(title)s"),
    "answer": gettext_lazy("A question was answered: %(title)s"),
    "cancel": gettext_lazy("Cancelled: %(title)s"),
    "conclude": gettext_lazy("Concluded, results: %(title)s"),
}


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Give what everybody was told last; the same news keep their identifiers whoever serves them."""
    news, described = queries.calls.news(), instance.describe(settings.HOME)
    made = _empty(request, described)
    for one in news:
        made.add_item(
            title=_title(one),
            link=request.build_absolute_uri(_address(one)),
            description=_html(one),
            unique_id=_tag(described, f"call/{one.call.key}/{one.what}/{one.order}"),
            pubdate=one.at,
            updateddate=one.at,
        )
    if not news:
        made.latest_post_date = timezone.now
    return HttpResponse(made.writeString("utf-8"), content_type=CONTENT_TYPE)


def _empty(request: HttpRequest, described: Described) -> Atom1Feed:
    facility = described.facility
    return Atom1Feed(
        title=_("Calls of %(facility)s") % {"facility": words.said("facility", facility)},
        link=request.build_absolute_uri(reverse("calls")),
        description=_("What was published, amended, answered and concluded."),
        feed_url=request.build_absolute_uri(reverse("calls-feed")),
        language=get_language(),
        author_name=facility,
        feed_guid=_tag(described, "calls"),
    )


def _title(one: News) -> str:
    return str(TITLES[one.what]) % {"title": one.call.title}


def _address(one: News) -> str:
    return f"{reverse('call', args=[one.call.key])}{'#questions' if one.what == 'answer' else '#notices'}"


def _html(one: News) -> str:
    """Return the text of a notice as the HTML that a summary holds."""
    text = one.text or _title(one)
    return "".join(f"<p>{escape(part)}</p>" for part in text.replace("\r\n", "\n").split("\n\n"))


def _tag(described: Described, name: str) -> str:
    """Return a tag URI (RFC 4151) in the name of the log: it stays the same on another host."""
    return f"tag:{described.origin.partition('/')[0]},2026:{name}"
