"""Nobody reads what is not for them: every address of the site, asked by everybody, with words that only some may see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from tests.site import sharing
from tests.site.sharing import BEFORE, OVER, a_call, a_draft, a_line, a_request
from tests.site.test_hostile_requests import ROUTES

from aliquot.decisions import Decision, Outcome, Vote
from aliquot.site.models import Person, Request, Review, ReviewerProfile, Role
from aliquot.site.operations import calls, decisions, requests, scores
from aliquot.site.operations.decisions import Sat

MG = 10**6
ZONE = {"institutions": ["02jx3x895"], "country": "GB", "zone": "Europe/London"}

# A word that stands in one private text each, and who may come upon it, by the names below.
FIELD = frozenset({"ada", "hal", "ivy", "eve", "joe"})
MAY_SEE: Mapping[str, frozenset[str]] = {
    "ORCHARD-submitted": FIELD | {"bo", "cy"},  # the text of Bo's request
    "QUARRY-draft": frozenset({"fay"}),  # the text of Fay's draft
    "LANTERN-review": FIELD | {"cy"},  # Cy's reasons; Kim was released, Gus stepped aside
    "HARBOUR-conflict": FIELD | {"gus", "cy"},  # what Gus declared; the panel knows who steps aside
    "THIMBLE-decision": FIELD
    | {"cy"},  # what the committee decided, on which Cy sits; two levels are to come
    "GLACIER-call": frozenset({"ada", "eve"}),  # a call that is being drafted
}
EVERYBODY = ("stranger", "di", "bo", "fay", "cy", "kim", "gus", "ada", "hal", "ivy", "eve", "joe")


@dataclass(frozen=True, slots=True)
class World:
    """Two applicants, three reviewers, and everybody who runs the call; what there is to ask for, by kind of address."""

    people: Mapping[str, Person]
    keys: Mapping[str, tuple[str, ...]]


@pytest.fixture
def world(db: None, a_person: Callable[..., Person]) -> World:
    sharing.store()
    people = {
        name: a_person(name.capitalize(), *roles)
        for name, roles in {
            "ada": [Role.CURATOR], "bo": [Role.REQUESTER], "fay": [Role.REQUESTER], "cy": [Role.REVIEWER],
            "kim": [Role.REVIEWER], "gus": [Role.REVIEWER], "hal": [Role.CHAIR], "ivy": [Role.COMPLIANCE],
            "eve": [Role.DIRECTOR], "joe": [Role.AUDITOR], "di": [],
        }.items()
    }  # fmt: skip
    for name in ("cy", "kim", "gus", "hal"):
        ReviewerProfile.objects.create(person=people[name], **ZONE)
    draft = calls.draft(sharing.told(title="GLACIER-call", scope="GLACIER-call"), by=people["ada"], at=BEFORE)
    call = a_call(people["ada"])
    asked = _submitted(people, call)
    other = requests.begin(call, by=people["fay"], at=BEFORE)
    requests.save(
        other, a_draft(summary="QUARRY-draft", title="QUARRY-draft"), base=1, by=people["fay"], at=BEFORE
    )
    _reviewed(people, call, asked)
    _decided(people, asked)
    keys = {
        "calls": (call.key, draft.key),
        "requests": (asked.key, other.key),
        "reviews": (asked.key,),
        "hearings": (asked.key,),
        "samples": ("P-1",),
        "people": tuple(people[name].key for name in ("bo", "cy")),
    }
    return World(people, keys)


def _submitted(people: Mapping[str, Person], call: calls.Call) -> Request:
    said = {
        "summary": "ORCHARD-submitted", "security": "ORCHARD-submitted",
        "lines": [a_line(why="ORCHARD-submitted")],
    }  # fmt: skip
    return a_request(call, people["bo"], **said)[0]


def _reviewed(people: Mapping[str, Person], call: calls.Call, asked: Request) -> None:
    """Cy hands in, Kim accepts and is released, Gus has a conflict."""
    hal = people["hal"]
    calls.sit(call, {hal: True, people["cy"]: True, people["ada"]: False}, by=hal)
    calls.move(call, "close", by=people["ada"], at=OVER)
    requests.move(asked, "admit", by=people["ada"], at=OVER)
    found = [scores.assign(asked, people[name], by=hal, at=OVER) for name in ("cy", "kim", "gus")]
    scores.declare(found[2], conflict="HARBOUR-conflict", by=people["gus"], at=OVER)
    for review, name in zip(found, ("cy", "kim"), strict=False):
        scores.declare(review, conflict="", by=people[name], at=OVER)
        scores.move(review, "accept", by=people[name], at=OVER)
    calls.move(call, "review", by=hal, at=OVER)
    words = {"merit": "LANTERN-review", "team": "LANTERN-review"}
    scores.write(found[0], "hand in", points={"merit": 8, "team": 6}, reasons=words, by=people["cy"], at=OVER)


def _decided(people: Mapping[str, Person], asked: Request) -> None:
    """The committee has decided; two levels are to come."""
    hal, cy = people["hal"], people["cy"]
    kim = Review.objects.get(request=asked, reviewer=people["kim"])
    scores.move(kim, "release", reason="The panel meets.", by=hal, at=OVER)
    call = calls.move(asked.call, "deliberate", by=hal, at=OVER)
    there = frozenset({hal.key, cy.key})
    sat = Sat(there, hal.key, dict.fromkeys(there, Vote.YES))
    decided = Decision("committee", Outcome.GRANT, (50 * MG,), (), "THIMBLE-decision")
    assert call.state == "being decided"
    decisions.decide(asked, decided, sat=sat, by=hal, at=OVER + timedelta(minutes=1))


# Whatever else a route may want is tried as its first; what has no part in calls is asked by those who have none either.
ENDINGS, FIRST = ("csv", "json"), ("1",)
PARTS = re.compile(
    r"^/(api/v1/)?(calls|requests|reviews|hearings|basket|panel|letters|decisions|notices|account|people|screenings"
    r"|desk|agreements|loans)\b"
)
LEFT_OUT = re.compile(r"^/(accounts/|tables/|sign-in/|unsubscribe/|files/|law/|api/v1/(docs|openapi))|logout")
HAVE_NO_PART = ("di", "gus")


def addresses(world: World) -> Iterator[tuple[str, bool]]:
    """Yield each address of the site with what there is put into it, and whether it is of a part that concerns calls."""
    for route in ROUTES:
        if LEFT_OUT.search(route):
            continue
        found, *segments = ([part] for part in route.split("{}"))
        before = found[0]
        for (segment,) in segments:
            kind = before.rstrip("/").rsplit("/", 1)[-1]
            pool = ENDINGS if before.endswith(".") else world.keys.get(kind, FIRST)
            found = [one + key + segment for one in found for key in pool]
            before = segment
        yield from ((one, bool(PARTS.match(route))) for one in found)


def test_nobody_comes_upon_what_is_not_for_them(world: World) -> None:
    seen: dict[str, set[str]] = {word: set() for word in MAY_SEE}
    leaks: list[str] = []
    for name in EVERYBODY:
        client = Client()
        if name != "stranger":
            client.force_login(world.people[name])
        for address, concerns in addresses(world):
            if not concerns and name not in HAVE_NO_PART:
                continue
            answer = client.get(address)
            assert answer.status_code < 500, (name, address)
            text = b"".join(answer) if answer.streaming else answer.content
            for word, allowed in MAY_SEE.items():
                if word.encode() not in text:
                    continue
                seen[word].add(name)
                if name not in allowed:
                    leaks.append(f"{name} reads {word} at {address}")
    assert not leaks, leaks
    assert all(seen.values()), f"nobody sees these at all: {seen}"


def test_words_reach_those_whom_they_are_for(world: World) -> None:
    """The author reads the draft, the reviewer the request: a sweep over pages that show nothing would prove nothing."""
    for name, word, address in (
        ("bo", "ORCHARD-submitted", f"/requests/{world.keys['requests'][0]}/"),
        ("fay", "QUARRY-draft", f"/requests/{world.keys['requests'][1]}/"),
        ("cy", "ORCHARD-submitted", f"/reviews/{world.keys['requests'][0]}/"),
        ("hal", "THIMBLE-decision", f"/requests/{world.keys['requests'][0]}/decide/"),
    ):
        client = Client()
        client.force_login(world.people[name])
        assert word in client.get(address, follow=True).text, (name, address)
