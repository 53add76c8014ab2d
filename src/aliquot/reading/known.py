"""What does the public record know of a kind of claim? Its facts in the slots that claims have.

The record keeps missions, transfers, rounds and statements; here each is read as the relations that it implies. A fact keeps
the key, the sources and the state that it has in the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from aliquot import dates
from aliquot.dates import UNKNOWN, When
from aliquot.facts import Amount, Mission, Record, Round, Statement, Transfer
from aliquot.fault import Fault
from aliquot.reading.claims import PREDICATES
from aliquot.vocabulary import Fate, Grade, Kind, PartyKind, Precision, State

_NG_PER_G: Final = Decimal(10) ** 9
_PROGRAMMES: Final = {"apollo": "Apollo", "luna": "Luna", "change": "CE", "all-missions": "all"}
# Subjects of the record that are neither parties nor missions, as the desk calls them.
_SUBJECTS: Final = {
    "goodwill-gifts": "goodwill rocks",
    "lunar-sample-001": "Lunar Sample 001",
    "lunar-sample-measures": "Procedures for Requesting Lunar Samples",
    "nasa-loans": "NASA collection",
    "theft-2002": "NASA collection",
    "wolf-amendment": "Wolf Amendment",
}
_SOVIET: Final = frozenset({"ussr", "ussr-academy", "soviet-programme"})
_OWN_NAME: Final = frozenset({"suparco"})  # an agency that borrows in its own name
_SHORT: Final = {"igcas-planetarium": "Beijing Planetarium", "hnu": "Hunan University"}


@dataclass(frozen=True, slots=True)
class Known:
    """A fact of the record in the slots of a claim; `value` is in `unit`, `spread` what it may be off by."""

    key: str
    predicate: str
    subject: str
    object: str = ""
    value: Decimal | None = None
    unit: str = ""
    spread: Decimal = Decimal(0)
    precision: Precision = Precision.STATED
    on: When = UNKNOWN
    state: State = State.CLAIMED
    grade: Grade = Grade.C
    sources: tuple[str, ...] = ()
    shown: str = ""
    mission: str = ""
    is_collecting: bool = False  # the days on the Moon, for claims that tell when samples were collected


def name_of(record: Record, key: str) -> str:
    """Return the normal form of a party, mission or subject of the record: CN, CE-5, Osaka University."""
    if key in _PROGRAMMES or key in _SUBJECTS:
        return _PROGRAMMES.get(key) or _SUBJECTS[key]
    if key in record.missions:
        family, _, number = key.rpartition("-")
        return f"CE-{number}" if family == "change" else f"{family.capitalize()} {number}"
    party = record.parties.get(key)
    if party is None:
        return key
    if key in _SOVIET:
        return "SU"
    if re.fullmatch(r"us-[a-z]{2}", key):
        return key.upper()
    stands = party.kind is PartyKind.STATE or (party.kind is PartyKind.AGENCY and key not in _OWN_NAME)
    if (stands and party.country) or key == "naoc":
        return party.country
    name = _SHORT.get(key) or re.sub(r"\s*\([^)]*\)|,.*$|^The ", "", party.name.en)
    return "UN" if key == "un" else name


def facts(record: Record) -> tuple[Known, ...]:
    """Return every fact of the record that a claim can be held against."""
    return tuple(_facts(record))


def _facts(record: Record) -> Iterator[Known]:
    for said in record.statements.values():
        if said.state is not State.UNKNOWN:
            yield from _of_statement(record, said)
    for mission in record.missions.values():
        yield from _of_mission(record, mission)
    for transfer in record.transfers.values():
        if transfer.state is not State.UNKNOWN and transfer.fate is not Fate.FAKE:
            yield from _of_transfer(record, transfer)
    for lending in record.rounds.values():
        yield from _of_round(lending)


def _grams(amount: Amount) -> tuple[Decimal | None, Decimal]:
    if amount.mass_ng is None:
        return None, Decimal(0)
    return Decimal(amount.mass_ng) / _NG_PER_G, Decimal(amount.half_ng) / _NG_PER_G


_SAYS: Final = {
    "landing": "landed_on",
    "earth_return": "returned_on",
    "launch": "launched_on",
    "returned_mass": "returned_mass",
    "age": "age",
}
_AGE: Final = re.compile(r"(?P<about>about )?(?P<n>[\d,.]+)(?: ± (?P<spread>[\d.]+))? (?P<unit>Ma|Ga)")


def _of_statement(record: Record, said: Statement) -> Iterator[Known]:
    base = Known(
        said.key, "", name_of(record, said.about), name_of(record, said.object) if said.object else "", state=said.state,
        grade=said.grade, sources=said.sources, shown=said.shown(), precision=said.precision,
    )  # fmt: skip
    direct = "display" if said.says == "shown_at" else said.says
    if direct in PREDICATES and said.says not in ("returned_mass", "age"):
        yield _relation(replace(base, shown=f"{said.scope.en}: {said.shown()}"), direct, said)
    elif said.about in record.missions or said.about in _PROGRAMMES:
        yield from _of_flight(base, said)
    elif transfer := record.transfers.get(said.about):
        yield from _of_transfer_statement(record, transfer, said)
    elif lending := record.rounds.get(said.about):
        what = {"countries": "countries", "requested": "samples", "applications": "applications"}.get(
            said.says
        )
        if what and said.count is not None:
            round_ = replace(base, predicate="applicants", subject="CN", object=what, on=lending.date)
            yield replace(round_, value=Decimal(said.count), unit="count")
        value, half = _grams(said.amount)
        if said.says == "mass" and value is not None and not said.part:
            lent = replace(base, predicate="loan_granted", subject="CN", on=lending.date)
            yield replace(lent, value=value, unit="g", spread=half, precision=said.amount.precision)
    else:
        yield from _of_sums(base, said)


def _of_flight(base: Known, said: Statement) -> Iterator[Known]:
    """Yield what is said of a mission or programme; the parts of a mission's mass are not its mass."""
    predicate = _SAYS.get(said.says, "")
    if predicate == "returned_mass" and not said.part:
        value, half = _grams(said.amount)
        predicate = "total_returned" if said.about in _PROGRAMMES else predicate
        yield replace(
            base, predicate=predicate, value=value, unit="g", spread=half, precision=said.amount.precision
        )
    elif predicate == "age" and (match := _AGE.match(said.value.en)):
        factor = 1000 if match["unit"] == "Ga" else 1
        half = Decimal(match["spread"] or ("50" if factor == 1000 else "0.5"))
        about = Precision.ABOUT if match["about"] else Precision.STATED
        value = Decimal(match["n"].replace(",", "")) * factor
        yield replace(base, predicate="age", value=value, unit="Ma", spread=half, precision=about)
    elif predicate and said.on:
        yield replace(base, predicate=predicate, on=said.on)


