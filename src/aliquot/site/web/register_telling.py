"""How does a page of the register go out? Made once for a revision and a language, as a page or in the form that is asked for.

One mechanism for every kind of page: what is shown has a key, a title and the facts that it tells.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import TypeVar, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from aliquot.site import queries
from aliquot.site.web import register_files
from aliquot.site.web.register_files import Told

Page = TypeVar("Page")


def drawn(template: str, page: Callable[..., object], *asked: Hashable) -> SafeString:
    """Return the part of a page that follows from the record, the language and what was asked alone; made once.

    What a visitor brings along (who it is, a nonce, a token) has no place in such a part.
    """
    return _drawn(_seen(), template, page, *asked)


def kept(page: Callable[..., Page], *asked: Hashable) -> Page:
    """Return what a page shows, made once for a language and a revision; values alone, which nobody changes."""
    return cast("Page", _made(_seen(), page, *asked))


def _seen() -> Hashable:
    view = queries.register.in_force.view()
    return get_language(), view.revision, view.day


@lru_cache(maxsize=256)
def _made(_view: Hashable, page: Callable[..., object], *asked: Hashable) -> object:
    return page(*asked)


@lru_cache(maxsize=128)
def _drawn(_view: Hashable, template: str, page: Callable[..., object], *asked: Hashable) -> SafeString:
    return render_to_string(template, {"page": kept(page, *asked)})


def told(
    request: HttpRequest,
    template: str,
    make: Callable[..., Told | None],
    *asked: Hashable,
    part: str = "",
    **context: object,
) -> HttpResponse:
    """Show a page, or give it in the form of `?format=`; 404 where there is none.

    `part` is the template of what is the same for every visitor: it is drawn once, and put into the page as `content`.
    """
    page = made(request, make, *asked)
    given = register_files.answer(request, page)
    if given is not None:
        return given
    content = drawn(part, make, *asked) if part else ""
    return render(request, template, {**around(request, page), "content": content, **context})


def made(request: HttpRequest, make: Callable[..., Told | None], *asked: Hashable) -> Told:
    """Return what a page tells: for a file all of it; 404 where there is none."""
    if request.GET.get("format"):
        with queries.register.around.whole():
            page = make(*asked)
    else:
        page = kept(make, *asked)
    if page is None:
        raise Http404
    return page


def around(request: HttpRequest, page: Told) -> dict[str, object]:
    """Return what stands around the content of every page: of which day it tells, and in which forms it can be had."""
    return {
        "page": page,
        "known": request.known,
        "forms": register_files.offered(request),
        "cited": register_files.sentence(request, page),
    }
