"""One filter for each kind of quantity: masses, and codes as words."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from aliquot import mass as masses
from aliquot.site import words

register = template.Library()


@register.filter
def mass(mass_ng: int | None) -> str:
    """`1731000000000` -> `1,731 g`; what was never weighed is not recorded."""
    return _("not recorded") if mass_ng is None else masses.show(mass_ng)


@register.filter
def mass_with_sd(mass_ng: int | None, sd_ng: int | None) -> str:
    """The mass and one standard deviation; `1.25 g ± 300 µg`, which breaks before the sign alone."""
    if mass_ng is None or sd_ng is None:
        return mass(mass_ng)
    return f"{masses.show(mass_ng)} ± {masses.show(sd_ng)}".replace(" ", "\u00a0").replace("\u00a0±", " ±")


@register.filter
def signed_mass(mass_ng: int) -> str:
    """A change: `+480 mg`, `−1.2 g` with the sign that typographers use."""
    return f"{'−' if mass_ng < 0 else '+'}{masses.show(abs(mass_ng))}"


@register.filter
def grams(mass_ng: int) -> str:
    """Exact grams without a unit, for columns whose head names it."""
    return masses.grams(mass_ng)


@register.filter
def words_of(code: str, about: str) -> Promise | str:
    """`{{ sample.form|words_of:"form" }}`: the words for a code."""
    return words.said(about, code)
