"""Screening a subject, deciding on it, and what a change of law touches: operations against the database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from tests.lending import FACTS, NOW, SUBJECT

from aliquot import law_read
from aliquot.fault import Refused
from aliquot.law_text import Law
from aliquot.screenings import Certified, Decided, Waived, Why
from aliquot.site import queries
from aliquot.site.models import Certificate, Person, Role, Screening, ScreeningDecision, Waiver
from aliquot.site.operations import screening as operations

CERTIFICATE = Certified(
    SUBJECT, "us/wolf", "Chang'e-5", "A. Researcher", "borrow", date(2025, 1, 15), date(2026, 1, 14), date(2024, 11, 1),
    covers=True, findings=("no_transfer_finding", "no_abuser_finding", "fbi_consulted"),
)  # fmt: skip
WAIVER = Waived(SUBJECT, "us/nasa-research-loan", "Curator of the facility", "first loan", date(2025, 6, 1))


@pytest.fixture
def lin(a_person: Callable[..., Person]) -> Person:
    """Lin looks after compliance."""
    return a_person("Lin", Role.COMPLIANCE)


@pytest.fixture(scope="session")
def law_of_tomorrow() -> Law:
    """The law with one line more in one instrument's file."""
    shipped = law_read.shipped()
    return law_read.read({**shipped, "us-wolf.yaml": shipped["us-wolf.yaml"] + "# read again\n"})


@pytest.fixture
def screened(lin: Person) -> Screening:
    return operations.screen(SUBJECT, FACTS, Why.SUBMITTED, by=lin, at=NOW)


def wheres(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.where for one in refused.value.faults}


def test_a_screening_keeps_what_it_rests_on(screened: Screening) -> None:
    assert (screened.order, screened.overall, screened.why) == (1, "permitted_on_condition", "submitted")
    assert screened.facts == FACTS
    law = law_read.load()
    assert screened.answer["replay"]["instruments"] == screened.instruments_sha256
    assert screened.instruments_sha256["us/wolf"] == law.instruments["us/wolf"].sha256
    assert screened.facts_sha256 == screened.answer["replay"]["facts"]


@pytest.mark.parametrize(
    ("subject", "facts", "why", "where"),
    [
        ("17", FACTS, "submitted", "subject"),
        ("request:a b", FACTS, "submitted", "subject"),
        ("request:" + "x" * 200, FACTS, "submitted", "subject"),
        (SUBJECT, FACTS, "because", "why"),
        (SUBJECT, {"weather": "fine"}, "submitted", "weather"),
        (SUBJECT, {**FACTS, "loan_months": "twelve"}, "submitted", "loan_months"),
        (SUBJECT, {**FACTS, "counterparty_china": False}, "submitted", "counterparty_place, counterparty_china"),
        (SUBJECT, {"funders": ["x" * 200_000]}, "submitted", "facts"),
        (SUBJECT, {"funders": ["a\x00b"]}, "submitted", "facts"),
    ],
)  # fmt: skip
def test_what_cannot_be_screened_is_refused(
    lin: Person, subject: str, facts: dict[str, object], why: str, where: str
) -> None:
    with pytest.raises(Refused) as refused:
        operations.screen(subject, facts, why, by=lin, at=NOW)
    assert where in wheres(refused)
    assert not Screening.objects.exists()


def test_following_a_screening_takes_over_what_it_says(screened: Screening, lin: Person) -> None:
    made = operations.decide(screened, Decided(), after=0, by=lin, at=NOW)
    assert (made.overrules, made.outcome, made.by) == (False, "on-conditions", lin)
    assert queries.screenings.current().get().outcome == "on-conditions"


def test_overruling_wants_reasons_and_the_later_decision_counts(screened: Screening, lin: Person) -> None:
    operations.decide(screened, Decided(), after=0, by=lin, at=NOW)
    made = operations.decide(screened, Decided("wait", "counsel is to be heard"), after=1, by=lin, at=NOW)
    assert (made.order, made.overrules) == (2, True)
    assert queries.screenings.current().get().outcome == "wait"


