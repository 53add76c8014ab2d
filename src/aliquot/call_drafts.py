"""What does the draft of a call state, field by field, and what of it cannot be read?

A draft is JSON as a form sends it: texts, masses as people write them, moments as clocks in the call's zone show them.
Whether the call that it states may be published is asked of `calls.check`. Where the form is silent on grace, stages and
hearings the policy speaks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aliquot import calls, fault, mass
from aliquot.calls import Call, Criterion, Offer
from aliquot.fault import Fault
from aliquot.policy import Policy

KEYS: Final = (
    "title", "scope", "who", "countries", "opens", "closes", "zone", "grace_minutes", "offers", "criteria", "points_most",
    "two_stage", "hearing_minutes", "policy",
)  # fmt: skip
OFFER_KEYS: Final = ("sample", "mass", "form", "kind", "rare")
CRITERION_KEYS: Final = ("key", "name", "weight")
DRAFT_BYTES_MOST: Final = 2_000_000
_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)


def check_draft(told: object) -> tuple[Fault, ...]:
    """Return what keeps a draft from being kept: nothing but its shape and size."""
    if not isinstance(told, dict):
        return (fault.of("call", "this is no draft of a call", "send the fields of the form"),)
    faults = [fault.of(str(key)[:60], "this is no field of a call", "leave it out")
              for key in sorted(map(str, told.keys() - set(KEYS)))]  # fmt: skip
    if not _can_be_kept(told):
        faults.append(
            fault.of("call", "there is something here that cannot be kept", "type it again, as plain text")
        )
    return tuple(faults)


def _can_be_kept(told: object) -> bool:
    """Whether this is JSON of a sensible size; half characters are no UTF-8, and a nesting without end is no form."""
    try:
        text = json.dumps(told, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, TypeError, RecursionError):
        return False
    return len(text) <= DRAFT_BYTES_MOST and b"\\u0000" not in text


def read(told: Mapping[str, object], *, rules: Policy, policy_sha256: str) -> Call | tuple[Fault, ...]:
    """Return the call that a draft states, or every field of it that cannot be read."""
    found, faults = so_far(told, rules=rules, policy_sha256=policy_sha256)
    return faults or found


def so_far(
    told: Mapping[str, object], *, rules: Policy, policy_sha256: str
) -> tuple[Call, tuple[Fault, ...]]:
    """Return a call as far as its draft can be read, and every field that cannot; such a field has no meaning in the call."""
    reading = _Reading(rules)
    reading.faults += check_draft(told)
    return reading.call(told, policy_sha256), tuple(reading.faults)


def besides(faults: Iterable[Fault], unread: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return those of the faults of a call `so_far` that do not rest on a field that could not be read."""
    wheres = [one.where for one in unread]
    if {"zone", "opens", "closes"} & set(wheres):
        wheres.append("closes")
    return tuple(
        one
        for one in faults
        if not any(
            where == one.where or where.startswith((f"{one.where}.", f"{one.where}[")) for where in wheres
        )
    )


def write(call: Call) -> dict[str, object]:
    """Return the draft that states this call, as a form shows it: `read` makes the same call of it."""
    there = ZoneInfo(call.zone)
    opens, closes = call.opens.astimezone(there), call.closes.astimezone(there)
    times = {"opens": f"{opens:%Y-%m-%d %H:%M}", "closes": f"{closes:%Y-%m-%d %H:%M}"}
    if (closes.hour, closes.minute, closes.second) == (
        0,
        0,
        0,
    ):  # people say the end of a day, not the beginning of the next
        times["closes"] = f"{closes - timedelta(days=1):%Y-%m-%d} 24:00"
    return {
        "title": call.title, "scope": call.scope, "who": call.who, "countries": list(call.countries), **times,
        "zone": call.zone, "grace_minutes": call.grace_minutes,
        "offers": [{"sample": o.sample, "mass": mass.show(o.mass_ng, ""), "form": o.form, "kind": o.kind, "rare": o.rare}
                   for o in call.offers],
        "criteria": [{"key": c.key, "name": c.name, "weight": c.weight} for c in call.criteria],
        "points_most": call.points_most, "two_stage": call.two_stage, "hearing_minutes": call.hearing_minutes,
        "policy": call.policy,
    }  # fmt: skip


