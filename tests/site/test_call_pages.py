"""Calls on the site: everybody reads them, curators draft and keep them, and a second writer loses nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.site import sharing
from tests.site.sharing import a_call

from aliquot.site import queries, search
from aliquot.site.models import Call, Person, Role, Sample
from aliquot.site.operations import calls
from aliquot.site.queries import notices

Browser = Callable[[Person], Client]
ATOM = "{http://www.w3.org/2005/Atom}"
# The clock of a page is the real one: these calls are open today, whatever day it is.
SOON = {"opens": "2020-01-01 00:00"}


def closing(days: int) -> str:
    return f"{timezone.now() + timedelta(days=days):%Y-%m-%d} 24:00"


def an_open_call(ada: Person, **changed: object) -> Call:
    told = sharing.told(**{**SOON, "closes": closing(30), **changed})
    return calls.publish(calls.draft(told, by=ada, at=timezone.now()), by=ada, at=timezone.now())


@pytest.fixture(autouse=True)
def _store(db: None) -> None:
    sharing.store()


@pytest.fixture
def hal(a_person: Callable[..., Person]) -> Person:
    """Hal chairs the panel."""
    return a_person("Hal", Role.CHAIR)


def the_feed() -> ElementTree.Element:
    return ElementTree.fromstring(Client().get("/calls/feed.atom").content)  # noqa: S314 - it is our own


def post(browser: Client, address: str, **told: object) -> object:
    """Send a form as a browser does: with the hidden fields of the page that shows it."""
    page = browser.get(address).content.decode()
    hidden = dict(
        re.findall(r'type="hidden" name="(csrfmiddlewaretoken|acting_key|base)" value="([^"]*)"', page)
    )
    return browser.post(address, {**hidden, **told})


def typed(**changed: object) -> dict[str, object]:
    """Return what the form of a call sends."""
    told: dict[str, object] = {
        "title": "Third call", "scope": "Soil.", "who": "Institutions.", "countries": "fr, JP", "zone": "Asia/Shanghai",
        "opens": "2020-01-01 00:00", "closes": closing(30), "policy": "cnsa", "two_stage": "no", "hearing_minutes": "0",
        "criteria.0.name": "Merit", "criteria.0.weight": "60", "criteria.2.name": "Team", "criteria.2.weight": "40",
        "offers.0.sample": "P-1", "offers.0.mass": "200 mg", "offers.0.form": "powder", "offers.0.rare": "yes",
        "do": "save",
    }  # fmt: skip
    return told | changed


# -- for everybody ---------------------------------------------------------------------------------------------


def test_everybody_reads_a_published_call_and_nobody_a_draft(
    ada: Person, bo: Person, signed_in: Browser
) -> None:
    call = an_open_call(ada)
    draft = calls.draft(sharing.told(title="Secret draft"), by=ada, at=timezone.now())
    page = Client().get(f"/calls/{call.key}/").content.decode()
    for part in (
        "Second call",
        "Basalt",
        "P-1",
        "200 mg",
        "Merit",
        "Asia/Shanghai",
        call.sha256,
        "CNSA style",
    ):
        assert part in page
    for who in (Client(), signed_in(bo)):
        assert "Secret draft" not in who.get("/calls/").content.decode()
        for part in ("", "dates.ics", "notice.pdf", "offers.csv", "policy.toml", f"text/{'0' * 64}.json"):
            assert who.get(f"/calls/{draft.key}/{part}").status_code == 404
    assert "Secret draft" in signed_in(ada).get("/calls/").content.decode()
    assert signed_in(ada).get(f"/calls/{draft.key}/").status_code == 404


def test_calls_stand_by_where_they_are_in_their_lives(ada: Person, eve: Person) -> None:
    an_open_call(ada, title="Now")
    an_open_call(ada, title="Later", opens=closing(10))
    over = an_open_call(ada, title="Over")
    calls.move(over, "cancel", reason="The store burnt.", by=eve, at=timezone.now())
    page = Client().get("/calls/").content.decode()
    where = [
        page.index(word) for word in ('id="open"', ">Now<", 'id="coming"', ">Later<", 'id="past"', ">Over<")
    ]
    assert where == sorted(where)
    assert "First international call" in page[where[-1] :]


def test_the_text_of_each_state_has_the_hash_that_receipts_name(ada: Person) -> None:
    call = an_open_call(ada)
    first = call.sha256
    amended = calls.amend(call, sharing.told(**SOON, closes=closing(40)), reason="Post is slow.", by=ada,
                          at=timezone.now())  # fmt: skip
    for sha256 in (first, amended.sha256):
        body = Client().get(f"/calls/{call.key}/text/{sha256}.json").content
        assert hashlib.sha256(body).hexdigest() == sha256
    pack = Client().get(f"/calls/{call.key}/policy.toml").content
    assert hashlib.sha256(pack).hexdigest() == queries.calls.value(amended).policy_sha256
    assert Client().get(f"/calls/{call.key}/text/{'0' * 64}.json").status_code == 404


def test_an_amendment_is_shown_with_its_reason_and_what_it_changed(ada: Person) -> None:
    call = an_open_call(ada)
    offers = [{"sample": "P-1", "mass": "300 mg", "form": "powder", "kind": "basalt"}]
    calls.amend(call, sharing.told(**SOON, closes=closing(40), offers=offers), reason="More was found.", by=ada,
                at=timezone.now())  # fmt: skip
    page = Client().get(f"/calls/{call.key}/").content.decode()
    notices = page[page.index('id="notices"') :]
    assert notices.index("Amended") < notices.index("More was found.") < notices.index("Published")
    for part in ("200 mg, powder, basalt", "300 mg, powder, basalt", "not offered", closing(30), closing(40)):
        assert part in notices


def test_the_list_can_be_taken_along_and_no_cell_is_a_formula(ada: Person) -> None:
    offers = [{"sample": "P-1", "mass": "200 mg", "form": "powder", "kind": "=1+1", "rare": True}]
    call = an_open_call(ada, offers=offers)
    rows = list(csv.DictReader(io.StringIO(Client().get(f"/calls/{call.key}/offers.csv").content.decode())))
    assert rows == [{"number": "P-1", "mass_ng": "200000000", "mass": "200 mg", "form": "powder", "kind": "'=1+1",
                     "rare": "true"}]  # fmt: skip
    told = json.loads(Client().get(f"/calls/{call.key}/offers.json").content)
    assert (told[0]["mass_ng"], told[0]["kind"], told[0]["rare"]) == (200_000_000, "=1+1", True)


def test_a_sample_that_is_not_published_is_named_and_leads_nowhere(ada: Person) -> None:
    call = an_open_call(ada)
    Sample.objects.filter(number="P-2").update(published=False)
    page = Client().get(f"/calls/{call.key}/").content.decode()
    assert '<a class="number" href="/samples/P-1/">' in page
    assert "/samples/P-2/" not in page
    assert "P-2" in page


def test_the_feed_is_atom_and_tells_publication_amendment_and_answer(ada: Person, bo: Person) -> None:
    assert the_feed().tag == f"{ATOM}feed"  # of no call at all
    call = an_open_call(ada, title="A & <B>")
    calls.answer(
        calls.ask(call, "Is it <sieved>?", by=bo, at=timezone.now()), "Yes.", by=ada, at=timezone.now()
    )
    calls.amend(call, sharing.told(**SOON, title="A & <B>", closes=closing(40)), reason="Slow.", by=ada,
                at=timezone.now())  # fmt: skip
    calls.draft(sharing.told(title="Secret"), by=ada, at=timezone.now())
    answer = Client().get("/calls/feed.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = the_feed()
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["Amended: A & <B>", "A question was answered: A & <B>", "Published: A & <B>"]
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == 3
    assert all(one.startswith("tag:example.org,2026:call/") for one in ids if one)
    assert feed.findtext(f"{ATOM}updated")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert b"Secret" not in answer.content


def test_the_calendar_has_the_deadline_and_moves_it(ada: Person) -> None:
    call = an_open_call(ada)
    before = Client().get(f"/calls/{call.key}/dates.ics").content.decode()
    assert before.count("BEGIN:VEVENT") == 2
    assert f"DTSTART:{call.closes:%Y%m%dT%H%M%SZ}" in before
    assert all(len(line.encode()) <= 75 for line in before.split("\r\n"))
    calls.amend(call, sharing.told(**SOON, closes=closing(40)), reason="Slow.", by=ada, at=timezone.now())
    after = Client().get(f"/calls/{call.key}/dates.ics").content.decode()
    assert re.findall("UID:.*", before) == re.findall("UID:.*", after)
    assert ("SEQUENCE:0" in before, "SEQUENCE:1" in after) == (True, True)


def test_the_notice_is_printed(ada: Person) -> None:
    answer = Client().get(f"/zh-hans/calls/{an_open_call(ada).key}/notice.pdf")
    assert answer.status_code in (200, 503)  # a machine without Pango says so
    assert answer.status_code == 503 or answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("path", ["", "dates.ics", "offers.csv", "policy.toml"])
def test_what_is_no_call_is_not_there(path: str) -> None:
    for key in ("0" * 20, "new-", "a%00b", "%E6%9C%88"):
        assert Client().get(f"/calls/{key}/{path}").status_code == 404


def test_a_round_of_the_record_is_no_call_of_this_house() -> None:
    page = Client().get("/rounds/international-1/").content.decode()
    for part in (
        "not run in this system",
        "Brown University",
        "Osaka University",
        "24",
        "2.18 g",
        "source-I13",
    ):
        assert part in page
    found = queries.register.rounds.page("international-1")
    assert found is not None
    assert len(found.loans) == 7
    assert [one.value for one in found.figures] == ["24", "11", "71", "10", "7", "2.18 g"]
    for key in ("international-3", "round-1"):  # a domestic round stands on its mission's page
        assert Client().get(f"/rounds/{key}/").status_code == 404


# -- questions -------------------------------------------------------------------------------------------------


def test_a_question_is_asked_by_somebody_signed_in_and_shown_with_its_answer_alone(
    ada: Person, di: Person, signed_in: Browser
) -> None:
    call = an_open_call(ada)
    page = f"/calls/{call.key}/"
    refused = Client().post(page, {"text": "Who am I?"})
    assert refused.status_code == 302
    assert "/accounts/login/" in refused["Location"]
    done = post(signed_in(di), page, text="Is P-1 sieved?\0")
    assert done.status_code == 422
    assert post(signed_in(di), page, text="").status_code == 422
    done = post(signed_in(di), page, text="Is P-1 sieved?")
    assert (done.status_code, done["Location"]) == (302, f"{page}?asked=1#questions")
    assert "Is P-1 sieved?" not in Client().get(page).content.decode()
    keeping = f"{page}keeping/"
    assert "Is P-1 sieved?" in signed_in(ada).get(keeping).content.decode()
    assert post(signed_in(ada), keeping, act="answer", question="1", answer="Yes.").status_code == 302
    shown = Client().get(page).content.decode()
    assert "Is P-1 sieved?" in shown
    assert "Yes." in shown
    assert "Di" not in shown[shown.index('id="questions"') :]
    for question in ("1", "2", "x", "9" * 30):
        assert post(signed_in(ada), keeping, act="answer", question=question, answer="No.").status_code == 422


def test_whoever_asks_much_waits_for_an_answer(ada: Person, bo: Person, signed_in: Browser) -> None:
    call = an_open_call(ada)
    for n in range(calls.QUESTIONS_MOST):
        calls.ask(call, f"Question {n}?", by=bo, at=timezone.now())
    assert b"wait for an answer" in post(signed_in(bo), f"/calls/{call.key}/", text="One more?").content


# -- drafting --------------------------------------------------------------------------------------------------


def test_a_draft_is_typed_saved_and_published(ada: Person, signed_in: Browser) -> None:
    browser = signed_in(ada)
    done = post(browser, "/calls/new/", **typed())
    call = Call.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"/calls/{call.key}/keeping/")
    assert (call.state, call.told["countries"]) == ("draft", ["FR", "JP"])
    assert call.told["offers"] == [
        {"sample": "P-1", "mass": "200 mg", "form": "powder", "kind": "", "rare": True}
    ]
    assert [one["key"] for one in call.told["criteria"]] == ["c1", "c2"]
    assert "It has no fault" in browser.get(f"/calls/{call.key}/keeping/").content.decode()
    assert post(browser, f"/calls/{call.key}/keeping/", act="publish").status_code == 302
    call.refresh_from_db()
    assert call.state == "open"
    assert queries.calls.value(call).two_stage is False


def test_a_call_that_is_published_at_once_and_has_faults_is_not_even_saved(
    ada: Person, signed_in: Browser
) -> None:
    wrong = typed(**{"do": "publish", "closes": "soon", "title": "", "criteria.0.weight": "61",
                     "offers.1.sample": "S-1", "offers.1.mass": "1 mg", "offers.1.form": "powder"})  # fmt: skip
    done = post(signed_in(ada), "/calls/new/", **wrong)
    page = done.content.decode()
    assert done.status_code == 422
    assert Call.objects.count() == 0
    assert "S-1" in page  # all that was typed is kept
    for box in (
        "f-closes-faults",
        "f-title-faults",
        "f-criteria-faults",
        "S-1 is sealed and cannot be offered",
    ):
        assert box in page


def test_samples_come_from_a_search_and_from_a_pasted_list(ada: Person, signed_in: Browser) -> None:
    search.rebuild()
    browser = signed_in(ada)
    found = post(browser, "/calls/new/", **typed(do="find", find="P-2"))
    assert found.status_code == 200
    assert 'name="add" value="P-2"' in found.content.decode()
    assert 'name="add" value="S-1"' not in found.content.decode()
    added = post(browser, "/calls/new/", **typed(do="add", add="P-2")).content.decode()
    assert 'name="offers.1.sample" value="P-2"' in added
    assert 'name="offers.1.mass" value="1 g"' in added
    assert Call.objects.count() == 0  # none of this wrote anything
    post(browser, "/calls/new/", **typed(**{"offers.pasted": "sample\tmass\nP-2\t50 mg\nNONE\n"}))
    assert [(one["sample"], one["mass"], one["form"]) for one in Call.objects.get().told["offers"]] == [
        ("P-1", "200 mg", "powder"), ("P-2", "50 mg", "powder"), ("NONE", "", ""),
    ]  # fmt: skip
    wrong = post(browser, "/calls/new/", **typed(**{"offers.pasted": 'a\t"b'}))
    assert wrong.status_code == 422
    assert "a\t&quot;b" in wrong.content.decode()


def test_a_long_list_is_a_table_to_paste_and_not_a_thousand_cells(ada: Person, signed_in: Browser) -> None:
    many = [{"sample": f"X-{n}", "mass": "1 mg", "form": "powder"} for n in range(200)]
    draft = calls.draft(sharing.told(offers=many), by=ada, at=timezone.now())
    page = signed_in(ada).get(f"/calls/{draft.key}/edit/").content.decode()
    assert "X-199\t1 mg\tpowder" in page
    assert 'name="offers.0.sample"' not in page
    assert post(signed_in(ada), f"/calls/{draft.key}/edit/", **typed(do="more")).status_code == 200


def test_a_second_writer_is_shown_both_texts_and_decides(ada: Person, a_person: Callable[..., Person],
                                                         signed_in: Browser) -> None:  # fmt: skip
    ann = a_person("Ann", Role.CURATOR)
    draft = calls.draft(sharing.told(), by=ada, at=timezone.now())
    edit = f"/calls/{draft.key}/edit/"
    calls.edit(draft, sharing.told(title="Theirs"), base=1, by=ann)
    clash = post(signed_in(ada), edit, **typed(title="Mine", base="1"))
    page = clash.content.decode()
    assert clash.status_code == 422
    assert "Theirs" in page
    assert "Mine" in page
    assert 'name="base" value="2"' in page
    assert Call.objects.get().title == "Theirs"
    assert post(signed_in(ada), edit, **typed(title="Mine", base="2")).status_code == 302
    assert Call.objects.get().title == "Mine"


def test_an_open_call_is_amended_with_a_reason_and_only_where_it_may_be(
    ada: Person, signed_in: Browser
) -> None:
    call = an_open_call(ada)
    edit = f"/calls/{call.key}/edit/"
    page = signed_in(ada).get(edit).content.decode()
    assert 'name="criteria.0.name"' not in page
    told = typed(title="Second call", scope="Basalt", who="Research institutions", countries="", closes=closing(20),
                 **{"offers.0.rare": "", "offers.0.kind": "basalt", "offers.1.sample": "P-2", "offers.1.mass": "100 mg",
                    "offers.1.form": "powder", "offers.1.kind": "basalt"})  # fmt: skip
    refused = post(signed_in(ada), edit, **told)
    assert refused.status_code == 422
    for part in ("the deadline would come earlier", "no reason is told"):
        assert part in refused.content.decode()
    assert post(signed_in(ada), edit, **told | {"closes": closing(50), "reason": "Slow."}).status_code == 302
    call.refresh_from_db()
    assert call.steps.last().reason == "Slow."
    stale = post(signed_in(ada), edit, **told | {"closes": closing(60), "reason": "Slow.", "base": "2"})
    assert stale.status_code == 422
    assert "somebody else has saved" in stale.content.decode()


# -- keeping ---------------------------------------------------------------------------------------------------


def test_each_step_is_offered_to_whoever_may_take_it_and_says_what_it_waits_for(
    ada: Person, hal: Person, eve: Person, signed_in: Browser
) -> None:
    call = an_open_call(ada)
    keeping = f"/calls/{call.key}/keeping/"
    page = signed_in(ada).get(keeping).content.decode()
    assert "what was begun in time may still be finished" in page
    assert 'name="act" value="cancel"' not in page
    for person in (ada, hal):
        refused = post(signed_in(person), keeping, act="cancel", reason="No.")
        assert refused.status_code == 422
    assert post(signed_in(eve), keeping, act="cancel", reason="").status_code == 422
    assert post(signed_in(eve), keeping, act="jump").status_code == 422
    assert post(signed_in(eve), keeping, act="cancel", reason="The store burnt.").status_code == 302
    assert "The store burnt." in Client().get(f"/calls/{call.key}/").content.decode()


def test_sent_twice_a_form_acts_once(ada: Person, eve: Person, signed_in: Browser) -> None:
    keeping = f"/calls/{an_open_call(ada).key}/keeping/"
    browser = signed_in(eve)
    page = browser.get(keeping).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(csrfmiddlewaretoken|acting_key)" value="([^"]*)"', page))
    told = {**hidden, "act": "cancel", "reason": "The store burnt."}
    assert [browser.post(keeping, told).status_code for _ in range(2)] == [302, 302]
    assert Call.objects.get().steps.count() == 2


def test_a_chair_names_the_committee_and_a_curator_has_no_vote(
    ada: Person, cy: Person, hal: Person, signed_in: Browser
) -> None:
    call = an_open_call(ada)
    keeping = f"/calls/{call.key}/keeping/"
    assert "Name the committee" not in signed_in(ada).get(keeping).content.decode()
    told = {f"seat.{ada.pk}": "sits", f"seat.{cy.pk}": "votes", "seat.999": "votes", "act": "sit"}
    assert post(signed_in(ada), keeping, **told).status_code == 422
    assert post(signed_in(hal), keeping, **told | {f"seat.{ada.pk}": "votes"}).status_code == 422
    assert post(signed_in(hal), keeping, **told).status_code == 302
    assert {one.person.name: one.votes for one in queries.calls.panel(call)} == {"Ada": False, "Cy": True}


def test_who_keeps_no_calls_does_not_come_in(
    ada: Person, bo: Person, cy: Person, di: Person, hal: Person, eve: Person, signed_in: Browser
) -> None:
    call = an_open_call(ada)
    draft = calls.draft(sharing.told(), by=ada, at=timezone.now())
    for address in ("/calls/new/", f"/calls/{call.key}/edit/", f"/calls/{call.key}/keeping/"):
        assert Client().get(address).status_code == 302
        for person in (bo, cy, di):
            assert signed_in(person).get(address).status_code == 403
    for address in ("/calls/new/", f"/calls/{draft.key}/edit/"):
        for person in (hal, eve):
            assert signed_in(person).get(address).status_code == 403
    assert signed_in(hal).get(f"/calls/{draft.key}/keeping/").status_code == 404
    assert signed_in(eve).get(f"/calls/{draft.key}/keeping/").status_code == 200
    assert signed_in(hal).get(f"/calls/{call.key}/keeping/").status_code == 200


@pytest.mark.parametrize("hostile", ["\0", "\u202e", "x" * 5000])
def test_whatever_is_typed_is_answered(ada: Person, signed_in: Browser, hostile: str) -> None:
    call = an_open_call(ada)
    told = dict.fromkeys(typed(), hostile) | {"offers.0.sample": hostile, "add": hostile, "find": hostile}
    for do in ("save", "publish", "find", "add", "more"):
        assert post(signed_in(ada), "/calls/new/", **told | {"do": do}).status_code in (200, 302, 422)
    keeping = dict.fromkeys(("act", "question", "answer", "reason"), hostile)
    assert post(signed_in(ada), f"/calls/{call.key}/keeping/", **keeping).status_code == 422
    assert post(signed_in(ada), f"/calls/{call.key}/", text=hostile).status_code == 422


# -- languages and speed ---------------------------------------------------------------------------------------


def test_in_chinese_no_word_of_ours_is_english(ada: Person, eve: Person, signed_in: Browser) -> None:
    call = an_open_call(ada, title="月壤", scope="月壤。", who="机构。",
                        criteria=[{"key": "m", "name": "科学意义", "weight": 100}])  # fmt: skip
    refused = post(signed_in(eve), f"/zh-hans/calls/{call.key}/keeping/", act="close")
    for page in (Client().get(f"/zh-hans/calls/{call.key}/"), refused, Client().get("/zh-hans/calls/")):
        main = re.search(r"<main.*</main>", page.content.decode(), re.DOTALL)
        text = re.sub(r"<code\b.*?</code>|<[^>]+>", " ", main[0] if main else "", flags=re.DOTALL)
        known = {"CSV", "JSON", "Asia", "Shanghai", "UTC", "PDF", "Atom", "Eve", "Ada", "Chang"}
        words = set(re.findall(r"\b[A-Za-z]{3,}\b", text)) - known
        assert not words, words


def test_how_often_the_database_is_asked_does_not_grow(ada: Person, signed_in: Browser) -> None:
    def asked(address: str, browser: Client) -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(address).status_code == 200
        return len(found)

    call, stranger, curator = an_open_call(ada), Client(), signed_in(ada)
    pages = [("/calls/", stranger), (f"/calls/{call.key}/", stranger), ("/calls/feed.atom", stranger),
             (f"/calls/{call.key}/keeping/", curator), ("/calls/", curator)]  # fmt: skip
    asked(*pages[0])  # the first of a process reads the record too
    before = [asked(*page) for page in pages]
    assert before[:3] == [2, 5, 2]
    for n in range(3):
        an_open_call(ada, title=f"Call {n}")
        calls.draft(sharing.told(), by=ada, at=timezone.now())
        question = calls.ask(call, f"Question {n}?", by=ada, at=timezone.now())
        calls.answer(question, "Yes.", by=ada, at=timezone.now())
        calls.ask(call, f"And {n}?", by=ada, at=timezone.now())
        told = sharing.told(**SOON, closes=closing(31 + n))
        call = calls.amend(call, told, reason="Slow.", by=ada, at=timezone.now())
    assert [asked(*page) for page in pages] == before


def test_a_deadline_at_midnight_is_told_as_the_end_of_a_day(ada: Person) -> None:
    call = a_call(ada)
    assert call.closes == datetime(2027, 3, 31, 16, tzinfo=UTC)
    page = Client().get(f"/calls/{call.key}/").content.decode()
    assert "2027-03-31 24:00" in page
    assert "UTC+08:00" in page


def test_a_call_is_watched_and_watched_no_longer(ada: Person, bo: Person) -> None:
    call = an_open_call(ada)
    browser, path = Client(), f"/calls/{call.key}/"
    assert "Watch this call" not in browser.get(path).content.decode()
    browser.force_login(bo)
    assert "Watch this call" in browser.get(path).content.decode()
    assert post(browser, path, act="watch").status_code == 302
    assert notices.watched(bo) == {f"call:{call.key}"}
    assert "Watch it no longer" in browser.get(path).content.decode()
    assert post(browser, path, act="unwatch").status_code == 302
    assert notices.watched(bo) == frozenset()
