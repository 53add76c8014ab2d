"""Who may review what, and is this assignment sound? Conflicts, problems, assignments, and their check.

Conflicts are declared, or follow from what is known: one's own request, the same institution, authors in common within
some years, countries that the policy keeps apart. An affinity from 0 to 1000 says how well a reviewer knows a request's
matter; where none is given it is 0. Knows no solver: `allocator.assigning` finds assignments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from aliquot import fault
from aliquot.allocation_read import Faults, parse
from aliquot.fault import Fault, refuse_if

AFFINITY_MOST: Final = 1000
COUNT_MOST: Final = 100_000
PAIRS_MOST: Final = 50_000_000  # requests x reviewers; more do not fit into memory
KEYS: Final = (
    "requests",
    "reviewers",
    "per_request",
    "min_load",
    "max_load",
    "affinity",
    "conflicts",
    "fixed",
)
Pair = tuple[int, int]  # request, reviewer
ASK_MORE: Final = "ask more reviewers, or for fewer reviews of each request"


class Ground(Enum):
    """Why somebody may not review a request."""

    DECLARED = "declared"
    OWN = "own request"
    INSTITUTION = "same institution"
    AUTHORS = "authors in common"
    COUNTRY = "countries that are kept apart"


@dataclass(frozen=True, slots=True)
class Person:
    """What a conflict can follow from: opaque keys alone. `papers` are (year, key of the co-author)."""

    key: str
    institutions: frozenset[str]
    country: str
    papers: frozenset[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Rules:
    """A facility's policy: how many years authors in common count, and which countries are kept apart."""

    year: int
    years_together: int
    apart: frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A reviewer may not review a request, on this ground."""

    request: int
    reviewer: int
    ground: Ground


def conflicts(
    teams: Iterable[tuple[Person, ...]], reviewers: tuple[Person, ...], rules: Rules, declared: Iterable[Pair]
) -> tuple[Conflict, ...]:
    """Return every conflict, declared or computed: one for each pair, on the first ground that holds."""
    said, since = set(declared), rules.year - rules.years_together
    known = [(one, _authors(one, since)) for one in reviewers]
    found = []
    for r, team in enumerate(teams):
        whole = _Team(team, since)
        for v, (reviewer, authors) in enumerate(known):
            ground = Ground.DECLARED if (r, v) in said else _ground(whole, reviewer, authors, rules)
            if ground:
                found.append(Conflict(r, v, ground))
    return tuple(found)


class _Team:
    """What is known of all who ask together, put together once for all reviewers."""

    __slots__ = ("authors", "countries", "institutions", "keys")

    def __init__(self, team: tuple[Person, ...], since: int) -> None:
        self.keys = {person.key for person in team}
        self.institutions = {each for person in team for each in person.institutions}
        self.countries = {person.country for person in team}
        self.authors = {each for person in team for each in _authors(person, since)}


def _authors(person: Person, since: int) -> set[str]:
    return {key for year, key in person.papers if year >= since}


def _ground(team: _Team, reviewer: Person, authors: set[str], rules: Rules) -> Ground | None:
    if reviewer.key in team.keys:
        return Ground.OWN
    if reviewer.institutions & team.institutions:
        return Ground.INSTITUTION
    if authors & team.keys or reviewer.key in team.authors:
        return Ground.AUTHORS
    if rules.apart and any(
        frozenset({reviewer.country, country}) in rules.apart for country in team.countries
    ):
        return Ground.COUNTRY
    return None


@dataclass(frozen=True, slots=True)
class Problem:
    """So many requests and reviewers; loads are how many requests a reviewer takes at least and at most."""

    requests: int
    reviewers: int
    per_request: int
    min_load: tuple[int, ...]
    max_load: tuple[int, ...]
    affinity: tuple[tuple[int, int, int], ...]
    conflicts: frozenset[Pair]
    fixed: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What is wrong with an assignment, and its three objectives."""

    violations: tuple[str, ...]
    worst_request: int
    total: int
    loads: tuple[int, ...]


def check(problem: Problem, assignment: tuple[Pair, ...]) -> Report:
    """Return every rule that the assignment breaks; shares nothing with what found it."""
    given = set(assignment)
    known = {(r, v): a for r, v, a in problem.affinity if (r, v) in given}
    sums = Counter(dict.fromkeys(range(problem.requests), 0))
    for r, v in assignment:
        sums[r] += known.get((r, v), 0)
    counts = Counter(r for r, _ in assignment)
    loads = Counter(v for _, v in assignment)
    load = tuple(loads[v] for v in range(problem.reviewers))
    found = [
        f"request {r} has {counts[r]} reviewers" for r in sorted(sums) if counts[r] != problem.per_request
    ]
    found += [
        f"reviewer {v} reviews request {r} in spite of a conflict"
        for r, v in sorted(set(assignment) & problem.conflicts)
    ]
    found += [
        f"reviewer {v} has request {r} more than once"
        for (r, v), n in sorted(Counter(assignment).items())
        if n > 1
    ]
    found += [f"reviewer {v} has {n} requests" for v, n in enumerate(load)
              if not problem.min_load[v] <= n <= problem.max_load[v]]  # fmt: skip
    found += [
        f"request {r} lacks reviewer {v}, who is fixed"
        for r, v in sorted(set(problem.fixed) - set(assignment))
    ]
    return Report(tuple(found), min(sums.values(), default=0), sum(sums.values()), load)


def impossible(problem: Problem) -> tuple[Fault, ...]:
    """Return what can be seen at once to keep any assignment from existing; `r` and `v` are a request and a reviewer."""
    return (*_impossible(problem), *_impossible_fixed(problem))


