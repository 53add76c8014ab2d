"""How is a request shown to those who review it? Line by line in the reader's words, without names where the policy hides them.

Before conflicts are declared no more is shown than is needed to know of one: who asks, or where that is hidden what about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aliquot.site import queries
from aliquot.site.models import Request

TEXTS: tuple[tuple[str, str | Promise], ...] = (
    ("summary", _("What is asked, and why")),
    ("facilities", _("Facilities")),
    ("security", _("Security plan")),
    ("return_plan", _("Return plan")),
    ("earlier_loans", _("Earlier loans")),
    ("news", _("What is new since an earlier request")),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A request as a page of the reviews has it; what is hidden or not needed yet is empty."""

    title: str
    people: tuple[Mapping[str, object], ...] = ()
    funders: tuple[Mapping[str, object], ...] = ()
    lines: tuple[Mapping[str, object], ...] = ()
    texts: tuple[tuple[str | Promise, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()  # names and addresses


def of(row: Request, *, whole: bool) -> Told:
    """Return a request as its reviewers see it; not `whole`: what must be known to declare conflicts."""
    said = queries.requests.as_reviewed(row)
    named = "lead" in said
    people = tuple(_tables([said.get("lead"), *_list(said.get("team"))]))
    funders = tuple(_tables(_list(said.get("funders"))))
    if not whole:
        texts = () if named else tuple(_texts(said, ("summary",)))
        return Told(str(said.get("title", "")), people, funders, texts=texts)
    hidden = () if named else ("news",)  # what an earlier request was tells who asked it
    keys = tuple(key for key, _label in TEXTS if key not in hidden)
    lines = tuple(_tables(_list(said.get("lines"))))
    texts = tuple(_texts(said, keys))
    return Told(str(said.get("title", "")), people, funders, lines, texts, _files(row) if named else ())


def _files(row: Request) -> tuple[tuple[str, str], ...]:
    """Return the files that were submitted: where names are hidden there are none, for a file tells whose it is."""
    held = queries.requests.submitted_files(row)
    return tuple((one.name, reverse("review-file", args=[row.key, one.key])) for one in held)


def _texts(said: Mapping[str, object], keys: tuple[str, ...]) -> Iterator[tuple[str | Promise, str]]:
    for key, label in TEXTS:
        text = said.get(key)
        if key in keys and isinstance(text, str) and text.strip():
            yield label, text


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _tables(values: list[object]) -> Iterator[Mapping[str, object]]:
    return (one for one in values if isinstance(one, dict))
