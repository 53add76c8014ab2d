"""How do a call's requests and its stock become an instance, and whose is each grant of a plan?

One line of a request is one request of the instance; one offered sample is one sample, one container and one subsample of
it. What was scored becomes merit, what the policy says becomes limits. Nobody is named in an instance: requests,
institutions and countries are numbers. Masses are rounded to whole micrograms inward, and back without loss.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Final

from aliquot import fault
from aliquot.allocations import (
    BULK_FORMS,
    FORMAT,
    FORMS,
    Alternative,
    Bonus,
    Cap,
    Grant,
    Instance,
    Level,
    Limits,
    Measure,
    Request,
    Supply,
)
from aliquot.fault import Fault
from aliquot.policy import Policy
from aliquot.requests import Line

SCALE: Final = 1000  # what a request of full marks is worth that gets all that it wants
RANKS: Final = 1_000_000  # ranks are kept finer than merits
NG: Final = 1000  # nanograms in a microgram
# From here on material counts as used up by the work; below it, as lent and returned.
CONSUMPTIVE_PERCENT: Final = 50
POWDER, CHIP, PARTICLE, SECTION = range(4)
# Forms of the catalogue that are split by mass, and what they are to an allocation; all others go whole.
BULK: Final = {
    "powder": POWDER,
    "bulk soil": POWDER,
    "lithic fragment": CHIP,
    "rock": CHIP,
    "core": CHIP,
    "": CHIP,
}
COUNTED: Final = {"thin section": SECTION}


@dataclass(frozen=True, slots=True)
class Vial:
    """An offered sample: what of it is in store beyond promises, how much of the offer is left, what must stay behind."""

    sample: str
    kind: str
    form: str
    left_ng: int
    offered_ng: int
    reserve_ng: int
    pristine: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request before the panel, by its key: its normalised total (full marks are 1), who leads it, what it asks for."""

    key: str
    score: Fraction
    institution: str
    country: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What was granted of this call before: it counts under the caps."""

    institution: str
    country: str
    mass_ng: int


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of an instance: which line of whose request it is; `firsts` alternatives are what was asked for itself."""

    request: str
    line: int
    least_ng: int
    wanted_ng: int
    firsts: int


@dataclass(frozen=True, slots=True)
class Round:
    """An instance with what its numbers stand for; `caps` says of each cap whether it is of a country or an institution."""

    instance: Instance
    asks: tuple[Ask, ...]
    samples: tuple[str, ...]
    left_ng: tuple[int, ...]
    caps: tuple[tuple[str, str], ...]


def build(
    candidates: Collection[Candidate],
    vials: Sequence[Vial],
    *,
    rules: Policy,
    given: Collection[Given] = (),
    together: Collection[Collection[str]] = (),
) -> Round:
    """Return the round; raise `Refused` where there is nobody to share among, or nothing to share.

    `together` are groups of requests, by their keys, that are granted all or not at all.
    """
    fault.refuse_if(_check(candidates, vials))
    ordered = sorted(candidates, key=lambda one: one.key)
    kinds = sorted({(vial.kind, vial.form) for vial in vials})
    lines = [(one, at, line) for one in ordered for at, line in enumerate(one.lines)]
    supply = _supply(vials, kinds, rules, lines=len(lines))
    numbers = _numbers(ordered)
    asks, requests = [], []
    for one, at, line in lines:
        firsts, others = _choices(line, vials, kinds, rules)
        options = [_alternative(choice, line, one, rules) for choice in (*firsts, *others) or (NOTHING,)]
        asks.append(Ask(one.key, at, line.least_ng, line.wanted_ng, len(firsts)))
        requests.append(Request(*numbers[one.key], _ranked(one.score), line.destructive_percent >= CONSUMPTIVE_PERCENT,
                                tuple(options)))  # fmt: skip
    caps, named = _caps(ordered, asks, rules, given)
    limits = Limits(_bundles(ordered, asks, rules, together), caps, _bonuses(ordered, asks, rules))
    return Round(Instance(supply, tuple(requests), limits), tuple(asks), tuple(vial.sample for vial in vials),
                 tuple(vial.left_ng for vial in vials), named)  # fmt: skip


def _check(candidates: Collection[Candidate], vials: Sequence[Vial]) -> Iterator[Fault]:
    if not any(one.lines for one in candidates):
        yield fault.of(
            "requests", "no request is before the panel with a review handed in", "wait for the reviews"
        )
    if not vials:
        yield fault.of("offers", "nothing is offered in this call", "there is nothing to share")


def merit(score: Fraction, *shares: Fraction) -> int:
    """Return a merit in thousandths: the score, from 0 to 1, times its shares, rounded half up, and never nothing."""
    worth = min(max(score, Fraction(0)), Fraction(1)) * SCALE
    for share in shares:
        worth *= share
    return max(int(worth + Fraction(1, 2)), 1)


def _ranked(score: Fraction) -> int:
    return int(max(score, Fraction(0)) * RANKS)


