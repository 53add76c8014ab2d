"""Plans: a call is frozen, a plan is computed from it, the panel fixes decisions and asks again, proposes one, adopts it.

A plan is asked for in a transaction and computed outside of any, in a process of its own. The same input and the same fixed
decisions are the same plan, however often it is asked for. Adopting promises what was decided, all of it or nothing.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from subprocess import Popen

from django.db import connection, transaction
from django.utils import timezone

from aliquot import allocation_changes, allocation_rounds, fault, mass
from aliquot.allocation_rounds import Round
from aliquot.fault import Fault, Refused
from aliquot.site import queries, solving
from aliquot.site.models import Call, Person, Plan, PlanInput, PlanResult, PlanRun, PlanStep, Request
from aliquot.site.operations import ledger as ledger_operations
from aliquot.site.operations import promises
from aliquot.site.operations.life_cycles import new_key, parts
from aliquot.site.queries.plans import Standing, Whole

MAKERS = frozenset({"chair", "director"})
PLANNED_IN = ("in review", "in hearings", "being decided")
SECONDS = (10, 60, 300)
WAITED = 3.0  # seconds that a page waits for a plan before it says that it is being computed
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the panel fixes of one line (`number` is its place in the instance): `grant`, `refuse`, `exact`, or at `most` so much."""

    number: int
    what: str
    alternative: int = 0
    level: int = 0
    most: str = ""


@transaction.atomic
def begin(
    call: Call,
    *,
    together: Collection[Collection[str]] = (),
    seconds: int = SECONDS[1],
    by: Person,
    at: datetime,
) -> Plan:
    """Freeze a call as it is now and ask for its best plan; where nothing has changed since, that is the plan of then."""
    now = _lock(call, by, seconds)
    ledger_operations.lock()
    frozen = queries.plan_inputs.frozen(now)
    rules = queries.calls.rules(now)
    known = {one.key for one in frozen.candidates}
    fault.refuse_if(
        fault.of("together", "“{key}” is not before the panel", "choose from the list", key=key[:40])
        for group in together for key in sorted(group) if key not in known
    )  # fmt: skip
    found = allocation_rounds.build(
        frozen.candidates, frozen.vials, rules=rules, given=frozen.given, together=together
    )
    beside = {
        "caps": [[what, frozen.institutions.get(name, name) if what == "institution" else name] for what, name in found.caps],
        "without_review": list(frozen.without_review),
        "together": sorted(sorted(group) for group in together if len(group) > 1),
        "origin": "",
    }  # fmt: skip
    kept = _kept(now, found, beside, by=by, at=at)
    return _asked(
        now, kept, {"grant": [], "refuse": [], "exact": [], "most": {}}, seconds, None, by=by, at=at
    )


def _lock(call: Call, by: Person, seconds: int) -> Call:
    now = Call.objects.select_for_update().get(pk=call.pk)
    fault.refuse_if((*_check_who(now, by), *_check_call(now, seconds)))
    return now


def _check_who(call: Call, by: Person) -> list[Fault]:
    if not parts(by) & MAKERS:
        return [fault.of("person", "plans are made by a chair or a director", "ask the chair")]
    if queries.plans.is_author(call, by):
        return [fault.of("person", "you have a request in this call", "let somebody else make plans of it")]
    return []


def _check_call(call: Call, seconds: int) -> list[Fault]:
    faults = []
    if call.state not in PLANNED_IN:
        faults.append(
            fault.of(
                "call",
                "this call is not before its panel",
                "make plans while its requests are reviewed and decided",
            )
        )
    if seconds not in SECONDS:
        faults.append(
            fault.of("seconds", "this is no time that can be given to a plan", "choose from the list")
        )
    return faults


def _kept(call: Call, found: Round, beside: Mapping[str, object], *, by: Person, at: datetime) -> PlanInput:
    """Keep what was frozen; what is the same to the byte is kept once."""
    parameters = {
        "call": call.key, "call_sha256": call.sha256, "policy_sha256": hashlib.sha256(call.policy_text.encode()).hexdigest(),
        "samples": list(found.samples), "requests": [f"{ask.request}/{ask.line + 1}" for ask in found.asks],
    }  # fmt: skip
    text = allocation_rounds.text(found.instance, parameters)
    told = {
        "asks": [[ask.request, ask.line, ask.least_ng, ask.wanted_ng, ask.firsts] for ask in found.asks],
        "samples": list(found.samples), "left_ng": list(found.left_ng), **beside,
    }  # fmt: skip
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    kept = PlanInput.objects.filter(call=call, sha256=sha256).first()
    return kept or PlanInput.objects.create(call=call, sha256=sha256, text=text, told=told, by=by, at=at)


def _asked(
    call: Call, kept: PlanInput, pins: Mapping[str, object], seconds: int, base: Plan | None, *, by: Person, at: datetime
) -> Plan:  # fmt: skip
    known = Plan.objects.filter(call=call, input=kept, pins=pins, seconds=seconds).first()
    return known or Plan.objects.create(
        key=new_key(), call=call, order=call.plans.count() + 1, input=kept, base=base, pins=pins, seconds=seconds, by=by, at=at
    )  # fmt: skip


