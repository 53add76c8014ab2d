"""What a reviewer tells of themselves: read whole or refused with every fault beside its field."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.library.access_worlds import wheres

from aliquot import identifiers, reviewers, scores
from aliquot.reviewers import Profile

TOLD = {
    "orcid": "https://orcid.org/0000-0002-1825-0097", "institutions": "05gq02987\nhttps://ror.org/05gq02987\n",
    "country": "us", "zone": "America/New_York", "expertise": "basalt, Pb-Pb\n月幔", "papers": "2024 0000-0002-1825-0097\n",
}  # fmt: skip


def an_orcid(number: int) -> str:
    digits = f"{number:015d}"
    found = identifiers.orcid(digits + identifiers.orcid_check(digits))
    assert isinstance(found, str)
    return found


profiles = st.builds(
    Profile,
    orcid=st.integers(0, 10**15 - 1).map(an_orcid) | st.just(""),
    institutions=st.sampled_from([(), ("05gq02987",), ("05gq02987", "02jx3x895")]),
    country=st.sampled_from(["", "CN", "JP"]),
    zone=st.sampled_from(["UTC", "Asia/Shanghai"]),
    expertise=st.lists(
        st.text("abc月 -", min_size=1, max_size=9).map(str.strip).filter(bool), unique=True, max_size=5
    ).map(tuple),
    papers=st.lists(st.tuples(st.integers(1990, 2030), st.integers(0, 10**15 - 1).map(an_orcid)), unique=True, max_size=4
                    ).map(tuple),
)  # fmt: skip


def test_a_profile_is_read_with_identifiers_in_one_form_and_nothing_twice() -> None:
    assert reviewers.read(TOLD) == Profile(
        "0000-0002-1825-0097", ("05gq02987",), "US", "America/New_York", ("basalt", "Pb-Pb", "月幔"),
        ((2024, "0000-0002-1825-0097"),),
    )  # fmt: skip
    assert reviewers.read({}) == Profile("", (), "", "UTC", (), ())


@settings(max_examples=60)
@given(profiles)
def test_what_is_written_into_the_form_reads_as_the_same_profile(profile: Profile) -> None:
    assert reviewers.read(reviewers.write(profile)) == profile


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"orcid": "0000-0002-1825-0098"}, ["orcid"]),
        ({"institutions": "05gq02988\nx"}, ["institutions", "institutions"]),
        ({"country": "UK"}, ["country"]),
        ({"zone": "Mars/Olympus"}, ["zone"]),
        ({"zone": "../etc/passwd"}, ["zone"]),
        ({"papers": "2024\n20x4 0000-0002-1825-0097\n1234 0000-0002-1825-0097"}, ["papers"] * 3),
        ({"papers": "2024 0000-0002-1825-0098"}, ["papers"]),
        ({"expertise": "x" * 61}, ["expertise"]),
        ({"expertise": "\n".join(map(str, range(41)))}, ["expertise"]),
        ({"expertise": "a\0b", "orcid": "?"}, ["orcid", "expertise"]),
    ],
)
def test_every_fault_is_told_beside_its_field(changed: dict[str, str], where: list[str]) -> None:
    assert wheres(reviewers.read(TOLD | changed)) == where


def test_a_word_of_expertise_is_known_in_a_request_in_chinese_too() -> None:
    assert reviewers.spellings(" Basalt ") == (" Basalt ", "玄武岩")
    assert reviewers.spellings("tektite") == ("tektite",)
    assert scores.affinity(["basalt", "ion probe"], "嫦娥六号玄武岩的年代") == 500
