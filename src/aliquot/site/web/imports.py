"""Importing tables in the browser: every fault in its cell, mended in place, then all of it or nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.resources import files

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

from aliquot import fault
from aliquot.fault import Refused
from aliquot.formats import mapping as mappings
from aliquot.formats import preview
from aliquot.formats.findings import Finding
from aliquot.site import permissions, queries, search, uploads
from aliquot.site.models import Draft
from aliquot.site.operations import drafts, storage
from aliquot.site.operations.imports import Told
from aliquot.site.permissions import Act
from aliquot.site.web import acting
from aliquot.site.web.acting import Body, Shown

ROWS_SHOWN = 60
MAPPING_BYTES_MOST = 100_000


class ManyFiles(forms.ClearableFileInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each checked as one."""

    def clean(self, data: object, initial: object = None) -> list[UploadedFile]:
        given = data if isinstance(data, list) else [data]
        check = super().clean
        return [check(one, initial) for one in given or [None]]


class StartForm(forms.Form):
    """Which tables, and how they are read."""

    files = FilesField(
        label=gettext_lazy("Tables"),
        widget=ManyFiles(attrs={"multiple": True, "accept": ".csv,text/csv"}),
        help_text=gettext_lazy("CSV files in UTF-8; several are read as one."),
    )
    mapping = forms.ChoiceField(label=gettext_lazy("How they are read"), required=False)
    own = forms.FileField(
        label=gettext_lazy("Or a mapping of your own"),
        required=False,
        help_text=gettext_lazy(
            "A TOML file; it says which column fills which field, in which unit, with which decimal mark."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mapping"].choices = [
            ("", ""),
            *((key, mappings.load(key).title) for key in mappings.shipped()),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.IMPORT_TABLES)
def imports_list(request: HttpRequest) -> HttpResponse:
    """Show imports on their way, and start another."""
    form, faults = StartForm(request.POST or None, request.FILES or None), []
    if request.method == "POST" and form.is_valid():
        done = _start(request, form)
        if isinstance(done, dict):
            return redirect("import", number=done["draft"])
        faults = done
    context = {"form": form, "faults": faults, "drafts": queries.drafts.all_of_them(), "crumbs": _crumbs()}
    return render(request, "imports/list.html", context, status=422 if faults or form.errors else 200)


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("Desk"), "href": reverse("desk")},
        {"label": _("Imports"), "href": reverse("imports")},
        *more,
    ]


def _start(request: HttpRequest, form: StartForm) -> Body | list[Shown]:
    def act() -> Body:
        with ExitStack() as stack:
            arrived = [
                stack.enter_context(
                    storage.receive(uploads.chunks(file), name=file.name or "", limits=settings.FILES)
                )
                for file in request.FILES.getlist("files")[: drafts.FILES_MOST + 1]
            ]
            draft = drafts.start(arrived, _mapping(form), by=request.user, at=timezone.now())
        return {"draft": draft.pk}

    return acting.once(request, act)


def _mapping(form: StartForm) -> str:
    own: UploadedFile | None = form.cleaned_data["own"]
    if own is None:
        if not form.cleaned_data["mapping"]:
            raise Refused(
                [
                    fault.of(
                        "mapping", "it is not said how the tables are read", "choose a mapping, or give one"
                    )
                ]
            )
        name = form.cleaned_data["mapping"]
        return files("aliquot.formats.maps").joinpath(f"{name}.toml").read_text("utf-8")
    if own.size > MAPPING_BYTES_MOST:
        raise Refused([fault.of("own", "the mapping is too long", "give a TOML file of at most 100 kB")])
    try:
        return own.read().decode("utf-8")
    except UnicodeDecodeError:
        raise Refused([fault.of("own", "the mapping is not UTF-8 text", "save it again")]) from None


@dataclass(slots=True)
class Cell:
    """One cell of a row at fault, with what is wrong with it."""

    name: str
    column: str
    value: str
    is_mended: bool
    faults: list[Shown] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """A row at fault; `faults` are those of the whole line."""

    file: str
    line: int
    cells: list[Cell]
    faults: list[Shown] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.IMPORT_TABLES)
