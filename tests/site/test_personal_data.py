"""What is known of somebody is handed out whole, and forgotten: afterwards no table holds their name or address."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.test import Client
from tests.site import sharing
from tests.site.sharing import BEFORE, a_call, a_draft

from aliquot import calls as call_library
from aliquot.fault import Refused
from aliquot.site import instance, queries
from aliquot.site.models import (
    Certificate,
    Entry,
    Forgetting,
    Person,
    Receipt,
    Request,
    RequestFile,
    ReviewerProfile,
    Role,
    Sample,
    Waiver,
)
from aliquot.site.operations import calls, people, programs, remarks, requests, storage
from aliquot.site.operations import notices as notice_operations
from aliquot.site.operations import personal_data as operations
from aliquot.site.queries import personal_data as reads
from aliquot.site.queries import personal_export

NOW = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
ORCID = "0000-0002-1825-0097"
Browser = Callable[[Person], Client]


@pytest.fixture
def xu(a_person: Callable[..., Person]) -> Person:
    """Somebody with a name in two scripts, who asks for samples."""
    person = a_person("xu", Role.REQUESTER)
    Person.objects.filter(pk=person.pk).update(name="Xu Xiake", other_name="徐霞客")
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def request_of_xu(xu: Person, ada: Person, cy: Person, settings: object, tmp_path: Path) -> Request:
    """A request that Xu led, withdrew, and spoke of; with traces of Xu wherever the house keeps texts."""
    sharing.store()
    call = a_call(ada)
    lead = a_draft()["lead"] | {"name": "Xu Xiake 徐霞客", "orcid": f"https://orcid.org/{ORCID}"}
    made = requests.begin(call, by=xu, at=BEFORE)
    saved = requests.save(made, a_draft(lead=lead, title="Caves, by Xu Xiake"), base=1, by=xu, at=BEFORE)
    _file(made, xu)
    requests.submit(made, version=saved.version.order, by=xu, at=BEFORE)
    calls.ask(call, "Xu Xiake asks: may it be mixed?", by=xu, at=BEFORE)
    remarks.write(Sample.objects.get(number="P-1"), "徐霞客 looked at it.", by=ada, at=NOW)
    ReviewerProfile.objects.create(person=cy, papers=[[2026, ORCID]])
    Authenticator.objects.create(user=xu, type="totp", data={"secret": "xu"})
    programs.make_token(xu, name="xu's balance", at=NOW, days=30)
    programs.once(xu, "a key", {}, lambda: {"said": "xu@example.org"}, at=NOW)
    notice_operations.watch(xu, ["calls"])
    people.make_sign_in_link(xu, at=NOW, days=3)
    return Request.objects.get(pk=made.pk)


def _file(request: Request, by: Person) -> None:
    from django.conf import settings

    with storage.receive([b"My life, by Xu Xiake\n"], name="xu-xiake.txt", limits=settings.FILES) as arrived:
        storage.put(arrived)
        file = storage.record(arrived, at=BEFORE)
    RequestFile.objects.create(
        key="f1", request=request, file=file, kind="cv", name="xu-xiake.txt", by=by, at=BEFORE
    )


def holding(words: list[str]) -> set[str]:
    """Return every table and column that holds one of these words anywhere, asked of the database itself."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.CharField | models.TextField | models.JSONField):
                continue
            for value in model._base_manager.values_list(field.attname, flat=True):
                text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                if any(word.lower() in text.lower() for word in words):
                    found.add(f"{model._meta.db_table}.{field.attname}")
    return found


WORDS = ["xu xiake", "徐霞客", "xu@example.org", ORCID]


def forgotten(person: Person, by: Person, **changed: object) -> Forgetting:
    asked = operations.ask(person, reason="Asked for it by letter.", by=by, at=NOW, **changed)
    return operations.forget(asked, said=person.key, by=by, at=NOW)


