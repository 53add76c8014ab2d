"""Promises of what was granted: commitments of the ledger, each on the ground of one line of a request.

A grant that names a sample is promised with the last level's decision, in one transaction with it: nobody is told of a
milligram that is not set aside. Where a plan is to share out (see `allocations`), or a line asks for any sample of a
kind, the promise is made later by the same function. Locks the call, the request, then the ledger.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from aliquot import fault, mass
from aliquot.decisions import GRANTING
from aliquot.fault import Fault, Refused
from aliquot.requests import Line
from aliquot.site import queries
from aliquot.site.models import Call, Commitment, Person, Request
from aliquot.site.operations import commitments
from aliquot.site.operations import ledger as ledger_operations
from aliquot.site.operations.life_cycles import lock, parts
from aliquot.site.queries.promises import Free

MAKERS = ("curator", "chair", "director")
# An appeal leaves what was granted as it is until it is decided anew, and so does an appeal without success.
PROMISABLE = ("granted", "under appeal", "upheld")


class Share(NamedTuple):
    """So much of a sample for a line of a request; lines are counted from 1."""

    line: int
    sample: str
    mass_ng: int


@dataclass(frozen=True, slots=True)
class Made:
    """What came of promising a whole call: the requests that are served, and what keeps each of the others from it."""

    served: tuple[Request, ...]
    lacking: tuple[tuple[Request, tuple[Fault, ...]], ...]


@transaction.atomic
def make(
    request: Request, shares: Sequence[Share | tuple[int, str, int]], *, by: Person, at: datetime
) -> tuple[Commitment, ...]:
    """Promise these shares of a granted request, all of them or none; raise `Refused` with everything that does not fit.

    They take the place of what stands promised for the same lines, so that a plan can follow on a grant. No line gets
    more than was granted, of a sample that does for it or was made from one, and no sample gives what is not free.
    """
    now, wanted = lock(request), [Share(*one) for one in shares]
    fault.refuse_if((*_check_who(by), *_check_granted(now)))
    lines, granted_ng = queries.requests.lines(now), queries.decisions.granted_ng(now)
    fault.refuse_if(_check_lines(now, wanted, lines, granted_ng))
    ledger_operations.lock()
    standing = _standing(now, {one.line for one in wanted})
    if Counter((row.basis, row.sample.number, row.mass_ng) for row in standing) == Counter(
        (queries.promises.basis(now, one.line), one.sample, one.mass_ng) for one in wanted
    ):
        return tuple(standing)
    for row in standing:
        commitments.release(row, at=at)
    free = queries.promises.free(
        {one.sample for one in wanted},
        said=queries.calls.value(now.call),
        rules=queries.calls.rules(now.call),
    )
    fault.refuse_if(_check_free(wanted, free))
    return tuple(
        commitments.promise(one.sample, mass_ng=one.mass_ng, basis=queries.promises.basis(now, one.line),
                            reserve_ng=free[one.sample].reserve_ng, by=by.key, at=at)
        for one in wanted
    )  # fmt: skip


def _standing(now: Request, lines: set[int]) -> list[Commitment]:
    bases = {queries.promises.basis(now, line) for line in lines}
    return [row for row in queries.promises.of_request(now) if row.basis in bases]


def _check_who(by: Person) -> Iterator[Fault]:
    if not parts(by) & set(MAKERS):
        yield fault.of("person", "this is not yours to promise", "ask a curator")


def _check_granted(now: Request) -> Iterator[Fault]:
    if now.state not in PROMISABLE or not queries.decisions.granted_ng(now):
        yield fault.of("request", "nothing is granted to this request", "wait for the decision")


def _check_lines(
    now: Request, shares: Sequence[Share], lines: Sequence[Line], granted_ng: Sequence[int]
) -> Iterator[Fault]:
    given: dict[int, int] = defaultdict(int)
    said = queries.calls.value(now.call)
    doing = [
        {line.sample, *line.alternatives} - {""} or {o.sample for o in said.offers if o.kind == line.kind}
        for line in lines
    ]
    every = set().union(*doing)
    others = {one.sample for one in shares if "\0" not in one.sample} - every
    made_from = queries.promises.come_from(others, every)
    for one in shares:
        where = f"granted[{one.line - 1}]"
        if not 1 <= one.line <= len(lines):
            yield fault.of(where, "the request has no such line", "name one of its lines, counted from 1")
            continue
        given[one.line] += one.mass_ng
        if one.mass_ng <= 0:
            yield fault.of(where, "a promise needs a mass above zero", "state the mass that is promised")
        if one.sample not in doing[one.line - 1] and one.sample not in made_from:
            yield fault.of(where, "{sample} is not what this line asks for", "name its sample, or one that would do instead",
                           sample=one.sample[:100])  # fmt: skip
    for line, total_ng in given.items():
        if total_ng > granted_ng[line - 1]:
            yield fault.of(f"granted[{line - 1}]", "{total} would be promised, and {granted} were granted",
                           "promise at most what was granted", total=mass.show(total_ng),
                           granted=mass.show(granted_ng[line - 1]))  # fmt: skip


def _check_free(shares: Sequence[Share], free: dict[str, Free]) -> Iterator[Fault]:
    """Each share takes from what those before it left: two lines of one request may name the same sample."""
    taken: dict[str, int] = defaultdict(int)
    for one in shares:
        where, found = f"granted[{one.line - 1}]", free.get(one.sample)
        if found is None:
            yield fault.of(
                where,
                "there is no sample {sample}",
                "search the catalogue for it",
                sample=one.sample[:80],
            )
            continue
        if found.sealed:
            yield fault.of(where, "{sample} is sealed and cannot be promised",
                           "choose a sample of a class that is lent", sample=one.sample)  # fmt: skip
        elif one.mass_ng > (left_ng := found.free_ng - taken[one.sample]):
            yield fault.of(where, "{wanted} of {sample} would be promised, and {free} are free",
                           "grant less, defer it, or let go of another promise", wanted=mass.show(one.mass_ng),
                           sample=one.sample, free=mass.show(max(left_ng, 0)))  # fmt: skip
        taken[one.sample] += one.mass_ng


def named(request: Request) -> tuple[Share, ...]:
    """Return the shares that follow from a grant by themselves: of each line that names a sample, what was granted of it."""
    granted_ng = queries.decisions.granted_ng(request)
    lines = queries.requests.lines(request) if granted_ng else ()
    return tuple(
        Share(i, line.sample, given_ng)
        for i, (line, given_ng) in enumerate(zip(lines, granted_ng, strict=True), start=1)
        if line.sample and given_ng
    )


def make_all(call: Call, *, by: Person, at: datetime) -> Made:
    """Promise what was granted in a call and names a sample: each request whole, or not at all and with the reason."""
    fault.refuse_if(_check_who(by))
    served, lacking = [], []
    for row in call.requests.filter(state__in=PROMISABLE).order_by("submitted_at", "pk"):
        open_ones = [one for one in named(row) if not _standing(row, {one.line})]
        if not open_ones:
            continue
        try:
            make(row, open_ones, by=by, at=at)
            served.append(row)
        except Refused as refused:
            lacking.append((row, refused.faults))
    return Made(tuple(served), tuple(lacking))


@transaction.atomic
def release(request: Request, *, at: datetime) -> int:
    """Let go of all that is promised to a request: it was withdrawn or declined, has lapsed, or was decided anew."""
    ledger_operations.lock()
    rows = list(queries.promises.of_request(request))
    for row in rows:
        commitments.release(row, at=at)
    return len(rows)


def settle(request: Request, *, promise: bool, by: Person, at: datetime) -> None:
    """Let go of what an earlier round promised, and promise what this one granted of samples that are named."""
    release(request, at=at)
    last = request.decisions.filter(round=request.round).last()
    shares = named(request) if promise and last is not None and last.outcome in GRANTING else ()
    if shares:
        make(request, shares, by=by, at=at)
