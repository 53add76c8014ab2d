"""Ages beside one another: those that were derived here, and the chronology of the Moon from published ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import published_ages
from aliquot.published_ages import Crater, Mean, Published
from aliquot.results import CLOCKS, Meaning
from aliquot.site import names, queries, result_words
from aliquot.site.drawings import ages as drawing
from aliquot.site.queries.register import around, in_force, shown
from aliquot.site.queries.results import Beside, Wanted
from aliquot.site.templatetags.results import half, ma
from aliquot.site.web.recording_results import page_in
from aliquot.site.web.results import sees_of

DRAWN_MOST = 16
FILLS = {"apollo": 2, "luna": 4, "change": 3}
# Every mission that brought something back.
SITES = (
    *published_ages.SITES[:4],
    "apollo-16",
    *published_ages.SITES[4:6],
    "luna-20",
    *published_ages.SITES[6:],
)
GROUPS: Mapping[str, Promise] = {
    "age": gettext_lazy("age alone"),
    "site": pgettext_lazy("of samples", "landing site"),
    "clock": gettext_lazy("clock"),
    "meaning": gettext_lazy("what they mean"),
    "method": gettext_lazy("how it was measured"),
}


@require_safe
def ages(request: HttpRequest) -> HttpResponse:
    """Show the ages that were derived here side by side: by site, by clock, by what they mean, by how it was measured."""
    sees, language = sees_of(request), get_language() or "en"
    methods = queries.results.methods_used(sees)
    wanted = _wanted(request, methods)
    by = _chosen(request, "by", tuple(GROUPS)) or "age"
    page = queries.results.compared(sees, wanted, number=page_in(request))
    groups = _grouped(page.rows, by, language)
    context = {
        "page": page,
        "groups": groups,
        "drawing": _compared([one for group in groups for one in group.rows], by, language),
        "wanted": wanted,
        "by": by,
        "groupings": list(GROUPS.items()),
        "clocks": CLOCKS,
        "meanings": [(one.value, result_words.MEANINGS[one]) for one in Meaning],
        "sites": [(key, names.mission(key, language)) for key in SITES],
        "methods": methods,
        "query": _query(request),
        "crumbs": [{"label": _("Ages")}],
    }
    return render(request, "results/ages.html", context)


def _wanted(request: HttpRequest, methods: Sequence[str]) -> Wanted:
    return Wanted(
        clock=_chosen(request, "clock", CLOCKS),
        meaning=_chosen(request, "meaning", list(Meaning)),
        site=_chosen(request, "site", SITES),
        method=_chosen(request, "method", methods),
    )


def _chosen(request: HttpRequest, name: str, among: Sequence[str]) -> str:
    said = request.GET.get(name, "")
    return said if said in among else ""


def _query(request: HttpRequest) -> str:
    """Return what the address asks for besides the page, for the links to other pages."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Ages that have something in common: what it is, and the ages, oldest first."""

    name: str | Promise
    rows: tuple[Beside, ...]


def _grouped(rows: Sequence[Beside], by: str, language: str) -> list[Group]:
    """Return the ages parted by what they have in common; one group without a name where they stand by age alone."""
    if by == "age":
        return [Group("", tuple(rows))] if rows else []
    found: dict[str | Promise, list[Beside]] = defaultdict(list)
    for one in rows:
        found[_common(one, by, language)].append(one)
    return [Group(name, tuple(some)) for name, some in found.items()]


def _common(one: Beside, by: str, language: str) -> str | Promise:
    if by == "site":
        return _sites_of(one, language) or _("site not known")
    if by == "clock":
        return one.age.clock or _("ages alone")
    if by == "method":
        return pgettext("in a list", ", ").join(one.methods)
    return str(result_words.said(result_words.MEANINGS, one.age.meaning))


def _sites_of(one: Beside, language: str) -> str:
    return pgettext("in a list", ", ").join(names.mission(site, language) for site in one.sites)


def _compared(found: Sequence[Beside], by: str, language: str) -> SafeString:
    """Return the first ages of a page side by side, each with its half width and, in colour and words, what it means."""
    fills = {one.value: at for at, one in enumerate(Meaning, 1)}
    rows = []
    for one in found[:DRAWN_MOST]:
        age, more = one.age, _common(one, "meaning" if by in ("age", "meaning") else by, language)
        said = (
            f"{ma(age.age_ma)} ± {half(age.half_ma)} Ma{pgettext('between parts of a sentence', ', ')}{more}"
        )
        dots = (drawing.Dot(age.age_ma or 0.0, age.half_ma),)
        rows.append(
            drawing.Row(
                age.title,
                dots,
                age.age_ma,
                said,
                fills.get(age.meaning, 1),
                reverse("result", args=[age.key]),
            )
        )
    title = _("Ages that were computed here, side by side, in billions of years")
    return mark_safe(drawing.draw(rows, prefix="compared", title=title, from_ga=0.0, to_ga=5.0, room=300.0))  # noqa: S308


