"""Building the demonstration facility, in one transaction, with the same operations that curators use."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from aliquot import demonstration, fault, policy
from aliquot.demonstration import Done, NewSample
from aliquot.ledger import Use
from aliquot.site import queries
from aliquot.site.models import Holder, Role, Sample, SampleName
from aliquot.site.operations import (
    demonstration_access,
    demonstration_borrower,
    demonstration_loans,
    demonstration_register,
    demonstration_results,
    demonstration_shows,
    people,
    places,
    samples,
)
from aliquot.site.operations.ledger import sign_checkpoint
from aliquot.site.operations.samples import By

TRANSIT = "transit:t1"
# A second pair of hands at the bench, and of eyes on what is sealed.
SECOND = "curator-2"


@transaction.atomic
def build(*, at: datetime) -> None:
    """Enter every act of the demonstration and sign a checkpoint; people get a role each."""
    told = demonstration.load()
    for role in Role:
        person = people.invite(
            email=_email(role), name=f"Demonstration {role.label.lower()}", roles=[role], by=None, at=at
        )
        if role == Role.CURATOR:
            curator = person.key
    people.invite(
        email=_email(SECOND), name="Demonstration second curator", roles=[Role.CURATOR], by=None, at=at
    )
    for named in told.holders:
        Holder.objects.create(key=named.key, root=named.key.partition(":")[0], name_en=named.name_en,
                              name_zh=named.name_zh, country=named.country)  # fmt: skip
    for place in told.places:
        named = Holder.objects.get(key=place.holder)
        site = places.Told(
            place.kind, named.name_en, named.name_zh, atmosphere=place.atmosphere, country=named.country
        )
        places.make([place.code], site, holder=place.holder, by=curator, at=at)
    for act in told.acts:
        if act.kind != "lend" or not demonstration_loans.lend(act, built=at.date()):
            _do(act, By(curator, act.at, act.basis))
    demonstration_loans.build(at=at)
    demonstration_borrower.build(at=at)
    demonstration_shows.build(at=at)
    demonstration_register.build(at=at)
    sign_checkpoint(at=at)
    demonstration_access.build(at=at)
    demonstration_results.build(at=at)


def sign_in_links(*, at: datetime) -> list[tuple[str, str]]:
    """Return a fresh one-time token for each role, for the second curator, and for the borrower."""
    found = []
    for word in (*Role.values, SECOND, demonstration_borrower.word()):
        person = queries.people.by_email(_email(word))
        if person:
            found.append((word, people.make_sign_in_link(person, at=at, days=1)))
    return found


def _email(word: str) -> str:
    return f"{word}@demo.invalid"


def _do(act: Done, by: By) -> None:
    if act.kind == "receive":
        for new in act.new:
            samples.receive(
                _row(new), origin=act.source, place=act.target, mass_ng=new.mass_ng, uses=_uses(new), by=by
            )
            _name(new)
    elif act.kind == "split":
        cuts = [(_row(new), new.mass_ng) for new in act.new]
        uses = [use for new in act.new for use in _uses(new)]
        samples.split(act.parent, cuts, place=act.target, uses=uses, by=by)
        for new in act.new:
            _name(new)
    elif act.kind in ("give", "lend", "deposit"):
        for number in act.samples:
            _hand_over(act, number, by)
    else:
        fault.bug(f"the demonstration has an act of kind {act.kind}")


def _hand_over(act: Done, number: str, by: By) -> None:
    mass_ng = Sample.objects.values_list("mass_ng", flat=True).get(number=number)
    if act.kind == "give":
        samples.give(number, source=act.source, given=act.target, mass_ng=mass_ng, by=by)
    else:
        samples.ship(number, source=act.source, transit=TRANSIT, mass_ng=mass_ng, by=by)
        samples.deliver(number, transit=TRANSIT, target=act.target, mass_ng=mass_ng, by=by)


def _uses(new: NewSample) -> list[Use]:
    if not new.use:
        return []
    return [Use(new.number, new.use, sealed=new.use in policy.load("cnsa").sealed_classes)]


def _row(new: NewSample) -> Sample:
    return Sample(
        number=new.number,
        mission=new.mission,
        material=new.material,
        form=new.form,
        aggregate=new.aggregate,
        sources=new.sources,
        note_en=new.note_en,
        note_zh=new.note_zh,
    )


def _name(new: NewSample) -> None:
    sample = Sample.objects.get(number=new.number)
    SampleName.objects.bulk_create(
        SampleName(sample=sample, name=name, kind=kind, source=source) for name, kind, source in new.names
    )
