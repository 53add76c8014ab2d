"""Is this text an instance, a plan, or a set of pins? Every fault of it is named.

The format is `sample-allocation-instance/1`: columns of integers that refer to each other by place in their lists.
Whatever is missing, of the wrong kind, below zero, or refers to nothing is a fault, and all of them are told.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from aliquot import fault
from aliquot.allocations import (
    BULK_FORMS,
    FORMAT,
    FORMS,
    Alternative,
    Bonus,
    Cap,
    Exact,
    Grant,
    Instance,
    Level,
    Limits,
    Measure,
    Pins,
    Plan,
    Request,
    Supply,
    sorted_plan,
)
from aliquot.fault import Fault, Refused

MOST: Final = (
    10**12
)  # a tonne in micrograms: beyond it a number is a mistake, and sums would no longer be exact
KEYS: Final = {
    "format": "the name of the format", "materials": "names of materials", "forms": "names of forms",
    "sample_material": "a material for each sample", "sample_release_ug": "micrograms that may leave",
    "sample_consume_ug": "micrograms that may be used up", "container_pristine": "true or false for each container",
    "container_max_splits": "removals for each container", "sub_sample": "a sample for each subsample",
    "sub_container": "a container for each subsample", "sub_form": "a form for each subsample",
    "sub_mass_ug": "micrograms of each subsample", "sub_reserve_ug": "micrograms that stay behind",
    "sub_min_split_ug": "the least split of each subsample", "sub_loss_ug": "what a split of each subsample loses",
    "req_institution": "an institution for each request", "req_nation": "a nation for each request",
    "req_score": "a score for each request", "req_consumptive": "true or false for each request",
    "req_alternatives": "the alternatives of each request", "bundles": "lists of requests",
    "caps": "measures, limits and members", "bonuses": "merits and members",
}  # fmt: skip
OPTIONAL: Final = ("parameters",)


@dataclass(slots=True)
class Faults:
    """Faults in the making, and how values are read that may be wrong."""

    found: list[Fault] = field(default_factory=list)

    def add(self, where: str, what: str, todo: str, **values: str | int) -> None:
        """Remember a fault."""
        self.found.append(fault.of(where, what, todo, **values))

    def whole(self, where: str, value: object, *, least: int = 0, most: int = MOST) -> int:
        """Return the whole number there, 0 where there is none that may be."""
        if type(value) is not int:
            self.add(where, "is {got}, not a whole number", "write a whole number", got=_shown(value))
            return 0
        if not least <= value <= most:
            what = "is {got}, not from {least} to {most}"
            self.add(where, what, "write a number in that range", got=_shown(value), least=least, most=most)
            return 0
        return value

    def refers(self, where: str, value: object, *, to: str, count: int) -> int:
        """Return the place in another list that is meant, 0 where it is none."""
        if type(value) is not int or not 0 <= value < count:
            what = "is {got}, but there are {count} {to}, counted from 0"
            self.add(where, what, "name one of them", got=_shown(value), count=count, to=to)
            return 0
        return value

    def items(self, where: str, value: object, *, wanted: str = "a list") -> list[object]:
        """Return the list there, an empty one where there is none."""
        if not isinstance(value, list):
            self.add(where, "is {got}, not {wanted}", "write a list", got=_shown(value), wanted=wanted)
            return []
        return value

    def table(self, where: str, value: object, keys: Sequence[str]) -> dict[str, object]:
        """Return the object there with exactly these keys; None stands where one is missing."""
        if not isinstance(value, dict):
            self.add(where, "is {got}, not an object", "write an object with {keys}", got=_shown(value),
                     keys=", ".join(keys))  # fmt: skip
            return {}
        for key in keys:
            if key not in value:
                self.add(where, "lacks “{key}”", "add it", key=key)
        for key in value:
            if key not in keys:
                self.add(where, "has “{key}”, which means nothing here", "remove it", key=str(key)[:60])
        return value if all(key in value for key in keys) else {}

    def different(self, where: str, values: Sequence[int]) -> None:
        """Remember what occurs more than once."""
        for value, times in sorted(Counter(values).items()):
            if times > 1:
                self.add(where, "names {value} more than once", "name each once", value=value)


def _shown(value: object) -> str:
    if isinstance(value, list | dict):
        return f"{'a list' if isinstance(value, list) else 'an object'} of {len(value)}"
    try:
        text = json.dumps(value, ensure_ascii=False)
    except ValueError:  # an integer of more digits than Python prints
        return "a number of very many digits"
    return text if len(text) <= 40 else f"{text[:37]}..."


def parse(content: bytes, where: str) -> object:
    """Return what the JSON says; raise `Refused` where it is none."""
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError:
        why = "it is nested too deeply"
    except ValueError as error:
        why = str(error)
    raise Refused([fault.of(where, "is not JSON: {why}", "mend it there", why=why)])


def instance(content: bytes, where: str = "instance") -> Instance:
    """Return the instance that the text states; raise `Refused` with every fault of it."""
    data = parse(content, where)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Refused([fault.of(where, "does not say that its format is {format}",
                                "give a file of that format", format=FORMAT)])  # fmt: skip
    faults = Faults()
    for key in KEYS:
        if key not in data:
            faults.add(where, "lacks “{key}”: {meant}", "add it", key=key, meant=KEYS[key])
    for key in data:
        if key not in KEYS and key not in OPTIONAL:
            faults.add(where, "has “{key}”, which means nothing here", "remove it", key=str(key)[:60])
    fault.refuse_if(faults.found)
    supply = _supply(data, faults)
    requests = _requests(data, supply, faults)
    limits = _limits(data, len(requests), faults)
    fault.refuse_if(faults.found)
    return Instance(supply, requests, limits)


def _whole(faults: Faults, name: str, value: object) -> tuple[int, ...]:
    items = faults.items(name, value)
    if all(type(each) is int and 0 <= each <= MOST for each in items):
        return tuple(items)  # type: ignore[arg-type]  # just seen
    return tuple(faults.whole(f"{name}[{i}]", each) for i, each in enumerate(items))


def _refers(faults: Faults, name: str, value: object, *, to: str, count: int) -> tuple[int, ...]:
    items = faults.items(name, value)
    if all(type(each) is int and 0 <= each < count for each in items):
        return tuple(items)  # type: ignore[arg-type]  # just seen
    return tuple(faults.refers(f"{name}[{i}]", each, to=to, count=count) for i, each in enumerate(items))


def _flags(faults: Faults, name: str, value: object) -> tuple[bool, ...]:
    items = faults.items(name, value)
    for i, each in enumerate(items):
        if type(each) is not bool:
            faults.add(f"{name}[{i}]", "is {got}, not true or false", "write one of them", got=_shown(each))
    return tuple(each is True for each in items)


def _names(faults: Faults, name: str, value: object) -> tuple[str, ...]:
    items = faults.items(name, value)
    for i, each in enumerate(items):
        if type(each) is not str:
            faults.add(f"{name}[{i}]", "is {got}, not a name", "write a name", got=_shown(each))
    return tuple(str(each) for each in items)


def _same_length(faults: Faults, columns: dict[str, int]) -> None:
    (first, count), *others = columns.items()
    for name, length in others:
        if length != count:
            faults.add(name, "has {length} entries, but {first} has {count}", "give every column of one thing the same length",
                       length=length, first=first, count=count)  # fmt: skip


def _supply(data: dict[str, object], faults: Faults) -> Supply:
    forms = _names(faults, "forms", data["forms"])
    if forms != FORMS:
        faults.add("forms", "are not {forms}", "name these four in this order", forms=", ".join(FORMS))
    materials = _names(faults, "materials", data["materials"])
    material = _refers(
        faults, "sample_material", data["sample_material"], to="materials", count=len(materials)
    )
    pristine = _flags(faults, "container_pristine", data["container_pristine"])
    names = ("sample_release_ug", "sample_consume_ug", "container_max_splits",
             "sub_mass_ug", "sub_reserve_ug", "sub_min_split_ug", "sub_loss_ug")  # fmt: skip
    whole = {name: _whole(faults, name, data[name]) for name in names}
    refer = {
        name: _refers(faults, name, data[name], to=to, count=count)
        for name, to, count in (("sub_sample", "samples", len(material)),
                                ("sub_container", "containers", len(pristine)), ("sub_form", "forms", len(FORMS)))
    }  # fmt: skip
    lengths = {name: len(column) for name, column in (whole | refer).items()}
    lengths |= {"sample_material": len(material), "container_pristine": len(pristine)}
    for group in ("sample_material", "container_pristine", "sub_sample"):
        kind = group.split("_", maxsplit=1)[0]
        mine = {group: lengths[group]} | {n: k for n, k in lengths.items() if n.startswith(f"{kind}_")}
        _same_length(faults, mine)
    return Supply(
        materials=materials, forms=forms, sample_material=material, container_pristine=pristine,
        **whole, **refer,
    )  # fmt: skip


def _requests(data: dict[str, object], supply: Supply, faults: Faults) -> tuple[Request, ...]:
    institution = _whole(faults, "req_institution", data["req_institution"])
    nation = _whole(faults, "req_nation", data["req_nation"])
    scores = faults.items("req_score", data["req_score"])
    score = [faults.whole(f"req_score[{i}]", each, least=-MOST) for i, each in enumerate(scores)]
    consumptive = _flags(faults, "req_consumptive", data["req_consumptive"])
    lists = faults.items("req_alternatives", data["req_alternatives"])
    columns = {"req_institution": institution, "req_nation": nation, "req_score": score,
               "req_consumptive": consumptive, "req_alternatives": lists}  # fmt: skip
    _same_length(faults, {name: len(column) for name, column in columns.items()})
    found = []
    for r, (where_from, land, rank, uses_up, options) in enumerate(
        zip(institution, nation, score, consumptive, lists, strict=False)
    ):
        where = f"req_alternatives[{r}]"
        several = [_alternative(f"{where}[{a}]", each, supply, faults)
                   for a, each in enumerate(faults.items(where, options))]  # fmt: skip
        if options == []:
            faults.add(where, "is empty: nothing is asked for", "give at least one alternative")
        found.append(Request(where_from, land, rank, uses_up, tuple(several)))
    return tuple(found)


ALTERNATIVE: Final = ("material", "form", "sample", "levels", "max_pieces", "min_item_ug", "max_item_ug")


def _alternative(where: str, value: object, supply: Supply, faults: Faults) -> Alternative:
    table = faults.table(where, value, ALTERNATIVE)
    if not table:
        return Alternative(0, 0, None, (), 1, 0, 0)
    material = faults.refers(
        f"{where}.material", table["material"], to="materials", count=len(supply.materials)
    )
    form = faults.refers(f"{where}.form", table["form"], to="forms", count=len(FORMS))
    sample = None
    if table["sample"] is not None:
        before = len(faults.found)
        sample = faults.refers(
            f"{where}.sample", table["sample"], to="samples", count=len(supply.sample_material)
        )
        if len(faults.found) == before and supply.sample_material[sample] != material:
            faults.add(
                f"{where}.sample",
                "is of another material than is asked for",
                "name a sample of that material",
            )
    levels = _levels(f"{where}.levels", table["levels"], faults)
    pieces = faults.whole(f"{where}.max_pieces", table["max_pieces"], least=1 if form < BULK_FORMS else 0)
    low = faults.whole(f"{where}.min_item_ug", table["min_item_ug"])
    high = faults.whole(f"{where}.max_item_ug", table["max_item_ug"])
    if form >= BULK_FORMS and low > high:
        faults.add(f"{where}.max_item_ug", "is less than min_item_ug", "give the smaller one as min_item_ug")
    return Alternative(material, form, sample, levels, pieces, low, high)


def _levels(where: str, value: object, faults: Faults) -> tuple[Level, ...]:
    found = []
    items = faults.items(where, value)
    if items == []:
        faults.add(where, "is empty", "give at least one amount with its merit")
    for i, each in enumerate(items):
        pair = faults.items(f"{where}[{i}]", each, wanted="a list of an amount and a merit")
        if len(pair) != 2:
            faults.add(f"{where}[{i}]", "has {count} entries", "write an amount and a merit", count=len(pair))
            continue
        amount = faults.whole(f"{where}[{i}][0]", pair[0], least=1)
        found.append(Level(amount, faults.whole(f"{where}[{i}][1]", pair[1])))
        if i and len(found) > 1 and amount <= found[-2].amount:
            faults.add(
                f"{where}[{i}][0]",
                "is not more than the level before",
                "write levels from the least amount up",
            )
    return tuple(found)


def _limits(data: dict[str, object], requests: int, faults: Faults) -> Limits:
    def members(where: str, value: object) -> tuple[int, ...]:
        before = len(faults.found)
        found = _refers(faults, where, value, to="requests", count=requests)
        if len(faults.found) == before:
            faults.different(where, found)
        return found

    bundles = [
        members(f"bundles[{i}]", each) for i, each in enumerate(faults.items("bundles", data["bundles"]))
    ]
    caps, bonuses = [], []
    for i, each in enumerate(faults.items("caps", data["caps"])):
        where = f"caps[{i}]"
        table = faults.table(where, each, ("measure", "limit", "members"))
        if not table:
            continue
        measure = table["measure"]
        if measure not in ("grants", "bulk_ug"):
            faults.add(f"{where}.measure", "is {got}", "write grants or bulk_ug", got=_shown(measure))
            measure = "grants"
        limit = faults.whole(f"{where}.limit", table["limit"], most=MOST**2)
        caps.append(
            Cap(Measure(measure), min(limit, MOST * 1000), members(f"{where}.members", table["members"]))
        )
    for i, each in enumerate(faults.items("bonuses", data["bonuses"])):
        where = f"bonuses[{i}]"
        table = faults.table(where, each, ("merit", "members"))
        if table:
            merit = faults.whole(f"{where}.merit", table["merit"])
            bonuses.append(Bonus(merit, members(f"{where}.members", table["members"])))
    return Limits(tuple(bundles), tuple(caps), tuple(bonuses))


def pins(content: bytes, of: Instance, where: str = "pins") -> Pins:
    """Return the decisions that the text fixes; raise `Refused` with every fault of it."""
    data = parse(content, where)
    faults = Faults()
    if isinstance(data, dict):
        data = {"grant": [], "refuse": [], "exact": []} | data
    table = faults.table(where, data, ("grant", "refuse", "exact"))
    count = len(of.requests)
    grant, refuse = (
        _refers(faults, f"{where}.{name}", table.get(name, []), to="requests", count=count)
        for name in ("grant", "refuse")
    )
    faults.different(f"{where}.grant", grant)
    faults.different(f"{where}.refuse", refuse)
    exact = tuple(
        _exact(f"{where}.exact[{i}]", each, of, faults)
        for i, each in enumerate(faults.items(f"{where}.exact", table.get("exact", [])))
    )
    fault.refuse_if(faults.found)
    return Pins(tuple(sorted(grant)), tuple(sorted(refuse)),
                tuple(sorted(set(exact), key=lambda each: (each.request, each.alternative, each.level))))  # fmt: skip


def _exact(where: str, value: object, of: Instance, faults: Faults) -> Exact:
    table = faults.table(where, value, ("request", "alternative", "level"))
    found = _level_of(where, table, of, faults) if table else (0, 0, 0)
    return Exact(*found)


def _level_of(where: str, table: dict[str, object], of: Instance, faults: Faults) -> tuple[int, int, int]:
    before = len(faults.found)
    r = faults.refers(f"{where}.request", table["request"], to="requests", count=len(of.requests))
    if len(faults.found) > before:
        return 0, 0, 0
    options = of.requests[r].alternatives
    a = faults.refers(
        f"{where}.alternative", table["alternative"], to="alternatives of it", count=len(options)
    )
    if len(faults.found) > before:
        return r, 0, 0
    level = faults.refers(f"{where}.level", table["level"], to="levels of it", count=len(options[a].levels))
    return r, a, level


def plan(content: bytes, of: Instance, where: str = "plan") -> Plan:
    """Return the grants that a plan states, alone or as `grants` of an answer; raise `Refused` with every fault."""
    data = parse(content, where)
    if isinstance(data, dict):
        data = data.get("grants")
    faults = Faults()
    found = list(_grants(where, data, of, faults))
    fault.refuse_if(faults.found)
    return sorted_plan(found)


def _grants(where: str, data: object, of: Instance, faults: Faults) -> Iterator[Grant]:
    subsamples = len(of.supply.sub_sample)
    for i, each in enumerate(faults.items(where, data, wanted="a list of grants")):
        here = f"{where}[{i}]"
        table = faults.table(here, each, ("request", "alternative", "level", "pieces"))
        if not table:
            continue
        r, a, level = _level_of(here, table, of, faults)
        pieces = []
        for k, piece in enumerate(faults.items(f"{here}.pieces", table["pieces"])):
            pair = faults.items(f"{here}.pieces[{k}]", piece, wanted="a subsample and its micrograms")
            if len(pair) != 2:
                faults.add(f"{here}.pieces[{k}]", "has {count} entries", "write a subsample and its micrograms",
                           count=len(pair))  # fmt: skip
                continue
            s = faults.refers(f"{here}.pieces[{k}][0]", pair[0], to="subsamples", count=subsamples)
            pieces.append((s, faults.whole(f"{here}.pieces[{k}][1]", pair[1], least=-MOST)))
        yield Grant(r, a, level, tuple(pieces))
