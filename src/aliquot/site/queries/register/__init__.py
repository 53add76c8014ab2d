"""Reading the public record for its pages: frozen values of what each page shows, in the active language.

A page asks the database which revision of the register that is, and what it shows of claims: see `around`.
"""

from aliquot.site.queries.register import (
    around,
    contradictions,
    facts,
    frameworks,
    gaps,
    home,
    in_force,
    missions,
    parties,
    rounds,
    shares,
    sources,
    subjects,
    tallies,
    transfers,
)

__all__ = [
    "around",
    "contradictions",
    "facts",
    "frameworks",
    "gaps",
    "home",
    "in_force",
    "missions",
    "parties",
    "rounds",
    "shares",
    "sources",
    "subjects",
    "tallies",
    "transfers",
]
