"""What may be done, by whom, on whose money, when? Facts and the law in, a finding for each instrument out.

The verdict is that of all completions: every consistent way of filling in what is missing is tried, and only what they
all agree on is said; else the finding lists what can change it. Where the law on file is silent the finding says which
text is missing. "Not covered" never becomes "permitted". Not legal advice: a named person decides. Knows no clock: the
day is a fact. See docs/eligibility.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from aliquot.conditions import NOT_APPLICABLE, Facts, Kind, Test, truth
from aliquot.kleene import Truth
from aliquot.law_facts import FactSheet
from aliquot.law_text import Duty, Instrument, Law, Lift, Picks, TextStatus, Version, fiscal_year
from aliquot.law_words import Vocabulary
from aliquot.open_questions import ACTS_ON, MONEY, Missing, Weighing
from aliquot.verdicts import STANDS_NOW, Verdict, of_bars, strongest
from aliquot.vocabulary import Words

_WEAKNESS: Final = {status: weakness for weakness, status in enumerate(TextStatus)}
_NOT_RESEARCHED: Final = "Not researched: nobody has read this law for Aliquot; it decides nothing."


@dataclass(frozen=True, slots=True)
class Condition:
    """What must still be done, by whom, and by which day where there is one."""

    who: Words
    what: Words
    by_date: date | None = None


@dataclass(frozen=True, slots=True)
class Disputed:
    """A reading on which the verdict depends: the option used, and the verdict under each."""

    name: str
    used: str
    gives: tuple[tuple[str, Verdict], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One version that was looked at, and its verdict as far as the known facts tell."""

    version: Version
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What one instrument says, on which text, and what would change it."""

    instrument: Instrument
    verdict: Verdict
    cases: tuple[Case, ...] = ()
    version: str | None = None
    cite: str | None = None
    clauses: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    missing: tuple[Missing, ...] = ()
    readings: tuple[Disputed, ...] = ()
    text_status: TextStatus = TextStatus.UNVERIFIED
    notes: tuple[str, ...] = ()

    @property
    def stands_now(self) -> Truth:
        """Whether it may go ahead with nothing further; None where that cannot be told."""
        return STANDS_NOW[self.verdict]


@dataclass(frozen=True, slots=True)
class Screening:
    """The findings of all instruments, and the strongest verdict of those that bind."""

    sheet: FactSheet
    findings: tuple[Finding, ...]
    overall: Verdict

    @property
    def stands_now(self) -> Truth:
        return STANDS_NOW[self.overall]

    def finding(self, key: str) -> Finding | None:
        return next((finding for finding in self.findings if finding.instrument.key == key), None)


def screen(sheet: FactSheet, law: Law) -> Screening:
    """Return what every instrument says of these facts, in the order of their keys."""
    findings = tuple(find(instrument, sheet, law.vocabulary) for instrument in law.instruments.values())
    binding = [finding.verdict for finding in findings if finding.instrument.is_binding]
    return Screening(sheet, findings, strongest(binding) or Verdict.CANNOT_TELL)


def find(instrument: Instrument, sheet: FactSheet, vocabulary: Vocabulary) -> Finding:
    """Return what one instrument says of these facts."""
    if not instrument.is_researched:
        return Finding(instrument, Verdict.NOT_COVERED, notes=(_NOT_RESEARCHED,))
    facts = sheet.facts
    is_year_open = instrument.picks is Picks.MONEY and MONEY not in facts
    versions = _versions(instrument, facts)
    cases = tuple(Case(version, of_bars(version.rule.bars, facts)) for version in versions)
    verdict = _decided(cases, facts, is_year_open=is_year_open)
    weighing = None
    if verdict is None or verdict is Verdict.CANNOT_TELL:
        weighing = Weighing(versions, sheet, vocabulary, is_year_open=is_year_open)
        possible = weighing.possible
        verdict = next(iter(possible)) if len(possible) == 1 else Verdict.CANNOT_TELL
    readings: tuple[Disputed, ...] = ()
    if verdict is not Verdict.NOT_COVERED:  # an option only ever takes something out
        readings = tuple(_disputed(cases, sheet, vocabulary, verdict, weighing, is_year_open=is_year_open))
    return _finding(instrument, sheet, verdict, cases, readings,
                    weighing.missing() if weighing and verdict is Verdict.CANNOT_TELL else ())  # fmt: skip


def next_questions(sheet: FactSheet, law: Law) -> tuple[Missing, ...]:
    """Return the missing facts, the most decisive first: whose answer leaves the fewest binding instruments open.

    Counted over the answers on average; then at worst; then by how many instruments ask, and by key. Texts that are
    missing are no questions and are left out.
    """
    asked: dict[str, list[Missing]] = {}
    undecided = 0
    for finding in screen(sheet, law).findings:
        if finding.instrument.is_binding and finding.verdict is Verdict.CANNOT_TELL:
            undecided += 1
            for each in finding.missing:
                if not each.key.startswith("law:"):
                    asked.setdefault(each.key, []).append(each)

    def still_open(key: str) -> tuple[float, int, int, str]:
        left = [undecided - len(asked[key])]
        shares = [[len(verdicts) > 1 or Verdict.CANNOT_TELL in verdicts for _, verdicts in each.leads_to]
                  for each in asked[key]]  # fmt: skip
        average = left[0] + sum(sum(share) / len(share) for share in shares)
        return average, left[0] + sum(any(share) for share in shares), -len(shares), key

    return tuple(asked[key][0] for key in sorted(asked, key=still_open))


def _versions(instrument: Instrument, facts: Facts) -> tuple[Version, ...]:
    """Return the versions that apply or may apply; windows of days are in their conditions."""
    if instrument.picks is not Picks.MONEY:
        return instrument.versions
    years, day = facts.get(MONEY), facts.get(ACTS_ON)
    if years is None:
        last = fiscal_year(day) if isinstance(day, int) else None
        return tuple(v for v in instrument.versions if last is None or v.money_years[0] <= last)
    wanted = years if isinstance(years, tuple) else ()
    return tuple(v for v in instrument.versions if any(_governs(v, year) for year in wanted))


def _governs(version: Version, year: int | str) -> bool:
    """Return whether the version is of that year's money; where no text is on file, of any later year's too."""
    if not isinstance(year, int):
        return False
    return year in version.money_years or (not version.is_on_file and year > version.money_years[0])


def _decided(cases: Sequence[Case], facts: Facts, *, is_year_open: bool) -> Verdict | None:
    """Return the verdict where three-valued logic alone finds it; it never differs from that of all completions."""
    verdicts = [case.verdict for case in cases]
    if not is_year_open:
        return strongest(verdicts)
    found = set(verdicts)
    if ACTS_ON not in facts:  # before the first version nothing is covered
        found.add(Verdict.NOT_COVERED)
    return found.pop() if len(found) == 1 else Verdict.NOT_COVERED if not found else None


def _disputed(
    cases: Sequence[Case], sheet: FactSheet, vocabulary: Vocabulary, verdict: Verdict, weighing: Weighing | None,
    *, is_year_open: bool,
) -> Iterator[Disputed]:  # fmt: skip
    """Yield each reading under which the verdict would be another."""
    versions = [case.version for case in cases]
    options = {(reading.name, option.name): (reading, option.takes_out)
               for version in versions for reading, option, _ in version.rule.others}  # fmt: skip
    for (name, option), (reading, takes_out) in options.items():
        taken_out = True if takes_out is None else truth(takes_out, sheet.facts)
        if taken_out is False or (taken_out is None and verdict is Verdict.CANNOT_TELL):
            continue  # the same as used, or more that is possible
        others = tuple(Case(each.version, _under(each, name, option, sheet.facts)) for each in cases)
        found = _decided(others, sheet.facts, is_year_open=is_year_open)
        if found is None:
            weighing = weighing or Weighing(versions, sheet, vocabulary, is_year_open=is_year_open)
            possible = weighing.under(name, option)
            found = next(iter(possible)) if len(possible) == 1 else Verdict.CANNOT_TELL
        if found is not verdict:
            used = reading.options[0].name
            yield Disputed(name, used, ((used, verdict), (option, found)))


def _under(case: Case, name: str, option: str, facts: Facts) -> Verdict | None:
    for reading, other, bars in case.version.rule.others:
        if (reading.name, other.name) == (name, option):
            return of_bars(bars, facts)
    return case.verdict


# --- What a finding rests on ----------------------------------------------------------------------------------


def _finding(
    instrument: Instrument, sheet: FactSheet, verdict: Verdict, cases: tuple[Case, ...],
    readings: tuple[Disputed, ...], missing: tuple[Missing, ...],
) -> Finding:  # fmt: skip
    facts, notes = sheet.facts, tuple(_notes(instrument, sheet))
    resting = _resting(cases, verdict) or tuple(cases)
    texts = [case.version.text for case in resting] or [v.text for v in instrument.versions[:1]]
    status = max(texts, key=_WEAKNESS.__getitem__)
    if verdict in (Verdict.NOT_COVERED, Verdict.ADVICE):
        return Finding(instrument, verdict, cases, readings=readings, text_status=status, notes=notes)
    on_file = [case.version for case in resting if case.version.is_on_file]
    version = on_file[-1] if on_file else None
    clauses = dict.fromkeys(cite for case in resting for cite in _cites(case.version, verdict, facts))
    conditions = dict.fromkeys(
        each for case in resting for each in _conditions(case.version, facts, is_money=instrument.picks is Picks.MONEY)
    ) if verdict is Verdict.PERMITTED_ON_CONDITION else ()  # fmt: skip
    return Finding(
        instrument, verdict, cases, version=_version_key(instrument, version, facts),
        cite=version.cite if version else None, clauses=tuple(sorted(clauses)) if version else (),
        conditions=tuple(conditions), missing=missing, readings=readings, text_status=status, notes=notes,
    )  # fmt: skip


def _resting(cases: Sequence[Case], verdict: Verdict) -> tuple[Case, ...]:
    """Return the versions on which the verdict rests: those that give it, else those that may."""
    if verdict is Verdict.CANNOT_TELL:
        return tuple(case for case in cases if case.verdict is not Verdict.NOT_COVERED)
    sure = tuple(case for case in cases if case.verdict is verdict)
    return sure or tuple(case for case in cases if case.verdict is None)


def _version_key(instrument: Instrument, version: Version | None, facts: Facts) -> str | None:
    if version is None or instrument.picks is not Picks.LIST:
        return version.key if version else None
    day = facts.get(Picks.LIST.value)
    return _day(day) or str(day or "not stated")


def _day(value: object) -> str | None:
    return date.fromordinal(value).isoformat() if isinstance(value, int) else None


def _cites(version: Version, verdict: Verdict, facts: Facts) -> Iterator[str]:
    """Yield the paragraphs: each engaged bar, and those of the lifts that were considered for it."""
    told = [(bar, truth(bar.engaged, facts)) for bar in version.rule.bars]
    unsure = verdict is Verdict.CANNOT_TELL or not any(engaged for _, engaged in told)
    for bar, engaged in told:
        if engaged is False or (engaged is None and not unsure):
            continue
        if bar.clause.cite:
            yield bar.clause.cite
        else:  # what the text leaves unsettled is cited by the clauses beside it
            yield from (other.clause.cite for other in version.rule.bars if other.clause.cite)
        for lift in bar.lifts:
            yield from lift.cites
            if truth(lift.holds, facts) is True:
                break


def _conditions(version: Version, facts: Facts, *, is_money: bool) -> Iterator[Condition]:
    """Yield what must still be done for the bars that are engaged and not lifted."""
    for bar in version.rule.bars:
        if truth(bar.engaged, facts) is False or truth(bar.lifted, facts) is True:
            continue
        lift = next((each for each in bar.lifts if truth(each.still, facts) is not False), None)
        if lift is None:
            continue
        by_date = _last_good_day(lift, facts)
        if lift.duty is not None:
            yield _duty(lift, lift.duty, by_date, version.key if is_money else "")
        else:
            for each in lift.requires:
                if each.duty is not None and truth(each.that, facts) is not True:
                    yield Condition(each.duty.who, each.duty.what, by_date)


def _duty(lift: Lift, duty: Duty, by_date: date | None, version: str) -> Condition:
    what = duty.what
    needs = [each.that.says for each in lift.requires if isinstance(each.that, Test)]
    if version:  # the years differ in what the certificate needs
        what = Words(f"{what.en} ({version}: {'; '.join(each.en for each in needs)})",
                     f"{what.zh}（{version}：{'；'.join(each.zh for each in needs)}）")  # fmt: skip
    return Condition(duty.who, what, by_date)


def _last_good_day(lift: Lift, facts: Facts) -> date | None:
    still, day = lift.still, facts.get(ACTS_ON)
    if isinstance(still, Test) and still.kind is Kind.AHEAD and isinstance(day, int) and day > still.days:
        return date.fromordinal(day - still.days)
    return None


def _notes(instrument: Instrument, sheet: FactSheet) -> Iterator[str]:
    if instrument.picks is Picks.MONEY:
        yield from sheet.doubts
    day = sheet.facts.get(ACTS_ON)
    for name, key in (("borrower", "borrower_place"), ("other side", "counterparty_place")):
        place = sheet.facts.get(key)
        if instrument.members and place is not None and place != NOT_APPLICABLE and isinstance(day, int):
            yield f"{name}: {_membership(instrument, str(place), day)}"


def _membership(instrument: Instrument, place: str, day: int) -> str:
    """Return whether a State is in on that day: shown, never branched on."""
    for member in instrument.members:
        if member.place == place:
            is_in = member.since.toordinal() <= day and (
                member.until is None or day < member.until.toordinal()
            )
            return f"{place} {'in' if is_in else 'not in'} on that day (since {member.since}" + (
                f", until {member.until}" if member.until else "") + (
                "" if member.is_verified else ", day unverified") + ")"  # fmt: skip
    return f"{place} not in, as far as is on file"
