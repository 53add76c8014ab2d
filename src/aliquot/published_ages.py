"""How old are the Moon's rocks, as published: which ages, of whom, and what follows from them under which constants?

The facts lie in `record/ages/*.toml`, each with its citation. Means and differences are computed from them by `chronology`, never
typed. An age on the old constant of rubidium moves to another exactly (t2 = t1 lambda1 / lambda2); argon ages do not
move without their monitors, and lead ages not without their ratios: these are shown as printed.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

from aliquot.vocabulary import Words

SITES: Final = (
    "apollo-11",
    "apollo-12",
    "apollo-14",
    "apollo-15",
    "apollo-17",
    "luna-16",
    "luna-24",
    "change-5",
    "change-6",
)
# Rocks of several eruptions that are far apart: a mean of them would date none.
APART: Final = ("change-6",)
_GENERIC: Final = re.compile(r"[0-9]{5}")
# What the compendium's rubidium ages were computed with, unless it says that they are on the new constant.
EARLY: Final = "early-lunar-Rb"
# Above this a mean is shown with a warning: the scatter is then more than three times what the errors allow.
SCATTERED_MSWD: Final = 10.0
# Chosen on the page; the first is what was printed.
AS_PRINTED: Final = "as-printed"
CHOICES: Final = (AS_PRINTED, "isoplotr-6.8.5-default", "steiger-jaeger-1977", "nebel-2011")


@dataclass(frozen=True, slots=True)
class Published:
    """One published age, in Ga as printed; `uncertainty_ga` at a level that the source does not state."""

    sample: str
    mission: str
    rock: str
    method: str
    age_ga: str
    uncertainty_ga: str
    reference: str
    doi: str
    constants: str
    note: str
    page: str

    @property
    def age_ma(self) -> float:
        return float(Decimal(self.age_ga) * 1000)

    @property
    def uncertainty_ma(self) -> float | None:
        return float(Decimal(self.uncertainty_ga) * 1000) if self.uncertainty_ga else None

    @property
    def on_early_rubidium(self) -> bool:
        """Whether it is a rubidium age on the constant of the Apollo years."""
        return (
            self.method == "Rb-Sr" and self.mission.startswith(("apollo", "luna")) and self.constants != "new"
        )


@dataclass(frozen=True, slots=True)
class Crater:
    """A function from age to the density of craters of 1 km or more: N = c1 (exp(c2 T) - 1) + c4 T per km2, T in Ga."""

    name: str
    c1: float
    c2: float
    c4: float
    reference: str

    def per_km2(self, age_ma: float) -> float:
        """Return how many craters a square kilometre of this age has."""
        age_ga = age_ma / 1000
        return self.c1 * math.expm1(self.c2 * age_ga) + self.c4 * age_ga

    def age_ma(self, per_km2: float) -> float:
        """Return the age of a surface with this density, by bisection between 0 and 4,568 Ma."""
        low, high = 0.0, 4568.0
        for _step in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.per_km2(middle) < per_km2 else (low, middle)
        return (low + high) / 2


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch of the Moon's stratigraphy and its young end, in Ga (Wilhelms 1987)."""

    name: Words
    young_limit_ga: float


@dataclass(frozen=True, slots=True)
class Mean:
    """What a site's published ages give together, by `aliquot age`; `rejected` are those that the outlier test took out."""

    mission: str
    n: int
    rejected: int
    age_ma: float
    sd_ma: float
    mswd: float | None
    oldest_ma: float
    youngest_ma: float
    request: Mapping[str, object]

    @property
    def is_scattered(self) -> bool:
        """Whether the ages scatter so far beyond their errors that one mean says little: rocks of several events, or bad ages."""
        return self.mswd is not None and self.mswd > SCATTERED_MSWD


@dataclass(frozen=True, slots=True)
class Headline:
    """How much younger Chang'e-5 is than Apollo 12, the youngest site before; and than the youngest basalts dated before."""

    apollo: Mean
    change: Mean
    difference_ma: float
    sd_ma: float
    against_youngest_ma: tuple[float, float]


def _tables(name: str) -> Mapping[str, list[dict[str, str]]]:
    return tomllib.loads(files("aliquot.record.ages").joinpath(f"{name}-ages.toml").read_text("utf-8"))


@cache
def load() -> tuple[Published, ...]:
    """Return every published age, in the order of the sites."""
    fields = Published.__dataclass_fields__
    rows = [row for name in ("apollo", "luna", "change") for row in _tables(name)["age"]]
    return tuple(Published(**{name: row.get(name, "") for name in fields}) for row in rows)


@cache
def youngest_before() -> tuple[float, float, str]:
    """Return how young the youngest basalts dated before Chang'e-5 are, from and to in Ma, and who says so."""
    row = next(row for row in _tables("change")["range"] if row["what"] == "youngest")
    young, old = (float(Decimal(row[name]) * 1000) for name in ("young_ga", "old_ga"))
    return young, old, f"{row['reference']}, doi:{row['doi']}"


