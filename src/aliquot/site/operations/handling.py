"""Acts at the bench: `record` writes one down, with all that it does to mass, samples and exposures. One transaction an act.

The entry does not cite the handling: the handling names its entry. What an entry rests on is what was told as `basis`, and
the proposal where a sealed sample was approved for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from aliquot import fault, handling
from aliquot.fault import Fault, Refused
from aliquot.handling import Known, Plan, Told, examining, planning
from aliquot.handling.known import Made, inherited
from aliquot.ledger import Entry
from aliquot.site.models import (
    Cleaning,
    Exposure,
    HandledSample,
    Handling,
    Head,
    Holder,
    Person,
    Proposal,
    Sample,
    SampleName,
    Tool,
    ToolUse,
    Weighing,
)
from aliquot.site.operations import samples
from aliquot.site.operations.ledger import append, lock, moment
from aliquot.site.queries import approvals
from aliquot.site.queries import handling as reads
from aliquot.site.queries.approvals import Standing


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written: the handling, its entry if mass moved, the numbers of new samples, and what wants attention."""

    handling: Handling
    entry: Entry | None
    numbers: tuple[str, ...]
    notes: tuple[Fault, ...] = ()


@transaction.atomic
def record(
    kind: str,
    told: Mapping[str, object],
    *,
    by: Person,
    at: datetime,
    second: Person | None = None,
    proposal: Proposal | None = None,
) -> Recorded:
    """Record an act of a kind of `handling.KINDS`; raise `Refused` with every fault, and nothing is written.

    `told` is what was typed, by the names of the kind's fields. `at` is when it is recorded; when it was done may be told.
    A place is told by its holder's key or its code, a person by their key. What touches a sealed sample is carried out
    under a `proposal` that has its approvals (see `operations.approvals`).
    """
    lock()
    said: object = {**told, "second": second.key} if second and isinstance(told, Mapping) else told
    values, faults = handling.gather(kind, said)
    if not values.kind or not isinstance(said, Mapping):
        raise Refused(faults)
    known = reads.known(values, by=by.key, at=at)
    if proposal is not None:
        fault.refuse_if(_check_proposal(proposal, values))
    fault.refuse_if((*faults, *handling.check_names(values, known)))
    plan = handling.plan(values, known, approved=proposal is not None)
    if not isinstance(plan, Plan):
        raise Refused(plan)
    return _Writing(values, known, plan, by.key, at, proposal).write(said)


def _check_proposal(proposal: Proposal, told: Told) -> Iterable[Fault]:
    """What is carried out is what was approved: the same act on the same samples, and no more mass."""
    now = Proposal.objects.get(pk=proposal.pk)
    standing = approvals.standing(now)
    if standing is Standing.DONE:
        yield fault.of("proposal", "this was carried out already", "propose it anew")
    elif standing is Standing.WITHDRAWN:
        yield fault.of("proposal", "this was withdrawn", "propose it anew")
    elif standing is Standing.REFUSED:
        yield fault.of("proposal", "this was refused", "propose it anew, and say what is different")
    elif standing is Standing.WAITING:
        yield fault.of("proposal", "{given} of {needed} people have approved this", "wait for the others",
                       given=now.approvals.count(), needed=now.needed)  # fmt: skip
    was = handling.read(now.kind, now.told)
    if not isinstance(was, Told):
        fault.bug(f"proposal {now.pk} cannot be read")
    if not planning.is_same(was, told):
        yield fault.of("proposal", "this is not what was approved", "carry out that, or propose this")
    most_ng, taken_ng = planning.taken_ng(was), planning.taken_ng(told)
    if most_ng is not None and (taken_ng is None or taken_ng > most_ng):
        yield fault.of("proposal", "more would be taken than was approved", "take less, or propose this")


