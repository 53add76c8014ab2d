"""Calls of the demonstration facility: one to walk through while it is open, one whose requests are being reviewed, one over.

Read from `demonstration_calls.toml` and done with the operations that people use, on days counted from the building. The
people are labelled as the demonstration's own; nobody is a real applicant.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from aliquot.site.models import Call, Person, Request, Review, ReviewerProfile, Role
from aliquot.site.operations import calls, demonstration_panel, people, plans, requests, scores

PLANNED_WITHIN = 120.0  # seconds; a plan of three lines takes one
Table = dict[str, Any]
People = Mapping[str, Person]


@transaction.atomic
def build(*, at: datetime) -> None:
    """Make the calls, with people to ask and to review; the demonstration's roles and stock must be there."""
    told = tomllib.loads(files("aliquot").joinpath("demonstration_calls.toml").read_text("utf-8"))
    cast = {role.value: _known(role.value) for role in Role}
    cast |= {one["key"]: _person(one, at) for one in told["person"]}
    facts = {one["key"]: one for one in told["person"]}
    # As it happened: what was promised in one call is not free in the next.
    for one in sorted(told["call"], key=lambda call: call["published"]):
        _Telling(one, cast, facts, told["words"], at).run()


def _known(word: str) -> Person:
    return Person.objects.get(email=f"{word}@demo.invalid")


def _person(told: Table, at: datetime) -> Person:
    """Return somebody of the cast: one who stands for a role, or one who is invited; reviewers get a profile."""
    if "role" in told:
        email, role = f"{told['key']}@demo.invalid", Role(told["role"])
        person = people.invite(email=email, name=told["name"], roles=[role], by=None, at=at)
    else:
        person = _known(told["key"])
    if "zone" in told:
        ReviewerProfile.objects.create(person=person, orcid=told["orcid"], institutions=[told["ror"]],
                                       country=told["country"], zone=told["zone"], expertise=told["expertise"])  # fmt: skip
    return person


