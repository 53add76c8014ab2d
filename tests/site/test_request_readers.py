"""Who sees a request: every role at every address, files of another's request, and what staff do with one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests import uploads
from tests.site import requesting, sharing
from tests.site.requesting import fresh
from tests.site.sharing import a_draft

from aliquot.site.models import (
    Call,
    Person,
    Receipt,
    Request,
    RequestFile,
    Role,
    Screening,
    ScreeningDecision,
)
from aliquot.site.operations import calls, requests

Browser = Callable[[Person], Client]
READERS = (Role.CURATOR, Role.CHAIR, Role.COMPLIANCE, Role.DIRECTOR, Role.AUDITOR)
BLIND = (Role.REQUESTER, Role.REVIEWER)
ADDRESSES = (
    "", "edit/", "texts/2/", "files/", "files/{file}/", "receipts/2/", "receipts/2/receipt.json",
    "receipts/2/receipt.pdf",
)  # fmt: skip
OF_AUTHORS = ("edit/", "texts/2/", "files/")


@pytest.fixture
def call(db: None, ada: Person) -> Call:
    sharing.store()
    return requesting.an_open_call(ada)


@pytest.fixture
def _no_files_left() -> Iterator[None]:
    yield
    folder = settings.HOME / "files"
    for each in folder.iterdir() if folder.is_dir() else ():
        shutil.rmtree(each)


def begun(call: Call, by: Person) -> Request:
    return requests.begin(call, by=by, at=timezone.now())


def submitted(call: Call, by: Person) -> Request:
    made = begun(call, by)
    requests.save(made, a_draft(), base=1, by=by, at=timezone.now())
    requests.submit(made, version=2, by=by, at=timezone.now())
    return made


def attach(
    client: Client,
    request: Request,
    name: str = "plan.pdf",
    body: bytes = uploads.PDF,
    *,
    by_script: bool = False,
) -> int:
    address = f"/requests/{request.key}/files/"
    sent = {**fresh(client), "files": SimpleUploadedFile(name, body)}
    return client.post(address, sent, headers={"accept": "application/json"} if by_script else {}).status_code


def addresses(request: Request) -> list[str]:
    file = request.files.first()
    return [f"/requests/{request.key}/{one}".format(file=file.key if file else "none") for one in ADDRESSES]


@pytest.mark.parametrize("role", [*READERS, *BLIND])
@pytest.mark.usefixtures("_no_files_left")
def test_every_role_at_every_address(
    call: Call, bo: Person, a_person: Callable[..., Person], signed_in: Browser, role: Role
) -> None:
    draft, asked = begun(call, bo), begun(call, bo)
    attach(signed_in(bo), draft)
    attach(signed_in(bo), asked)
    requests.save(asked, a_draft(), base=1, by=bo, at=timezone.now())
    requests.submit(asked, version=2, by=bo, at=timezone.now())
    other = signed_in(a_person("Other", role))
    assert {other.get(one).status_code for one in addresses(draft)} == {404}, (
        "nobody but its authors sees a draft"
    )
    for address in addresses(asked):
        sees = role in READERS and not address.endswith(OF_AUTHORS)
        assert other.get(address).status_code == (200 if sees else 404), address
    for address in (one for request in (draft, asked) for one in addresses(request)):
        assert other.post(address, {}).status_code in (
            403,
            405,
        ), address
    strange = Client()
    assert {
        strange.get(one).status_code
        for one in (*addresses(draft), "/requests/nothing/", "/requests/", "/basket/")
    } == {302}
    assert Receipt.objects.count() == 1


def test_what_is_posted_to_anothers_request_finds_nothing(
    call: Call, bo: Person, a_person: Callable[..., Person], signed_in: Browser
) -> None:
    asked = submitted(call, bo)
    other = a_person("Fay", Role.REQUESTER)
    client = signed_in(other)
    begun(call, other)
    key = fresh(client)
    for address, act in (
        ("", "withdraw"),
        ("", "invite"),
        ("edit/", "save"),
        ("edit/", "amend"),
        ("edit/", "check"),
        ("files/", ""),
    ):
        answer = client.post(
            f"/requests/{asked.key}/{address}", {**key, "act": act, "base": 2, "title": "x", "email": "a@b.c"}
        )
        assert answer.status_code == 404, (address, act)
    asked.refresh_from_db()
    assert (asked.state, asked.versions.count()) == ("submitted", 2)
    assert client.get("/requests/").content.decode().count("/edit/") == 1


@pytest.mark.usefixtures("_no_files_left")
def test_files_are_handed_out_safely_to_those_who_may_see_the_request_alone(
    call: Call, bo: Person, ada: Person, a_person: Callable[..., Person], signed_in: Browser
) -> None:
    fay = a_person("Fay", Role.REQUESTER)
    mine, theirs = begun(call, bo), begun(call, fay)
    assert attach(signed_in(bo), mine) == 302
    row = RequestFile.objects.get()
    assert attach(signed_in(bo), mine) == 422, "the same file a second time"
    assert attach(signed_in(bo), mine, "page.pdf", uploads.WEB_PAGE, by_script=True) == 422
    assert attach(signed_in(bo), mine, "data.csv", b"a,b\n1,2\n", by_script=True) == 201
    answer = signed_in(bo).get(f"/requests/{mine.key}/files/{row.key}/")
    assert b"".join(answer.streaming_content) == uploads.PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (answer.headers["Content-Security-Policy"], answer.headers["X-Content-Type-Options"]) == (
        "default-src 'none'; sandbox",
        "nosniff",
    )
    assert "no-cache" in answer.headers["Cache-Control"]
    for person, key in ((fay, theirs.key), (fay, mine.key), (ada, mine.key), (bo, theirs.key)):
        assert signed_in(person).get(f"/requests/{key}/files/{row.key}/").status_code == 404
    for person in (bo, ada, fay):
        assert signed_in(person).get(f"/files/{row.file.sha256}/{row.name}").status_code == 404, (
            "not by its hash either"
        )


@pytest.mark.usefixtures("_no_files_left")
def test_staff_see_the_files_that_were_submitted_and_the_receipt_names_them(
    call: Call, bo: Person, ada: Person, signed_in: Browser
) -> None:
    client, asked = signed_in(bo), begun(call, bo)
    attach(client, asked)
    requests.save(asked, a_draft(), base=1, by=bo, at=timezone.now())
    first = requests.submit(asked, version=2, by=bo, at=timezone.now())
    attach(client, asked, "late.csv", b"a,b\n1,2\n")
    page = signed_in(ada).get(f"/requests/{asked.key}/").content.decode()
    assert ("plan.pdf" in page, "late.csv" in page) == (True, False)
    assert "not in the receipt yet" in client.get(f"/requests/{asked.key}/edit/").content.decode()
    second = requests.amend(asked, a_draft(), base=2, by=bo, at=timezone.now())
    assert requests.amend(asked, a_draft(), base=3, by=bo, at=timezone.now()) == second
    assert second.sha256 != first.sha256
    assert "late.csv" in signed_in(ada).get(f"/requests/{asked.key}/").content.decode()
    plan = asked.files.get(name="plan.pdf")
    sent = {**fresh(client), "remove": plan.key}
    assert client.post(f"/requests/{asked.key}/files/", sent).status_code == 302
    assert "plan.pdf" in client.get(f"/requests/{asked.key}/receipts/2/").content.decode(), (
        "the receipt names it still"
    )
    requesting.closing(call, in_seconds=-601)
    assert attach(client, asked, "x.csv", b"c,d\n1,2\n") == 422


# -- staff -------------------------------------------------------------------------------------------------------


def act(client: Client, request: Request, **told: str) -> int:
    address = f"/requests/{request.key}/"
    return client.post(address, {**fresh(client), **told}).status_code


def test_a_request_is_admitted_or_turned_away_with_reasons_once_the_call_is_closed(
    call: Call, ada: Person, bo: Person, eve: Person, signed_in: Browser
) -> None:
    first, second = submitted(call, bo), submitted(call, bo)
    curator, director = signed_in(ada), signed_in(eve)
    assert "admit" not in curator.get(f"/requests/{first.key}/").content.decode().partition('id="acts"')[2]
    assert act(curator, first, act="admit") == 422
    requesting.closing(call, in_seconds=-3_600)
    calls.move(call, "close", by=ada, at=timezone.now() + timedelta(seconds=1))
    assert "It goes on to review." in curator.get(f"/requests/{first.key}/").content.decode()
    assert act(curator, first, act="admit", reason="A remark of ours.") == 302
    assert act(curator, second, act="turn away", reason="x") == 422, "a curator does not"
    assert act(director, second, act="turn away", reason=" ") == 422
    assert act(director, second, act="turn away", reason="Outside the scope.") == 302
    own = signed_in(bo)
    assert "Outside the scope." in own.get(f"/requests/{second.key}/").content.decode()
    page = own.get(f"/requests/{first.key}/").content.decode()
    assert "A remark of ours." not in page
    assert "Ada" not in page, "who of the facility did it is not told"
    assert "A remark of ours." in director.get(f"/requests/{first.key}/").content.decode()


def test_compliance_screens_it_and_the_applicant_sees_nothing_of_that(
    call: Call, bo: Person, ada: Person, a_person: Callable[..., Person], signed_in: Browser
) -> None:
    asked, law = submitted(call, bo), a_person("Lou", Role.COMPLIANCE)
    page = signed_in(law).get(f"/requests/{asked.key}/").content.decode()
    assert "Screen it" in page
    assert f"for=request%3A{asked.key}" in page
    screening = Screening.objects.create(
        subject=f"request:{asked.key}", order=1, why="submitted", facts={"on_restricted_list": True}, answer={},
        overall="prohibited", instruments_sha256={}, lists_sha256={}, at=timezone.now(),
    )  # fmt: skip
    ScreeningDecision.objects.create(
        screening=screening,
        order=1,
        overrules=False,
        outcome="refuse",
        reasons="On a list.",
        by=law,
        at=timezone.now(),
    )
    assert f"/screenings/{screening.pk}/" in signed_in(law).get(f"/requests/{asked.key}/").content.decode()
    curator = signed_in(ada).get(f"/requests/{asked.key}/").content.decode()
    assert "It was screened." in curator
    for address in ("", "edit/"):
        own = signed_in(bo).get(f"/requests/{asked.key}/{address}").content.decode()
        for secret in ("screening", "On a list.", "on_restricted_list"):
            assert secret not in own


@pytest.mark.parametrize("amendments", [0, 4])
def test_the_queries_of_a_page_for_staff_do_not_grow(
    call: Call, bo: Person, ada: Person, signed_in: Browser, django_assert_max_num_queries: Callable[..., object], amendments: int
) -> None:  # fmt: skip
    asked = submitted(call, bo)
    for i in range(amendments):
        requests.amend(asked, a_draft(title=f"Title {i}"), base=2 + i, by=bo, at=timezone.now())
    client = signed_in(ada)
    with django_assert_max_num_queries(28):
        assert client.get(f"/requests/{asked.key}/").status_code == 200
