"""Being invited, coming in, holding roles, going out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from aliquot.fault import Refused
from aliquot.site import operations, queries
from aliquot.site.models import Person, Role, RoleGrant, SignInLink

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
Browser = Callable[[Person], Client]


def a_link(person: Person, *, days: int = 3) -> str:
    return f"/sign-in/{operations.people.make_sign_in_link(person, at=timezone.now(), days=days)}/"


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- Inviting ----------------------------------------------------------------------------------------------


def test_an_invited_person_has_a_key_for_the_ledger_that_leads_back_to_them(ada: Person) -> None:
    assert ada.key == f"person:{ada.pk}"
    assert queries.people.by_key(ada.key) == ada
    assert queries.people.by_key("person:٣") is None
    assert queries.people.by_key(f"person:{'9' * 40}") is None


def test_nobody_knows_a_password_of_somebody_who_was_invited(ada: Person) -> None:
    assert not ada.has_usable_password()


@pytest.mark.parametrize(
    ("email", "name", "where"),
    [
        ("no address", "Fay", ["email"]),
        ("ADA@example.org ", "Another Ada", ["email"]),
        ("fay@example.org", " ", ["name"]),
        ("fay@example.org", "Fay\x00", ["name"]),
        ("fay@example.org", "F" * 201, ["name"]),
        ("", "", ["email", "name"]),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_all_at_once(
    ada: Person, email: str, name: str, where: list[str]
) -> None:
    with pytest.raises(Refused) as refused:
        operations.people.invite(email=email, name=name, by=None, at=NOW)
    assert [fault.where for fault in refused.value.faults] == where
    assert Person.objects.get() == ada


def test_two_people_cannot_share_an_address_that_differs_in_capitals(ada: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(email="Ada@Example.org", name="Another Ada")


def test_a_name_stands_beside_itself_in_another_script(db: None) -> None:
    person = operations.people.invite(
        email="wang@example.org", name="王小明", other_name="Wang Xiaoming", by=None, at=NOW
    )
    assert (str(person), person.other_name) == ("王小明", "Wang Xiaoming")


# --- Roles -------------------------------------------------------------------------------------------------


def test_a_role_given_twice_is_held_once_and_as_it_was_first_given(ada: Person, eve: Person) -> None:
    operations.people.give(ada, Role.CURATOR, by=eve, at=NOW + timedelta(days=1))
    assert queries.people.grants_of(ada).get().granted_by is None


def test_a_role_that_ended_stays_on_record_and_can_be_given_again(ada: Person, eve: Person) -> None:
    operations.people.end(ada, Role.CURATOR, by=eve, at=NOW)
    operations.people.give(ada, Role.CURATOR, by=eve, at=NOW + timedelta(days=1))
    assert queries.people.roles_of(ada) == {Role.CURATOR}
    assert RoleGrant.objects.filter(person=ada).count() == 2


@pytest.mark.parametrize(
    "wrong",
    [{"role": "emperor"}, {"role": "curator"}, {"role": "chair", "ended_at": NOW - timedelta(days=1)}],
)
def test_the_database_refuses_a_role_that_cannot_be(ada: Person, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(person=ada, granted_at=NOW, **wrong)


# --- Sign-in links -----------------------------------------------------------------------------------------


def test_a_link_shows_whom_it_signs_in_and_does_so_only_when_asked(client: Client, ada: Person) -> None:
    link = a_link(ada)
    page = client.get(link)
    assert page.status_code == 200
    assert "Sign in as Ada" in page.text
    assert "Curator" in page.text
    assert not is_signed_in(client)
    answer = client.post(link)
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert is_signed_in(client)
    assert EmailAddress.objects.get(user=ada).verified


def test_a_link_works_once(client: Client, ada: Person) -> None:
    link = a_link(ada)
    client.post(link)
    other = Client()
    for answer in (other.get(link), other.post(link)):
        assert answer.status_code == 410
    assert not is_signed_in(other)


def test_used_expired_unknown_and_closed_links_look_the_same(ada: Person, di: Person) -> None:
    used, expired, closed = a_link(ada), a_link(ada), a_link(di)
    Client().post(used)
    SignInLink.objects.filter(person=ada, used_at=None).update(
        made_at=NOW - timedelta(days=9), expires_at=NOW - timedelta(days=8)
    )
    Person.objects.filter(pk=di.pk).update(is_active=False)

    def what_is_said(link: str) -> str:
        return Client().get(link).text.replace(link, "LINK").replace(f"/zh-hans{link}", "LINK")

    pages = {what_is_said(link) for link in (used, expired, closed, "/sign-in/unknown/")}
    assert len(pages) == 1
    assert "This link does not work" in pages.pop()


def test_the_database_keeps_no_token(ada: Person) -> None:
    token = operations.people.make_sign_in_link(ada, at=NOW, days=1)
    row = SignInLink.objects.values().get()
    assert token not in str(row)
    assert row["expires_at"] == NOW + timedelta(days=1)


@pytest.mark.django_db(transaction=True)
def test_a_link_clicked_many_times_at_once_signs_in_once(a_person: Callable[..., Person]) -> None:
    ada = a_person("Ada", Role.CURATOR)
    token = operations.people.make_sign_in_link(ada, at=NOW, days=1)
    start = threading.Barrier(6)
    results: list[Person | None] = []

    def click() -> None:
        start.wait()
        results.append(operations.people.use_sign_in_link(token, at=NOW))
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(6)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(results) == 6
    assert [person for person in results if person] == [ada]


def test_a_link_does_not_go_around_a_second_factor(client: Client, ada: Person) -> None:
    TOTP.activate(ada, "JBSWY3DPEHPK3PXP")
    answer = client.post(a_link(ada))
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/authenticate/")
    assert not is_signed_in(client)
    assert "Two-Factor" in client.get(answer["Location"]).text


def test_a_form_of_a_link_that_comes_from_elsewhere_signs_nobody_in(ada: Person) -> None:
    careful = Client(enforce_csrf_checks=True)
    link = a_link(ada)
    assert careful.post(link).status_code == 403
    assert SignInLink.objects.get().used_at is None


# --- One's account -----------------------------------------------------------------------------------------


def test_one_sees_ones_own_account(ada: Person, signed_in: Browser) -> None:
    page = signed_in(ada).get("/account/").text
    for part in ("Ada", "ada@example.org", ada.key, "Curator", "whoever set up the site", "0 passkeys"):
        assert part in page


def test_somebody_without_a_role_is_told_who_gives_roles(di: Person, signed_in: Browser) -> None:
    assert "The director gives roles" in signed_in(di).get("/account/").text


def test_strangers_are_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/account/")["Location"] == "/accounts/login/?next=/account/"


def test_signing_out_takes_a_form_and_ends_the_session(client: Client, ada: Person) -> None:
    client.force_login(ada)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


def test_ada_signs_in_with_a_password_that_she_has_set(client: Client, ada: Person) -> None:
    ada.set_password("thirty-two grains of olivine")
    ada.save()
    form = {"login": "Ada@example.org", "password": "thirty-two grains of olivine"}
    assert client.post("/accounts/login/", form)["Location"] == "/account/"
    assert ada.password.startswith("scrypt$")


@pytest.mark.parametrize("path", ["/accounts/signup/", "/zh-hans/accounts/signup/"])
def test_nobody_signs_up_by_themselves(client: Client, db: None, path: str) -> None:
    form = {"email": "mallory@example.org", "password1": "thirty-two grains of olivine"}
    assert client.get(path).status_code == 200
    client.post(path, form)
    assert not get_user_model().objects.exists()


def test_asking_for_a_password_reset_does_not_tell_who_has_an_account(client: Client, ada: Person) -> None:
    for address in ("ada@example.org", "mallory@example.org"):
        answer = client.post("/accounts/password/reset/", {"email": address})
        assert answer["Location"] == "/accounts/password/reset/done/"
    assert [letter.to for letter in mail.outbox] == [["ada@example.org"]]


def test_guessing_passwords_is_stopped(client: Client, ada: Person) -> None:
    form = {"login": "ada@example.org", "password": "a guess"}
    answers = [client.post("/accounts/login/", form) for _ in range(6)]
    assert "Too many failed login attempts" in answers[-1].text


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/email/",
        "/accounts/password/set/",
        "/accounts/logout/",
    ],
)
def test_the_pages_of_ones_own_keys_look_like_ours(client: Client, ada: Person, path: str) -> None:
    client.post(a_link(ada))
    page = client.get(path)
    assert page.status_code == 200
    assert 'class="site-header"' in page.text
    assert 'class="wrap page"' in page.text


def test_the_page_of_ones_recovery_codes_shows_them(client: Client, ada: Person) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    client.post(a_link(ada))
    codes = RecoveryCodes.activate(ada).get_unused_codes()
    assert Authenticator.objects.count() == 1
    page = client.get("/accounts/2fa/recovery-codes/")
    if page.status_code == 302:  # she has something to confirm herself with now, and is asked to
        page = client.post(page["Location"], {"code": codes[0]}, follow=True)
    assert codes[1] in page.text


def test_one_may_sign_in_with_a_passkey(client: Client, db: None) -> None:
    page = client.get("/accounts/login/").text
    assert 'id="passkey_login"' in page
    assert 'action="/accounts/2fa/webauthn/login/"' in page
    options = client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["challenge"]
