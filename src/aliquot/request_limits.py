"""Does a request keep to what the policy lets anybody have? Floors of mass, whole items, limits, what is overdue.

Asked while a request is typed and again when it is submitted: pure functions over the lines, the policy and facts that
are handed in. What blocks is a fault; what somebody should look at is advice. A museum's machine-checkable limits and an
agency's rule on delinquency are the models (domain facts, sections 2.3, 3.4 and 9, item 13).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from aliquot import fault, mass
from aliquot.calls import Call
from aliquot.fault import Fault
from aliquot.policy import Policy
from aliquot.requests import Line


@dataclass(frozen=True, slots=True)
class Stand:
    """What there was of a sample at first, and what of it is left to share."""

    first_ng: int
    left_ng: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """A sample that the same person asked for before, and what came of it: granted, refused, deferred."""

    call: str
    sample: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of whoever leads a request: their other requests here, what they hold, owe and have published."""

    overdue: tuple[str, ...] = ()
    led: int = 0
    of_institution: int = 0
    held_ng: int = 0
    lent_since: date | None = None
    last_paper: date | None = None
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What blocks a request, and what somebody should look at."""

    blocking: tuple[Fault, ...]
    advice: tuple[Fault, ...]


def check(
    lines: Collection[Line], *, call: Call, rules: Policy, stands: Mapping[str, Stand], standing: Standing,
    news: str, on: date,
) -> Findings:  # fmt: skip
    """Return what these lines break. `news` is what the request says is new against earlier ones."""
    blocking = [*_check_samples(lines, call, rules, stands), *_check_counts(lines, rules, standing),
                *_check_standing(rules, standing), *_check_repeats(lines, rules, standing, news)]  # fmt: skip
    return Findings(tuple(blocking), tuple(_advise(lines, rules, standing, on)))


def _check_samples(
    lines: Collection[Line], call: Call, rules: Policy, stands: Mapping[str, Stand]
) -> Iterator[Fault]:
    named: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for i, line in enumerate(lines):
        if line.sample:
            named[line.sample].append((i, line))
    for sample, found in named.items():
        offer = call.offer(sample)
        if offer is None:
            continue  # `requests.read` has said so
        where = f"lines[{found[-1][0]}].wanted"
        wanted_ng = sum(line.wanted_ng for _, line in found)
        if offer.form in rules.indivisible_forms:
            if any(line.wanted_ng != offer.mass_ng for _, line in found) or len(found) > 1:
                yield fault.of(where, "{sample} is lent whole", "ask for it once, with all of its {mass}",
                               sample=sample, mass=mass.show(offer.mass_ng))  # fmt: skip
            continue
        yield from _check_floor(where, sample, wanted_ng, offer.rare, rules, stands.get(sample))
        most_ng = rules.most_of_rare_ng if offer.rare and rules.most_of_rare_ng else rules.most_of_sample_ng
        if most_ng and wanted_ng > most_ng:
            yield fault.of(where, "{wanted} of {sample} are wanted, and at most {most} of it are given",
                           "ask for less", sample=sample, wanted=mass.show(wanted_ng), most=mass.show(most_ng))  # fmt: skip


def _check_floor(
    where: str, sample: str, wanted_ng: int, rare: bool, rules: Policy, stand: Stand | None
) -> Iterator[Fault]:
    """The share of the first mass that stays; integers and fractions, so that the very last nanogram is right."""
    if stand is None:
        return
    share = _kept_share(stand.first_ng, rare, rules)
    free_ng = int(stand.left_ng - share * stand.first_ng) if stand.left_ng > share * stand.first_ng else 0
    if share and wanted_ng > free_ng:
        yield fault.of(where, "{share} of the first mass of {sample} must stay, which leaves {free}", "ask for less",
                       sample=sample, share=str(share), free=mass.show(free_ng))  # fmt: skip


def _kept_share(first_ng: int, rare: bool, rules: Policy) -> Fraction:
    small = rare and first_ng < rules.small_ng
    return rules.keep_share_small if small and rules.keep_share_small else rules.keep_share


def reserve_ng(first_ng: int, *, form: str, rare: bool, rules: Policy) -> int:
    """Return what must stay of a sample that weighed so much at first: the policy's share, nothing of what is lent whole."""
    if form in rules.indivisible_forms:
        return 0
    return ceil(_kept_share(first_ng, rare, rules) * first_ng)


