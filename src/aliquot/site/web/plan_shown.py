"""What pages show of a plan: rows, pictures and figures, made of what was computed. Reads nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from aliquot import mass
from aliquot.allocation_changes import compared
from aliquot.allocation_rounds import NG
from aliquot.site import plan_words
from aliquot.site.drawings import curve, flow
from aliquot.site.plan_words import Saying
from aliquot.site.queries.plans import Whole
from aliquot.site.web.pictures import Picture

DRAWN_MOST: Final = 24  # lines in the flow picture; the table has all


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a request as a page shows it."""

    number: int
    request: str
    said: str
    asked: str
    wanted: str
    merit: int
    got: str
    pieces: tuple[tuple[str, str], ...]
    outcome: str
    outcome_said: str
    because: tuple[str, ...]
    blocked_by: tuple[str, ...]
    fits: str
    options: tuple[tuple[str, str, bool], ...]
    trims: bool
    most: str


def saying(whole: Whole, titles: Mapping[str, str]) -> Saying:
    """Return what says the plan's reasons; without titles nobody is named."""
    counts = Counter(s for grant in whole.grants for s, _ug in grant.pieces)
    shared = frozenset(s for s, times in counts.items() if times > 1)
    return Saying(whole.round, titles, proven=whole.told["status"] == "optimal", shared=shared)


def rows(whole: Whole, say: Saying, typed: Mapping[str, str] = MappingProxyType({})) -> list[Row]:
    """Return the lines, best ranked first; `typed` is what a form that was refused had fixed."""
    told = {each["request"]: each for each in whole.told["explanations"]}
    order = sorted(range(len(whole.asks)), key=lambda r: (-whole.instance.requests[r].score, r))
    return [_row(whole, say, r, told[r], typed) for r in order] if told else []


def _row(whole: Whole, say: Saying, r: int, told: Mapping[str, Any], typed: Mapping[str, str]) -> Row:
    ask, request = whole.asks[r], whole.instance.requests[r]
    line = (ask.request, ask.line)
    outcome = _outcome(whole, r, told)
    return Row(
        number=r, request=ask.request if say.titles else "", said=say.name(r),
        asked=say.pool(request.alternatives[0]),
        wanted=mass.show(ask.wanted_ng) if ask.least_ng == ask.wanted_ng else f"{mass.show(ask.least_ng)} – {mass.show(ask.wanted_ng)}",
        merit=max(level.merit for each in request.alternatives for level in each.levels),
        got=mass.show(whole.by_line[line]) if line in whole.by_line else "",
        pieces=tuple((sample, mass.show(ng)) for sample, ng in whole.shares.get(line, ())),
        outcome=outcome, outcome_said=str(plan_words.OUTCOMES[outcome]),
        because=tuple(say.reason(r, each) for each in told["because"]),
        blocked_by=tuple(say.line(q) for q in told["blocked_by"]),
        fits=say.fits(r, told["would_fit"], granted=line in whole.by_line) if _more_fits(whole, r, told["would_fit"]) else "",
        options=_options(whole, say, r, typed.get(f"pin-{r}")), trims=any(each.is_bulk for each in request.alternatives),
        most=typed.get(f"most-{r}", _most(whole, r)),
    )  # fmt: skip


def _more_fits(whole: Whole, r: int, fits: Mapping[str, Any] | None) -> bool:
    """Whether more would fit than the line gets: what fits is counted as if its own grant were put back."""
    grant = next((each for each in whole.grants if each.request == r), None)
    if fits is None or grant is None:
        return fits is not None
    levels = whole.instance.requests[r].alternatives[grant.alternative].levels
    return bool(fits["alternative"] == grant.alternative and fits["amount"] > levels[grant.level].amount)


def _outcome(whole: Whole, r: int, told: Mapping[str, Any]) -> str:
    """Return the outcome; any sample of a kind that was asked for is no substitute."""
    if told["outcome"] != "alternative":
        return str(told["outcome"])
    grant = next(each for each in whole.grants if each.request == r)
    if grant.alternative >= whole.asks[r].firsts:
        return "alternative"
    levels = whole.instance.requests[r].alternatives[grant.alternative].levels
    return "granted" if grant.level == len(levels) - 1 else "reduced"


