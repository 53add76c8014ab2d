"""People with names and one job each, and a browser for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from tests.site import loaning

from aliquot.site import operations
from aliquot.site.models import Person, Role

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_attempts_counted() -> None:
    """Each test begins without the sign-in attempts of those before it."""
    cache.clear()


@pytest.fixture(autouse=True)
def _nothing_still_arriving() -> Iterator[None]:
    """What a test took in and did not keep goes with it."""
    yield
    loaning.ARRIVING.close()


@pytest.fixture(autouse=True)
def _in_english() -> None:
    """Each test begins in English, whatever language the page before it was asked for in."""
    translation.activate("en")


@pytest.fixture
def a_person(db: None) -> Callable[..., Person]:
    """Makes somebody with a name and roles."""

    def make(name: str, *roles: Role) -> Person:
        email = f"{name.lower()}@example.org"
        return operations.people.invite(email=email, name=name, roles=roles, by=None, at=NOW)

    return make


@pytest.fixture
def ada(a_person: Callable[..., Person]) -> Person:
    """Ada curates."""
    return a_person("Ada", Role.CURATOR)


@pytest.fixture
def bo(a_person: Callable[..., Person]) -> Person:
    """Bo requests."""
    return a_person("Bo", Role.REQUESTER)


@pytest.fixture
def cy(a_person: Callable[..., Person]) -> Person:
    """Cy reviews."""
    return a_person("Cy", Role.REVIEWER)


@pytest.fixture
def di(a_person: Callable[..., Person]) -> Person:
    """Di may see nothing that is not published."""
    return a_person("Di")


@pytest.fixture
def eve(a_person: Callable[..., Person]) -> Person:
    """Eve directs."""
    return a_person("Eve", Role.DIRECTOR)


@pytest.fixture
def signed_in() -> Callable[[Person], Client]:
    """A browser in which somebody is signed in; forms are checked for coming from the site, as in earnest."""

    def browser(person: Person) -> Client:
        client = Client(enforce_csrf_checks=True)
        client.force_login(person)
        return client

    return browser
