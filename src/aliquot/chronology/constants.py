"""Which value has a constant, with which error, from which named set?

Sets are the TOML files of `sets/`, each with its sources; they are never changed once released, a new value is a
new set. Decay constants are in 1/Ma, errors one standard deviation. A list of sets and overrides is resolved so
that the first that has a constant counts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

from aliquot.chronology.refusal import NotDatable, Rule

DEFAULT_SET: Final = "isoplotr-6.8.5-default"
OVERRIDE: Final = "override"
BRANCHES: Final = ("lambda_K40_beta", "lambda_K40_ec")


@dataclass(frozen=True, slots=True)
class Constant:
    """A value as one set has it; `sd` None counts as exact."""

    value: float
    sd: float | None
    unit: str | None
    set: str

    @property
    def error(self) -> float:
        """The standard deviation, 0 where the set states none."""
        return self.sd or 0.0


@cache
def shipped() -> Mapping[str, Mapping[str, Constant]]:
    """Return every set that ships with Aliquot, by name."""
    folder = resources.files("aliquot") / "chronology" / "sets"
    files = sorted(
        (each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name
    )
    return {each.name.removesuffix(".toml"): _read(each.name, each.read_text("utf-8")) for each in files}


def _read(file: str, text: str) -> Mapping[str, Constant]:
    name = file.removesuffix(".toml")
    return {
        key: Constant(float(each["value"]), each.get("sd"), each.get("unit"), name)
        for key, each in tomllib.loads(text)["constants"].items()
    }


@cache
def names() -> frozenset[str]:
    """Return the name of everything that any set has or lets one derive."""
    return frozenset(name for each in shipped().values() for name in each)


@dataclass(slots=True)
class Chosen:
    """The sets that a request names, in order, and its overrides; `used` remembers what was asked for."""

    sets: tuple[str, ...] = (DEFAULT_SET,)
    override: Mapping[str, Constant] = field(default_factory=dict)
    used: dict[str, Constant] = field(default_factory=dict)

    def get(self, name: str) -> Constant:
        """Return the constant; raise `NotDatable` where none of the sets has it."""
        found = self._find(name)
        if found is None:
            raise NotDatable(
                Rule.UNKNOWN_CONSTANT,
                f"the constant {name} is in none of the sets {', '.join(self.sets)}",
                "add a set that has it to the list, or give it under override",
            )
        self.used[name] = found
        return found

    def _find(self, name: str) -> Constant | None:
        if name in self.override:
            return self.override[name]
        for each in self.sets:
            inside = shipped()[each]
            found = inside.get(name) or self._derived(name, each)
            if found:
                return found
        return None

    def _derived(self, name: str, within: str) -> Constant | None:
        """Return what follows from the two branches of potassium-40 where a set has only these."""
        if name not in {"lambda_K40", "fraction_K40_Ca"}:
            return None
        inside = {
            **shipped()[within],
            **{key: self.override[key] for key in BRANCHES if key in self.override},
        }
        if not all(branch in inside for branch in BRANCHES):
            return None
        beta, capture = (inside[branch] for branch in BRANCHES)
        if name == "lambda_K40":
            sd = (beta.error**2 + capture.error**2) ** 0.5 or None
            return Constant(beta.value + capture.value, sd, "1/Ma", within)
        total = self.override.get("lambda_K40") or inside.get("lambda_K40")
        whole = total.value if total else beta.value + capture.value
        return Constant(beta.value / whole, None, None, within)
