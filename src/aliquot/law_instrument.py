"""Is this file one instrument? Its versions, each with the rule it had, out of plain values; or faults with lines.

`since` and `before` in a clause, a lift or a condition name versions: what a year added is one line of the file, and
the rule of a version has only what held in it. Knows no YAML (see `law_tree`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from aliquot.conditions import ALWAYS, NEVER, AllOf, AnyOf, Condition, Kind, Not, Test
from aliquot.countries import CODES
from aliquot.law_text import (
    Clause,
    Duty,
    Effect,
    Instrument,
    Lift,
    Member,
    Option,
    Picks,
    Reading,
    Requirement,
    Rule,
    TextStatus,
    Version,
    rule,
)  # fmt: skip
from aliquot.law_tree import Path, Plain, Tree, at, items, texts
from aliquot.law_words import FactKind, Vocabulary
from aliquot.vocabulary import Words

_EFFECTS: Final = {"forbids": Effect.FORBIDS, "allows": Effect.ALLOWS, "advises": Effect.ADVISES}
_WINDOW: Final = Words("the activity is on or after {day}", "活动不早于{day}")
_WINDOW_END: Final = Words("the activity is before {day}", "活动早于{day}")


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a condition is read in: the file, the words, the order of versions, and the version it is read for."""

    tree: Tree
    words: Vocabulary
    order: tuple[str, ...]
    version: str
    notice_days: int | None

    def holds(self, plain: Plain, path: Path) -> bool:
        """Return whether `since` and `before` of a value let it stand in this version."""
        here = self.order.index(self.version)
        for name in ("since", "before"):
            given = at(plain, name)
            if given is None:
                continue
            if given not in self.order:
                self.tree.blame((*path, name), "there is no version “{given}”", "use one of: {versions}",
                                given=str(given), versions=", ".join(self.order))  # fmt: skip
                return False
            index = self.order.index(str(given))
            if here < index if name == "since" else here >= index:
                return False
        return True

    def condition(self, plain: Plain, path: Path) -> Condition:
        """Return the condition as it stands in this version."""
        if isinstance(plain, str):
            return self._sentence(plain, path)
        if (inner := at(plain, "not")) is not None:
            return Not(self.condition(inner, (*path, "not")))
        if (inner := at(plain, "then")) is not None:
            return self.condition(inner, (*path, "then")) if self.holds(plain, path) else ALWAYS
        name = "all" if at(plain, "all") is not None else "any"
        parts = tuple(
            self.condition(each, (*path, name, index))
            for index, each in enumerate(items(at(plain, name)))
            if at(each, "then") is None or self.holds(each, (*path, name, index))
        )
        return AllOf(parts) if name == "all" else AnyOf(parts)

    def _sentence(self, sentence: str, path: Path) -> Condition:
        if sentence == "always":
            return ALWAYS
        found = self.words.word(sentence)
        if found is None:
            self.tree.blame(path, "“{sentence}” is no word of the vocabulary",
                            "use one that vocabulary.yaml has, or add it there", sentence=sentence)  # fmt: skip
            return NEVER
        word, filled = found
        test = word.test(filled, self.notice_days)
        if test is None:
            self.tree.blame(path, "what fills “{sentence}” does not fit, or the version has no notice_days",
                            "give a day as 2024-04-05, a whole number, or the version its notice_days",
                            sentence=sentence)  # fmt: skip
            return NEVER
        kind = self.words.questions[test.key].kind
        if kind in (FactKind.PLACE, FactKind.PLACES) and not CODES.issuperset(map(str, test.wanted)):
            self.tree.blame(path, "“{sentence}” names something that is no place",
                            "use codes of ISO 3166-1 alpha-2", sentence=sentence)  # fmt: skip
        return test


