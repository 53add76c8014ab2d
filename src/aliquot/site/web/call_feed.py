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

from aliquot.site import instance, queries
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
    described = instance.describe(settings.HOME)
    news = queries.calls.news()
    here = request.build_absolute_uri
    made = Atom1Feed(
        title=_("Calls of %(facility)s") % {"facility": described.facility},
        link=here(reverse("calls")),
        description=_("What was published, amended, answered and concluded."),
        feed_url=here(reverse("calls-feed")),
        language=get_language(),
        author_name=described.facility,
        feed_guid=_tag(described.origin, "calls"),
    )
    for one in news:
        address = (
            f"{reverse('call', args=[one.call.key])}{'#questions' if one.what == 'answer' else '#notices'}"
        )
        made.add_item(
            title=str(TITLES[one.what]) % {"title": one.call.title},
            link=here(address),
            description=_html(one),
            unique_id=_tag(described.origin, f"call/{one.call.key}/{one.what}/{one.order}"),
            pubdate=one.at,
            updateddate=one.at,
        )
    if not news:
        made.latest_post_date = timezone.now
    return HttpResponse(made.writeString("utf-8"), content_type=CONTENT_TYPE)


def _html(one: News) -> str:
    """Return the text of a notice as the HTML that a summary holds."""
    text = one.text or str(TITLES[one.what]) % {"title": one.call.title}
    return "".join(f"<p>{escape(part)}</p>" for part in text.replace("\r\n", "\n").split("\n\n"))


def _tag(origin: str, name: str) -> str:
    """Return a tag URI (RFC 4151) in the name of the log: it stays the same on another host."""
    return f"tag:{origin.partition('/')[0]},2026:{name}"
