"""Requests in the database: written together, submitted once to the second, and seen by nobody whom they do not concern."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.site import sharing
from tests.site.sharing import BEFORE, CLOSES, GRACE, OVER, a_call, a_draft, a_line, a_request

from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import (
    Call,
    Person,
    Receipt,
    Request,
    RequestVersion,
    Role,
    Screening,
    ScreeningDecision,
)
from aliquot.site.operations import calls, requests

SECOND = timedelta(seconds=1)


@pytest.fixture
def call(db: None, ada: Person) -> Call:
    sharing.store()
    return a_call(ada)


def where(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.where for one in refused.value.faults]


def saved(call: Call, by: Person, **changed: object) -> Request:
    made = requests.begin(call, by=by, at=BEFORE)
    requests.save(made, a_draft(**changed), base=1, by=by, at=BEFORE)
    return made


def test_two_who_write_at_once_lose_nothing(call: Call, bo: Person, di: Person) -> None:
    request = requests.begin(call, by=bo, at=BEFORE)
    requests.invite(request, di, by=bo, at=BEFORE)
    requests.save(request, {"title": "A", "summary": "s"}, base=1, by=bo, at=BEFORE)
    other = requests.save(request, {"facilities": "A clean room."}, base=1, by=di, at=BEFORE)
    assert (other.merged, other.clashes) == (True, ())
    assert queries.requests.told(request) == {"title": "A", "summary": "s", "facilities": "A clean room."}
    late = requests.save(request, {"title": "B"}, base=1, by=di, at=BEFORE)
    assert late.clashes == ("title",)
    assert late.version.aside
    assert late.version.told == {"title": "B"}
    assert queries.requests.told(request)["title"] == "A"
    again = requests.save(request, queries.requests.told(request), base=other.version.order, by=bo, at=BEFORE)
    assert again.version == other.version


@pytest.mark.parametrize(("told", "base"), [({"colour": "red"}, 1), ({"title": "\0"}, 1), ({}, 9), ([], 1)])
def test_what_cannot_be_saved_is_refused(call: Call, bo: Person, told: object, base: int) -> None:
    request = requests.begin(call, by=bo, at=BEFORE)
    with pytest.raises(Refused):
        requests.save(request, told, base=base, by=bo, at=BEFORE)  # type: ignore[arg-type]
    assert request.versions.count() == 1


def test_submitted_twice_it_is_submitted_once(call: Call, bo: Person) -> None:
    request = saved(call, bo)
    first = requests.submit(request, version=2, by=bo, at=BEFORE)
    assert requests.submit(request, version=2, by=bo, at=BEFORE + SECOND) == first
    assert Receipt.objects.count() == 1
    assert [one.act for one in request.steps.all()] == ["submit"]
    assert (len(first.sha256), first.call_sha256, first.in_grace) == (64, call.sha256, False)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Receipt.objects.update(at=CLOSES)


def test_an_incomplete_request_is_told_everything_and_stays_a_draft(call: Call, bo: Person) -> None:
    request = saved(call, bo, title="", lines=[a_line(wanted="900 mg")], security="")
    with pytest.raises(Refused) as refused:
        requests.submit(request, version=2, by=bo, at=BEFORE)
    assert where(refused) == ["security", "title", "lines[0].wanted"]
    request.refresh_from_db()
    assert request.state == "draft"
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("at", "tried", "taken", "in_grace"),
    [
        (CLOSES, None, True, False),
        (CLOSES + SECOND, None, True, True),
        (CLOSES + GRACE, None, True, True),
        (CLOSES + GRACE + SECOND, None, False, False),
        (CLOSES + GRACE + SECOND, CLOSES + GRACE, True, True),
        (CLOSES + 2 * GRACE, CLOSES + GRACE, True, True),
        (CLOSES + 2 * GRACE, CLOSES + GRACE + SECOND, False, False),
        (CLOSES - timedelta(days=200), None, False, False),
    ],
)
def test_the_very_second_of_closing(
    call: Call, bo: Person, at: object, tried: object, taken: bool, in_grace: bool
) -> None:
    request = saved(call, bo)
    if tried:
        requests.attempt(request, by=bo, at=tried)  # type: ignore[arg-type]
    if taken:
        assert requests.submit(request, version=2, by=bo, at=at).in_grace is in_grace  # type: ignore[arg-type]
        return
    with pytest.raises(Refused):
        requests.submit(request, version=2, by=bo, at=at)  # type: ignore[arg-type]


def test_what_came_in_time_is_taken_though_the_call_was_closed_meanwhile(
    call: Call, ada: Person, bo: Person
) -> None:
    request = saved(call, bo)
    calls.move(call, "close", by=ada, at=OVER)
    assert requests.submit(request, version=2, by=bo, at=CLOSES).pk
    late = Request.objects.create(key="late", call=call, lead=bo, made_at=BEFORE, version=1)
    RequestVersion.objects.create(request=late, order=1, base=0, told=a_draft(), by=bo, at=BEFORE)
    with pytest.raises(Refused):
        requests.submit(late, version=1, by=bo, at=OVER)


def test_until_the_deadline_it_is_amended_with_a_further_receipt_or_withdrawn(call: Call, bo: Person) -> None:
    request, first = a_request(call, bo)
    second = requests.amend(request, a_draft(title="Better"), base=2, by=bo, at=BEFORE)
    assert requests.amend(request, a_draft(title="Better"), base=2, by=bo, at=BEFORE) == second
    assert (second.version.order, second.sha256 != first.sha256) == (3, True)
    for told, base, at in (
        (a_draft(title=""), 3, BEFORE),
        (a_draft(title="C"), 2, BEFORE),
        (a_draft(title="C"), 3, OVER),
    ):
        with pytest.raises(Refused):
            requests.amend(request, told, base=base, by=bo, at=at)
    assert queries.requests.told(request)["title"] == "Better"
    assert request.versions.count() == 3
    assert requests.move(request, "withdraw", by=bo, at=BEFORE).state == "withdrawn"
    with pytest.raises(Refused, match="final"):
        requests.submit(request, version=3, by=bo, at=BEFORE)


def test_a_request_says_what_it_said_though_the_call_was_amended_later(
    call: Call, ada: Person, bo: Person
) -> None:
    request, receipt = a_request(call, bo)
    fewer = sharing.told(offers=[{"sample": "P-1", "mass": "200 mg", "form": "powder", "kind": "basalt"}])
    calls.amend(call, fewer, reason="P-2 broke.", by=ada, at=BEFORE)
    request.refresh_from_db()
    assert queries.requests.lines(request)[0].alternatives == ("P-2",)
    with pytest.raises(Refused) as refused:
        requests.amend(request, a_draft(title="Other"), base=2, by=bo, at=BEFORE)
    assert where(refused) == ["lines[0].alternatives"]
    new = requests.amend(request, a_draft(lines=[a_line(alternatives=[])]), base=2, by=bo, at=BEFORE)
    assert new.call_sha256 != receipt.call_sha256


def test_an_applicant_never_sees_anothers_request(
    call: Call, bo: Person, di: Person, cy: Person, a_person: Callable[..., Person]
) -> None:
    fay = a_person("Fay", Role.REQUESTER)
    draft = saved(call, fay)
    request, _ = a_request(call, bo)
    assert queries.requests.one(request.key, bo, whole_field=False) == request
    for stranger in (fay, di, cy):
        assert queries.requests.one(request.key, stranger, whole_field=False) is None
    assert queries.requests.one(draft.key, cy, whole_field=True) is None, (
        "nobody but its authors sees a draft"
    )
    assert set(queries.requests.visible(cy, whole_field=True)) == {request}
    assert set(queries.requests.mine(fay)) == {draft}
    assert len({draft.key, request.key}) == 2
    for act in (
        lambda: requests.save(request, {}, base=2, by=fay, at=BEFORE),
        lambda: requests.submit(draft, version=2, by=bo, at=BEFORE),
        lambda: requests.amend(request, a_draft(title="x"), base=2, by=fay, at=BEFORE),
        lambda: requests.move(request, "withdraw", by=fay, at=BEFORE),
        lambda: requests.invite(request, fay, by=fay, at=BEFORE),
    ):
        with pytest.raises(Refused):
            act()


def test_who_may_not_ask_begins_nothing(call: Call, cy: Person, bo: Person, ada: Person) -> None:
    with pytest.raises(Refused):
        requests.begin(call, by=cy, at=BEFORE)
    calls.move(call, "close", by=ada, at=OVER)
    with pytest.raises(Refused):
        requests.begin(call, by=bo, at=OVER)


def test_what_the_law_forbids_is_not_admitted(call: Call, bo: Person, ada: Person, eve: Person) -> None:
    request, _ = a_request(call, bo)
    with pytest.raises(Refused, match="not closed"):
        requests.move(request, "admit", by=ada, at=BEFORE)
    calls.move(call, "close", by=ada, at=OVER)
    screening = Screening.objects.create(
        subject=f"request:{request.key}", order=1, why="submitted", facts={}, answer={}, overall="prohibited",
        instruments_sha256={}, lists_sha256={}, at=OVER,
    )  # fmt: skip
    ScreeningDecision.objects.create(
        screening=screening, order=1, overrules=False, outcome="refuse", by=eve, at=OVER
    )
    with pytest.raises(Refused, match="law"):
        requests.move(request, "admit", by=ada, at=OVER)
    with pytest.raises(Refused) as refused:
        requests.move(request, "turn away", by=eve, at=OVER)
    assert where(refused) == ["reason"]
    assert requests.move(request, "turn away", reason="The law.", by=eve, at=OVER).state == "turned away"


def test_limits_are_shown_while_typing_and_hold_when_submitting(ada: Person, bo: Person, call: Call) -> None:
    request = saved(call, bo)
    half = {
        "lines": [{"sample": "P-1"}, 3, {"sample": "P-1", "least": "1 mg", "wanted": "5 mg"}],
        "lead": {"ror": "x"},
    }
    assert requests.limits(request, half, at=BEFORE).blocking == ()
    first, _ = a_request(call, bo)
    other = queries.requests.standing(request, "05gq02987", on=BEFORE.date())
    assert (other.led, other.of_institution, other.earlier) == (1, 1, ())
    assert queries.requests.standing(first, "05gq02987", on=BEFORE.date()).led == 0
    Request.objects.filter(pk=first.pk).update(state="refused", settled_at=OVER)
    next_call = a_call(ada, title="Third call")
    again = saved(next_call, bo)
    assert [one.where for one in requests.limits(again, half, at=BEFORE).blocking] == ["news"]
    with pytest.raises(Refused) as refused:
        requests.submit(again, version=2, by=bo, at=BEFORE)
    assert where(refused) == ["news"]
    requests.save(again, a_draft(news="A finer beam."), base=2, by=bo, at=BEFORE)
    assert requests.submit(again, version=3, by=bo, at=BEFORE)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_submission(bo: Person, ada: Person) -> None:
    sharing.store()
    request = saved(a_call(ada), bo)
    receipts: list[Receipt] = []

    def click() -> None:
        try:
            receipts.append(requests.submit(request, version=2, by=bo, at=CLOSES))
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert len(receipts) == 2
    assert receipts[0] == receipts[1]
    assert Receipt.objects.count() == 1
