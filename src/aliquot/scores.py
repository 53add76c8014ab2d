"""What did reviewers find of each request, made comparable, and where do they disagree? Exact fractions throughout.

A score gives points for each criterion of the call, with a written reason for each. Its total is the weighted mean, a
share of the scale. One reviewer is strict and another kind, so totals are also normalised for each: moved and stretched
until everybody has the same mean and the same mean distance from it. That takes every reviewer's lot for equally good,
which with few requests it is not: so the raw totals stand beside, and a panel, not a number, decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from aliquot import fault
from aliquot.calls import Criterion, check_text
from aliquot.fault import Fault
from aliquot.life_cycles import LifeCycle, Need, Step
from aliquot.reviewers import spellings

REASON_MOST: Final = 8_000
FEWEST: Final = 2  # with a single total nothing is known of how strict somebody is

DECLARED: Final = Need("declared", "the conflicts are declared and there is none",
                       fault.of("review", "conflicts are not declared, or there is one", "declare them, or step aside"))  # fmt: skip
WHOLE: Final = Need("whole", "every criterion has points and a reason",
                    fault.of("review", "the review is not complete", "give points and a reason for each criterion"))  # fmt: skip
UNDECIDED: Final = Need("undecided", "the panel has not decided on it",
                        fault.of("review", "the panel has decided on this request", "leave the review as it was"))  # fmt: skip
REASON: Final = Need("reason", "the reason is told", fault.of("reason", "no reason is told", "say why"))

CYCLE: Final = LifeCycle("assigned", (
    Step("assigned", "accept", "accepted", ("reviewer",), (DECLARED,)),
    Step("assigned", "recuse", "recused", ("reviewer",), (REASON,)),
    Step("assigned", "release", "released", ("chair",), (REASON,)),
    Step("accepted", "write", "accepted", ("reviewer",), (UNDECIDED,)),
    Step("accepted", "hand in", "handed in", ("reviewer",), (DECLARED, WHOLE, UNDECIDED)),
    Step("accepted", "recuse", "recused", ("reviewer",), (REASON,)),
    Step("accepted", "release", "released", ("chair",), (REASON,)),
    Step("handed in", "revise", "handed in", ("reviewer",), (DECLARED, WHOLE, UNDECIDED)),
    Step("handed in", "recuse", "recused", ("reviewer",), (REASON, UNDECIDED)),
    Step("handed in", "release", "released", ("chair",), (REASON, UNDECIDED)),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """What one reviewer found of one request: a total from 0 to 1."""

    reviewer: str
    request: str
    total: Fraction


@dataclass(frozen=True, slots=True)
class Normalised:
    """A score with what it comes to once the reviewer's strictness is taken out; None where that cannot be told."""

    score: Score
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class Summary:
    """All scores of one request: their raw mean and normalised mean, how far apart they are, and whether that is much."""

    request: str
    count: int
    raw: Fraction
    normalised: Fraction
    spread: Fraction
    disagree: bool


def check(
    points: Mapping[str, int],
    reasons: Mapping[str, str],
    *,
    criteria: Collection[Criterion],
    most: int,
    whole: bool = True,
) -> tuple[Fault, ...]:
    """Return all that a review lacks or gets wrong: points from 0 to `most` and a reason for each criterion.

    One that is not `whole` yet may lack both, and what it has must be right.
    """
    return tuple(_faults(points, reasons, criteria, most, whole))


def _faults(
    points: Mapping[str, int],
    reasons: Mapping[str, str],
    criteria: Collection[Criterion],
    most: int,
    whole: bool,
) -> Iterator[Fault]:
    for one in criteria:
        given, reason = points.get(one.key), str(reasons.get(one.key, ""))
        if (whole or given is not None) and (type(given) is not int or not 0 <= given <= most):
            yield fault.of(f"points.{one.key}", "“{name}” has no points", "give a whole number from 0 to {most}",
                           name=one.name, most=most)  # fmt: skip
        if whole or reason.strip():
            yield from check_text(f"reasons.{one.key}", reason, most=REASON_MOST)
    known = {one.key for one in criteria}
    for key in sorted((set(points) | set(reasons)) - known):
        yield fault.of(f"points.{key[:40]}", "this call has no such criterion", "leave it out")


