"""Reading promises: what is set aside for a request, what of a sample can still be promised, what a sample was made from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet, Sum

from aliquot import request_limits
from aliquot.calls import Call as Said
from aliquot.policy import Policy
from aliquot.site.models import Balance, Commitment, Descent, Form, Request, Sample

GENERATIONS: Final = 40  # more divisions than any collection has made one after another


@dataclass(frozen=True, slots=True)
class Free:
    """What the store has of a sample: in the store, promised, and kept back by the policy; nanograms.

    `class_reserve_ng` is what of its class no plan allocates: more than that may be kept back by `reserve_ng`, or less.
    """

    sample: str
    balance_ng: int = 0
    committed_ng: int = 0
    reserve_ng: int = 0
    sealed: bool = False
    class_reserve_ng: int = 0

    @property
    def free_ng(self) -> int:
        """What can still be promised; never below zero, and nothing of what is sealed."""
        return 0 if self.sealed else max(self.balance_ng - self.committed_ng - self.reserve_ng, 0)

    @property
    def kept_from_plans_ng(self) -> int:
        """What stays behind whatever is planned: of both reserves the greater."""
        return max(self.reserve_ng, self.class_reserve_ng)

    @property
    def left_ng(self) -> int:
        """What is in the store beyond promises; nothing of what is sealed."""
        return 0 if self.sealed else max(self.balance_ng - self.committed_ng, 0)


def basis(request: Request, line: int) -> str:
    """Return what a promise for a line of a request is made on; lines are counted from 1."""
    return f"request:{request.key}/{line}"


def of_request(request: Request) -> QuerySet[Commitment]:
    """Return the promises that stand for a request."""
    rows = Commitment.objects.filter(basis__startswith=f"request:{request.key}/", released_at=None)
    return rows.select_related("sample").order_by("pk")


def by_basis(bases: Collection[str]) -> dict[str, list[tuple[str, int]]]:
    """Return the samples and nanograms that stand promised on each of these bases, in one query."""
    rows = Commitment.objects.filter(basis__in=bases, released_at=None).order_by("pk")
    found: dict[str, list[tuple[str, int]]] = {}
    for on, number, mass_ng in rows.values_list("basis", "sample__number", "mass_ng"):
        found.setdefault(on, []).append((number, mass_ng))
    return found


def free(numbers: Collection[str], *, said: Said, rules: Policy) -> dict[str, Free]:
    """Return what there is of each of these samples that the catalogue has, in three queries."""
    rows = Sample.objects.filter(number__in=numbers).values_list(
        "number", "start_ng", "form", "sealed", "use_class"
    )
    held = dict(
        Balance.objects.filter(sample__number__in=numbers, holder__root="place")
        .values_list("sample__number").annotate(total=Sum("mass_ng"))
    )  # fmt: skip
    promised = dict(
        Commitment.objects.filter(sample__number__in=numbers, released_at=None)
        .values_list("sample__number").annotate(total=Sum("mass_ng"))
    )  # fmt: skip
    offers = {offer.sample: offer for offer in said.offers}
    found = {}
    for number, start_ng, form, sealed, use_class in rows:
        offer = offers.get(number)
        word = offer.form if offer else str(Form(form).label) if form else ""
        kept_ng = request_limits.reserve_ng(
            start_ng or 0, form=word, rare=bool(offer and offer.rare), rules=rules
        )
        use = rules.use(use_class)
        class_ng = -(-(start_ng or 0) * (use.reserve_percent if use else 0) // 100)
        found[number] = Free(number, held.get(number, 0), promised.get(number, 0), kept_ng, sealed, class_ng)
    return found


def come_from(numbers: Iterable[str], sources: Collection[str]) -> set[str]:
    """Return which of these samples were made from one of the sources, however many divisions ago."""
    wanted, reached = set(numbers), set()
    above: Mapping[str, set[str]] = {number: {number} for number in wanted}
    for _ in range(GENERATIONS):
        steps = Descent.objects.filter(daughter__number__in=above.keys())
        up: dict[str, set[str]] = {}
        for parent, daughter in steps.values_list("parent__number", "daughter__number"):
            up.setdefault(parent, set()).update(above[daughter])
        reached |= {number for parent, below in up.items() if parent in sources for number in below}
        above = {parent: below - reached for parent, below in up.items() if below - reached}
        if not above:
            break
    return reached
