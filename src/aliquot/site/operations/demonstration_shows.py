"""A show that is on and a set for schools in the demonstration: practice material that is not from the Moon, and says so.

Read from `demonstration_shows.toml` and done with the operations that people use, after the demonstration's borrower, whose shelf
it shares; of the Moon's samples nothing is made up.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings

from aliquot import fault, mass
from aliquot import shows as library
from aliquot.accountability import Direction
from aliquot.agreements import Party
from aliquot.ledger import Use
from aliquot.loan_terms import Waiver
from aliquot.parcels import Found, Opened, Packed
from aliquot.shows import Booking, Day
from aliquot.site.models import (
    Form,
    Head,
    Holder,
    Loan,
    LoanAgreement,
    Person,
    Role,
    Sample,
    SetBooking,
    Show,
)
from aliquot.site.operations import agreements, arrivals, loans, parcels, samples, shows, storage
from aliquot.site.operations.agreements import Signature, Told
from aliquot.site.operations.ledger import moment

Table = Mapping[str, Any]


@cache
def load() -> Table:
    """Return what the file tells."""
    return tomllib.loads(files("aliquot").joinpath("demonstration_shows.toml").read_text("utf-8"))


def build(*, at: datetime) -> None:
    """Put practice material on show and lend a set to a school; the demonstration's roles and practice shelf must be there."""
    _Telling(load(), at).run()