# -- the chronology of the Moon ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One published age as the table shows it, under the constants that were chosen."""

    one: Published
    age_ma: float
    half_ma: float | None
    moved: bool


@dataclass(frozen=True)
class Site:
    """A landing site: its name, its ages, their mean, and how densely cratered a surface of that age is."""

    key: str
    name: str
    lines: tuple[Line, ...]
    mean: Mean | None
    epoch: str
    craters: float | None  # of 1 km or more on 1,000 km2, by the newest function
    by_craters_ma: float | None  # what the oldest function reads off that density

    @property
    def span(self) -> tuple[float, float]:
        return min(one.age_ma for one in self.lines), max(one.age_ma for one in self.lines)


@require_safe
def chronology(request: HttpRequest) -> HttpResponse:
    """Show what is published of the Moon's ages, with means and the headline computed under chosen constants."""
    said = request.GET.get("constants", "")
    choice = said if said in published_ages.CHOICES else published_ages.AS_PRINTED
    language = get_language() or "en"
    sites = [_site(key, choice, language) for key in published_ages.SITES]
    context = {
        "choice": choice,
        "choices": [
            (key, result_words.SETS[key], published_ages.headline(key)) for key in published_ages.CHOICES
        ],
        "moved": published_ages.moved(choice),
        "sites": sites,
        "drawing": _drawing(sites),
        "headline": published_ages.headline(choice),
        "before": _before(),
        "functions": [_function(one) for one in published_ages.craters()],
        "crumbs": [{"label": _("Chronology of the Moon")}],
    }
    return render(request, "results/chronology.html", context)


def _before() -> list[shown.Said]:
    """Return what the record says of the youngest basalts before Chang'e-5, and by how much their time was prolonged."""
    keys = ("lunar-volcanism.range.youngest", "lunar-volcanism.extension")
    with in_force.seen():
        record = around.record(keys=keys)
    return [shown.said(record, record.statements[key]) for key in keys]


def _site(key: str, choice: str, language: str) -> Site:
    found = published_ages.of_site(key)
    lines = [
        Line(one, *published_ages.on_constants(one, choice), choice != "as-printed" and one.on_early_rubidium)
        for one in found
    ]
    mean = published_ages.means(choice).get(key)
    newest, oldest = published_ages.craters()[-1], published_ages.craters()[0]
    density = newest.per_km2(mean.age_ma) if mean else None
    craters = density * 1000 if density is not None else None
    by_craters = oldest.age_ma(density) if density is not None else None
    epoch = published_ages.epoch_of(mean.age_ma).name.text(language) if mean else ""
    return Site(key, names.mission(key, language), tuple(lines), mean, epoch, craters, by_craters)


def _drawing(sites: Sequence[Site]) -> SafeString:
    rows = [
        drawing.Row(
            site.name,
            tuple(
                drawing.Dot(
                    one.age_ma,
                    one.half_ma,
                    hollow=one.one.method == "K-Ar",
                    was_ma=one.one.age_ma if one.moved else None,
                )
                for one in site.lines
            ),
            site.mean.age_ma if site.mean else None,
            f"{site.mean.age_ma:,.0f} ± {site.mean.sd_ma:.1f} Ma" if site.mean else "",
            FILLS[site.key.partition("-")[0]],
            f"#{site.key}",
            is_doubtful=bool(site.mean and site.mean.is_scattered),
        )
        for site in sites
    ]
    title = _("Published ages of lunar basalts by landing site, in billions of years")
    said = _(
        "Each dot is one published age with its uncertainty as printed; the upright line is the weighted mean."
    )
    return mark_safe(drawing.draw(rows, prefix="chronology", title=title, description=said))  # noqa: S308


def _function(one: Crater) -> dict[str, object]:
    """Return a crater chronology with its densities at the two ages of the headline, and what it makes of Chang'e-5's."""
    return {
        "one": one,
        "at_change": one.per_km2(2030) * 1000,
        "at_apollo": one.per_km2(3200) * 1000,
    }
