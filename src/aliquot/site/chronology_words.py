"""How are chronology's own sentences read in another language: what cannot be dated, warnings, labels, methods, captions?

An answer is kept byte by byte, in English, as the contract has it; so a page takes its sentences apart by the texts below, which
are those of `aliquot.chronology` with a name for each number or word that varies, and puts them together in the reader's language.
What stands in none of them, such as a reason that somebody typed, stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from django.utils.translation import get_language, gettext_noop, pgettext
from django.utils.translation import gettext as _

# What is filled in under these names is said by chronology too.
_SAID: Final = frozenset({"inner", "label", "name", "shape", "value", "what", "within"})
# What may stand in a place, by its name; under any other name it is one word or number.
_PLACES: Final = {
    **dict.fromkeys(("inner", "label", "shape", "what", "within"), r".+"),
    **dict.fromkeys(("name", "value"), r"“[^”]*”|of that kind|errors\.\w+|[\w.+-]+"),
    **dict.fromkeys(("codes", "columns", "given"), r"[^;“]+"),
}
_WORD: Final = r"[\w.,+/*-]+"

TEXTS: Final = (
    # -- captions, titles and axes of plots
    gettext_noop("{clock} isochron (normal)"),
    gettext_noop("{clock} isochron (inverse)"),
    gettext_noop("{clock} discordia"),
    gettext_noop("{clock} concordia"),
    gettext_noop("{clock} age spectrum"),
    gettext_noop("{clock} weighted mean"),
    gettext_noop("{clock} ages"),
    gettext_noop("Line"),
    gettext_noop("Discordia"),
    gettext_noop("Concordia"),
    gettext_noop("Age spectrum"),
    gettext_noop("Weighted mean"),
    gettext_noop("Ages"),
    gettext_noop("{ratio} (atomic ratio)"),
    gettext_noop("Row"),
    gettext_noop("Age (Ma)"),
    gettext_noop("Cumulative ³⁹Ar released (%)"),
    gettext_noop("No age: {inner}"),
    gettext_noop("MSWD {mswd}, p {p}, n = {n}. {inner}"),
    gettext_noop("n = {n}. {inner}"),
    gettext_noop("{age} ± {half} Ma ({label})"),
    gettext_noop("Ellipses and the band about the line hold 95 %; omitted rows are hollow."),
    gettext_noop("Ellipses hold 95 %; the diamond is the concordia age; omitted rows are hollow."),
    gettext_noop("Bars hold 95 %; rejected and omitted rows are hollow."),
    gettext_noop("Boxes hold 95 %; the plateau is marked by its line and band, steps outside it are hollow."),
    # -- labels of what is quoted
    gettext_noop("upper age"),
    gettext_noop("1 sigma"),
    gettext_noop("2 sigma"),
    gettext_noop("95 % confidence (1.96 sigma)"),
    gettext_noop("95 % confidence (Student's t for {df} degrees of freedom, {times} sigma)"),
    gettext_noop("from the scatter of the rows about the line"),
    gettext_noop("from the errors of the rows"),
    gettext_noop("from the errors of the rows and their scatter beyond these"),
    gettext_noop("from the scatter of the rows about the line and their scatter beyond these"),
    gettext_noop("times the square root of MSWD because p is below {alpha}"),
    gettext_noop("with the errors of constants"),
    gettext_noop("with the errors of constants and J"),
    gettext_noop("without the errors of constants"),
    gettext_noop("without the errors of constants and J"),
    # -- methods
    gettext_noop("Normal isochron of {clock}"),
    gettext_noop("Inverse isochron of {clock}"),
    gettext_noop("Discordia in 238U/206Pb, 207Pb/206Pb"),
    gettext_noop("York et al. (2004) with correlated errors (model 1)"),
    gettext_noop("principal axis without errors, errors by jackknife (model 2)"),
    gettext_noop("maximum likelihood with overdispersion (model 3) of the initial ratio"),
    gettext_noop("maximum likelihood with overdispersion (model 3) of the age"),
    gettext_noop("errors also times sqrt(MSWD) where p is below {alpha}"),
    gettext_noop("errors of constants added"),
    gettext_noop("errors of constants added at the end"),
    gettext_noop("errors of constants left out"),
    gettext_noop("errors of decay constants added to the covariance"),
    gettext_noop("errors of decay constants left out"),
    gettext_noop("errors of constants and of what is given with the initial ratio added"),
    gettext_noop("errors of constants and of what is given with the initial ratio left out"),
    gettext_noop("1-sigma errors, no outlier test"),
    gettext_noop("1-sigma errors"),
    gettext_noop("1-sigma errors, first order"),
    gettext_noop("1-sigma errors, times dt2/dt1"),
    gettext_noop("fixed effects, weights 1/s²"),
    gettext_noop("random effects, maximum likelihood"),
    gettext_noop("modified Chauvenet test"),
    gettext_noop("no outlier test"),
    gettext_noop("Plateau, the run of steps with most 39Ar that passes"),
    gettext_noop("Concordia age (Ludwig 1998)"),
    gettext_noop("weighted mean composition, then the nearest age on the concordia"),
    gettext_noop(
        "Ages of each row by 207Pb/235U, 206Pb/238U, 207Pb/206Pb and on the concordia (Ludwig 1998), no common lead subtracted"
    ),
    gettext_noop("Age of each row by {clock}, nothing subtracted from the ratio"),
    gettext_noop("Age of each row by {clock}, initial ratio from the inverse model 1 line ({code})"),
    gettext_noop("Age of each row by {clock}, initial ratio of the air, from the constants"),
    gettext_noop("Age of each row by {clock}, initial ratio {given}"),
    gettext_noop("Ages by {clock} taken back to what was measured and from there to the other constants"),
    # -- warnings, and why a row is not counted
    gettext_noop("There are no degrees of freedom: nothing shows whether the rows agree."),
    gettext_noop("The rows scatter more than their errors allow: p is {p}, below {alpha}."),
    gettext_noop("An age is older than the Solar System, 4,568 Ma."),
    gettext_noop("The rows do not scatter beyond their errors: the line is that of model 1."),
    gettext_noop("The initial ratio is below zero, which no rock has."),
    gettext_noop(
        "The initial ratio is that of the air and counts as exact: give it with its error to add that."
    ),
    gettext_noop("No clock is named whose constants a mean of ages could take errors from: none are added."),
    gettext_noop("J is not given: its error is not added."),
    gettext_noop("The constant {name} has no error in the set {code} and counts as exact."),
    gettext_noop("outlier test"),
    gettext_noop("plateau"),
    gettext_noop("Chauvenet's test: {chance} so far off are expected, fewer than 0.5."),
    gettext_noop("It lies outside the plateau of rows {first} to {last}."),
    # -- what cannot be dated: what is wrong
    gettext_noop("of that kind"),
    gettext_noop("no two consecutive steps agree"),
    gettext_noop("the mean of the rows is not near the concordia of any age from 0 to 10,000 Ma"),
    gettext_noop("no line with a finite slope and errors fits the rows"),
    gettext_noop("the ratio {ratio} is below that of today or above that at 10,000 Ma"),
    gettext_noop("the rows have several J, and a line has one age"),
    gettext_noop("the line does not cut the concordia between 0 and 10,000 Ma"),
    gettext_noop("the age is above 10,000 Ma"),
    gettext_noop("the numbers are too far apart to be computed with"),
    gettext_noop("the constant {name} is in none of the sets {codes}"),
    gettext_noop("the line stands upright, of all rows or of all but one"),
    gettext_noop("all rows have the same x, {x}"),
    gettext_noop("{within} has no field {name}"),
    gettext_noop("a request"),
    gettext_noop("an exception under errors"),
    gettext_noop("alpha is not a probability"),
    gettext_noop("{name} is {value}, which it cannot be"),
    gettext_noop("no {code} is given"),
    gettext_noop("there is no task {name}"),
    gettext_noop("there is no clock {name}"),
    gettext_noop("the task {code} does not go by the clock {clock}"),
    gettext_noop("{name} cannot be read"),
    gettext_noop("{name} names no set"),
    gettext_noop("there is no set of constants {name}"),
    gettext_noop("there is no constant {name}"),
    gettext_noop("override gives {name} no value above 0 with an error"),
    gettext_noop("initial cannot be from {name} with this clock"),
    gettext_noop("the line runs through the origin, where an inverse isochron has no age"),
    gettext_noop("the line's radiogenic ratio is {ratio}, and only a ratio above 0 has an age"),
    gettext_noop("its radiogenic ratio cannot be computed, as where the parent's ratio is 0"),
    gettext_noop("its radiogenic ratio is {ratio}, below 0"),
    gettext_noop("its ratio {ratio} has no age between 0 and 10,000 Ma"),
    gettext_noop("the isochron gives no initial ratio"),
    gettext_noop("no row has an age; {what}"),
    gettext_noop("no age on the concordia is near it"),
    gettext_noop("the age {age} Ma is below 0"),
    gettext_noop("the age {age} Ma becomes one that is not between 0 and 10,000 Ma"),
    gettext_noop("the layout {name} is none of this task and clock"),
    gettext_noop("the field {name} is missing or cannot be read"),
    gettext_noop("each row must be {shape}"),
    gettext_noop("a list of {n} values"),
    gettext_noop("an object"),
    gettext_noop("the layout {name} needs {columns}"),
    gettext_noop("the layout {name} has no place for {columns}"),
    gettext_noop("units is not an object"),
    gettext_noop("the column {name} has no such unit"),
    gettext_noop("omit names a row that is not there, or names it twice"),
    gettext_noop("a row is omitted without a reason"),
    gettext_noop("{count} row is left, and {needed} are needed at least"),
    gettext_noop("{count} rows are left, and {needed} are needed at least"),
    gettext_noop("{name} is missing or not a number"),
    gettext_noop("{name} is too large to be computed with"),
    gettext_noop("{name} is missing, zero or below zero"),
    gettext_noop("rho is not between -1 and 1"),
    gettext_noop("{name} is {value}, by which nothing can be divided"),
    gettext_noop("{name} is below zero"),
    gettext_noop("the errors of the three ratios contradict each other"),
    gettext_noop("a ratio of 0 has no inverse"),
    gettext_noop("its numbers are too large or too small to be computed with"),
    # -- and what to do
    gettext_noop("give the ages of the steps instead"),
    gettext_noop("see whether the columns are right"),
    gettext_noop("see whether the rows and their errors are right"),
    gettext_noop("look for rows that do not belong to the line"),
    gettext_noop("look for rows that do not belong to it"),
    gettext_noop("look for rows that do not belong to it, or take the rows as a mixing line"),
    gettext_noop("give the field J, or rows of one J"),
    gettext_noop("see whether the columns and their units are right"),
    gettext_noop("see whether the columns and units are right"),
    gettext_noop("add a set that has it to the list, or give it under override"),
    gettext_noop("give rows that differ in x"),
    gettext_noop("give rows that differ in x, or no line"),
    gettext_noop("use those of {codes}"),
    gettext_noop("give a number from 0 to 1"),
    gettext_noop("give one of {codes}"),
    gettext_noop("name one of {codes}"),
    gettext_noop("write it as an object with set and override"),
    gettext_noop("use the names of docs/chronology.md"),
    gettext_noop("write it as [value, one standard deviation]"),
    gettext_noop("give the ratio itself"),
    gettext_noop("omit the row"),
    gettext_noop("see whether the initial ratio is right, or omit the row"),
    gettext_noop("see whether the columns are right, or omit the row"),
    gettext_noop("give the initial ratio itself"),
    gettext_noop("see whether the unit and the constants are right"),
    gettext_noop("leave layout out"),
    gettext_noop("rows are a list of lists, or a list of objects"),
    gettext_noop("rows written as lists need the names of their columns"),
    gettext_noop("columns are a list of names"),
    gettext_noop("recalculation goes from one object of constants to another"),
    gettext_noop("errors are an object with level and kind, and exceptions under columns"),
    gettext_noop("errors need a {code}, one of {codes}, for {name}"),
    gettext_noop("it is a number above 0, or such numbers under from and to"),
    gettext_noop("J is [value above 0, one standard deviation], or the columns J and s_J"),
    gettext_noop("an age of measured ratios needs the initial {name}, a number or [value, error]"),
    gettext_noop("of this clock it has {first} and {last} alone"),
    gettext_noop("of this clock it has {name} alone"),
    gettext_noop("give a value for each column, null for none"),
    gettext_noop("add the columns, or choose another layout"),
    gettext_noop("leave it out, and name no column twice"),
    gettext_noop("name columns and their units, or leave it out"),
    gettext_noop("give units for concentrations and ages alone"),
    gettext_noop("name rows from 1 to {count}"),
    gettext_noop("say why under reason"),
    gettext_noop("give more rows, or omit fewer"),
    gettext_noop("give it as a number, or omit the row"),
    gettext_noop("see whether its unit is right"),
    gettext_noop("give the error, or omit the row"),
    gettext_noop("give it with all its digits, or omit the row"),
    gettext_noop("give the amount that was measured, or omit the row"),
    gettext_noop("give the share that was released, or omit the row"),
    gettext_noop("give them with more digits, or two ratios and rho"),
    gettext_noop("fit the other form, or omit the row"),
    gettext_noop("see whether the units are right"),
)
# `no-age (rows 3, 4): what is wrong; what to do.`
_REFUSAL: Final = re.compile(
    r"(?P<rule>[a-z-]+)(?: \(rows? (?P<rows>[\d, .]+)\))?: (?P<said>.+; .+)\.", re.DOTALL
)
_NAME: Final = re.compile(r"\{(\w+)\}")


def say(text: str) -> str:
    """Return a sentence of chronology in the active language; what is none of its sentences as it is."""
    if (get_language() or "en").startswith("en"):
        return text
    return _said(text) or text


def _said(text: str) -> str | None:
    """Return the sentence in the active language; None where it is not one of chronology's."""
    for pattern, template in _patterns():
        if found := pattern.fullmatch(text):
            filled = {name: (_said(value) or value) if name in _SAID else value
                      for name, value in found.groupdict().items()}  # fmt: skip
            return _(template).format(**filled)
    return _refusal(text) or _parts(text)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return each text as a pattern, the longest first: what is more particular is tried before what is less."""
    found = []
    for template in sorted(TEXTS, key=lambda one: (-len(_NAME.sub("", one)), one)):
        pieces = _NAME.split(template)
        named = [f"(?P<{each}>{_PLACES.get(each, _WORD)})" if at % 2 else re.escape(each)
                 for at, each in enumerate(pieces)]  # fmt: skip
        found.append((re.compile("".join(named), re.DOTALL), template))
    return tuple(found)


def _refusal(text: str) -> str | None:
    """Return why something cannot be dated: rows, what is wrong, what to do. The rule's name is for programs."""
    found = _REFUSAL.fullmatch(text)
    if not found:
        return None
    said = found["said"]
    for cut in (at for at, sign in enumerate(said) if said.startswith("; ", at)):
        what, todo = _said(said[:cut]), _said(said[cut + 2 :])
        if what and todo:
            rows = _("rows {rows}: ").format(rows=found["rows"]) if found["rows"] else ""
            return _("{rows}{what}; {todo}.").format(rows=rows, what=what, todo=todo)
    return None


def _parts(text: str) -> str | None:
    """Return a label or a method, which is put together of parts; None where one of them is not chronology's."""
    whole = text.removesuffix(".")
    # Never inside brackets.
    for sign, joint in (
        ("; ", pgettext("between sentences", "; ")),
        (": ", pgettext("subject and question", ": ")),
        (", ", pgettext("between parts of a sentence", ", ")),
    ):
        pieces = _split(whole, sign)
        if len(pieces) < 2:
            continue
        said = [_said(each) for each in pieces]
        if all(said):
            end = pgettext("end of a sentence", ".") if whole != text else ""
            return joint.join(str(each) for each in said) + end
    return None


def _split(text: str, sign: str) -> list[str]:
    """Return the parts between signs that stand in no brackets."""
    pieces, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0 and text.startswith(sign, at):
            pieces.append(text[start:at])
            start = at + len(sign)
    return [*pieces, text[start:]]
