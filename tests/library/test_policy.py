"""Policies: every rule has a source, and a pack gives all its faults at once."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from aliquot import book, policy
from aliquot.fault import Refused

GUIDE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text("utf-8")
EXAMPLE = re.findall(r"^```toml\n(.*?)```$", GUIDE, re.DOTALL | re.MULTILINE)[0]


def faults(text: str) -> list[str]:
    """Return what is wrong with a pack: `where: what`."""
    with pytest.raises(Refused) as refused:
        policy.read("example", text)
    return [f"{found.where}: {found.said}" for found in refused.value.faults]


def changed(old: str, new: str) -> str:
    assert EXAMPLE.count(old) == 1
    return EXAMPLE.replace(old, new)


@pytest.mark.parametrize("key", policy.packs())
def test_every_pack_that_ships_can_be_read(key: str) -> None:
    pack = policy.load(key)
    assert pack.key == key
    assert pack.uses
    for use in pack.uses:
        assert re.fullmatch(book.USE_CLASS, use.key)
        assert use.source


def test_the_packs_that_ship() -> None:
    assert policy.packs() == ("cnsa", "jaxa", "museum", "nasa")


def test_cnsa_seals_permanent_and_backup_and_lends_research_for_a_year() -> None:
    cnsa = policy.load("cnsa")
    assert cnsa.sealed_classes == {"permanent", "backup"}
    research = cnsa.use("research")
    assert research is not None
    assert (research.loan_months, research.renewals, research.renewal_months) == (12, 1, 6)
    public = cnsa.use("public-interest")
    assert public is not None
    assert (public.loan_months, public.renewals, public.renewal_months) == (2, 1, 1)
    assert cnsa.use("private") is None


def test_masses_are_nanograms_and_shares_are_exact() -> None:
    museum = policy.load("museum")
    assert (museum.keep_share, museum.keep_share_small) == (Fraction(2, 3), Fraction(4, 5))
    assert (museum.small_ng, museum.most_of_rare_ng) == (50 * 10**9, 10**9)
    assert (policy.load("cnsa").keep_share, policy.load("cnsa").small_ng) == (0, 0)
    assert policy.load("cnsa").decision_levels == ("committee", "centre", "agency")


@pytest.mark.parametrize(
    "key", ["", "esa", "CNSA", "../policies/cnsa", "/etc/passwd", "cnsa.toml", "\x1b[2J", "."]
)
def test_an_unknown_pack_is_refused_with_those_that_there_are(key: str) -> None:
    with pytest.raises(Refused, match="there is no policy") as refused:
        policy.load(key)
    assert "use one of: cnsa, jaxa, museum, nasa" in str(refused.value)
    assert str(refused.value).isprintable()


def test_the_guide_lists_every_key_and_no_other() -> None:
    pack, use = GUIDE.split("## Keys of a class of use")
    assert re.findall(r"^\| `(\w+)` \|", pack, re.MULTILINE) == list(policy.KEYS)
    assert re.findall(r"^\| `(\w+)` \|", use, re.MULTILINE) == list(policy.USE_KEYS)


def test_the_example_of_the_guide_can_be_read() -> None:
    pack = policy.read("example", EXAMPLE)
    assert [use.key for use in pack.uses] == ["permanent", "research"]
    assert pack.indivisible_forms == ("thin section",)


@pytest.mark.parametrize("key", [key for key in policy.KEYS if key not in ("use", "sources")])
def test_a_key_that_is_missing_is_named(key: str) -> None:
    without = re.sub(rf"(?m)^{key} = .*\n", "", EXAMPLE, count=1)
    assert faults(without) == [f"example: “{key}” is missing or not a {policy.KEYS[key][0].__name__}"]


@pytest.mark.parametrize(
    "key", [key for key in policy.KEYS if key not in ("name_en", "name_zh", "use", "sources")]
)
def test_a_rule_without_a_source_is_named(key: str) -> None:
    rules, sources = EXAMPLE.split("[sources]")
    without = re.sub(rf"(?m)^{key} = .*\n", "", sources, count=1)
    assert faults(f"{rules}[sources]{without}") == [f"example: “{key}” has no source"]


@pytest.mark.parametrize("key", policy.USE_KEYS)
def test_a_key_of_a_class_that_is_missing_is_named(key: str) -> None:
    rules, first, second = EXAMPLE.split("[[use]]")
    without = re.sub(rf"(?m)^{key} = .*\n", "", second, count=1)
    said = faults(f"{rules}[[use]]{first}[[use]]{without}")
    assert said == [f"example: use[1]: “{key}” is missing or not a {policy.USE_KEYS[key][0].__name__}"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sealed_approvals = 2", "sealed_approvals = -1", "example: “sealed_approvals” is below zero"),
        (
            "sealed_approvals = 2",
            "sealed_approvals = true",
            "example: “sealed_approvals” is missing or not a int",
        ),
        (
            "sealed_approvals = 2",
            "sealed_approvals = 2.0",
            "example: “sealed_approvals” is missing or not a int",
        ),
        (
            "sealed_approvals = 2",
            'sealed_approvals = "2"',
            "example: “sealed_approvals” is missing or not a int",
        ),
        ('in_force = ""', "in_force = 2020-12-17", "example: “in_force” is missing or not a str"),
        ('in_force = ""', 'in_force = "2020-13-17"', "example: “in_force” is not a day"),
        ('in_force = ""', 'in_force = "soon"', "example: “in_force” is not a day"),
        (
            "backup_share_percent = 0",
            "backup_share_percent = 101",
            "example: “backup_share_percent” is more than 100",
        ),
        ('keep_share = "2/3"', 'keep_share = "3/2"', "example: “keep_share” is not a share"),
        ('keep_share = "2/3"', 'keep_share = "0.67"', "example: “keep_share” is not a share"),
        ('small_mass = "50 g"', 'small_mass = "50"', "example: “small_mass” is not a mass"),
        ("quorum_percent = 50", "quorum_percent = 101", "example: “quorum_percent” is more than 100"),
        ("two_stage = true", "two_stage = 1", "example: “two_stage” is missing or not a bool"),
        (
            '["committee", "agency"]',
            '["agency", "committee"]',
            "example: “decision_levels” are not levels in their order",
        ),
        (
            '["committee", "agency"]',
            "[]",
            "example: “decision_levels” are not levels in their order",
        ),
        (
            "countries_apart = []",
            'countries_apart = ["CN-UK"]',
            "example: “countries_apart” has something that is no pair of countries",
        ),
        (
            '["thin section"]',
            '["thin section", 3]',
            "example: “indivisible_forms” has something that is not a word",
        ),
        ('["thin section"]', '"thin section"', "example: “indivisible_forms” is missing or not a list"),
        (
            "inventory_months = 12",
            "inventory_month = 12",
            "example: “inventory_months” is missing or not a int",
        ),
        ('in_force = "an example has no day"', "in_force = 3", "example: “in_force” has no source"),
        (
            "[sources]\n",
            '[sources]\nshelf = "a"\n',
            "example: “shelf” has a source but is no rule of a policy",
        ),
        ("loan_months = 0", "loan_months = 1", "example: use[0]: a sealed class has a loan term"),
        ('key = "research"', 'key = "permanent"', "example: use[1]: the class “permanent” stands here twice"),
        (
            'key = "research"',
            'key = "sealed"',
            "example: use[1]: “sealed” cannot stand in the ledger as a class of use",
        ),
        (
            'key = "research"',
            'key = "Open use"',
            "example: use[1]: “Open use” cannot stand in the ledger as a class of use",
        ),
        ("sealed = true", "sealed = 1", "example: use[0]: “sealed” is missing or not a bool"),
        (
            "renewal_months = 6",
            "renewal_months = 6\ncolour = 1",
            "example: use[1]: “colour” is not a key of a policy",
        ),
    ],
)
def test_what_is_wrong_with_a_pack_is_said(old: str, new: str, said: str) -> None:
    assert said in faults(changed(old, new))


@pytest.mark.parametrize("value", ["5", '"permanent"', "[1, 2]", '[["a"]]', "true", "[[]]"])
def test_what_is_no_list_of_classes_is_a_fault(value: str) -> None:
    rules = EXAMPLE.split("[[use]]")[0]
    assert faults(f"use = {value}\n{rules}")


@pytest.mark.parametrize(
    "text",
    ["", "x", "= 3", "[[use]]\n[use]", "a = 1\na = 2", "n = " + "9" * 5000, "a = " + "[" * 10**5, "\x00"],
)
def test_what_is_no_pack_at_all_is_refused(text: str) -> None:
    assert faults(text)


def test_all_faults_are_told_at_once_and_in_the_same_order_every_time() -> None:
    said = faults('zebra = 1\nalpha = 2\n[[use]]\nkey = "x"\nzulu = 1\nable = 2\n')
    assert said == faults('alpha = 2\nzebra = 1\n[[use]]\nable = 2\nzulu = 1\nkey = "x"\n')
    assert len(said) == len(policy.KEYS) - 1 + 2 + len(policy.KEYS) - 4 + len(policy.USE_KEYS) - 1 + 2


def test_a_pack_that_was_kept_may_be_older_than_a_rule() -> None:
    older = re.sub(r"(?m)^(least_worth_percent|published_plan|reserve_percent) = .*\n", "", EXAMPLE)
    with pytest.raises(Refused):
        policy.read("example", older)
    kept = policy.read_kept("example", older)
    assert (kept.least_worth_percent, kept.published_plan, kept.uses[0].reserve_percent) == (0, "", 0)
    with pytest.raises(Refused):
        policy.read_kept("example", "no toml")
