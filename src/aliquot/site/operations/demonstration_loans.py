"""Loans, gifts, the deposit, exchanges and shows of the demonstration, with the operations and rows that curators use.

Read from `demonstration_loans.toml`. The entries are those of the demonstration's acts: a loan ships and delivers in its own
name, a deed names the entry that recorded it. Parcels, seals and gross masses were not published, so there are none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings

from aliquot import acts, fault, loans, mass
from aliquot import shows as show_values
from aliquot.agreements import Party
from aliquot.deeds import Item
from aliquot.demonstration import Done
from aliquot.loan_terms import Waiver
from aliquot.site.models import Deed, Exchange, Holder, Loan, Person, Posting, Role, Sample
from aliquot.site.operations import agreements, deeds, lending, shows, storage
from aliquot.site.operations import commitments as promises
from aliquot.site.operations import loans as loan_acts
from aliquot.site.operations.agreements import Signature, Told
from aliquot.site.operations.deeds import Agreed

Table = Mapping[str, Any]
TRANSIT = "transit:t1"
_SIGNED = "Demonstration. The sources {} tell of this loan; the signed paper was not published, and this stands in its place.\n"


@cache
def load() -> Table:
    """Return what the file tells."""
    return tomllib.loads(files("aliquot").joinpath("demonstration_loans.toml").read_text("utf-8"))


def lend(act: Done, *, built: date) -> bool:
    """Lend under an agreement what an act lends, where the file tells of one; say whether it does."""
    told = next((one for one in load()["loan"] if one["basis"] in act.basis), None)
    if told is None:
        return False
    at = datetime.fromisoformat(act.at)
    curator, director = _known(Role.CURATOR), _known(Role.DIRECTOR)
    weighs = dict(Sample.objects.filter(number__in=act.samples).values_list("number", "mass_ng"))
    drafted = agreements.make_direct(
        _terms(told, act), [(n, weighs[n]) for n in act.samples], policy_key="cnsa", by=curator, at=at
    )
    agreements.offer(drafted, by=curator, at=at)
    with storage.receive([_SIGNED.format(told["sources"]).encode()], name="signed.txt", limits=settings.FILES) as file:  # fmt: skip
        paper = Signature(_person(told), "", agreements.SCAN, file)
        agreements.sign(drafted, paper, by=curator, at=at)
    with storage.receive([_SIGNED.format(told["sources"]).encode()], name="signed.txt", limits=settings.FILES) as file:  # fmt: skip
        loan = agreements.countersign(drafted, Signature(director.name, "", agreements.SCAN, file), by=director, at=at)  # fmt: skip
    name_en, _, name_zh = told["borrower"].partition(" · ")
    Holder.objects.filter(pk=loan.holder_id).update(name_en=name_en, name_zh=name_zh or name_en)
    _deliver(loan, act, by=curator, at=at)
    _except(loan, date(built.year + load()["waiver"]["years"], 12, 31), by=director, at=at)
    return True


def _terms(told: Table, act: Done) -> Told:
    unknown = load()["not_published"]
    return Told(
        modality=told["modality"], use_class=told["modality"], begins=date.fromisoformat(act.at[:10]),
        ends=date.fromisoformat(told["ends"]), lender=Party(told["lender"], unknown, "CN"),
        borrower=Party(told["borrower"], _person(told), told["country"]), security=told.get("security", unknown),
        credit=unknown, purpose=told["purpose"], return_plan=unknown, whole=frozenset(act.samples),
    )  # fmt: skip


def _person(told: Table) -> str:
    return str(told.get("person", load()["not_published"]))


def _deliver(loan: Loan, act: Done, *, by: Person, at: datetime) -> None:
    """Ship and deliver in the loan's name, without a parcel of which nothing is known."""
    for item in loan.items.select_related("sample", "commitment"):
        number = item.sample.number
        place, mass_ng = lending.in_store(item.sample, whole=True)
        if item.commitment is not None:
            promises.release(item.commitment, at=at)
        lending.write(
            lambda s, n=number, m=mass_ng, p=place: acts.ship(s, n, source=p, transit=TRANSIT, mass_ng=m),  # type: ignore[misc]
            loan, by=by.key, at=at, basis=act.basis,
        )  # fmt: skip
        lending.write(
            lambda s, n=number, m=mass_ng: acts.deliver(s, n, transit=TRANSIT, target=loan.holder.key, mass_ng=m),  # type: ignore[misc]
            loan, by=by.key, at=at, basis=act.basis,
        )  # fmt: skip
    for word in ("ship", "arrive"):
        now = lending.locked(loan)
        taken = lending.step(loans.CYCLE, now.state, word, who=lending.on_loan(now, by))
        lending.stepped(now, taken, by=by.key, at=at)
    Loan.objects.filter(pk=loan.pk).update(begins=at.date())


