"""Is it so? Yes, no, or not known: the strong three-valued logic of Kleene.

What is not known stays not known unless the rest decides: "no and unknown" is no, "yes or unknown" is yes. Knows no
facts and no law. S. C. Kleene, Introduction to Metamathematics (1952), section 64.
"""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None  # None: not known


def conjunction(parts: Iterable[Truth]) -> Truth:
    """Return no where any part is no, yes where all are yes, else not known; of nothing, yes."""
    found: Truth = True
    for part in parts:
        if part is False:
            return False
        if part is None:
            found = None
    return found


def disjunction(parts: Iterable[Truth]) -> Truth:
    """Return yes where any part is yes, no where all are no, else not known; of nothing, no."""
    found: Truth = False
    for part in parts:
        if part is True:
            return True
        if part is None:
            found = None
    return found


def negation(part: Truth) -> Truth:
    return None if part is None else not part
