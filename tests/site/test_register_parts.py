"""A page made of the claims that it asks for is the page made of the whole record; an index brought up step by step is one made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import pytest
from claiming import A_SOURCE, NOW, whole
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aliquot import register, vocabulary
from aliquot.fault import Refused
from aliquot.reading import extraction, judging, known
from aliquot.site.models import Person, RegisterClaim, RegisterClash, RegisterMention
from aliquot.site.operations import register as operations
from aliquot.site.operations import register_index
from aliquot.site.operations.register import Proposal
from aliquot.site.queries.register import (
    around,
    contradictions,
    facts,
    frameworks,
    gaps,
    home,
    in_force,
    missions,
    named,
    parties,
    rounds,
    shares,
    sources,
    stretches,
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
    with transaction.atomic():
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
            with mock.patch.object(around, "record", return_value=whole()):
                for name, page in every.items():
                    assert of_parts[name] == page(), name


def gone_through(list_: Callable[..., stretches.Stretch[object]], *asked: object) -> list[object]:
    """Return a list read stretch by stretch."""
    found, cursor = [], ""
    while True:
        some = list_(*asked, most=7, cursor=cursor)
        found += some.items
        if not some.next:
            return found
        assert len(some.items) == 7
        cursor = some.next


def leafed(list_: Callable[[int], object]) -> list[object]:
    """Return every page of a list."""
    found = [list_(1)]
    while found[-1].at.next:  # type: ignore[attr-defined]
        found.append(list_(found[-1].at.next))  # type: ignore[attr-defined]
    return found


def ordered(every: Iterable[object]) -> list[object]:
    return sorted(every, key=lambda one: one.key)  # type: ignore[attr-defined]


@SLOW
@given(steps=STEPS)
def test_a_list_read_stretch_by_stretch_is_the_list_of_the_whole_record(
    di: Person, ada: Person, steps: list[tuple[object, ...]]
) -> None:
    with nothing_kept():
        entered(steps, di, ada)
        record = whole()
        for choice in (transfers.EVERYTHING, transfers.Choice(mission="change-5", state="claimed")):
            found = gone_through(stretches.of_transfers, choice)
            assert ordered(found) == ordered(transfers.chosen_of(record, choice))
            assert [one.date.sort_key for one in found] == sorted(one.date.sort_key for one in found)
        mission = [one.key for one in record.transfers.values() if "luna-20" in one.missions]
        assert sorted(stretches.keys_of_transfers("luna-20")) == sorted(mission)
        assert gone_through(stretches.of_sources) == [*record.sources.values()]
        resting = [one.key for one in record.facts() if "C20" in one.sources]
        assert sorted(gone_through(stretches.of_facts, "C20")) == sorted(resting)
        clashes = list(register.contradictions(record))
        assert ordered(gone_through(stretches.of_contradictions)) == ordered(clashes)
        of_a_page = (
            mock.patch.object(contradictions, "SHOWN_MOST", 5),
            mock.patch.object(sources, "LISTED_MOST", 1),
        )
        with of_a_page[0], of_a_page[1]:
            turned = [
                one
                for key in contradictions.headings()
                for one in leafed(lambda n, key=key: contradictions.listed(key, n))
            ]
            assert sorted(
                one.key for page in turned for chapter in page.chapters for one in chapter.disputes
            ) == sorted(one.key for one in clashes)
            assert all(len(chapter.disputes) <= 5 for page in turned for chapter in page.chapters)
            rows = [row.key for page in leafed(sources.listed) for grade in page.grades for row in grade.rows]
            assert sorted(rows) == sorted(record.sources)


TEXTS = sorted((Path(__file__).parents[1] / "library/retold").glob("*.txt"))


@SLOW
@given(steps=STEPS, at=st.integers(0, len(TEXTS) - 1))
def test_a_text_is_held_against_what_it_names_as_against_the_whole_record(
    di: Person, ada: Person, steps: list[tuple[object, ...]], at: int
) -> None:
    with nothing_kept():
        entered([*steps, *NAMED], di, ada)
        text = TEXTS[at].read_text("utf-8") + MORE
        _language, _sentences, found = extraction.read(text, None)
        claims_ = [claim for _said, claim in found]
        with in_force.seen():
            part, all_ = judging.Register(named.beside(claims_)), judging.Register(whole())
        judged = [judging.judge(part, one) for one in claims_]
        assert judged == [judging.judge(all_, one) for one in claims_]
        assert {key for one in judged for key in one.facts if key.startswith("claim-")}


# Claims that texts may be held against: a gift of a new state's, a loan to a new museum, a price, a rank, what is still held.
_RESTS: dict[str, object] = {"sources": ["C20"], "grade": "C", "scope_en": "an example", "date": "2024-05"}
NAMED = [
    (("party", {"kind": "state", "name_en": "Iceland", "country": "IS"}), "confirm", "", ""),
    (("transfer", _RESTS | {"kind": "gift", "title_en": "An example gift", "giver": "cn", "receiver": "#1", "material_en": "dust",
                            "missions": ["change-5"], "mass": "2 g"}), "confirm", "", ""),
    (("statement", _RESTS | {"about": "#1", "says": "mass", "mass": "3 g"}), "confirm", "", ""),
    (("statement", _RESTS | {"about": "#2", "says": "price", "part": "sold in 2025", "value_en": "US$1,000,000"}), "confirm", "", ""),
    (("party", {"kind": "museum", "name_en": "The Example (of Moon) Museum, Reykjavik", "country": "IS"}), "confirm", "", ""),
    (("transfer", _RESTS | {"kind": "display-loan", "title_en": "An example show", "giver": "cnsa", "receiver": "#1", "material_en": "dust",
                            "missions": ["change-6"], "mass": "80 mg"}), "confirm", "", ""),
    (("statement", _RESTS | {"about": "#2", "says": "loan_requested", "object": "cn", "on": "2025-03"}), "confirm", "", ""),
    (("statement", _RESTS | {"about": "change-6", "says": "rank", "object": "far-side sample return", "count": 2}), "confirm", "", ""),
]  # fmt: skip
MORE = (
    "\nChina gave Iceland 2 g of Chang'e 5 soil in May 2024. China gave Iceland 5 g in 2021. Chang'e 5 soil was shown in Reykjavik "
    "in May 2024. China lent 80 mg of Chang'e 6 soil to Iceland in May 2024. Chang'e 6 was the first sample return from the far side. "
    "Iceland asked China for a loan of samples in March 2025. A piece of Chang'e 5 was sold for $2,000,000 in 2025.\n"
)


def test_of_what_the_desk_does_not_ask_for_it_reads_nothing() -> None:
    record = register.load()
    for one in record.statements.values():
        if one.says not in named.TOLD:
            alone = replace(record, statements={one.key: one}, missions={}, rounds={}, transfers={})
            assert not known.facts(alone), one.key
    for says in vocabulary.SAYS.keys() - named.TOLD:
        said = replace(next(iter(record.statements.values())), key="an-example", says=says, count=3)
        for about in ("change-5", "luna", "round-1", "2023-china-france", "goodwill-gifts"):
            told = known.facts(replace(record, statements={said.key: replace(said, about=about)}))
            assert not [one for one in told if one.key == said.key], says


@SLOW
@given(steps=STEPS)
def test_an_index_kept_step_by_step_is_one_made_anew(
    di: Person, ada: Person, steps: list[tuple[object, ...]]
) -> None:
    with nothing_kept():
        entered(steps, di, ada)
        before = index()
        register_index.remake()
        assert index() == before
