"""An inventory with a phone: one sample after the other, each saved by itself, gone on with another day, handed in once."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import fault, mass
from aliquot.accountability import NOTE_MOST, Counted, Outcome
from aliquot.fault import Fault
from aliquot.site import loan_words, permissions, queries
from aliquot.site.models import InventoryDraftLine, Loan, LoanItem
from aliquot.site.operations import inventories
from aliquot.site.operations.inventories import Said
from aliquot.site.permissions import Act
from aliquot.site.web import acting, files, loans_ways
from aliquot.site.web.acting import Body, Shown
from aliquot.site.web.borrowing import crumbs, found

NAMED: dict[str, Promise] = {
    "outcome": gettext_lazy("What became of it"),
    "note": gettext_lazy("Note"),
    "mass": gettext_lazy("Mass"),
    "photograph": gettext_lazy("Photograph"),
    "lines": gettext_lazy("Lines"),
    "sample": gettext_lazy("Sample"),
    "person": gettext_lazy("Person"),
    "state": gettext_lazy("State"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A sample with what was saved of it, or with what was typed where that was refused."""

    number: int
    item: LoanItem
    held_ng: int
    saved: InventoryDraftLine | None
    outcome: str
    note: str
    mass: str
    is_refused: bool = False
    faults: dict[str, list[Shown]] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def inventory(request: HttpRequest, key: str) -> HttpResponse:
    """Show what an inventory has to say, save a line of it, hand it in."""
    row = found(request, key)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        if not _may(request, row):
            raise PermissionDenied
        done = _acted(request, row)
        if isinstance(done, dict):
            if done.get("said"):
                messages.success(request, str(done["said"]))
            return redirect(str(done["to"]))
        faults = done
    return render(
        request, "borrowing/inventory.html", _context(request, row, faults), status=422 if faults else 200
    )


def _may(request: HttpRequest, row: Loan) -> bool:
    return queries.loans.is_borrower(row, request.user) or permissions.may(request.user, Act.KEEP_LOANS)


def _acted(request: HttpRequest, row: Loan) -> Body | tuple[Fault, ...]:
    """Do what was sent; a photograph is received first, so that what is no photograph is refused beside its field."""
    with ExitStack() as stack:

        def act() -> Body:
            if request.POST.get("act") == "hand in":
                inventories.hand_in(row, by=request.user, at=timezone.now())
                return {"to": reverse("borrowed", args=[row.key]), "said": _("The inventory is handed in.")}
            sent = request.FILES.get("photograph")
            received = stack.enter_context(loans_ways.kept(sent)) if sent is not None else None
            said = Said(_told(request), received, without_photograph="without" in request.POST)
            inventories.save(row, said, by=request.user, at=timezone.now())
            return {"to": _next(row, said.counted.sample)}

        return acting.attempt(request, act)


def _told(request: HttpRequest) -> Counted:
    """Return what was typed of a sample; raise `Refused` where the mass cannot be read."""
    told = request.POST
    typed = told.get("mass", "").strip()
    read = mass.read(typed) if typed else None
    if isinstance(read, Fault):
        raise fault.Refused([read])
    return Counted(
        told.get("sample", "")[:120].replace("\0", ""),
        told.get("outcome", "")[:20],
        told.get("note", ""),
        read,
    )


def _next(row: Loan, sample: str) -> str:
    """Return the address of the first sample after this one of which nothing is saved, or of the end."""
    numbers = [item.sample.number for item in queries.borrowing.to_count(row)]
    draft = queries.borrowing.draft(row)
    saved = {line.sample.number for line in draft.lines.all()} if draft is not None else set()
    after = numbers.index(sample) + 1 if sample in numbers else 0
    order = [*range(after, len(numbers)), *range(after)]
    first = next((i for i in order if numbers[i] not in saved), None)
    return (
        f"{reverse('borrowed-inventory', args=[row.key])}#{'end' if first is None else f'line-{first + 1}'}"
    )


def _context(request: HttpRequest, row: Loan, faults: tuple[Fault, ...]) -> dict[str, object]:
    draft = queries.borrowing.draft(row)
    saved = {line.sample.number: line for line in draft.lines.all()} if draft is not None else {}
    of_line = request.POST.get("sample", "") if request.POST.get("act") == "save" else ""
    shown = _shown(faults)
    lines = [
        _line(request, i, one.item, one.line.held_ng, saved.get(one.item.sample.number), shown if one.item.sample.number == of_line else [])
        for i, one in enumerate(queries.borrowing.rows(row), start=1)
    ]  # fmt: skip
    beside = any(line.is_refused for line in lines)
    return {
        "loan": row,
        "value": queries.loans.value(row),
        "today": timezone.now().date(),
        "lines": lines,
        "done": sum(line.saved is not None for line in lines),
        "outcomes": loan_words.OUTCOMES,
        "note_most": NOTE_MOST,
        "faults": [one for one in shown if not beside or one.where not in ("outcome", "note", "mass", "photograph")],
        "named": NAMED,
        "may": _may(request, row) and row.state in ("with borrower", "recalled"),
        "have": Outcome.HAVE.value,
        "crumbs": crumbs({"label": row.number, "href": reverse("borrowed", args=[row.key])}, {"label": _("Inventory")}),
    }  # fmt: skip


def _shown(faults: tuple[Fault, ...]) -> list[Shown]:
    """Return faults in the reader's language; what is wrong with a file that was sent stands beside the photograph."""
    of_boxes = set(NAMED) | {"act", "key", "loan", "reason"}
    return [
        Shown(one.where if one.where in of_boxes else "photograph", said.said, said.advice)
        for one, said in zip(faults, acting.shown(faults), strict=True)
    ]


def _line(
    request: HttpRequest, number: int, item: LoanItem, held_ng: int, saved: InventoryDraftLine | None, faults: list[Shown]
) -> Line:  # fmt: skip
    if faults:
        told = {name: request.POST.get(name, "").replace("\0", "") for name in ("outcome", "note", "mass")}
    else:
        told = {
            "outcome": saved.outcome if saved else "",
            "note": saved.note if saved else "",
            "mass": mass.show(saved.mass_ng, separator="") if saved and saved.mass_ng is not None else "",
        }
    beside: dict[str, list[Shown]] = {}
    for one in faults:
        beside.setdefault(one.where, []).append(one)
    return Line(number, item, held_ng, saved, **told, is_refused=bool(faults), faults=beside)


@require_safe
@login_required
def photograph(request: HttpRequest, key: str, sha256: str) -> HttpResponse:
    """Show a photograph of an inventory of this loan to those who may see the loan."""
    row = found(request, key)
    file = queries.borrowing.photograph(row, sha256)
    if file is None:
        raise Http404
    return files.private_thumbnail(request, file)
