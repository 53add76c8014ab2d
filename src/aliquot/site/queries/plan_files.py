"""Which files does anybody compute a plan anew from, and with which commands? As the command line reads and writes them.

What is kept of an answer is put in the order in which the command line gives it: a database may keep the parts of an
answer in another. Whoever runs the commands gets the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from aliquot.allocator import answers, reasons
from aliquot.allocator.reasons import Reason, Why
from aliquot.site.models import Plan
from aliquot.site.queries.plans import Whole

Plain = dict[str, object]
INSTANCE, PINS, PLAN, AGAIN = "instance.json", "pins.json", "plan.json", "again.json"
SOFTWARE: Final = ("aliquot", "highspy", "numpy")
CHECK: Final = f"aliquot allocate check {INSTANCE} {PLAN}"
SAME: Final = f"cmp {PLAN} {AGAIN}"


def library_pins(plan: Plan) -> Plain:
    """Return the fixed decisions as a file for `--fix`; what was trimmed stands in the instance."""
    return {part: plan.pins[part] for part in ("grant", "refuse", "exact")}


def command(plan: Plan) -> str:
    """Return the command that computes a plan from its files."""
    fix = f" --fix {PINS}" if any(library_pins(plan).values()) else ""
    return f"aliquot allocate {INSTANCE} --json --untimed --seconds {plan.seconds}{fix} > {AGAIN}"


def file_of(plan: Plan, name: str) -> bytes | None:
    """Return a file of a plan; None where there is none of that name."""
    if name == INSTANCE:
        return plan.input.text.encode()
    if name == PINS:
        return _json(library_pins(plan))
    if name == PLAN and hasattr(plan, "result"):
        return _json(document(Whole(plan)))
    return None


def document(whole: Whole) -> Plain:
    """Return the answer as the command line gives it untimed, with English sentences."""
    told = whole.told
    software: Any = told["software"]
    return {
        **{name: told[name] for name in ("status", "merit", "handling", "used_up_ug")},
        "bounds": _ordered(told["bounds"], "merit", "handling", "used_up_ug"),
        "grants": answers.grants(whole.grants),
        "conflict": [_ordered(each, "pin", "rule", "at", "words") for each in _list(told["conflict"])],
        "explanations": [_explanation(whole, each) for each in _list(told["explanations"])],
        "instance_sha256": whole.plan.input.sha256,
        "software": _ordered(software, *SOFTWARE),
    }  # fmt: skip


def _explanation(whole: Whole, each: Mapping[str, Any]) -> Plain:
    fits = each["would_fit"]
    return {
        "request": each["request"], "outcome": each["outcome"],
        "because": [_words(whole, each["request"], one) for one in each["because"]],
        "blocked_by": each["blocked_by"],
        "would_fit": _ordered(fits, "alternative", "amount", "unit") if fits else None,
    }  # fmt: skip


def _words(whole: Whole, request: int, one: Mapping[str, Any]) -> str:
    value = Reason(Why(one["why"]), one["alternative"], one["amount"], tuple(one["counts"].items()),
                   tuple((s, ug) for s, ug in one["pieces"]))  # fmt: skip
    return reasons.words(whole.instance, request, value)


def _list(value: Any) -> list[Mapping[str, Any]]:
    return list(value)


def _ordered(value: Any, *names: str) -> Plain:
    return {name: value[name] for name in names if name in value}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
