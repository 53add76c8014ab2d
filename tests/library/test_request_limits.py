"""Limits while typing: floors of mass, whole items, counts, what is overdue, what was asked for before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.library.access_worlds import CNSA, MG, MUSEUM, G, a_call, wheres

from aliquot import policy, request_limits
from aliquot.calls import Offer
from aliquot.policy import Policy
from aliquot.request_limits import Earlier, Findings, Stand, Standing
from aliquot.requests import Line

ON = date(2027, 3, 1)
CALL = a_call(offers=(Offer("P-1", 12 * G, "powder"), Offer("R-1", 12 * G, "powder", rare=True),
                      Offer("M-1", 30 * MG, "thin section"), Offer("M-2", 30 * MG, "polished mount")))  # fmt: skip
STANDS = {"P-1": Stand(30 * G, 23 * G), "R-1": Stand(40 * G, 32 * G + 5)}


def a_line(sample: str = "P-1", wanted_ng: int = G) -> Line:
    return Line(sample, "", "", 1, wanted_ng, (), "m", 100, "w")


def found(*lines: Line, rules: Policy = MUSEUM, news: str = "", **standing: object) -> Findings:
    return request_limits.check(lines, call=CALL, rules=rules, stands=STANDS, standing=Standing(**standing),  # type: ignore[arg-type]
                                news=news, on=ON)  # fmt: skip


def test_within_every_limit_nothing_is_said() -> None:
    assert found(a_line()) == Findings((), ())


@given(st.integers(1, 10 * G), st.integers(1, 10 * G), st.fractions(Fraction(1, 100), 1))
def test_the_floor_holds_to_the_nanogram(first_ng: int, left_ng: int, share: Fraction) -> None:
    rules = replace(CNSA, keep_share=share)
    stands = {"P-1": Stand(first_ng, left_ng)}

    def stays(wanted_ng: int) -> bool:
        said = request_limits.check([a_line("P-1", wanted_ng)], call=CALL, rules=rules, stands=stands,
                                    standing=Standing(), news="", on=ON)  # fmt: skip
        return not said.blocking

    free_ng = int(left_ng - share * first_ng)
    for wanted_ng in {max(free_ng, 1), max(free_ng, 1) + 1, 1}:
        assert stays(wanted_ng) == (left_ng - wanted_ng >= share * first_ng)


def test_of_what_is_rare_and_small_more_stays_and_less_is_given() -> None:
    assert wheres(found(a_line("R-1", 5)).blocking) == []
    assert wheres(found(a_line("R-1", 6)).blocking) == ["lines[0].wanted"]
    assert found(a_line("P-1", 3 * G)).blocking == ()
    assert wheres(found(a_line("P-1", 3 * G + 1)).blocking) == ["lines[0].wanted", "lines[0].wanted"]


def test_two_lines_of_one_sample_count_together() -> None:
    assert wheres(found(a_line("P-1", 2 * G), a_line("P-1", 2 * G)).blocking) == ["lines[1].wanted"] * 2


@pytest.mark.parametrize(("sample", "rules"), [("M-1", MUSEUM), ("M-2", CNSA)])
def test_what_is_indivisible_is_lent_whole(sample: str, rules: Policy) -> None:
    assert wheres(found(a_line(sample, 29 * MG), rules=rules).blocking) == ["lines[0].wanted"]
    assert wheres(found(a_line(sample, 30 * MG), rules=rules).blocking) == []
    assert wheres(found(a_line(sample, 30 * MG), a_line(sample, 30 * MG), rules=rules).blocking) == [
        "lines[1].wanted"
    ]


@pytest.mark.parametrize(
    ("standing", "where"),
    [
        ({"of_institution": 1}, ["lead.ror"]),
        ({"held_ng": 19 * G + 1}, ["lines"]),
        ({"held_ng": 19 * G}, []),
        ({"overdue": ("inventory 2026",)}, []),
        ({"led": 1}, []),
    ],
)
def test_a_museum_counts_what_one_holds_and_asks_for(standing: dict[str, object], where: list[str]) -> None:
    assert wheres(found(a_line(), **standing).blocking) == where


def test_a_request_has_its_most_in_samples_and_mass() -> None:
    many = [Line("", f"kind {n}", "", 1, G + 1, (), "m", 0, "w") for n in range(11)]
    assert wheres(found(*many).blocking) == ["lines", "lines"]
    assert wheres(found(a_line(), rules=replace(CNSA, requests_per_person=1), led=1).blocking) == ["lead"]


def test_who_is_overdue_gets_nothing_where_the_policy_says_so() -> None:
    late = {"overdue": ("inventory 2026", "agreement 7")}
    assert wheres(found(a_line(), rules=policy.load("nasa"), **late).blocking) == ["lead", "lead"]
    assert found(a_line(), rules=CNSA, **late).blocking == ()
    assert wheres(found(a_line(), rules=CNSA, **late).advice) == ["lead", "lead"]


def test_whoever_asks_again_says_what_is_new() -> None:
    before = {"earlier": (Earlier("C-1", "P-1", "refused"),)}
    assert wheres(found(a_line(), **before).blocking) == ["news"]
    assert found(a_line(), news="A finer method.", **before).blocking == ()
    final = replace(MUSEUM, resubmission=False)
    assert wheres(found(a_line(), rules=final, news="x", **before).blocking) == ["lines[0].sample"]
    granted = found(a_line(), earlier=(Earlier("C-1", "P-1", "granted"),))
    assert (granted.blocking, wheres(granted.advice)) == ((), ["lines[0].sample"])


@pytest.mark.parametrize(
    ("since", "paper", "looked_at"),
    [
        (date(2025, 3, 1), None, True),
        (date(2025, 3, 2), None, False),
        (date(2020, 1, 1), date(2026, 1, 1), False),
        (date(2020, 1, 1), date(2024, 1, 1), True),
        (None, date(2000, 1, 1), False),
    ],
)
def test_two_years_without_a_paper_are_looked_at(
    since: date | None, paper: date | None, looked_at: bool
) -> None:
    said = found(a_line(), lent_since=since, last_paper=paper)
    assert said.blocking == ()
    assert wheres(said.advice) == (["earlier_loans"] if looked_at else [])


@given(st.integers(0, 10**13), st.booleans())
def test_the_reserve_is_the_share_that_must_stay_to_the_nanogram(first_ng: int, rare: bool) -> None:
    kept_ng = request_limits.reserve_ng(first_ng, form="powder", rare=rare, rules=MUSEUM)
    share = MUSEUM.keep_share_small if rare and first_ng < MUSEUM.small_ng else MUSEUM.keep_share
    assert kept_ng - 1 < share * first_ng <= kept_ng
    assert request_limits.reserve_ng(first_ng, form=MUSEUM.indivisible_forms[0], rare=rare, rules=MUSEUM) == 0
    assert request_limits.reserve_ng(first_ng, form="powder", rare=rare, rules=CNSA) == 0
