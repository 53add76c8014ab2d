"""What an audit looks at, and when it may be closed and signed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import audits
from aliquot.audits import Counted, Outcome, Stock

stock = st.lists(st.builds(Stock, st.text("abc1,", min_size=1, max_size=4), st.sampled_from(["place:a", "place:b"]),
                           st.integers(1, 9)), unique=True, max_size=30)  # fmt: skip


@given(stock, st.integers(0, 40), st.randoms())
def test_whoever_knows_the_seed_draws_the_same_lines(among: list[Stock], count: int, chance: object) -> None:
    drawn = audits.draw("seed", among, count)
    shuffled = list(among)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert audits.draw("seed", shuffled, count) == drawn
    assert len(drawn) == min(count, len(among)) == len(set(drawn))
    assert set(drawn) <= set(among)
    assert audits.draw("seed", among, count + 1)[: len(drawn)] == drawn


def test_another_seed_draws_others() -> None:
    among = [Stock(f"s{n}", "place:a", 1) for n in range(200)]
    draws = {audits.draw(seed, among, 5) for seed in "abcdefghij"}
    assert len(draws) == 10


def test_every_line_has_about_the_same_chance() -> None:
    among = [Stock(f"s{n}", "place:a", 1) for n in range(20)]
    often = dict.fromkeys(among, 0)
    for seed in range(400):
        for one in audits.draw(str(seed), among, 5):
            often[one] += 1
    assert all(60 <= times <= 140 for times in often.values())  # 100 is expected, with a deviation of about 9


SEEN = Counted("s1", Outcome.SEEN, "person:1")


@pytest.mark.parametrize(
    ("line", "weigh", "said"),
    [
        (Counted("s1"), False, "nobody has looked"),
        (Counted("s1", Outcome.MISSING, "person:1"), False, "it is {outcome}"),
        (Counted("s1", Outcome.SEEN, "person:1", gap_ng=5), False, "the balance differs"),
        (Counted("s1", Outcome.SEEN, "person:1"), True, "it was to be weighed"),
    ],
)
def test_an_audit_closes_when_every_difference_has_its_reason(line: Counted, weigh: bool, said: str) -> None:
    assert [
        one.what.startswith(said)
        for one in audits.check_close([SEEN, line] if not weigh else [line], weigh=weigh)
    ] == [True]
    told = Counted(line.sample, line.outcome or Outcome.SEEN, "person:1", line.gap_ng, "a reason")
    assert not list(audits.check_close([told], weigh=weigh))


def test_whoever_counted_or_closed_does_not_sign() -> None:
    assert list(audits.check_sign([SEEN], signer="person:1", closed_by="person:2"))
    assert list(audits.check_sign([SEEN], signer="person:2", closed_by="person:2"))
    assert not list(audits.check_sign([SEEN], signer="person:3", closed_by="person:2"))


@pytest.mark.parametrize(
    ("line", "found_in", "where"),
    [
        (Counted("s"), "", ["outcome"]),
        (Counted("s", Outcome.ELSEWHERE), "", ["found_in"]),
        (Counted("s", Outcome.ELSEWHERE), "place:a", ["found_in"]),
        (Counted("s", Outcome.SEEN), "place:b", ["found_in"]),
        (Counted("s", Outcome.MISSING, weighed=True), "", ["reading"]),
        (Counted("s", Outcome.ELSEWHERE), "place:b", []),
    ],
)
def test_what_is_told_of_a_line_must_fit_together(line: Counted, found_in: str, where: list[str]) -> None:
    assert [one.where for one in audits.check_counted(line, found_in=found_in, held_by="place:a")] == where
