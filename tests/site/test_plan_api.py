"""Plans through the API: with a token for staff who ask for nothing in the call, and what is published for everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from tests.site.planning import MG, a_plan, a_planned_call
from tests.site.sharing import OVER

from aliquot import allocation_check, allocation_read
from aliquot.site.models import Person
from aliquot.site.operations import plans, programs


def test_plans_are_read_with_a_token_and_what_is_published_without(
    a_person: Callable[..., Person], client: Client
) -> None:
    it = a_planned_call(a_person, {"Bo": (9, {"least": "50 mg", "wanted": "150 mg", "alternatives": []})})
    plan = a_plan(it)
    where = f"/api/v1/calls/{it.call.key}"
    assert client.get(f"{where}/plans").status_code == 401
    assert client.get(f"{where}/plan").status_code == 404

    def get(person: Person, address: str) -> tuple[int, dict[str, object]]:
        token = programs.make_token(person, name="reads", at=timezone.now() - timedelta(minutes=1), days=1)
        answer = client.get(address, headers={"authorization": f"Bearer {token}"})
        return answer.status_code, answer.json()

    assert get(it.cy, f"{where}/plans")[0] == 403
    assert get(it.people["Bo"], f"{where}/plans")[0] == 403
    status, told = get(it.ada, f"{where}/plans")
    assert (status, [one["plan"] for one in told["items"]]) == (200, [plan.key])
    status, told = get(it.hal, f"{where}/plans/{plan.key}")
    assert (status, told["status"], told["merit"]) == (200, "optimal", plan.result.merit)
    assert told["shares"] == [
        {"request": it.requests["Bo"].key, "line": 1, "sample": "P-1", "mass_ng": 150 * MG}
    ]
    assert get(it.hal, f"{where}/plans/abc")[0] == 404
    plans.propose(plan, by=it.hal, at=OVER)
    it.call.state = "concluded"
    it.call.save()
    published = client.get(f"{where}/plan").json()
    assert published["input_sha256"] == plan.input.sha256
    text = client.get(f"/calls/{it.call.key}/plan/instance.json").content
    instance = allocation_read.instance(text)
    assert (
        allocation_check.check(
            instance,
            allocation_read.plan(client.get(f"/calls/{it.call.key}/plan/plan.json").content, instance),
        ).violations
        == ()
    )