class _Telling:
    """The show and the set of the file, told act by act in the order of their days."""

    def __init__(self, told: Table, at: datetime) -> None:
        self.told, self.at = told, at
        self.curator, self.director = (
            Person.objects.get(email=f"{role.value}@demo.invalid") for role in (Role.CURATOR, Role.DIRECTOR)
        )

    def run(self) -> None:
        """Receive the pieces, plan and open the show, log its days; book the set, and lend it to the first school."""
        self._receive()
        show = self._planned()
        self._lend_show(show)
        self._log(show)
        self._book()

    def _day(self, day: int) -> date:
        return self.at.date() + timedelta(days=day)

    def _on(self, day: int) -> datetime:
        """Return a day from the building on; never before the last entry, for the ledger's time does not run backwards."""
        return max(self.at + timedelta(days=day), datetime.fromisoformat(Head.objects.get(pk=1).last_at))

    def _receive(self) -> None:
        told, store = self.told["material"], self.told["store"]
        by = samples.By(self.curator.key, moment(self._on(told["day"])))
        for number, weighs in (*told["show"], *told["set"]):
            row = Sample(number=number, form=Form.DISPLAY, note_en=told["note_en"], note_zh=told["note_zh"])
            samples.receive(
                row, origin=store["origin"], place=store["holder"], mass_ng=_mass(weighs),
                uses=[Use(number, told["use_class"], sealed=False)], by=by,
            )  # fmt: skip

    def _planned(self) -> Show:
        told = self.told["show"]
        kept = ("title_en", "title_zh", "venue", "country", "security_plan", "insurance", "visitors_expected")
        said = library.Show(**{name: told[name] for name in kept}, city="", first=self._day(told["first"]), last=self._day(told["last"]))  # fmt: skip
        show = shows.plan(said, by=self.curator, at=self.at + timedelta(days=told["planned"]))
        visited = self.at + timedelta(days=told["visited"])
        shows.visit(show, on=visited.date(), text=told["visit"], by=self.curator, at=visited)
        return shows.move(show, "approve", by=self.director, at=self.at + timedelta(days=told["approved"]))

    def _lend_show(self, show: Show) -> None:
        told, pieces = self.told["show"], self.told["material"]["show"]
        terms = self._terms(
            Party(*told["party"]), self._day(told["arrived"]), self._day(told["last"]), security=told["security_plan"],
            purpose=told["purpose"], whole=frozenset(number for number, _ in pieces),
        )  # fmt: skip
        lent = [(number, None) for number, _ in pieces]
        at = self._on(told["agreed"])
        drafted = agreements.make_direct(
            terms, lent, policy_key=self.told["terms"]["policy"], by=self.curator, at=at
        )
        loan = self._in_force(drafted, told["party"][0], at)
        shows.join(show, loan, by=self.curator, at=at)
        self._send(loan, told)
        until = self._day(self.told["exception"]["in_days"])
        said = {name: self.told["exception"][name] for name in ("rule", "authority", "reason")}
        loans.waive(loan, Waiver(**said, expires_on=until), by=self.director, at=self._on(told["first"]))

    def _terms(self, borrower: Party, begins: date, ends: date, **more: Any) -> Told:
        told = self.told["terms"]
        return Told(
            modality="public-interest", use_class=told["use_class"], lender=Party(*told["lender"]), borrower=borrower,
            begins=begins, ends=ends, credit=told["credit"], return_plan=told["return_plan"], **more,
        )  # fmt: skip

    def _in_force(self, drafted: LoanAgreement, name: str, at: datetime) -> Loan:
        data = [self.told["terms"]["signed"].encode()]
        agreements.offer(drafted, by=self.curator, at=at)
        with storage.receive(data, name="signed.txt", limits=settings.FILES) as file:
            signed = Signature(name[:100], "", agreements.SCAN, file)
            agreements.sign(drafted, signed, by=self.curator, at=at)
        with storage.receive(data, name="signed.txt", limits=settings.FILES) as file:
            signed = Signature(self.director.name, "", agreements.SCAN, file)
            loan = agreements.countersign(drafted, signed, by=self.director, at=at)
        name_en, _, name_zh = name.partition(" · ")
        Holder.objects.filter(pk=loan.holder_id).update(name_en=name_en, name_zh=name_zh)
        return loan

    def _send(self, loan: Loan, when: Table, seals: Sequence[str] = ()) -> None:
        told = self.told["parcel"]
        sealed = tuple(when.get("seals", seals))
        gross_ng, sd_ng = _mass(told["gross"]), _mass(told["gross_sd"])
        numbers = list(loan.items.values_list("sample__number", flat=True))
        sent, arrived = self._on(when["sent"]), self._on(when["arrived"])
        parcel = parcels.pack(loan, Direction.OUT, numbers, by=self.curator, at=sent)
        packed = Packed(carrier=told["carrier"], seals=sealed, gross_ng=gross_ng, gross_sd_ng=sd_ng, expected_on=arrived.date())  # fmt: skip
        parcels.hand_over(parcel, packed, by=self.curator, at=sent)
        opened = Opened(told["opened_by"], sealed, gross_ng, sd_ng, dict.fromkeys(numbers, Found.SOUND))
        arrivals.confirm(parcel, opened, by=self.curator, at=self._on(when["arrived"]))

    def _log(self, show: Show) -> None:
        told, pieces = self.told["log"], len(self.told["material"]["show"])
        shows.move(show, "open", by=self.curator, at=self._on(self.told["show"]["first"]))
        for day, visitors in told["days"]:
            opened, packed = (self._clock(day, told[name]) for name in ("opened", "packed"))
            note = told["note"] if day == told["noted"] else ""
            one = Day(self._day(day), opened, None, told["who"], None, pieces, note)
            row = shows.open_day(show, one, by=self.curator, at=opened)
            shows.close_day(row, packed=packed, counted=pieces, visitors=visitors, by=self.curator, at=packed)

    def _clock(self, day: int, text: str) -> datetime:
        return datetime.combine(self._day(day), time.fromisoformat(text), self.at.tzinfo)

    def _book(self) -> None:
        told = self.told["set"]
        numbers = [number for number, _ in self.told["material"]["set"]]
        made = shows.make_set(
            name_en=told["name_en"], name_zh=told["name_zh"], samples=numbers, days_most=told["days_most"],
            by=self.curator, at=self.at + timedelta(days=self.told["show"]["planned"]),
        )  # fmt: skip
        for one in self.told["booking"]:
            days = Booking(self._day(one["first"]), self._day(one["last"]))
            booked = shows.book(made, days, school=one["school"], contact=one["contact"], by=self.curator, at=self.at)  # fmt: skip
            if "agreed" in one:
                self._lend_set(booked, one)

    def _lend_set(self, booked: SetBooking, one: Table) -> None:
        told, at = self.told["set"], self._on(one["agreed"])
        party = Party(one["school"], one["contact"], "CN")
        terms = self._terms(party, booked.first, booked.last, security=told["security"], purpose=told["purpose"])  # fmt: skip
        policy = self.told["terms"]["policy"]
        drafted = shows.agree_booking(booked, terms, policy_key=policy, by=self.curator, at=at)
        loan = self._in_force(drafted, one["school"], at)
        shows.join_booking(booked, loan, by=self.curator)
        self._send(loan, one, told["seals"])


def _mass(text: str) -> int:
    found = mass.read(text)
    return found if isinstance(found, int) else fault.bug(str(found))
