"""A request on pages: a draft that saves itself, two who write it, submitting once and in time, its receipt."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.site import requesting, sharing
from tests.site.requesting import edit_address, hidden, send
from tests.site.sharing import a_draft, a_line

from aliquot.site import queries
from aliquot.site.models import Call, Person, Receipt, Request
from aliquot.site.operations import requests

Browser = Callable[[Person], Client]
COMPLETE = {key: value for key, value in a_draft().items() if value not in ("", [])}


@pytest.fixture
def call(db: None, ada: Person) -> Call:
    sharing.store()
    return requesting.an_open_call(ada)


@pytest.fixture
def draft(call: Call, bo: Person) -> Request:
    return requests.begin(call, by=bo, at=timezone.now())


def told(request: Request) -> dict[str, object]:
    return dict(queries.requests.told(request))


def beside(page: HttpResponse, box: str) -> str:
    """Return what is wrong with a field, as the page says it beside it."""
    found = re.search(rf'id="{box}-faults">(.*?)</ul>', page.content.decode(), re.DOTALL)
    return found[1] if found else ""


# -- saving ------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_saved_by_the_button_and_shown_again(
    draft: Request, bo: Person, signed_in: Browser
) -> None:
    client = signed_in(bo)
    answer = send(client, draft, COMPLETE | {"title": "<b>Glass</b>\u2028"}, more="lines")
    assert answer.headers["Location"] == f"{edit_address(draft)}?more=lines#s-lines"
    page = client.get(edit_address(draft) + "?more=lines").content.decode()
    assert "&lt;b&gt;Glass" in page
    assert 'name="lines.1.sample"' in page
    draft.refresh_from_db()
    assert told(draft)["lines"] == [{k: v for k, v in a_line().items() if v}]
    send(client, draft, COMPLETE, drop="lines.0")
    assert "lines" not in told(draft)


def test_a_form_that_nobody_filled_in_says_nothing(draft: Request, bo: Person, signed_in: Browser) -> None:
    client = signed_in(bo)
    send(client, draft, {"title": "", "summary": " \r\n"})
    assert told(draft) == {}
    assert "errorlist" not in client.get(edit_address(draft)).content.decode()


def test_the_script_is_told_the_version_and_what_is_missing(
    draft: Request, bo: Person, signed_in: Browser
) -> None:
    answer = send(signed_in(bo), draft, {"title": "Glass"}, by_script=True)
    said = json.loads(answer.content)
    assert (answer.status_code, said["version"], said["sections"]) == (200, 2, {})
    assert "2 things missing" in said["checks"] or "things missing" in said["checks"]
    assert "Nothing stands against it so far." in said["checks"]


def test_what_cannot_be_kept_is_refused_and_stays_on_the_page(
    draft: Request, bo: Person, signed_in: Browser
) -> None:
    client = signed_in(bo)
    page = send(client, draft, {"title": "a\0b", "summary": "Kept on the page"})
    assert page.status_code == 422
    assert "Kept on the page" in page.content.decode()
    assert "Request</span>" in page.content.decode()
    answer = send(client, draft, {"title": "a\0b"}, by_script=True)
    assert (answer.status_code, "plain text" in json.loads(answer.content)["said"]) == (422, True)
    assert draft.versions.count() == 1


def test_a_form_from_elsewhere_writes_nothing(draft: Request, bo: Person, signed_in: Browser) -> None:
    assert signed_in(bo).post(edit_address(draft), {"title": "x", "base": 1}).status_code == 403
    assert draft.versions.count() == 1


# -- two editors -------------------------------------------------------------------------------------------------


def test_what_two_write_in_different_fields_is_put_together_and_shown_to_both(
    draft: Request, bo: Person, di: Person, signed_in: Browser
) -> None:
    requests.invite(draft, di, by=bo, at=timezone.now())
    send(signed_in(di), draft, {"facilities": "A clean room."}, base=1)
    said = json.loads(send(signed_in(bo), draft, {"title": "Glass"}, base=1, by_script=True).content)
    assert told(draft) == {"title": "Glass", "facilities": "A clean room."}
    assert list(said["sections"]) == ["s-work"]
    assert "A clean room." in said["sections"]["s-work"]


def test_where_two_wrote_the_same_both_texts_are_shown_and_one_is_chosen(
    draft: Request, bo: Person, di: Person, signed_in: Browser
) -> None:
    requests.invite(draft, di, by=bo, at=timezone.now())
    send(signed_in(di), draft, {"title": "Of Di", "security": "Safe of Di"}, base=1)
    client = signed_in(bo)
    mine = {"title": "Of Bo", "facilities": "Room of Bo", "security": "Safe of Bo"}
    address = send(client, draft, mine, base=1).headers["Location"]
    assert told(draft) == {"title": "Of Di", "security": "Safe of Di"}
    page = client.get(address)
    for text in ("Of Di", "Of Bo", "Safe of Di", "Safe of Bo"):
        assert text in page.content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', page.content.decode())[1]  # type: ignore[index]
    body = {**hidden(page), "seen": seen, "choose.title": "mine", "choose.security": "theirs"}
    assert client.post(address, body).headers["Location"] == edit_address(draft)
    assert told(draft) == {"title": "Of Bo", "facilities": "Room of Bo", "security": "Safe of Di"}


def test_by_script_a_clash_leads_to_both_texts(draft: Request, bo: Person, signed_in: Browser) -> None:
    client = signed_in(bo)
    send(client, draft, {"title": "A"}, base=1)
    said = json.loads(send(client, draft, {"title": "B"}, base=1, by_script=True).content)
    assert client.get(said["clash"]).status_code == 200
    assert client.get(said["clash"].replace("/3/", "/2/")).status_code == 404, "that text stands not aside"


def test_somebody_is_invited_by_address_and_nobody_unknown(
    draft: Request, bo: Person, di: Person, signed_in: Browser
) -> None:
    client, address = signed_in(bo), f"/requests/{draft.key}/"
    for email, status in (("nobody@example.org", 422), ("di@example.org", 302), ("di@example.org", 422)):
        body = hidden(client.get(address)) | {"act": "invite", "email": email}
        assert client.post(address, body).status_code == status
    assert signed_in(di).get(edit_address(draft)).status_code == 200
    assert "Bo leads this request" in signed_in(di).get(edit_address(draft)).content.decode()


# -- while typing ------------------------------------------------------------------------------------------------


def test_limits_and_the_law_are_told_while_typing(draft: Request, bo: Person, signed_in: Browser) -> None:
    client = signed_in(bo)
    lead = COMPLETE["lead"] | {"orcid": "0000-0002-1825-0098"}
    funders = [{"name": "NASA", "country": "US", "years": ["2026"]}]
    send(client, draft, COMPLETE | {"lead": lead, "funders": funders, "begins": "2027-09-01"})
    page = client.get(edit_address(draft))
    assert "does not fit the others" in beside(page, "f-lead-orcid")
    text = page.content.decode()
    assert "The law on file" in text
    assert f"for=request%3A{draft.key}" in text
    assert "borrower_place=US" in text
    send(client, draft, COMPLETE | {"law.two_sided": "yes"})
    assert told(draft)["law"] == {"two_sided": "yes"}


def test_what_the_law_asks_of_officials_is_not_asked_of_applicants(
    draft: Request, bo: Person, signed_in: Browser
) -> None:
    send(signed_in(bo), draft, COMPLETE)
    text = signed_in(bo).get(edit_address(draft)).content.decode()
    for key in ("on_restricted_list", "person_nationality", "approved", "acts_on", "funders"):
        assert f'name="law.{key}"' not in text


# -- submitting --------------------------------------------------------------------------------------------------


def test_a_double_click_and_a_reload_submit_once(draft: Request, bo: Person, signed_in: Browser) -> None:
    client = signed_in(bo)
    key = hidden(client.get(edit_address(draft)))
    first = send(client, draft, COMPLETE, act="submit", base=1, key=key)
    again = send(client, draft, COMPLETE, act="submit", base=1, key=key)
    assert first.headers["Location"] == again.headers["Location"] == f"/requests/{draft.key}/receipts/2/"
    other_window = send(client, draft, COMPLETE, act="submit", base=1, key={**key, "acting_key": "another"})
    assert other_window.headers["Location"] == first.headers["Location"]
    assert Receipt.objects.count() == 1
    assert [one.act for one in draft.steps.all()] == ["submit"]


def test_what_is_refused_is_told_beside_its_field_and_kept_as_the_draft(
    draft: Request, bo: Person, signed_in: Browser
) -> None:
    client = signed_in(bo)
    wrong = COMPLETE | {"title": "", "lines": [a_line(wanted="900 mg", why="")], "funders": []}
    page = send(client, draft, wrong, act="submit")
    assert page.status_code == 422
    assert "nothing is told here" in beside(page, "f-title")
    assert "900 mg are wanted and 200 mg are offered" in beside(page, "f-lines-0-wanted")
    assert "nothing is told here" in beside(page, "f-lines-0-why")
    assert "it is not told who pays for the work" in page.content.decode()
    assert "Line 1, Wanted amount" in page.content.decode()
    assert "What you typed is kept as a draft." in page.content.decode()
    assert told(draft)["lines"][0]["wanted"] == "900 mg"  # type: ignore[index]
    draft.refresh_from_db()
    assert (draft.state, draft.tried_at is not None) == ("draft", True)


def test_somebody_on_the_team_does_not_submit(
    draft: Request, bo: Person, di: Person, signed_in: Browser
) -> None:
    requests.invite(draft, di, by=bo, at=timezone.now())
    page = send(signed_in(di), draft, COMPLETE, act="submit")
    assert page.status_code == 422
    assert "is not yours to do" in page.content.decode()
    assert not Receipt.objects.exists()
    draft.refresh_from_db()
    assert draft.tried_at is None


def test_begun_in_time_it_is_not_lost(call: Call, draft: Request, bo: Person, signed_in: Browser) -> None:
    client = signed_in(bo)
    requesting.closing(call, in_seconds=-60)
    page = client.get(edit_address(draft)).content.decode()
    assert "What you submit is still taken until:" in page
    assert send(client, draft, COMPLETE | {"title": ""}, act="submit").status_code == 422
    requesting.closing(
        call, in_seconds=-660
    )  # the grace is over by a minute, and there was an attempt within it
    Request.objects.filter(pk=draft.pk).update(tried_at=timezone.now() - timedelta(minutes=2))
    assert "You tried in time" in send(client, draft, COMPLETE | {"title": ""}, act="submit").content.decode()
    assert send(client, draft, COMPLETE, act="submit").status_code == 302
    assert Receipt.objects.get().in_grace


def test_after_the_grace_nothing_is_taken_and_the_text_is_kept(
    call: Call, draft: Request, bo: Person, signed_in: Browser
) -> None:
    client = signed_in(bo)
    requesting.closing(call, in_seconds=-601)
    page = send(client, draft, COMPLETE, act="submit")
    assert page.status_code == 422
    assert "the deadline and its grace have passed" in page.content.decode()
    assert told(draft)["title"] == "How old is it?"
    assert "Submit the request" not in client.get(edit_address(draft)).content.decode()


def test_the_receipt_is_computed_again_from_its_file(draft: Request, bo: Person, signed_in: Browser) -> None:
    client = signed_in(bo)
    address = send(client, draft, COMPLETE, act="submit").headers["Location"]
    page = client.get(address).content.decode()
    held = Receipt.objects.get()
    assert held.sha256 in page
    assert held.call_sha256 in page
    body = client.get(f"{address}receipt.json")
    assert hashlib.sha256(body.content).hexdigest() == held.sha256
    assert json.loads(body.content)["told"] == COMPLETE | {"lines": [{k: v for k, v in a_line().items() if v}]} | {
        "funders": [{"name": "Brown University", "country": "US", "years": ["2027"]}]}  # fmt: skip
    assert client.get(f"{address}receipt.pdf").content[:5] == b"%PDF-"
    assert client.get(f"/requests/{draft.key}/receipts/1/").status_code == 404


def test_it_is_amended_until_the_deadline_with_a_further_receipt(
    call: Call, draft: Request, bo: Person, signed_in: Browser
) -> None:
    client = signed_in(bo)
    send(client, draft, COMPLETE, act="submit")
    looked = send(client, draft, COMPLETE | {"title": "Better"}, act="check", by_script=True)
    assert "An amendment is kept when you submit it" in json.loads(looked.content)["checks"]
    more = send(client, draft, COMPLETE | {"title": "Better"}, act="", more="team")
    assert (more.status_code, b'name="team.0.name"' in more.content) == (200, True)
    assert send(client, draft, COMPLETE | {"title": ""}, act="amend").status_code == 422
    assert told(draft)["title"] == "How old is it?"
    answer = send(client, draft, COMPLETE | {"title": "Better"}, act="amend")
    assert answer.headers["Location"] == f"/requests/{draft.key}/receipts/3/"
    page = client.get(f"/requests/{draft.key}/").content.decode()
    assert "One field differs from the one before" in page
    assert "Better</ins>" in page
    requesting.closing(call, in_seconds=-601)
    assert client.get(edit_address(draft)).headers["Location"] == f"/requests/{draft.key}/"
    assert send(client, draft, COMPLETE | {"title": "Late"}, act="amend", key=hidden(client.get(f"/requests/{draft.key}/"))).status_code == 422  # fmt: skip


def test_it_is_withdrawn_for_good_and_an_appeal_waits_for_a_decision(
    draft: Request, bo: Person, signed_in: Browser
) -> None:
    client, address = signed_in(bo), f"/requests/{draft.key}/"
    send(client, draft, COMPLETE, act="submit")
    for act, status in (("appeal", 422), ("grant", 422), ("withdraw", 302)):
        body = hidden(client.get(address)) | {"act": act, "reason": "Another beam."}
        assert client.post(address, body).status_code == status
    draft.refresh_from_db()
    assert draft.state == "withdrawn"
    assert "Another beam." in client.get(address).content.decode()
    assert "It was withdrawn. Nothing further happens." in client.get("/requests/").content.decode()


def test_in_chinese_a_refusal_has_no_english_of_ours(draft: Request, bo: Person, signed_in: Browser) -> None:
    client = signed_in(bo)
    address = f"/zh-hans{edit_address(draft)}"
    body = {
        **hidden(client.get(address)),
        "act": "submit",
        "base": 1,
        "lines.0.sample": "P-1",
        "lead.orcid": "1",
    }
    page = client.post(address, body).content.decode()
    said = re.sub(
        r"<[^>]+>", " ", re.search(r'<section class="message message--error.*?</section>', page, re.DOTALL)[0]
    )  # type: ignore[index]
    words = set(re.findall(r"[A-Za-z]{3,}", said))
    assert words <= {"ORCID", "ROR", "ISO", "lead", "orcid"}, words


# -- how much is asked of the database ---------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 6])
def test_the_queries_of_ones_own_list_do_not_grow(
    call: Call,
    bo: Person,
    signed_in: Browser,
    django_assert_max_num_queries: Callable[..., object],
    count: int,
) -> None:
    for _ in range(count):
        requests.begin(call, by=bo, at=timezone.now())
    client = signed_in(bo)
    with django_assert_max_num_queries(8):
        assert client.get("/requests/").status_code == 200


@pytest.mark.parametrize("others", [0, 5])
def test_the_queries_of_a_save_do_not_grow_with_the_field(
    call: Call, draft: Request, bo: Person, a_person: Callable[..., Person], signed_in: Browser,
    django_assert_max_num_queries: Callable[..., object], others: int,
) -> None:  # fmt: skip
    from aliquot.site.models import Role

    for i in range(others):
        made = requests.begin(call, by=(by := a_person(f"Asks{i}", Role.REQUESTER)), at=timezone.now())
        saved = requests.save(made, a_draft(), base=1, by=by, at=timezone.now())
        requests.submit(made, version=saved.version.order, by=by, at=timezone.now())
    client = signed_in(bo)
    key = hidden(client.get(edit_address(draft)))
    with django_assert_max_num_queries(60):
        assert send(client, draft, COMPLETE, key=key, by_script=True).status_code == 200


def test_a_request_of_as_many_lines_as_it_may_have_is_taken(
    draft: Request, bo: Person, signed_in: Browser
) -> None:
    person = COMPLETE["lead"]
    whole = COMPLETE | {"lines": [a_line()] * 100, "team": [person] * 50}
    assert send(signed_in(bo), draft, whole).status_code == 302
    assert len(told(draft)["lines"]) == 100  # type: ignore[arg-type]