def test_afterwards_no_table_holds_name_address_or_orcid_id(
    request_of_xu: Request,
    xu: Person,
    eve: Person,
    signed_in: Browser,
    django_capture_on_commit_callbacks: object,
) -> None:
    signed_in(xu).get("/account/")
    letter = instance.mail(_home()) / "letter.log"
    letter.write_text("To: xu@example.org\n")
    assert len(holding(WORDS)) > 8
    calls_by = requests.move(request_of_xu, "withdraw", by=xu, at=BEFORE)
    assert calls_by.state == "withdrawn"
    book = list(Entry.objects.order_by("index").values_list("text", flat=True))
    receipts = list(Receipt.objects.values_list("sha256", flat=True))
    path = queries.files.path_of(RequestFile.objects.get().file.sha256)
    with django_capture_on_commit_callbacks(execute=True):
        done = forgotten(xu, eve)
    assert holding(WORDS) == set()
    assert done.left == {}
    assert not letter.exists()
    assert not default_storage.exists(path)
    assert list(Entry.objects.order_by("index").values_list("text", flat=True)) == book
    assert list(Receipt.objects.values_list("sha256", flat=True)) == receipts
    now = Person.objects.get(pk=xu.pk)
    assert (now.name, now.is_active, now.has_usable_password()) == (xu.key, False, False)
    assert queries.people.roles_of(now) == frozenset()
    assert not EmailAddress.objects.filter(user=xu).exists()
    assert reads.sessions(xu) == []


def _home() -> Path:
    from django.conf import settings

    return settings.HOME


def test_a_request_can_still_be_read_without_its_name(
    request_of_xu: Request, xu: Person, eve: Person
) -> None:
    requests.move(request_of_xu, "withdraw", by=xu, at=BEFORE)
    before = queries.requests.value(request_of_xu)
    forgotten(xu, eve)
    after = queries.requests.value(Request.objects.get(pk=request_of_xu.pk))
    assert after.lines == before.lines
    assert after.institutions == before.institutions
    assert (after.lead.name, after.lead.orcid[:14]) == (f"{xu.key} {xu.key}", "0000-0000-0000")
    assert RequestFile.objects.get().name == "forgotten.txt"


def test_what_nobody_can_change_stays_and_is_named(xu: Person, ada: Person, eve: Person) -> None:
    kept = Waiver.objects.create(
        subject="x", rule="policy:loan-months", authority="Director", reason="Xu Xiake is ill.",
        expires_on=NOW.date(), by=ada, at=NOW,
    )  # fmt: skip
    named = Certificate.objects.create(
        instrument="us/wolf", mission="x", people="徐霞客", act="x", from_on=NOW.date(), until_on=NOW.date(),
        lodged_on=NOW.date(), covers=True, findings={}, by=ada, at=NOW,
    )  # fmt: skip
    sharing.store()
    call = a_call(ada, scope="Caves, as Xu Xiake proposed")
    done = forgotten(xu, eve)
    assert done.left["aliquot_waiver"] == [kept.pk]
    assert done.left["aliquot_certificate"] == [named.pk]
    assert done.left["aliquot_call"] == [call.pk]
    call.refresh_from_db()
    assert call_library.from_json(call.told).sha256 == call.sha256
    tables = {one.split(".")[0] for one in holding(WORDS)}
    assert tables == set(done.left)


def test_the_tables_that_nobody_can_change_are_those_of_the_triggers(db: None) -> None:
    assert {"aliquot_entry", "aliquot_requeststep", "aliquot_screening"} <= reads.guarded()
    assert (
        not {"aliquot_person", "aliquot_requestversion", "aliquot_notice", "aliquot_request"}
        & reads.guarded()
    )


