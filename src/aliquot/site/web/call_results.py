"""The public result of a call: who asked from where, what was granted, how long it took; on a page and as tables.

Made from `queries.outcomes` alone, which holds what the policy lets be public.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import mass, register
from aliquot.decisions import Group, Outcome
from aliquot.site import decision_words, names, queries, words
from aliquot.site.decision_words import said
from aliquot.site.drawings import shares
from aliquot.site.drawings.shares import Share
from aliquot.site.models import InstitutionType
from aliquot.site.queries.outcomes import Outcomes
from aliquot.site.queries.register.words import country
from aliquot.site.web import panel

DAY = 86_400
TYPES = {
    InstitutionType.Type.EDUCATION: pgettext_lazy("type of institution", "university or school"),
    InstitutionType.Type.FACILITY: pgettext_lazy("type of institution", "research facility"),
    InstitutionType.Type.GOVERNMENT: pgettext_lazy("type of institution", "government"),
    InstitutionType.Type.NONPROFIT: pgettext_lazy("type of institution", "non-profit organisation"),
    InstitutionType.Type.COMPANY: pgettext_lazy("type of institution", "company"),
    InstitutionType.Type.ARCHIVE: pgettext_lazy("type of institution", "museum, archive or library"),
    InstitutionType.Type.HEALTHCARE: pgettext_lazy("type of institution", "hospital"),
    InstitutionType.Type.FUNDER: pgettext_lazy("type of institution", "funder"),
    InstitutionType.Type.OTHER: pgettext_lazy("type of institution", "other"),
}
FILLS = {Outcome.GRANT: 3, Outcome.REDUCE: 2, Outcome.CONDITION: 8, Outcome.REFUSE: 1, Outcome.DEFER: 7}


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with what it shows, and the table behind it."""

    key: str
    title: str
    caption: str
    drawing: str
    table: dict[str, object]


@require_safe
def result(request: HttpRequest, key: str) -> HttpResponse:
    """Show what came of a call that is concluded."""
    found = _found(key)
    context = {
        "found": found, "figures": _figures(found), "charts": [chart for chart in _charts(found) if chart.drawing],
        "has_plan": queries.plans.is_published(key), "steps": list(_steps(found)), "durations": list(_durations(found)),
        "crumbs": [{"label": _("Calls"), "href": reverse("calls")}, {"label": found.title, "href": reverse("call", args=[key])},
                   {"label": _("Result")}],
    }  # fmt: skip
    return render(request, "panel/result.html", context)


