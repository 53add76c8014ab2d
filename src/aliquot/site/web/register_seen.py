"""Of which day does a page of the register tell? `seen` lets a view see one revision, as it could be known on the day asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from aliquot import register, register_known
from aliquot.site.queries.register import in_force, tallies

Rest = ParamSpec("Rest")


@dataclass(frozen=True, slots=True)
class Known:
    """What was asked: the text as typed, the day that it is, and whether it is none."""

    asked: str
    day: date | None
    is_wrong: bool
    undated: int = 0

    @property
    def query(self) -> str:
        """What leads on to other pages as they were known on that day."""
        return f"?as_known_on={self.day.isoformat()}" if self.day else ""


def read(asked: str) -> Known:
    """Return the day that a text names; years before the first landing are none of the register."""
    text = asked.strip()
    if not text:
        return Known("", None, is_wrong=False)
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    return Known(text[:40], day, is_wrong=day is None)


def seen(
    view: Callable[Concatenate[HttpRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Let the view see the register as known on the day of `?as_known_on=`; `request.known` says of which."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        known = read(request.GET.get("as_known_on", ""))
        with in_force.seen(known.day):
            if known.day:
                undated = register_known.undated(register.load()) + tallies.undated()
                known = Known(known.asked, known.day, is_wrong=False, undated=undated)
            request.known = known
            response = view(request, *args, **kwargs)
        if known.day:
            patch_cache_control(response, no_cache=True)
        return response

    return shown
