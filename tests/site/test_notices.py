"""Who is told of what, once, in the act's own transaction; what people see of it and may choose."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from tests.site import collection as c
from tests.site import sharing
from tests.site.sharing import BEFORE, CLOSES, OVER, PUBLISHED, a_call, a_draft
from workbench import a_bench

from aliquot import notices
from aliquot.fault import Refused
from aliquot.site import mail_texts, notice_words
from aliquot.site.models import (
    Answered,
    Hearing,
    Notice,
    NoticeChoice,
    Person,
    Request,
    ReviewDate,
    Role,
    Sample,
    Watch,
)
from aliquot.site.operations import approvals, calls, mailings, people, reminders, requests, scores
from aliquot.site.operations import notices as operations
from aliquot.site.operations.notices import tell
from aliquot.site.queries import notices as reads

NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
Browser = Callable[[Person], Client]
Queries = Callable[[int], AbstractContextManager[object]]


def heard(person: Person) -> list[str]:
    """Return the kinds of what somebody was told, oldest first."""
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def told(person: Person, n: int = 1, kind: str = "call-asked") -> None:
    for i in range(n):
        tell(kind, {person.pk}, subject="call:ab12", occasion=f"number {i}", at=NOW, call="call:ab12")


def send_form(client: Client, address: str, **form: object) -> object:
    token = str(client.get("/account/").context["csrf_token"])
    return client.post(address, {"csrfmiddlewaretoken": token, "acting_key": "a key", **form})


# --- What is told to whom ------------------------------------------------------------------------------------


def test_a_thing_is_told_once_for_each_occasion_however_often(ada: Person) -> None:
    told(ada, 2)
    told(ada, 3)
    assert Notice.objects.filter(person=ada).count() == 3


def test_a_notice_that_lacks_what_its_sentence_names_is_a_mistake_of_ours(ada: Person) -> None:
    with pytest.raises(AssertionError, match="call-asked"):
        tell("call-asked", {ada.pk}, subject="call:x", occasion="x", at=NOW)
    with pytest.raises(AssertionError, match="no-such"):
        tell("no-such", {ada.pk}, subject="call:x", occasion="x", at=NOW)


def test_an_act_that_is_undone_tells_nobody(ada: Person, bo: Person) -> None:
    sharing.store()
    call = a_call(ada)
    with transaction.atomic():
        calls.ask(call, "May powder be mixed?", by=bo, at=BEFORE)
        assert heard(ada) == ["call-asked"]
        transaction.set_rollback(True)
    assert heard(ada) == []
    calls.ask(call, "May powder be mixed?", by=bo, at=BEFORE)
    assert heard(ada) == ["call-asked"]


@pytest.mark.parametrize("what", ["calls", "mission:change-5", "material:basalt"])
def test_who_watches_hears_of_a_call_with_what_they_watch(
    ada: Person, bo: Person, cy: Person, what: str
) -> None:
    sharing.store()
    _rocks()
    operations.watch(bo, [what])
    operations.watch(cy, ["mission:apollo-17", "material:breccia"])
    a_call(ada)
    assert (heard(bo), heard(cy)) == (["call-published"], [])


def _rocks() -> None:
    Sample.objects.update(mission="change-5", material="basalt")


def test_a_request_is_followed_from_its_invitation_to_its_review(
    ada: Person, bo: Person, cy: Person, di: Person, eve: Person, a_person: Callable[..., Person]
) -> None:
    sharing.store()
    hal = a_person("Hal", Role.CHAIR)
    call = a_call(ada)
    made = requests.begin(call, by=bo, at=BEFORE)
    requests.invite(made, di, by=bo, at=BEFORE)
    saved = requests.save(made, a_draft(), base=1, by=bo, at=BEFORE)
    requests.submit(made, version=saved.version.order, by=bo, at=BEFORE)
    calls.amend(call, sharing.told(scope="Basalt, and more"), reason="More was asked for.", by=ada, at=BEFORE)
    calls.move(call, "close", by=ada, at=OVER)
    made = requests.move(made, "admit", by=ada, at=OVER)
    review = scores.assign(made, cy, by=hal, at=OVER)
    scores.declare(review, conflict="We share a flat.", by=cy, at=OVER)
    assert heard(bo) == ["request-submitted", "call-amended", "request-admitted"]
    assert heard(di) == ["request-invited", "request-submitted", "call-amended", "request-admitted"]
    assert heard(cy) == ["review-assigned"]
    assert heard(hal) == ["review-recused"]
    assert heard(ada) == heard(eve) == []
    assert Notice.objects.filter(told__icontains="Bo").count() == 0  # keys, no names


def test_an_act_on_a_sealed_sample_is_told_to_those_who_may_approve_it(
    ada: Person, eve: Person, a_person: Callable[..., Person]
) -> None:
    fay = a_person("Fay", Role.CURATOR)
    c.holders()
    a_bench()
    c.a_sample("S-1", "3 g", use="permanent", sealed=True, form="core")
    told = {"parent": "S-1", "cuts": [{"number": "S-1,1", "mass": "100 mg"}], "loss": "1 mg"}
    proposal = approvals.propose("split", told, by=ada, at=NOW)
    assert (heard(fay), heard(eve), heard(ada)) == (["proposal-waiting"], ["proposal-waiting"], [])
    approvals.approve(proposal, by=fay, at=NOW)
    assert heard(ada) == ["proposal-answered"]
    [shown] = notice_words.shown(Notice.objects.filter(person=ada), zone="UTC")
    assert shown.text == "Fay answered your proposal of an act on the sealed sample S-1."
    assert shown.href == f"/proposals/{proposal.pk}/"


# --- What the clock gives rise to ----------------------------------------------------------------------------


def run(at: datetime) -> int:
    return sum(reminders.run(lambda: at).raised.values())


def test_whoever_has_a_draft_hears_of_its_deadline_twice(ada: Person, bo: Person) -> None:
    sharing.store()
    requests.begin(a_call(ada), by=bo, at=BEFORE)
    assert run(CLOSES - timedelta(days=4)) == 0
    assert run(CLOSES - timedelta(days=2)) == run(CLOSES - timedelta(hours=20)) == 1
    assert run(CLOSES - timedelta(hours=19)) == 0
    assert heard(bo) == ["call-closes", "call-closes"]
    assert run(OVER) == 1
    assert heard(ada) == ["call-over"]
    assert run(OVER + timedelta(days=1)) == 0


def test_a_late_reviewer_is_reminded_every_week_until_the_review_is_in(
    ada: Person, bo: Person, cy: Person, a_person: Callable[..., Person]
) -> None:
    sharing.store()
    hal, call = a_person("Hal", Role.CHAIR), a_call(ada)
    made, _ = sharing.a_request(call, bo)
    calls.move(call, "close", by=ada, at=OVER)
    review = scores.assign(requests.move(made, "admit", by=ada, at=OVER), cy, by=hal, at=OVER)
    due = OVER + timedelta(days=30)
    ReviewDate.objects.create(call=call, due_at=due, by=hal, at=OVER)
    days = [-5, -2, -1, 0, 3, 8, 9, 40]
    assert [run(due + timedelta(days=n)) for n in days] == [0, 1, 0, 1, 0, 1, 0, 1]
    assert heard(cy) == ["review-assigned", "review-due", "review-late", "review-late", "review-late"]
    scores.declare(review, conflict="", by=cy, at=OVER)
    scores.move(review, "recuse", reason="I am ill.", by=cy, at=OVER)
    assert run(due + timedelta(days=50)) == 0


def test_a_hearing_of_tomorrow_is_told_to_both_sides(ada: Person, bo: Person, cy: Person) -> None:
    sharing.store()
    made, _ = sharing.a_request(a_call(ada), bo)
    made.call.panel.create(person=cy)
    Hearing.objects.create(request=made, round=1, begins=NOW, ends=NOW + timedelta(minutes=15))
    assert run(NOW - timedelta(days=2)) == 0
    assert run(NOW - timedelta(days=1)) == 2
    assert run(NOW - timedelta(hours=3)) == 0
    [shown] = notice_words.shown(Notice.objects.filter(person=bo, kind="hearing-soon"), zone="Asia/Shanghai")
    assert "2027-03-03 17:00 (Asia/Shanghai)" in shown.text


def test_a_run_clears_away_answers_that_nobody_asks_for_again(ada: Person) -> None:
    for days, key in ((1, "new"), (13, "older"), (20, "old")):
        Answered.objects.create(
            person=ada, key=key, asked_sha256="0", status=1, body={}, at=NOW - timedelta(days=days)
        )
    assert reminders.run(lambda: NOW).cleared == 1
    assert set(Answered.objects.values_list("key", flat=True)) == {"new", "older"}


def test_reminders_cost_as_many_queries_however_many_there_are(
    ada: Person, bo: Person, a_person: Callable[..., Person], django_assert_num_queries: Queries
) -> None:
    sharing.store()
    call = a_call(ada)
    for n in range(3):
        requests.begin(call, by=bo, at=BEFORE)
        requests.begin(call, by=a_person(f"P{n}", Role.REQUESTER), at=BEFORE)
    at = CLOSES - timedelta(hours=5)
    with django_assert_num_queries(
        7
    ):  # rows, members, people, those known, an insert in a savepoint, and the savepoint
        assert operations.tell_all(reminders.drafts(at), at=at) == 6
    with django_assert_num_queries(6):
        assert operations.tell_all(reminders.drafts(at), at=at) == 0


# --- The page ------------------------------------------------------------------------------------------------


def test_one_sees_ones_own_and_marks_them_read(signed_in: Browser, ada: Person, bo: Person) -> None:
    told(ada, 3)
    told(bo)
    browser = signed_in(ada)
    assert browser.get("/notices/").text.count('<li class="notice notice--unread">') == 3
    theirs, own = Notice.objects.get(person=bo), Notice.objects.filter(person=ada).first()
    send_form(browser, "/notices/", read=str(theirs.pk))
    send_form(browser, "/notices/", read=str(own.pk))
    send_form(browser, "/notices/", read="9" * 30)
    send_form(browser, "/notices/", read="a\0b")
    theirs.refresh_from_db()
    assert theirs.read_at is None
    assert reads.header(ada, [Role.DIRECTOR]) == reads.Header(2, holds=False)
    assert '<span class="count">2' in browser.get("/").text
    send_form(browser, "/notices/?about=calls", read="all")
    assert reads.header(ada, [Role.CURATOR]) == reads.Header(0, holds=True)
    assert 'class="count"' not in browser.get("/").text


def test_the_list_is_narrowed_and_turned_over(signed_in: Browser, ada: Person) -> None:
    told(ada, 60)
    tell(
        "request-appealed",
        {ada.pk},
        subject="request:x",
        occasion="x",
        at=NOW,
        call="call:x",
        request="request:x",
    )
    browser = signed_in(ada)
    assert browser.get("/notices/?about=requests").text.count('class="notice ') == 1
    assert browser.get("/notices/").text.count('class="notice ') == reads.PAGE
    assert browser.get("/notices/?page=2").text.count('class="notice ') == 11
    assert browser.get("/notices/?page=999").status_code == 200
    assert "No such notice" in browser.get("/notices/?about=samples&unread=1").text
    assert browser.get("/notices/?about=nothing&page=%00").status_code == 200


def test_the_list_costs_as_many_queries_however_long(
    signed_in: Browser, ada: Person, django_assert_num_queries: Queries
) -> None:
    browser = signed_in(ada)
    told(ada, 2)
    tell(
        "request-invited",
        {ada.pk},
        subject="request:x",
        occasion="x",
        at=NOW,
        call="call:x",
        request="request:x",
        who=ada.key,
    )
    with django_assert_num_queries(9):  # session, person, count, page, three kinds of names, zone, head
        browser.get("/notices/")
    told(ada, 40)
    with django_assert_num_queries(9):
        browser.get("/notices/")


def test_the_head_of_a_page_costs_one_query(ada: Person, django_assert_num_queries: Queries) -> None:
    told(ada, 30)
    with django_assert_num_queries(1):
        assert reads.header(ada, [Role.CURATOR]) == reads.Header(30, holds=True)


def test_every_notice_leads_to_a_page_that_its_reader_may_open(
    signed_in: Browser, ada: Person, bo: Person, cy: Person, eve: Person, a_person: Callable[..., Person]
) -> None:
    sharing.store()
    hal, ivy, fay = a_person("Hal", Role.CHAIR), a_person("Ivy", Role.REVIEWER), a_person("Fay", Role.CURATOR)
    operations.watch(cy, ["calls"])
    made, _ = sharing.a_request(a_call(ada), bo)
    calls.ask(made.call, "May it be mixed?", by=bo, at=BEFORE)
    run(OVER)
    calls.sit(made.call, {hal: True, ivy: True}, by=hal)
    calls.move(made.call, "close", by=ada, at=OVER)
    made = requests.move(made, "admit", by=ada, at=OVER)
    scores.move(scores.assign(made, ivy, by=hal, at=OVER), "recuse", reason="Ill.", by=ivy, at=OVER)
    scores.assign(made, cy, by=hal, at=OVER)
    hearing = Hearing.objects.create(request=made, round=1, begins=NOW, ends=NOW + timedelta(minutes=15))
    operations.hearing_set(hearing, by=hal, at=NOW)
    run(NOW - timedelta(days=1))
    for person in (ada, bo, cy, hal, ivy, fay):
        browser = signed_in(person)
        for shown in notice_words.shown(Notice.objects.filter(person=person), zone="UTC"):
            if not (person == ivy and shown.subject.startswith("For your review")):  # Ivy has stepped aside
                assert browser.get(shown.href).status_code == 200, (person, shown.subject, shown.href)
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert {
        "call-published",
        "call-asked",
        "call-over",
        "review-recused",
        "hearing-set",
        "hearing-soon",
    } <= kinds


@pytest.mark.parametrize("address", ["/notices/", "/account/notices/", "/mailings/"])
def test_a_stranger_is_asked_to_sign_in(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 302
    assert client.post(address).status_code in (302, 403)


@pytest.mark.parametrize("role", Role)
def test_e_mails_that_did_not_arrive_are_for_the_director(
    signed_in: Browser, a_person: Callable[..., Person], role: Role
) -> None:
    told(a_person("Bo"))
    mailings.gather(at=NOW)
    row = reads.Mailing.objects.get()
    reads.Mailing.objects.update(state="unsure", ended_at=NOW, said="the line broke")
    browser = signed_in(a_person("Gus", role))
    answer = browser.get("/mailings/")
    assert answer.status_code == (200 if role is Role.DIRECTOR else 403)
    done = send_form(browser, "/mailings/", again=str(row.pk))
    row.refresh_from_db()
    assert (done.status_code, row.state) == ((302, "waiting") if role is Role.DIRECTOR else (403, "unsure"))
    if role is Role.DIRECTOR:
        assert "the line broke" in answer.text
        reads.Mailing.objects.update(state="failed")
        send_form(browser, "/mailings/", leave=str(row.pk))
        send_form(browser, "/mailings/", leave="x\0")
        row.refresh_from_db()
        assert row.state == "left"


# --- What one wants ------------------------------------------------------------------------------------------


def wanted(**changed: object) -> dict[str, object]:
    usual = {key: kind.usual.value for key, kind in notices.KINDS.items()}
    return {
        "language": "zh-hans",
        "zone": "Asia/Shanghai",
        "watched": ["calls", "mission:change-5"],
        **usual,
    } | changed


def test_one_chooses_language_clock_kinds_and_calls(signed_in: Browser, bo: Person) -> None:
    browser = signed_in(bo)
    answer = send_form(browser, "/account/notices/", **wanted(**{"call-published": "weekly"}))
    assert (answer.status_code, answer["Location"]) == (302, "/account/notices/")
    assert reads.correspondence(bo).zone == "Asia/Shanghai"
    assert reads.choices(bo) == {"call-published": "weekly"}
    assert reads.watched(bo) == {"calls", "mission:change-5"}
    page = browser.get("/account/notices/").text
    assert '<option value="Asia/Shanghai" selected>' in page
    assert '<option value="weekly" selected>' in page


@pytest.mark.parametrize(
    "changed",
    [{"zone": "Mars/Olympus"}, {"language": "tlh"}, {"call-cancelled": "never"}, {"call-published": "hourly"},
     {"watched": ["nothing"]}, {"zone": "a\0b"}],
)  # fmt: skip
def test_what_cannot_be_chosen_is_refused_and_nothing_is_kept(
    signed_in: Browser, bo: Person, changed: dict[str, object]
) -> None:
    assert send_form(signed_in(bo), "/account/notices/", **wanted(**changed)).status_code == 422
    assert not NoticeChoice.objects.exists()
    assert not Watch.objects.exists()


@pytest.mark.parametrize(
    ("chosen", "language", "zone", "where"),
    [
        ({"call-cancelled": "never"}, "en", "UTC", ["notices"]),
        ({"nothing": "daily"}, "fr", "Mars", ["zone", "language", "notices"]),
    ],
)
def test_the_operation_refuses_all_of_it_at_once(
    bo: Person, chosen: dict[str, str], language: str, zone: str, where: list[str]
) -> None:
    with pytest.raises(Refused) as found:
        operations.choose(bo, chosen, language=language, zone=zone)
    assert [one.where for one in found.value.faults] == where


@pytest.mark.parametrize("what", ["everything", "mission:", "call:a\0b", "material:" + "x" * 80])
def test_what_cannot_be_watched_is_refused(bo: Person, what: str) -> None:
    operations.watch(bo, ["calls"])
    with pytest.raises(Refused):
        operations.watch(bo, [what])
    assert reads.watched(bo) == {"calls"}


def test_one_call_is_watched_from_its_own_page(bo: Person) -> None:
    operations.watch_one(bo, "call:ab12", on=True)
    operations.watch_one(bo, "call:ab12", on=True)
    assert reads.watched(bo) == {"call:ab12"}
    operations.watch_one(bo, "call:ab12", on=False)
    assert reads.watched(bo) == set()


def test_letters_are_in_the_language_in_which_somebody_came_in(client: Client, bo: Person) -> None:
    token = people.make_sign_in_link(bo, at=timezone.now(), days=1)
    client.post(f"/zh-hans/sign-in/{token}/")
    assert reads.correspondence(bo).language == "zh-hans"
    operations.speak(bo, "en")
    assert reads.correspondence(bo).language == "zh-hans"


# --- The way out ---------------------------------------------------------------------------------------------


def test_a_mail_program_ends_a_kind_by_one_click_and_a_look_ends_nothing(bo: Person) -> None:
    address = f"/unsubscribe/{mail_texts.token(bo, ['call-published'])}/"
    program = Client(enforce_csrf_checks=True)
    assert program.get(address).status_code == 200
    assert reads.choices(bo) == {}
    assert program.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert program.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert reads.choices(bo) == {"call-published": "never"}


def test_no_address_ends_what_is_obligatory_or_belongs_to_somebody_else(bo: Person, ada: Person) -> None:
    said = mail_texts.token(bo, ["call-cancelled", "nothing", "call-answered"])
    program = Client()
    program.post(f"/unsubscribe/{said}/")
    assert reads.choices(bo) == {"call-answered": "never"}
    for wrong in (said[:-1], said.replace(":", "."), "x", "a" * 3000):
        assert program.post(f"/unsubscribe/{wrong}/").status_code == 404
    bo.is_active = False
    bo.save()
    assert program.get(f"/unsubscribe/{said}/").status_code == 404
    assert reads.choices(ada) == {}


def test_every_kind_reads_as_a_sentence_in_both_languages(ada: Person) -> None:
    sharing.store()
    call = a_call(ada)
    row = Request.objects.create(key="r1", call=call, lead=ada, title="How old?", made_at=PUBLISHED)
    values = {
        "call": f"call:{call.key}", "request": f"request:{row.key}", "who": ada.key, "sample": "P-1",
        "until": notices.at(NOW), "begins": notices.at(NOW), "loan": "L-1", "gift": "G-1", "paper": "Bo 2026", "claim": "C-1",
    }  # fmt: skip
    for key in notices.KINDS:
        tell(key, {ada.pk}, subject=f"call:{call.key}", occasion="x", at=NOW, **values)
    rows = Notice.objects.filter(person=ada)
    english = {one.text for one in notice_words.shown(rows, zone="UTC")}
    with translation.override("zh-hans"):
        chinese = {one.text for one in notice_words.shown(rows, zone="UTC")}
    assert len(english) == len(chinese) == len(notices.KINDS)
    assert not english & chinese
    assert all("{" not in text and "…" not in text for text in english | chinese)
    assert any("Second call" in text for text in chinese)