class _Telling:
    """One call of the file, told act by act."""

    def __init__(
        self, told: Table, cast: People, facts: Mapping[str, Table], words: Table, at: datetime
    ) -> None:
        self.told, self.cast, self.facts, self.words, self.at = told, cast, facts, words, at
        self.curator = cast["curator"]

    def run(self) -> None:
        """Draft, publish, ask, answer, amend, submit; and review, where the call is over."""
        call = self._published()
        for one in self.told.get("question", []):
            asked = calls.ask(call, one["text"], by=self.cast[one["by"]], at=self._on(one["day"]))
            if "answer" in one:
                calls.answer(asked, one["answer"], by=self.curator, at=self._on(one["answered"]))
        if "amendment" in self.told:
            amended = self.told["amendment"]
            said = self._draft(closes=amended["closes"])
            calls.amend(call, said, reason=amended["reason"], by=self.curator, at=self._on(amended["day"]))
        made = [(one, self._request(call, one)) for one in self.told.get("request", [])]
        if "closed" in self.told:
            self._review(call, made)

    def _on(self, day: int) -> datetime:
        return self.at + timedelta(days=day)

    def _there(self, day: int) -> str:
        return self._on(day).astimezone(ZoneInfo(self.told["zone"])).strftime("%Y-%m-%d")

    def _draft(self, *, closes: int) -> Table:
        kept = (
            "title",
            "zone",
            "points_most",
            "two_stage",
            "hearing_minutes",
            "policy",
            "criteria",
            "offers",
        )
        return {name: self.told[name] for name in kept} | {
            "scope": self.told["scope"].strip(), "who": self.told["who"].strip(), "countries": [],
            "opens": f"{self._there(self.told['opens'])} 00:00", "closes": f"{self._there(closes)} 24:00",
        }  # fmt: skip

    def _published(self) -> Call:
        closes = self.told.get("amendment", {}).get("before", self.told["closes"])
        at = self._on(self.told["published"])
        return calls.publish(
            calls.draft(self._draft(closes=closes), by=self.curator, at=at), by=self.curator, at=at
        )

    def _request(self, call: Call, told: Table) -> Request:
        by, at = self.cast[told["by"]], self._on(told["day"])
        made = requests.begin(call, by=by, at=at)
        if "with" in told:
            requests.invite(made, self.cast[told["with"]], by=by, at=at)
        text = (
            self._text(told)
            if told["submitted"]
            else self._text(told) | {"facilities": "", "return_plan": ""}
        )
        saved = requests.save(made, text, base=1, by=by, at=at)
        if told["submitted"]:
            requests.submit(made, version=saved.version.order, by=by, at=at)
        return made

    def _text(self, told: Table) -> Table:
        lead = {name: self.facts[told["by"]][name] for name in ("orcid", "institution", "ror", "country")}
        year = str(self.at.year)
        return {
            "title": told["title"], "summary": told["summary"], "lead": {"name": self.cast[told["by"]].name} | lead,
            "team": [], "lines": [_line(one) for one in told["lines"]], "news": "",
            "funders": [{"name": lead["institution"], "country": lead["country"], "years": [year], "grant": ""}],
            "facilities": "Demonstration: a clean room, and the instrument that the method names.",
            "security": "Demonstration: a safe that two people open together, and a book beside it.",
            "return_plan": "Demonstration: what is left comes back within a year, each step written down.",
            "earlier_loans": "None.",
        }  # fmt: skip

    def _review(self, call: Call, made: list[tuple[Table, Request]]) -> None:
        """Close the call, admit its requests, and let reviewers do what the file says."""
        chair = self.cast[self.told["chair"]]
        calls.move(call, "close", by=self.curator, at=self._on(self.told["closed"]))
        seats = {self.cast[key]: True for key in self.told["panel"]} | {
            self.cast[self.told["informs"]]: False
        }
        calls.sit(call, seats, by=chair)
        given: list[tuple[Table, Review]] = []
        for told, request in made:
            requests.move(request, "admit", by=self.curator, at=self._on(self.told["admitted"]))
            for one in told["reviews"]:
                by = self.cast[one["by"]]
                given.append((one, scores.assign(request, by, by=chair, at=self._on(self.told["admitted"]))))
        calls.move(call, "review", by=chair, at=self._on(self.told["reviewed"]))
        for one, review in given:
            self._write(one, review)
        for told, request in made:
            if "shortlisted" in told:
                requests.move(request, "shortlist", by=chair, at=self._on(told["shortlisted"]))
        if "planned" in self.told:
            self._plan(call, made)
        if "decided" in self.told:
            days = {step: self._on(day) for step, day in self.told["decided"].items()}
            voting = [self.cast[key] for key in self.told["panel"]]
            demonstration_panel.conclude(
                call, days, chair=chair, voting=voting, director=self.cast["director"]
            )

    def _plan(self, call: Call, made: list[tuple[Table, Request]]) -> None:
        """Plan the call, and once more with the first line of a request trimmed."""
        chair, told = self.cast[self.told["chair"]], self.told["planned"]
        at = self._on(told["day"])
        best = plans.begin(call, by=chair, at=at)
        plans.compute(best, at=at, waited=PLANNED_WITHIN)
        first = [made[told["request"]][1].key, 0]
        number = next(n for n, ask in enumerate(best.input.told["asks"]) if ask[:2] == first)
        wish = plans.Wish(number, "most", most=told["most"])
        other = plans.again(best, [wish], seconds=best.seconds, by=chair, at=at)
        plans.compute(other, at=at, waited=PLANNED_WITHIN)

    def _write(self, told: Table, review: Review) -> None:
        """Declare, accept and hand in; or declare a conflict; or nothing yet."""
        if told.get("late"):
            return
        by, at = self.cast[told["by"]], self._on(told["day"])
        scores.declare(review, conflict=told.get("conflict", ""), by=by, at=at)
        if "points" in told:
            scores.move(review, "accept", by=by, at=at)
            points = dict(zip(self.words, told["points"], strict=True))
            reasons = {key: self.words[key][(value > 4) + (value > 7)] for key, value in points.items()}
            scores.write(review, "hand in", points=points, reasons=reasons, by=by, at=at)


def _line(told: Table) -> Table:
    shown = {name: told[name] for name in ("sample", "least", "wanted", "method", "why")}
    return shown | {
        "kind": "", "form": "bulk soil", "alternatives": told.get("alternatives", []),
        "destructive_percent": str(told["destructive"]),
    }  # fmt: skip
