"""One's own tokens: made on the account's page, shown once, ended; nobody sees those of others."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import Person, Token
from aliquot.site.operations import programs
from conftest import NOW

PAGE = "/account/tokens/"
WORDS = re.compile(r"aliquot_[\w-]{43}")


@pytest.fixture
def browser(ada: Person) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def make(browser: Client, **told: object) -> str:
    told = {"acting_key": "form-1", "name": "Balance in room 3", "days": "90"} | told
    return browser.post(PAGE, told).content.decode()


def test_a_token_is_shown_once_and_then_only_what_it_is_for(browser: Client, ada: Person) -> None:
    said = WORDS.search(make(browser, scope=["weigh", "read"]))
    assert said
    found = queries.programs.token(said[0], at=NOW)
    assert found.person == ada
    assert (found.scope, (found.expires_at - found.made_at).days) == ("weigh read", 90)
    page = browser.get(PAGE).content.decode()
    assert "Balance in room 3" in page
    assert "Weigh, Read what was done" in page
    assert not WORDS.search(page)
    assert said[0] not in "".join(map(str, Token.objects.values_list("name", "token_hash", "scope")))


def test_a_form_that_is_sent_twice_makes_one_token(browser: Client) -> None:
    assert WORDS.search(make(browser))
    assert not WORDS.search(make(browser))
    assert Token.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"days": "4000"}, {"scope": ["rule the world"]}, {"name": "x" * 101}]
)
def test_a_token_without_a_name_or_an_end_is_not_made(browser: Client, wrong: dict[str, object]) -> None:
    make(browser, **wrong)
    assert not Token.objects.exists()


def test_one_ends_ones_own_token_and_no_other(
    browser: Client, ada: Person, eve: Person, signed_in: Callable[[Person], Client]
) -> None:
    said = programs.make_token(ada, name="balance", at=NOW, days=30)
    other = programs.make_token(eve, name="robot", at=NOW, days=30)
    for end in (Token.objects.get(person=eve).pk, "0", "x", "٣"):
        assert browser.post(PAGE, {"end": end}).status_code == 302
    assert queries.programs.token(other, at=NOW)
    browser.post(PAGE, {"end": Token.objects.get(person=ada).pk})
    assert queries.programs.token(said, at=NOW) is None
    assert "robot" not in browser.get(PAGE).content.decode()
    assert signed_in(eve).post(PAGE, {"end": 1}).status_code == 403


def test_only_staff_have_programs(bo: Person, signed_in: Callable[[Person], Client]) -> None:
    assert signed_in(bo).get(PAGE).status_code == 403
    assert PAGE not in signed_in(bo).get("/account/").content.decode()
    assert Client().get(PAGE).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "where"),
    [({"scope": "weigh dance"}, "scope"), ({"days": 0}, "days"), ({"name": "a\nb"}, "name")],
)
def test_the_operation_says_what_is_wrong_with_a_token(
    ada: Person, told: dict[str, object], where: str
) -> None:
    with pytest.raises(Refused) as refused:
        programs.make_token(ada, **({"name": "x", "at": NOW, "days": 1} | told))
    assert [one.where for one in refused.value.faults] == [where]
