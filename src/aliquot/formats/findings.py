"""What can be wrong with a table? Rules, and the places where one of them was broken.

A rule has a name (for `--accept`), a sentence and advice. Those here hold for every table; a mapping adds its
own. A finding is one broken rule at one line and column; its sentence is made only when it is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from aliquot import fault
from aliquot.fault import Fault

SHOWN_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a table may break. `effect` says what accepting does; without it the rule must be kept."""

    name: str
    what: str
    todo: str
    effect: str = ""

    @property
    def acceptable(self) -> bool:
        return bool(self.effect)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong in a table: at a physical line (the header's is 1), in a column where it is in one.

    A doubt can be confirmed.
    """

    line: int
    column: str
    fault: Fault
    is_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that was broken: at which physical line (the header's is 1), in which column, by which value.

    `file` names the table where several are read in one run.
    """

    line: int
    column: str
    rule: Rule
    value: str = ""
    other: str = ""
    file: str = ""

    @property
    def fault(self) -> Fault:
        """The finding as the value that all floors show."""
        where = f"line {self.line}, column “{shown(self.column)}”" if self.column else f"line {self.line}"
        where = f"{shown(self.file)}, {where}" if self.file else where
        words = {"value": shown(self.value), "other": shown(self.other, 200)}
        return fault.of(where, self.rule.what, self.rule.todo, **words)

    @property
    def message(self) -> str:
        """What is wrong, what to do, and what accepting it would do, in English."""
        accepting = f", or accept {self.rule.name}: {self.rule.effect}" if self.rule.acceptable else ""
        return f"{self.fault.said}; {self.fault.advice}{accepting}"


def shown(text: str, chars_max: int = SHOWN_CHARS) -> str:
    """Return the text as it can safely be shown: short, on one line, with nothing that acts on a terminal."""
    return fault.seen(text if len(text) <= chars_max else text[: chars_max - 1] + "…")


def standing(found: Iterable[Finding], accepted: Collection[str]) -> list[Finding]:
    """Return the findings that keep the table from being imported when those of these names are accepted."""
    return [each for each in found if not each.rule.acceptable or each.rule.name not in accepted]


def counts(found: Iterable[Finding]) -> dict[str, int]:
    """Return how often each rule was broken, by its name, most often first."""
    return dict(Counter(each.rule.name for each in found).most_common())


def check_accepted(accepted: Iterable[str], rules: Iterable[Rule]) -> tuple[Fault, ...]:
    """Return what is wrong with the names that somebody wants to accept."""
    known = {rule.name: rule for rule in rules}
    can = ", ".join(sorted(name for name, rule in known.items() if rule.acceptable))
    faults: list[Fault] = []
    for name in accepted:
        if name not in known:
            faults.append(fault.of("--accept", "“{name}” is not a fault of this mapping", "accept any of: {can}",
                                   name=shown(name), can=can))  # fmt: skip
        elif not known[name].acceptable:
            faults.append(fault.of("--accept", "“{name}” cannot be accepted", "correct the table; accept any of: {can}",
                                   name=name, can=can))  # fmt: skip
    return tuple(faults)


# -- the file ------------------------------------------------------------------------------------------------

NOT_UTF8: Final = Rule(
    "not-utf8", "the line is not UTF-8 text", "save the table as CSV with the encoding UTF-8"
)
NUL_CHARACTER: Final = Rule(
    "nul-character", "the line has a NUL character", "save the table as CSV again; the file is damaged"
)
BAD_QUOTING: Final = Rule(
    "bad-quoting",
    "from here the table cannot be parted into cells: a quotation mark is not closed, text follows one that is, "
    "or a cell is longer than 131,072 characters",
    "put the cell in quotation marks and double those inside it; what follows was not checked",
)
EMPTY_TABLE: Final = Rule("empty-table", "the table has no row", "give a header line and at least one row")

# -- the header and the shape of rows ------------------------------------------------------------------------

MISSING_COLUMN: Final = Rule(
    "missing-column", "the column “{value}” is missing", "add it, or take it out of the mapping"
)
REPEATED_COLUMN: Final = Rule(
    "repeated-column", "the column “{value}” is there more than once", "keep one of them"
)
UNKNOWN_COLUMN: Final = Rule(
    "unknown-column",
    "the mapping does not know the column “{value}”",
    "give it a field in the mapping, or name it under ignore",
)
RAGGED_ROW: Final = Rule(
    "ragged-row",
    "the row has {value} cells where the header has {other}",
    "give each column one cell; put a cell that contains the delimiter in quotation marks",
)

# -- cells ---------------------------------------------------------------------------------------------------

STRAY_SPACE: Final = Rule(
    "stray-space",
    "“{value}” has a space before or after it",
    "remove it",
    effect="the cell is read without it",
)
CONTROL_CHARACTER: Final = Rule(
    "control-character", "“{value}” has a character that cannot be seen", "type the cell again without it"
)
TOO_LONG: Final = Rule("too-long", "“{value}” is longer than {other} characters", "shorten it")
BLANK_CELL: Final = Rule("blank-cell", "the cell is blank", "fill it in")
UNKNOWN_PARENT: Final = Rule(
    "unknown-parent",
    "the parent {value} is neither in the table nor in the catalogue",
    "give the parent a row, or correct its number",
)
PARENT_RING: Final = Rule("parent-ring", "{value} descends from itself", "correct the numbers of the parents")
DAUGHTERS_TOO_HEAVY: Final = Rule(
    "daughters-too-heavy",
    "the daughters of {value} weigh {other} more than it does",
    "correct a mass, or say in the mapping that the parent's mass is what is left of it",
)
PARENT_SCATTERED: Final = Rule(
    "parent-scattered",
    "the parent {value} lies in several places, or in none of the store",
    "bring it to one place of the store first",
)
UNKNOWN_VALUE: Final = Rule(
    "unknown-value",
    "“{value}” is not a value that this column may have",
    "use one of: {other}; or add it to the mapping",
)
BAD_NUMBER: Final = Rule("bad-number", "“{value}” cannot be a sample number: {other}", "correct the number")
REPEATED_NUMBER: Final = Rule(
    "repeated-number", "the number {value} is already in line {other}", "give each sample one row"
)
NUMBER_TAKEN: Final = Rule(
    "number-taken",
    "{value} is in the catalogue with another {other}",
    "correct the row, or change the sample in the catalogue; an import changes no sample that is there",
)
BAD_MISSION: Final = Rule(
    "bad-mission",
    "“{value}” is not the key of a mission",
    "write it as apollo-11: small letters, digits and hyphens, at most 20",
)
BAD_MASS: Final = Rule(
    "bad-mass",
    "“{value}” is not a mass",
    "write digits alone, with “{other}” for the decimals: no sign, no unit, no spaces, no marks for thousands",
)
MASS_TOO_FINE: Final = Rule(
    "mass-too-fine", "“{value}” is finer than a nanogram", "round it to whole nanograms yourself"
)
MASS_TOO_LARGE: Final = Rule(
    "mass-too-large",
    "“{value}” is more than the ledger can hold (9,223,372 kg)",
    "check the number and the unit of the column",
)
ZERO_MASS: Final = Rule(
    "zero-mass",
    "the mass is zero",
    "give the mass",
    effect="the sample is catalogued and no mass is posted; it is shown as “no mass recorded”",
)
BAD_SHARE: Final = Rule(
    "bad-share",
    "“{value}” is not a percentage",
    "write digits alone, with “{other}” and at most two decimals, below 10,000",
)

RULES: Final = {
    rule.name: rule
    for rule in (
        NOT_UTF8, NUL_CHARACTER, BAD_QUOTING, EMPTY_TABLE, MISSING_COLUMN, REPEATED_COLUMN, UNKNOWN_COLUMN,
        RAGGED_ROW, STRAY_SPACE, CONTROL_CHARACTER, TOO_LONG, BLANK_CELL, UNKNOWN_VALUE, BAD_NUMBER,
        REPEATED_NUMBER, NUMBER_TAKEN, BAD_MISSION, BAD_MASS, MASS_TOO_FINE, MASS_TOO_LARGE, ZERO_MASS, BAD_SHARE,
        UNKNOWN_PARENT, PARENT_RING, DAUGHTERS_TOO_HEAVY, PARENT_SCATTERED,
    )
}  # fmt: skip
