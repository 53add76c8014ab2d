"""What is on its way, who handed it to whom, and did it arrive as it left? Seals, gross masses, transport log.

Both sides confirm: whoever sends when it is handed over, whoever receives when it is there. Lost, damaged, refused are states
of their own and want an incident; late is computed. Nobody's software had the hand-over signed by both (peers, rows 62 to 64).
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from aliquot import fault, mass, texts
from aliquot.fault import Fault
from aliquot.life_cycles import LifeCycle, Need, Step

BORROWER, RECEIVER = "borrower", "receiver"
REASON: Final = Need("reason", "the reason is told", fault.of("reason", "no reason is told", "say why"))
CYCLE: Final = LifeCycle("packed", (
    Step("packed", "hand over", "on the way", ("curator", BORROWER)),
    Step("packed", "unpack", "unpacked", ("curator", BORROWER)),
    Step("on the way", "confirm", "arrived", (RECEIVER, BORROWER, "curator")),
    Step("on the way", "confirm damaged", "damaged", (RECEIVER, BORROWER, "curator"), (REASON,)),
    Step("on the way", "refuse", "refused", (RECEIVER, BORROWER, "curator"), (REASON,)),
    Step("on the way", "lose", "lost", ("curator",), (REASON,)),
    Step("refused", "take back", "taken back", ("curator",)),
    Step("refused", "lose", "lost", ("curator",), (REASON,)),
    Step("lost", "find", "found", ("curator",), (REASON,)),
))  # fmt: skip
ARRIVED: Final = ("arrived", "damaged")
UNDER_WAY: Final = ("on the way", "refused")
SEALS_MOST, ITEMS_MOST, NOTE_MOST, WORD_MOST = 40, 200, 4_000, 200
LOG_ROWS_MOST: Final = 200_000
LINK_DAYS: Final = 30


class Found(StrEnum):
    """How a sample was found in a parcel that arrived."""

    SOUND = "sound"
    DAMAGED = "damaged"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Packed:
    """What is told of a parcel as it leaves: who carries it, sealed how, gross mass with one standard deviation.

    Where somebody fetches it, `collector` is who, and `identity` what they showed (a kind of paper, never its number).
    """

    carrier: str
    seals: tuple[str, ...]
    gross_ng: int
    gross_sd_ng: int
    expected_on: date | None = None
    tracking: str = ""
    note: str = ""
    collector: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What is told of a parcel as it arrives; `found` says of each sample how it was found."""

    name: str
    seals: tuple[str, ...]
    gross_ng: int | None
    gross_sd_ng: int
    found: Mapping[str, str]
    note: str = ""


def check_packed(told: Packed, net_ng: int) -> Iterator[Fault]:
    """Yield what keeps a parcel from being handed over; `net_ng` is the mass of all samples in it."""
    yield from texts.check("carrier", told.carrier, most=WORD_MOST, needed=True)
    for name in ("tracking", "collector", "identity"):
        yield from texts.check(name, getattr(told, name), most=WORD_MOST)
    if told.collector.strip() and not told.identity.strip():
        yield fault.of(
            "identity", "nobody has checked who fetches it", "write what they showed, such as a passport"
        )
    yield from texts.check("note", told.note, most=NOTE_MOST)
    yield from _check_seals(told.seals)
    if not told.seals:
        yield fault.of("seals", "the parcel has no seal", "seal it and write the numbers of the seals")
    if told.gross_ng <= net_ng:
        yield fault.of("gross", "the parcel weighs {gross}, and the samples in it {net}", "weigh it with its packing",
                       gross=mass.show(told.gross_ng), net=mass.show(net_ng))  # fmt: skip


def _check_seals(seals: Collection[str]) -> Iterator[Fault]:
    if len(seals) > SEALS_MOST or len(set(seals)) != len(seals):
        yield fault.of("seals", "a seal stands here twice, or there are more than {most}", "write each once",
                       most=SEALS_MOST)  # fmt: skip
    for seal in seals:
        if not seal.strip() or len(seal) > WORD_MOST or not seal.isprintable():
            yield fault.of("seals", "this is no number of a seal", "write what stands on it")
            return


