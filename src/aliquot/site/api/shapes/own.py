"""Shapes of what is one's own: notices, reviews."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema


class OwnNotice(Schema):
    """One thing that one was told."""

    notice: int = Field(description="Its number.")
    about: str = Field(description="What kind of thing it is about, in words.")
    subject: str
    text: str
    href: str = Field(description="The page that it leads to; empty where there is none.")
    at: datetime
    unread: bool


class OwnNotices(Schema):
    """A page of notices, newest first."""

    total: int = Field(description="How many there are on all pages.")
    page: int
    items: list[OwnNotice]


class OwnReview(Schema):
    """One's part in a request."""

    request: str
    call: str
    title: str
    state: str = Field(description="assigned, accepted or handed in.")
    points: dict[str, int | None] = Field(
        description="By the keys of the call's criteria, as far as they were saved."
    )
    reasons: dict[str, str] = Field(description="Likewise.")
    version: int = Field(description="Counts what was saved.")
    due_at: datetime | None = Field(description="Until when it is wanted; null where no date was set.")
    handed_in_at: datetime | None


class OwnReviews(Schema):
    """One's own reviews."""

    items: list[OwnReview]