@transaction.atomic
def again(base: Plan, wishes: Sequence[Wish], *, seconds: int, by: Person, at: datetime) -> Plan:
    """Ask for the best plan from what a plan was made from, with these decisions fixed and no others."""
    call = _lock(base.call, by, seconds)
    origin = base.input.told["origin"]
    first = PlanInput.objects.get(call=call, sha256=origin) if origin else base.input
    found = queries.plans.round_of(first)
    faults, pins, most_ug = _pins(found, wishes)
    fault.refuse_if(faults)
    kept = first
    if most_ug:
        trimmed = Round(
            allocation_changes.trimmed(found.instance, most_ug),
            found.asks,
            found.samples,
            found.left_ng,
            found.caps,
        )
        beside = {name: first.told[name] for name in ("caps", "without_review", "together")} | {
            "origin": first.sha256
        }
        kept = _kept(call, trimmed, beside, by=by, at=at)
    return _asked(call, kept, pins, seconds, base, by=by, at=at)


def _pins(found: Round, wishes: Sequence[Wish]) -> tuple[list[Fault], dict[str, object], dict[int, int]]:
    """Return the decisions as the library reads them, and which requests get at most how many micrograms."""
    faults: list[Fault] = []
    grant, refuse, exact, most_ug = [], [], [], {}
    for wish in sorted(wishes, key=lambda one: one.number):
        where = f"pin-{wish.number}"
        options = (
            found.instance.requests[wish.number].alternatives if 0 <= wish.number < len(found.asks) else ()
        )
        if not options or wish.what not in ("grant", "refuse", "exact", "most"):
            faults.append(
                fault.of(where, "this is no decision on a line of this plan", "choose from the list")
            )
        elif wish.what == "exact" and not (
            0 <= wish.alternative < len(options) and 0 <= wish.level < len(options[wish.alternative].levels)
        ):
            faults.append(fault.of(where, "this line has no such amount", "choose from the list"))
        elif wish.what == "most":
            ug = _most_ug(where, wish.most, found, wish.number, faults)
            most_ug |= {wish.number: ug} if ug else {}
        elif wish.what == "exact":
            exact.append({"request": wish.number, "alternative": wish.alternative, "level": wish.level})
        else:
            (grant if wish.what == "grant" else refuse).append(wish.number)
    said = {str(r): ug for r, ug in most_ug.items()}
    return faults, {"grant": grant, "refuse": refuse, "exact": exact, "most": said}, most_ug


