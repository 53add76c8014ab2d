"""Reading the public record for its pages: frozen values of what each page shows, in the active language.

The record in force is kept in the process: a page asks the database once, which revision that is.
"""

from aliquot.site.queries.register import (
    contradictions,
    facts,
    frameworks,
    gaps,
    home,
    in_force,
    missions,
    parties,
    rounds,
    sources,
    transfers,
)

__all__ = [
    "contradictions",
    "facts",
    "frameworks",
    "gaps",
    "home",
    "in_force",
    "missions",
    "parties",
    "rounds",
    "sources",
    "transfers",
]