def instrument(tree: Tree, words: Vocabulary, sha256: str) -> Instrument:
    """Return the instrument; what is wrong is noted in the tree, and the value is then not to be used."""
    root = tree.root
    picks = Picks(str(at(root, "picks_version_by") or Picks.ACTS_ON))
    order = tuple(str(at(each, "id")) for each in items(at(root, "versions")))
    after = at(root, "after_last_version")
    order += (str(at(after, "id")),) if after is not None else ()
    if len(set(order)) < len(order):
        tree.blame(("versions",), "two versions have one id", "name each once")
        return _bare(tree, picks, sha256)
    versions = tuple(
        _version(tree, words, order, index, picks) for index in range(len(items(at(root, "versions"))))
    )
    _check_order(tree, versions, picks)
    if after is not None:
        versions = (*versions, _after(tree, words, order, versions))
    return _bare(tree, picks, sha256, versions)


def _bare(tree: Tree, picks: Picks, sha256: str, versions: tuple[Version, ...] = ()) -> Instrument:
    root = tree.root
    reviewer = at(root, "reviewed_by")
    return Instrument(
        key=str(at(root, "instrument")), title=_said(at(root, "title")), force=str(at(root, "force")),
        is_binding=at(root, "binding") is True, is_researched=at(root, "researched") is not False,
        reviewed_by=None if reviewer is None else str(reviewer),
        not_verified=tuple(_said(each) for each in items(at(root, "not_verified"))),
        picks=picks, versions=versions, members=_members(tree), sources=texts(at(root, "sources")), sha256=sha256,
    )  # fmt: skip


def _version(tree: Tree, words: Vocabulary, order: tuple[str, ...], index: int, picks: Picks) -> Version:
    plain, path = items(at(tree.root, "versions"))[index], ("versions", index)
    days = at(plain, "notice_days")
    scope = _Scope(tree, words, order, order[index], days if isinstance(days, int) else None)
    first, until = _day(tree, plain, path, "from"), _day(tree, plain, path, "until")
    expiry = _day(tree, plain, path, "printed_expiry")
    for name, day in (("until", until), ("printed_expiry", expiry)):
        if first is not None and day is not None and day <= first:
            tree.blame((*path, name), "{day} is not later than {first}: the window runs backwards",
                       "give the day before which it holds", day=day.isoformat(), first=first.isoformat())  # fmt: skip
    window = _window(first, until) if picks is not Picks.MONEY else ()
    years = items(at(plain, "money_years"))
    if picks is Picks.MONEY and not years:
        tree.blame(path, "this version says of no money that it governs it", "give its money_years")
    return Version(
        key=order[index], cite=str(at(plain, "cite")), text=TextStatus(str(at(plain, "text"))),
        rule=_rule(scope, window), first=first, until=until,
        money_years=tuple(year for year in years if isinstance(year, int)),
        enacted=_day(tree, plain, path, "enacted"), printed_expiry=expiry, line=tree.lines[path],
    )  # fmt: skip


def _window(first: date | None, until: date | None) -> tuple[Condition, ...]:
    """Return the half-open window of a version as tests of the day of the activity."""
    found: list[Condition] = []
    for words, kind, day in ((_WINDOW, Kind.SINCE, first), (_WINDOW_END, Kind.BEFORE, until)):
        if day is not None:
            says = Words(words.en.format(day=day), words.zh.format(day=day))
            found.append(Test(says, Picks.ACTS_ON.value, kind, (day.toordinal(),)))
    return tuple(found)


def _rule(scope: _Scope, window: tuple[Condition, ...]) -> Rule:
    root = scope.tree.root
    clauses = tuple(
        _clause(scope, plain, ("clauses", index), window)
        for index, plain in enumerate(items(at(root, "clauses")))
        if scope.holds(plain, ("clauses", index))
    )
    lifts = tuple(
        _lift(scope, plain, ("lifts", index))
        for index, plain in enumerate(items(at(root, "lifts")))
        if scope.holds(plain, ("lifts", index))
    )
    readings = tuple(
        _reading(scope, plain, ("readings", index))
        for index, plain in enumerate(items(at(root, "readings")))
        if scope.holds(plain, ("readings", index))
    )
    return rule(clauses, lifts, readings, scope.notice_days)


