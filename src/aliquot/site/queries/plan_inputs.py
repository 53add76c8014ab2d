"""What of a call goes into a plan: the requests before the panel with their scores, what was offered and is left, what was granted.

Read under the ledger's lock, all of it is of one moment. Containers are the offered samples as they are in the store then.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from aliquot import fault, scores
from aliquot.allocation_rounds import Candidate, Given, Vial
from aliquot.policy import Policy
from aliquot.site.models import Call, Form, Request, Sample
from aliquot.site.queries import calls, decisions, promises, requests
from aliquot.site.queries.scores import all_scores

GRANTED = ("granted", "under appeal")
HEARD = (
    "in hearings",
    "being decided",
)  # from here on only the short list of a call with hearings is before the panel


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a round is built from; requests without a review cannot be ranked and are named, institutions by what they are called."""

    candidates: tuple[Candidate, ...]
    vials: tuple[Vial, ...]
    given: tuple[Given, ...]
    without_review: tuple[str, ...]
    institutions: dict[str, str]


def frozen(call: Call) -> Frozen:
    """Return what a plan of this call is made from now."""
    rules = calls.rules(call)
    rows = list(
        call.requests.filter(submitted_at__isnull=False).order_by("key").prefetch_related("receipts__version")
    )
    totals = scores.summarise(all_scores(call), disagreement_percent=rules.disagreement_percent)
    known = {one.request: one.normalised for one in totals}
    states = (
        ("on the short list",) if calls.value(call).two_stage and call.state in HEARD else requests.REVIEWED
    )
    before = [row for row in rows if row.state in states]
    institutions: dict[str, str] = {}
    candidates = [
        _candidate(row, known[row.key], call, rules, institutions) for row in before if row.key in known
    ]
    granted = _granted(rows, call, rules)
    given = tuple(Given(_institution(row, institutions), _country(row), ng) for row, _, ng in granted if ng)
    named = {line.sample for one in candidates for line in one.lines} | {
        s for one in candidates for line in one.lines for s in line.alternatives
    }
    return Frozen(tuple(candidates), _vials(call, rules, named - {""}, _spoken_for(granted)), given,
                  tuple(row.key for row in before if row.key not in known), institutions)  # fmt: skip


def _candidate(
    row: Request, score: Fraction, call: Call, rules: Policy, institutions: dict[str, str]
) -> Candidate:
    held = requests.last_receipt(row)
    if held is None:
        fault.bug(f"request {row.key} is before the panel and was never submitted")
    said = requests.understood(held, call=call, rules=rules)
    return Candidate(row.key, score, _institution(row, institutions), said.lead.country, said.lines)


def _lead(row: Request) -> dict[str, object]:
    held = requests.last_receipt(row)
    told = held.version.told.get("lead") if held else None
    return told if isinstance(told, dict) else {}


def _country(row: Request) -> str:
    return str(_lead(row).get("country", "")).strip()


def _institution(row: Request, institutions: dict[str, str]) -> str:
    """Return what an institution is known by, and remember what it is called."""
    lead = _lead(row)
    name = str(lead.get("institution", "")).strip()
    key = str(lead.get("ror", "")).strip().rsplit("/", 1)[-1].casefold() or name.casefold()
    institutions.setdefault(key, name)
    return key


def _granted(rows: list[Request], call: Call, rules: Policy) -> list[tuple[Request, str, int]]:
    """Return what was granted of each line that was decided: the request, the sample it names, nanograms."""
    found = []
    for row in rows:
        held = requests.last_receipt(row)
        if row.state not in GRANTED or held is None:
            continue
        lines = requests.understood(held, call=call, rules=rules).lines
        granted_ng = decisions.granted_ng(row)
        standing = promises.by_basis([promises.basis(row, i) for i in range(1, len(lines) + 1)])
        for i, (line, ng) in enumerate(zip(lines, granted_ng, strict=False), start=1):
            promised = standing.get(promises.basis(row, i))
            found += (
                [(row, sample, mass_ng) for sample, mass_ng in promised]
                if promised
                else [(row, line.sample, ng)]
            )
    return found


def _spoken_for(granted: list[tuple[Request, str, int]]) -> dict[str, int]:
    taken: dict[str, int] = defaultdict(int)
    for _, sample, ng in granted:
        taken[sample] += ng
    return taken


def _vials(call: Call, rules: Policy, named: set[str], spoken_for: dict[str, int]) -> tuple[Vial, ...]:
    said = calls.value(call)
    offers = {offer.sample: offer for offer in said.offers}
    numbers = sorted(offers.keys() | named)
    free = promises.free(numbers, said=said, rules=rules)
    rows = {row.number: row for row in Sample.objects.filter(number__in=numbers)}
    found = []
    for number in numbers:
        if number not in rows or number not in free:
            continue
        row, here, offer = rows[number], free[number], offers.get(number)
        offered_ng = max(offer.mass_ng - spoken_for.get(number, 0), 0) if offer else 0
        form = offer.form if offer else str(Form(row.form).label) if row.form else ""
        found.append(
            Vial(
                number,
                offer.kind if offer else "",
                form,
                here.left_ng,
                offered_ng,
                here.kept_from_plans_ng,
                row.condition == "pristine",
            )
        )
    return tuple(found)
