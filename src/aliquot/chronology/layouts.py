"""Which columns may a table of measurements have, and how does one layout become another?

A layout names the columns with an error beside each (`measured`), those without one (`plain`), and whether the
errors of its two ratios may be correlated (`rho`). Conversions propagate errors to first order with their correlation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from aliquot.chronology.constants import Chosen
from aliquot.chronology.regression import Floats, Points
from aliquot.chronology.uranium import moved


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to write a table down."""

    name: str
    measured: tuple[str, ...]
    plain: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    rho: bool = False

    @property
    def wanted(self) -> tuple[str, ...]:
        """The columns that must be there."""
        return (*self.plain, *(name for each in self.measured for name in (each, f"s_{each}")))

    def knows(self, column: str) -> bool:
        """Whether a table in this layout may have such a column."""
        return (
            column in self.wanted
            or column in self.optional
            or column == "label"
            or (self.rho and column == "rho")
        )


NORMAL, INVERSE, THREE, CONCENTRATIONS = "normal", "inverse", "three-ratios", "concentrations"
WETHERILL, TERA_WASSERBURG = "wetherill", "tera-wasserburg"

# The ratios of a line: normal x, y; inverse x, y.
LINES: Final = {
    "Rb-Sr": (("Rb87Sr86", "Sr87Sr86"), ("Rb87Sr87", "Sr86Sr87")),
    "Sm-Nd": (("Sm147Nd144", "Nd143Nd144"), ("Sm147Nd143", "Nd144Nd143")),
    "Lu-Hf": (("Lu176Hf177", "Hf176Hf177"), ("Lu176Hf176", "Hf177Hf176")),
    "Re-Os": (("Re187Os188", "Os187Os188"), ("Re187Os187", "Os188Os187")),
    "K-Ca": (("K40Ca44", "Ca40Ca44"), ("K40Ca40", "Ca44Ca40")),
    "Th-Pb": (("Th232Pb204", "Pb208Pb204"), ("Th232Pb208", "Pb204Pb208")),
    "Ar-Ar": (("Ar39Ar36", "Ar40Ar36"), ("Ar39Ar40", "Ar36Ar40")),
    "Pb-Pb": (("Pb206Pb204", "Pb207Pb204"), ("Pb204Pb206", "Pb207Pb206")),
}
_THREE: Final = {
    "Pb-Pb": ("Pb206Pb204", "Pb207Pb204", "Pb206Pb207"),
    "Ar-Ar": ("Ar39Ar40", "Ar36Ar40", "Ar39Ar36"),
}


@dataclass(frozen=True, slots=True)
class _Elements:
    """Parent and daughter element of a clock with the isotopes that their atomic ratios need.

    `parent` are the other isotopes over one of the element, of which `over` is the parent isotope's own ratio (None
    where the parent isotope is that one); `daughter` the other isotopes over the reference isotope.
    """

    parent: str
    daughter: str
    parents: tuple[str, ...]
    own: str | None
    daughters: tuple[str, ...]


_ELEMENTS: Final = {
    "Rb-Sr": _Elements("Rb", "Sr", ("Rb85Rb87",), None, ("Sr84Sr86", "Sr88Sr86")),
    "Sm-Nd": _Elements(
        "Sm", "Nd",
        ("Sm144Sm152", "Sm147Sm152", "Sm148Sm152", "Sm149Sm152", "Sm150Sm152", "Sm154Sm152"), "Sm147Sm152",
        ("Nd142Nd144", "Nd145Nd144", "Nd146Nd144", "Nd148Nd144", "Nd150Nd144"),
    ),
    "Lu-Hf": _Elements(
        "Lu", "Hf", ("Lu176Lu175",), "Lu176Lu175", ("Hf174Hf177", "Hf178Hf177", "Hf179Hf177", "Hf180Hf177")
    ),
    "Re-Os": _Elements(
        "Re", "Os", ("Re185Re187",), None,
        ("Os184Os188", "Os186Os188", "Os189Os188", "Os190Os188", "Os192Os188"),
    ),
}  # fmt: skip

_ARGON: Final = frozenset({"Ar39", "J", "s_J"})
XY: Final = Layout("xy", ("x", "y"), rho=True)
AGES: Final = Layout("ages", ("age",))
STEPS: Final = Layout("steps", ("age",), plain=("fraction",))


