"""How are the codes of results read by people: clocks, tasks, meanings, levels, constants?"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from aliquot.results import Meaning

Words = dict[str, Promise]

MEANINGS: Final[Words] = {
    Meaning.CRYSTALLISATION: _("crystallisation"),
    Meaning.WHOLE_ROCK: _("a line through several whole rocks"),
    Meaning.MODEL_AGE: _("a model age"),
    Meaning.RESET: _("a reset of the clock"),
    Meaning.NOT_STATED: _("not stated"),
}
DATES: Final[Words] = {
    Meaning.CRYSTALLISATION: _("It dates when the minerals of one rock formed from its melt."),
    Meaning.WHOLE_ROCK: _(
        "It dates when the sources of these rocks parted, if ever they were one, and not any of the rocks."
    ),
    Meaning.MODEL_AGE: _("It dates when a rock's source would have parted from an assumed reservoir."),
    Meaning.RESET: _("It dates the heating or impact that set the clock to zero, not when the rock formed."),
    Meaning.NOT_STATED: _("Nobody has said what it dates."),
}
TASKS: Final[Words] = {
    "isochron": _("isochron"),
    "mean": _("weighted mean"),
    "age": _("age of each row"),
    "plateau": _("plateau"),
    "concordia": _("concordia age"),
    "discordia": _("discordia"),
}
ORIGINS: Final[Words] = {
    "facility": _("measured on a split of this collection"),
    "literature": _("from the literature"),
}
OWED: Final[Words] = {"results": _("results"), "publication": _("a publication")}
LEVELS: Final[Words] = {
    "1s": _("one standard deviation"),
    "2s": _("two standard deviations"),
    "95%": _("95 %"),
    "se": _("one standard error of the mean"),
}
MAPPINGS: Final[Words] = {
    "astromat": _("Astromaterials Data System (Astromat), CSV"),
    "value-a-row": _("a value a row: sample name, parameter, value, unit, method code (EarthChem)"),
}
KINDS: Final[Words] = {"absolute": _("absolute"), "percent": _("in percent of the value")}
SETS: Final[Words] = {
    "as-printed": _("as printed"),
    "isoplotr-6.8.5-default": _("today's, as in IsoplotR 6.8.5"),
    "steiger-jaeger-1977": _("of 1977, Steiger and Jäger"),
    "nebel-2011": _("of Nebel and others 2011"),
    "early-lunar-Rb": _("of the Apollo years"),
    "husain-1974": _("of Husain 1974"),
    "renne-2011": _("of Renne and others 2011"),
    "common-Sm": _("usual for samarium"),
}
# What is shown of an answer beside its plot: the field, the field of its standard deviation, how it is called.
NUMBERS: Final[tuple[tuple[str, str, Promise], ...]] = (
    ("n", "", _("Rows that count")),
    ("df", "", _("Degrees of freedom")),
    ("mswd", "", _("MSWD")),
    ("p_value", "", _("Probability of fit, p")),
    ("initial", "initial_sd", _("Initial ratio")),
    ("overdispersion", "overdispersion_sd", _("Scatter beyond the errors")),
    ("fraction", "", _("Share of ³⁹Ar in the plateau")),
    ("upper_age_ma", "upper_age_sd_ma", _("Upper age, Ma")),
    ("lower_age_ma", "lower_age_sd_ma", _("Lower age, Ma")),
    ("slope", "slope_sd", _("Slope")),
    ("intercept", "intercept_sd", _("Intercept")),
    ("mswd_concordance", "", _("MSWD of concordance")),
    ("mswd_equivalence", "", _("MSWD of equivalence")),
)
# What one may choose for a derived age: the set itself, then what it lacks from today's.
CHOICES: Final = ("isoplotr-6.8.5-default", "steiger-jaeger-1977", "nebel-2011", "early-lunar-Rb", "husain-1974", "renne-2011", "common-Sm")  # fmt: skip

# Sentences that the library chooses among, and that stand in no `fault.of` themselves.
NOTED: Final = (
    gettext_noop("a decimal point was lost, it seems: {likely} {unit} would be usual"),
    gettext_noop("the number is in ppm, it seems: give that unit"),
    gettext_noop("the number is in ppb, it seems: give that unit"),
    gettext_noop("it was turned from % into ppm twice, it seems: {likely} {unit} would be usual"),
    gettext_noop("it was turned into ppb twice, it seems: {likely} {unit} would be usual"),
    gettext_noop("check the number and its unit"),
    gettext_noop("This whole-rock line is no eruption age: the rocks on it are younger than the line."),
    gettext_noop("This is a model age: it stands and falls with the reservoir that it assumes."),
    gettext_noop("The clock was reset: the rock is older than this age."),
    gettext_noop("Nobody has said what this age dates: do not quote it alone."),
)


def said(words: Words, code: str) -> Promise | str:
    """Return the words of a code; one that is not known as it is."""
    return words.get(code, code)