def _options(whole: Whole, say: Saying, r: int, typed: str | None) -> tuple[tuple[str, str, bool], ...]:
    """Return what the panel can fix of a line: value, words, and whether it is fixed so."""
    pins = whole.plan.pins
    exact = next(
        (f"exact:{each['alternative']}:{each['level']}" for each in pins["exact"] if each["request"] == r), ""
    )
    now = ("grant" if r in pins["grant"] else "refuse" if r in pins["refuse"] else
           "most" if str(r) in pins["most"] else exact)  # fmt: skip
    found = [("", _("left to the plan")), ("grant", _("gets something")), ("refuse", _("gets nothing"))]
    options = whole.instance.requests[r].alternatives
    if any(each.is_bulk for each in options):
        found.append(("most", _("gets at most …")))
    if str(r) not in pins["most"]:  # the amounts of a line that is trimmed are others than those it asked for
        found += [(f"exact:{a}:{i}", _("gets {amount}").format(amount=say.amount(each, level.amount)))
                  for a, each in enumerate(options) for i, level in enumerate(each.levels)]  # fmt: skip
    chosen = now if typed is None else typed
    return tuple((value, said, value == chosen) for value, said in found)


def _most(whole: Whole, r: int) -> str:
    ug = whole.plan.pins["most"].get(str(r))
    return mass.show(ug * NG) if ug else ""


def figures(whole: Whole) -> list[dict[str, str]]:
    """Return the plan's three objectives with their bounds, and how many lines get something."""
    told, bounds = whole.told, whole.told["bounds"]
    gap = bounds["merit"] - told["merit"]
    merit = (
        _("merit; no plan has more")
        if not gap
        else _("merit; no plan has more than {bound}").format(bound=f"{bounds['merit']:,}")
    )
    handling = (
        _("handling")
        if bounds["handling"] is None
        else _("handling; not less than {bound}").format(bound=f"{bounds['handling']:,}")
    )
    used = (
        _("used up")
        if bounds["used_up_ug"] is None
        else _("used up; not less than {bound}").format(bound=mass.show(bounds["used_up_ug"] * NG))
    )
    return [
        {"value": f"{len(whole.grants)} / {len(whole.asks)}", "label": _("lines get something")},
        {"value": f"{told['merit']:,}", "label": merit},
        {"value": f"{told['handling']:,}", "label": handling},
        {"value": mass.show(told["used_up_ug"] * NG), "label": used},
    ]


def gap_said(told: Mapping[str, Any]) -> str:
    """Return how far a plan's merit is from what is proven, in hundredths of a percent rounded up; "" where they meet."""
    most, have = told["bounds"]["merit"], told["merit"]
    return f"{-((have - most) * 10_000 // max(most, 1)) / 100:.2f} %" if most > have else ""


def picture(whole: Whole, say: Saying, hrefs: Mapping[str, str]) -> Picture | None:
    """Return the flow from containers to lines, as wide as the mass that goes; the smallest lines go together."""
    number = {(ask.request, ask.line): r for r, ask in enumerate(whole.asks)}
    heaviest = sorted(whole.by_line, key=lambda line: (-whole.by_line[line], number[line]))
    if not heaviest:
        return None
    alone, rest = heaviest[:DRAWN_MOST], heaviest[DRAWN_MOST:]
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for line, shares in whole.shares.items():
        for sample, ng in shares:
            sums[f"s {sample}", f"r {number[line]}" if line in alone else "rest"] += ng
    samples = sorted({sample for shares in whole.shares.values() for sample, _ng in shares})
    nodes = [flow.Node(f"s {one}", one, 0, 5) for one in samples]
    nodes += [
        flow.Node(f"r {number[line]}", say.name(number[line]), 1, 2, hrefs.get(line[0])) for line in alone
    ]
    if rest:
        nodes.append(
            flow.Node(
                "rest", ngettext("{n} further line", "{n} further lines", len(rest)).format(n=len(rest)), 1, 1
            )
        )
    links = [flow.Link(source, target, ng) for (source, target), ng in sums.items() if ng]
    drawing = flow.draw(nodes, links, prefix="plan", title=_("From containers to requests"),
                        description=_("Each band is as wide as the mass that goes from a container to a line."),
                        not_to_scale=_("Dashed: too little to be drawn to scale"))  # fmt: skip
    table = [
        [say.name(number[line]), sample, mass.show(ng)]
        for line in heaviest
        for sample, ng in whole.shares[line]
    ]
    head = [pgettext("of a request", "Line"), _("From"), _("Mass")]
    safe = mark_safe(drawing)  # noqa: S308 - every text in it is escaped
    return Picture(safe, {"caption": _("Who gets how much from where"), "head": head, "rows": table})


