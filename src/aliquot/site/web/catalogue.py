"""The catalogue: what was asked in the address, one page of rows, and every way on from there.

All state is in the address, so that a page can be kept, sent and read without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from aliquot import mass
from aliquot.fault import Fault
from aliquot.site import names, queries, search, words
from aliquot.site.queries.samples import Whom
from aliquot.site.search import Found, Wanted
from aliquot.site.web import basket, downloads

Text = str | Promise
SORTS = {
    "": _("best match, or by number"),
    "number": _("by number"),
    "-mass": _("heaviest first"),
    "mass": _("lightest first"),
}
OPEN = frozenset({"mission", "use_class", "availability"})
CHOICES_MAX = 20
VALUE_LENGTH_MAX = 120


class MassField(forms.CharField):
    """A mass as people write it; nanograms when cleaned, None where it is left empty."""

    def to_python(self, value: object) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        read = mass.read(text)
        if isinstance(read, Fault):
            raise ValidationError(f"{read.said}; {read.advice}")
        return read


class ChosenField(forms.Field):
    """The chosen values of one facet; the facets' links set them, the form only keeps them."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: object) -> list[str]:
        given = value if isinstance(value, list) else []
        # PostgreSQL cannot be asked for a NUL; with another sign in its place the value still fits nothing.
        return [str(one)[:VALUE_LENGTH_MAX].replace("\0", "\ufffd") for one in given[:CHOICES_MAX]]


class CatalogueForm(forms.Form):
    """What can be asked of the catalogue."""

    q = forms.CharField(
        label=_("Number, name or any word"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    least = MassField(
        label=_("Mass from"), required=False, widget=forms.TextInput(attrs={"placeholder": "1 mg"})
    )
    most = MassField(
        label=_("Mass to"), required=False, widget=forms.TextInput(attrs={"placeholder": "1.5 g"})
    )
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=SORTS)

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked)
        self.fields |= {facet: ChosenField(required=False) for facet in search.FACETS}

    def clean_q(self) -> str:
        text = self.cleaned_data["q"]
        if search.is_too_long(text):
            raise ValidationError(
                _(
                    "the question is too long; ask for at most %(words)d words of together %(letters)d characters"
                )
                % {"words": search.WORDS_MAX, "letters": search.TEXT_MAX}
            )
        return text

    @property
    def wanted(self) -> Wanted:
        """What is asked, without what is at fault."""
        self.full_clean()
        said = self.cleaned_data
        chosen = [(facet, value) for facet in search.FACETS for value in said.get(facet, ()) if value]
        return Wanted(
            text=said.get("q", ""),
            chosen=tuple(dict.fromkeys(chosen)),
            least_ng=said.get("least"),
            most_ng=said.get("most"),
            sort=said.get("sort", ""),
            page=_page(self.data.get("page", "")),
        )


def _page(text: str) -> int:
    return min(int(text), search.PAGES_MAX) if text.isascii() and text.isdigit() and 0 < len(text) < 6 else 1


@require_safe
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """Show one page of the samples that match, or hand all of them over as a file."""
    form = CatalogueForm(request.GET)
    wanted = form.wanted
    if request.GET.get("format") in downloads.FORMATS:
        return _as_file(form, wanted, request.GET["format"])
    found = search.find(wanted)
    address = Address(request.GET)
    labels = Labels.of(found, wanted)
    rows = queries.samples.rows(found.pks)
    context = {
        "form": form,
        "rows": rows,
        "asked_for": basket.asked_for(request, [row.number for row in rows]),
        "found": found,
        "summary": _summary(found, wanted),
        "facets": _facets(found, wanted, address, labels),
        "chosen": _chosen(wanted, address, labels),
        "sorts": _sorts(wanted, address),
        "order": wanted.order,
        "is_cut": found.total > search.PAGE * search.PAGES_MAX,
        **_onward(found, wanted, address),
    }
    return render(request, "samples/catalogue.html", context)


def _as_file(form: CatalogueForm, wanted: Wanted, kind: str) -> HttpResponseBase:
    """Hand all that match over; a program would not see the message beside a field, so a fault refuses."""
    return downloads.refused(form.errors) if form.errors else downloads.catalogue(wanted, kind)


def _onward(found: Found, wanted: Wanted, address: Address) -> dict[str, str]:
    """Return where the page leads: to its neighbours, and to all of it as a file."""
    return {
        "previous_href": address.changed(page=wanted.page - 1) if wanted.page > 1 else "",
        "next_href": address.changed(page=wanted.page + 1) if _has_next(found, wanted) else "",
        "csv_href": address.changed(format="csv"),
        "json_href": address.changed(format="json"),
    }