def is_whole(form: str, rules: Policy) -> bool:
    """Whether what has this form in the catalogue goes whole."""
    return form in rules.indivisible_forms or form not in BULK


def _form(form: str, rules: Policy) -> int:
    return COUNTED.get(form, PARTICLE) if is_whole(form, rules) else BULK[form]


def _up(mass_ng: int) -> int:
    return -(-mass_ng // NG)


def _supply(vials: Sequence[Vial], kinds: Sequence[tuple[str, str]], rules: Policy, *, lines: int) -> Supply:
    place = {kind: i for i, kind in enumerate(kinds)}
    whole = [is_whole(vial.form, rules) for vial in vials]
    mass = [max(vial.left_ng, 0) // NG for vial in vials]
    stays = [min(ug, _up(max(vial.reserve_ng, vial.left_ng - vial.offered_ng, 0)))
             for vial, ug in zip(vials, mass, strict=True)]  # fmt: skip
    release = [ug - kept for ug, kept in zip(mass, stays, strict=True)]
    most = rules.splits_per_container or max(lines, 1)
    removals = [
        (int(kept == 0 and ug > 0) if one else most) for one, ug, kept in zip(whole, mass, stays, strict=True)
    ]
    everyone = tuple(range(len(vials)))
    return Supply(
        materials=tuple(", ".join(filter(None, kind)) for kind in kinds), forms=FORMS,
        sample_material=tuple(place[vial.kind, vial.form] for vial in vials),
        sample_release_ug=tuple(release), sample_consume_ug=tuple(release),
        container_pristine=tuple(vial.pristine for vial in vials), container_max_splits=tuple(removals),
        sub_sample=everyone, sub_container=everyone, sub_form=tuple(_form(vial.form, rules) for vial in vials),
        sub_mass_ug=tuple(mass), sub_reserve_ug=tuple(0 if one else kept for one, kept in zip(whole, stays, strict=True)),
        sub_min_split_ug=tuple(0 if one else _up(rules.least_split_ng) for one in whole),
        sub_loss_ug=tuple(0 if one else _up(rules.split_loss_ng) for one in whole),
    )  # fmt: skip


def _numbers(ordered: Sequence[Candidate]) -> dict[str, tuple[int, int]]:
    """Return for each request a number of its institution and one of its country, in the order of their first request."""
    institutions: dict[str, int] = {}
    countries: dict[str, int] = {}
    return {one.key: (institutions.setdefault(one.institution, len(institutions)),
                      countries.setdefault(one.country, len(countries))) for one in ordered}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Choice:
    """A pool that would do: all of a material where `vial` is None; `mass_ng` where an item goes whole."""

    material: int
    form: int
    vial: int | None
    mass_ng: int | None
    substitute: bool


# What a line asks for that is not offered any more: an item heavier than any.
NOTHING: Final = _Choice(0, PARTICLE, None, 10**15, substitute=False)


def _choices(
    line: Line, vials: Sequence[Vial], kinds: Sequence[tuple[str, str]], rules: Policy
) -> tuple[list[_Choice], list[_Choice]]:
    """Return what a line asks for, and what would do instead; a kind stands for every form and item of it."""

    def of(wanted: Callable[[Vial], bool], *, substitute: bool) -> Iterator[_Choice]:
        pooled = set()
        for i, vial in enumerate(vials):
            material = kinds.index((vial.kind, vial.form))
            whole = is_whole(vial.form, rules)
            if not wanted(vial) or (not whole and not substitute and not line.sample and material in pooled):
                continue
            pooled.add(material)
            single = bool(line.sample) or substitute or whole
            yield _Choice(material, _form(vial.form, rules), i if single else None,
                          vial.left_ng if whole else None, substitute)  # fmt: skip

    firsts = list(of(lambda vial: vial.sample == line.sample if line.sample
                     else vial.kind == line.kind and line.form in ("", vial.form), substitute=False))  # fmt: skip
    others = [each for name in line.alternatives
              for each in of(lambda vial, name=name: vial.sample == name, substitute=True)]  # type: ignore[misc]  # fmt: skip
    return firsts, others


def _alternative(choice: _Choice, line: Line, one: Candidate, rules: Policy) -> Alternative:
    shares = [Fraction(1, len(one.lines))]
    if choice.substitute:
        shares.append(_percent(rules.substitute_worth_percent))
    if choice.mass_ng is not None:
        fits = line.least_ng <= choice.mass_ng <= line.wanted_ng
        ug = choice.mass_ng // NG if fits else choice.mass_ng // NG + 1  # a mass that no item here has
        return Alternative(
            choice.material, choice.form, choice.vial, (Level(1, merit(one.score, *shares)),), 0, ug, ug
        )
    levels = [Level(amount, merit(one.score, worth, *shares)) for amount, worth in _amounts(line, rules)]
    pieces = 1 if choice.vial is not None else max(rules.pieces_per_grant, 1)
    return Alternative(choice.material, choice.form, choice.vial, tuple(levels), pieces, 0, 0)


def _amounts(line: Line, rules: Policy) -> list[tuple[int, Fraction]]:
    """Return the least amount, one midway and what is wanted, each with what it is worth of the whole.

    The first half of what is more than the least is worth two thirds of what is more than the least.
    """
    least, wanted = _up(line.least_ng), _up(line.wanted_ng)
    worth = _percent(rules.least_worth_percent)
    found = [
        (least, worth),
        ((least + wanted) // 2, worth + (1 - worth) * Fraction(2, 3)),
        (wanted, Fraction(1)),
    ]
    kept = {amount: share for amount, share in found if least < amount < wanted or amount == wanted}
    return sorted(({least: worth} | kept).items())


def _percent(value: int) -> Fraction:
    """Return a share; a rule that is not known takes nothing away."""
    return Fraction(value or 100, 100)


def _bundles(
    ordered: Sequence[Candidate],
    asks: Sequence[Ask],
    rules: Policy,
    together: Collection[Collection[str]],
) -> tuple[tuple[int, ...], ...]:
    mine: dict[str, list[int]] = defaultdict(list)
    for r, ask in enumerate(asks):
        mine[ask.request].append(r)
    groups = [frozenset(group) & mine.keys() for group in together]
    found = [tuple(sorted(r for key in group for r in mine[key])) for group in groups]
    if rules.lines_together:
        grouped = frozenset().union(*groups)
        found += [tuple(mine[one.key]) for one in ordered if one.key not in grouped]
    return tuple(sorted({each for each in found if len(each) > 1}))


def _members(
    ordered: Sequence[Candidate], asks: Sequence[Ask], of: Callable[[Candidate | Given], str]
) -> dict[str, tuple[int, ...]]:
    owner = {one.key: of(one) for one in ordered}
    found: dict[str, list[int]] = defaultdict(list)
    for r, ask in enumerate(asks):
        found[owner[ask.request]].append(r)
    return {name: tuple(each) for name, each in sorted(found.items()) if name}


def _country(one: Candidate | Given) -> str:
    return one.country


def _institution(one: Candidate | Given) -> str:
    return one.institution


def _caps(
    ordered: Sequence[Candidate], asks: Sequence[Ask], rules: Policy, given: Collection[Given]
) -> tuple[tuple[Cap, ...], tuple[tuple[str, str], ...]]:
    caps, named = [], []
    for what, of, grants, mass_ng in (
        ("country", _country, rules.grants_per_country, rules.most_per_country_ng),
        ("institution", _institution, rules.grants_per_institution, rules.most_per_institution_ng),
    ):
        for name, members in _members(ordered, asks, of).items():
            had = [one for one in given if of(one) == name]
            if grants:
                caps.append(Cap(Measure.GRANTS, max(grants - len(had), 0), members))
                named.append((what, name))
            if mass_ng:
                left_ng = max(mass_ng - sum(one.mass_ng for one in had), 0)
                caps.append(Cap(Measure.BULK_UG, left_ng // NG, members))
                named.append((what, name))
    return tuple(caps), tuple(named)


def _bonuses(ordered: Sequence[Candidate], asks: Sequence[Ask], rules: Policy) -> tuple[Bonus, ...]:
    found = []
    for of, percent in (
        (_country, rules.country_bonus_percent),
        (_institution, rules.institution_bonus_percent),
    ):
        if percent:
            found += [Bonus(SCALE * percent // 100, each) for each in _members(ordered, asks, of).values()]
    return tuple(found)


def shares(found: Round, grant: Grant) -> tuple[tuple[str, int], ...]:
    """Return which samples a grant takes, and how many nanograms of each: together never more than was wanted."""
    ask = found.asks[grant.request]
    if found.instance.requests[grant.request].alternatives[grant.alternative].form >= BULK_FORMS:
        return tuple((found.samples[s], found.left_ng[s]) for s, _ in grant.pieces)
    over_ng = max(sum(ug for _, ug in grant.pieces) * NG - ask.wanted_ng, 0)
    taken = []
    for s, ug in reversed(grant.pieces):
        taken.append((found.samples[s], ug * NG - over_ng))
        over_ng = 0
    return tuple(reversed(taken))


def text(instance: Instance, parameters: Mapping[str, object]) -> str:
    """Return the instance as JSON, the same text for the same instance; `parameters` says where it is from."""
    supply, requests, limits = instance.supply, instance.requests, instance.limits
    said: dict[str, object] = {"format": FORMAT, "parameters": dict(parameters)} | asdict(supply)
    said |= {
        "req_institution": [one.institution for one in requests], "req_nation": [one.nation for one in requests],
        "req_score": [one.score for one in requests], "req_consumptive": [one.consumptive for one in requests],
        "req_alternatives": [[_written(each) for each in one.alternatives] for one in requests],
        "bundles": limits.bundles,
        "caps": [{"measure": each.measure.value, "limit": each.limit, "members": each.members} for each in limits.caps],
        "bonuses": [{"merit": each.merit, "members": each.members} for each in limits.bonuses],
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"


def _written(each: Alternative) -> dict[str, object]:
    return asdict(each) | {"levels": [[level.amount, level.merit] for level in each.levels]}
