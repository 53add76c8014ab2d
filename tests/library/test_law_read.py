"""The law files: what ships is in order, and every kind of fault is found at its line."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from aliquot import law_prose, law_read, restricted_parties
from aliquot.fault import Refused
from aliquot.law_text import NOT_LEGAL_ADVICE
from aliquot.restricted_parties import PartyList

FILES = law_read.shipped()
LAW = law_read.load()
WORDS = LAW.vocabulary
ACCORDS = (
    Path(__file__).resolve().parents[3]
    / "shared"
    / "data"
    / "artemis-accords"
    / "artemis_accords_members.csv"
)


def faults(name: str, old: str, new: str) -> list[str]:
    """Return what is wrong with a file after one change."""
    assert FILES[name].count(old) >= 1, old
    text = FILES[name].replace(old, new, 1)
    found = (
        law_read.vocabulary(text)
        if name == law_read.VOCABULARY
        else law_read.read_instrument(name, text, WORDS)
    )
    return [str(each) for each in found[1]]


def line_of(name: str, text: str) -> int:
    return next(number for number, line in enumerate(FILES[name].splitlines(), 1) if text in line)


def test_what_ships_is_in_order_and_says_what_it_is() -> None:
    assert len(LAW.instruments) == 23
    for name, text in FILES.items():
        assert "not legal advice" in text.lower(), name
    for each in LAW.instruments.values():
        assert each.not_verified
        assert each.reviewed_by is None
        assert each.title.zh
        shown = "\n".join(law_prose.instrument_lines(each, each.versions[-1] if each.versions else None))
        assert NOT_LEGAL_ADVICE.en in shown
    for question in WORDS.questions.values():
        assert question.ask.en
        assert question.ask.zh
        assert question.answered_by.zh


WOLF = "us-wolf.yaml"


@pytest.mark.parametrize(
    ("name", "old", "new", "at", "says"),
    [
        (WOLF, "- the dealing is two-sided", "- the dealing is one-sided", "the dealing is two-sided", "is no word"),
        (WOLF, "money_years: [2013]", "money_years: [2012]", "id: FY2013", "overlap"),
        (WOLF, "enacted: 2013-03-26", "enacted: 2011-03-26", "id: FY2013", "run backwards"),
        (WOLF, "enacted: 2013-03-26", "enacted: 2013-02-30", "id: FY2013", "is no day"),
        (WOLF, "{since: FY2016, then", "{since: FY1999, then", "{since: FY2016, then", "no version"),
        (WOLF, "lifted_by: [certificate]", "lifted_by: [blessing]", "lifted_by: [certificate]", "no lift"),
        (WOLF, "clause: hosting, other", "clause: guests, other", "clause: hosting, other", "no clause"),
        (WOLF, "        used: true\n", "", "name: hosting", "exactly one"),
        (WOLF, "id: FY2014,", "id: FY2013,", "versions:", "one id"),
        (WOLF, "money_year: 2027", "money_year: 2026", "money_year: 2027", "not later"),
        (WOLF, "text: reported", "text: rumoured", "id: FY2015", "rumoured"),
        (WOLF, "force: statute", "force: statute\nforce: policy", "force: statute", "stands here twice"),
        (WOLF, "binding: true", "bindign: true", "instrument: us/wolf", "bindign"),
        (WOLF, "instrument: us/wolf", "instrument: us/fox", "instrument: us/wolf", "does not belong"),
        (WOLF, "title: {en", "title: [{en", "title: {en", "not YAML"),
        ("us-nasa-access-2013.yaml", "until: 2013-08-01", "until: 2013-02-01", "until: 2013-08-01", "runs backwards"),
        ("us-nasa-access-2013.yaml", "nationality of CN", "nationality of PRC", "nationality of CN", "no place"),
        ("us-nasa-display-loan.yaml", "before 2024-04-05", "before Easter", "before 2024-04-05", "does not fit"),
        ("un-moon-agreement.yaml", "place: AM", "place: QQ", "place: AM", "no place"),
        ("us-entity-list.yaml", "key: restricted_list_date", "key: list_day", "key: restricted_list_date", "no question"),
        ("vocabulary.yaml", "ahead_of: acts_on", "ahead_of: two_sided", "there is still time for it", "no day"),
        ("vocabulary.yaml", "is: research_loan", "is: rental", "it is a research loan", "no option"),
        ("vocabulary.yaml", 'before: "{day}"', 'at_most: "{day}"', "the activity is before", "cannot be tested"),
        ("vocabulary.yaml", "活动早于{day}", "活动更早", "the activity is before", "the same one blank"),
        ("vocabulary.yaml", "type: bool", "type: maybe", "type: bool", "maybe"),
    ],
)  # fmt: skip
def test_a_fault_is_found_at_its_line(name: str, old: str, new: str, at: str, says: str) -> None:
    found = faults(name, old, new)
    number = line_of(name, at)
    here = [
        each for each in found if each.startswith((f"{name} line {number}:", f"{name} line {number + 1}:"))
    ]
    assert any(says in each for each in here), found


def test_two_windows_of_days_may_meet_but_not_overlap() -> None:
    name = "us-nasa-access-2013.yaml"
    first = FILES[name][FILES[name].index('  - {id: "2013"') :].splitlines()[0]
    later = first.replace('"2013"', '"later"').replace("from: 2013-03-01, until: 2013-08-01", "from: DAY")
    assert faults(name, first, f"{first}\n{later.replace('DAY', '2013-08-01')}") == []
    assert "overlap" in faults(name, first, f"{first}\n{later.replace('DAY', '2013-07-31')}")[0]


def test_a_file_that_holds_nothing_is_a_fault() -> None:
    for text in ("", "# nothing\n", "[]\n", "just text\n"):
        assert law_read.read_instrument(WOLF, text, WORDS)[1]
    with pytest.raises(Refused):
        law_read.read({WOLF: FILES[WOLF]})  # without its vocabulary


def test_the_signatories_agree_with_a_list_of_members() -> None:
    if not ACCORDS.is_file():
        pytest.skip("the shared data are not here")
    with ACCORDS.open(encoding="utf-8") as file:
        listed = {row["iso2"] for row in csv.DictReader(file)}
    ours = {member.place for member in LAW.instruments["artemis/accords"].members}
    assert listed - ours == {"LV"}  # announced, signing not found
    assert len(ours) == 61


def test_a_version_is_found_by_day_or_by_the_fiscal_year_of_the_day() -> None:
    wolf, loans = LAW.instruments["us/wolf"], LAW.instruments["us/nasa-access-2013"]
    found = [
        law_prose.version_on(wolf, day) for day in (date(2012, 9, 30), date(2012, 10, 1), date(2030, 1, 1))
    ]
    assert [each.key for each in found if each] == ["FY2012", "FY2013", "FY2027"]
    assert law_prose.version_on(wolf, date(2009, 1, 1)) is None
    assert law_prose.version_on(loans, date(2013, 7, 31)) is not None
    assert law_prose.version_on(loans, date(2013, 8, 1)) is None


LISTED = """
list: Example list
source: an example
fetched_on: 2025-06-01
parties:
  - {id: p1, name: Example Institute, aliases: [E. I.], from: 2020-05-22, until: 2025-01-01}
  - {id: p2, name: Example Laboratory, parent: p1}
"""


def test_a_party_is_found_by_any_of_its_names_with_its_parents() -> None:
    found = restricted_parties.read("list.yaml", LISTED)
    assert isinstance(found, PartyList)
    assert [each.key for each in found.find("example LABORATORY", date(2024, 1, 1))] == ["p2", "p1"]
    assert [each.key for each in found.find("ei", date(2024, 12, 31))] == ["p1"]
    assert found.find("EI", date(2025, 1, 1)) == ()
    assert found.facts("Somebody else", date(2024, 1, 1)) == {
        "on_restricted_list": False, "restricted_list_date": "2025-06-01"}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), [
    ("parent: p1", "parent: p9", "line 7"), ("id: p2", "id: p1", "twice"), ("fetched_on: 2025-06-01", "", "fetched_on"),
    ("until: 2025-01-01", "until: 2019-01-01", "backwards"), ("2025-06-01", "2025-06-31", "is no day"),
])  # fmt: skip
def test_a_wrong_list_is_refused(old: str, new: str, says: str) -> None:
    found = restricted_parties.read("list.yaml", LISTED.replace(old, new))
    assert not isinstance(found, PartyList)
    assert any(says in str(each) for each in found), found
