"""Which statements agree, which contradict each other, and which one is best supported?

Two statements meet when subject, predicate and part are the same. Masses agree when what rounding allows of both
overlaps; dates when both can be true; counts, places and words when they are the same. The rule of `best` is the
whole judgement; nobody prefers a statement by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Final, cast

from aliquot import dates, mass, ties
from aliquot.facts import NO_AMOUNT, Amount, Clash, Record, Round, Statement, Transfer
from aliquot.vocabulary import NO_WORDS, SAYS, Grade, Precision, State, Words

_SAME_PLACE_DEG: Final = 0.1  # determinations of one landing site differ by less than 3 km


@dataclass(frozen=True, slots=True)
class Best:
    """The best-supported statement and the rule that chose it, in words."""

    statement: Statement
    reason: Words


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a contradiction: the statements that say the same, or the facts that add up to a sum."""

    shown: Words
    facts: tuple[str, ...]
    sources: tuple[str, ...]
    grade: Grade
    mass_ng: int | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements that cannot all be true, side by side; `gap_ng` is the greatest less the least mass."""

    key: str
    about: str
    says: str
    title: Words
    sides: tuple[Side, ...]
    gap_ng: int | None = None
    best: Best | None = None
    note: Words = NO_WORDS


def agree(one: Statement, other: Statement) -> bool:
    """Whether both statements can be true."""
    if one.mass_ng is not None and other.mass_ng is not None:
        return _meet(one.amount.bounds_ng, other.amount.bounds_ng)
    if one.on and other.on:
        return one.on.overlaps(other.on)
    if one.count is not None and other.count is not None:
        return _meet(_count_bounds(one), _count_bounds(other))
    if one.coordinates and other.coordinates:
        return all(
            abs(a - b) <= _SAME_PLACE_DEG for a, b in zip(one.coordinates, other.coordinates, strict=True)
        )
    return one.value.en.casefold() == other.value.en.casefold()


def _meet(one: tuple[int, int | None], other: tuple[int, int | None]) -> bool:
    highs = [high for _, high in (one, other) if high is not None]
    return not highs or max(one[0], other[0]) <= min(highs)


def _count_bounds(said: Statement) -> tuple[int, int | None]:
    count = said.count or 0
    if said.precision is Precision.AT_LEAST:
        return count, None
    if said.precision is Precision.AT_MOST:
        return 0, count
    if said.precision is Precision.ABOUT:
        zeros = len(str(count)) - len(str(count).rstrip("0"))
        return count - 10**zeros // 2, count + 10**zeros // 2
    return count, count


def support(said: Statement, among: Iterable[Statement]) -> int:
    """Return how many different sources agree with a statement, its own included."""
    agreeing = [one for one in among if one.state is not State.REFUTED and agree(one, said)]
    return len({source for one in (said, *agreeing) for source in one.sources})


def _rank(said: Statement, among: Sequence[Statement]) -> tuple[str, bool, int, bool, int, int, str]:
    """Return the order of preference: the smallest is the best supported."""
    stated = said.on or said.date
    newest = (said.date.last or date.min).toordinal()
    fine = stated.precision is dates.Precision.MINUTE if said.on else said.precision is Precision.STATED
    return (
        said.grade,
        bool(said.derived),
        -support(said, among),
        not fine,
        said.amount.half_ng or (-len(said.value.en) if said.coordinates else 0),
        -newest,
        said.key,
    )


_REASONS: Final = (
    Words("its source has the better grade", "来源等级更高"),
    Words("of the same grade; stated by its source, not derived", "来源等级相同；为来源直接陈述，并非推算"),
    Words("of the same grade; more sources agree with it", "来源等级相同；得到更多来源支持"),
    Words("of the same grade and support; the more exact", "等级与支持相同；数值更精确"),
    Words("of the same grade and support; given to more digits", "等级与支持相同；有效位数更多"),
    Words("of the same grade, support and exactness; the newest", "等级、支持和精确度相同；为最新陈述"),
    Words("nothing tells them apart; the first by key", "无从区分；按编号取第一条"),
)
_ALONE: Final = Words("nothing else is said of it", "没有其他陈述")
_STANDING: Final = Words("every other statement is refuted or unverified", "其余陈述均已被否定或未经核实")
_AGREED: Final = Words(
    "every other statement that stands agrees with it; the best graded and most exact",
    "其余成立的陈述均与之相符；等级最高、最精确",
)


def best(statements: Iterable[Statement]) -> Best | None:
    """Return the best-supported statement, or None when there is none that is not refuted.

    Grade first; then what a source states before what is derived; then the number of sources that agree; then the
    more exact; then the newest.
    """
    given = list(statements)
    every = [one for one in given if one.state not in (State.REFUTED, State.UNKNOWN)]
    ranked = sorted(every, key=lambda one: _rank(one, every))
    if not ranked:
        return None
    first = ranked[0]
    others = [one for one in ranked[1:] if not agree(one, first)]
    if len(ranked) == 1:
        return Best(first, _ALONE if len(given) == 1 else _STANDING)
    if not others:
        return Best(first, _AGREED)
    pairs = zip(_rank(first, every), _rank(others[0], every), _REASONS, strict=True)
    return Best(first, next(reason for a, b, reason in pairs if a != b))


def implied(fact: Transfer | Round) -> tuple[Statement, ...]:
    """Return what a transfer or round itself says of its mass and date, as statements."""
    common = Statement(
        key=f"{fact.key}.date",
        about=fact.key,
        says="date",
        sources=fact.sources,
        grade=fact.grade,
        date=fact.date,
        scope=fact.scope,
        state=fact.state,
        on=fact.date,
    )
    found = [common] if fact.date.is_known else []
    if fact.mass_ng is not None:
        weighed = replace(common, key=f"{fact.key}.mass", says="mass", on=None, amount=fact.amount)
        found.append(replace(weighed, precision=fact.amount.precision))
    counts = (("applications", fact.applications),) if isinstance(fact, Round) else ()
    found += [
        replace(common, key=f"{fact.key}.{says}", says=says, on=None, count=count)
        for says, count in counts
        if count is not None
    ]
    return tuple(found)


def contradictions(record: Record) -> tuple[Contradiction, ...]:
    """Return every contradiction of the record, by key: those that follow from statements, and those declared."""
    known = record.memo.get("contradictions")
    if known is None:
        known = record.memo["contradictions"] = _contradictions(record)
    return cast("tuple[Contradiction, ...]", known)


def _contradictions(record: Record) -> tuple[Contradiction, ...]:
    groups: dict[ties.Question, list[Statement]] = {}
    facts: list[Transfer | Round] = [*record.transfers.values(), *record.rounds.values()]
    for said in [*record.statements.values(), *(s for fact in facts for s in implied(fact))]:
        if said.state is not State.UNKNOWN:
            groups.setdefault(ties.question(record, said), []).append(said)
    judged = (_judged(group) for group in groups.values() if len(group) > 1)
    found = [one for one in judged if one is not None]
    found += [_declared(record, clash) for clash in record.clashes if _resolves(record, clash)]
    found += _tied(record, found)
    return tuple(sorted(found, key=lambda one: one.key))


def about(record: Record, subject: str, says: str = "") -> tuple[Statement, ...]:
    """Return what answers the questions about a subject, or those with one predicate: what is said of it, and what is tied to that.

    Of a transfer or round, also what it says itself of its mass and date.
    """
    own = [one for key in ties.event(record, subject) for one in _told(record, key) if says in ("", one.says)]
    if not record.ties:
        return tuple(own)
    asked = {one for said in own if (one := ties.tied_question(record, said))}
    known = {said.key for said in own}
    ends = dict.fromkeys(end for one, _tie, other in ties.pairs(record) for end in (one, other))
    facts = [fact for key in ends if (fact := record.transfers.get(key) or record.rounds.get(key))]
    others = [*record.statements.values(), *(said for fact in facts for said in implied(fact))]
    more = {
        said.key: said
        for said in others
        if said.key not in known and ties.tied_question(record, said) in asked
    }
    return (*own, *more.values())


def _told(record: Record, key: str) -> tuple[Statement, ...]:
    fact = record.transfers.get(key) or record.rounds.get(key)
    return (*(implied(fact) if fact else ()), *record.about(key))


def _tied(record: Record, found: Iterable[Contradiction]) -> list[Contradiction]:
    """Return the contradictions that somebody sees between facts, where the values alone do not show them."""
    shown = [{key for side in one.sides for key in side.facts} for one in found]
    return [
        Contradiction(
            key=f"{one}.contradicts.{other}",
            about=record.statements[one].about if one in record.statements else one,
            says="",
            title=Words("Said to contradict each other", "被指相互矛盾"),
            sides=(_sum(summands(record, [one])), _sum(summands(record, [other]))),
        )
        for one, tie, other in ties.pairs(record)
        if tie is ties.Tie.CONTRADICTS and not any(one in keys and other in keys for keys in shown)
    ]


# What was found of a group of statements, by their identities; the statements are kept with it, so that these stay theirs.
_JUDGED: dict[tuple[int, ...], tuple[list[Statement], Contradiction | None]] = {}
_JUDGED_MOST: Final = 200_000


def _judged(group: list[Statement]) -> Contradiction | None:
    """Return the contradiction in a group, or None; a group of the same statements is not judged twice."""
    key = tuple(map(id, group))
    if key not in _JUDGED:
        if len(_JUDGED) >= _JUDGED_MOST:
            _JUDGED.clear()
        clash = any(not agree(one, other) for one, other in combinations(_different(group), 2))
        _JUDGED[key] = group, _contradiction(group) if clash else None
    return _JUDGED[key][1]


def _different(group: Iterable[Statement]) -> Iterable[Statement]:
    """Return statements of which no two say the same in the same words: the same cannot contradict itself."""
    return {
        (one.amount, one.on and one.on.text, one.count, one.precision, one.value.en): one for one in group
    }.values()


def _contradiction(group: Sequence[Statement]) -> Contradiction:
    first = group[0]
    sides: dict[tuple[Precision, int | str], list[Statement]] = {}
    for one in sorted(group, key=lambda one: _rank(one, group)):
        value = one.shown() if one.mass_ng is None else one.mass_ng
        sides.setdefault((one.amount.precision, value), []).append(one)
    masses = [one.mass_ng for one in group if one.mass_ng is not None]
    return Contradiction(
        key=".".join(w for w in (first.about, first.says, first.object, first.part) if w).replace(" ", "-"),
        about=first.about,
        says=first.says,
        title=SAYS[first.says],
        sides=tuple(_side(same) for same in sides.values()),
        gap_ng=max(masses) - min(masses) if len(masses) > 1 else None,
        best=best(group),
    )


def _side(same: Sequence[Statement]) -> Side:
    return Side(
        shown=Words(same[0].shown("en"), same[0].shown("zh")),
        facts=tuple(one.key for one in same),
        sources=tuple(dict.fromkeys(source for one in same for source in one.sources)),
        grade=min(one.grade for one in same),
        mass_ng=same[0].mass_ng,
    )


Summand = Statement | Transfer | Round


def summands(record: Record, keys: Iterable[str]) -> tuple[Summand, ...]:
    """Return the facts of these keys; a key that names none is left to `check`."""
    found = (record.statements.get(k) or record.transfers.get(k) or record.rounds.get(k) for k in keys)
    return tuple(one for one in found if one is not None)


def _resolves(record: Record, clash: Clash) -> bool:
    return len(summands(record, clash.left + clash.right)) == len(clash.left + clash.right)


def _declared(record: Record, clash: Clash) -> Contradiction:
    sides = tuple(_sum(summands(record, keys)) for keys in (clash.left, clash.right))
    masses = [side.mass_ng for side in sides if side.mass_ng is not None]
    return Contradiction(
        key=clash.key,
        about=clash.key,
        says="",
        title=clash.title,
        sides=sides,
        gap_ng=max(masses) - min(masses) if len(masses) == 2 else None,
        note=clash.note,
    )


def _amount(fact: Summand) -> Amount:
    return fact.amount or NO_AMOUNT


def _sum(facts: Sequence[Summand]) -> Side:
    masses = [fact.mass_ng for fact in facts if fact.mass_ng is not None]
    total_ng = sum(masses) if len(masses) == len(facts) else None
    if len(facts) == 1 and isinstance(facts[0], Statement):
        shown = Words(facts[0].shown("en"), facts[0].shown("zh"))
    elif len(facts) == 1 and isinstance(facts[0], Transfer) and total_ng is None:
        shown = facts[0].title
    else:
        parts = " + ".join(_amount(fact).text for fact in facts)
        text = f"{parts} = {mass.grams(total_ng)} g" if total_ng is not None and len(facts) > 1 else parts
        shown = Words(text, text)
    return Side(
        shown=shown,
        facts=tuple(fact.key for fact in facts),
        sources=tuple(dict.fromkeys(source for fact in facts for source in fact.sources)),
        grade=max(fact.grade for fact in facts),
        mass_ng=total_ng,
    )
