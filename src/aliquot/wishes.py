"""What may a borrower ask the keeper for, who must say yes before it is done, and when has it ended by itself? Pure; doing it is another matter.

A renewal is the curator's to grant; somebody else takes a loan over once they agreed and the curator consents, for what goes from
one investigator to another is authorised first (domain facts, section 2.3). A return is announced, so that somebody is there.
Nothing that was asked for outlives its loan: an announced return is fulfilled when it has come, the rest is closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from aliquot import countries, fault, texts
from aliquot.fault import Fault
from aliquot.life_cycles import LifeCycle, Need, Step

REASON_MOST, NAME_MOST = 4_000, 300
MONTHS_MOST: Final = 1200
BORROWER, TAKER = "borrower", "taker"
REASON: Final = Need("reason", "the reason is told", fault.of("reason", "no reason is told", "say why"))
AGREED: Final = Need("agreed", "whoever is to take it over has agreed, or nobody is",
                     fault.of("taker", "whoever is to take it over has not agreed", "wait for their answer, or record it"))  # fmt: skip
CAME: Final = Need("came", "what was announced has come back",
                   fault.of("loan", "what was announced is still out", "wait for it"))  # fmt: skip
MOOT: Final = Need("moot", "its loan can no more have it",
                   fault.of("loan", "it can still be answered", "grant or refuse it"))  # fmt: skip

CYCLE: Final = LifeCycle("asked", (
    Step("asked", "agree", "agreed", (TAKER, "curator")),
    Step("asked", "decline", "refused", (TAKER,)),
    Step("asked", "grant", "granted", ("curator",), (AGREED,)),
    Step("asked", "refuse", "refused", ("curator",), (REASON,)),
    Step("asked", "withdraw", "withdrawn", (BORROWER,)),
    Step("asked", "fulfil", "fulfilled", ("curator",), (CAME,)),
    Step("asked", "close", "closed", ("curator", "director"), (MOOT,)),
    Step("agreed", "grant", "granted", ("curator",)),
    Step("agreed", "refuse", "refused", ("curator",), (REASON,)),
    Step("agreed", "withdraw", "withdrawn", (BORROWER,)),
    Step("agreed", "fulfil", "fulfilled", ("curator",), (CAME,)),
    Step("agreed", "close", "closed", ("curator", "director"), (MOOT,)),
))  # fmt: skip
OPEN: Final = ("asked", "agreed")


class Kind(StrEnum):
    """What is asked for."""

    RENEWAL = "renewal"
    TRANSFER = "transfer"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a borrower asks for; of what follows the kind only that which belongs to it is told."""

    kind: str
    reason: str
    months: int = 0
    name: str = ""
    institution: str = ""
    country: str = ""
    email: str = ""
    samples: tuple[str, ...] = ()
    on: date | None = None
    carrier: str = ""


def ending(
    kind: str, samples: Collection[str], *, state: str, out: Collection[str], came: Collection[str]
) -> str | None:
    """Return the act by which an open wish ends with what became of its loan: `fulfil`, `close`; None while it can be answered.

    `state` is the loan's; `out` are its samples that are with the borrower or on their way, `came` those that came back.
    """
    over = state in ("closed", "cancelled")
    if kind == Kind.RETURN and (over or not set(samples) & set(out)):
        return "fulfil" if set(samples) & set(came) else "close"
    if over or (kind == Kind.RENEWAL and state in ("returned", "lost")):
        return "close"
    return None


def check(told: Wish, *, held: frozenset[str], now: tuple[str, str], today: date) -> Iterator[Fault]:
    """Yield what keeps a wish from being sent; `held` are the samples with the borrower, `now` who answers for them."""
    yield from texts.check("reason", told.reason, most=REASON_MOST, needed=told.kind != Kind.RETURN)
    if told.kind == Kind.RENEWAL:
        if not 1 <= told.months <= MONTHS_MOST:
            yield fault.of("months", "this is no number of months", "write a whole number from 1 on")
    elif told.kind == Kind.TRANSFER:
        yield from _check_taker(told, now)
    elif told.kind == Kind.RETURN:
        yield from _check_return(told, held, today)
    else:
        yield fault.of(
            "kind", "this is nothing that can be asked for", "choose one of those that are offered"
        )


def _check_taker(told: Wish, now: tuple[str, str]) -> Iterator[Fault]:
    for where, text in (("name", told.name), ("institution", told.institution), ("email", told.email)):
        yield from texts.check(where, text, most=NAME_MOST, needed=True)
    if (told.name.strip(), told.institution.strip()) == now:
        yield fault.of("name", "they have this duty already", "name who takes it over")
    if told.country not in countries.CODES:
        yield fault.of("country", "“{code}” is no country of ISO 3166", "write two capital letters, such as FR",
                       code=told.country[:10])  # fmt: skip


def _check_return(told: Wish, held: frozenset[str], today: date) -> Iterator[Fault]:
    if not told.samples:
        yield fault.of("samples", "no sample is named", "choose what comes back")
    for number in told.samples:
        if number not in held:
            yield fault.of("samples", "{sample} is not with you", "choose one of those that are offered",
                           sample=number[:100])  # fmt: skip
    if told.on is None or told.on < today:
        yield fault.of("on", "this day has passed", "choose a day from today on")
    yield from texts.check("carrier", told.carrier, most=NAME_MOST, needed=True)
