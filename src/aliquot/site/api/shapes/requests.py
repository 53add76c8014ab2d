"""Shapes of what is told and answered about requests."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema

Text = dict[str, Any]


class RequestListed(Schema):
    """A request in a list."""

    key: str
    call: str = Field(description="The key of the call.")
    state: str
    title: str
    lead: str = Field(description="Who leads it, by key.")
    version: int = Field(description="The newest version of the draft.")
    submitted_at: str | None = Field(description="When it was submitted last.")


class RequestList(Schema):
    """Requests that one leads or writes with others, the newest first."""

    items: list[RequestListed]


class RequestFileShape(Schema):
    """A file of a request."""

    name: str
    sha256: str
    size_bytes: int


class RequestReceipt(Schema):
    """That a version was submitted."""

    request: str
    version: int
    at: str = Field(description="When the server got it.")
    in_grace: bool
    call_sha256: str = Field(description="The hash of the call's text.")
    sha256: str = Field(description="The hash of all of it; receipt.json on the site has this SHA-256.")
    files: list[RequestFileShape]


class RequestWhole(RequestListed):
    """A request: its text, receipts and steps."""

    told: Text = Field(description="What was submitted last, or the draft to its authors.")
    told_version: int = Field(description="Which version that is.")
    receipts: list[RequestReceipt]
    acts: list[str] = Field(
        description="What the person of the token could do now, a complete text and a reason apart."
    )


class RequestBegun(Schema):
    """A draft that was begun."""

    key: str
    version: int


class RequestSaved(Schema):
    """A draft that was saved. With clashes the text stands aside as `version`, and the draft is as the other left it."""

    version: int = Field(description="What was saved; `base` of the next save unless there are clashes.")
    newest: int = Field(description="The newest version of the draft.")
    merged: bool = Field(description="Somebody else had saved meanwhile, other fields.")
    clashes: list[str] = Field(description="Fields that both changed.")
    told: Text = Field(description="The draft as it is now.")


class RequestMoved(Schema):
    """A request after an act."""

    key: str
    state: str
