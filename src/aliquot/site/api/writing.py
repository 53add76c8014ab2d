"""How does a program write? With a token for a person, an act that the token and the person may do, and a key that makes it one act.

Every operation that writes is a function of a router with four lines in it:

    @router.post("/places", **writing.documented(PlaceMade, "make_place", "Set up a place"))
    def make_place(request: HttpRequest, told: writing.Told, key: writing.Key = None) -> HttpResponse:
        \"\"\"What stands on the page for people.\"\"\"
        def act(person: Person, at: datetime) -> Body:
            made = operations.places.make(told, by=person, at=at)   # raises Refused with every fault
            return {"place": made.code}
        return writing.answer(request, key, told, act, scope="places", act=Act.KEEP_PLACES)

`answer` refuses a token without the word `scope` and a person who may not do `act` (403), wants the header Idempotency-Key
(400 without it; 409 where it was used for something else), acts once for that key, and answers 201 with the body that
the act returned (JSON, so that the same key can be given the same answer). `Refused` is answered with 400 and all faults.
What only staff may read goes through `shown`. Every word of scope stands in `operations.programs.SCOPES`. Add the router in
`urls`; a shape of the body (`shapes/`) goes into the document.

An answer depends on who asks: it is never kept, and pages of other sites may not read it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Body as JsonBody
from ninja import Header, Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.security import HttpBearer

from aliquot import fault
from aliquot.fault import Fault, Refused
from aliquot.site import permissions
from aliquot.site.api import guessing
from aliquot.site.api.shapes import Faults
from aliquot.site.models import Person, Token
from aliquot.site.operations import programs
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries import programs as reads

# What was told of an act: an object with a field each.
Told = Annotated[dict[str, Any], JsonBody(description="What is told, by the names of the fields.")]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=programs.KEY_MOST,
        description="Made anew for each act, such as a UUID. Asked again with the same key, the same answer is given and nothing is done. Required.",
    ),
]


Before = Callable[[Person, datetime], None]


@dataclass(frozen=True, slots=True)
class Writer:
    """For whom a program acts, and with which token."""

    person: Person
    token: Token


class Bearer(HttpBearer):
    """`Authorization: Bearer …` with a token that its person made on their account's page."""

    def authenticate(self, request: HttpRequest, token: str) -> Writer | None:
        guessing.refuse_if_too_many(request)
        found = reads.token(token.strip(), at=timezone.now())
        if found is None:
            guessing.note(request)
        return Writer(found.person, found) if found else None


bearer = Bearer()


def documented(shape: type[Schema], key: str, summary: str, *, status: int = 201) -> dict[str, object]:
    """Return what Ninja is told of an operation for programs: its shape, its name, and how it may fail."""
    wrong = dict.fromkeys(
        (400, 401, 403, 404, 409, 413, 429) if status == 201 else (400, 401, 403, 404, 429), Faults
    )
    return {"auth": bearer, "response": {status: shape, **wrong}, "operation_id": key, "summary": summary}


def answer(
    request: HttpRequest,
    key: str | None,
    asked: object,
    run: Callable[[Person, datetime], Body],
    *,
    scope: str,
    act: Act,
    thing: object = None,
    before: Before | None = None,
) -> HttpResponse:
    """Do an act once for the person of the token, and answer 201; see the head of this module.

    `before` is done first, each time, in a transaction of its own: what it notes outlives a refusal.
    """
    writer, at = request.auth, timezone.now()
    barred = _barred(writer, scope, act, thing)
    if barred:
        return refusal([barred], status=403)
    if not key:
        return refusal([_no_key()], status=400)
    if before is not None:
        before(writer.person, at)
    reads_again = {"method": request.method, "path": request.path, "asked": asked}
    try:
        body = programs.once(writer.person, key, reads_again, lambda: run(writer.person, at), at=at)
    except Refused as refused:
        used = any(one.what == programs.USED_KEY for one in refused.faults)
        return refusal(refused.faults, status=409 if used else 400)
    programs.used(writer.token, at=at)
    return private(body, status=201)


def shown(
    request: HttpRequest,
    run: Callable[[Person], Body],
    *,
    act: Act,
    scope: str = "read",
    thing: object = None,
) -> HttpResponse:
    """Answer what only those may read who may do this act, with a token that has the scope."""
    writer = request.auth
    barred = _barred(writer, scope, act, thing)
    return refusal([barred], status=403) if barred else private(run(), status=200)


def _barred(writer: Writer, scope: str, act: Act, thing: object) -> Fault | None:
    allowed = writer.token.scope.split()
    if allowed and scope not in allowed:
        return fault.of(
            "token", "this token may not do that", "make one with the scope “{scope}”", scope=scope
        )
    if not permissions.may(writer.person, act, thing):
        return fault.of("person", "you may not {act}", "ask a director for the role", act=str(act))
    return None


def _no_key() -> Fault:
    return fault.of(
        "Idempotency-Key", "this header is missing", "make a new key for each act, such as a UUID"
    )


def private(body: Mapping[str, object], *, status: int) -> HttpResponse:
    """Answer JSON for the one who asked."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    made = HttpResponse(content, status=status, content_type="application/json; charset=utf-8")
    made["Cache-Control"] = "no-store"
    return made


def refusal(faults: tuple[Fault, ...] | list[Fault], *, status: int) -> HttpResponse:
    """Answer with faults: where, what, what to do."""
    return private({"faults": said(faults)}, status=status)


def said(faults: tuple[Fault, ...] | list[Fault]) -> list[dict[str, str]]:
    """Return faults as every answer has them."""
    return [{"where": one.where, "what": one.said, "todo": one.advice} for one in faults]


def no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001
    """Answer where no token opens the door, whatever is wrong with it."""
    todo = (
        "send Authorization: Bearer and a token that you made on your account's page and that has not ended"
    )
    made = refusal([fault.of("Authorization", "no token that opens this was sent", todo)], status=401)
    made["WWW-Authenticate"] = "Bearer"
    return made


def too_many(request: HttpRequest, error: guessing.TooManyError) -> HttpResponse:  # noqa: ARG001
    """Answer an address that has sent many tokens that open nothing."""
    todo = "wait a minute, then send a token that has not ended"
    made = refusal([fault.of("Authorization", "too many tokens that open nothing were sent from here", todo)],
                   status=429)  # fmt: skip
    made["Retry-After"] = str(guessing.WINDOW_S)
    return made


def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001
    """Answer a body that is no JSON."""
    return refusal([fault.of("body", "the body is not JSON in UTF-8", "send a JSON object")],
                   status=error.status_code)  # fmt: skip


def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:  # noqa: ARG001
    """Answer a body that nobody would type."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    said = fault.of("body", "the body has more than {most} bytes", "tell it as several acts", most=most)
    return refusal([said], status=413)