def _except(loan: Loan, until: date, *, by: Person, at: datetime) -> None:
    told = load()["waiver"]
    loan_acts.waive(loan, Waiver(told["rule"], told["authority"], told["reason"], until), by=by, at=at)


def build(*, at: datetime) -> None:
    """Record deeds, exchanges and shows; the acts of the demonstration must be done."""
    by = _known(Role.DIRECTOR)
    made: dict[str, Deed] = {}
    for one in load()["deed"]:
        made[one["key"]] = _deed(one, made.get(one.get("answers", "")), by=by, at=at)
        if one.get("receipt"):
            deeds.sign_receipt(made[one["key"]], by=by, at=at)
    agreed = {one["key"]: _exchange(one, by=by, at=at) for one in load()["exchange"]}
    for one in load()["delivery"]:
        items = tuple(Item("", what, _mass(weighs)) for what, weighs in one["items"])
        deeds.record(_told(one, "exchange", items), moves=False, exchange=agreed[one["exchange"]], by=by, at=at)  # fmt: skip
    for one in load()["show"]:
        _show(one, at=at)


def _deed(told: Table, answers: Deed | None, *, by: Person, at: datetime) -> Deed:
    number = told.get("sample", "")
    entries = {number: _entry(number, told["holder"])} if number else {}
    what = "" if number else told["what"]
    item = Item(number, what, None if number else _mass(told["mass"]))
    return deeds.record(
        _told(told, told["kind"], (item,)), moves=False, entries=entries, answers=answers, by=by, at=at
    )


def _told(told: Table, kind: str, items: tuple[Item, ...]) -> deeds.Told:
    kept = ("country", "occasion", "present_holder", "sources", "note")
    return deeds.Told(
        kind=kind, way=told["way"], giver=told["giver"], receiver=told["receiver"], when=told["when"], items=items,
        instrument=told.get("instrument", load()["not_published"]), **{name: told[name] for name in kept if name in told},
    )  # fmt: skip


def _entry(number: str, holder: str) -> int:
    found = Posting.objects.filter(sample__number=number, holder__key=holder, mass_ng__gt=0)
    return int(found.order_by("-entry").values_list("entry", flat=True)[0])


def _exchange(told: Table, *, by: Person, at: datetime) -> Exchange:
    legs = [
        Agreed(leg["way"], leg["party"], leg["what"], _mass(leg.get("base", "")), leg.get("share", "1/1"))
        for leg in told["leg"]
    ]
    return deeds.agree(
        title_en=told["title_en"], title_zh=told["title_zh"], when=told.get("when", "?"), legs=legs,
        instrument=told.get("instrument", load()["not_published"]), sources=told["sources"], by=by, at=at,
    )  # fmt: skip


def _show(told: Table, *, at: datetime) -> None:
    """Note a show that is over; the loan under which its sample is out belongs to it, where there is one."""
    by, unknown = _known(Role.DIRECTOR), load()["not_published"]
    kept = {name: told[name] for name in ("title_en", "title_zh", "venue", "city", "country")}
    said = show_values.Show(
        **kept, first=date.fromisoformat(told["first"]), last=date.fromisoformat(told["last"]),
        security_plan=unknown, insurance=unknown,
    )  # fmt: skip
    basis = told.get("basis", "")
    loan = next((row for row in Loan.objects.all() if basis and _rests_on(row, basis)), None)
    made = shows.note_past(said, sources=told["sources"], loan=loan, by=by, at=at)
    if "exception" in told:
        shows.note_exception(made, Waiver("loan-months", unknown, told["exception"], said.last), by=by, at=at)  # fmt: skip


def _rests_on(loan: Loan, basis: str) -> bool:
    return Posting.objects.filter(holder=loan.holder, entry__text__contains=basis).exists()


def _mass(text: str) -> int | None:
    if not text:
        return None
    found = mass.read(text)
    return found if isinstance(found, int) else fault.bug(str(found))


def _known(role: Role) -> Person:
    return Person.objects.get(email=f"{role.value}@demo.invalid")