def _clause(scope: _Scope, plain: Plain, path: Path, window: tuple[Condition, ...]) -> Clause:
    tree, named = scope.tree, {str(at(lift, "id")) for lift in items(at(scope.tree.root, "lifts"))}
    for index, name in enumerate(texts(at(plain, "lifted_by"))):
        if name not in named:
            tree.blame(
                (*path, "lifted_by", index), "there is no lift “{name}”", "write it under lifts", name=name
            )
    when = scope.condition(at(plain, "when"), (*path, "when"))
    if window:
        when = AllOf((*window, *(when.parts if isinstance(when, AllOf) else (when,))))
    name = next((each for each in _EFFECTS if at(plain, each) is not None), "")
    gap = at(plain, "unsettled")
    key = str(at(gap, "key") or "")
    if key and not key.startswith("law:") and key not in scope.words.questions:
        tree.blame((*path, "unsettled", "key"), "“{key}” is no question of the vocabulary",
                   "name one, or a missing text as law:NAME", key=key)  # fmt: skip
    ask = at(gap, "ask")
    question = scope.words.questions.get(key)
    return Clause(
        key=str(at(plain, "id")), cite=str(at(plain, "cite") or ""),
        effect=_EFFECTS.get(name, Effect.UNSETTLED), says=_said(at(plain, name) if name else at(gap, "says")),
        when=when, lifted_by=texts(at(plain, "lifted_by")), missing=key,
        ask=_said(ask) if ask is not None else question.ask if question else Words(),
    )  # fmt: skip


def _lift(scope: _Scope, plain: Plain, path: Path) -> Lift:
    requires = tuple(
        _requirement(scope, each, (*path, "requires", index))
        for index, each in enumerate(items(at(plain, "requires")))
        if at(each, "then") is None or scope.holds(each, (*path, "requires", index))
    )
    still = at(plain, "open_while")
    return Lift(
        key=str(at(plain, "id")), cites=texts(at(plain, "cites")), says=_said(at(plain, "says")),
        requires=requires, holds=AllOf(tuple(each.that for each in requires)) if requires else NEVER,
        still=NEVER if still is None else scope.condition(still, (*path, "open_while")),
        duty=_duty(at(plain, "condition")),
    )  # fmt: skip


def _requirement(scope: _Scope, plain: Plain, path: Path) -> Requirement:
    if (that := at(plain, "that")) is not None:
        return Requirement(scope.condition(that, (*path, "that")), _duty(plain))
    return Requirement(scope.condition(plain, path))


def _duty(plain: Plain) -> Duty | None:
    return None if plain is None else Duty(_said(at(plain, "who")), _said(at(plain, "what")))


def _reading(scope: _Scope, plain: Plain, path: Path) -> Reading:
    found: list[Option] = []
    used: list[Option] = []
    clauses = {str(at(each, "id")) for each in items(at(scope.tree.root, "clauses"))}
    for index, each in enumerate(items(at(plain, "options"))):
        here = (*path, "options", index)
        tied, out = at(each, "only_with"), at(each, "takes_out")
        for name in ("clause", "other"):
            if tied is not None and at(tied, name) not in clauses:
                scope.tree.blame((*here, "only_with", name), "there is no clause “{name}”", "use the id of one",
                                 name=str(at(tied, name)))  # fmt: skip
        option = Option(
            name=str(at(each, "name")), says=_said(at(each, "says")), clause=str(at(tied, "clause") or ""),
            only_with=str(at(tied, "other") or ""),
            takes_out=None if out is None else scope.condition(out, (*here, "takes_out")),
        )  # fmt: skip
        (used if at(each, "used") is True else found).append(option)
    if len(used) != 1:
        scope.tree.blame(path, "one reading is used, here {count} are", "mark exactly one as used: true",
                         count=len(used))  # fmt: skip
    return Reading(str(at(plain, "name")), (*used, *found))


