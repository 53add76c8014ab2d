"""How does an instrument read as sentences? For a lawyer who reviews the files, and for comparing two versions.

Lines of plain English; what was not verified comes first, and that none of it is legal advice. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from aliquot.conditions import AllOf, AnyOf, Condition, Not, Test
from aliquot.law_text import (
    NOT_LEGAL_ADVICE,
    Clause,
    Effect,
    Instrument,
    Law,
    Lift,
    Picks,
    Version,
    fiscal_year,
)  # fmt: skip

_EFFECTS = {Effect.FORBIDS: "It forbids", Effect.ALLOWS: "It allows", Effect.ADVISES: "It advises",
            Effect.UNSETTLED: "It leaves open"}  # fmt: skip


def instrument_lines(instrument: Instrument, version: Version | None) -> Iterator[str]:
    """Yield the instrument as sentences: what is uncertain, its versions, and one version in full."""
    yield f"{instrument.key}: {instrument.title.en} ({instrument.title.zh})"
    yield NOT_LEGAL_ADVICE.en
    yield f"Reviewed by: {instrument.reviewed_by or 'nobody yet'}. Force: {instrument.force}; " + (
        "binding." if instrument.is_binding else "not binding, advice only.")  # fmt: skip
    yield "Not verified:"
    yield from (f"  - {each.en}" for each in instrument.not_verified)
    if not instrument.is_researched:
        yield "Not researched; it decides nothing and answers “not covered”."
        return
    yield f"Versions, chosen by {_CHOSEN[instrument.picks]}:"
    yield from (f"  {each.key}: {_dates(each)}{each.cite or 'no text on file'}; text {each.text.value}"
                for each in instrument.versions)  # fmt: skip
    if version is not None:
        yield f"Version {version.key}:"
        yield from (f"  {line}" for line in version_lines(version))
    if instrument.members:
        yield "Members (shown, never branched on): " + ", ".join(
            f"{m.place} {m.since}{'' if m.until is None else f' to {m.until}'}{'' if m.is_verified else '?'}"
            for m in instrument.members)  # fmt: skip
    yield "Sources: " + "; ".join(instrument.sources)


_CHOSEN = {
    Picks.ACTS_ON: "the day of the activity",
    Picks.MONEY: "the fiscal year whose money pays",
    Picks.LIST: "the day of the list",
}


def version_lines(version: Version) -> Iterator[str]:
    """Yield the rule of one version as sentences, without its name and dates."""
    yield (
        f"Notice: {version.rule.notice_days} days."
        if version.rule.notice_days is not None
        else "Notice: none."
    )
    for clause in version.rule.clauses:
        yield from _clause(clause)
    for lift in version.rule.lifts:
        yield from _lift(lift)
    for reading in version.rule.readings:
        options = [f"{each.name}{' (used)' if each is reading.options[0] else ''}: {each.says.en}"
                   for each in reading.options]  # fmt: skip
        yield f"In dispute, {reading.name}: " + "; or ".join(options) + "."


def version_on(instrument: Instrument, day: date) -> Version | None:
    """Return the version in force on a day; where money chooses, that of the fiscal year in which the day lies."""
    for version in instrument.versions:
        if instrument.picks is Picks.MONEY:
            year = fiscal_year(day.toordinal())
            if year in version.money_years or (not version.is_on_file and year > version.money_years[0]):
                return version
        elif (version.first is None or version.first <= day) and (
            version.until is None or day < version.until
        ):
            return version
    return None


def events(law: Law) -> list[tuple[date, str, str]]:
    """Return every date of the files in order: the day, the instrument, what happened."""
    found: list[tuple[date, str, str]] = []
    for key, each in law.instruments.items():
        for version in each.versions:
            happened = (
                (version.enacted, f"{version.key} enacted: {version.cite}"),
                (version.first, f"{version.key} begins: {version.cite}"),
                (version.printed_expiry, f"{version.key}: printed expiry"),
                (version.until, f"{version.key} ends"),
            )
            found += [(day, key, what) for day, what in happened if day is not None]
        for member in each.members:
            sure = "" if member.is_verified else " (day unverified)"
            found.append((member.since, key, f"{member.place} joins{sure}"))
            if member.until is not None:
                found.append((member.until, key, f"{member.place} leaves{sure}"))
    return sorted(found)


def _dates(version: Version) -> str:
    said = [f"money of {', '.join(map(str, version.money_years))}" if version.money_years else "",
            f"from {version.first}" if version.first else "", f"to before {version.until}" if version.until else "",
            f"enacted {version.enacted}" if version.enacted else ""]  # fmt: skip
    return "".join(f"{each}; " for each in said if each)


def _clause(clause: Clause) -> Iterator[str]:
    name = f"{clause.cite} " if clause.cite else ""
    yield f"{name}[{clause.key}] {_EFFECTS[clause.effect]}: {clause.says.en}."
    yield from _when("when", clause.when)
    if clause.lifted_by:
        yield f"    lifted by: {' or '.join(clause.lifted_by)}"


def _lift(lift: Lift) -> Iterator[str]:
    yield f"{', '.join(lift.cites) + ' ' if lift.cites else ''}[{lift.key}] A bar is lifted if {lift.says.en}."
    for each in lift.requires:
        yield from _when("it requires that", each.that)
    if lift.duty is not None:
        yield f"    to be done by {lift.duty.who.en}: {lift.duty.what.en}"
    yield from _when("it can still be had if", lift.still)


def _when(lead: str, condition: Condition) -> Iterator[str]:
    if isinstance(condition, AllOf) and not condition.parts:
        yield f"    {lead}: in every case"
    elif isinstance(condition, AnyOf) and not condition.parts:
        return
    else:
        yield f"    {lead}: {sentence(condition)}"


def sentence(condition: Condition) -> str:
    """Return a condition as one sentence."""
    if isinstance(condition, Test):
        return condition.says.en
    if isinstance(condition, Not):
        return f"it is not so that {sentence(condition.part)}"
    joint = " and " if isinstance(condition, AllOf) else " or "
    parts = [sentence(part) for part in condition.parts]
    return parts[0] if len(parts) == 1 else joint.join(f"({part})" if isinstance(sub, AnyOf | AllOf) else part
                                                       for part, sub in zip(parts, condition.parts, strict=True))  # fmt: skip
