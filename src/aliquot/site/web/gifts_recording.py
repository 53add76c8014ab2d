"""The form by which something that changed hands is recorded: by curators and directors; what leaves for good, by a director.

What stands in `?answers=`, `?replaces=`, `?exchange=` is filled in, and so is what follows from it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aliquot import deeds
from aliquot.deeds import Item
from aliquot.fault import Fault
from aliquot.site import law_words, loan_words, permissions, queries
from aliquot.site.models import Deed, Exchange
from aliquot.site.operations import deeds as operations
from aliquot.site.operations.deeds import Told
from aliquot.site.permissions import Act
from aliquot.site.web import acting, gifts, loans_ways
from aliquot.site.web.loans_fields import PlaceField
from aliquot.site.web.loans_ways import LongField, MassField

ROWS, ROWS_MOST = 3, 40
_COUNT_MOST = 2**53
_LINE = ("sample", "what", "mass", "entry")
_NAMES = (
    "kind", "way", "giver", "receiver", "country", "occasion", "instrument", "when", "present_holder", "sources", "note",
)  # fmt: skip


class DeedForm(forms.Form):
    """What changed hands: between whom, on which occasion, by which document, when as far as is known."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=loan_words.DEEDS.items)
    way = forms.ChoiceField(label=gettext_lazy("Which way"), choices=loan_words.WAYS.items)
    giver = forms.CharField(label=gettext_lazy("Who gives, in which office"), max_length=deeds.NAME_MOST)
    receiver = forms.CharField(
        label=gettext_lazy("Who receives, in which office"), max_length=deeds.NAME_MOST
    )
    country = forms.ChoiceField(label=gettext_lazy("Country of the other side"), required=False)
    occasion = forms.CharField(label=gettext_lazy("Occasion"), required=False, max_length=deeds.TEXT_MOST)
    instrument = forms.CharField(
        label=gettext_lazy("By which document"), max_length=deeds.TEXT_MOST,
        help_text=gettext_lazy("An agreement, a letter, a certificate; say so where it was not published."),
    )  # fmt: skip
    when = forms.CharField(
        label=gettext_lazy("When, as far as it is known"), max_length=40, required=False,
        help_text=gettext_lazy("2022-02-04, 2023-03, 1973, ~1972, <2025-12, 1969/1970, or ? where nobody knows."),
    )  # fmt: skip
    moves = forms.ChoiceField(
        label=gettext_lazy("What the ledger does"), widget=forms.RadioSelect, initial="no",
        choices=(
            ("no", gettext_lazy("Nothing: it is in the ledger already, or was never here")),
            ("yes", gettext_lazy("What is named leaves for good, or goes to the place of the deposit, now")),
        ),
    )  # fmt: skip
    place = PlaceField(label=gettext_lazy("Place of a deposit"), required=False)
    exchange = forms.ModelChoiceField(
        label=gettext_lazy("Part of an exchange"), queryset=Exchange.objects.none(), to_field_name="key", required=False
    )  # fmt: skip
    answers = forms.ModelChoiceField(
        label=gettext_lazy("In return for"), queryset=Deed.objects.none(), to_field_name="key", required=False
    )
    replaces = forms.ModelChoiceField(
        label=gettext_lazy("Takes the place of"), queryset=Deed.objects.none(), to_field_name="key", required=False,
        help_text=gettext_lazy("A deed is never changed: one that tells it better takes its place and moves nothing."),
    )  # fmt: skip
    present_holder = LongField(
        label=gettext_lazy("Who has it now, as far as is known"), required=False, rows=2, most=deeds.TEXT_MOST,
        help_text=gettext_lazy("Everybody can read this."),
    )  # fmt: skip
    sources = forms.CharField(label=gettext_lazy("Sources"), required=False, max_length=200)
    note = LongField(label=gettext_lazy("Note for the facility"), required=False, most=deeds.TEXT_MOST)

    def __init__(self, *given: Any, rows: int, **more: Any) -> None:
        super().__init__(*given, **more)
        self.count = rows
        self.fields["country"].choices = [("", _("none")), *law_words.countries()]
        self.fields["exchange"].queryset = Exchange.objects.order_by("-pk")
        self.fields["answers"].queryset = queries.deeds.all_of_them().order_by("-pk")
        self.fields["replaces"].queryset = queries.deeds.all_of_them().order_by("-pk")
        for name in ("answers", "replaces"):
            self.fields[name].label_from_instance = _named
        self.fields["exchange"].label_from_instance = lambda one: f"{one.number} · {one.title_en}"
        for i in range(rows):
            self.fields[f"sample_{i}"] = forms.CharField(label=_("Number"), required=False, max_length=100)
            self.fields[f"what_{i}"] = forms.CharField(
                label=_("Or what it is"), required=False, max_length=deeds.NAME_MOST
            )
            self.fields[f"mass_{i}"] = MassField(label=_("Mass, where it is known"), required=False)
            self.fields[f"entry_{i}"] = forms.IntegerField(
                label=_("Entry that recorded it"), required=False, min_value=0, max_value=_COUNT_MOST
            )

    @property
    def head(self) -> list[forms.BoundField]:
        """The fields that concern all of it."""
        return [field for field in self if not field.name.rpartition("_")[2].isdigit()]

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        """The fields of each item."""
        return [[self[f"{name}_{i}"] for name in _LINE] for i in range(self.count)]

    def used(self) -> list[int]:
        """Return the lines in which something stands."""
        given = self.cleaned_data
        return [
            i for i in range(self.count) if any(given.get(f"{name}_{i}") not in ("", None) for name in _LINE)
        ]

    def told(self) -> tuple[Told, dict[str, int]]:
        """Return what was told, and which entries recorded it."""
        given = self.cleaned_data
        used = [{name: given[f"{name}_{i}"] for name in _LINE} for i in self.used()]
        items = tuple(Item(one["sample"].strip(), one["what"], one["mass"]) for one in used)
        entries = {one["sample"].strip(): one["entry"] for one in used if one["entry"] is not None}
        return Told(**{name: given[name] for name in _NAMES}, items=items), entries