@dataclass(frozen=True, slots=True)
class _Writing:
    """One act that was decided on, on its way into the tables. The head is locked."""

    told: Told
    known: Known
    plan: Plan
    by: str
    at: datetime
    proposal: Proposal | None

    def write(self, said: Mapping[str, object]) -> Recorded:
        samples.create(self._new_rows()) if self.plan.made else None
        entry = self._append()
        rows = self._rows()
        done = self._handling(said, entry)
        self._parts(done, rows)
        self._exposures(done, rows)
        self._tools(done)
        self._weighings(done, rows)
        self._changes(moved=entry is not None)
        self._renamed(rows)
        if self.proposal is not None:
            Proposal.objects.filter(pk=self.proposal.pk).update(handling=done)
        return Recorded(done, entry, tuple(one.number for one in self.plan.made), tuple(self._notes()))

    @property
    def done_at(self) -> datetime:
        told = self.told.text("at")
        return datetime.fromisoformat(told) if told else self.at

    def _new_rows(self) -> list[Sample]:
        """Return the rows of new samples; what was not told they take from the sample that they are like."""
        likes = {one.like for one in self.plan.made if one.like}
        like = {row.number: row for row in Sample.objects.filter(number__in=likes)}
        return [self._new_row(one, like.get(one.like)) for one in self.plan.made]

    def _new_row(self, one: Made, like: Sample | None) -> Sample:
        kept = ("mission", "material", "subtype", "form", "condition", "published")
        if self.told.kind == "renumber":
            kept += ("aggregate", "pristine_percent", "note_en", "note_zh", "sources")
        taken = {name: getattr(like, name) for name in kept} if like else {}
        own = {name: said for name in ("mission", "material", "form", "condition") if (said := getattr(one, name))}  # fmt: skip
        return Sample(**{**taken, **own}, number=one.number, start_sd_ng=one.sd_ng, mass_sd_ng=one.sd_ng)

    def _append(self) -> Entry | None:
        """Append the entries of the act; the last one is the one that it is known by."""
        basis = [self.told.text("basis")] if self.told.text("basis") else []
        basis += [f"proposal:{self.proposal.pk}"] if self.proposal is not None else []
        entry = None
        for write in self.plan.writes:
            entry = append(write, by=self.by, at=moment(self.at), basis=basis)
        return entry

    def _rows(self) -> dict[str, int]:
        """Return the row of every sample that the act names, made ones too."""
        numbers = {one.sample for one in self.plan.parts} | {number for number, _ in self.plan.heirs}
        return dict(Sample.objects.filter(number__in=numbers).values_list("number", "pk"))

    def _handling(self, said: Mapping[str, object], entry: Entry | None) -> Handling:
        place = self.told.text("place") or self.told.text("target")
        holder = self.known.spots[place].holder if place else ""
        return Handling.objects.create(
            kind=self.told.kind,
            at=self.done_at,
            recorded_at=self.at,
            by=self.by,
            second=self.told.text("second"),
            entry_id=entry.index if entry else None,
            place=Holder.objects.get(key=holder) if holder else None,
            reason=self.told.text("reason"),
            note=self.told.text("note"),
            told=dict(said),
        )

    def _parts(self, done: Handling, rows: Mapping[str, int]) -> None:
        HandledSample.objects.bulk_create(
            HandledSample(handling=done, sample_id=rows[one.sample], part=one.part, mass_ng=one.mass_ng)
            for one in self.plan.parts
        )

    def _exposures(self, done: Handling, rows: Mapping[str, int]) -> None:
        """Write what was met in the act itself, and what daughters inherit: of that, the handling is where it was met."""
        heirs: list[tuple[int, Exposure]] = []
        for one in self.plan.met:
            met = Exposure.objects.create(handling=done, sample_id=rows[one.sample], agent=one.agent,
                                          amount=one.amount, minutes=one.minutes)  # fmt: skip
            # What was recorded late is inherited by what was made of the sample meanwhile.
            late = reads.made_after(rows[one.sample], self.done_at) if self.done_at < self.at else []
            heirs += [(pk, met) for pk in late]
            if one.agent == "air" and late:
                self._aired(late)
        at = self.told.text("at") or self.known.at
        wanted = [
            (rows[heir], one.root)
            for heir, parents in self.plan.heirs
            for one in inherited(heir, parents, self.known.pieces, at=at)
        ]
        roots = Exposure.objects.in_bulk({root for _, root in wanted}) if wanted else {}
        heirs += [(sample, roots[root]) for sample, root in wanted]
        Exposure.objects.bulk_create(
            Exposure(
                sample_id=sample,
                handling_id=root.handling_id,
                agent=root.agent,
                amount=root.amount,
                minutes=root.minutes,
                origin=root,
            )
            for sample, root in heirs
        )

    def _aired(self, samples: Iterable[int]) -> None:
        """Note that what was made of a sample after it met air has met air too."""
        Head.objects.filter(pk=1).update(revision=F("revision") + 1)
        revision = Head.objects.values_list("revision", flat=True).get(pk=1)
        fresh = Sample.objects.filter(pk__in=list(samples), condition__in=("", "pristine"))
        fresh.update(condition="air-exposed", revision=revision)

    def _tools(self, done: Handling) -> None:
        """Write which tools were used, each with the newest cleaning that it had; or, of a cleaning, the batch itself."""
        keys = self.told.names("tools")
        if not keys:
            return
        tools = Tool.objects.filter(key__in=keys)
        if self.told.kind == "clean":
            batch = Cleaning.objects.create(
                batch=self.told.text("batch"), at=self.done_at, by=self.by,
                method=self.told.text("method"), note=self.told.text("note"),
            )  # fmt: skip
            batch.tools.set(tools)
            return
        cleaned = Cleaning.objects.filter(tools__in=tools, at__lte=self.done_at).order_by("at", "pk")
        newest = dict(cleaned.values_list("tools", "pk"))
        ToolUse.objects.bulk_create(
            ToolUse(handling=done, tool=tool, cleaning_id=newest.get(tool.pk)) for tool in tools
        )

    def _weighings(self, done: Handling, rows: Mapping[str, int]) -> None:
        Weighing.objects.bulk_create(
            Weighing(
                handling=done,
                sample_id=rows[one.sample],
                at=self.done_at,
                by=self.by,
                reading=one.reading,
                mass_ng=one.mass_ng,
                sd_ng=one.sd_ng,
                count=one.count,
                balance=one.balance,
                calibration=one.calibration,
                book_ng=one.book_ng,
                readings=list(one.readings),
                tare_ng=one.tare_ng,
                air=one.air,
            )
            for one in self.plan.weighed
        )

    def _changes(self, *, moved: bool) -> None:
        """Change what is different of samples, and have catalogue and search see it."""
        if not self.plan.changes and not self.plan.weighed:
            return
        if not moved:
            Head.objects.filter(pk=1).update(revision=F("revision") + 1)
        revision = Head.objects.values_list("revision", flat=True).get(pk=1)
        for one in self.plan.changes:
            fields = {"form": one.form, "condition": one.condition, "mass_sd_ng": one.sd_ng}
            changed = {name: value for name, value in fields.items() if value is not None}
            Sample.objects.filter(number=one.sample).update(revision=revision, **changed)

    def _renamed(self, rows: Mapping[str, int]) -> None:
        """A sample that was renumbered is still found by its old number and by all that it was called before."""
        if self.told.kind != "renumber":
            return
        old, new = self.told.text("sample"), rows[self.told.text("number")]
        names = [SampleName(sample_id=new, name=old, kind="former")]
        names += [
            SampleName(sample_id=new, name=one.name, kind=one.kind, source=one.source)
            for one in SampleName.objects.filter(sample_id=rows[old]).exclude(name=old)
        ]
        SampleName.objects.bulk_create(names)

    def _notes(self) -> Iterable[Fault]:
        """What was recorded and wants attention: a balance that disagrees with the book."""
        for one in self.plan.weighed:
            if one.sample in self.known.pieces:
                yield from examining.disagreement(one, self.known.pieces[one.sample].sd_ng)


def faults_of(kind: str, told: Mapping[str, object], *, by: Person, at: datetime) -> Sequence[Fault]:
    """Return what would keep the act from being recorded now, approvals apart; for who proposes or previews one."""
    with transaction.atomic():
        values, faults = handling.gather(kind, told)
        if not values.kind:
            return faults
        known = reads.known(values, by=by.key, at=at)
        found = (*faults, *handling.check_names(values, known))
        if found:
            return found
        plan = handling.plan(values, known, approved=True)
        return () if isinstance(plan, Plan) else plan
