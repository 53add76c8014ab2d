"""What an article claims, held against the register: computed for whoever has a token, and kept nowhere."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Router

from aliquot import fault
from aliquot.fault import Fault, Refused
from aliquot.reading import desk
from aliquot.reading.desk import Reading
from aliquot.site import articles, reading_rate
from aliquot.site.api import guessing, writing
from aliquot.site.api.shapes.reading import ArticleRead
from aliquot.site.articles import Sent
from aliquot.site.queries.register import in_force, named

router = Router(tags=["Register"])
NAME_MOST: Final = 200


@router.post("/read", **writing.documented(list[ArticleRead], "read", "What an article claims", status=200))
def read(request: HttpRequest, told: writing.Told) -> HttpResponse:
    """The claims of one article: `file` is its name, `text` its text, or `base64` the bytes of an HTML page or PDF.

    The answer is that of `aliquot read --json`, against the register as it is in force here. Nothing is stored.
    """
    if reading_rate.is_too_often(request, request.auth.person):
        raise guessing.TooManyError
    sent = _sent(told)
    if isinstance(sent, Fault):
        raise Refused([sent])
    with in_force.seen():
        (found,), _record = articles.read([sent], named.beside)
    if not isinstance(found, Reading):
        raise Refused([found])
    content = json.dumps([desk.plain(found)], ensure_ascii=False, indent=1) + "\n"
    made = HttpResponse(content.encode("utf-8", "replace"), content_type="application/json; charset=utf-8")
    made["Cache-Control"] = "no-store"
    return made


def _sent(told: dict[str, object]) -> Sent | Fault:
    name, text, coded = told.get("file", "article"), told.get("text"), told.get("base64")
    if not isinstance(name, str) or not name.strip():
        return fault.of("file", "the name is no text", "name the article")
    name = fault.seen(name[:NAME_MOST])
    if isinstance(text, str) and coded is None:
        return Sent(name, text.encode("utf-8", "replace"))
    if not isinstance(coded, str) or text is not None:
        return fault.of(
            "text", "there is no text, or more than one", "send text, or base64 of an HTML page or PDF"
        )
    try:
        return Sent(name, base64.b64decode(coded, validate=True))
    except (binascii.Error, ValueError):
        return fault.of("base64", "this is no base64", "encode the bytes of the file")
