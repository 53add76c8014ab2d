"""Why can this not be dated? One rule, the rows that it concerns, a sentence for the reader.

`NotDatable` is raised by whatever finds the first rule broken and caught where the request is answered: it never
leaves `chronology`. The sentences are part of the result, in English; pages say them in the reader's language.
"""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """The rules in the order in which they are looked at: the first that is broken counts."""

    UNKNOWN_FIELD = "unknown-field"
    UNKNOWN_TASK = "unknown-task"
    UNKNOWN_CLOCK = "unknown-clock"
    UNKNOWN_CONSTANT = "unknown-constant"
    MISSING_FIELD = "missing-field"
    ROW_LENGTH = "row-length"
    MISSING_COLUMN = "missing-column"
    UNKNOWN_COLUMN = "unknown-column"
    BAD_UNIT = "bad-unit"
    BAD_OMIT = "bad-omit"
    TOO_FEW_ROWS = "too-few-rows"
    NOT_A_NUMBER = "not-a-number"
    BAD_ERROR = "bad-error"
    BAD_CORRELATION = "bad-correlation"
    ALL_X_EQUAL = "all-x-equal"
    NO_AGE = "no-age"
    RATIO_OUT_OF_RANGE = "ratio-out-of-range"
    NO_PLATEAU = "no-plateau"


class NotDatable(Exception):  # noqa: N818 - it reads as a sentence
    """What was asked has no answer: `what` is wrong and `todo` mends it, each a sentence without its full stop."""

    def __init__(self, rule: Rule, what: str, todo: str, *, rows: tuple[int, ...] = ()) -> None:
        self.rule, self.what, self.todo, self.rows = rule, what, todo, rows
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The rule, the rows, what is wrong and what to do about it."""
        where = ""
        if self.rows:
            shown = ", ".join(map(str, self.rows[:8])) + (" ..." if len(self.rows) > 8 else "")
            where = f" ({'row' if len(self.rows) == 1 else 'rows'} {shown})"
        return f"{self.rule.value}{where}: {self.what}; {self.todo}."

    def of_row(self, row: int) -> NotDatable:
        """Return the same, said of this row."""
        return NotDatable(self.rule, self.what, self.todo, rows=(row,))