def test_somebody_of_nearly_the_same_name_keeps_theirs(
    request_of_xu: Request, xu: Person, eve: Person, a_person: Callable[..., Person]
) -> None:
    other = a_person("other")
    Person.objects.filter(pk=other.pk).update(name="Xu Xiake", email="xu.xiake@example.org")
    sample = Sample.objects.get(number="P-1")
    sample.note_en = "Xu Xiaker's cave; mail to xu@example.organic"
    sample.save()
    requests.move(request_of_xu, "withdraw", by=xu, at=BEFORE)
    forgotten(xu, eve)
    assert Person.objects.get(pk=other.pk).name == "Xu Xiake"
    sample.refresh_from_db()
    assert sample.note_en == "Xu Xiaker's cave; mail to xu@example.organic"


def test_other_names_are_found_when_they_are_told(
    request_of_xu: Request, xu: Person, eve: Person, ada: Person
) -> None:
    sample = Sample.objects.get(number="P-1")
    remarks.write(sample, "Hongzu went into the cave.", by=ada, at=NOW)
    requests.move(request_of_xu, "withdraw", by=xu, at=BEFORE)
    done = forgotten(xu, eve, also=["Hongzu", " "])
    assert holding(["hongzu"]) == set()
    assert done.also == []


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as found:
        act()
    return [one.where for one in found.value.faults]


def test_it_waits_for_what_somebody_began_and_for_a_second_person(
    request_of_xu: Request, xu: Person, eve: Person, a_person: Callable[..., Person]
) -> None:
    def ask(person: Person, by: Person, reason: str = "Asked for it.") -> object:
        return operations.ask(person, reason=reason, by=by, at=NOW)

    assert refused(lambda: ask(xu, eve)) == ["request"]
    assert refused(lambda: ask(xu, xu, " ")) == ["reason", "person", "request"]
    assert refused(lambda: ask(eve, eve)) == ["person", "person"]
    assert refused(lambda: ask(xu, eve, "Xu Xiake wrote.")) == ["reason", "request"]
    assert refused(lambda: ask(xu, eve, "a\0b")) == ["reason", "request"]
    requests.move(request_of_xu, "withdraw", by=xu, at=BEFORE)
    asked = ask(xu, eve)
    assert refused(lambda: operations.forget(asked, said="yes", by=eve, at=NOW)) == ["said"]
    assert Person.objects.get(pk=xu.pk).name == "Xu Xiake"
    operations.forget(asked, said=f" {xu.key} ", by=eve, at=NOW)
    assert refused(lambda: operations.forget(asked, said=xu.key, by=eve, at=NOW)) == ["person"]
    hal = a_person("Hal", Role.DIRECTOR)
    assert forgotten(eve, hal).done_at == NOW


@pytest.mark.parametrize("also", [["x"], ["a"] * 21, ["a\0bc"]])
def test_how_else_texts_name_somebody_must_make_sense(di: Person, eve: Person, also: list[str]) -> None:
    assert set(refused(lambda: operations.ask(di, reason="Asked.", also=also, by=eve, at=NOW))) == {"also"}


def test_what_it_would_do_changes_nothing_and_comes_true(
    request_of_xu: Request, xu: Person, eve: Person
) -> None:
    requests.move(request_of_xu, "withdraw", by=xu, at=BEFORE)
    before = holding(WORDS)
    found = operations.outlook(xu, [])
    assert holding(WORDS) == before
    done = forgotten(xu, eve)
    assert set(found.deleted) | set(found.emptied) == set(done.removed)
    assert found.stays == done.left


# --- Handing out ---------------------------------------------------------------------------------------------


def exported(person: Person) -> tuple[dict[str, object], zipfile.ZipFile]:
    target = io.BytesIO()
    personal_export.write(person, target, at=NOW)
    archive = zipfile.ZipFile(target)
    return json.loads(archive.read("person.json")), archive


def test_an_archive_holds_all_of_somebody_and_no_secrets(request_of_xu: Request, xu: Person) -> None:
    found, archive = exported(xu)
    assert found["person"]["email"] == "xu@example.org"
    [request] = found["requests"]
    assert request["versions"][-1]["told"]["title"] == "Caves, by Xu Xiake"
    [name] = request["files"]
    assert archive.read(name) == b"My life, by Xu Xiake\n"
    assert {"aliquot_token", "aliquot_callquestion", "aliquot_watch", "account_emailaddress"} <= set(
        found["rows"]
    )
    assert found["named_in"]["aliquot_remark"] == 1
    text = archive.read("person.json").decode()
    assert "looked at it" not in text  # others' texts are theirs
    assert "token_hash" not in text
    assert '"secret"' not in text


