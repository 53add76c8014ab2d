"""Who may have how much of what, and what is a plan? Supply, demand, limits, and grants with their pieces.

Subsamples of bulk forms are split, those of item forms go whole. Masses are integers of micrograms, which is what
is written into requests; merits are integers too, so two plans can be compared exactly. Knows no solver, and
decides nothing: `allocation_read` reads these values, `allocation_check` judges a plan, `allocator` finds one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

FORMAT: Final = "sample-allocation-instance/1"
FORMS: Final = ("powder", "chip", "particle", "thin_section")
BULK_FORMS: Final = 2  # the first two of FORMS are split by mass, the others go whole
OPENING_WEIGHT: Final = 10  # opening a pristine container is worth ten splits


@dataclass(frozen=True, slots=True)
class Supply:
    """What there is, in columns: entry i of every `sample_` column describes sample i, and so on."""

    materials: tuple[str, ...]
    forms: tuple[str, ...]
    sample_material: tuple[int, ...]
    sample_release_ug: tuple[int, ...]
    sample_consume_ug: tuple[int, ...]
    container_pristine: tuple[bool, ...]
    container_max_splits: tuple[int, ...]
    sub_sample: tuple[int, ...]
    sub_container: tuple[int, ...]
    sub_form: tuple[int, ...]
    sub_mass_ug: tuple[int, ...]
    sub_reserve_ug: tuple[int, ...]
    sub_min_split_ug: tuple[int, ...]
    sub_loss_ug: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """An amount (micrograms of a bulk form, else a number of items) and what granting it is worth."""

    amount: int
    merit: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to satisfy a request: a material in a form, of one sample or of any; levels from the least amount up."""

    material: int
    form: int
    sample: int | None
    levels: tuple[Level, ...]
    max_pieces: int
    min_item_ug: int
    max_item_ug: int

    @property
    def is_bulk(self) -> bool:
        """Whether it is split by mass."""
        return self.form < BULK_FORMS


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, how well the request was ranked, whether the material is used up, and what would do."""

    institution: int
    nation: int
    score: int
    consumptive: bool
    alternatives: tuple[Alternative, ...]


class Measure(Enum):
    """What a cap counts."""

    GRANTS = "grants"
    BULK_UG = "bulk_ug"


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many grants, or so many micrograms of bulk forms, over a set of requests."""

    measure: Measure
    limit: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bonus:
    """Merit that counts once, as soon as any of these requests is granted."""

    merit: int
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bundles (granted all or not at all), caps, and bonuses."""

    bundles: tuple[tuple[int, ...], ...]
    caps: tuple[Cap, ...]
    bonuses: tuple[Bonus, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything that an allocation is decided upon."""

    supply: Supply
    requests: tuple[Request, ...]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Grant:
    """One request at one level of one alternative, and the pieces: (subsample, micrograms), by subsample."""

    request: int
    alternative: int
    level: int
    pieces: tuple[tuple[int, int], ...]


Plan = tuple[Grant, ...]  # sorted by request


@dataclass(frozen=True, slots=True)
class Exact:
    """A decision that is fixed: this request at this level of this alternative."""

    request: int
    alternative: int
    level: int


@dataclass(frozen=True, slots=True)
class Pins:
    """Decisions that are fixed beforehand."""

    grant: tuple[int, ...] = ()
    refuse: tuple[int, ...] = ()
    exact: tuple[Exact, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is fixed."""
        return not (self.grant or self.refuse or self.exact)


def sorted_plan(grants: Iterable[Grant]) -> Plan:
    """Return the grants in the order in which a plan is written down."""
    return tuple(
        Grant(each.request, each.alternative, each.level, tuple(sorted(each.pieces)))
        for each in sorted(grants, key=lambda grant: grant.request)
    )


def by_rank(instance: Instance) -> list[int]:
    """Return the requests, best score first; of equal scores the earlier request."""
    return sorted(range(len(instance.requests)), key=lambda r: (-instance.requests[r].score, r))


def caps_of(instance: Instance) -> dict[int, list[int]]:
    """Return for each request the caps that count it."""
    found = defaultdict(list)
    for i, cap in enumerate(instance.limits.caps):
        for r in cap.members:
            found[r].append(i)
    return found
