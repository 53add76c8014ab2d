"""How does a program ask? The OpenAPI document, and the same as a page of the site for people.

The page is made from the document alone, on the server: it needs no script and no other host.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2s
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from aliquot.site.api.answers import opened

Json = Mapping[str, "Json"] | list["Json"] | str | int | None
Document = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a shape."""

    name: str
    type: str
    shape: str
    told: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One address and what it answers."""

    key: str
    method: str
    path: str
    heading: str
    told: str
    parameters: tuple[Field, ...]
    answer: Field
    wants_token: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """What an answer is made of."""

    name: str
    told: str
    fields: tuple[Field, ...]
    words: tuple[str, ...]


def document_of(api: NinjaAPI, prefix: str) -> Callable[[], Document]:
    """Return what makes the OpenAPI document, once."""

    @cache
    def made() -> Document:
        return cast("Document", json.loads(json.dumps(api.get_openapi_schema(path_prefix=prefix))))

    return made


def openapi(document: Callable[[], Document]) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view of the document."""

    def view(request: HttpRequest) -> HttpResponse:
        content = json.dumps(document(), ensure_ascii=False, indent=1).encode()
        tag = f'W/"{blake2s(content, digest_size=12).hexdigest()}"'
        same = request.headers.get("If-None-Match") == tag
        answer = HttpResponse(status=304) if same else HttpResponse(content, content_type="application/json")
        answer["ETag"], answer["Cache-Control"] = tag, "public, no-cache"
        return opened(answer)

    return view


def docs(document: Callable[[], Document]) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view of the page."""

    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        groups: dict[str, list[Operation]] = {}
        for tag, operation in _operations(document()):
            groups.setdefault(tag, []).append(operation)
        context = {
            "groups": groups.items(),
            "shapes": _shapes(document()),
            "server": f"{request.scheme}://{request.get_host()}",
        }
        return render(request, "api/docs.html", context)

    return view


def _at(node: Json, *steps: str) -> Json:
    """Return what lies in the document that way, or None."""
    for step in steps:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node


def _text(node: Json, *steps: str) -> str:
    found = _at(node, *steps)
    return found if isinstance(found, str) else ""


def _items(node: Json) -> Iterator[tuple[str, Json]]:
    yield from node.items() if isinstance(node, Mapping) else ()


def _list(node: Json) -> list[Json]:
    return node if isinstance(node, list) else []


def _operations(document: Document) -> Iterator[tuple[str, Operation]]:
    for address, method, found in _each(document):
        tags = _list(_at(found, "tags"))
        yield (
            str(tags[0]),
            Operation(
                key=_text(found, "operationId"),
                method=method.upper(),
                path=address,
                heading=_text(found, "summary"),
                told=_text(found, "description"),
                parameters=tuple(_parameter(document, one) for one in _list(_at(found, "parameters"))),
                answer=_answer(found),
                wants_token=bool(_list(_at(found, "security"))),
            ),
        )


def _each(document: Document) -> Iterator[tuple[str, str, Json]]:
    """Yield every operation with its address and method."""
    for address, methods in _items(_at(document, "paths")):
        yield from ((address, method, found) for method, found in _items(methods))


def _parameter(document: Document, found: Json) -> Field:
    """Return a parameter; that it can be left out is said by none being called for."""
    schema, told = _at(found, "schema"), _text(found, "description")
    asked = next((one for one in _list(_at(schema, "anyOf")) if _text(one, "type") != "null"), schema)
    words = _list(_at(document, "components", "schemas", _shape(asked), "enum"))
    default = _at(schema, "default")
    shown = "" if default is None else str(default)
    return Field(_text(found, "name"), _type(asked), _shape(asked), told or ", ".join(map(str, words)), shown)


def _answer(found: Json) -> Field:
    for status in ("200", "201"):
        for content_type, content in _items(_at(found, "responses", status, "content")):
            schema = _at(content, "schema")
            return Field(content_type, _type(schema), _shape(schema), "")
    return Field("", "", "", "")


def _shapes(document: Document) -> tuple[Shape, ...]:
    return tuple(
        Shape(
            name,
            _text(schema, "description"),
            tuple(_fields(schema)),
            tuple(map(str, _list(_at(schema, "enum")))),
        )
        for name, schema in sorted(_items(_at(document, "components", "schemas")))
    )


def _fields(schema: Json) -> Iterator[Field]:
    for name, one in _items(_at(schema, "properties")):
        yield Field(name, _type(one), _shape(one), _told(one))


def _told(schema: Json) -> str:
    """Return the description of a field, or that of what it may be."""
    return _text(schema, "description") or next(
        (told for one in _list(_at(schema, "anyOf")) if (told := _text(one, "description"))), ""
    )


def _type(schema: Json) -> str:
    """Return in words what a value may be."""
    if _at(schema, "anyOf"):
        return " or ".join(_type(one) for one in _list(_at(schema, "anyOf")))
    if words := _list(_at(schema, "enum")):
        return ", ".join(map(str, words))
    if _text(schema, "type") == "array":
        return f"list of {_type(_at(schema, 'items'))}"
    return _text(schema, "$ref").rpartition("/")[2] or _text(schema, "type")


def _shape(schema: Json) -> str:
    """Return the name of the shape that a value is, or is a list of."""
    if name := _text(schema, "$ref").rpartition("/")[2]:
        return name
    inner = [_at(schema, "items"), *_list(_at(schema, "anyOf"))]
    return next((name for one in inner if one and (name := _shape(one))), "")