def _of_sums(base: Known, said: Statement) -> Iterator[Known]:
    """Yield sums over many transfers: what was distributed, given to nations, and lost."""
    value, half = (Decimal(said.count), Decimal(0)) if said.count is not None else _grams(said.amount)
    summed = replace(base, value=value, spread=half, unit="count" if said.count is not None else "g")
    if said.says == "distributed_mass":
        yield replace(summed, predicate="loan_granted", subject="CN", on=_dated(said))
    elif said.says == "stolen_mass":
        yield replace(summed, predicate="lost", on=_dated(said))
    elif said.says == "unaccounted":
        yield replace(summed, predicate="lost")
    elif said.says == "given" and said.part == "nations":
        yield replace(summed, predicate="gift", subject="US", object="nations")


def _relation(base: Known, predicate: str, said: Statement) -> Known:
    if said.amount.mass_ng is not None:
        value, half = _grams(said.amount)
        return replace(
            base,
            predicate=predicate,
            value=value,
            unit="g",
            spread=half,
            precision=said.amount.precision,
            on=_dated(said),
        )
    if said.count is not None:
        unit = {"age_difference": "Ma", "sale": "USD"}.get(predicate, "count")
        return replace(base, predicate=predicate, value=Decimal(said.count), unit=unit, on=_dated(said))
    if said.on:
        return replace(base, predicate=predicate, on=said.on)
    return replace(
        base,
        predicate=predicate,
        object=base.object or (said.value.en if predicate in ("landing_side", "law_effect") else ""),
        on=_dated(said),
    )


