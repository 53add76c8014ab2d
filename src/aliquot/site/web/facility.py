"""This facility at a glance: what came in, where it is, for what use, and what its ledger does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import mass, register
from aliquot.site import instance, names, queries
from aliquot.site.queries.facility import Share

USES = ("permanent", "backup", "research", "public-interest", "")
OUT = ("loan", "transit")


@require_safe
def facility(request: HttpRequest) -> HttpResponse:
    """Show the balances of the whole collection."""
    language = get_language() or "en"
    shares = queries.facility.shares()
    missions = sorted(dict.fromkeys(share.mission for share in shares), key=lambda mission: not mission)
    uses = [use for use in USES if use or any(not share.use_class for share in shares)]
    context = {
        "name": instance.describe(settings.HOME).facility,
        "figures": _figures(shares),
        "received": _by_whom(shares, language, lambda s: s.whom.root == "origin", sign=-1),
        "stores": _by_whom(shares, language, lambda s: s.whom.root == "place"),
        "out": _by_whom(shares, language, lambda s: s.whom.root in OUT),
        "given": _by_whom(shares, language, lambda s: s.whom.root == "given"),
        "gone": _by_whom(shares, language, lambda s: s.whom.root in GONE),
        "uses": uses,
        "held": [_held(shares, mission, language, uses) for mission in missions],
        "not_held": [known for mission in missions for known in not_held(mission, language)],
        "signed": queries.ledger.checkpoint(),
        "head": queries.ledger.head(),
    }
    return render(request, "facility/facility.html", context)


GONE = ("spent:attrition", "spent:consumption", "spent:destruction", "missing", "drift")


def _sum_ng(shares: Iterable[Share], chosen: Callable[[Share], bool]) -> int:
    return sum(share.mass_ng for share in shares if chosen(share))


def _figures(shares: Iterable[Share]) -> list[dict[str, str]]:
    sums = (
        (_("received"), -_sum_ng(shares, lambda s: s.whom.root == "origin")),
        (_("in our stores"), _sum_ng(shares, lambda s: s.whom.root == "place")),
        (_("of it sealed"), _sum_ng(shares, lambda s: s.whom.root == "place" and s.sealed)),
        (_("on loan or on its way"), _sum_ng(shares, lambda s: s.whom.root in OUT)),
        (_("given away"), _sum_ng(shares, lambda s: s.whom.root == "given")),
    )
    return [{"label": label, "value": mass.show(mass_ng)} for label, mass_ng in sums]


@dataclass(frozen=True, slots=True)
class Line:
    """One holder's part: how many samples, how much."""

    name: str | Promise
    mission: str
    samples: int
    mass_ng: int


def _by_whom(
    shares: Iterable[Share], language: str, chosen: Callable[[Share], bool], *, sign: int = 1
) -> list[Line]:
    """Return the holders that are chosen, each mission apart, the most mass first."""
    found: dict[tuple[str, str], Line] = {}
    for share in filter(chosen, shares):
        key = (str(names.whom(share.whom, language)), _mission(share.mission, language))
        known = found.get(key)
        found[key] = Line(
            *key,
            samples=share.samples + (known.samples if known else 0),
            mass_ng=sign * share.mass_ng + (known.mass_ng if known else 0),
        )
    return sorted(found.values(), key=lambda line: -line.mass_ng)


def _mission(key: str, language: str) -> str:
    return names.mission(key, language) if key else _("No mission told")


def _held(shares: Iterable[Share], mission: str, language: str, uses: Sequence[str]) -> dict[str, object]:
    """Return a row of the table of what is in the stores: one mission, its mass for each class of use."""
    here = [share for share in shares if share.mission == mission and share.whom.root == "place"]
    masses_ng = [_sum_ng(here, lambda s, use=use: s.use_class == use) for use in uses]
    return {
        "mission": _mission(mission, language),
        "by_use": list(zip(uses, masses_ng, strict=True)),
        "sum_ng": sum(masses_ng),
    }


def not_held(mission: str, language: str) -> list[dict[str, str]]:
    """Return what is known to exist and yet is no entry, because its mass was never published."""
    record = register.load()
    flow = register.flow(record, mission) if mission in record.missions else None
    return [
        {
            "mission": names.mission(mission, language),
            "name": step.name.text(language),
            "note": step.note.text(language),
        }
        for step in (flow.open if flow else ())
    ]
