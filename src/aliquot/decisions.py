"""Who may decide on a request at which level, with which votes, and does the decision hold together?

A policy names the levels: committee, centre, agency, in their order. Each gives an outcome with reasons; the last one's
stands, and a refusal or a deferral goes no further up. Curators inform and have no vote; whoever stepped aside has none on
that request; nobody presides over a request of their own institution. Domain facts, sections 1.3, 2.1 and 9 (item 15).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from aliquot import fault, mass
from aliquot.calls import check_text
from aliquot.fault import Fault
from aliquot.policy import Policy
from aliquot.requests import Line

COMMITTEE: Final = "committee"
REASONS_MOST: Final = 10_000


class Outcome(StrEnum):
    """What a level decides."""

    GRANT = "grant"
    REDUCE = "reduce"
    CONDITION = "condition"
    REFUSE = "refuse"
    DEFER = "defer"


GRANTING: Final = frozenset({Outcome.GRANT, Outcome.REDUCE, Outcome.CONDITION})


class Vote(StrEnum):
    """What a member of a committee says to what is proposed."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody at the table, by an opaque key, with their institutions; curators are there and do not vote."""

    key: str
    institutions: frozenset[str]
    votes: bool = True
    recused: bool = False


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who belongs to the committee, who of them is there, who presides, and what each voted."""

    members: tuple[Member, ...]
    present: frozenset[str]
    presides: str
    votes: Mapping[str, Vote]


@dataclass(frozen=True, slots=True)
class Decision:
    """What one level decided: the mass of each line where something is granted, conditions, and the reasons.

    `needed` says what would have been needed: whoever is refused or put off can do better with it than with reasons alone.
    """

    level: str
    outcome: Outcome
    granted_ng: tuple[int, ...]
    conditions: tuple[str, ...]
    reasons: str
    needed: str = ""


def next_level(earlier: Sequence[Decision], rules: Policy) -> str | None:
    """Return the level whose turn it is; None where nothing is left to decide."""
    if earlier and earlier[-1].outcome not in GRANTING:
        return None
    return rules.decision_levels[len(earlier)] if len(earlier) < len(rules.decision_levels) else None


def settled(earlier: Sequence[Decision], rules: Policy) -> Outcome | None:
    """Return the outcome that stands once the last level has spoken, or one that ends the way up."""
    return earlier[-1].outcome if earlier and next_level(earlier, rules) is None else None


def check(
    decision: Decision, *, lines: Sequence[Line], earlier: Sequence[Decision], rules: Policy
) -> tuple[Fault, ...]:
    """Return what is wrong with what a level decides on a request with these lines."""
    return (*_check_level(decision, earlier, rules), *_check_outcome(decision, lines))


def _check_level(decision: Decision, earlier: Sequence[Decision], rules: Policy) -> Iterator[Fault]:
    due = next_level(earlier, rules)
    if due is None:
        yield fault.of("level", "this request is decided already", "an appeal is another matter")
    elif decision.level != due:
        yield fault.of(
            "level", "it is not the turn of this level", "wait for the decision of the one before it"
        )


def _check_outcome(decision: Decision, lines: Sequence[Line]) -> Iterator[Fault]:
    yield from _check_texts(decision)
    if decision.outcome in GRANTING:
        yield from _check_amounts(decision, lines)
    elif any(decision.granted_ng):
        yield fault.of("granted", "nothing is granted, and a mass is named", "leave it out")


def _check_texts(decision: Decision) -> Iterator[Fault]:
    yield from check_text("reasons", decision.reasons, most=REASONS_MOST)
    if decision.outcome not in GRANTING and not decision.needed.strip():
        yield fault.of("needed", "it is not told what would have been needed",
                       "say what would have made it another decision")  # fmt: skip
    elif decision.needed.strip():
        yield from check_text("needed", decision.needed, most=REASONS_MOST)
    if (decision.outcome is Outcome.CONDITION) != bool(decision.conditions):
        yield fault.of("conditions", "conditions and outcome do not fit together",
                       "name conditions where it is granted on condition, and there alone")  # fmt: skip
    for i, text in enumerate(decision.conditions):
        yield from check_text(f"conditions[{i}]", text, most=REASONS_MOST)


def _check_amounts(decision: Decision, lines: Sequence[Line]) -> Iterator[Fault]:
    if len(decision.granted_ng) != len(lines) or not any(decision.granted_ng):
        yield fault.of(
            "granted", "it is not told what is granted of each line", "name a mass for each, 0 for none"
        )
        return
    for i, (given_ng, line) in enumerate(zip(decision.granted_ng, lines, strict=True)):
        if given_ng and not line.least_ng <= given_ng <= line.wanted_ng:
            yield fault.of(f"granted[{i}]", "{given} is not between {least} and {wanted}, which were asked for",
                           "grant an amount that the work can be done with, or nothing", given=mass.show(given_ng),
                           least=mass.show(line.least_ng), wanted=mass.show(line.wanted_ng))  # fmt: skip
    whole = all(given == line.wanted_ng for given, line in zip(decision.granted_ng, lines, strict=True))
    if decision.outcome is Outcome.GRANT and not whole:
        yield fault.of(
            "granted", "less is granted than was asked for", "call it reduced, or grant on condition"
        )
    if decision.outcome is Outcome.REDUCE and whole:
        yield fault.of("granted", "all is granted that was asked for", "call it granted")


def check_sitting(sitting: Sitting, *, institutions: Collection[str], rules: Policy) -> tuple[Fault, ...]:
    """Return what keeps this committee from deciding on a request of these institutions."""
    return (*_check_votes(sitting), *_check_quorum(sitting, rules), *_check_chair(sitting, institutions),
            *_check_majority(sitting))  # fmt: skip


def _check_votes(sitting: Sitting) -> Iterator[Fault]:
    known = {member.key: member for member in sitting.members}
    for key in sorted(sitting.present - known.keys()):
        yield fault.of("present", "{member} is not of this committee", "leave them out", member=key)
    for key in sorted(sitting.votes):
        member = known.get(key)
        if member is None or key not in sitting.present:
            yield fault.of(
                "votes", "{member} was not there and cannot have voted", "leave the vote out", member=key
            )
        elif not member.votes:
            yield fault.of("votes", "{member} informs and does not vote", "leave the vote out", member=key)
        elif member.recused:
            yield fault.of(
                "votes", "{member} stepped aside from this request", "leave the vote out", member=key
            )


def quorum_of(voting: int, rules: Policy) -> int:
    """Return how many of so many who may vote must be there: the policy's share, and somebody in any case."""
    return max(1, -(-voting * rules.quorum_percent // 100))


def _check_quorum(sitting: Sitting, rules: Policy) -> Iterator[Fault]:
    voting = [member for member in sitting.members if member.votes and not member.recused]
    there = [member for member in voting if member.key in sitting.present]
    if len(there) < quorum_of(len(voting), rules):
        yield fault.of("present", "{there} of {all} members who may vote are there, and {percent} percent are needed",
                       "decide when more are there", there=len(there), all=len(voting), percent=rules.quorum_percent)  # fmt: skip


def _check_chair(sitting: Sitting, institutions: Collection[str]) -> Iterator[Fault]:
    chair = next((member for member in sitting.members if member.key == sitting.presides), None)
    if chair is None or chair.key not in sitting.present:
        yield fault.of("presides", "nobody of the committee presides", "name who does")
    elif chair.institutions & set(institutions):
        yield fault.of(
            "presides", "the request is of the institution of whoever presides", "let somebody else preside"
        )
    elif chair.recused:
        yield fault.of(
            "presides", "whoever presides stepped aside from this request", "let somebody else preside"
        )


def check_person(own: Collection[str], institutions: Collection[str]) -> tuple[Fault, ...]:
    """Return what keeps one person, of these institutions, from deciding for a centre or an agency."""
    if set(own) & set(institutions):
        return (fault.of("person", "the request is of your own institution", "let somebody else decide"),)
    return ()


def _check_majority(sitting: Sitting) -> Iterator[Fault]:
    votes = Counter(sitting.votes.values())
    if votes[Vote.YES] <= votes[Vote.NO]:
        yield fault.of("votes", "{yes} are for it and {no} against", "propose what more are for than against",
                       yes=votes[Vote.YES], no=votes[Vote.NO])  # fmt: skip


def check_appeal(
    outcome: Outcome, *, told: datetime, at: datetime, appeals: int, rules: Policy
) -> tuple[Fault, ...]:
    """Return what forbids an appeal against a decision that the applicant was told of at this moment."""
    if not rules.appeal_days:
        return (fault.of("request", "the policy knows no appeal", "ask again in another call"),)
    faults = []
    if outcome is Outcome.GRANT:
        faults.append(
            fault.of("request", "all was granted that was asked for", "there is nothing to appeal against")
        )
    if at > told + timedelta(days=rules.appeal_days):
        faults.append(fault.of("request", "more than {days} days have passed since the decision",
                               "ask again in another call", days=rules.appeal_days))  # fmt: skip
    if appeals:
        faults.append(fault.of("request", "it was appealed against already", "an appeal is made once"))
    return tuple(faults)


@dataclass(frozen=True, slots=True)
class Part:
    """What one line asked for and got: of which material, from which mission; empty where that is not known."""

    material: str
    mission: str
    asked_ng: int
    granted_ng: int


@dataclass(frozen=True, slots=True)
class Settled:
    """One request as it ended, for the statistics; `seconds` from its submission to the last level's decision."""

    country: str
    outcome: Outcome
    asked_ng: int
    granted_ng: int
    institution_type: str = ""
    parts: tuple[Part, ...] = ()
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """What came of the requests that have something in common; one request may stand in several groups of lines."""

    key: str
    requests: int
    granted: int
    asked_ng: int
    granted_ng: int


@dataclass(frozen=True, slots=True)
class Results:
    """What came of a call: requests by outcome, countries, masses; None where a share has nothing below it."""

    requests: int
    by_outcome: tuple[tuple[Outcome, int], ...]
    countries_asking: int
    countries_granted: int
    asked_ng: int
    granted_ng: int
    granted_share: Fraction | None
    mass_share: Fraction | None


def results(of: Collection[Settled]) -> Results:
    """Return the statistics of a call."""
    granted = [one for one in of if one.outcome in GRANTING]
    asked_ng, granted_ng = sum(one.asked_ng for one in of), sum(one.granted_ng for one in granted)
    counted = Counter(one.outcome for one in of)
    return Results(
        requests=len(of),
        by_outcome=tuple((outcome, counted[outcome]) for outcome in Outcome),
        countries_asking=len({one.country for one in of}),
        countries_granted=len({one.country for one in granted}),
        asked_ng=asked_ng,
        granted_ng=granted_ng,
        granted_share=Fraction(len(granted), len(of)) if of else None,
        mass_share=Fraction(granted_ng, asked_ng) if asked_ng else None,
    )


def groups(of: Collection[Settled], by: Callable[[Settled], str]) -> tuple[Group, ...]:
    """Return the requests by what they have in common, the largest group first, then by its key."""
    found: dict[str, list[Settled]] = defaultdict(list)
    for one in of:
        found[by(one)].append(one)
    made = [
        Group(key, len(each), sum(one.outcome in GRANTING for one in each), sum(one.asked_ng for one in each),
              sum(one.granted_ng for one in each if one.outcome in GRANTING))
        for key, each in found.items()
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda group: (-group.requests, group.key)))


def groups_of_parts(of: Collection[Settled], by: Callable[[Part], str]) -> tuple[Group, ...]:
    """Return the same by what lines ask for; a request counts once in each group that a line of it is in."""
    split = [
        replace(one, asked_ng=sum(part.asked_ng for part in each), granted_ng=sum(part.granted_ng for part in each), parts=(each[0],),
                outcome=one.outcome if any(part.granted_ng for part in each) or one.outcome not in GRANTING else Outcome.REFUSE)
        for one in of for each in _alike(one.parts, by)
    ]  # fmt: skip
    return groups(split, lambda one: by(one.parts[0]))


def _alike(parts: Sequence[Part], by: Callable[[Part], str]) -> Iterator[list[Part]]:
    found: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        found[by(part)].append(part)
    yield from found.values()


def middle(of: Collection[int]) -> int | None:
    """Return the median, of two in the middle the lower; None of nothing."""
    return sorted(of)[(len(of) - 1) // 2] if of else None