def _most_ug(where: str, text: str, found: Round, r: int, faults: list[Fault]) -> int:
    read = mass.read(text, where)
    if isinstance(read, Fault):
        faults.append(read)
        return 0
    bulk = [each for each in found.instance.requests[r].alternatives if each.is_bulk]
    if not bulk:
        faults.append(fault.of(where, "this goes whole and cannot be trimmed", "grant it or refuse it"))
    elif read < found.asks[r].least_ng:
        faults.append(fault.of(where, "{most} is less than the least, {least}", "refuse the line instead",
                               most=mass.show(read), least=mass.show(found.asks[r].least_ng)))  # fmt: skip
    else:
        return max(read // allocation_rounds.NG, bulk[0].levels[0].amount)
    return 0


# -- computing -------------------------------------------------------------------------------------------------


def compute(plan: Plan, *, at: datetime, waited: float = WAITED) -> None:
    """Compute a plan that was asked for, unless it is computed or being computed; return when it is done, or after a while.

    What takes longer goes on beside the site and is kept when it is done. Never called within a transaction of the page.
    """
    if not _claimed(plan, at):
        return
    job = {
        "instance": plan.input.text,
        "pins": queries.plan_files.library_pins(plan),
        "seconds": plan.seconds,
    }
    process = solving.start()
    found = solving.wait(process, job, seconds=waited)
    if found is not None:
        _keep(plan, found)
    else:
        threading.Thread(target=_go_on, args=(plan, process), daemon=True).start()


@transaction.atomic
def _claimed(plan: Plan, at: datetime) -> bool:
    """Note that a process is started, unless somebody else has started one that may still be at work."""
    Call.objects.select_for_update().get(pk=plan.call_id)
    now = Plan.objects.select_related("result").get(pk=plan.pk)
    if queries.plans.state(now, at=at) != "interrupted":
        return False
    PlanRun.objects.create(plan=plan, at=at)
    return True


def _go_on(plan: Plan, process: Popen[bytes]) -> None:
    """Wait for the process, in a thread of its own with a connection of its own."""
    try:
        found = solving.wait(
            process, None, seconds=plan.seconds + queries.plans.BEYOND.total_seconds() - 2 * WAITED
        )
        if found is None:
            solving.stop(process)
        else:
            _keep(plan, found)
    finally:
        connection.close()


def _keep(plan: Plan, found: Sequence[solving.Answer]) -> None:
    """Keep the answer; a process that ended without one is told in the log, and the plan can be computed again."""
    if not found:
        log.warning("plan %s: the process ended without an answer", plan.key)
        return
    told = found[0]
    PlanResult.objects.get_or_create(
        plan=plan,
        defaults={
            "status": told["status"], "granted": len(told["grants"]), "merit": told["merit"], "handling": told["handling"], "used_up_ug": told["used_up_ug"],
            "told": told, "at": timezone.now(),
        },
    )  # fmt: skip


# -- what the panel does with a plan ---------------------------------------------------------------------------


@transaction.atomic
def propose(plan: Plan, *, by: Person, at: datetime) -> PlanStep:
    """Let the panel go by this plan: the forms of its decisions begin with what it has. The last one proposed counts."""
    call = Call.objects.select_for_update().get(pk=plan.call_id)
    faults = [*_check_who(call, by), *_check_call(call, SECONDS[0]), *_check_found(plan)]
    fault.refuse_if(faults)
    last = PlanStep.objects.filter(plan__call=call, act="propose").last()
    if last is not None and last.plan_id == plan.pk:
        return last
    return PlanStep.objects.create(plan=plan, act="propose", by=by, at=at)


def _check_found(plan: Plan) -> list[Fault]:
    result = PlanResult.objects.filter(plan=plan).first()
    if result is None:
        return [fault.of("plan", "this plan is not computed yet", "wait until it is")]
    if result.told["conflict"] or not result.told["grants"]:
        return [fault.of("plan", "this plan grants nothing", "go by another")]
    return []


@transaction.atomic
def adopt(plan: Plan, *, without: Collection[int] = (), by: Person, at: datetime) -> PlanStep:
    """Promise what the plan has from where it has it, for every line that the last level decided so: all of them or none.

    `without` are lines (by their place in the instance) that are left out. Raises `Refused` with every line that has
    changed since; adopted twice, it is adopted once.
    """
    call = Call.objects.select_for_update().get(pk=plan.call_id)
    done = plan.steps.filter(act="adopt").first()
    if done is not None:
        return done
    fault.refuse_if([*_check_who(call, by), *_check_found(plan)])
    ledger_operations.lock()
    whole = Whole(Plan.objects.select_related("result", "input", "call").get(pk=plan.pk))
    kept = [
        one for one in queries.plans.standings(whole, queries.plans.today(whole)) if one.number not in without
    ]
    faults = [found for one in kept for found in _changed(one)]
    if not kept:
        faults.append(fault.of("plan", "every line is left out", "leave some of them in"))
    fault.refuse_if(faults)
    rows = Request.objects.in_bulk({one.line[0] for one in kept}, field_name="key")
    for key in sorted(rows):
        shares = [
            (one.line[1] + 1, sample, ng)
            for one in kept
            if one.line[0] == key
            for sample, ng in whole.shares[one.line]
        ]
        try:
            promises.make(rows[key], shares, by=by, at=at)
        except Refused as refused:
            faults += refused.faults
    fault.refuse_if(faults)
    told = {
        "promised": [[*one.line, sample, ng] for one in kept for sample, ng in whole.shares[one.line]],
        "without": sorted(set(without)),
    }
    return PlanStep.objects.create(plan=plan, act="adopt", told=told, by=by, at=at)


def _changed(one: Standing) -> list[Fault]:
    """Return what has changed of a line since the plan was made."""
    where = f"without-{one.number}"
    planned = mass.show(one.planned_ng)
    if one.state == "undecided":
        return [fault.of(where, "the last level has not decided on “{title}”", "wait for its decision, or leave the line out",
                         title=one.title)]  # fmt: skip
    if one.state == "otherwise" and not one.found_ng:
        return [fault.of(where, "“{title}”, line {line}: nothing was granted, and the plan has {planned}",
                         "leave the line out, or make another plan", title=one.title, line=one.line[1] + 1, planned=planned)]  # fmt: skip
    if one.state == "otherwise":
        return [fault.of(where, "“{title}”, line {line}: {decided} were granted, and the plan has {planned}",
                         "leave the line out, or make a plan with what was decided", title=one.title, line=one.line[1] + 1,
                         decided=mass.show(one.found_ng), planned=planned)]  # fmt: skip
    if one.state == "short":
        return [fault.of(where, "“{title}”, line {line}: {free} of {sample} are free, and more would be promised",
                         "leave the line out, or make another plan", title=one.title, line=one.line[1] + 1,
                         free=mass.show(one.found_ng), sample=one.sample)]  # fmt: skip
    return []


# -- what if ---------------------------------------------------------------------------------------------------


def what_if(plan: Plan, points: Sequence[Mapping[str, object]], *, seconds: int) -> list[solving.Answer]:
    """Return the plan's merit under each of these changes, as far as the time goes; nothing is kept."""
    job = {
        "instance": plan.input.text,
        "pins": queries.plan_files.library_pins(plan),
        "seconds": seconds,
        "points": list(points),
    }
    return solving.do(job, seconds=seconds + 2)
