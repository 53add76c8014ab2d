"""Many claims from a table: shown first with every fault in its cell, mended in place, then proposed all at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from aliquot.fault import Fault
from aliquot.formats import claims as tables
from aliquot.site import permissions
from aliquot.site.operations import register as operations
from aliquot.site.operations.register import Proposal
from aliquot.site.permissions import Act
from aliquot.site.web import acting
from aliquot.site.web.acting import Body, Shown
from aliquot.site.web.register_forms import DAY, LISTS, SOURCE, grades

BYTES_MOST: Final = 300_000


class TableForm(forms.Form):
    """The table as text, how it is read, and the source on which all of it rests."""

    file = forms.FileField(label=_("CSV or XLSX file"), required=False)
    text = forms.CharField(
        label=_("The table as text"),
        required=False,
        max_length=BYTES_MOST,
        widget=forms.Textarea(attrs={"rows": 12, "class": "table-text"}),
        strip=False,
        help_text=_("Mend what is wrong here, and look again."),
    )
    mapping = forms.ChoiceField(label=_("Its columns"), required=False)
    source_title = forms.CharField(label=_("A new source: its title"), required=False, max_length=400)
    source_publisher = forms.CharField(label=_("Its publisher"), required=False, max_length=200)
    source_date = forms.CharField(label=_("Its date"), required=False, max_length=40, help_text=DAY)
    source_addresses = forms.CharField(label=_("Its address"), required=False, max_length=400)
    source_language = forms.CharField(label=_("Its language"), required=False, max_length=10)
    source_grade = forms.ChoiceField(label=_("Its grade"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        known = [(name, tables.load(name).title) for name in tables.shipped()]
        self.fields["mapping"].choices = [("", _("the fields of the register")), *known]
        self.fields["source_grade"].choices = grades()

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file is not None and file.size > BYTES_MOST:
            raise forms.ValidationError(_("The file is larger than 300 kB; import it in parts."))
        return file

    def table(self) -> str | Fault:
        """Return the table as CSV: that of the file where there is one."""
        file = self.cleaned_data["file"]
        data = tables.as_csv(file.read()) if file is not None else self.cleaned_data["text"].encode()
        return data if isinstance(data, Fault) else data.decode("utf-8-sig", "replace").replace("\r\n", "\n")

    def source(self) -> dict[str, object] | None:
        cited: dict[str, object] = {}
        for name, value in self.cleaned_data.items():
            bare = name.removeprefix(SOURCE)
            if name.startswith(SOURCE) and value:
                cited[bare] = value.split() if bare in LISTS else value
        return cited or None


@dataclass(slots=True)
class Looked:
    """What a table would propose, and what stands against it, each in its cell."""

    text: str = ""
    columns: tuple[str, ...] = ()
    rows: list[dict[str, object]] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    faults: list[Shown] = field(default_factory=list)
    source: tuple[Fault, ...] = ()
    wrong: int = 0


def look(form: TableForm) -> Looked:
    """Read the table and hold every row against the register."""
    text, name = form.table(), form.cleaned_data["mapping"]
    if isinstance(text, Fault):
        return Looked(faults=acting.shown([text]), wrong=1)
    mapping = tables.load(name) if name else None
    table = tables.read(text.encode(), mapping)
    proposals = [Proposal(one.kind, one.fact, None, one.links) for one in table.rows]
    source, found = operations.look_over(proposals, form.source())
    made = Looked(text, table.columns, proposals=proposals, source=source)
    by_line: dict[int, dict[str, list[Shown]]] = {}
    every = [*table.wrong]
    for row, faults in zip(table.rows, found, strict=True):
        every += tables.placed(row, faults, mapping)
    for one in every:
        by_line.setdefault(one.line, {}).setdefault(one.column, []).extend(acting.shown([one.fault]))
    for row in table.rows:
        said = by_line.get(row.line, {})
        cells = [(column, row.cells.get(column, ""), said.get(column, ())) for column in table.columns]
        made.rows.append({"line": row.line, "cells": cells, "faults": said.get("", ())})
    read = {row.line for row in table.rows}
    made.faults = acting.shown(one.fault for one in every if one.line not in read)
    made.wrong = len(every) + len(source)
    return made


@require_http_methods(["GET", "HEAD", "POST"])
def import_claims(request: HttpRequest) -> HttpResponse:
    """Look at a table of claims, then propose all of it."""
    if not permissions.may(request.user, Act.PROPOSE_CLAIMS):
        return redirect_to_login(request.get_full_path())
    form, looked = TableForm(request.POST or None, request.FILES or None), None
    faults: list[Shown] = []
    if request.method == "POST" and form.is_valid():
        looked = look(form)
        faults = looked.faults + _beside(form, looked.source)
        if request.POST.get("act") == "propose" and not looked.wrong:
            done = acting.once(request, lambda: _propose(request, looked, form))
            if isinstance(done, dict):
                return redirect("claims")
            faults = done
    wrong = bool(faults or form.errors or (looked and looked.wrong))
    context = {"form": form, "looked": looked, "faults": faults}
    return render(
        request, "register/import.html", context, status=422 if wrong and request.method == "POST" else 200
    )


def _beside(form: TableForm, faults: tuple[Fault, ...]) -> list[Shown]:
    """Put the faults of the source beside its fields; return those that belong to none."""
    rest = []
    for one in acting.shown(faults):
        name = one.where.replace(".", "_")
        if name in form.fields:
            form.add_error(name, f"{one.said}; {one.advice}")
        else:
            rest.append(one)
    return rest


def _propose(request: HttpRequest, looked: Looked, form: TableForm) -> Body:
    made = operations.propose_many(looked.proposals, form.source(), by=request.user, at=timezone.now())
    return {"claims": [one.key for one in made]}
