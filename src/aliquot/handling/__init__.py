"""What is done to samples at the bench: which acts there are, what is told of one, and what it does.

`KINDS` is the table of acts, from which pages, API and guide are made. `read` turns what was told into values, `plan`
says what the act does to mass, samples and exposures, or every fault of it. Knows no database: what the plan rests on
is handed in as `Known`.
"""

from aliquot.handling.closing import Closing
from aliquot.handling.dividing import sums
from aliquot.handling.known import Known, Piece, Plan
from aliquot.handling.planning import check_names, plan
from aliquot.handling.reading import Told, Values, gather, mentions, pasted, read
from aliquot.handling.table import AGENTS, COUNTED, FORMS, GROUPS, KINDS, Act, Choice, Field, Type

__all__ = [
    "AGENTS",
    "COUNTED",
    "FORMS",
    "GROUPS",
    "KINDS",
    "Act",
    "Choice",
    "Closing",
    "Field",
    "Known",
    "Piece",
    "Plan",
    "Told",
    "Type",
    "Values",
    "check_names",
    "gather",
    "mentions",
    "pasted",
    "plan",
    "read",
    "sums",
]
