"""Every word of the life cycles is said in the reader's language, in faults too."""

from __future__ import annotations

from django.utils import translation

from aliquot import calls, fault, life_cycles, policy, requests, reviews, scores
from aliquot.site import cycle_words
from aliquot.site.web import acting

CYCLES = (calls.CYCLE, requests.CYCLE, scores.CYCLE)


def test_every_state_act_and_part_of_the_tables_has_a_word() -> None:
    for cycle in CYCLES:
        assert set(cycle.states) <= set(cycle_words.STATES)
        assert set(cycle.acts) <= set(cycle_words.ACTS)
        assert {who for step in cycle.steps for who in step.who} <= set(cycle_words.PARTS)
    assert set(policy.LEVELS) == set(cycle_words.LEVELS)
    assert {ground.value for ground in reviews.Ground} == set(cycle_words.GROUNDS)


def test_a_fault_of_a_life_cycle_has_no_bare_english_in_chinese() -> None:
    refused = life_cycles.take(calls.CYCLE, state="closed", act="amend", who=())
    not_yours = life_cycles.take(calls.CYCLE, state="draft", act="publish", who=(), holding={"sound"})
    assert isinstance(refused, tuple)
    assert isinstance(not_yours, tuple)
    with translation.override("zh-hans"):
        for one in acting.shown((*refused, *not_yours)):
            assert not any("a" <= letter <= "z" for letter in f"{one.said}{one.advice}"), one


def test_what_is_no_word_of_a_table_stays_as_it_was_typed() -> None:
    with translation.override("zh-hans"):
        (shown,) = acting.shown(
            [fault.of("act", "“{act}” wants more than a word", "use its own form", act="jump")]
        )
        assert "jump" in shown.said
