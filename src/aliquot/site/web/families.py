"""The family of a sample: a picture to walk in, and a table of what was made from it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot.site import queries, search
from aliquot.site.drawings import family as drawing
from aliquot.site.models import Sample
from aliquot.site.queries.families import Near
from aliquot.site.web.samples import without_rings, worth_saying

DEPTHS = range(1, 5)


@require_safe
def family(request: HttpRequest, number: str) -> HttpResponse:
    """Show what stands near a sample; each box leads to the family of the sample in it."""
    sample = Sample.objects.filter(number=number, published=True).first()
    if sample is None:
        near = queries.samples.numbers(search.near(number))
        return render(request, "samples/unknown.html", {"number": number, "near": near}, status=404)
    return render(request, "samples/family.html", _context(request, sample))


def _context(request: HttpRequest, sample: Sample) -> dict[str, object]:
    number, depth = sample.number, _depth(request.GET.get("depth", ""))
    daughters, following = queries.families.daughters(sample, after=request.GET.get("after", "")[:200])
    near = queries.families.near(sample, depth=depth)
    total = queries.families.descendants(sample)
    return {
        "sample": sample,
        "drawing": _draw(near, number, depth),
        "depth": depth,
        "shallower": depth - 1 if depth > DEPTHS.start else None,
        "deeper": depth + 1 if depth + 1 in DEPTHS else None,
        "parents": [one for one in near.steps if one.daughter == number],
        "daughters": daughters,
        "following": following,
        "total": min(total, queries.families.COUNTED_MOST),
        "is_more": total > queries.families.COUNTED_MOST,
        "crumbs": [
            {"label": _("Catalogue"), "href": reverse("catalogue")},
            {"label": number, "href": reverse("sample", args=[number])},
            {"label": _("Family")},
        ],
    }


def _depth(text: str) -> int:
    return int(text) if text in map(str, DEPTHS) else 2


def _draw(near: Near, current: str, depth: int) -> SafeString:
    members = [
        drawing.Member(
            one.number,
            one.mass_ng,
            worth_saying(one.availability),
            f"{reverse('family', args=[one.number])}?depth={depth}",
        )
        for one in near.relatives
    ]
    ties = [drawing.Tie(tie.parent, tie.daughter, tie.kind) for tie in without_rings(near.steps)]
    drawn = drawing.draw(
        members,
        ties,
        current=current,
        prefix="family",
        title=_("Family of %(number)s") % {"number": current},
        more=_("+ {n} more"),
        unseen=near.unseen,
    )
    return mark_safe(drawn)  # noqa: S308 - drawings escape every text
