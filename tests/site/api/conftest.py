"""The demonstration facility, with what must not be told of it; answers that were kept are forgotten between tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction

from aliquot.site import operations
from aliquot.site.api import answers
from aliquot.site.models import Holder, Sample
from aliquot.site.operations import demonstration, samples
from aliquot.site.operations.samples import By

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BY = By("person:17", "2026-11-24T09:00:00Z")
SECRET_PLACE = "Cabinet 7, shelf 3"
SECRET_SAMPLE = "unpublished-1"
ADDRESS = "ada@example.org"


@pytest.fixture(scope="module", autouse=True)
def _demonstration(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The demonstration facility, a piece that is not published, one with an odd number, and people with addresses."""
    with django_db_blocker.unblock(), transaction.atomic():
        demonstration.build(at=NOW)
        Holder.objects.filter(key="place:a1").update(detail=SECRET_PLACE)
        operations.people.invite(email=ADDRESS, name="Ada", by=None, at=NOW)
        samples.receive(
            Sample(number=SECRET_SAMPLE, published=False),
            origin="origin:g1",
            place="place:a1",
            mass_ng=5,
            by=BY,
        )
        samples.split("lot:ce6", [(Sample(number="odd/5%,(ä)/lineage"), 7)], place="place:a1", by=BY)
        samples.split(
            "odd/5%,(ä)/lineage",
            [(Sample(number="hidden-daughter", published=False), 3)],
            place="place:a1",
            by=BY,
        )
        yield
        transaction.set_rollback(True)
    answers.forget()


@pytest.fixture(autouse=True)
def _nothing_kept(db: None) -> None:
    answers.forget()