def lines(clock: str) -> tuple[Layout, ...]:
    """Return the layouts from which a line of this clock can be had; those with most columns first."""
    optional = _ARGON if clock == "Ar-Ar" else frozenset()
    found = []
    if clock in _THREE:
        found.append(Layout(THREE, _THREE[clock], optional=optional))
    if clock in _ELEMENTS:
        each = _ELEMENTS[clock]
        found.append(Layout(CONCENTRATIONS, (each.parent, each.daughter, LINES[clock][0][1])))
    for name, columns in zip((NORMAL, INVERSE), LINES[clock], strict=True):
        found.append(Layout(name, columns, optional=optional, rho=True))
    return tuple(found)


def uranium() -> tuple[Layout, ...]:
    """Return the layouts of U-Pb."""
    return (
        Layout(WETHERILL, ("Pb207U235", "Pb206U238"), rho=True),
        Layout(TERA_WASSERBURG, ("U238Pb206", "Pb207Pb206"), rho=True),
    )


def of(task: str, clock: str | None) -> tuple[Layout, ...]:
    """Return the layouts that a task takes on a clock."""
    if task == "york":
        return (XY,)
    if task in {"mean", "recalculate"}:
        return (AGES,)
    if task == "plateau":
        if clock != "Ar-Ar":
            return (STEPS,)
        # The amount of 39Ar is what a plateau is measured by.
        argon = (
            Layout(each.name, each.measured, ("Ar39",), each.optional, each.rho) for each in lines(clock)
        )
        return (STEPS, *argon)
    if clock == "U-Pb":
        return uranium()
    ratio = Layout("ratio", ("ratio",), optional=_ARGON if clock == "Ar-Ar" else frozenset())
    if task == "age":
        return (*(lines(clock) if clock in LINES else ()), ratio)
    return lines(clock) if clock in LINES else ()


def likeliest(given: Iterable[str], among: tuple[Layout, ...]) -> Layout:
    """Return the layout whose columns are all there, the largest of these; else the one that lacks least."""
    columns = set(given)

    def rank(each: Layout) -> tuple[bool, int, int]:
        measured = (*each.plain, *each.measured)
        there = [name for name in measured if name in columns]
        return len(there) == len(measured), len(there), -len(measured)

    return max(among, key=rank)


def masses_and_ratios(clock: str) -> tuple[str, ...]:
    """Return the names of the constants that turn concentrations into atomic ratios."""
    each = _ELEMENTS[clock]
    return (f"mass_{each.parent}", f"mass_{each.daughter}", *each.parents, *each.daughters)


def of_concentrations(
    clock: str, parent: tuple[Floats, Floats], daughter: tuple[Floats, Floats], y: tuple[Floats, Floats],
    constants: Chosen,
) -> Points:  # fmt: skip
    """Return normal points for concentrations by mass: x = P/D * M_D/M_P * f * S.

    f is the atomic fraction of the parent isotope, S the sum of all isotopes of the daughter element over its reference
    isotope, with the measured y in its place, which correlates x and y.
    """
    each = _ELEMENTS[clock]
    others = 1 + sum(constants.get(name).value for name in each.parents)
    fraction = (constants.get(each.own).value if each.own else 1.0) / others
    total = 1 + y[0] + sum(constants.get(name).value for name in each.daughters)
    masses = constants.get(f"mass_{each.daughter}").value / constants.get(f"mass_{each.parent}").value
    x = parent[0] / daughter[0] * (masses * fraction) * total
    by_y = x / total * y[1]
    sx = np.sqrt((x * parent[1] / parent[0]) ** 2 + (x * daughter[1] / daughter[0]) ** 2 + by_y**2)
    return Points(x, sx, y[0], y[1], by_y / sx)


def other_form(points: Points, *, lead: bool) -> Points:
    """Return the normal points of inverse ones, or the other way round; for Pb-Pb the roles are others."""
    if lead:  # x, y = 206/204, 207/204 and 204/206, 207/206
        x, y = 1 / points.x, points.y / points.x
        zero = np.zeros_like(x)
        return moved(points, x, y, (-x / points.x, zero, -y / points.x, 1 / points.x))
    x, y = points.x / points.y, 1 / points.y
    zero = np.zeros_like(x)
    return moved(points, x, y, (1 / points.y, -x / points.y, zero, -y / points.y))


def of_three(values: tuple[Floats, Floats, Floats], sds: tuple[Floats, Floats, Floats]) -> Points:
    """Return the points of x, y and z = x/y: z gives their correlation, and nothing else."""
    rx, ry, rz = (sd / value for sd, value in zip(sds, values, strict=True))
    rho = (rx**2 + ry**2 - rz**2) / (2 * rx * ry)
    return Points(values[0], sds[0], values[1], sds[1], rho)
