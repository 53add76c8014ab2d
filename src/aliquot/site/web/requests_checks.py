"""What stands beside the form while it is typed: until when, what is missing, what the policy and the law say.

A fragment: the page includes it, and a script puts a newer one in its place after each save.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from aliquot import calls, mass
from aliquot.fault import Fault
from aliquot.site import cycle_words, queries, words
from aliquot.site.models import Call, Request
from aliquot.site.operations import requests as operations
from aliquot.site.web import call_shown, requests_forms, requests_law
from aliquot.site.web.acting import Shown
from aliquot.site.web.requests_forms import Lists, Section

OFFERS_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Done:
    """A section, where it stands, and what it still lacks."""

    title: str
    anchor: str
    faults: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when, as the call's zone shows it, and until when what was begun in time is taken."""

    closes: call_shown.When
    last: call_shown.When
    grace_minutes: int
    phase: str  # open, grace or over
    has_another_grace: bool


@dataclass(frozen=True, slots=True)
class Checks:
    """All of it. `blocking` and `advice` are what the policy says; what is missing stands in `done`."""

    done: tuple[Done, ...]
    blocking: tuple[Shown, ...]
    advice: tuple[Shown, ...]
    law: requests_law.Side

    @property
    def missing(self) -> int:
        return sum(len(one.faults) for one in self.done)

    @property
    def is_complete(self) -> bool:
        return not self.missing and not self.blocking


def lists(call: Call) -> Lists:
    """Return what the fields offer: samples, kinds and forms of the call's list."""
    offers = queries.calls.value(call).offers
    kinds, forms = {one.kind for one in offers if one.kind}, {one.form for one in offers if one.form}
    return {
        "samples": [(one.sample, f"{mass.show(one.mass_ng)} {cycle_words.form(one.form)}") for one in offers[:OFFERS_MOST]],
        "kinds": [(kind, str(words.said("material", kind))) for kind in sorted(kinds)],
        "forms": [(form, cycle_words.form(form)) for form in sorted(forms)],
    }  # fmt: skip


def deadline(request: Request, said: calls.Call, *, at: datetime) -> Deadline:
    """Return until when a request can be submitted or amended."""
    last = calls.last_moment(said, tried=request.tried_at)
    phase = "open" if at <= said.closes else "grace" if at <= last else "over"
    return Deadline(
        call_shown.when(said.closes, said.zone, ends=True), call_shown.when(last, said.zone), said.grace_minutes,
        phase, last > said.closes + timedelta(minutes=said.grace_minutes),
    )  # fmt: skip


def faults(request: Request, told: Mapping[str, object], *, at: datetime) -> tuple[Fault, ...]:
    """Return what a draft lacks and which limits it breaks, as submitting it would tell."""
    return (*operations.lacks(request, told), *operations.limits(request, told, at=at).blocking)


def checks(request: Request, told: Mapping[str, object], made: list[Section], *, at: datetime) -> Checks:
    """Return what stands beside a form with these sections."""
    limits = operations.limits(request, told, at=at)
    missing = requests_forms.put(made, operations.lacks(request, told))
    done, rest = [], list(missing)
    for each in made:
        ids = {box.id for box in each.every_box} | {f"s-{each.part.key}"}
        done.append(
            Done(str(each.part.title), f"s-{each.part.key}", tuple(one for one in missing if one.box in ids))
        )
        rest = [one for one in rest if one.box not in ids]
    done += [Done(_("What the law asks"), "s-law", tuple(rest))] if rest else []
    return Checks(
        tuple(done),
        tuple(requests_forms.put(made, limits.blocking)),
        tuple(requests_forms.put(made, limits.advice)),
        requests_law.side(request.call, told, key=request.key, on=at.date()),
    )
