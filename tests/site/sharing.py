"""A call under which samples are asked for: makers with defaults, each for one thing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.library.access_worlds import a_draft, a_line
from tests.site import collection as c

from aliquot.site.models import Call, Person, Receipt, Request
from aliquot.site.operations import calls, requests

PUBLISHED = datetime(2026, 12, 1, 9, tzinfo=UTC)
CLOSES = datetime(2027, 3, 31, 16, tzinfo=UTC)  # 24:00 in Beijing
GRACE = timedelta(minutes=10)
OVER = CLOSES + 2 * GRACE + timedelta(seconds=1)
BEFORE = CLOSES - timedelta(days=1)


def told(**changed: object) -> dict[str, object]:
    """Return the draft of a call as its form sends it."""
    return {
        "title": "Second call", "scope": "Basalt", "who": "Research institutions", "countries": [],
        "opens": "2027-01-01 00:00", "closes": "2027-03-31 24:00", "zone": "Asia/Shanghai", "policy": "cnsa",
        "offers": [{"sample": "P-1", "mass": "200 mg", "form": "powder", "kind": "basalt"},
                   {"sample": "P-2", "mass": "100 mg", "form": "powder", "kind": "basalt"}],
        "criteria": [{"key": "merit", "name": "Merit", "weight": 60}, {"key": "team", "name": "Team", "weight": 40}],
        "points_most": 10, "two_stage": False, "hearing_minutes": 0,
    } | changed  # fmt: skip


def store() -> None:
    """Two powders and something sealed, in the vault."""
    c.holders()
    c.a_sample("P-1", "1 g", form="powder")
    c.a_sample("P-2", "1 g", form="powder")
    c.a_sample("S-1", "1 g", form="powder", use="permanent", sealed=True)


def a_call(ada: Person, **changed: object) -> Call:
    """Return a call that Ada published."""
    return calls.publish(calls.draft(told(**changed), by=ada, at=PUBLISHED), by=ada, at=PUBLISHED)


def a_request(call: Call, by: Person, at: datetime = BEFORE, **changed: object) -> tuple[Request, Receipt]:
    """Return a request that was submitted, with its receipt."""
    made = requests.begin(call, by=by, at=at)
    saved = requests.save(made, a_draft(**changed), base=1, by=by, at=at)
    return made, requests.submit(made, version=saved.version.order, by=by, at=at)


__all__ = ["a_draft", "a_line"]
