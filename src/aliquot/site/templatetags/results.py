"""Measured values, ages and codes of results as people read them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from aliquot import analyses
from aliquot.analyses import Measured
from aliquot.site import chronology_words, names, result_words

register = template.Library()
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RATIO = re.compile(r"([A-Z][a-z]?)(\d{1,3})([A-Z][a-z]?)(\d{1,3})")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@register.filter
def analyte(name: str) -> str:
    """`Sr87Sr86` -> `⁸⁷Sr/⁸⁶Sr`, `SiO2` -> `SiO₂`, `d18O` -> `δ18O`."""
    if found := _RATIO.fullmatch(name):
        over, n, under, m = found.groups()
        return f"{n.translate(_RAISED)}{over}/{m.translate(_RAISED)}{under}"
    if re.fullmatch(r"(?:[A-Z][a-z]?\d?)+O\d?", name):
        return name.translate(_LOWERED)
    if re.fullmatch(r"[de]\d", name[:2]):
        return f"{'ε' if name[0] == 'e' else 'δ'}{name[1:]}"
    return {"age": _("age"), "fraction": _("share of ³⁹Ar"), "LOI": _("loss on ignition")}.get(name, name)


@register.filter
def measured(one: Measured) -> str:
    """The value as the laboratory wrote it, with its uncertainty at its level: `1.03 ± 0.05 ppm (2s)`."""
    unit = {"permil": "‰", "epsilon": "ε"}.get(one.unit, one.unit)
    if not one.uncertainty:
        return f"{one.text} {unit}".strip()
    percent = " %" if one.kind == "percent" else ""
    return f"{one.text} ± {one.uncertainty}{percent}{f' {unit}' if unit else ''} ({one.level})"


@register.filter
def method_name(code: str, language: str) -> str:
    """`{{ one.method|method_name:LANGUAGE_CODE }}`."""
    found = analyses.methods().get(code)
    return found.text(language) if found else code


@register.filter
def material(text: str, language: str) -> str:
    """`{{ one.material|material:LANGUAGE_CODE }}`: in the reader's language, where the vocabulary has it."""
    return analyses.material(text, language)


@register.filter
def mission(key: str, language: str) -> str:
    """`{{ "apollo-12"|mission:LANGUAGE_CODE }}`."""
    return names.mission(key, language)


@register.filter
def result_word(code: str, about: str) -> Promise | str:
    """`{{ age.meaning|result_word:"MEANINGS" }}`."""
    return result_words.said(getattr(result_words, about), code)


@register.filter
def chronologys(sentence: str) -> str:
    """A sentence of chronology in the reader's language."""
    return chronology_words.say(sentence)


@register.filter
def ma(value: float | None) -> str:
    """`3204.25` -> `3,204`; below a thousand with a decimal."""
    return "–" if value is None else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.1f}"


@register.filter
def half(value: float | None) -> str:
    """Half a width with two digits that count: `8.42` -> `8.4`, `78.1` -> `78`."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2g}"


@register.filter
def numbers(answer: Mapping[str, object]) -> list[tuple[Promise, str]]:
    """What an answer says beside its age: each number with its standard deviation, to the digits that count."""
    found = []
    for name, sd_name, words in result_words.NUMBERS:
        value, sd = answer.get(name), answer.get(sd_name)
        if isinstance(value, int | float):
            found.append((words, _with_error(value, sd) if isinstance(sd, float) else f"{value:.4g}"))
    return found


def _with_error(value: float, sd: float) -> str:
    """`0.699153, 0.0000712` -> `0.699153 ± 0.000071`."""
    if not sd > 0:
        return f"{value:.6g}"
    decimals = min(max(1 - math.floor(math.log10(sd)), 0), 12)
    return f"{value:,.{decimals}f} ± {sd:.{decimals}f}"


@register.filter
def column(name: str) -> str:
    """The head of a column of a request: `s_Rb87Sr86` -> `± 1s`, `Rb87Sr86` as `analyte` says it."""
    return "± 1s" if name.startswith("s_") else analyte(name)


@register.filter
def looked_up(table: dict[str, object], key: str) -> object:
    """`{{ reasons|looked_up:one.key }}`: what a table has under a key; empty where it has nothing."""
    return table.get(key, "")