def total(points: Mapping[str, int], *, criteria: Collection[Criterion], most: int) -> Fraction:
    """Return the weighted mean of the points as a share of the scale."""
    weights = sum(one.weight for one in criteria)
    return Fraction(sum(one.weight * points[one.key] for one in criteria), weights * most)


def normalise(scores: Sequence[Score]) -> tuple[Normalised, ...]:
    """Return each score with its normalised value, in the order given.

    With d the mean distance from the mean: value = M + (total - m) * D / d, where m and d are the reviewer's, M is the
    mean of all totals and D the mean of the reviewers' d. Who gave the same to all gets M; who scored fewer than two
    requests is left as he is, with no value.
    """
    if not scores:
        return ()
    lots: dict[str, list[Fraction]] = defaultdict(list)
    for one in scores:
        lots[one.reviewer].append(one.total)
    known = {who: (_mean(lot), _distance(lot)) for who, lot in lots.items() if len(lot) >= FEWEST}
    middle = _mean([one.total for one in scores])
    stretch = _mean([distance for _, distance in known.values()]) if known else Fraction(0)
    return tuple(Normalised(one, _moved(one, known, middle, stretch)) for one in scores)


def _moved(
    one: Score, known: Mapping[str, tuple[Fraction, Fraction]], middle: Fraction, stretch: Fraction
) -> Fraction | None:
    if one.reviewer not in known:
        return None
    mean, distance = known[one.reviewer]
    return middle + (one.total - mean) * stretch / distance if distance else middle


def summarise(scores: Sequence[Score], *, disagreement_percent: int) -> tuple[Summary, ...]:
    """Return a line for each request, best first by normalised mean, then by raw mean, then by name.

    A score that has no normalised value counts raw.
    """
    return summarise_normalised(normalise(scores), disagreement_percent=disagreement_percent)


def summarise_normalised(
    normalised: Sequence[Normalised], *, disagreement_percent: int
) -> tuple[Summary, ...]:
    """Return the same of scores that were normalised already."""
    found: dict[str, list[Normalised]] = defaultdict(list)
    for one in normalised:
        found[one.score.request].append(one)
    lines = [_summary(request, each, disagreement_percent) for request, each in found.items()]
    return tuple(sorted(lines, key=lambda line: (-line.normalised, -line.raw, line.request)))


def _summary(request: str, each: Sequence[Normalised], percent: int) -> Summary:
    raw = [one.score.total for one in each]
    spread = max(raw) - min(raw)
    values = [one.score.total if one.value is None else one.value for one in each]
    return Summary(request, len(each), _mean(raw), _mean(values), spread,
                   bool(percent) and spread * 100 >= percent and spread > 0)  # fmt: skip


def affinity(expertise: Collection[str], text: str) -> int:
    """Return how well a reviewer knows a matter, 0 to 1000: the share of their words of expertise that a text has.

    A word of the list in `reviewers` counts in either language.
    """
    words = {word.strip().casefold() for word in expertise} - {""}
    return 1000 * len(known_of(words, text)) // len(words) if words else 0


def known_of(expertise: Collection[str], text: str) -> tuple[str, ...]:
    """Return the words of expertise that a text has, in either language, in the order given and each once."""
    matter = text.casefold()
    words = {word.strip().casefold(): word.strip() for word in reversed(list(expertise)) if word.strip()}
    found = [words[key] for key in reversed(words)]
    return tuple(word for word in found if any(each.casefold() in matter for each in spellings(word)))


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _distance(values: Sequence[Fraction]) -> Fraction:
    mean = _mean(values)
    return _mean([abs(value - mean) for value in values])
