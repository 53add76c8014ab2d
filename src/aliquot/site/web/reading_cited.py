"""How are the facts cited that a reading rests on? Each at its permanent address, in the revision that was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

import aliquot
from aliquot import register_cite
from aliquot.site import instance, words
from aliquot.site.queries.register import in_force
from aliquot.site.queries.register.grounds import Ground
from aliquot.site.web.reading_shown import ArticleShown

FORMS: Final[dict[str, tuple[Callable[[register_cite.Page], str], str]]] = {
    "bib": (register_cite.bibtex, "application/x-bibtex"),
    "ris": (register_cite.ris, "application/x-research-info-systems"),
    "txt": (register_cite.sentence, "text/plain"),
}


def answer(request: HttpRequest, articles: Iterable[ArticleShown], form: str) -> HttpResponse:
    """Hand over the citations of all facts that these articles' verdicts rest on, each once, in one of FORMS."""
    write, content_type = FORMS[form]
    body = "".join(write(page) for page in _pages(request, articles))
    made = HttpResponse(body, content_type=f"{content_type}; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="reading.{form}"'
    made["Cache-Control"] = "no-store"
    return made


def sentence(request: HttpRequest) -> str:
    """Return how the desk is cited with the revision of the register that it asked, for whoever reads it on paper."""
    return register_cite.sentence(_page(request, "reading-desk", _("Reading desk"), request.path)).strip()


def _pages(request: HttpRequest, articles: Iterable[ArticleShown]) -> Iterator[register_cite.Page]:
    facts = {one.key: one for article in articles for claim in article.claims for one in claim.grounds}
    for key, one in facts.items():
        if one.href:
            yield _page(request, key, _title(one), one.href)


def _page(request: HttpRequest, key: str, title: str, path: str) -> register_cite.Page:
    publisher = str(words.said("facility", instance.describe(settings.HOME).facility))
    version = f"{aliquot.__version__}.{in_force.view().revision[0]}"
    address = request.build_absolute_uri(path)
    return register_cite.Page(key, title, publisher, address, version, timezone.now().date())


def _title(one: Ground) -> str:
    return f"{one.about.text}: {one.says}" if one.says else one.about.text