@pytest.mark.parametrize(
    ("told", "after", "where"),
    [
        (Decided("wait", "  "), 0, "reasons"),
        (Decided("wait", "x" * 5000), 0, "reasons"),
        (Decided("wait", "so\x00"), 0, "reasons"),
        (Decided("perhaps", "so"), 0, "outcome"),
        (Decided("on-conditions", "the same"), 0, "outcome"),
        (Decided(), 1, "decision"),
    ],
)
def test_a_decision_that_is_none_is_refused(
    screened: Screening, lin: Person, told: Decided, after: int, where: str
) -> None:
    with pytest.raises(Refused) as refused:
        operations.decide(screened, told, after=after, by=lin, at=NOW)
    assert where in wheres(refused)
    assert not ScreeningDecision.objects.exists()


def test_an_earlier_screening_is_no_longer_decided_on(screened: Screening, lin: Person) -> None:
    operations.screen(SUBJECT, {**FACTS, "approved": False}, Why.FACTS, by=lin, at=NOW)
    with pytest.raises(Refused) as refused:
        operations.decide(screened, Decided(), after=0, by=lin, at=NOW)
    assert wheres(refused) == {"screening"}


def test_a_change_of_law_lists_what_it_touches_and_screens_it_again(
    screened: Screening, lin: Person, law_of_tomorrow: Law
) -> None:
    later = NOW + timedelta(days=3)
    assert queries.screenings.due(law_read.load(), later.date()) == []
    (due,) = queries.screenings.due(law_of_tomorrow, later.date())
    assert (due.screening, due.why, due.changed) == (screened, Why.INSTRUMENT, ("us/wolf",))
    (again,) = operations.rescreen(by=None, at=later, law=law_of_tomorrow)
    assert again.before == screened
    assert again.now is not None
    assert (again.now.order, again.now.why, again.now.by) == (2, "instrument-changed", None)
    assert again.now.facts == {**FACTS, "asked_on": "2024-11-04"}
    assert operations.rescreen(by=None, at=later, law=law_of_tomorrow) == []


def test_facts_that_the_questions_of_today_refuse_are_told_and_left(
    screened: Screening, lin: Person, law_of_tomorrow: Law
) -> None:
    words = law_of_tomorrow.vocabulary
    fewer = {key: each for key, each in words.questions.items() if key != "later_law"}
    without = replace(law_of_tomorrow, vocabulary=replace(words, questions=fewer, sha256="sha256:other"))
    (again,) = operations.rescreen(by=lin, at=NOW, law=without)
    assert again.now is None
    assert [one.where for one in again.faults] == ["later_law"]
    assert Screening.objects.get() == screened


def test_the_day_of_the_act_screens_once_more(screened: Screening) -> None:
    eve_of_it, day = (datetime(2025, 1, each, 6, 0, tzinfo=UTC) for each in (14, 15))
    assert operations.rescreen(by=None, at=eve_of_it) == []
    (again,) = operations.rescreen(by=None, at=day)
    assert again.now is not None
    # No certificate was lodged in time: nothing can make it possible any more.
    assert (again.now.why, again.now.overall) == ("day-of-act", "prohibited")
    assert operations.rescreen(by=None, at=day + timedelta(days=1)) == []


def test_facts_without_a_day_of_the_decision_are_screened_on_the_day_once(lin: Person) -> None:
    facts = {key: value for key, value in FACTS.items() if key != "asked_on"}
    operations.screen(SUBJECT, facts, Why.SUBMITTED, by=lin, at=NOW)
    day = datetime(2025, 1, 15, 6, 0, tzinfo=UTC)
    assert len(operations.rescreen(by=None, at=day)) == 1
    assert operations.rescreen(by=None, at=day + timedelta(days=30)) == []


def test_an_act_that_is_over_is_asked_for_its_own_day(screened: Screening, law_of_tomorrow: Law) -> None:
    operations.rescreen(by=None, at=datetime(2025, 1, 15, 6, 0, tzinfo=UTC))
    (again,) = operations.rescreen(by=None, at=datetime(2026, 6, 1, tzinfo=UTC), law=law_of_tomorrow)
    assert again.now is not None
    assert again.now.facts["asked_on"] == "2025-01-15"


