"""Reading the claims that people propose: one, all of a kind of waiting, their steps, the steps of all for publication."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from aliquot import register_claims
from aliquot.ledger import Entry
from aliquot.register_claims import Claim, Step
from aliquot.site.models import Person, RegisterClaim, RegisterStep

BATCH = 2000


def steps_before(entry: Entry) -> dict[str, int]:
    """Return the last step of the claim that an entry is about to record, as the ledger checks it."""
    if entry.recorded is None:
        return {}
    claim, _number = entry.recorded
    steps = RegisterStep.objects.filter(claim__key=claim).order_by("-number")
    last = steps.values_list("number", flat=True).first()
    return {claim: last} if last else {}


def found(key: str) -> RegisterClaim | None:
    """Return the row of a claim, with its proposer."""
    return RegisterClaim.objects.select_related("by").filter(key=key).first()


def history(row: RegisterClaim) -> list[tuple[RegisterStep, Step]]:
    """Return the steps of a claim in order, each with what its text says."""
    rows = RegisterStep.objects.filter(claim=row).select_related("by").order_by("number")
    return [(one, register_claims.read_step(one.text)) for one in rows]


def value_of(row: RegisterClaim) -> Claim:
    """Return the claim as its steps left it."""
    texts = RegisterStep.objects.filter(claim=row).order_by("number").values_list("text", flat=True)
    return register_claims.claim(map(register_claims.read_step, texts))


def claims(
    *, about: str = "", waiting: bool = False, by: Person | None = None, state: str = "", kind: str = ""
) -> QuerySet[RegisterClaim]:
    """Return the rows of claims, newest first, that meet every filter; `waiting` for somebody to look at them."""
    rows = RegisterClaim.objects.select_related("by").order_by("-number")
    if about:
        rows = rows.filter(about=about)
    if waiting:
        rows = rows.filter(checked=False, withdrawn=False)
    if by is not None:
        rows = rows.filter(by=by)
    if state:
        rows = rows.filter(state=state)
    return rows.filter(kind=kind) if kind else rows


def last_step() -> tuple[int, str]:
    """Return number and hash of the row of the newest step: the revision of the register; (0, "") before the first."""
    return RegisterStep.objects.order_by("-pk").values_list("pk", "hash").first() or (0, "")


def published(size: int) -> Iterator[str]:
    """Yield the text of every step that the first `size` entries record, in their order: a line each of the published file."""
    steps = RegisterStep.objects.filter(entry_id__lt=size).order_by("entry_id").values_list("text", flat=True)
    yield from steps.iterator(chunk_size=BATCH)


def on_record() -> Iterator[tuple[str, str]]:
    """Yield the text of each step with the text of its entry, in the order of the ledger."""
    steps = RegisterStep.objects.order_by("entry_id").values_list("text", "entry__text")
    yield from steps.iterator(chunk_size=BATCH)


def values_of(rows: Iterable[RegisterClaim]) -> dict[int, Claim]:
    """Return the claims of these rows as their steps left them, in one query."""
    pks = [row.pk for row in rows]
    steps = (
        RegisterStep.objects.filter(claim__in=pks)
        .order_by("claim_id", "number")
        .values_list("claim_id", "text")
    )
    made: dict[int, Claim] = {}
    for pk, text in steps:
        made[pk] = register_claims.after(made.get(pk), register_claims.read_step(text))
    return made


def newest_steps(most: int) -> list[RegisterStep]:
    """Return the newest steps of all claims."""
    return list(RegisterStep.objects.select_related("claim").order_by("-pk")[:most])


def every() -> Iterator[tuple[int, str, Claim]]:
    """Yield (row, key, claim) of every claim, in the order in which they were proposed."""
    made: dict[str, Claim] = {}
    for text in RegisterStep.objects.order_by("pk").values_list("text", flat=True).iterator(chunk_size=BATCH):
        step = register_claims.read_step(text)
        made[step.claim] = register_claims.after(made.get(step.claim), step)
    rows = dict(RegisterClaim.objects.order_by("number").values_list("key", "pk"))
    yield from ((pk, key, made[key]) for key, pk in rows.items() if key in made)
