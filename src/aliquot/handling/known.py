"""What must be known of samples, places and things to decide on an act, and what was decided? Values alone.

`Known` is what whoever asks has looked up; `Plan` is what an act does, ready to be written down. Exposures are inherited
here: a daughter has every exposure of every parent, each once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from aliquot.ledger import Entry, Stamp, Use
from aliquot.policy import Policy

Write = Callable[[Stamp], Entry]


@dataclass(frozen=True, slots=True)
class Exposed:
    """What a sample has met for good, and when (RFC 3339, UTC); `root` is the row in which it was first recorded."""

    root: int
    agent: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A sample as the catalogue and the ledger have it before the act; masses in nanograms by holder."""

    number: str
    form: str = ""
    condition: str = ""
    sealed: bool = False
    sd_ng: int | None = None
    held_ng: Mapping[str, int] = field(default_factory=dict)
    exposures: tuple[Exposed, ...] = ()
    # The newest weighing, if there is one: mass and one standard deviation.
    weighed_ng: tuple[int, int] | None = None
    # What is promised of it and not yet cut.
    promised_ng: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the store: its holder, whether it is closed, and which materials may touch what lies there."""

    holder: str
    closed: bool = False
    materials: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gear:
    """A tool or an instrument: what it is made of or what kind it is; for a balance its calibration."""

    key: str
    kind: str = ""
    retired: bool = False
    calibration: str = ""
    sd_ng: int | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """All that an act is decided on. Names that were told and are not here do not exist."""

    pieces: Mapping[str, Piece]
    spots: Mapping[str, Spot]  # by the name that was told
    tools: Mapping[str, Gear]
    instruments: Mapping[str, Gear]
    holders: frozenset[str]  # of those that were told, who is known already
    people: frozenset[str]
    batches: frozenset[str]  # of cleanings
    policy: Policy
    by: str  # who acts, by an opaque key
    at: str  # when it is recorded, RFC 3339 in UTC
    # The entry that a correction names, if there is one.
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A new sample; what is empty it takes from the sample `like`, if there is one."""

    number: str
    like: str = ""
    mission: str = ""
    material: str = ""
    form: str = ""
    condition: str = ""
    sd_ng: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A sample's part in the act: `parent`, `daughter` or `handled`."""

    sample: str
    part: str
    mass_ng: int | None = None


@dataclass(frozen=True, slots=True)
class Met:
    """A sample was exposed in the act itself."""

    sample: str
    agent: str
    amount: str = ""
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a balance said of a sample in the act."""

    sample: str
    reading: str
    mass_ng: int
    sd_ng: int
    book_ng: int
    count: int = 1
    readings: tuple[str, ...] = ()
    tare_ng: int | None = None
    air: str = ""
    balance: str = ""
    calibration: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What of a sample's row is different after the act; None: as it was."""

    sample: str
    form: str | None = None
    condition: str | None = None
    sd_ng: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an act does. The last of `writes` is the entry that the act is known by; one before it adjusts the book."""

    writes: tuple[Write, ...] = ()
    made: tuple[Made, ...] = ()
    parts: tuple[Part, ...] = ()
    met: tuple[Met, ...] = ()
    weighed: tuple[Weighed, ...] = ()
    changes: tuple[Change, ...] = ()
    # Who inherits the exposures of whom.
    heirs: tuple[tuple[str, tuple[str, ...]], ...] = ()


def inherited(
    heir: str, parents: Iterable[str], known: Mapping[str, Piece], *, at: str
) -> tuple[Exposed, ...]:
    """Return the exposures that a sample gets from its parents when it is made of them, each once.

    What a parent met only after that is its own; what the sample has already it does not get again.
    """
    own = {one.root for one in known[heir].exposures} if heir in known else set()
    found = {one.root: one for parent in parents for one in known[parent].exposures if one.at <= at}
    return tuple(one for root, one in found.items() if root not in own)


def use_of(number: str, word: str, policy: Policy) -> tuple[Use, ...]:
    """Return the class of use that is stated for a sample, or nothing where none is told."""
    return (Use(number, word, word in policy.sealed_classes),) if word else ()
