"""A page made of the claims that it asks for is the page made of the whole record; an index brought up step by step is one made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from unittest import mock

import pytest
from claiming import A_SOURCE, NOW
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aliquot import register, register_claims
from aliquot.fault import Refused
from aliquot.site.models import Person, RegisterClaim, RegisterClash, RegisterMention
from aliquot.site.operations import register as operations
from aliquot.site.operations import register_index
from aliquot.site.operations.register import Proposal
from aliquot.site.queries import claims
from aliquot.site.queries.register import (
    around,
    contradictions,
    facts,
    frameworks,
    gaps,
    home,
    in_force,
    missions,
    parties,
    rounds,
    shares,
    sources,
    transfers,
)

pytestmark = pytest.mark.django_db
DAY = date(2023, 4, 24)
SHIPPED_FACTS = (
    "2023-china-france",
    "2022-china-russia",
    "luna-20.returned_mass.U7",
    "round-1",
    "change-6.side",
)
SUBJECTS = ("change-5", "luna-20", "2023-china-france", "round-1", "cn", "ilrs")
VALUES: dict[str, dict[str, object]] = {
    "returned_mass": {"mass": "55 g"},
    "mass": {"mass": "1.4 g"},
    "consumed_mass": {"mass": "20 mg"},
    "date": {"on": "2023-04"},
    "landing": {"on": "1970-09-20"},
    "plan": {"value_en": "an example plan"},
    "member": {"on": "2024"},
    "gift": {"count": 2, "object": "fr"},
    "coordinates": {"value_en": "43.0, -51.9"},
}


@st.composite
def a_claim(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """Draw what somebody proposes; `#n` stands for the n-th claim before it."""
    kind = draw(st.sampled_from(["statement", "statement", "transfer", "party", "source"]))
    named = st.sampled_from(["cn", "fr", "us", "nasa", "#1", "#2", "#3"])
    if kind == "party":
        return kind, {
            "kind": draw(st.sampled_from(["state", "museum", "person", "many"])),
            "name_en": "An example",
            "country": draw(st.sampled_from(["FR", "CN", "IS", ""])),
        }
    rests = {
        "sources": draw(st.sampled_from([["C20"], ["U7"], ["C12", "I1"], ["#1"], ["#2", "C20"]])),
        "grade": draw(st.sampled_from("BC")),
        "scope_en": "an example",
        "date": draw(st.sampled_from(["2023-04-01", "<2025-12", "2026-11-02", "1971"])),
    }
    if kind == "transfer":
        return kind, rests | {
            "kind": draw(st.sampled_from(["gift", "research-loan", "deposit", "display"])),
            "title_en": "An example handover",
            "giver": draw(named),
            "receiver": draw(named),
            "material_en": "dust",
            "missions": draw(st.sampled_from([["change-5"], ["luna-20", "luna-16"], []])),
            **draw(st.sampled_from([{"mass": "2 g"}, {}, {"mass": "150 mg"}])),
            **draw(st.sampled_from([{}, {"part_of": "#1"}, {"persons": ["#2"]}, {"series": "goodwill"}])),
        }
    if kind == "source":
        return kind, {**A_SOURCE, "date": draw(st.sampled_from(["2023-01-01", "2026-01", ""]))}
    says = draw(st.sampled_from(sorted(VALUES)))
    part = draw(st.sampled_from(["", "", "vial"]))
    about = draw(st.sampled_from([*SUBJECTS, "#1", "#2"]))
    return kind, rests | {"about": about, "says": says, "part": part, **VALUES[says]}


STEPS = st.lists(
    st.tuples(
        a_claim(),
        st.sampled_from(["confirm", "confirm", "verify", "refute", "doubt", ""]),
        st.sampled_from(["", "", "contradicts", "supersedes", "same-event"]),
        st.sampled_from([*SHIPPED_FACTS, "#1", "#2"]),
    ),
    min_size=3,
    max_size=9,
)


def entered(steps: Iterable[tuple[object, ...]], by: Person, judge: Person) -> list[RegisterClaim]:
    """Propose, judge and link as drawn; what is refused is left out."""
    made: list[RegisterClaim] = []

    def meant(value: object) -> object:
        if isinstance(value, list):
            return [meant(one) for one in value]
        if isinstance(value, str) and value.startswith("#"):
            at = int(value[1:])
            return made[-at].key if at <= len(made) else "change-5"
        return value

    for (kind, fact), act, tie, other in steps:  # type: ignore[misc]
        at = NOW + timedelta(minutes=len(made))
        links = {tie: [str(meant(other))]} if tie else {}
        told = {name: meant(value) for name, value in fact.items()}
        try:
            made.append(operations.propose(Proposal(kind, told, None, links), by=by, at=at))
            if act:
                operations.act(made[-1], act, why="as an example", by=judge, at=at)
        except Refused:
            continue
    return made


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Write within what is rolled back: another history may then have a last step of the same number and hash."""
    kept, known = (
        mock.patch.object(in_force, "_kept", in_force._Kept()),
        mock.patch.dict(in_force._known, clear=True),
    )
    with transaction.atomic(), kept, known:
        in_force.forget()
        yield
        transaction.set_rollback(True)
    in_force.forget()