def test_every_table_that_points_to_people_is_handed_out_and_asked(xu: Person) -> None:
    pointing = {
        model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Person
    }
    assert {model for model, _ in reads.touched(xu)} == pointing


def test_one_gets_ones_own_archive(signed_in: Browser, request_of_xu: Request, xu: Person) -> None:
    browser = signed_in(xu)
    assert "/account/data/export.zip" in browser.get("/account/data/").text
    answer = browser.get("/account/data/export.zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert json.loads(archive.read("person.json"))["of"] == xu.key
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("role", Role)
def test_others_data_are_for_the_director_alone(
    signed_in: Browser, a_person: Callable[..., Person], bo: Person, role: Role
) -> None:
    browser = signed_in(a_person("Gus", role))
    right = role is Role.DIRECTOR
    addresses = ["/people/", "/people/?q=Bo", f"/people/{bo.pk}/", f"/people/{bo.pk}/export.zip"]
    assert [browser.get(one).status_code for one in addresses] == [200 if right else 403] * 4
    answer = send(browser, bo, act="ask", reason="Asked.")
    assert answer.status_code == (302 if right else 403)
    assert Forgetting.objects.exists() is right


def test_a_stranger_sees_nobody(client: Client, bo: Person) -> None:
    for address in (
        "/people/",
        f"/people/{bo.pk}/",
        f"/people/{bo.pk}/export.zip",
        "/account/data/",
        "/account/data/export.zip",
    ):
        assert client.get(address).status_code == 302


def send(browser: Client, person: Person, key: str = "k", **form: str) -> object:
    token = str(browser.get("/account/").context["csrf_token"])
    return browser.post(f"/people/{person.pk}/", {"csrfmiddlewaretoken": token, "acting_key": key, **form})


def test_a_director_looks_first_then_forgets(signed_in: Browser, eve: Person, bo: Person) -> None:
    browser = signed_in(eve)
    assert browser.get("/people/999999/").status_code == 404
    assert browser.get("/people/?q=%00&page=x").status_code == 200
    assert send(browser, bo, "k1", act="ask", reason="").status_code == 422
    assert send(browser, bo, "k2", act="ask", reason="Bo wrote.").status_code == 422
    assert send(browser, bo, "k3", act="ask", reason="Asked.", also="Bob\n").status_code == 302
    page = browser.get(f"/people/{bo.pk}/").text
    assert "e-mail addresses" in page
    assert f"Type {bo.key}" in page
    assert send(browser, bo, "k4", act="call off").status_code == 302
    assert not Forgetting.objects.exists()
    send(browser, bo, "k5", act="ask", reason="Asked.")
    assert send(browser, bo, "k6", act="forget", said="yes").status_code == 422
    assert send(browser, bo, "k7", act="forget", said=bo.key).status_code == 302
    bo.refresh_from_db()
    assert bo.name == bo.key
    assert "Forgotten on" in browser.get(f"/people/{bo.pk}/").text
    assert bo.key not in browser.get("/people/").text


def test_whoever_may_no_longer_sign_in_can_still_be_forgotten(eve: Person, bo: Person) -> None:
    Person.objects.filter(pk=bo.pk).update(is_active=False)
    assert bo in reads.people("Bo")
    assert forgotten(Person.objects.get(pk=bo.pk), eve).done_at == NOW
    assert bo not in reads.people("")


def test_whoever_was_forgotten_is_told_nothing_more(eve: Person, bo: Person) -> None:
    forgotten(bo, eve)
    notice_operations.tell("call-asked", {bo.pk}, subject="call:x", occasion="x", at=NOW, call="call:x")
    assert not bo.notices.exists()
