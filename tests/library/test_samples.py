"""Numbers as given with their parts beside them, and genealogy as a graph."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import samples
from aliquot.samples import Descent, Family, Member, descents


def parts(given_number: str) -> dict[str, str]:
    return {part.name: part.text for part in samples.read(given_number).parts}


@pytest.mark.parametrize(
    ("number", "system", "read"),
    [
        ("15555,880", "apollo", {"generic": "15555", "specific": "880"}),
        ("74001,6040", "apollo", {"generic": "74001", "specific": "6040"}),
        ("10084", "apollo", {"generic": "10084"}),
        (
            "CE5C0400YJFM001",
            "change",
            {"mission": "CE5", "collected": "C", "container": "0400", "use": "YJ", "form": "FM", "serial": "001"},
        ),
        (
            "CE5C0400YJFM00402",
            "change",
            {"mission": "CE5", "collected": "C", "container": "0400", "use": "YJ", "form": "FM", "serial": "004",
             "split": "02"},
        ),
        (
            "CE5C0000YJYX03501GP",
            "change",
            {"mission": "CE5", "collected": "C", "container": "0000", "use": "YJ", "form": "YX", "serial": "035",
             "split": "01", "preparation": "GP"},
        ),
        (
            "CE5Z0107YJYX001",
            "change",
            {"mission": "CE5", "collected": "Z", "container": "0107", "use": "YJ", "form": "YX", "serial": "001"},
        ),
        ("A0001-abc", "ryugu", {"chamber": "A", "serial": "0001", "subsample": "abc"}),
        ("C0107", "ryugu", {"chamber": "C", "serial": "0107"}),
        ("lot:change-5:round-7", "lot", {"collection": "change-5", "lot": "round-7"}),
    ],
)  # fmt: skip
def test_a_number_of_a_known_system_has_parts(number: str, system: str, read: dict[str, str]) -> None:
    assert samples.read(number).given == number
    assert samples.read(number).system == system
    assert parts(number) == read


@pytest.mark.parametrize(
    "number",
    [
        "CE6C500",  # as on a jar shown in 2024: three digits, not four
        "OREX-800055-3",
        "月球样品001号",
        "15555,",
        "15555,880,1",
        "155555",
        "CE5C0400YJFM001X",
        "CE7C0400",
        "ce5c0400",
        "D0001-abc",
        "A0001-",
        "CE5C0400YJFM001\n",
        "１５５５５,８８０",
        "CE5C０４００",
        "",
    ],
)
def test_a_number_of_no_known_system_stays_as_it_is(number: str) -> None:
    assert samples.read(number) == samples.Number(number)


def test_the_parts_of_a_number_are_read_where_their_meaning_is_known() -> None:
    meanings = {p.name: p.meaning for p in samples.read("CE5C0000YJYX03501GP").parts}
    assert meanings["mission"] == "change-5"
    assert meanings["collected"] == "scooped"
    assert meanings["form"] == "lithic fragment"
    assert meanings["preparation"] == "polished mount"
    assert meanings["serial"] == meanings["container"] == ""


@given(st.text())
def test_any_text_is_read_and_kept(text: str) -> None:
    number = samples.read(text)
    assert number.given == text
    assert all(part.text and part.text in text for part in number.parts)


@given(st.from_regex(r"CE[56][CZ][0-9]{4}YJ(FM|YX)[0-9]{3}([0-9]{2})?(GP)?", fullmatch=True))
def test_the_parts_of_a_number_put_together_are_the_number(number: str) -> None:
    assert "".join(part.text for part in samples.read(number).parts) == number


@pytest.mark.parametrize(
    "number", ["15555,880", "CE5C0400YJFM001", "月球样品001号", "é", "A0001-abc", "#1", "x" * 100]
)
def test_a_number_may_be_written_in_any_script(number: str) -> None:
    assert samples.check_number(number) == ()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", ["the number is missing"]),
        ("x" * 101, ["the number is longer than 100 characters"]),
        ("15555, 880", ["“15555, 880” has a space or a character that cannot be seen"]),
        (" 15555", ["“ 15555” has a space or a character that cannot be seen"]),
        ("15555\n", ["“15555\\n” has a space or a character that cannot be seen"]),
        ("155\x0055", ["“155\\x0055” has a space or a character that cannot be seen"]),
        ("155\x7f55", ["“155\\x7f55” has a space or a character that cannot be seen"]),
        ("155\x8555", ["“155\\x8555” has a space or a character that cannot be seen"]),
        ("155\u00a055", ["“155\\xa055” has a space or a character that cannot be seen"]),
        ("155\u168055", ["“155\\u168055” has a space or a character that cannot be seen"]),
        ("155\u300055", ["“155\\u300055” has a space or a character that cannot be seen"]),
        ("155\u200b55", ["“155\\u200b55” has a space or a character that cannot be seen"]),
        ("155\u202e55", ["“155\\u202e55” has a space or a character that cannot be seen"]),
        ("155\u061c55", ["“155\\u061c55” has a space or a character that cannot be seen"]),
        ("155\u00ad55", ["“155\\xad55” has a space or a character that cannot be seen"]),
        ("155\ufeff55", ["“155\\ufeff55” has a space or a character that cannot be seen"]),
        ("155\U000e004155", ["“155\\U000e004155” has a space or a character that cannot be seen"]),
        ("155\ud80055", ["“155\\ud80055” has a space or a character that cannot be seen"]),
        ("e\u0301-1", ["“e\u0301-1” is not in Unicode's form NFC"]),
        ("e\u0301 " + "x" * 100, ["the number is longer than 100 characters",
                                  f"“e\u0301 {'x' * 37}” has a space or a character that cannot be seen",
                                  f"“e\u0301 {'x' * 37}” is not in Unicode's form NFC"]),
    ],
)  # fmt: skip
def test_what_cannot_be_a_number_is_said(number: str, said: list[str]) -> None:
    assert [found.said for found in samples.check_number(number)] == said


def test_a_number_of_a_million_characters_is_a_short_fault() -> None:
    (found,) = samples.check_number("7" * 10**6)
    assert len(str(found)) < 200


# -- genealogy -------------------------------------------------------------------------------------------------


def family(*steps: tuple[str, str, str]) -> Family:
    return Family(Descent(i, parent, daughter, kind) for i, (kind, parent, daughter) in enumerate(steps))


# Soil 10002 gave new generics 10084 and 10086; basalt 10092 began as split 10002,22.
APOLLO_11 = family(
    ("split", "10002", "10002,22"), ("split", "10002", "10086"), ("renumber", "10002", "10084"),
    ("renumber", "10002,22", "10092"), ("split", "10084", "10084,5"),
)  # fmt: skip


def test_a_new_generic_number_is_found_from_the_old_one() -> None:
    assert APOLLO_11.daughters("10002") == ("10002,22", "10086", "10084")
    assert APOLLO_11.parents("10092") == ("10002,22",)
    assert APOLLO_11.descendants("10002") == (
        Member("10002,22", 1), Member("10086", 1), Member("10084", 1), Member("10092", 2), Member("10084,5", 2),
    )  # fmt: skip


def test_generations_before_are_counted_below_zero() -> None:
    assert APOLLO_11.ancestors("10084,5") == (Member("10084", -1), Member("10002", -2))


def test_a_number_that_was_changed_many_times_stays_findable() -> None:
    chain = family(*(("renumber", str(n), str(n + 1)) for n in range(10_002, 10_084)))
    assert chain.descendants("10002")[-1] == Member("10084", 82)
    assert chain.ancestors("10084")[-1] == Member("10002", -82)


def test_a_diamond_counts_each_member_once_by_the_shortest_way() -> None:
    diamond = family(
        ("split", "rock", "left"), ("split", "rock", "right"), ("combine", "left", "pot"),
        ("combine", "right", "pot"), ("combine", "rock", "pot"),
    )  # fmt: skip
    assert diamond.descendants("rock") == (Member("left", 1), Member("right", 1), Member("pot", 1))
    assert diamond.parents("pot") == ("left", "right", "rock")
    assert diamond.ancestors("pot") == (Member("left", -1), Member("right", -1), Member("rock", -1))


def test_a_ring_ends() -> None:
    ring = family(("split", "soil", "cut"), ("combine", "cut", "soil"), ("combine", "soil", "soil"))
    assert ring.descendants("soil") == (Member("cut", 1),)
    assert ring.ancestors("soil") == (Member("cut", -1),)


def test_a_stranger_has_no_family() -> None:
    assert APOLLO_11.parents("15555") == APOLLO_11.daughters("15555") == ()
    assert APOLLO_11.ancestors("15555") == APOLLO_11.descendants("15555") == ()


def test_every_daughter_of_a_combination_comes_from_every_parent() -> None:
    steps = descents(entry=7, kind="combine", parents=["a", "b"], daughters=iter(["pot"]))
    assert steps == (Descent(7, "a", "pot", "combine"), Descent(7, "b", "pot", "combine"))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40), st.randoms())
def test_a_family_is_the_same_in_whatever_order_its_steps_come(
    steps: list[tuple[int, int]], chance: object
) -> None:
    made = [Descent(i, str(a), str(b), "split") for i, (a, b) in enumerate(steps)]
    shuffled = [*made, *made[:3]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Family(made), Family(shuffled)
    for number in map(str, range(10)):
        assert one.descendants(number) == other.descendants(number)
        assert one.ancestors(number) == other.ancestors(number)
        for far in one.descendants(number):
            assert number in {member.number for member in one.ancestors(far.number)}
