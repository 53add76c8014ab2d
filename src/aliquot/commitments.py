"""How much of a sample can still be promised? Commitments: allocated, not yet cut.

A promise moves no mass, so it is not a posting: available = balance - commitments - reserve. Two applicants
never get the same milligram; the caller holds the ledger's lock while it asks.
"""

from __future__ import annotations

from dataclasses import dataclass

from aliquot import fault, mass
from aliquot.fault import Fault


@dataclass(frozen=True, slots=True)
class Commitment:
    """So much of a sample is promised on the ground of a document."""

    sample: str
    mass_ng: int
    basis: str


def available_ng(*, balance_ng: int, committed_ng: int, reserve_ng: int) -> int:
    """Return what may still be promised; below zero where more is promised than there is."""
    return balance_ng - committed_ng - reserve_ng


def check(
    wanted: Commitment, *, balance_ng: int, committed_ng: int, reserve_ng: int, sealed: bool
) -> tuple[Fault, ...]:
    """Return what keeps this promise from being made."""
    if sealed:
        return (fault.of(wanted.sample, "{sample} is sealed and cannot be promised",
                         "choose a sample of a class that is lent", sample=wanted.sample),)  # fmt: skip
    if wanted.mass_ng <= 0:
        return (
            fault.of(wanted.sample, "a promise needs a mass above zero", "state the mass that is promised"),
        )
    free_ng = available_ng(balance_ng=balance_ng, committed_ng=committed_ng, reserve_ng=reserve_ng)
    if wanted.mass_ng <= free_ng:
        return ()
    return (
        fault.of(wanted.sample, "{wanted} are wanted but {free} are free",
                 "promise less, or release another promise or some of the reserve",
                 wanted=mass.show(wanted.mass_ng), free=mass.show(max(free_ng, 0))),
    )  # fmt: skip
