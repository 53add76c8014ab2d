"""Claims as Bo would propose them, with defaults; invented statements about real missions, for the tests alone."""

from __future__ import annotations

from datetime import UTC, datetime

from aliquot import register as library
from aliquot import register_claims, register_known
from aliquot.register import Record
from aliquot.site.models import Person, RegisterClaim
from aliquot.site.operations import register
from aliquot.site.operations.register import Proposal
from aliquot.site.queries import claims
from aliquot.site.queries.register import in_force

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

A_SOURCE = {
    "title": "An example bulletin",
    "publisher": "Example observatory",
    "grade": "B",
    "date": "2026-11-02",
    "addresses": ["example.org/bulletin/7"],
    "language": "en",
}


def a_fact(**fields: object) -> dict[str, object]:
    """Return what a statement says: that an example bulletin tells of scoops of Chang'e 6."""
    return {
        "about": "change-6",
        "says": "scoops",
        "part": "told by the example bulletin",
        "count": 3,
        "grade": "B",
        "date": "2026-11-02",
        "scope_en": "what an example tells",
        **fields,
    }


def proposed(
    by: Person, *, at: datetime = NOW, source: dict[str, object] | None = None, **fields: object
) -> RegisterClaim:
    """Return a claim that somebody proposed with a new source."""
    cited = {**A_SOURCE, **(source or {})}
    return register.propose(Proposal(fact=a_fact(**fields), source=cited), by=by, at=at)


def whole() -> Record:
    """Return all of the record in force, as known on the day that is asked for: what no page reads, and each agrees with."""
    joined = register_claims.joined(library.load(), [claim for _pk, _key, claim in claims.every()])
    day = in_force.view().day
    return register_known.as_known_on(joined, day) if day else joined
