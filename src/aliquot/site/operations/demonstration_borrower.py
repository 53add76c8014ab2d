"""A borrower of the demonstration, with a loan that runs: practice material that is not from the Moon, and says so.

Read from `demonstration_borrower.toml` and done with the operations that people use, on days counted from the building; of the
Moon's samples nothing is made up.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings

from aliquot import fault, loan_terms, mass
from aliquot.accountability import Counted, Direction
from aliquot.agreements import Party
from aliquot.ledger import Use
from aliquot.parcels import Found, Opened, Packed
from aliquot.site.models import Form, Head, Holder, Loan, Person, Role, Sample
from aliquot.site.operations import (
    agreements,
    arrivals,
    inventories,
    loan_reports,
    parcels,
    people,
    places,
    samples,
    storage,
    wishes,
)
from aliquot.site.operations.agreements import Signature, Told
from aliquot.site.operations.inventories import Said
from aliquot.site.operations.ledger import moment
from aliquot.site.operations.loan_reports import Consumed
from aliquot.wishes import Kind, Wish

Table = Mapping[str, Any]


@cache
def load() -> Table:
    """Return what the file tells."""
    return tomllib.loads(files("aliquot").joinpath("demonstration_borrower.toml").read_text("utf-8"))


def word() -> str:
    """Return by which word the borrower signs in."""
    return str(load()["borrower"]["word"])


def build(*, at: datetime) -> None:
    """Invite the borrower, receive practice material and lend it; the demonstration's roles must be there."""
    _Telling(load(), at).run()


class _Telling:
    """The loan of the file, told act by act."""

    def __init__(self, told: Table, at: datetime) -> None:
        self.told, self.at = told, at
        self.curator, self.director = (
            Person.objects.get(email=f"{role.value}@demo.invalid") for role in (Role.CURATOR, Role.DIRECTOR)
        )
        self.vials = [str(number) for number, _ in told["material"]["vials"]]

    def run(self) -> None:
        """Lend it, let it arrive and be used, let its inventory begin, and announce that a part comes back."""
        self.borrower = people.invite(
            email=f"{word()}@demo.invalid", name=self.told["borrower"]["name"], roles=[Role.REQUESTER], by=None, at=self.at
        )  # fmt: skip
        self._receive()
        loan = self._agreed()
        self._send(loan)
        self._report(loan)

    def _on(self, day: int) -> datetime:
        """Return a day from the building on; never before the last entry, for the ledger's time does not run backwards."""
        return max(self.at + timedelta(days=day), datetime.fromisoformat(Head.objects.get(pk=1).last_at))

    def _receive(self) -> None:
        store, origin, told = self.told["store"], self.told["origin"], self.told["material"]
        for one in (store, origin):
            Holder.objects.create(key=one["holder"], root=one["holder"].partition(":")[0], name_en=one["name_en"],
                                  name_zh=one["name_zh"], country=one.get("country", ""))  # fmt: skip
        at = self._on(told["day"])
        shelf = places.Told("site", store["name_en"], store["name_zh"], country=store["country"])
        places.make([store["code"]], shelf, holder=store["holder"], by=self.curator.key, at=at)
        by, use = samples.By(self.curator.key, moment(at)), self.told["loan"]["use_class"]
        samples.receive(
            self._row(told["number"]), origin=origin["holder"], place=store["holder"], mass_ng=_mass(told["mass"]),
            uses=[Use(told["number"], use, sealed=False)], by=by,
        )  # fmt: skip
        cuts = [(self._row(number), _mass(weighs)) for number, weighs in told["vials"]]
        uses = [Use(number, use, sealed=False) for number in self.vials]
        samples.split(told["number"], cuts, place=store["holder"], uses=uses, by=by)

    def _row(self, number: str) -> Sample:
        told = self.told["material"]
        return Sample(number=number, form=Form.POWDER, note_en=told["note_en"], note_zh=told["note_zh"])

    def _agreed(self) -> Loan:
        told, at = self.told["loan"], self._on(self.told["loan"]["day"])
        begins = at.date()
        terms = Told(
            modality=told["modality"], use_class=told["use_class"], lender=Party(*told["lender"]),
            borrower=Party(*told["party"]), begins=begins, ends=loan_terms.months_after(begins, told["months"]),
            report_months=told["report_months"], whole=frozenset(self.vials),
            consumed_most_ng={number: _mass(weighs) for number, weighs in told["consumed_most"].items()},
            **{name: told[name] for name in ("security", "credit", "purpose", "return_plan")},
        )  # fmt: skip
        lent = [(number, _mass(weighs)) for number, weighs in self.told["material"]["vials"]]
        drafted = agreements.make_direct(terms, lent, policy_key=told["policy"], borrower=self.borrower, by=self.curator, at=at)  # fmt: skip
        agreements.offer(drafted, by=self.curator, at=at)
        data = [told["signed"].encode()]
        with storage.receive(data, name="signed.txt", limits=settings.FILES) as file:
            agreements.sign(
                drafted, Signature(self.borrower.name, "", agreements.SCAN, file), by=self.borrower, at=at
            )
        with storage.receive(data, name="signed.txt", limits=settings.FILES) as file:
            loan = agreements.countersign(drafted, Signature(self.director.name, "", agreements.SCAN, file), by=self.director, at=at)  # fmt: skip

        name_en, _, name_zh = told["party"][0].partition(" · ")
        Holder.objects.filter(pk=loan.holder_id).update(name_en=name_en, name_zh=name_zh)
        return loan

    def _send(self, loan: Loan) -> None:
        told = self.told["parcel"]
        sent, arrived, seals = self._on(told["sent"]), self._on(told["arrived"]), tuple(told["seals"])
        gross_ng, sd_ng = _mass(told["gross"]), _mass(told["gross_sd"])
        parcel = parcels.pack(loan, Direction.OUT, self.vials, by=self.curator, at=sent)
        packed = Packed(carrier=told["carrier"], seals=seals, gross_ng=gross_ng, gross_sd_ng=sd_ng, expected_on=arrived.date())  # fmt: skip
        parcels.hand_over(parcel, packed, by=self.curator, at=sent)
        opened = Opened(told["opened_by"], seals, gross_ng, sd_ng, dict.fromkeys(self.vials, Found.SOUND))
        arrivals.confirm(parcel, opened, by=self.borrower, at=arrived)

    def _report(self, loan: Loan) -> None:
        used, counted, wish = self.told["consumed"], self.told["counted"], self.told["wish"]
        said = Consumed(used["sample"], _mass(used["mass"]), used["fate"], used["method"])
        loan_reports.consume(loan, said, by=self.borrower, at=self._on(used["day"]))
        line = Counted(counted["sample"], counted["outcome"], counted["note"], _mass(counted["mass"]))
        inventories.save(loan, Said(line), by=self.borrower, at=self._on(counted["day"]))
        back = Wish(Kind.RETURN, wish["reason"], samples=tuple(wish["samples"]), carrier=wish["carrier"],
                    on=self.at.date() + timedelta(days=wish["in_days"]))  # fmt: skip
        wishes.ask(loan, back, by=self.borrower, at=self._on(wish["day"]))


def _mass(text: str) -> int:
    found = mass.read(text)
    return found if isinstance(found, int) else fault.bug(str(found))
