"""Results of the demonstration: analyses of Apollo 12 from the literature, and the line through them.

They are of another collection and are told so: no split, no custody, no mass; each with its citation.
"""

from __future__ import annotations

from datetime import datetime

from aliquot import demonstration, fault
from aliquot.results import Wish
from aliquot.site import queries
from aliquot.site.operations import ages, results
from aliquot.site.queries.results import Sees


def build(*, at: datetime) -> None:
    """Record them for the demonstration's curator, derive the whole-rock line and let everybody see it."""
    by = queries.people.by_email("curator@demo.invalid") or fault.bug("the demonstration has no curator")
    told = demonstration.literature()
    paper = results.cite({"citation": told.citation, "year": told.year}, by=by, at=at).key
    made = [results.record({**one, "publication": paper}, by=by, at=at).key for one in told.analyses]
    sees = Sees(at.date(), all=True)
    line = Wish("isochron", "Rb-Sr", "whole-rock", {})
    age = ages.derive(line, made, title=told.title, sees=sees, by=by, at=at)
    ages.publish(age.key, sees=sees, by=by, at=at)
