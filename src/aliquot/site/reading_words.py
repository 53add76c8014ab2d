"""How are the words of the reading desk read by people: predicates, verdicts, hedges, what is counted, differences?"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aliquot import dates
from aliquot.reading.saying import Difference
from aliquot.site.queries.register import words

Words = dict[str, Promise]

SAYS: Final[Words] = {
    "returned_mass": _("mass brought back"),
    "total_returned": _("mass brought back in all"),
    "returned_on": _("return of the samples"),
    "launched_on": _("launch"),
    "landed_on": _("landing on the Moon"),
    "landing_side": _("side of the Moon"),
    "rank": _("rank among those who did it"),
    "persons_on_moon": _("people on the Moon"),
    "mission_planned": _("mission planned"),
    "gift": _("gift"),
    "exchange": _("exchange of samples"),
    "transfer": _("handover"),
    "sale": _("sale"),
    "loan_granted": _("loan or access granted"),
    "loan_requested": _("loan asked for"),
    "loan_refused": _("loan refused"),
    "permission": _("permission to ask or work"),
    "call_opened": _("call opened"),
    "call_closed": _("call closed"),
    "applicants": _("who applied"),
    "granted": _("what was approved"),
    "holding": _("what somebody holds"),
    "display": _("what is shown"),
    "sample_mass": _("mass of a sample"),
    "lost": _("loss"),
    "recovered": _("find"),
    "age": _("age"),
    "age_difference": _("difference of ages"),
    "law_enacted": _("law enacted"),
    "law_effect": _("effect of a law"),
    "membership_count": _("number of members"),
}
VERDICTS: Final[Words] = {
    "contradicted": pgettext_lazy("verdict on a statement", "contradicted"),
    "supported": pgettext_lazy("verdict on a statement", "supported"),
    "not_in_register": pgettext_lazy("verdict on a statement", "not in the register"),
    "too_vague": pgettext_lazy("verdict on a statement", "too vague"),
}
HEDGES: Final[Words] = {
    "asserted": pgettext_lazy("how it is said", "asserted"),
    "reported": pgettext_lazy("how it is said", "reported"),
    "denied": pgettext_lazy("how it is said", "denied"),
    "planned": pgettext_lazy("how it is said", "planned"),
    "opinion": pgettext_lazy("how it is said", "opinion"),
}
# What stands as an object or a subject and is no name.
KINDS: Final[Words] = {
    "near side": _("near side"),
    "far side": _("far side"),
    "sample return": _("sample return"),
    "far-side sample return": _("far-side sample return"),
    "robotic sample return": _("robotic sample return"),
    "far-side landing": _("far-side landing"),
    "display abroad": _("display abroad"),
    "applications": _("applications"),
    "persons": _("people"),
    "institutions": _("institutions"),
    "countries": _("countries"),
    "samples": _("samples"),
    "lots": _("lots"),
    "nations": _("nations"),
    "US states": _("US states"),
    "goodwill rocks": _("goodwill rocks"),
    "NASA collection": _("NASA's collection"),
    "restricts": _("restricts"),
    "bars": _("bars"),
    "bars unless authorised": _("bars unless authorised"),
    "bars absolutely": _("bars absolutely"),
    "all": _("all missions"),
    "CN crewed landing": _("China's crewed landing"),
}
LANGUAGES: Final[Words] = {
    "en": _("English"),
    "zh": _("Chinese"),
    "fr": _("French"),
    "de": _("German"),
    "ja": _("Japanese"),
}


_KILOGRAMS_FROM_G: Final = 10_000
_DIGITS: Final = 5  # an amount that was told in pounds is not more exact in grams


def number(value: Decimal) -> str:
    """Return a number with its thousands apart, and no more digits than tell something."""
    if value == value.to_integral_value():
        return f"{value:,.0f}"
    digits = max(0, _DIGITS - 1 - value.adjusted())
    return f"{round(value, digits).normalize():,f}"


def amount(figure: str, unit: str) -> str:
    """Return a number with its unit as people write it."""
    if unit == "USD":
        return gettext("US$%(number)s") % {"number": figure}
    return figure if unit in ("count", "") else f"{figure}\N{NO-BREAK SPACE}{unit}"


def measured(value: Decimal, unit: str) -> str:
    """Return a number with its unit, masses from ten kilograms on in kilograms, as the register tells them."""
    if unit == "g" and value >= _KILOGRAMS_FROM_G:
        return amount(number(value / 1000), "kg")
    return amount(number(value), unit)


def day(text: str) -> str:
    """Return a date of a claim as the register writes dates; as it stands where it is none."""
    when = dates.read(text) if text else None
    return when.show(words.language()) if isinstance(when, dates.When) else text


def difference(one: Difference) -> str:
    """Return in one sentence by how much a text and the register differ."""
    if one.apart:
        values = {"said": day(one.said), "number": one.apart.number}
        return _apart(one.apart.unit, values, is_later=one.apart.is_later)
    said, off = number(Decimal(one.said)), number(Decimal(one.off))
    values = {"said": amount(said, one.unit), "off": amount(off, one.unit)}
    if one.is_more:
        return gettext("The text says %(said)s, which is %(off)s too much.") % values
    return gettext("The text says %(said)s, which is %(off)s too little.") % values


def _apart(unit: str, values: dict[str, object], *, is_later: bool) -> str:
    number = int(str(values["number"]))
    if unit == "year":
        later = ngettext(
            "The text says %(said)s; it was %(number)s year later.",
            "The text says %(said)s; it was %(number)s years later.",
            number,
        )
        earlier = ngettext(
            "The text says %(said)s; it was %(number)s year earlier.",
            "The text says %(said)s; it was %(number)s years earlier.",
            number,
        )
    elif unit == "month":
        later = ngettext(
            "The text says %(said)s; it was %(number)s month later.",
            "The text says %(said)s; it was %(number)s months later.",
            number,
        )
        earlier = ngettext(
            "The text says %(said)s; it was %(number)s month earlier.",
            "The text says %(said)s; it was %(number)s months earlier.",
            number,
        )
    else:
        later = ngettext(
            "The text says %(said)s; it was %(number)s day later.",
            "The text says %(said)s; it was %(number)s days later.",
            number,
        )
        earlier = ngettext(
            "The text says %(said)s; it was %(number)s day earlier.",
            "The text says %(said)s; it was %(number)s days earlier.",
            number,
        )
    return (later if is_later else earlier) % values
