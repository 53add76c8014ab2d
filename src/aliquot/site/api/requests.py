"""Requests for programs: one's own, read, written, submitted once, amended, withdrawn; and read by staff.

A draft is saved from the version that it was begun from, as on the pages: what two wrote at once is put together, or both
texts are kept. The moment that counts is when the server got it. What one may not see is not there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NoReturn

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Router

from aliquot import fault
from aliquot.fault import Refused
from aliquot.site import permissions, queries
from aliquot.site.api import writing
from aliquot.site.api.answers import missing
from aliquot.site.api.shapes.requests import (
    RequestBegun,
    RequestList,
    RequestMoved,
    RequestReceipt,
    RequestSaved,
    RequestWhole,
)
from aliquot.site.models import Person, Receipt, Request
from aliquot.site.operations import requests
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act

router = Router(tags=["Requests"])
RequestKey = Annotated[str, Path(pattern=r"^[0-9a-f]{1,24}$", description="The key of a request.")]
SCOPE = "requests"


# -- reading -----------------------------------------------------------------------------------------------------


@router.get("/requests", **writing.documented(RequestList, "requests", "One's own requests", status=200))
def mine(request: HttpRequest) -> HttpResponse:
    """Requests that one leads or writes with others, drafts too. The scope is `read`."""

    def found() -> Body:
        return {"items": [_listed(row) for row in queries.requests.mine_with_calls(request.auth.person)]}

    return writing.shown(request, found, act=Act.SEE_PUBLISHED)


@router.get("/requests/{key}", **writing.documented(RequestWhole, "request", "One request", status=200))
def one(request: HttpRequest, key: RequestKey) -> HttpResponse:
    """One's own request; to staff who see the whole field, one that was submitted. The scope is `read`."""

    def found() -> Body:
        person = request.auth.person
        whole_field = permissions.may(person, Act.SEE_REQUESTS)
        row = queries.requests.readable(key, person, whole_field=whole_field)
        return _whole(row, person) if row else _none(key)

    return writing.shown(request, found, act=Act.SEE_PUBLISHED)


def _none(key: str) -> NoReturn:
    raise missing("request", "there is no request {key}", "see the list of your own", key=key)


def _listed(row: Request) -> Body:
    return {
        "key": row.key,
        "call": row.call.key,
        "state": row.state,
        "title": row.title,
        "lead": row.lead.key,
        "version": row.version,
        "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
    }


def _whole(row: Request, person: Person) -> Body:
    receipts = list(row.receipts.select_related("version").prefetch_related("files__file__file"))
    is_draft = row.state == "draft" and queries.requests.is_author(row, person)
    version = queries.requests.newest(row) if is_draft or not receipts else receipts[-1].version
    acts = requests.open_to(row, person, at=timezone.now())
    return _listed(row) | {
        "told": version.told if version else {},
        "told_version": version.order if version else 0,
        "receipts": [_receipt(row, one) for one in receipts],
        "acts": [step.act for step in acts],
    }


def _receipt(row: Request, held: Receipt) -> Body:
    return {
        "request": row.key,
        "version": held.version.order,
        "at": held.at.isoformat(),
        "in_grace": held.in_grace,
        "call_sha256": held.call_sha256,
        "sha256": held.sha256,
        "files": [
            {"name": one.file.name, "sha256": one.file.file.sha256, "size_bytes": one.file.file.size_bytes}
            for one in held.files.all()
        ],
    }


# -- writing -----------------------------------------------------------------------------------------------------


def _own(key: str, person: Person) -> Request:
    row = queries.requests.readable(key, person, whole_field=False)
    return row or _none(key)


def _number(told: writing.Told, name: str) -> int:
    value = told.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 10**9:
        raise Refused([fault.of(name, "this is no number of a version", "give the one that you read")])
    return value


def _only(told: writing.Told, *names: str) -> None:
    unknown = sorted(told.keys() - set(names))
    fault.refuse_if(fault.of(name[:60], "this is no field of this act", "leave it out") for name in unknown)


def _text(told: writing.Told) -> dict[str, object]:
    text = told.get("told")
    if not isinstance(text, dict):
        raise Refused([fault.of("told", "this is no draft of a request", "send the fields of the form")])
    return text


