"""Pages on which results come in: the list, an analysis by hand, a table, an age from analyses that are there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import analyses, fault
from aliquot.fault import Refused
from aliquot.formats import analysis_mapping
from aliquot.results import CLOCKS, TASKS, Meaning, Wish
from aliquot.site import permissions, queries, result_words, uploads
from aliquot.site.models import ResultsDraft
from aliquot.site.operations import ages, result_tables, storage
from aliquot.site.operations import results as acts
from aliquot.site.operations.programs import Body
from aliquot.site.operations.result_tables import Told
from aliquot.site.permissions import Act
from aliquot.site.queries.results import Sees
from aliquot.site.web import acting
from aliquot.site.web.results import holders_of, omitted_in, sees_of

LINES_SHOWN = 60
VALUE_ROWS = 8
SKETCHED_MOST = 8
MAPPING_BYTES_MOST = 100_000


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
        "owed": queries.result_duties.owed(person=None if sees.all else request.user),
        "today": sees.on,
        "crumbs": [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("Results")}],
    }
    return render(request, "results/list.html", context)


# -- an analysis by hand -------------------------------------------------------------------------------------


def _methods() -> list[tuple[str, str]]:
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
        self.fields["method"].choices = _methods()


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
        faults = _beside(form, done)
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
    return {"sample": request.GET.get("sample", "").replace("\0", "")[:100]}


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


def _beside(form: forms.Form, faults: list[acting.Shown]) -> list[acting.Shown]:
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


# -- tables --------------------------------------------------------------------------------------------------


class TableForm(forms.Form):
    """Which table, and what is the same for all of its rows."""

    file = forms.FileField(
        label=gettext_lazy("Table"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.xlsx,.ods,text/csv"}),
        help_text=gettext_lazy("A CSV file in UTF-8, or a workbook (XLSX, ODS), of which the first sheet is read. Either a value a row (sample, analyte, value, unit, method code, uncertainty, level), or a sample a row with columns such as Rb_ppm and s_Rb_ppm."),
    )  # fmt: skip
    mapping = forms.ChoiceField(
        label=gettext_lazy("How it is read"), required=False,
        help_text=gettext_lazy("By its header, or by a mapping for tables whose headers do not say it."),
    )  # fmt: skip
    own = forms.FileField(
        label=gettext_lazy("Or a mapping of your own"), required=False,
        help_text=gettext_lazy("A TOML file; it says which column is which value, in which unit, with which uncertainty."),
    )  # fmt: skip
    origin = forms.ChoiceField(
        label=gettext_lazy("Where it comes from"), choices=list(result_words.ORIGINS.items())
    )
    method = forms.ChoiceField(
        label=gettext_lazy("Method"),
        required=False,
        help_text=gettext_lazy("Where the table has no column for it."),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Level of the uncertainties"),
        required=False,
        choices=[("", ""), *result_words.LEVELS.items()],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("The uncertainties are"), required=False, choices=list(result_words.KINDS.items())
    )
    laboratory = forms.CharField(label=gettext_lazy("Laboratory"), required=False)
    holder = forms.CharField(label=gettext_lazy("Where the split was"), required=False)
    measured_on = forms.CharField(label=gettext_lazy("Measured on"), required=False, help_text="2026-03-14")
    citation = forms.CharField(
        label=gettext_lazy("Published in"),
        required=False,
        help_text=gettext_lazy("Authors, year, title, journal; needed of what comes from the literature."),
    )
    doi = forms.CharField(label=gettext_lazy("DOI"), required=False)
    year = forms.CharField(label=gettext_lazy("Year"), required=False)
    embargo_until = forms.CharField(
        label=gettext_lazy("Embargo until"), required=False, help_text="2027-01-31"
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = _methods()
        self.fields["mapping"].choices = [
            ("", _("by its header")),
            *((key, _title(key)) for key in analysis_mapping.shipped()),
        ]


def _title(key: str) -> str:
    """Return what a shipped mapping reads, in the reader's language where that is known."""
    return str(result_words.said(result_words.MAPPINGS, key))


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.RECORD_RESULTS)
def start_table(request: HttpRequest) -> HttpResponse:
    """Take a table of results in, to be looked at before anything is recorded."""
    form, faults = TableForm(request.POST or None, request.FILES or None), []
    if request.method == "POST" and form.is_valid():
        done = acting.once(request, lambda: _start(request, form))
        if isinstance(done, dict):
            return redirect("results-table", key=str(done["key"]))
        faults = _beside(form, done)
    context = {"form": form, "faults": faults, "crumbs": crumbs({"label": _("Import a table")})}
    return render(request, "results/start.html", context, status=422 if faults or form.errors else 200)


