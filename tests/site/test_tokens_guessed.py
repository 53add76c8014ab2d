"""Whoever sends many tokens that open nothing is not listened to for a minute; others are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from aliquot.site.api import guessing
from aliquot.site.models import Person
from aliquot.site.operations import programs

NOW_S = 1_800_000_000.0


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """A clock that stands still until it is moved."""
    shown = [NOW_S]
    monkeypatch.setattr(guessing.time, "time", lambda: shown[0])
    return shown


def ask(token: str, address: str = "192.0.2.7") -> tuple[int, str]:
    answer = Client(REMOTE_ADDR=address).get(
        "/api/v1/handlings/1", headers={"Authorization": f"Bearer {token}"}
    )
    return answer.status_code, answer.get("Retry-After", "")


def test_an_address_that_guesses_is_not_listened_to_for_a_minute(ada: Person, clock: list[float]) -> None:
    good = programs.make_token(ada, name="balance", at=timezone.now(), days=1)
    assert {ask(f"wrong {n}")[0] for n in range(guessing.MOST)} == {401}
    assert ask("wrong")[0] == 429
    assert ask(good) == (429, "60")  # or it would tell which guess is right
    assert ask(good, "192.0.2.8")[0] == 404
    clock[0] += guessing.WINDOW_S
    assert ask(good)[0] == 404


def test_good_tokens_and_strangers_count_for_nothing(ada: Person) -> None:
    good = programs.make_token(ada, name="balance", at=timezone.now(), days=1)
    assert {ask(good)[0] for _ in range(guessing.MOST + 5)} == {404}
    assert Client().get("/api/v1/handlings/1").status_code == 401
