"""What is one's own through the API: notices and reviews, of the token's person and of nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.site.planning import a_planned_call

from aliquot.site.models import Person
from aliquot.site.operations import programs


def headers(person: Person, scope: str = "") -> dict[str, str]:
    token = programs.make_token(person, name=f"reads {scope}", scope=scope, at=timezone.now() - timedelta(minutes=1), days=1)  # fmt: skip
    return {"authorization": f"Bearer {token}", "accept-language": "zh-hans"}


def test_one_reads_what_one_was_told_and_what_one_reviews_and_nothing_of_others(
    a_person: Callable[..., Person], client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    it = a_planned_call(a_person, {"Bo": (9, {}), "Fay": (4, {})})
    for address in ("notices", "reviews"):
        assert client.get(f"/api/v1/{address}").status_code == 401
        assert client.get(f"/api/v1/{address}", headers=headers(it.cy, "propose")).status_code == 403
    cy, bo = headers(it.cy), headers(it.people["Bo"])
    found = client.get("/api/v1/reviews", headers=cy).json()["items"]
    assert {(one["request"], one["state"], one["points"]["merit"]) for one in found} == {
        (it.requests["Bo"].key, "handed in", 9), (it.requests["Fay"].key, "handed in", 4),
    }  # fmt: skip
    assert found[0]["reasons"] == {"merit": "New.", "team": "Known."}
    assert client.get("/api/v1/reviews", headers=bo).json() == {"items": []}
    told = client.get("/api/v1/notices", headers=bo).json()
    assert told["total"] == len(told["items"]) > 0
    assert any(one["subject"] == "Admitted: What Bo asks" and one["unread"] for one in told["items"])
    assert not any("Fay" in one["text"] for one in told["items"])
    last = client.get("/api/v1/notices", {"page": 99, "unread": "true"}, headers=bo).json()
    assert last["page"] == 1
    for wrong in ({"page": "0"}, {"unread": "perhaps"}):
        assert client.get("/api/v1/notices", wrong, headers=bo).status_code == 400
    with django_assert_num_queries(REVIEWS):
        client.get("/api/v1/reviews", headers=cy)


REVIEWS = 2  # token, reviews