@require_safe
def result_file(request: HttpRequest, key: str, form: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Hand over the result as a table or as JSON."""
    found = _found(key)
    body = (
        panel.written(table(found))
        if form == "csv"
        else json.dumps(plain(found), ensure_ascii=False, indent=1)
    )
    kind = "text/csv" if form == "csv" else "application/json"
    answer = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="result-{found.key}.{form}"'
    return answer


def _found(key: str) -> Outcomes:
    call = queries.outcomes.concluded(key)
    if call is None:
        raise Http404
    return queries.outcomes.of_call(call)


def _figures(found: Outcomes) -> list[dict[str, object]]:
    totals = found.totals
    granted = sum(
        n for outcome, n in totals.by_outcome if outcome in (Outcome.GRANT, Outcome.REDUCE, Outcome.CONDITION)
    )
    days = found.seconds_middle // DAY if found.seconds_middle is not None else None
    return [
        {"label": _("Requests"), "value": found.submitted},
        {"label": _("Countries"), "value": totals.countries_asking},
        {"label": _("Granted"), "value": granted},
        {"label": _("Mass asked for"), "value": mass.show(totals.asked_ng)},
        {"label": _("Mass granted"), "value": mass.show(totals.granted_ng)},
        {"label": _("Days to the decision, median"), "value": days if days is not None else "–"},
    ]


def _charts(found: Outcomes) -> Iterator[Chart]:
    total = found.totals.requests
    outcomes = [
        Share(said(decision_words.OUTCOMES, outcome).capitalize(), n, total, str(n), FILLS[outcome])
        for outcome, n in found.totals.by_outcome
    ]
    title = _("What was decided")
    yield Chart("outcomes", title, _("Of all requests that were decided."), _draw("outcomes", title, outcomes if total else ()), {
        "caption": title, "head": [_("Decision"), _("Requests")],
        "rows": [[said(decision_words.OUTCOMES, outcome), n] for outcome, n in found.totals.by_outcome],
    })  # fmt: skip
    language = get_language() or "en"
    yield _requests("countries", _("By country"), found.countries, lambda key: country(register.load(), key))
    yield _requests(
        "types", _("By type of institution"), found.types, lambda key: str(TYPES.get(key) or _("not known"))
    )
    yield _masses(
        "materials",
        _("By material"),
        found.materials,
        lambda key: str(words.said("material", key) if key else _("not known")),
    )
    yield _masses(
        "missions",
        _("By mission"),
        found.missions,
        lambda key: names.mission(key, language) if key else _("not known"),
    )


def _requests(key: str, title: str, of: Sequence[Group], name: Callable[[str], str]) -> Chart:
    drawn = [
        Share(
            name(one.key),
            one.granted,
            one.requests,
            _("{granted} of {all} granted").format(granted=one.granted, all=one.requests),
        )
        for one in of
    ]
    return Chart(
        key,
        title,
        _("Requests, and how many of them were granted."),
        _draw(key, title, drawn),
        _table(title, of, name),
    )


def _masses(key: str, title: str, of: Sequence[Group], name: Callable[[str], str]) -> Chart:
    drawn = [
        Share(name(one.key), one.granted_ng, one.asked_ng,
              _("{granted} of {asked}").format(granted=mass.show(one.granted_ng), asked=mass.show(one.asked_ng)), 8)
        for one in of
    ]  # fmt: skip
    return Chart(
        key,
        title,
        _("The mass that was asked for, and what of it was granted."),
        _draw(key, title, drawn),
        _table(title, of, name),
    )


def _draw(key: str, title: str, drawn: Sequence[Share]) -> str:
    return mark_safe(shares.draw(drawn, prefix=key, title=title))  # noqa: S308 - every text in it is escaped


def _table(title: str, of: Iterable[Group], name: Callable[[str], str]) -> dict[str, object]:
    head = [_("Group"), _("Requests"), _("Granted"), _("Mass asked for"), _("Mass granted")]
    rows = [
        [name(one.key), one.requests, one.granted, mass.show(one.asked_ng), mass.show(one.granted_ng)]
        for one in of
    ]
    return {"caption": title, "head": head, "rows": rows}


def _steps(found: Outcomes) -> Iterator[dict[str, object]]:
    """Yield the acts of the call with the days from one to the next."""
    before: datetime | None = None
    for act, at in found.steps:
        days = (at - before).days if before else None
        detail = ngettext("{n} day later", "{n} days later", days).format(n=days) if days is not None else ""
        yield {"when": f"{at:%Y-%m-%d}", "iso": at.isoformat(), "what": said(decision_words.CALL_ACTS, act), "detail": detail,
               "strong": act == "conclude"}  # fmt: skip
        before = at


def _durations(found: Outcomes) -> Iterator[tuple[str, int]]:
    if found.steps:
        yield (
            _("Days from the publication of the call to its conclusion"),
            (found.steps[-1][1] - found.steps[0][1]).days,
        )
    for label, seconds in (
        (_("Days from a submission to its decision, least"), found.seconds_least),
        (_("Days from a submission to its decision, median"), found.seconds_middle),
        (_("Days from a submission to its decision, most"), found.seconds_most),
    ):
        if seconds is not None:
            yield label, seconds // DAY


def table(found: Outcomes) -> Iterator[list[str]]:
    """Return the result as a table of texts, its head first: a line for each group, in the words of the program."""
    yield ["group", "key", "requests", "granted", "asked_ng", "granted_ng"]
    totals = found.totals
    granted = sum(one.granted for one in found.countries)
    yield ["all", "", str(totals.requests), str(granted), str(totals.asked_ng), str(totals.granted_ng)]
    for outcome, n in totals.by_outcome:
        yield ["outcome", outcome.value, str(n), "", "", ""]
    for name, of in _groups(found).items():
        for one in of:
            yield [name, one.key, str(one.requests), str(one.granted), str(one.asked_ng), str(one.granted_ng)]


def _groups(found: Outcomes) -> dict[str, Sequence[Group]]:
    return {
        "country": found.countries,
        "institution_type": found.types,
        "material": found.materials,
        "mission": found.missions,
    }


def plain(found: Outcomes) -> dict[str, object]:
    """Return the result as JSON has it; read as JSON-LD it is a data set of schema.org."""
    totals = found.totals
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": found.title,
        "identifier": found.key,
        "temporalCoverage": f"{found.opens:%Y-%m-%d}/{found.closes:%Y-%m-%d}",
        "policy": found.policy,
        "opens": found.opens.isoformat(),
        "closes": found.closes.isoformat(),
        "steps": [{"act": act, "at": at.isoformat()} for act, at in found.steps],
        "requests": {"submitted": found.submitted, "withdrawn": found.withdrawn, "turned_away": found.turned_away,
                     "undecided": found.undecided, "decided": totals.requests},
        "outcomes": {outcome.value: n for outcome, n in totals.by_outcome},
        "countries_asking": totals.countries_asking,
        "countries_granted": totals.countries_granted,
        "asked_ng": totals.asked_ng,
        "granted_ng": totals.granted_ng,
        "granted_share": _share(totals.granted_share),
        "mass_share": _share(totals.mass_share),
        "seconds_to_decision": {"least": found.seconds_least, "median": found.seconds_middle, "most": found.seconds_most},
        "by": {name: [_group(one) for one in of] for name, of in _groups(found).items()},
        "granted": [{name: value for name, value in (("institution", one.institution), ("country", one.country),
                                                     ("title", one.title)) if value} for one in found.named],
    }  # fmt: skip


def _share(share: Fraction | None) -> str | None:
    return None if share is None else str(share)


def _group(one: Group) -> dict[str, object]:
    return {
        "key": one.key,
        "requests": one.requests,
        "granted": one.granted,
        "asked_ng": one.asked_ng,
        "granted_ng": one.granted_ng,
    }
