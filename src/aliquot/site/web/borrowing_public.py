"""What of the collection is out, for everybody: a map, countries and institutions, loans with what is published of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import countries, mass, register
from aliquot.site import permissions, queries
from aliquot.site.drawings import world
from aliquot.site.drawings.world import Country
from aliquot.site.permissions import Act
from aliquot.site.queries.loans import Out
from aliquot.site.queries.loans_public import Together
from aliquot.site.queries.register import words
from aliquot.site.web import forms


@require_safe
def public_loans(request: HttpRequest) -> HttpResponse:
    """Show everybody what is on loan, where, since when and until when."""
    language = get_language() or "en"
    asked = request.GET.get("country", "")
    asked = asked if asked in countries.CODES else ""
    out = queries.loans.out_by_country()
    page = queries.loans_public.listed(country=asked, page=forms.page_of(request))
    context = {
        "drawing": mark_safe(_map(out)),  # noqa: S308 - every text in it is escaped
        "table": _table(out),
        "country": _country(asked) if asked else "",
        "loans": [(one, one.institution.text(language), _country(one.country)) for one in page.rows],
        "together": _together(asked, language) if page.number == 1 else [],
        "page": page,
        "crumbs": [{"label": _("Facility"), "href": reverse("facility")}, {"label": _("On loan")}],
        **forms.paged(request, page),
    }
    return render(request, "borrowing/public.html", context)


def _together(country: str, language: str) -> list[tuple[Together, str, str]]:
    found = queries.loans_public.together(country=country)
    return [(one, one.name.text(language), _country(one.country)) for one in found]


def _map(out: list[Out]) -> str:
    drawn = [
        Country(one.country, _("{country}: {n}").format(country=_country(one.country), n=_count(one.loans)),
                one.loans, f"{reverse('loans-public')}?country={one.country}#loans")
        for one in out if one.country
    ]  # fmt: skip
    told = ngettext("One country has something on loan.", "{n} countries have something on loan.", len(drawn))
    return world.draw(drawn, prefix="out", title=_("What is on loan, by country"), description=told.format(n=len(drawn)),
                      borders=_("Borders: Natural Earth"))  # fmt: skip


def _country(code: str) -> str:
    """Return the name of a country, or its code where no name of it is known here."""
    return words.country(register.load(), code) if code else ""


def _count(loans: int) -> str:
    return ngettext("one loan", "{n} loans", loans).format(n=loans)


def _table(out: list[Out]) -> dict[str, object]:
    return {
        "caption": _("What is on loan, by country"),
        "head": [_("Country"), _("Loans"), _("Mass")],
        "rows": [
            [_country(one.country) if one.country else _("not known"), str(one.loans), mass.show(one.mass_ng)]
            for one in out
        ],
    }  # fmt: skip


def of_sample(request: HttpRequest, number: str) -> dict[str, object]:
    """Return the loans of a sample for its page: what everybody may read, and for staff with the way to each."""
    language = get_language() or "en"
    sees_all = permissions.may(request.user, Act.SEE_LOANS)
    loans = [
        (one, one.institution.text(language), _country(one.country))
        for one in queries.loans_public.of_sample(number, unpublished=sees_all)
    ]
    return {"sample_loans": loans, "opens_loans": sees_all}