@router.post("/requests", **writing.documented(RequestBegun, "begin_request", "Begin a request"))
def begin(request: HttpRequest, told: writing.Told, key: writing.Key = None) -> HttpResponse:
    """Begin a draft under an open call: `{"call": "…"}`. The scope is `requests`."""

    def act(person: Person, at: datetime) -> Body:
        _only(told, "call")
        call = queries.calls.one(str(told.get("call"))[:40].replace("\0", ""))
        if call is None:
            raise Refused([fault.of("call", "there is no such call", "choose one of those that are open")])
        made = requests.begin(call, by=person, at=at)
        return {"key": made.key, "version": made.version}

    return writing.answer(request, key, told, act, scope=SCOPE, act=Act.ASK_FOR_SAMPLES)


@router.post(
    "/requests/{request_key}/versions", **writing.documented(RequestSaved, "save_request", "Save a draft")
)
def save(
    request: HttpRequest, request_key: RequestKey, told: writing.Told, key: writing.Key = None
) -> HttpResponse:
    """Save `{"base": 3, "told": {…}}`: the whole text, and the version that it was begun from. The scope is `requests`."""

    def act(person: Person, at: datetime) -> Body:
        _only(told, "base", "told")
        row = _own(request_key, person)
        saved = requests.save(row, _text(told), base=_number(told, "base"), by=person, at=at)
        newest = queries.requests.newest(row) or fault.bug(f"request {row.key} has no version")
        return {"version": saved.version.order, "newest": newest.order, "merged": saved.merged,
                "clashes": list(saved.clashes), "told": newest.told}  # fmt: skip

    return writing.answer(request, key, told, act, scope=SCOPE, act=Act.SEE_PUBLISHED)


@router.post(
    "/requests/{request_key}/receipts",
    **writing.documented(RequestReceipt, "submit_request", "Submit a request"),
)
def submit(
    request: HttpRequest, request_key: RequestKey, told: writing.Told, key: writing.Key = None
) -> HttpResponse:
    """Submit `{"version": 4}`, once. Refused in time, there is the grace from then. The scope is `requests`."""

    def act(person: Person, at: datetime) -> Body:
        _only(told, "version")
        row = _own(request_key, person)
        return _receipt(row, requests.submit(row, version=_number(told, "version"), by=person, at=at))

    return writing.answer(
        request, key, told, act, scope=SCOPE, act=Act.SEE_PUBLISHED, before=_attempt(request_key)
    )


@router.post(
    "/requests/{request_key}/amendments",
    **writing.documented(RequestReceipt, "amend_request", "Amend what was submitted"),
)
def amend(
    request: HttpRequest, request_key: RequestKey, told: writing.Told, key: writing.Key = None
) -> HttpResponse:
    """Replace what was submitted by `{"base": 4, "told": {…}}`, until the deadline. The scope is `requests`."""

    def act(person: Person, at: datetime) -> Body:
        _only(told, "base", "told")
        row = _own(request_key, person)
        return _receipt(row, requests.amend(row, _text(told), base=_number(told, "base"), by=person, at=at))

    return writing.answer(
        request, key, told, act, scope=SCOPE, act=Act.SEE_PUBLISHED, before=_attempt(request_key)
    )


def _attempt(key: str) -> writing.Before:
    """Return what notes that somebody began to submit; it outlives a refusal."""

    def note(person: Person, at: datetime) -> None:
        row = queries.requests.readable(key, person, whole_field=False)
        if row is not None:
            requests.attempt(row, by=person, at=at)

    return note


@router.post(
    "/requests/{request_key}/withdrawal",
    **writing.documented(RequestMoved, "withdraw_request", "Withdraw a request"),
)
def withdraw(
    request: HttpRequest, request_key: RequestKey, told: writing.Told, key: writing.Key = None
) -> HttpResponse:
    """Withdraw one's own request, for good: `{}` or `{"reason": "…"}`. The scope is `requests`."""

    def act(person: Person, at: datetime) -> Body:
        _only(told, "reason")
        row = _own(request_key, person)
        moved = requests.move(row, "withdraw", reason=str(told.get("reason", "")), by=person, at=at)
        return {"key": moved.key, "state": moved.state}

    return writing.answer(request, key, told, act, scope=SCOPE, act=Act.SEE_PUBLISHED)
