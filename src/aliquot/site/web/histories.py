"""The parts of a sample's file that tell its history: what was done to it, how it was weighed, how it was on a day."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from aliquot import handling, mass
from aliquot.site import permissions, queries, words
from aliquot.site.drawings import weighings as drawing
from aliquot.site.models import Sample, Weighing
from aliquot.site.operations import remarks
from aliquot.site.permissions import Act, Somebody
from aliquot.site.web import acting
from aliquot.site.web.pictures import Picture

AGENTS: dict[str, str] = {choice.word: choice.label for choice in handling.AGENTS}


def of(number: str, person: Somebody, asked_on: str) -> dict[str, object]:
    """Return what the sample's page shows of its history to this person; `asked_on` is a day as the address has it."""
    sample = Sample.objects.get(number=number)
    in_full = permissions.may(person, Act.SEE_WORK)
    may_remark = permissions.may(person, Act.WRITE_REMARKS)
    day = day_of(asked_on)
    return {
        "done": [_shown(one) for one in queries.histories.handlings(sample, in_full=in_full)],
        "in_full": in_full,
        "exposures": [
            (_(AGENTS.get(one.agent, one.agent)), one) for one in queries.histories.exposures(sample)
        ],
        "weighings": picture(queries.histories.weighings(sample), number),
        "asked_on": asked_on,
        "as_of": queries.histories.as_of(sample, day) if day else None,
        "remarks": queries.histories.remarks(sample) if in_full or may_remark else (),
        "may_remark": may_remark,
        "sees_remarks": in_full or may_remark,
    }


def _shown(one: queries.histories.Done) -> dict[str, object]:
    act = handling.KINDS.get(one.kind)
    return {
        "row": one,
        "what": _(act.label) if act else one.kind,
        "part": words.said("part_in_act", one.part),
    }


def day_of(text: str) -> date | None:
    """Return the day that an address states, or None where it states none."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def picture(found: tuple[Weighing, ...], number: str) -> Picture | None:
    """Return the weighings as a drawing with the table behind it."""
    if not found:
        return None
    drawn = drawing.draw(
        [
            drawing.Reading(f"{one.at:%Y-%m-%d}", one.mass_ng, one.sd_ng, one.book_ng, one.balance)
            for one in found
        ],
        prefix="weighings",
        title=_("Weighings of %(number)s") % {"number": number},
    )
    head = [
        _("Time (UTC)"),
        _("Reading"),
        _("Mass"),
        _("± one standard deviation"),
        _("In the book"),
        _("Balance"),
    ]
    rows = [
        [f"{one.at:%Y-%m-%d %H:%M}", one.reading, mass.show(one.mass_ng), mass.show(one.sd_ng), mass.show(one.book_ng),
         f"{one.balance} {one.calibration}".strip() or "–"]
        for one in reversed(found)
    ]  # fmt: skip
    table = {"caption": _("How it was weighed"), "head": head, "rows": rows}
    return Picture(mark_safe(drawn), table)  # noqa: S308 - drawings escape every text


@require_POST
@permissions.require(Act.WRITE_REMARKS)
def remark(request: HttpRequest, number: str) -> HttpResponse:
    """Write a remark on the sample's file."""
    sample = get_object_or_404(Sample, number=number)
    text = request.POST.get("text", "")

    def act() -> dict[str, object]:
        return {"remark": remarks.write(number, text, by=request.user, at=timezone.now()).pk}

    done = acting.once(request, act)
    if isinstance(done, dict):
        return redirect(f"{reverse('sample', args=[number])}#remarks")
    crumbs = [{"label": number, "href": reverse("sample", args=[number])}, {"label": _("Remark")}]
    context = {"sample": sample, "faults": done, "text": text, "crumbs": crumbs}
    return render(request, "samples/remark.html", context, status=422)