def check_opened(told: Opened, *, packed: Packed, samples: Collection[str]) -> Iterator[Fault]:
    """Yield what keeps an arrival from being confirmed. What differs from how it left wants a note, and is then taken."""
    yield from texts.check("name", told.name, most=WORD_MOST, needed=True)
    yield from texts.check("note", told.note, most=NOTE_MOST)
    yield from _check_seals(told.seals)
    for sample in sorted(set(told.found) - set(samples)):
        yield fault.of("found", "{sample} is not in this parcel", "leave the line out", sample=sample[:100])
    for sample in sorted(samples):
        if told.found.get(sample) not in set(Found):
            yield fault.of("found", "it is not told how {sample} was found", "choose one of those that are offered",
                           sample=sample)  # fmt: skip
    if not told.note.strip():
        for found in differences(told, packed=packed):
            yield fault.of(found.where, found.what, "say in the note what you saw", **dict(found.values))


def differences(told: Opened, *, packed: Packed) -> tuple[Fault, ...]:
    """Return in what a parcel arrived other than it left."""
    found = []
    if sorted(told.seals) != sorted(packed.seals):
        found.append(fault.of("seals", "the seals are not those with which it left", "say what you saw"))
    if told.gross_ng is not None:
        gap_ng = told.gross_ng - packed.gross_ng
        allowed_ng = 2 * (told.gross_sd_ng + packed.gross_sd_ng)
        if abs(gap_ng) > allowed_ng:
            found.append(fault.of("gross", "it weighs {gap} other than when it left, and both balances allow {allowed}",
                                  "say what you saw", gap=mass.show(gap_ng), allowed=mass.show(allowed_ng)))  # fmt: skip
    if set(told.found.values()) - {Found.SOUND}:
        found.append(fault.of("found", "a sample is damaged or missing", "say what you saw"))
    return tuple(found)


def is_late(*, state: str, expected_on: date | None, today: date) -> bool:
    """Say whether a parcel should be there by now."""
    return state in UNDER_WAY and expected_on is not None and expected_on < today


# -- the transport log ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Log:
    """What a logger recorded on the way, as far as its columns go: the ends of time and temperature, the hardest shock."""

    rows: int
    first: datetime
    last: datetime
    coldest_c: Decimal | None
    warmest_c: Decimal | None
    shock_g: Decimal | None


def read_log(text: str) -> Log | tuple[Fault, ...]:
    """Return what a transport log says: CSV with `time` (ISO 8601) and `temperature_c`, `shock_g` or both."""
    rows = list(csv.reader(text.splitlines()))[: LOG_ROWS_MOST + 2]
    names = [name.strip().lower() for name in rows[0]] if rows else []
    if "time" not in names or not {"temperature_c", "shock_g"} & set(names):
        return (fault.of("log", "the first line does not name time and temperature_c or shock_g",
                         "export it as CSV with these columns"),)  # fmt: skip
    if not 2 <= len(rows) <= LOG_ROWS_MOST + 1:
        return (
            fault.of(
                "log", "the log has no rows, or more than {most}", "export one journey", most=LOG_ROWS_MOST
            ),
        )
    read = [_row(names, row, number) for number, row in enumerate(rows[1:], start=2) if row]
    faults = [one for one in read if isinstance(one, Fault)]
    if faults or not read:
        return tuple(faults[:20]) or (fault.of("log", "the log has no rows", "export one journey"),)
    sound = [one for one in read if not isinstance(one, Fault)]
    times = [at for at, _, _ in sound]
    warm = [c for _, c, _ in sound if c is not None]
    shocks = [g for _, _, g in sound if g is not None]
    return Log(len(sound), min(times), max(times), min(warm, default=None), max(warm, default=None),
               max(shocks, default=None))  # fmt: skip


def _row(
    names: Sequence[str], row: Sequence[str], number: int
) -> tuple[datetime, Decimal | None, Decimal | None] | Fault:
    values = dict(zip(names, (cell.strip() for cell in row), strict=False))
    try:
        at = datetime.fromisoformat(values.get("time", ""))
        warm, shock = (_decimal(values.get(name, "")) for name in ("temperature_c", "shock_g"))
    except (ValueError, InvalidOperation):
        return fault.of(f"log line {number}", "a time or a number cannot be read", "write 2026-03-14T09:30Z, and a point for decimals")  # fmt: skip
    if at.utcoffset() is None:
        return fault.of(f"log line {number}", "the time has no zone", "write it as 2026-03-14T09:30Z")
    return at, warm, shock


def _decimal(text: str) -> Decimal | None:
    if not text:
        return None
    found = Decimal(text)
    if not found.is_finite() or abs(found) > 10**6:
        raise InvalidOperation
    return found
