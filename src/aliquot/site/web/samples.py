"""The page of one sample: what is published of it, drawn and in tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import mass, policy, register
from aliquot.policy import UseClass
from aliquot.samples import STATED, Descent
from aliquot.site import names, permissions, queries, search, words
from aliquot.site.drawings import family as family_drawing
from aliquot.site.drawings import timeline
from aliquot.site.models import Availability, Sample
from aliquot.site.permissions import Act
from aliquot.site.queries.handling import POLICY
from aliquot.site.queries.samples import Row, Sheet, Stay
from aliquot.site.web import attachments, basket, borrowing_public, histories, results, working
from aliquot.site.web.pictures import Picture

_FILLS = {"place": 1, "transit": 5, "loan": 2, "given": 4, "missing": 6}


@require_safe
def sample(request: HttpRequest, number: str) -> HttpResponse:
    """Show a sample; a number that nobody has leads to those that are like it."""
    exact = permissions.may(request.user, Act.SEE_EXACT_PLACES)
    before = entry_number(request.GET.get("before", ""))
    sheet = queries.samples.sheet(number, exact_places=exact, before=before)
    if sheet is None:
        near = queries.samples.numbers(search.near(number))
        return render(request, "samples/unknown.html", {"number": number, "near": near}, status=404)
    language = get_language() or "en"
    context = {
        "sheet": sheet,
        "row": sheet.row,
        "crumbs": [{"label": _("Catalogue"), "href": reverse("catalogue")}, {"label": sheet.row.number}],
        "note": sheet.note.text(language),
        "mission": register.load().missions.get(sheet.row.mission),
        "use": use_class(sheet.row.use_class),
        "sources": cited(sheet.sources, language),
        "family": _family(sheet),
        "custody": _custody(sheet, language, today=timezone.now().date()),
        "first_page": before is None,
        "today": timezone.now().date().isoformat(),
        **histories.of(number, request.user, request.GET.get("on", "")),
        **_doing(request, sheet.row),
    }
    return render(request, "samples/sheet.html", context)


def _doing(request: HttpRequest, row: Row) -> dict[str, object]:
    """Return what this person may do from here: attach files, begin an act, ask for it."""
    files = attachments.card(request, Sample(pk=row.pk, number=row.number))
    return {"attachments": files, "results": results.card(row.number, request), "work": working.of(row, request.user),
            "asking": basket.asking(request, row.number), **borrowing_public.of_sample(request, row.number)}  # fmt: skip


def entry_number(text: str) -> int | None:
    """Return the number of an entry that an address states, or None where it states none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@cache
def use_class(key: str) -> UseClass | None:
    """Return what the facility's policy says of a class of use."""
    return policy.load(POLICY).use(key)


def _family(sheet: Sheet) -> Picture | None:
    """Return the picture of what the sample was made from and what was made from it."""
    if not sheet.descents:
        return None
    drawn = family_drawing.draw(
        [
            family_drawing.Member(
                kin.number,
                kin.mass_ng,
                worth_saying(kin.availability),
                reverse("sample", args=[kin.number]),
            )
            for kin in sheet.kin
        ],
        [family_drawing.Tie(tie.parent, tie.daughter, tie.kind) for tie in without_rings(sheet.descents)],
        current=sheet.row.number,
        prefix="family",
        title=_("Family of %(number)s") % {"number": sheet.row.number},
        more=_("+ {n} more"),
        most=24,
    )
    head = [_("Made in entry"), _("From"), _("By"), _("Became")]
    rows = [
        [f"{d.entry:,}" if d.entry != STATED else "–", d.parent, words.said("kind", d.kind), d.daughter]
        for d in sheet.descents
    ]
    table = {"caption": _("What was made from what"), "head": head, "rows": rows}
    return Picture(mark_safe(drawn), table)  # noqa: S308 - drawings escape every text


def worth_saying(availability: str) -> str:
    return "" if availability == Availability.REQUESTABLE else str(words.said("availability", availability))


def without_rings(descents: Iterable[Descent]) -> tuple[Descent, ...]:
    """Return the descents but those that lead back: a daughter poured back into its parent is history, not kin."""
    parents: dict[str, set[str]] = defaultdict(set)
    kept: list[Descent] = []
    for step in sorted(descents):
        if step.daughter not in _above(step.parent, parents):
            parents[step.daughter].add(step.parent)
            kept.append(step)
    return tuple(kept)


def _above(number: str, parents: Mapping[str, set[str]]) -> set[str]:
    found, waiting = {number}, [number]
    while waiting:
        new = parents.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _custody(sheet: Sheet, language: str, *, today: date) -> Picture | None:
    """Return the picture of who had the sample when."""
    if not sheet.stays:
        return None
    latest = max(_day(one) for stay in sheet.stays for one in (stay.since, stay.until or stay.since))
    drawn = timeline.draw_custody(
        [_bar(stay, language) for stay in sheet.stays],
        today=max(today, date.fromisoformat(latest)),
        prefix="custody",
        title=_("Custody of %(number)s") % {"number": sheet.row.number},
    )
    head = [_("With whom"), _("Since"), _("Until"), _("Mass at the beginning")]
    rows = [
        [
            names.whom(stay.whom, language),
            _day(stay.since),
            _day(stay.until) if stay.until else _("today"),
            mass.show(stay.mass_ng),
        ]
        for stay in sheet.stays
    ]
    table = {"caption": _("Who had it when"), "head": head, "rows": rows}
    return Picture(mark_safe(drawn), table)  # noqa: S308 - drawings escape every text


def _bar(stay: Stay, language: str) -> timeline.Stay:
    return timeline.Stay(
        holder=str(names.whom(stay.whom, language)),
        since=_day(stay.since),
        until=_day(stay.until) if stay.until else "",
        detail=mass.show(stay.mass_ng),
        fill=_FILLS[stay.whom.root],
        href=reverse("entry", args=[stay.entry]),
    )


def _day(at: str) -> str:
    return at[:10]


def cited(keys: Iterable[str], language: str) -> list[dict[str, str]]:
    """Return the sources that these keys of the record name, directly or through a fact, as components take them."""
    record = register.load()
    found: dict[str, register.Source] = {}
    for key in keys:
        fact = register.lookup(record, key)
        names = [key] if isinstance(fact, register.Source) else getattr(fact, "sources", ())
        found |= {name: record.sources[name] for name in names if name in record.sources}
    return [
        {
            "key": source.key,
            "title": source.title,
            "language": source.language,
            "publisher": source.publisher,
            "published": source.date.show(language) if source.date.is_known else "",
            "grade": source.grade.value,
        }
        for source in found.values()
    ]