def _impossible(problem: Problem) -> Iterator[Fault]:
    barred = Counter(r for r, _ in problem.conflicts)
    for r, count in sorted(barred.items()):
        left = problem.reviewers - count
        if left < problem.per_request:
            yield fault.of(f"requests[{r}]", "request {r} has conflicts with {count} of {all} reviewers; {left} are left, {needed} are needed",
                           ASK_MORE, r=r, count=count, all=problem.reviewers, left=left, needed=problem.per_request)  # fmt: skip
    if problem.requests and problem.reviewers < problem.per_request:
        yield fault.of("per_request", "each request needs {needed} reviewers, and there are {all}", ASK_MORE,
                       needed=problem.per_request, all=problem.reviewers)  # fmt: skip
    needed = problem.requests * problem.per_request
    if needed > sum(problem.max_load):
        yield fault.of("max_load", "all requests need {needed} reviews, and the reviewers take {most} at most",
                       "ask more reviewers, or more of each", needed=needed, most=sum(problem.max_load))  # fmt: skip
    if needed < sum(problem.min_load):
        yield fault.of("min_load", "all requests need {needed} reviews, and the reviewers are to have {least} at least",
                       "ask for less of each", needed=needed, least=sum(problem.min_load))  # fmt: skip


def _impossible_fixed(problem: Problem) -> Iterator[Fault]:
    for r, v in sorted(set(problem.fixed) & problem.conflicts):
        yield fault.of("fixed", "reviewer {v} is fixed for request {r}, with which there is a conflict",
                       "take another", v=v, r=r)  # fmt: skip
    for r, count in sorted(Counter(r for r, _ in problem.fixed).items()):
        if count > problem.per_request:
            yield fault.of("fixed", "request {r} has {count} fixed reviewers, more than {needed}",
                           "ask for more reviewers of each request", r=r, count=count, needed=problem.per_request)  # fmt: skip
    for v, count in sorted(Counter(v for _, v in problem.fixed).items()):
        if count > problem.max_load[v]:
            yield fault.of("fixed", "reviewer {v} is fixed for {count} requests, more than their most of {most}",
                           "let each take more", v=v, count=count, most=problem.max_load[v])  # fmt: skip


def problem(content: bytes, where: str = "problem") -> Problem:
    """Return the problem that the text states; raise `Refused` with every fault of it."""
    data = parse(content, where)
    faults = Faults()
    if isinstance(data, dict):
        data = {"affinity": [], "conflicts": [], "fixed": [], "min_load": 0} | data
    table = faults.table(where, data, KEYS)
    refuse_if(faults.found)
    requests, reviewers, each = (
        faults.whole(name, table[name], most=COUNT_MOST) for name in ("requests", "reviewers", "per_request")
    )
    if requests * reviewers > PAIRS_MOST:
        faults.add("requests", "are too many for so many reviewers", "divide the round by field")
    refuse_if(faults.found)
    least = _loads(faults, "min_load", table["min_load"], reviewers)
    most = _loads(faults, "max_load", table["max_load"], reviewers)
    for v in [v for v, (low, high) in enumerate(zip(least, most, strict=False)) if low > high]:
        faults.add(f"min_load[{v}]", "is more than the most", "give the smaller one as min_load")
    affinity = _affinity(faults, table["affinity"], requests, reviewers)
    barred, fixed = (
        _pairs(faults, name, table[name], requests, reviewers) for name in ("conflicts", "fixed")
    )
    for name, keys in (
        ("affinity", [pair[0] * reviewers + pair[1] for pair in affinity]),
        ("fixed", [pair[0] * reviewers + pair[1] for pair in fixed]),
    ):
        if len(set(keys)) < len(keys) and not faults.found:
            for key in sorted(key for key, times in Counter(keys).items() if times > 1):
                faults.add(name, "names request {r} with reviewer {v} more than once", "name each pair once",
                           r=key // reviewers, v=key % reviewers)  # fmt: skip
    refuse_if(faults.found)
    return Problem(requests, reviewers, each, least, most, affinity, frozenset(barred), tuple(sorted(fixed)))


def _loads(faults: Faults, name: str, value: object, reviewers: int) -> tuple[int, ...]:
    """One number for all reviewers, or one for each."""
    if not isinstance(value, list):
        return (faults.whole(name, value, most=COUNT_MOST),) * reviewers
    if len(value) != reviewers:
        faults.add(name, "has {count} entries for {reviewers} reviewers", "give one number, or one for each",
                   count=len(value), reviewers=reviewers)  # fmt: skip
        return (0,) * reviewers
    return tuple(faults.whole(f"{name}[{v}]", each, most=COUNT_MOST) for v, each in enumerate(value))


def _affinity(
    faults: Faults, value: object, requests: int, reviewers: int
) -> tuple[tuple[int, int, int], ...]:
    found = []
    for i, each in enumerate(faults.items("affinity", value)):
        match each:
            case [int(r), int(v), int(a)] if (
                0 <= r < requests
                and 0 <= v < reviewers
                and 0 <= a <= AFFINITY_MOST
                and bool not in map(type, each)
            ):
                found.append((r, v, a))
            case _:
                faults.add(f"affinity[{i}]", "is not a request, a reviewer and an affinity from 0 to {most}",
                           "write these three, counted from 0", most=AFFINITY_MOST)  # fmt: skip
    return tuple(found)


def _pairs(faults: Faults, name: str, value: object, requests: int, reviewers: int) -> tuple[Pair, ...]:
    found = []
    for i, each in enumerate(faults.items(name, value)):
        match each:
            case [int(r), int(v)] if 0 <= r < requests and 0 <= v < reviewers and bool not in map(type, each):
                found.append((r, v))
            case _:
                faults.add(f"{name}[{i}]", "is not a request and a reviewer", "write both, counted from 0")
    return tuple(found)
