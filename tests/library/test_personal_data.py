"""Somebody is found in texts by name and address, and only they; without them JSON keeps its shape."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import identifiers, personal_data
from aliquot.personal_data import Person

ADA = Person("person:17", ("Ada Lovelace", "阿达", "ada@example.org"), ("0000-0002-1825-0097",))
BO = Person("person:23", ("Bo",))
TEXTS = st.text(st.sampled_from("aAdLovece 阿达@.org\n-x"), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | st.sampled_from([*ADA.names, *ADA.orcids]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Ada Lovelace asks.", "person:17 asks."),
        ("ADA   LOVELACE\nAda\nLovelace", "person:17\nperson:17"),
        ("由Ada Lovelace提出，阿达教授", "由person:17提出，person:17教授"),
        ("Write to ADA@example.org.", "Write to person:17."),
        ("nada@example.org, ada@example.organic", "nada@example.org, ada@example.organic"),
        ("Adam Lovelace and Lovelace", "Adam Lovelace and Lovelace"),
        ("https://orcid.org/0000-0002-1825-0097", "https://orcid.org/0000-0000-0000-0175"),
        ("0000000218250097", "0000-0000-0000-0175"),
    ],
)
def test_names_and_addresses_give_way_to_the_key(text: str, without: str) -> None:
    assert personal_data.without(text, ADA) == without
    assert personal_data.names(text, ADA) is (text != without)


@pytest.mark.parametrize("text", ["Boron", "bo", "Bob and turbo", "BO"])
def test_a_short_name_is_found_only_as_it_is_written_and_as_a_word(text: str) -> None:
    assert personal_data.without(text, BO) == text
    assert personal_data.without("Bo, Bo's and (Bo)", BO) == "person:23, person:23's and (person:23)"


@given(JSON)
def test_afterwards_nothing_names_them_and_the_shape_is_the_same(value: object) -> None:
    after = personal_data.without(value, ADA)
    assert not personal_data.names(json.dumps(after, ensure_ascii=False).replace("\\n", "\n"), ADA)
    assert personal_data.without(after, ADA) == after
    assert type(after) is type(value)
    if isinstance(value, list):
        assert len(after) == len(value)


@given(st.integers(1, 10**7 - 2))
def test_the_orcid_id_of_nobody_reads_well_and_is_another_for_each(number: int) -> None:
    made = personal_data.nobodys_orcid(f"person:{number}")
    assert identifiers.orcid(made) == made
    assert made < "0000-0001-5000-0007"
    assert made != personal_data.nobodys_orcid(f"person:{number + 1}")


def test_an_orcid_id_is_theirs_where_it_stands_beside_their_name() -> None:
    told = {
        "lead": {"name": "Ada Lovelace", "orcid": "https://orcid.org/0000-0002-1825-0097"},
        "team": [
            {"name": "Bo", "orcid": "0000-0001-5109-3700"},
            {"name": "阿达", "orcid": "no such"},
            7,
            None,
        ],
    }
    assert personal_data.orcids_beside(told, ADA) == {"0000-0002-1825-0097"}
    assert personal_data.orcids_beside(told, BO) == {"0000-0001-5109-3700"}


def test_who_has_no_name_left_is_found_nowhere() -> None:
    nobody = Person("person:1", ("", " ", "x"))
    assert personal_data.pattern(nobody) is None
    assert personal_data.without({"a": "x"}, nobody) == {"a": "x"}
    assert not personal_data.names("x", nobody)


def test_a_database_may_hold_a_name_in_two_ways() -> None:
    assert personal_data.spelled(["Ada Lovelace", "阿达"]) == ("Ada", "阿达", "\\u963f\\u8fbe")
