"""Pages of results: what was measured on a sample, one analysis, one age with its plot, request, answer and constants."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import fault, result_citations, results
from aliquot.chronology import errors, plots, vector
from aliquot.result_citations import Cited
from aliquot.site import chronology_words, instance, permissions, queries, result_words, uploads
from aliquot.site.models import Analysis
from aliquot.site.operations import ages as age_acts
from aliquot.site.operations import results as acts
from aliquot.site.operations import storage
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries.results import Age, Row, Sees, Told
from aliquot.site.web import acting

FILES_MOST = 10
PLOTS_MOST = 4


def sees_of(request: HttpRequest) -> Sees:
    """Return what this reader may see of results today."""
    key = request.user.key if request.user.is_authenticated else ""
    return Sees(timezone.now().date(), permissions.may(request.user, Act.SEE_RESULTS), key)


def facility_name() -> str:
    """Return whose collection this is."""
    return instance.describe(settings.HOME).facility


def holders_of(request: HttpRequest) -> frozenset[str] | None:
    """Return at which holders this person may record; None for those who keep the whole collection."""
    return (
        None if permissions.may(request.user, Act.APPEND_ENTRIES) else queries.results.held_by(request.user)
    )


@dataclass(frozen=True)
class Shown:
    """An age as the templates show it: its figure, its warnings, what is printed of it."""

    age: Age
    drawing: SafeString
    warnings: tuple[acting.Shown, ...]
    said: str
    label: str

    @property
    def columns(self) -> list[object]:
        return _list(self.age.asked.get("columns"))

    @property
    def rows(self) -> list[object]:
        return _list(self.age.asked.get("rows"))

    @property
    def rejected_rows(self) -> set[object]:
        """The numbers of the rows that do not count."""
        return {one["row"] for one in _list(self.age.answered.get("rows_rejected")) if isinstance(one, dict)}


def shown(one: Age, *, samples: int, plot: bool = True) -> Shown:
    """Return an age with its figure, unless that is not wanted; `samples` is how many it rests on."""
    quoted = results.quoted(one.answered)
    found = results.warnings(one.meaning, one.answered, samples=samples)
    own = one.answered.get("warnings")
    heard = [str(each) for each in own] if isinstance(own, list) else []
    return Shown(
        one,
        drawing(one) if plot else SafeString(),
        (*acting.shown(found), *(acting.Shown("", chronology_words.say(each), "") for each in heard)),
        errors.rounded(quoted[0], quoted[1]) if quoted else "",
        chronology_words.say(quoted[2]) if quoted else "",
    )


def drawing(one: Age) -> SafeString:
    """Return the plot of an age as SVG; nothing where there is nothing to draw."""
    figure = plots.figure(one.asked, one.answered, chronology_words.say)
    return mark_safe(vector.svg(figure, prefix=f"age-{one.pk}")) if figure else SafeString()  # noqa: S308 - escapes every text


# -- a sample's results --------------------------------------------------------------------------------------


@require_safe
def of_sample(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was measured on a sample and the ages that rest on it; a sample of another collection too."""
    sees, is_ours = sees_of(request), queries.results.in_catalogue(number)
    analyses = queries.results.of_sample(number, sees)
    if not is_ours and not analyses:
        raise Http404
    ages = queries.results.ages_of_sample(number, sees)
    context = {
        "number": number,
        "is_ours": is_ours,
        "analyses": analyses,
        "ages": [shown(one, samples=2, plot=at < PLOTS_MOST) for at, one in enumerate(ages)],
        "citation": result_citations.of_sample(
            number, (), facility_name(), _address(request, "sample-results", number)
        ),
        "may_record": permissions.may(request.user, Act.RECORD_RESULTS),
        "crumbs": _crumbs_of(number, is_ours=is_ours),
    }
    return render(request, "results/of_sample.html", context)


def _crumbs_of(number: str, *, is_ours: bool) -> list[dict[str, object]]:
    sample = {"label": number, "href": reverse("sample", args=[number])} if is_ours else {"label": number}
    return [{"label": _("Catalogue"), "href": reverse("catalogue")}, sample, {"label": _("Results")}]


def card(number: str, request: HttpRequest) -> dict[str, object]:
    """Return what a sample's own page says of its results: how many, and the newest ages."""
    sees = sees_of(request)
    return {
        "analyses": queries.results.count_of(number, sees),
        "ages": queries.results.ages_of_sample(number, sees)[:3],
    }


def _address(request: HttpRequest, route: str, key: str) -> str:
    return request.build_absolute_uri(reverse(route, args=[key]))


# -- one analysis --------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def analysis(request: HttpRequest, key: str) -> HttpResponse:
    """Show one analysis; keep its raw files."""
    one = queries.results.one_analysis(key, sees_of(request))
    if one is None:
        raise Http404
    faults: list[acting.Shown] = []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.RECORD_RESULTS)
        done = acting.once(request, lambda: _keep_raw(request, one))
        if isinstance(done, dict):
            return redirect("analysis", key=key)
        faults = done
    context = {
        "one": one,
        "faults": faults,
        "may_keep": one.kept is not None and permissions.may(request.user, Act.RECORD_RESULTS),
        "crumbs": [{"label": _("Results"), "href": reverse("results")}, {"label": one.called}],
    }
    return render(request, "results/analysis.html", context, status=422 if faults else 200)


