"""How does a call look to a reader? Frozen values from its rows, in the active language; templates only place them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from aliquot import call_changes, calls, mass, register
from aliquot.call_changes import Value
from aliquot.calls import Offer
from aliquot.site import cycle_words, law_words, queries
from aliquot.site.models import Call, CallStep
from aliquot.site.queries.calls import State
from aliquot.site.queries.paging import Page
from aliquot.site.web.acting import Shown

OFFERS_SHOWN: Final = 100
FIELDS: Final[dict[str, Promise]] = {
    "title": gettext_lazy("Title"),
    "scope": gettext_lazy("Scope"),
    "who": gettext_lazy("Who may apply"),
    "countries": gettext_lazy("Countries"),
    "closes": gettext_lazy("Deadline"),
}


@dataclass(frozen=True, slots=True)
class When:
    """A moment as a clock in the call's zone shows it, and in UTC; midnight at the end of a day is 24:00 of that day."""

    at: datetime
    there: str
    zone: str
    offset: str


@dataclass(frozen=True, slots=True)
class Row:
    """A call in a list, and where in its life it is: coming, open, late (in its grace), or past."""

    call: Call
    phase: str
    opens: When
    closes: When


@dataclass(frozen=True, slots=True)
class Offered:
    """A line of the list, and whether its sample has a page that everybody may open."""

    offer: Offer
    has_page: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """What a field said before an amendment and says after it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What was told to everybody about a call, with what changed."""

    step: CallStep
    label: str
    changes: tuple[Changed, ...]
    sha256: str


def placed(faults: Iterable[Shown]) -> list[Shown]:
    """Return faults that stand beside no field, with where they are in the active language."""
    return [
        one
        if one.box
        else replace(one, where=str(FIELDS.get(one.where) or cycle_words.said("where", one.where)))
        for one in faults
    ]


def when(at: datetime, zone: str, *, ends: bool = False) -> When:
    """Return a moment as the call tells it; where it `ends` something, midnight is 24:00 of the day before."""
    local = at.astimezone(ZoneInfo(zone))
    hours = local.strftime("%z")
    offset = f"UTC{hours[:3]}:{hours[3:5]}"
    if ends and local.time() == time.min:
        return When(at, f"{local - timedelta(days=1):%Y-%m-%d} 24:00", zone, offset)
    return When(at, f"{local:%Y-%m-%d %H:%M}", zone, offset)


def phase(state: str, opens: datetime, closes: datetime, at: datetime) -> str:
    """Return where in its life a call is."""
    if state != "open":
        return "past"
    if at < opens:
        return "coming"
    return "open" if at <= closes else "late"


def groups(rows: Iterable[Call], *, at: datetime) -> dict[str, list[Row]]:
    """Return the calls by phase, as the page of all calls shows them; all are published, and annotated with their zone."""
    found: dict[str, list[Row]] = {"open": [], "coming": [], "past": []}
    for row in rows:
        now = phase(row.state, row.opens, row.closes, at)
        one = Row(row, now, when(row.opens, row.zone), when(row.closes, row.zone, ends=True))
        found["open" if now == "late" else now].append(one)
    found["open"].reverse()
    found["coming"].reverse()
    return {f"{name}_calls": every for name, every in found.items()}


def call(found: Call, *, at: datetime, page: int | None = 1) -> dict[str, object]:
    """Return what the page of a published call shows, with one page of its list, or all of it."""
    said, rules = queries.calls.value(found), queries.calls.rules(found)
    states = queries.calls.states(found)
    language = get_language() or "en"
    return {
        "call": found,
        "said": said,
        "phase": phase(found.state, said.opens, said.closes, at),
        "now": at,
        "opens": when(said.opens, said.zone),
        "closes": when(said.closes, said.zone, ends=True),
        "countries": countries(said.countries),
        "offers": offered(said.offers, page),
        "offered": mass.show(sum(offer.mass_ng for offer in said.offers)),
        "rules": rules,
        "policy_name": rules.name_zh if language.startswith("zh") else rules.name_en,
        "levels": [cycle_words.said("level", level) for level in rules.decision_levels],
        "notices": list(notices(found, states)),
        "answered": queries.calls.answered(found),
        "has_plan": found.state == "concluded" and queries.plans.published_of(found) is not None,
        "can_be_asked": found.state == "open" and at <= said.closes,
    }


def offered(offers: tuple[Offer, ...], page: int | None) -> Page:
    """Return one page of the list, or all of it, each with whether its sample has a page."""
    size = OFFERS_SHOWN if page else max(len(offers), 1)
    number = min(page or 1, -(-len(offers) // size) or 1)
    part = offers[(number - 1) * size : number * size]
    known = queries.calls.known([offer.sample for offer in part])
    return Page(tuple(Offered(offer, offer.sample in known) for offer in part), len(offers), number, size)


def countries(codes: Iterable[str]) -> str:
    """Return the names of countries, one after the other; empty where all may apply."""
    record = register.load()
    return pgettext("in a list", ", ").join(law_words.country(record, code) for code in codes)


def notices(found: Call, states: tuple[State, ...]) -> Iterator[Notice]:
    """Yield what everybody was told, newest first, each amendment with what it changed."""
    before = {state.notice.pk: states[i - 1].said for i, state in enumerate(states) if i}
    said = {state.notice.pk: state.said for state in states}
    for step in reversed(queries.calls.notices(found)):
        now, was = said.get(step.pk), before.get(step.pk)
        changes = (*changed(was, now),) if was and now else ()
        yield Notice(step, str(_LABELS[step.act]), changes, now.sha256 if now else "")


_LABELS: Final[dict[str, Promise]] = {
    "publish": gettext_lazy("Published"),
    "amend": gettext_lazy("Amended"),
    "cancel": gettext_lazy("Cancelled"),
    "conclude": gettext_lazy("Concluded"),
}


def changed(before: calls.Call, after: calls.Call) -> Iterator[Changed]:
    """Yield every field and every sample that differs, in words."""
    for one in call_changes.between(before, after):
        yield Changed(str(FIELDS[one.field]), _value(one.before, before), _value(one.after, after))
    for each in call_changes.offers(before, after):
        yield Changed(each.sample, _offer(each.before), _offer(each.after))


def _value(value: Value, said: calls.Call) -> str:
    if isinstance(value, datetime):
        return f"{when(value, said.zone, ends=True).there} {said.zone}"
    if isinstance(value, tuple):
        return countries(value) or _("all countries")
    return value


def _offer(offer: Offer | None) -> str:
    if offer is None:
        return _("not offered")
    form = cycle_words.form(offer.form)
    words = (mass.show(offer.mass_ng), form, offer.kind, _("rare") if offer.rare else "")
    return pgettext("in a list", ", ").join(word for word in words if word)