def _start(request: HttpRequest, form: TableForm) -> Body:
    file: UploadedFile = form.cleaned_data["file"]
    common = {
        name: request.POST.get(name, "") for name in form.fields if name not in ("file", "mapping", "own")
    }
    with storage.receive(uploads.chunks(file), name=file.name or "", limits=settings.FILES) as arrived:
        made = result_tables.start(
            arrived, common, mapping=_mapping(form), by=request.user, at=timezone.now()
        )
    return {"key": made.key}


def _mapping(form: TableForm) -> str:
    """Return the TOML of the mapping that was sent or chosen; nothing where the header is to say it."""
    own: UploadedFile | None = form.cleaned_data["own"]
    if own is None:
        return analysis_mapping.text_of(form.cleaned_data["mapping"]) if form.cleaned_data["mapping"] else ""
    if (own.size or 0) > MAPPING_BYTES_MOST:
        raise Refused([fault.of("own", "a mapping is shorter", "send the TOML file of the mapping")])
    try:
        return own.read().decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(
            [fault.of("own", "the file is not UTF-8 text", "send the TOML file of the mapping")]
        ) from None


@dataclass(slots=True)
class Line:
    """A row of the table that is at fault: its cells, each with what is wrong with it."""

    line: int
    cells: list[dict[str, object]] = field(default_factory=list)
    faults: list[acting.Shown] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.RECORD_RESULTS)
def table(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a table would record and every fault in its cell; mend, take it in whole, or drop it."""
    draft = _draft(request, key)
    faults: list[acting.Shown] = []
    if request.method == "POST":
        done = acting.once(request, lambda: _act_on(request, draft))
        if isinstance(done, dict) and done["to"]:
            return redirect(str(done["to"]))
        faults = [] if isinstance(done, dict) else done
        draft = _draft(request, key)
    context = {
        "draft": draft,
        "faults": faults,
        "sure": request.POST.get("sure", ""),
        "crumbs": crumbs({"label": draft.name}),
    }
    if draft.taken_at is None and draft.dropped_at is None:
        told = result_tables.look(draft, at_holders=holders_of(request), at=timezone.now())
        context |= {
            "preview": told,
            "lines": _lines(told, draft),
            "sketched": [
                analyses.read(one, on=timezone.now().date()).analysis for one in told.new[:SKETCHED_MOST]
            ],
            "ready": not told.faults and bool(told.new or told.already),
        }
    return render(request, "results/table.html", context, status=422 if faults else 200)


def _draft(request: HttpRequest, key: str) -> ResultsDraft:
    found = queries.results.draft(key) if "\0" not in key else None
    whole = permissions.may(request.user, Act.SEE_RESULTS)
    if found is None or not (whole or found.by_id == request.user.pk):
        raise Http404
    return found


def _act_on(request: HttpRequest, draft: ResultsDraft) -> Body:
    told, at = request.POST, timezone.now()
    if told.get("act") == "drop":
        result_tables.drop(draft, at=at)
        return {"to": reverse("results")}
    version = _version(told.get("version", ""))
    cells = {name.removeprefix("cell:"): text for name, text in told.items() if name.startswith("cell:")}
    if cells:
        draft = result_tables.mend(draft, cells, version=version)
        version = draft.version
    holders = holders_of(request)
    if told.get("act") != "take" or result_tables.look(draft, at_holders=holders, at=at).faults:
        return {"to": ""}  # what was mended stays, and the page says what is still wrong
    done = result_tables.take(
        draft, sure=told.get("sure", ""), at_holders=holders, version=version, by=request.user, at=at
    )
    paper = next((one.publication for one in done.made if one.publication), "")
    return {"to": f"{reverse('derive-age')}?paper={paper}" if paper else reverse("results")}


def _version(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else -1


def _lines(told: Told, draft: ResultsDraft) -> list[Line]:
    """Return the first lines at fault with their cells."""
    by_line: dict[int, list[object]] = defaultdict(list)
    for one in told.wrong:
        by_line[one.line].append(one)
    made = []
    for line, found in list(by_line.items())[:LINES_SHOWN]:
        row = Line(
            line,
            faults=acting.shown(
                one.fault for one in found if one.column not in told.table.cells.get(line, {})
            ),
        )
        for column, text in told.table.cells.get(line, {}).items():
            own = [one for one in found if one.column == column]
            key = f"{line}:{column}"
            row.cells.append({"name": f"cell:{key}", "column": column, "value": text, "faults": acting.shown(one.fault for one in own),
                              "is_doubt": all(one.is_doubt for one in own), "is_mended": key in draft.mended})  # fmt: skip
        made.append(row)
    return made