def _after(tree: Tree, words: Vocabulary, order: tuple[str, ...], versions: tuple[Version, ...]) -> Version:
    """Return what stands after the last version: no text, so that nothing is rolled forward."""
    plain, path = at(tree.root, "after_last_version"), ("after_last_version",)
    scope = _Scope(tree, words, order, order[-1], None)
    year = at(plain, "money_year")
    if not isinstance(year, int) or year <= max((y for v in versions for y in v.money_years), default=0):
        tree.blame(
            (*path, "money_year"),
            "it is not later than the versions above",
            "give the first year without a text",
        )
    away = scope.condition(at(plain, "not_covered_when"), (*path, "not_covered_when"))
    says = Words("no law is on file for that money", "该年度经费尚无法律文本在案")
    gap = Clause("no-law-on-file", "", Effect.UNSETTLED, says, Not(away), missing=str(at(plain, "missing")),
                 ask=_said(at(plain, "ask")))  # fmt: skip
    readings = tuple(
        _reading(scope, each, ("readings", index))
        for index, each in enumerate(items(at(tree.root, "readings")))
        if scope.holds(each, ("readings", index))
    )
    return Version(order[-1], "", TextStatus.UNVERIFIED, rule((gap,), (), readings, None), is_on_file=False,
                   money_years=(year,) if isinstance(year, int) else (), line=tree.lines[path])  # fmt: skip


def _check_order(tree: Tree, versions: Iterable[Version], picks: Picks) -> None:
    """Note windows that overlap, money that two versions govern, and versions that are not in order of time."""
    before: Version | None = None
    for index, version in enumerate(versions):
        path = ("versions", index)
        if before is not None and picks is Picks.MONEY:
            if min(version.money_years, default=0) <= max(before.money_years, default=0):
                tree.blame(path, "{this} and {other} overlap or are out of order",
                           "give each year's money to one version, the earliest first",
                           this=version.key, other=before.key)  # fmt: skip
            if version.enacted and before.enacted and version.enacted < before.enacted:
                tree.blame((*path, "enacted"), "{this} was enacted before {other}: the dates run backwards",
                           "mend the day", this=version.key, other=before.key)  # fmt: skip
        elif before is not None and (
            before.until is None or version.first is None or version.first < before.until
        ):
            tree.blame(path, "{this} and {other} overlap or are out of order",
                       "end the earlier one (until) on the day on which the later one begins (from)",
                       this=version.key, other=before.key)  # fmt: skip
        before = version


def _members(tree: Tree) -> tuple[Member, ...]:
    found = []
    for index, plain in enumerate(items(at(tree.root, "members"))):
        path = ("members", index)
        place, since, until = (
            str(at(plain, "place")),
            _day(tree, plain, path, "since"),
            _day(tree, plain, path, "until"),
        )
        if place not in CODES:
            tree.blame(
                (*path, "place"), "“{place}” is no place", "use a code of ISO 3166-1 alpha-2", place=place
            )
        if since is not None and until is not None and until <= since:
            tree.blame((*path, "until"), "{day} is not later than {first}: the window runs backwards",
                       "give the day before which it holds", day=until.isoformat(), first=since.isoformat())  # fmt: skip
        if since is not None:
            found.append(Member(place, since, until, at(plain, "unverified") is not True))
    return tuple(found)


def _day(tree: Tree, plain: Plain, path: Path, name: str) -> date | None:
    text = at(plain, name)
    if text is None:
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        tree.blame((*path, name), "“{text}” is no day", "write it as 2024-04-05", text=str(text))
        return None


def _said(plain: Plain) -> Words:
    return Words(str(at(plain, "en") or ""), str(at(plain, "zh") or ""))