def test_the_command_for_cron_says_what_it_did(screened: Screening) -> None:
    told = StringIO()
    call_command("rescreen", stdout=told)
    assert told.getvalue().splitlines() == [
        f"{SUBJECT}\tday-of-act\tpermitted_on_condition -> prohibited",
        "1 screened again, 0 left as they were",
    ]


def test_a_certificate_is_kept_and_a_better_record_replaces_it(lin: Person) -> None:
    made = operations.record_certificate(CERTIFICATE, by=lin, at=NOW)
    better = operations.record_certificate(replace(CERTIFICATE, covers=False), replaces=made, by=lin, at=NOW)
    assert list(queries.screenings.certificates(SUBJECT)) == [better]
    with pytest.raises(Refused) as refused:
        operations.record_certificate(CERTIFICATE, replaces=made, by=lin, at=NOW)
    assert wheres(refused) == {"replaces"}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"instrument": "us/none"}, "instrument"),
        ({"mission": " "}, "mission"),
        ({"people": ""}, "people"),
        ({"people": "A\x00"}, "people"),
        ({"act": "x" * 300}, "act"),
        ({"subject": "17"}, "subject"),
        ({"lodged_on": None}, "lodged_on"),
        ({"lodged_on": date(2024, 11, 2)}, "lodged_on"),
        ({"until_on": date(2025, 1, 1)}, "until_on"),
        ({"findings": ("all_is_well",)}, "findings"),
    ],
)
def test_a_certificate_that_is_none_is_refused(lin: Person, change: dict[str, object], where: str) -> None:
    with pytest.raises(Refused) as refused:
        operations.record_certificate(replace(CERTIFICATE, **change), by=lin, at=NOW)
    assert where in wheres(refused)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"subject": ""}, "subject"),
        ({"rule": "gravity"}, "rule"),
        ({"rule": "policy:"}, "rule"),
        ({"authority": ""}, "authority"),
        ({"reason": " "}, "reason"),
        ({"expires_on": None}, "expires_on"),
        ({"expires_on": date(2024, 10, 31)}, "expires_on"),
    ],
)
def test_a_waiver_that_is_none_is_refused(lin: Person, change: dict[str, object], where: str) -> None:
    with pytest.raises(Refused) as refused:
        operations.record_waiver(replace(WAIVER, **change), by=lin, at=NOW)
    assert where in wheres(refused)
    assert not Waiver.objects.exists()


def test_the_database_refuses_to_rewrite_any_of_it(screened: Screening, lin: Person) -> None:
    operations.decide(screened, Decided(), after=0, by=lin, at=NOW)
    operations.record_certificate(CERTIFICATE, by=lin, at=NOW)
    operations.record_waiver(WAIVER, by=lin, at=NOW)
    for table in (Screening, ScreeningDecision, Certificate, Waiver):
        rows = table.objects.all()
        for act in (lambda rows=rows: rows.update(at=NOW), lambda rows=rows: rows._raw_delete("default")):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                act()


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_decide_at_once_one_is_told_of_the_other(
    screened: Screening, lin: Person, a_person: Callable[..., Person]
) -> None:
    other = a_person("Max", Role.COMPLIANCE)

    def decide(by: Person) -> str:
        try:
            return operations.decide(screened, Decided(), after=0, by=by, at=NOW).outcome
        except Refused as refused:
            return refused.faults[0].where
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, (lin, other))) == ["decision", "on-conditions"]


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_screen_a_subject_once(screened: Screening) -> None:
    def rescreen(_turn: int) -> int:
        try:
            return len(operations.rescreen(by=None, at=datetime(2025, 1, 15, tzinfo=UTC)))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(rescreen, range(2)))
    assert Screening.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_screenings_of_a_subject_at_once_are_numbered_one_after_the_other(lin: Person) -> None:
    def screen(_turn: int) -> int:
        try:
            return operations.screen(SUBJECT, FACTS, Why.SUBMITTED, by=lin, at=NOW).order
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(screen, range(2))) == [1, 2]