def _dated(said: Statement) -> When:
    """Return the date of the state of affairs that a statement tells; one that only bounds the statement is none."""
    return said.date if said.date.bound == "on" else UNKNOWN


def _of_mission(record: Record, mission: Mission) -> Iterator[Known]:
    """Yield the days from landing to return, for claims that tell when samples were collected."""
    said = {
        one.says: one for one in reversed(mission.statements) if one.on and one.state is not State.REFUTED
    }
    landing, home = said.get("landing"), said.get("earth_return")
    if not (landing and landing.on and home and home.on and landing.on.first and home.on.last):
        return
    days = dates.read(f"{landing.on.first}/{home.on.last}")
    if isinstance(days, Fault):
        return
    shown = f"from the landing, {landing.shown()}, to the return, {home.shown()}"
    yield Known(
        landing.key, "returned_on", name_of(record, mission.key), on=days, state=landing.state, grade=landing.grade,
        sources=landing.sources, shown=shown, is_collecting=True,
    )  # fmt: skip


_TRANSFERS: Final = {
    Kind.GIFT: "gift", Kind.EXCHANGE: "exchange", Kind.DONATION: "transfer", Kind.TRANSFER: "transfer", Kind.DEPOSIT: "transfer",
    Kind.RESEARCH_LOAN: "loan_granted", Kind.LOAN_APPROVED: "loan_granted", Kind.DISPLAY_LOAN: "display", Kind.DISPLAY: "display",
}  # fmt: skip


def _of_display(record: Record, one: Transfer, base: Known) -> Iterator[Known]:
    """Yield a display by place and mission; what was lent for it is a loan as well."""
    shown = replace(base, on=_until(one))
    for place in dict.fromkeys((base.object, _city(one.receiver.name.en))):
        if place:
            yield from (replace(shown, subject=place, object=name_of(record, each)) for each in one.missions)
    if one.kind is Kind.DISPLAY_LOAN:
        for borrower in dict.fromkeys((base.object, one.receiver.country)):
            yield replace(shown, predicate="loan_granted", object=borrower)


_LOST: Final = (Fate.MISSING, Fate.STOLEN, Fate.DESTROYED, Fate.NEVER_DELIVERED)


def _of_transfer(record: Record, one: Transfer) -> Iterator[Known]:
    if not one.missions and one.series == "transfer":
        return  # material of another body
    predicate = _TRANSFERS[one.kind]
    value, half = _grams(one.amount)
    mission = name_of(record, one.missions[0]) if one.missions else ""
    shown = f"{one.title.en}, {one.date.show()}" + (f", {one.amount.text}" if one.amount.text else "")
    base = Known(one.key, predicate, name_of(record, one.giver.key), name_of(record, one.receiver.key), value, "g" if value is not None else "", half,
                 one.amount.precision, one.date, one.state, one.grade, one.sources, shown, mission)  # fmt: skip
    if predicate == "display":
        yield from _of_display(record, one, base)
        return
    if one.receiver.kind is PartyKind.MANY and predicate == "gift":
        yield from (replace(base, object=whom) for whom in ("nations", "US states"))
        return
    yield base
    if one.kind is Kind.DONATION:
        yield replace(base, predicate="gift")
    if predicate == "loan_granted" and one.receiver.country and base.object != one.receiver.country:
        yield replace(base, object=one.receiver.country)
    if one.fate is Fate.HELD or one.kind in (Kind.DONATION, Kind.DEPOSIT):
        yield replace(
            base, predicate="holding", subject=name_of(record, one.holder.key), object=mission, on=UNKNOWN
        )
    if one.series == "goodwill":
        yield from _fate(record, one, base)