@dataclass(frozen=True, slots=True)
class Store:
    """What a plan takes of one sample and leaves."""

    sample: str
    was_ng: int
    granted_ng: int
    lost_ng: int
    left_ng: int
    reserve_ng: int
    pristine: bool
    today_ng: int | None = None  # what there is beyond promises now

    @property
    def changed(self) -> bool:
        """Whether there is another mass today than when it was frozen."""
        return self.today_ng is not None and self.today_ng // NG != self.was_ng // NG


def stores(whole: Whole, today: Mapping[str, int] = MappingProxyType({})) -> list[Store]:
    """Return what is taken of each offered sample, those that are used first; `today` is what there is of each by now."""
    supply = whole.instance.supply
    found = [
        Store(whole.round.samples[p], supply.sub_mass_ug[p] * NG, one.granted_ug * NG, one.lost_ug * NG, one.left_ug * NG,
              one.reserve_ug * NG, supply.container_pristine[p], today.get(whole.round.samples[p]))
        for p, one in enumerate(whole.taken)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.granted_ng == 0, one.sample))


def changes(before: Whole, after: Whole, titles: Mapping[str, str]) -> list[dict[str, object]]:
    """Return who gains and who loses from one plan to another."""
    says = {
        (ask.request, ask.line): saying(one, titles).name(r)
        for one in (before, after)
        for r, ask in enumerate(one.asks)
    }
    return [
        {"said": says[one.line], "before_ng": one.before_ng, "after_ng": one.after_ng, "gains_ng": one.gains_ng,
         "kind": "gains" if one.gains_ng > 0 else "loses" if one.gains_ng < 0 else "same"}
        for one in compared(_all_lines(before), _all_lines(after))
    ]  # fmt: skip


def _all_lines(whole: Whole) -> dict[tuple[str, int], int]:
    return {(ask.request, ask.line): whole.by_line.get((ask.request, ask.line), 0) for ask in whole.asks}


def reserves(before: Whole, after: Whole) -> list[dict[str, object]]:
    """Return what each plan leaves of each sample that one of them draws on, and what of that is not to be given."""
    left = [{store.sample: store for store in stores(one)} for one in (before, after)]
    found = []
    for sample in sorted(left[0].keys() | left[1].keys()):
        first, second = (each.get(sample) for each in left)
        known = [one for one in (first, second) if one is not None]
        if any(one.granted_ng for one in known):
            found.append({
                "sample": sample, "before_ng": first.left_ng if first else None, "after_ng": second.left_ng if second else None,
                "reserve_ng": known[-1].reserve_ng, "more_ng": second.left_ng - first.left_ng if first and second else None,
            })  # fmt: skip
    return found


def curve_of(points: Sequence[curve.Point], *, title: str, head: str) -> Picture:
    """Return the curve of a question with its table."""
    drawing = curve.draw(points, prefix="curve", title=title,
                         description=_("How much merit the best plan has as this changes."))  # fmt: skip
    today = next((one.y for one in points if one.today), 0)
    table = [[one.label, f"{one.y:,}", f"{one.y - today:+,}".replace("-", "−")] for one in points]
    return Picture(mark_safe(drawing) if drawing else SafeString(""), {  # noqa: S308 - every text in it is escaped
        "caption": title, "head": [head, _("Merit"), _("Against this plan")], "rows": table,
    })  # fmt: skip