def _named(deed: Deed) -> str:
    return f"{deed.number} · {deed.giver} – {deed.receiver} · {deed.when}"


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_DEEDS)
def record(request: HttpRequest) -> HttpResponse:
    """Record a deed, or show what stands against it beside each field."""
    more = _count(request.POST.get("rows") or request.GET.get("rows"))
    if request.method == "POST" and "more" in request.POST:
        form = DeedForm(initial=request.POST.dict(), rows=min(more + ROWS, ROWS_MOST))
        return _page(request, form, [])
    form = DeedForm(request.POST if request.method == "POST" else None, initial=_begun(request), rows=more)
    faults: list[acting.Shown] = []
    if request.method == "POST" and form.is_valid():
        done = acting.attempt(request, lambda: _record(request, form))
        if isinstance(done, dict):
            return redirect("gift", key=str(done["key"]))
        faults = loans_ways.beside(form, [_of_line(one, form) for one in done])
    return _page(request, form, faults)


def _page(request: HttpRequest, form: DeedForm, faults: list[acting.Shown]) -> HttpResponse:
    context = {
        "form": form, "faults": faults, "rows": form.count,
        "crumbs": gifts.crumbs(request, {"label": _("Record")}),
    }  # fmt: skip
    return render(request, "gifts/record.html", context, status=422 if faults or form.errors else 200)


def _record(request: HttpRequest, form: DeedForm) -> dict[str, object]:
    given = form.cleaned_data
    told, entries = form.told()
    made = operations.record(
        told, moves=given["moves"] == "yes", place=given["place"], exchange=given["exchange"], answers=given["answers"],
        replaces=given["replaces"], entries=entries, by=request.user, at=timezone.now(),
    )  # fmt: skip
    return {"key": made.key}


def _of_line(one: Fault, form: DeedForm) -> Fault:
    """Return a fault of an item as that of its line: items are counted without empty lines, or named by their samples."""
    used = form.used()
    first, _bracket, rest = one.where.partition("[")
    index, _end, field = rest.partition("]")
    if first == "items" and index.isdigit() and int(index) < len(used):
        return Fault(
            f"items[{used[int(index)]}].{field.strip('.') or 'what'}", one.what, one.todo, one.values
        )
    if first == "items" and not index:
        return Fault("items[0].what", one.what, one.todo, one.values)
    said = dict(one.values).get("sample", dict(one.values).get("number", one.where))
    for i in used:
        if form.cleaned_data[f"sample_{i}"].strip() == said:
            field = "entry" if one.where == "entries" else "sample"
            return Fault(f"items[{i}].{field}", one.what, one.todo, one.values)
    return one


def _count(text: str | None) -> int:
    known = text is not None and text.isascii() and text.isdigit() and len(text) < 4
    return min(max(int(text or ROWS), 1), ROWS_MOST) if known else ROWS


def _begun(request: HttpRequest) -> dict[str, object]:
    """Return what the address says already: a return gift goes the other way, what replaces begins as what it replaces."""
    asked = {name: request.GET.get(name, "") for name in ("answers", "replaces", "exchange", "kind")}
    begun: dict[str, object] = {"moves": "no"} | {name: key for name, key in asked.items() if key.isalnum()}
    old = queries.deeds.one(asked["replaces"]) if asked["replaces"].isalnum() else None
    gift = queries.deeds.one(asked["answers"]) if asked["answers"].isalnum() else None
    if gift is not None:
        begun |= {"kind": gift.kind, "giver": gift.receiver, "receiver": gift.giver, "country": gift.country,
                  "way": "received" if gift.way == "given" else "given"}  # fmt: skip
    if old is not None:
        begun |= {name: getattr(old, name) for name in _NAMES}
        for i, item in enumerate(old.items.select_related("sample")[:ROWS]):
            begun |= {f"sample_{i}": item.sample.number if item.sample else "", f"what_{i}": item.what}
    return begun