def _sorts(wanted: Wanted, address: Address) -> dict[str, str]:
    """Return the addresses that the heads of the columns lead to; masses begin with the heaviest."""
    other = "mass" if wanted.order == "-mass" else "-mass"
    return {"number": address.changed(sort="number"), "mass": address.changed(sort=other)}


def _has_next(found: Found, wanted: Wanted) -> bool:
    return wanted.page < search.PAGES_MAX and wanted.page * search.PAGE < found.total


def _summary(found: Found, wanted: Wanted) -> str:
    first = (wanted.page - 1) * search.PAGE + 1
    if not found.pks:
        return ""
    return ngettext(
        "%(first)s to %(last)s of %(total)s sample", "%(first)s to %(last)s of %(total)s samples", found.total
    ) % {"first": f"{first:,}", "last": f"{first + len(found.pks) - 1:,}", "total": f"{found.total:,}"}


@dataclass(frozen=True, slots=True)
class Address:
    """The address of this page, and of the same page with something changed."""

    asked: QueryDict

    def changed(self, **changes: str | int) -> str:
        """Return the address with these values; every change but of the page itself goes back to the first page."""
        query = self.asked.copy()
        query.pop("page", None)
        query.pop("format", None)
        for key, value in changes.items():
            query[key] = str(value)
        return f"?{query.urlencode()}"

    def toggled(self, facet: str, value: str) -> str:
        """Return the address with a value of a facet chosen, or no longer chosen."""
        query = self.asked.copy()
        query.pop("page", None)
        values = query.getlist(facet)
        query.setlist(facet, [v for v in values if v != value] if value in values else [*values, value])
        return f"?{query.urlencode()}"

    def without(self, *keys: str) -> str:
        query = self.asked.copy()
        for key in (*keys, "page"):
            query.pop(key, None)
        return f"?{query.urlencode()}"


@dataclass(frozen=True, slots=True)
class Labels:
    """How the values of facets are read; holders are looked up once for the page."""

    whoms: Mapping[str, Whom]
    language: str

    @classmethod
    def of(cls, found: Found, wanted: Wanted) -> Labels:
        keys = {value for facet, counts in found.facets if facet == "holder" for value, _ in counts}
        keys |= {value for facet, value in wanted.chosen if facet == "holder"}
        return cls(queries.samples.whoms(keys), get_language() or "en")

    def said(self, facet: str, value: str) -> Text:
        if value == search.UNKNOWN:
            return _("not known")
        if facet == "mission":
            return names.mission(value, self.language)
        if facet == "country":
            return names.country(value, self.language)
        if facet == "holder":
            return names.whom(self.whoms[value], self.language) if value in self.whoms else value
        return words.said(facet, value)


def _facets(found: Found, wanted: Wanted, address: Address, labels: Labels) -> list[dict[str, object]]:
    chosen = set(wanted.chosen)
    return [
        {
            "label": words.FACETS[facet],
            "open": facet in OPEN or any(name == facet for name, _ in chosen),
            "options": [
                {
                    "label": labels.said(facet, value),
                    "count": f"{count:,}",
                    "href": address.toggled(facet, value),
                    "selected": (facet, value) in chosen,
                }
                for value, count in _in_order(facet, counts)
            ],
        }
        for facet, counts in found.facets
        if counts
    ]


def _in_order(facet: str, counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the most frequent first, but masses from light to heavy."""
    order = {key: place for place, key in enumerate(words.SIZES)}
    return sorted(counts, key=lambda one: order.get(one[0], len(order))) if facet == "size" else list(counts)


def _chosen(wanted: Wanted, address: Address, labels: Labels) -> list[dict[str, object]]:
    """Return everything that narrows the list now, each with the address without it."""
    found: list[dict[str, object]] = []
    if wanted.text.strip():
        found.append({"label": f"“{wanted.text.strip()}”", "href": address.without("q")})
    for facet, value in wanted.chosen:
        label = f"{words.FACETS[facet]}: {labels.said(facet, value)}"
        found.append({"label": label, "href": address.toggled(facet, value)})
    if wanted.least_ng is not None:
        label = _("from %(mass)s") % {"mass": mass.show(wanted.least_ng)}
        found.append({"label": label, "href": address.without("least")})
    if wanted.most_ng is not None:
        label = _("up to %(mass)s") % {"mass": mass.show(wanted.most_ng)}
        found.append({"label": label, "href": address.without("most")})
    return found