def _until(one: Transfer) -> When:
    """Return the days of a display: from its date to its end, or its date where no end is told."""
    if not (one.date.first and one.until and one.until.last):
        return one.date
    days = dates.read(f"{one.date.first}/{one.until.last}")
    return one.date if isinstance(days, Fault) else days


def _city(name: str) -> str:
    return name.rpartition(", ")[2] if ", " in name else ""


def _fate(record: Record, one: Transfer, base: Known) -> Iterator[Known]:
    owner = name_of(record, one.receiver.key)
    on = one.fate_date or UNKNOWN
    if one.fate in _LOST or one.fate is Fate.RECOVERED:
        yield replace(
            base,
            predicate="lost",
            subject=owner,
            object="",
            value=None,
            unit="",
            on=on if one.fate in _LOST else UNKNOWN,
        )
    if one.fate is Fate.RECOVERED:
        yield replace(base, predicate="recovered", subject=owner, object="", value=None, unit="", on=on)


def _of_transfer_statement(record: Record, one: Transfer, said: Statement) -> Iterator[Known]:
    """Yield what another source says of a transfer: another mass, another day, a price, what is left of it."""
    base = Known(said.key, _TRANSFERS[one.kind], name_of(record, one.giver.key), name_of(record, one.receiver.key), on=one.date, state=said.state, grade=said.grade,
                 sources=said.sources, shown=f"{one.title.en}: {said.shown()}")  # fmt: skip
    value, half = _grams(said.amount)
    if said.says == "mass" and value is not None and not said.part:
        yield replace(base, value=value, unit="g", spread=half)
    elif said.says == "date" and said.on:
        yield replace(base, on=said.on)
    elif said.says == "price" and one.missions and (number := re.sub(r"[^\d]", "", said.value.en)):
        year = re.search(r"\d{4}", said.part)
        on = one.fate_date if one.fate_date and year and one.fate_date.touches(int(year[0])) else UNKNOWN
        mission = name_of(record, one.missions[0])
        yield replace(
            base, predicate="sale", subject=mission, object="", value=Decimal(number), unit="USD", on=on
        )
    elif said.says == "held_mass" and value is not None:
        yield replace(
            base,
            predicate="holding",
            subject=name_of(record, one.holder.key),
            object="Apollo 17",
            value=value,
            unit="g",
            on=UNKNOWN,
        )
    elif said.says in ("given", "located") and said.count is not None and one.receiver.kind is PartyKind.MANY:
        predicate, subject, whom = (
            ("gift", "US", "nations") if said.says == "given" else ("recovered", "goodwill rocks", "")
        )
        on = one.date if said.says == "given" else said.date
        yield replace(
            base,
            predicate=predicate,
            subject=subject,
            object=whom,
            value=Decimal(said.count),
            unit="count",
            on=on,
            precision=said.precision,
        )


def _of_round(one: Round) -> Iterator[Known]:
    base = Known(
        one.key,
        "",
        "CN",
        on=one.date,
        state=one.state,
        grade=one.grade,
        sources=one.sources,
        shown=f"{one.name.en}, {one.date.show()}",
    )
    value, half = _grams(one.amount)
    if value is not None:
        yield replace(
            base, predicate="loan_granted", value=value, unit="g", spread=half, precision=one.amount.precision
        )
    applied = one.applications is not None
    counts = (
        ("applicants", "applications", one.applications),
        ("granted", "applications", one.approved),
        ("applicants" if applied else "granted", "persons", one.people),
        ("granted", "institutions", one.institutions),
        ("granted", "lots", one.lots),
    )
    for predicate, what, count in counts:
        if count is not None:
            yield replace(
                base,
                predicate=predicate,
                object=what,
                value=Decimal(count),
                unit="count",
                shown=f"{base.shown}: {count} {what}",
            )