def pages(made: Iterable[RegisterClaim]) -> dict[str, Callable[[], object]]:
    """Return what makes each page of the register, by a name."""
    keys = [row.key for row in made]
    found: dict[str, Callable[[], object]] = {
        "home": home.page,
        "transfers": lambda: transfers.listed(transfers.EVERYTHING, dict.fromkeys(
            ("country", "mission", "kind", "year", "state"), "")),
        "contradictions": contradictions.listed, "sources": sources.listed, "parties": parties.listed,
        "diplomacy": parties.diplomacy, "between": lambda: parties.between("cn", "fr"),
        "frameworks": frameworks.frameworks, "plans": frameworks.plans, "not known": gaps.not_known,
        "shares": shares.shares, "timeline": gaps.timeline, "moon": gaps.moon,
        "round": lambda: rounds.page("international-1"),
    }  # fmt: skip
    for key in ("change-5", "luna-20"):
        found[f"mission {key}"] = lambda key=key: missions.page(key)
    for key in ("2023-china-france", *keys):
        found[f"transfer {key}"] = lambda key=key: transfers.page(key)
    for key in ("cn", "nasa", *keys):
        found[f"party {key}"] = lambda key=key: parties.one(key)
    for key in ("C20", *keys):
        found[f"source {key}"] = lambda key=key: sources.page(key)
    for key in ("luna-20.returned_mass.U7", "2023-china-france.mass", *keys):
        found[f"fact {key}"] = lambda key=key: facts.one(key)
    return found


def index() -> list[object]:
    """Return the index as it stands."""
    columns = ("key", "in_force", "links", "superseded", *register_index.COLUMNS)
    return [
        list(RegisterClaim.objects.order_by("number").values_list(*columns)),
        sorted(RegisterMention.objects.values_list("claim__key", "role", "key")),
        sorted(RegisterClash.objects.values_list("key", "about", "says", "chapter")),
    ]


# What fails is shown as found: each step of shrinking would write to the database anew.
SLOW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@SLOW
@given(steps=STEPS, day=st.sampled_from([None, DAY]))
def test_a_page_of_what_it_asks_for_is_the_page_of_the_whole_record(
    di: Person, ada: Person, steps: list[tuple[object, ...]], day: date | None
) -> None:
    with nothing_kept():
        made = entered(steps, di, ada)
        with in_force.seen(day):
            every = pages(made)
            of_parts = {name: page() for name, page in every.items()}
            whole = in_force.record()
            with mock.patch.object(around, "record", return_value=whole):
                for name, page in every.items():
                    assert of_parts[name] == page(), name


@SLOW
@given(steps=STEPS)
def test_what_is_kept_step_by_step_is_what_is_read_anew(
    di: Person, ada: Person, steps: list[tuple[object, ...]]
) -> None:
    with nothing_kept():
        for at in range(len(steps)):
            entered(steps[at : at + 1], di, ada)
            in_force.latest()
        kept = in_force.latest()[1]
        anew = register_claims.joined(register.load(), [claim for _pk, _key, claim in claims.every()])
        assert (kept.statements, kept.transfers, kept.sources, kept.parties, kept.ties) == (
            anew.statements, anew.transfers, anew.sources, anew.parties, anew.ties,
        )  # fmt: skip
        assert list(kept.transfers) == list(anew.transfers)
        before = index()
        register_index.remake()
        assert index() == before
