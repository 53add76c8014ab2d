"""Every word of the tables of lending can be read by people, in Chinese too."""

from __future__ import annotations

from django.utils import translation

from aliquot import (
    accountability,
    agreements,
    deeds,
    incidents,
    loan_terms,
    loans,
    parcels,
    result_duties,
    shows,
    wishes,
)
from aliquot.site import cycle_words, loan_words
from aliquot.site.operations.agreements import DETACHED, SCAN
from aliquot.site.operations.parcels import FILE_KINDS

CYCLES = {"agreement_states": agreements.CYCLE, "loan_states": loans.CYCLE, "parcel_states": parcels.CYCLE,
          "show_states": shows.CYCLE, "wish_states": wishes.CYCLE}  # fmt: skip
WORDS = {
    "outcomes": accountability.Outcome, "fates": accountability.Fate, "explanations": accountability.Explanation,
    "found": parcels.Found, "directions": accountability.Direction, "duties": loans.Duty, "passings": loans.Passing,
    "modalities": agreements.MODALITIES, "rules": loan_terms.RULES, "deeds": deeds.Kind, "ways": deeds.Way, "files": FILE_KINDS,
    "incidents": incidents.Kind, "papers": result_duties.What, "signatures": (SCAN, DETACHED), "wishes": wishes.Kind,
}  # fmt: skip


def test_every_state_act_part_and_choice_has_words() -> None:
    for name, cycle in CYCLES.items():
        assert set(cycle.states) == set(loan_words.ALL[name])
        assert set(cycle.acts) <= set(loan_words.ACTS)
        assert {who for step in cycle.steps for who in step.who} <= set(loan_words.PARTS)
    for name, words in WORDS.items():
        assert {str(word) for word in words} == set(loan_words.ALL[name])
    assert loan_words.said("fates", "eaten") == "eaten"


def test_every_word_is_said_in_chinese_and_in_faults_too() -> None:
    with translation.override("zh-hans"):
        said = [str(words) for table in loan_words.ALL.values() for words in table.values()]
        assert not [word for word in said if word.isascii()]
        assert not str(cycle_words.of_fault("acts", "renew, recall, take in part")).isascii()
        assert not str(cycle_words.of_fault("state", "with borrower")).isascii()
        assert not str(cycle_words.of_fault("who", "borrower, curator")).isascii()