@cache
def craters() -> tuple[Crater, ...]:
    """Return the functions from age to crater density."""
    return tuple(
        Crater(row["name"], float(row["c1"]), float(row["c2"]), float(row["c4"]), row["reference"])
        for row in _tables("crater")["function"]
    )


@cache
def epochs() -> tuple[Epoch, ...]:
    """Return the epochs, youngest first."""
    return tuple(
        Epoch(Words(row["name_en"], row["name_zh"]), float(row["young_limit_ga"]))
        for row in _tables("crater")["epoch"]
    )


def epoch_of(age_ma: float) -> Epoch:
    """Return the epoch that an age falls into."""
    return next(one for one in reversed(epochs()) if age_ma >= one.young_limit_ga * 1000)


def on_constants(age: Published, choice: str) -> tuple[float, float | None]:
    """Return age and uncertainty in Ma under a set of constants; what cannot be moved stays as printed."""
    if choice == AS_PRINTED or not age.on_early_rubidium:
        return age.age_ma, age.uncertainty_ma
    factor = _rubidium(EARLY) / _rubidium(choice)
    return age.age_ma * factor, age.uncertainty_ma * factor if age.uncertainty_ma is not None else None


def _rubidium(name: str) -> float:
    from aliquot.chronology import constants

    return constants.Chosen((name, constants.DEFAULT_SET)).get("lambda_Rb87").value


def moved(choice: str) -> int:
    """Return how many of the published ages a choice of constants moves."""
    return sum(one.on_early_rubidium for one in load()) if choice != AS_PRINTED else 0


def mean(ages: Sequence[Published], choice: str, mission: str) -> Mean | None:
    """Return the weighted mean of a site's ages, uncertainties taken as two sigma, with Chauvenet's test; None of fewer than two.

    A whole-rock K-Ar age is too young through loss of argon and takes no part.
    """
    told = [(on_constants(one, choice), one) for one in ages if one.method != "K-Ar"]
    rows = [[age, sd] for (age, sd), _ in told if sd is not None]
    if len(rows) < 2:
        return None
    from aliquot.chronology import requests

    asked: dict[str, object] = {
        "task": "mean", "columns": ["age", "s_age"], "rows": rows, "errors": {"level": "2s", "kind": "absolute"},
        "outlier_test": "chauvenet",
    }  # fmt: skip
    found = requests.answer(asked)
    age, sd = found["age_ma"], found.get("age_sd_inflated_ma") or found["age_sd_ma"]
    rejected, mswd = found["rows_rejected"], found["mswd"]
    if not isinstance(age, float) or not isinstance(sd, float) or not isinstance(rejected, list):
        return None
    values = [one for (one, _), _ in told]
    return Mean(mission, len(rows), len(rejected), age, sd, mswd if isinstance(mswd, float) else None,
                max(values), min(values), asked)  # fmt: skip


def of_site(mission: str, ages: Iterable[Published] | None = None) -> tuple[Published, ...]:
    """Return the published ages of a mission's rocks."""
    return tuple(one for one in (load() if ages is None else ages) if one.mission == mission)


@cache
def _sites() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the site of each sample that the record dates, and of each beginning that Apollo's numbers of one site share.

    The first digits of an Apollo number tell the mission (R. Korotev, meteorite-list 132622); which do, the record's own numbers say.
    """
    exact = {one.sample: one.mission for one in load() if one.sample}
    begun: dict[str, set[str]] = {}
    for number, mission in exact.items():
        if mission.startswith("apollo") and _GENERIC.fullmatch(number):
            begun.setdefault(number[:2], set()).add(mission)
    return exact, {digits: min(found) for digits, found in begun.items() if len(found) == 1}


def site_of(number: str) -> str:
    """Return the mission that brought a sample of this number, as far as the record tells; empty where it does not."""
    exact, begun = _sites()
    generic = number.partition(",")[0]
    return exact.get(generic) or (begun.get(number[:2], "") if _GENERIC.fullmatch(generic) else "")


def numbers_of(site: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the numbers of a site that the record has, and the two digits with which its five-digit numbers begin."""
    exact, begun = _sites()
    return (
        tuple(number for number, mission in exact.items() if mission == site),
        tuple(digits for digits, mission in begun.items() if mission == site),
    )


@cache
def means(choice: str) -> Mapping[str, Mean]:
    """Return the mean of each site that has one, under a choice of constants."""
    found = ((site, mean(of_site(site), choice, site)) for site in SITES if site not in APART)
    return {site: one for site, one in found if one is not None}


def headline(choice: str) -> Headline | None:
    """Return the difference between Apollo 12 and Chang'e-5, computed from the published ages."""
    by = means(choice)
    if "apollo-12" not in by or "change-5" not in by:
        return None
    apollo, change = by["apollo-12"], by["change-5"]
    low, high = (limit - change.age_ma for limit in youngest_before()[:2])
    return Headline(
        apollo, change, apollo.age_ma - change.age_ma, math.hypot(apollo.sd_ma, change.sd_ma), (low, high)
    )
