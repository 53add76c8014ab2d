"""Tables of results in the browser: every fault in its cell, mended in place, then all of it or nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aliquot import analyses, fault
from aliquot.fault import Refused
from aliquot.formats import analysis_mapping
from aliquot.site import permissions, queries, result_words, uploads
from aliquot.site.models import ResultsDraft
from aliquot.site.operations import result_tables, storage
from aliquot.site.operations.programs import Body
from aliquot.site.operations.result_tables import Told
from aliquot.site.permissions import Act
from aliquot.site.web import acting
from aliquot.site.web.recording_results import beside, crumbs, methods, of_loan
from aliquot.site.web.results import holders_of

LINES_SHOWN = 60
SKETCHED_MOST = 8
MAPPING_BYTES_MOST = 100_000


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
        self.fields["method"].choices = methods()
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
    form, faults = TableForm(request.POST or None, request.FILES or None, initial=of_loan(request)), []
    if request.method == "POST" and form.is_valid():
        done = acting.once(request, lambda: _start(request, form))
        if isinstance(done, dict):
            return redirect("results-table", key=str(done["key"]))
        faults = beside(form, done)
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
        context |= _preview(request, draft)
    return render(request, "results/table.html", context, status=422 if faults else 200)


def _preview(request: HttpRequest, draft: ResultsDraft) -> dict[str, object]:
    """Return what taking the table in would do, each fault in its cell, and the first of what it would record."""
    at = timezone.now()
    told = result_tables.look(draft, at_holders=holders_of(request), at=at)
    return {
        "preview": told,
        "lines": _lines(told, draft),
        "sketched": [analyses.read(one, on=at.date()).analysis for one in told.new[:SKETCHED_MOST]],
        "ready": not told.faults and bool(told.new or told.already),
    }


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