def _keep_raw(request: HttpRequest, one: Told) -> Body:
    sent = request.FILES.getlist("files")
    if not sent or len(sent) > FILES_MOST:
        raise fault.Refused(
            [
                fault.of(
                    "files", "from 1 to {most} files are kept at once", "choose that many", most=FILES_MOST
                )
            ]
        )
    row = Analysis.objects.get(pk=one.pk)
    for file in sent:
        with storage.receive(uploads.chunks(file), name=file.name or "", limits=settings.FILES) as arrived:
            acts.keep_raw([arrived], row, by=request.user, at=timezone.now())
    return {"key": one.key}


# -- one age -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def age(request: HttpRequest, key: str) -> HttpResponse:
    """Show one age, whole; set another beside it, publish it, compute it again."""
    sees = sees_of(request)
    found = queries.results.age(key, sees)
    if found is None:
        raise Http404
    faults: list[acting.Shown] = []
    if request.method == "POST":
        done = acting.once(request, lambda: _act(request, found, sees))
        if isinstance(done, dict):
            return redirect("result", key=str(done["key"]))
        faults = done
    context = _age_context(request, found, sees) | {"faults": faults, "told": request.POST}
    return render(request, "results/age.html", context, status=422 if faults else 200)


def _act(request: HttpRequest, found: Age, sees: Sees) -> Body:
    """Do what the form that was sent asks for."""
    told, by, at = request.POST, request.user, timezone.now()
    if told.get("act") == "publish":
        permissions.refuse_unless(by, Act.PUBLISH_RESULTS)
        return {"key": age_acts.publish(found.key, sees=sees, by=by, at=at).key}
    permissions.refuse_unless(by, Act.RECORD_RESULTS)
    if told.get("act") == "leave-out":
        return {"key": age_acts.leave_out(found.key, omitted_in(told), sees=sees, by=by, at=at).key}
    sets = told.get("set", "")
    if told.get("act") != "constants" or sets not in result_words.CHOICES:
        raise fault.Refused([fault.of("set", "there is no such set of constants", "choose one of the list")])
    chain = list(dict.fromkeys([sets, "isoplotr-6.8.5-default"]))
    return {"key": age_acts.under(found.key, chain, sees=sees, by=by, at=at).key}


def omitted_in(told: Mapping[str, str]) -> dict[str, str]:
    """Return the reason by the key of each analysis that is marked; one reason for all stands in where a row has none."""
    common = told.get("reason", "")
    marked = [name.removeprefix("omit:") for name in told if name.startswith("omit:")]
    return {key: told.get(f"reason:{key}", "").strip() or common for key in marked}


def _age_context(request: HttpRequest, found: Age, sees: Sees) -> dict[str, object]:
    rows = queries.results.rows_of(found)
    asked, papers = found.asked, papers_of(rows, sees)
    cited = cited_as(request, found, papers)
    return {
        "shown": shown(found, samples=len({row.number for row in rows if row.number})),
        "age": found,
        "rows": _rows(found, rows),
        "method": chronology_words.say(str(found.answered.get("method") or "")),
        "columns": [str(name) for name in _list(asked.get("columns"))[1:]],
        "constants": _constants(found),
        "papers": papers,
        "variants": queries.results.variants(found, sees),
        "again": results.again(found.request, found.answer) if request.GET.get("again") == "yes" else None,
        "request_text": json.dumps(asked, ensure_ascii=False, indent=1),
        "answer_text": json.dumps(found.answered, ensure_ascii=False, indent=1),
        "citation": result_citations.as_text(cited),
        "datacite": json.dumps(result_citations.as_datacite(cited), ensure_ascii=False, indent=1),
        "sets": [(key, result_words.SETS[key]) for key in result_words.CHOICES],
        "may_vary": permissions.may(request.user, Act.RECORD_RESULTS),
        "may_publish": permissions.may(request.user, Act.PUBLISH_RESULTS) and not found.is_published,
        "crumbs": [{"label": _("Ages"), "href": reverse("ages")}, {"label": found.title}],
    }


def papers_of(rows: tuple[Row, ...], sees: Sees) -> tuple[result_citations.Publication, ...]:
    """Return the publications that the rows of an age rest on, each once."""
    analyses = queries.results.chosen([row.analysis for row in rows], sees)
    return tuple(dict.fromkeys(one.publication for one in analyses if one.publication))


def cited_as(request: HttpRequest, found: Age, papers: tuple[result_citations.Publication, ...]) -> Cited:
    """Return what a citation of the age says; its identifier is its address here."""
    address = request.build_absolute_uri(reverse("result", args=[found.key]))
    return Cited(found.title, (), facility_name(), found.at.date(), address, found.version, papers)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _rows(found: Age, rows: tuple[Row, ...]) -> list[dict[str, object]]:
    """Return each row with its numbers, why it was left out, and by whom."""
    numbers = _list(found.asked.get("rows"))
    rejected = {
        one["row"]: one for one in _list(found.answered.get("rows_rejected")) if isinstance(one, dict)
    }
    return [
        {
            "row": row,
            "numbers": _list(numbers[row.row - 1])[1:] if row.row <= len(numbers) else [],
            "rejected": rejected.get(row.row),
        }
        for row in rows
    ]


def _constants(found: Age) -> list[tuple[str, dict[str, object]]]:
    used = found.answered.get("constants")
    return (
        [(name, one) for name, one in used.items() if isinstance(one, dict)] if isinstance(used, dict) else []
    )