def _check_counts(lines: Collection[Line], rules: Policy, standing: Standing) -> Iterator[Fault]:
    asked = len({line.sample or f"kind {line.kind}" for line in lines if line.sample or line.kind})
    wanted_ng = sum(line.wanted_ng for line in lines)
    if rules.samples_per_request and asked > rules.samples_per_request:
        yield fault.of("lines", "{count} samples are asked for, and one request may name {most}", "leave some out",
                       count=asked, most=rules.samples_per_request)  # fmt: skip
    if rules.most_of_request_ng and wanted_ng > rules.most_of_request_ng:
        yield fault.of("lines", "{wanted} are wanted in all, and one request gets at most {most}", "ask for less",
                       wanted=mass.show(wanted_ng), most=mass.show(rules.most_of_request_ng))  # fmt: skip
    if rules.most_of_requester_ng and standing.held_ng + wanted_ng > rules.most_of_requester_ng:
        yield fault.of("lines", "with the {held} that you hold this is more than {most}", "return some first, or ask for less",
                       held=mass.show(standing.held_ng), most=mass.show(rules.most_of_requester_ng))  # fmt: skip
    if rules.requests_per_person and standing.led >= rules.requests_per_person:
        yield fault.of("lead", "you lead {count} requests in this call, and {most} is the most", "withdraw one of them",
                       count=standing.led, most=rules.requests_per_person)  # fmt: skip
    if rules.requests_per_institution and standing.of_institution >= rules.requests_per_institution:
        yield fault.of("lead.ror", "your institution has {count} requests in this call, and {most} is the most",
                       "join that request", count=standing.of_institution, most=rules.requests_per_institution)  # fmt: skip


def _check_standing(rules: Policy, standing: Standing) -> Iterator[Fault]:
    if rules.delinquency_blocks:
        for what in standing.overdue:
            yield fault.of("lead", "{overdue} is overdue, and nothing is given until it is in order", "put it in order",
                           overdue=what)  # fmt: skip


def _check_repeats(lines: Collection[Line], rules: Policy, standing: Standing, news: str) -> Iterator[Fault]:
    for i, line in enumerate(lines):
        refused = [
            one.call for one in standing.earlier if one.sample == line.sample and one.outcome == "refused"
        ]
        if line.sample and refused and not rules.resubmission:
            yield fault.of(f"lines[{i}].sample", "{sample} was refused to you in {call}, which is final here",
                           "ask for another sample", sample=line.sample, call=refused[-1])  # fmt: skip
        elif line.sample and refused and not news.strip():
            yield fault.of("news", "{sample} was refused to you in {call}", "say what is new since then",
                           sample=line.sample, call=refused[-1])  # fmt: skip


def _advise(lines: Collection[Line], rules: Policy, standing: Standing, on: date) -> Iterator[Fault]:
    for i, line in enumerate(lines):
        given = [e.call for e in standing.earlier if e.sample == line.sample and e.outcome == "granted"]
        if line.sample and given:
            yield fault.of(f"lines[{i}].sample", "{sample} was granted to you in {call}", "say what became of it",
                           sample=line.sample, call=given[-1])  # fmt: skip
    if not rules.delinquency_blocks:
        for what in standing.overdue:
            yield fault.of("lead", "{overdue} is overdue", "put it in order", overdue=what)
    since = max((day for day in (standing.lent_since, standing.last_paper) if day), default=None)
    if rules.paper_months and standing.lent_since and since and _months(since, on) >= rules.paper_months:
        yield fault.of("earlier_loans", "no paper for {months} months", "say what became of the earlier samples",
                       months=_months(since, on))  # fmt: skip


def _months(first: date, last: date) -> int:
    """Return the whole months between two days."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
