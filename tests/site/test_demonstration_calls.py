"""The demonstration's calls: one that a visitor can walk through in every role, one in review, one concluded by a plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.site.conftest import NOW

from aliquot.site import queries
from aliquot.site.models import Call, Commitment, Person, Request, Review, ReviewerProfile
from aliquot.site.operations import demonstration


@pytest.fixture
def _demonstration(db: None) -> None:
    demonstration.build(at=NOW)


@pytest.mark.usefixtures("_demonstration")
def test_the_demonstration_has_an_open_call_and_one_in_review() -> None:
    running, reviewed = Call.objects.get(state="open"), Call.objects.get(state="in review")
    assert running.opens <= NOW < NOW + timedelta(days=60) <= running.closes
    assert running.questions.filter(answered_at__isnull=False).count() == 1
    assert sorted(running.requests.values_list("state", flat=True)) == ["draft", "submitted"]
    assert [one.act for one in queries.calls.notices(reviewed)] == ["publish", "amend"]
    assert Request.objects.filter(call=reviewed, submitted_at__isnull=False).count() == 6
    assert set(Review.objects.values_list("state", flat=True)) == {"handed in", "recused", "assigned"}
    assert any(one.disagree for one in queries.scores.summaries(reviewed))
    assert ReviewerProfile.objects.count() == 4
    over = Call.objects.get(state="concluded")
    plan = queries.plans.published_of(over)
    assert plan is not None
    assert plan.result.status == "optimal"
    adopted = plan.steps.get(act="adopt")
    standing = Commitment.objects.filter(released_at=None, basis__startswith="request:")
    assert sum(one.mass_ng for one in standing) == sum(ng for *_line, ng in adopted.told["promised"]) > 0
    assert sorted(over.requests.values_list("state", flat=True)) == [
        "granted",
        "granted",
        "granted",
        "refused",
    ]


@pytest.mark.usefixtures("_demonstration")
def test_everybody_in_the_demonstration_is_labelled_as_such() -> None:
    assert all(name.startswith("Demonstration ") for name in Person.objects.values_list("name", flat=True))
    assert all(
        title.startswith("Demonstration ") for title in Request.objects.values_list("title", flat=True)
    )
    for request in Request.objects.all():
        told = queries.requests.told(request)
        assert str(told["lead"]["institution"]).startswith("Demonstration ")
