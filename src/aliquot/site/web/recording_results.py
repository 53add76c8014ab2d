"""Pages on which results come in: the list, an analysis by hand, an age from analyses that are there. Tables: `result_tables`."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import analyses
from aliquot.result_duties import Duty
from aliquot.results import CLOCKS, TASKS, Meaning, Wish
from aliquot.site import permissions, queries, result_words
from aliquot.site.operations import ages
from aliquot.site.operations import results as acts
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries.results import Sees
from aliquot.site.web import acting
from aliquot.site.web.results import holders_of, omitted_in, sees_of

VALUE_ROWS = 8


def crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("Desk"), "href": reverse("desk")},
        {"label": _("Results"), "href": reverse("results")},
        *more,
    ]


def page_in(request: HttpRequest) -> int:
    said = request.GET.get("page", "1")
    return int(said) if said.isascii() and said.isdigit() and 0 < len(said) < 6 and int(said) else 1


@require_safe
@login_required
def results_list(request: HttpRequest) -> HttpResponse:
    """Show what was recorded lately, tables that wait, what is under embargo; the ways to bring more in."""
    sees = sees_of(request)
    may_record = permissions.may(request.user, Act.RECORD_RESULTS)
    if not (may_record or sees.all):
        raise PermissionDenied
    context = {
        "may_record": may_record,
        "page": queries.results.lately(sees, page_in(request)),
        "drafts": queries.results.drafts(request.user, whole=sees.all),
        "embargoed": queries.results.embargoed(sees),
        "papers": queries.results.papers(sees),
        "owed": _owed(request, whole=sees.all),
        "loans": () if sees.all else queries.result_duties.loans_of(request.user),
        "today": sees.on,
        "crumbs": [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("Results")}],
    }
    return render(request, "results/list.html", context)


def _owed(request: HttpRequest, *, whole: bool) -> list[tuple[Duty, str]]:
    """Return what is owed, each with the number of its loan."""
    found = queries.result_duties.owed(person=None if whole else request.user)
    numbers = queries.result_duties.numbers(one.loan for one in found)
    return [(one, numbers[one.loan]) for one in found]


def of_loan(request: HttpRequest) -> dict[str, str]:
    """Return what the loan that the address names says beforehand: where the split was, in which laboratory."""
    key = request.GET.get("loan", "").replace("\0", "")[:24]
    loan = (
        queries.loans.one(key, request.user, sees_all=permissions.may(request.user, Act.SEE_LOANS))
        if key
        else None
    )
    if loan is None:
        return {}
    return {
        "origin": "facility",
        "holder": loan.holder.key,
        "laboratory": queries.loans.duty(loan).institution,
    }


# -- an analysis by hand -------------------------------------------------------------------------------------


def methods() -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [
        ("", ""),
        *((code, f"{code}: {words.text(language)}") for code, words in analyses.methods().items()),
    ]


def _materials() -> list[tuple[str, str]]:
    """Return the materials of the vocabulary, as they are kept and as they are said."""
    language = get_language() or "en"
    return [(words.text("en"), words.text(language)) for words in analyses.materials().values()]


class AnalysisForm(forms.Form):
    """What is told of an analysis. Shape alone; sense is the operation's."""

    sample = forms.CharField(
        label=gettext_lazy("Split"),
        required=False,
        help_text=gettext_lazy("Its number, exactly that of the piece that was measured."),
    )
    label = forms.CharField(label=gettext_lazy("Grain, spot or fraction"), required=False)
    material = forms.CharField(
        label=gettext_lazy("Material"), required=False, widget=forms.TextInput(attrs={"list": "materials"})
    )
    method = forms.ChoiceField(label=gettext_lazy("Method"), required=False)
    instrument = forms.CharField(label=gettext_lazy("Instrument"), required=False)
    laboratory = forms.CharField(label=gettext_lazy("Laboratory"), required=False)
    holder = forms.CharField(
        label=gettext_lazy("Where the split was"), required=False,
        help_text=gettext_lazy("The code of a place, or the key of a holder of the ledger. It is checked that it was there that day."),
    )  # fmt: skip
    measured_on = forms.CharField(label=gettext_lazy("Measured on"), required=False, help_text="2026-03-14")
    standards = forms.CharField(label=gettext_lazy("Standards"), required=False)
    analyst = forms.CharField(
        label=gettext_lazy("Analyst"),
        required=False,
        help_text=gettext_lazy("The key of a person, such as person:17."),
    )
    consumed = forms.CharField(
        label=gettext_lazy("Used up"),
        required=False,
        help_text=gettext_lazy("A mass, such as 1.5 mg; it becomes an entry of the ledger."),
    )
    citation = forms.CharField(label=gettext_lazy("Published in"), required=False)
    doi = forms.CharField(label=gettext_lazy("DOI"), required=False)
    year = forms.CharField(label=gettext_lazy("Year"), required=False)
    accepted_on = forms.CharField(label=gettext_lazy("Accepted on"), required=False)
    embargo_until = forms.CharField(label=gettext_lazy("Embargo until"), required=False)
    origin = forms.ChoiceField(
        label=gettext_lazy("Where it comes from"), required=False, choices=list(result_words.ORIGINS.items())
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    sure = forms.CharField(
        label=gettext_lazy("Why what is unusual is right"), required=False,
        help_text=gettext_lazy("Only where something unusual was asked about."),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = methods()


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.RECORD_RESULTS)
def record(request: HttpRequest) -> HttpResponse:
    """Record an analysis by hand, or one that sets another right."""
    form = AnalysisForm(request.POST or None, initial=_initial(request))
    faults: list[acting.Shown] = []
    if request.method == "POST":
        done = acting.once(request, lambda: _record(request, form))
        if isinstance(done, dict):
            return redirect("analysis", key=str(done["key"]))
        faults = beside(form, done)
    context = {
        "form": form,
        "faults": faults,
        "rows": _value_rows(request.POST),
        "columns": analyses.VALUE,
        "supersedes": request.POST.get("supersedes") or request.GET.get("supersedes", "")[:24],
        "why": request.POST.get("why", ""),
        "levels": result_words.LEVELS,
        "materials": _materials(),
        "kinds": result_words.KINDS,
        "crumbs": crumbs({"label": _("Record an analysis")}),
    }
    return render(request, "results/record.html", context, status=422 if faults or form.errors else 200)


def _initial(request: HttpRequest) -> dict[str, str]:
    return {"sample": request.GET.get("sample", "").replace("\0", "")[:100], **of_loan(request)}


def _record(request: HttpRequest, form: AnalysisForm) -> Body:
    form.is_valid()
    said = {name: request.POST.get(name, "") for name in form.fields}
    told: dict[str, object] = {name: text for name, text in said.items() if text.strip()}
    told["values"] = [
        row for row in _value_rows(request.POST) if row["analyte"].strip() or row["value"].strip()
    ]
    by, at = request.user, timezone.now()
    if said["citation"].strip():
        told["publication"] = acts.cite(said, by=by, at=at).key
    made = acts.record(
        told, by=by, at=at, at_holders=holders_of(request),
        supersedes=request.POST.get("supersedes", "")[:24].replace("\0", ""), why=request.POST.get("why", ""),
    )  # fmt: skip
    return {"key": made.key}


def _value_rows(told: QueryDict) -> list[dict[str, str]]:
    """Return the rows of values as they were typed, and empty ones for more."""
    lists = {name: told.getlist(f"value.{name}") for name in analyses.VALUE}
    typed = max(len(each) for each in lists.values())
    rows = [
        {name: each[at] if at < len(each) else "" for name, each in lists.items()}
        for at in range(min(typed, analyses.VALUES_MOST))
    ]
    return rows + [dict.fromkeys(analyses.VALUE, "")] * max(VALUE_ROWS - len(rows), 0)


def beside(form: forms.Form, faults: list[acting.Shown]) -> list[acting.Shown]:
    """Put each fault beside its field; the list on top has all of them."""
    form.is_valid()
    for one in faults:
        if form.is_bound and one.where in form.fields:
            form.add_error(one.where, _("%(what)s; %(todo)s") % {"what": one.said, "todo": one.advice})
    return faults


# -- an age from analyses ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.RECORD_RESULTS)
def derive(request: HttpRequest) -> HttpResponse:
    """Choose analyses, a clock and what the line means, and derive an age; what is left out has its reason."""
    sees = sees_of(request)
    faults: list[acting.Shown] = []
    if request.method == "POST":
        done = acting.once(request, lambda: _derive(request, sees))
        if isinstance(done, dict):
            return redirect("result", key=str(done["key"]))
        faults = done
    asked = request.POST or request.GET
    found = _offered(asked, sees)
    context = {
        "analyses": found,
        "chosen": asked.getlist("analysis") or [one.key for one in found],
        "faults": faults,
        "told": asked,
        "query": {"sample": asked.getlist("sample"), "paper": asked.getlist("paper")},
        "tasks": [(key, result_words.TASKS[key]) for key in TASKS],
        "clocks": CLOCKS,
        "meanings": [(one.value, result_words.MEANINGS[one], result_words.DATES[one]) for one in Meaning],
        "sets": [(key, result_words.SETS[key]) for key in result_words.CHOICES],
        "papers": queries.results.papers(sees),
        "crumbs": crumbs({"label": _("Derive an age")}),
    }
    return render(request, "results/derive.html", context, status=422 if faults else 200)


def _offered(asked: QueryDict, sees: Sees) -> tuple[queries.results.Told, ...]:
    """Return the analyses of the samples and publications that the address names."""
    found = list(
        queries.results.citing([key[:24] for key in asked.getlist("paper") if "\0" not in key], sees)
    )
    for number in asked.getlist("sample")[:40]:
        if number and "\0" not in number:
            found += queries.results.of_sample(number[:100], sees)
    return tuple({one.key: one for one in found}.values())


def _derive(request: HttpRequest, sees: Sees) -> Body:
    told = request.POST
    sets = [key for key in (told.get("set", ""),) if key in result_words.CHOICES]
    model = told.get("model", "1")
    wish = Wish(
        task=told.get("task", ""),
        clock="" if told.get("task") == "mean" else told.get("clock", ""),
        meaning=told.get("meaning", ""),
        omitted=omitted_in(told),
        sets=tuple(dict.fromkeys([*sets, "isoplotr-6.8.5-default"])) if sets else (),
        model=int(model) if model in ("1", "2", "3") else 0,
        outlier_test="chauvenet" if told.get("outliers") else "none",
        random_effects=bool(told.get("random")),
        external_errors=bool(told.get("external")),
        note=told.get("note", ""),
    )
    keys = [key for key in told.getlist("analysis") if "\0" not in key]
    made = ages.derive(wish, keys, title=told.get("title", ""), sees=sees, by=request.user, at=timezone.now())
    return {"key": made.key}