@dataclass(slots=True)
class _Reading:
    """Reads a draft and keeps every fault; what is returned beside faults is never used."""

    rules: Policy
    faults: list[Fault] = field(default_factory=list)

    def call(self, told: Mapping[str, object], policy_sha256: str) -> Call:
        zone = self.text(told, "zone", "zone")
        return Call(
            title=self.text(told, "title", "title"),
            scope=self.text(told, "scope", "scope"),
            who=self.text(told, "who", "who"),
            countries=tuple(str(code).strip() for code in self.list(told, "countries")),
            opens=self.moment(told, "opens", zone),
            closes=self.moment(told, "closes", zone),
            zone=zone,
            grace_minutes=self.whole(told, "grace_minutes", "grace_minutes", self.rules.grace_minutes),
            offers=tuple(self.offers(told)),
            criteria=tuple(self.criteria(told)),
            points_most=self.whole(told, "points_most", "points_most", 10),
            two_stage=self.yes(told, "two_stage", "two_stage", self.rules.two_stage),
            hearing_minutes=self.whole(
                told, "hearing_minutes", "hearing_minutes", self.rules.hearing_minutes
            ),
            policy=self.rules.key,
            policy_sha256=policy_sha256,
        )

    def text(self, told: Mapping[str, object], name: str, where: str) -> str:
        value = told.get(name, "")
        if not isinstance(value, str):
            self.faults.append(fault.of(where, "this is not a text", "write it as one"))
            return ""
        return value.strip()

    def list(self, told: Mapping[str, object], name: str) -> list[object]:
        value = told.get(name, [])
        if not isinstance(value, list):
            self.faults.append(fault.of(name, "this is no list", "fill in the form"))
            return []
        return value

    def tables(
        self, told: Mapping[str, object], name: str, keys: tuple[str, ...]
    ) -> Iterator[tuple[str, Mapping[str, object]]]:
        for i, each in enumerate(self.list(told, name)):
            if isinstance(each, dict) and set(each) <= set(keys):
                yield f"{name}[{i}]", each
            else:
                self.faults.append(
                    fault.of(f"{name}[{i}]", "this is not a group of fields", "fill in the form")
                )

    def moment(self, told: Mapping[str, object], name: str, zone: str) -> datetime:
        found = calls.moment(self.text(told, name, name), zone, name)
        if isinstance(found, Fault):
            if found not in self.faults:  # one zone serves both moments
                self.faults.append(found)
            return _NEVER
        return found

    def whole(self, told: Mapping[str, object], name: str, where: str, otherwise: int) -> int:
        value = told.get(name, "")
        text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else "?"
        if not text:
            return otherwise
        if not (text.isascii() and text.isdigit() and len(text) <= 6):
            self.faults.append(fault.of(where, "this is not a whole number", "write digits alone"))
            return otherwise
        return int(text)

    def yes(self, told: Mapping[str, object], name: str, where: str, otherwise: bool) -> bool:
        value = told.get(name)
        if value is not None and not isinstance(value, bool):
            self.faults.append(fault.of(where, "this is neither yes nor no", "choose one"))
        return value if isinstance(value, bool) else otherwise

    def offers(self, told: Mapping[str, object]) -> Iterator[Offer]:
        for where, each in self.tables(told, "offers", OFFER_KEYS):
            mass_ng = mass.read(self.text(each, "mass", f"{where}.mass"), f"{where}.mass")
            if isinstance(mass_ng, Fault):
                self.faults.append(mass_ng)
                mass_ng = 0
            texts = {name: self.text(each, name, f"{where}.{name}") for name in ("sample", "form", "kind")}
            yield Offer(mass_ng=mass_ng, rare=self.yes(each, "rare", f"{where}.rare", False), **texts)

    def criteria(self, told: Mapping[str, object]) -> Iterator[Criterion]:
        for where, each in self.tables(told, "criteria", CRITERION_KEYS):
            name = self.text(each, "name", f"{where}.name")
            yield Criterion(
                self.text(each, "key", f"{where}.key"), name, self.whole(each, "weight", f"{where}.weight", 0)
            )