def one_import(request: HttpRequest, number: int) -> HttpResponse:
    """Show what an import would do and every fault in its cell; mend, check again, take it in, drop it."""
    draft = queries.drafts.one(number)
    if draft is None:
        raise Http404
    accepted = request.POST.getlist("accept")
    place, faults = request.POST.get("place", "").strip()[:100], []
    if request.method == "POST":
        done = acting.once(request, lambda: _act(request, draft, accepted, place))
        if isinstance(done, dict) and done["to"]:
            return redirect(str(done["to"]))
        faults = [] if isinstance(done, dict) else done
        draft = queries.drafts.one(number) or draft
    context = {
        "draft": draft,
        "faults": faults,
        "accepted": accepted,
        "place": place,
        "asked": request.POST.get("act", "") if not faults else "",
        "crumbs": _crumbs({"label": str(draft.pk)}),
    }
    if draft.taken_at is None and draft.dropped_at is None:
        context |= _preview(request, draft, accepted, place)
    return render(request, "imports/import.html", context, status=422 if faults else 200)


def _act(request: HttpRequest, draft: Draft, accepted: list[str], place: str) -> Body:
    told = request.POST
    version = (
        int(told.get("version", ""))
        if told.get("version", "").isdigit() and len(told["version"]) < 10
        else -1
    )
    cells = {name.removeprefix("cell:"): value for name, value in told.items() if name.startswith("cell:")}
    here = reverse("import", args=[draft.pk])
    if told.get("act") == "drop":
        drafts.drop(draft, at=timezone.now())
        return {"to": reverse("imports")}
    if cells:
        draft = drafts.mend(draft, cells, version=version)
        version = draft.version
    if told.get("act") != "take":
        return {"to": ""}
    done = drafts.take(
        draft, accepted=accepted, place=place, version=version, by=request.user, at=timezone.now()
    )
    if done.standing:
        return {"to": ""}
    search.catch_up()
    return {"to": here}


def _preview(request: HttpRequest, draft: Draft, accepted: list[str], place: str) -> dict[str, object]:
    """Return what taking it in would do, the faults by name, and the first rows at fault with their cells."""
    mapping = mappings.read(draft.mapping, "mapping")
    known = [name for name in accepted if name in mapping.rules and mapping.rules[name].acceptable]
    try:
        told = drafts.look(draft, accepted=known, place=place, by=request.user, at=timezone.now())
    except Refused as refused:
        return {
            "told": Told(0),
            "refused": acting.shown(refused.faults),
            "rows": [],
            "counts": [],
            "mapping": mapping,
        }
    return {
        "told": told,
        "mapping": mapping,
        "counts": _counts(told, mapping, known),
        "rows": _rows(draft, mapping, told),
        "columns": [column.name for column in mapping.columns],
        "files": queries.drafts.files(draft),
        "hidden": max(len({(one.file, one.line) for one in told.standing}) - ROWS_SHOWN, 0),
    }


def _counts(told: Told, mapping: mappings.TableMapping, accepted: list[str]) -> list[dict[str, object]]:
    """Return how often each rule was broken, and what accepting it would do."""
    counts = Counter(one.rule.name for one in told.findings)
    rules = ((mapping.rules[name], times) for name, times in counts.most_common())
    return [
        {
            "rule": rule,
            "times": times,
            "accepted": rule.name in accepted,
            "effect": _(rule.effect) if rule.effect else "",
        }
        for rule, times in rules
    ]


def _rows(draft: Draft, mapping: mappings.TableMapping, told: Told) -> list[Row]:
    by_row: dict[tuple[str, int], list[Finding]] = defaultdict(list)
    for one in told.standing:
        by_row[one.file, one.line].append(one)
    shown = dict(list(by_row.items())[:ROWS_SHOWN])
    mended = drafts.mended_of(draft)
    given = drafts.tables_of(draft)
    orders = {one.name: one.order for one in queries.drafts.files(draft)}
    texts = {(row.file, row.line): row.cells for row in preview.rows(given, mapping, mended, shown)}
    only = given[0][0]
    made = []
    for (file, line), found in shown.items():
        name = file or only
        row = Row(name, line, [])
        for column, value in texts.get((name, line), {}).items():
            own = [one for one in found if one.column == column]
            is_mended = (name, line, column) in mended
            row.cells.append(
                Cell(f"cell:{orders[name]}:{line}:{column}", column, value, is_mended, _shown(own))
            )
        row.faults = _shown([one for one in found if one.column not in texts.get((name, line), {})])
        made.append(row)
    return made


def _shown(found: list[Finding]) -> list[Shown]:
    return acting.shown(one.fault for one in found)
