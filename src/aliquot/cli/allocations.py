"""Commands that allocate, check plans and assign reviewers; they need the library and its extra: allocation."""

from __future__ import annotations

import gc
import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from aliquot import __version__, allocation_check, allocation_read, fault
from aliquot.allocations import Instance, Pins
from aliquot.cli.home import AsJson, print_json
from aliquot.fault import Refused

if TYPE_CHECKING:
    from aliquot.allocator.plans import Outcome

INSTANCE_BYTES_MAX = 500_000_000
PLAN = "plan"  # the command that is meant where none is named


class Planning(TyperGroup):
    """`aliquot allocate INSTANCE` is short for `aliquot allocate plan INSTANCE`."""

    def parse_args(self, ctx, args):  # type: ignore[no-untyped-def]
        """Put the command that is meant before everything else, unless one is named or help is asked for."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [PLAN, *args]
        return super().parse_args(ctx, args)


InstanceFile = Annotated[
    str,
    typer.Argument(
        metavar="INSTANCE", help="The instance, a JSON file; - for standard input.", show_default=False
    ),
]


def plan(
    instance_file: InstanceFile,
    gap: Annotated[float, typer.Option(min=0.0, max=1.0, help="Stop each stage at this relative gap.")] = 0.0,
    seconds: Annotated[float, typer.Option(min=0.1, max=86_400.0, help="The time to take at most.")] = 600.0,
    stages: Annotated[
        int, typer.Option(min=1, max=3, help="1: merit; 2: and handling; 3: and mass used up.")
    ] = 3,
    fix: Annotated[
        str,
        typer.Option(
            "--fix", metavar="PINS", help="Decisions that are fixed, a JSON file.", show_default=False
        ),
    ] = "",
    untimed: Annotated[
        bool,
        typer.Option("--untimed", help="Leave out of the JSON how long it took: same input, same bytes."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find the plan of most merit, then least handling, then least mass used up, and prove how good it is.

    Example: aliquot allocate instance.json --gap 0.001 --json > plan.json
    """
    began = time.monotonic()
    gc.disable()  # what is read is kept to the end
    content = _read(instance_file)
    instance = allocation_read.instance(content, fault.seen(instance_file))
    pins = allocation_read.pins(_read(fix), instance, fault.seen(fix)) if fix else Pins()
    with _only_ours_on_stdout():
        try:
            from aliquot.allocator import answers, explain, plans
        except ModuleNotFoundError:
            raise Refused([_no_solver()]) from None
        with _progress(as_json) as progress:
            outcome = plans.allocate(
                instance,
                plans.Options(gap, seconds, stages),
                lambda: time.monotonic() - began,
                pins,
                progress,
            )
        reasons = (
            explain.explain(instance, outcome.grants, frozenset(pins.refuse)) if not outcome.conflict else ()
        )
    taken = {name: round(took, 3) for name, took in outcome.seconds.items()}
    taken["total"] = round(time.monotonic() - began, 3)
    if as_json:
        replay = {
            "instance_sha256": hashlib.sha256(content).hexdigest(),
            "software": _software(),
        } | ({} if untimed else {"seconds": taken})
        told = {"explanations": answers.explanations(instance, reasons)}
        print_json(answers.document(instance, outcome) | told | replay)
    else:
        _say(instance, outcome, taken["total"])
    raise typer.Exit(1 if outcome.status.value == "infeasible" else 0)


def check(
    instance_file: InstanceFile,
    plan_file: Annotated[
        str, typer.Argument(metavar="PLAN", help="The plan, a JSON file.", show_default=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Check a plan against every rule, without any solver, and count what it is worth.

    Example: aliquot allocate check instance.json plan.json
    """
    instance = allocation_read.instance(_read(instance_file), fault.seen(instance_file))
    grants = allocation_read.plan(_read(plan_file), instance, fault.seen(plan_file))
    report = allocation_check.check(instance, grants)
    if as_json:
        print_json({
            "valid": not report.violations, "violations": list(report.violations), "grants": len(grants),
            "merit": report.merit, "handling": report.handling, "opened": report.opened,
            "splits": report.splits, "used_up_ug": report.used_up_ug,
        })  # fmt: skip
    else:
        for said in report.violations:
            typer.echo(said)
        if not report.violations:
            typer.echo(
                f"every rule is kept; {_worth(len(grants), report.merit, report.handling, report.used_up_ug)}"
            )
    raise typer.Exit(1 if report.violations else 0)


def assign(
    problem_file: Annotated[
        str,
        typer.Argument(
            metavar="PROBLEM", help="The problem, a JSON file; - for standard input.", show_default=False
        ),
    ],
    seconds: Annotated[float, typer.Option(min=0.1, max=86_400.0, help="The time to take at most.")] = 600.0,
    as_json: AsJson = False,
) -> None:
    """Give each request its reviewers: the worst-off request first, then the sum of affinities, then even loads.

    Example: aliquot assign reviewers.json --json
    """
    began = time.monotonic()
    gc.disable()  # millions of pairs are kept to the end, and none of them is garbage
    from aliquot import reviews

    problem = reviews.problem(_read(problem_file), fault.seen(problem_file))
    with _only_ours_on_stdout():
        try:
            from aliquot.allocator import assigning
        except ModuleNotFoundError:
            raise Refused([_no_solver()]) from None
        found = assigning.assign(problem, lambda: seconds - (time.monotonic() - began))
    report = reviews.check(problem, found.assignment)
    done = bool(found.assignment) or not problem.requests
    if as_json:
        print_json({
            "status": found.end.value, "assignment": [list(pair) for pair in found.assignment],
            "worst_request": report.worst_request, "total": report.total, "loads": list(report.loads),
            "why": [one.said for one in found.why],
        })  # fmt: skip
    elif found.why:
        typer.echo("\n".join(["There is no such assignment:", *(f"  {one.said}" for one in found.why)]))
    else:
        typer.echo(f"{found.end.value}: {len(found.assignment):,} reviews, affinities {report.total:,} in all, "
                   f"{report.worst_request:,} for the request that is worst off, "
                   f"loads {min(report.loads, default=0)} to {max(report.loads, default=0)}")  # fmt: skip
    raise typer.Exit(0 if done else 1)


def _no_solver() -> fault.Fault:
    return fault.of("aliquot", "this command needs a solver, which is not installed",
                    "install Aliquot with its extra: allocation")  # fmt: skip


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(INSTANCE_BYTES_MAX)
    try:
        with Path(name).open("rb") as file:
            return file.read(INSTANCE_BYTES_MAX)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Refused([fault.of(name[:200] or "INSTANCE", "cannot be read: {why}", "name a file that can",
                                why=why)]) from None  # fmt: skip


def _software() -> dict[str, str]:
    from importlib.metadata import version

    return {"aliquot": __version__} | {name: version(name) for name in ("highspy", "numpy")}


def _worth(grants: int, merit: int, handling: int, used_up_ug: int) -> str:
    return f"{grants:,} grants, merit {merit:,}, handling {handling:,}, {used_up_ug:,} ug used up"


def _say(instance: Instance, outcome: Outcome, seconds: float) -> None:
    from aliquot.allocator import conflict

    if outcome.conflict:
        typer.echo("These cannot hold together:")
        for party in outcome.conflict:
            typer.echo(f"  {conflict.words(instance, party)}")
        return
    bounds = outcome.bounds
    typer.echo(f"{outcome.status.value}: "
               + _worth(len(outcome.grants), outcome.merit, outcome.handling, outcome.used_up_ug))  # fmt: skip
    typer.echo(f"no plan has more merit than {bounds.merit:,}")
    if bounds.handling is not None:
        typer.echo(f"what is granted cannot be handled with less than {bounds.handling:,}")
    if bounds.used_up_ug is not None:
        typer.echo(f"nor with less than {bounds.used_up_ug:,} ug used up")
    typer.echo(f"{seconds:.1f} s")


@contextmanager
def _progress(as_json: bool) -> Iterator[Callable[[str, int, int | None], None] | None]:
    """Show plan and bound on a terminal; elsewhere nothing."""
    if as_json or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.status import Status

    with Status("Allocating", console=Console(stderr=True)) as status:

        def told(stage: str, value: int, bound: int | None) -> None:
            status.update(f"{stage.replace('_ug', '').replace('_', ' ')}: {value:,}"
                          + (f", at most {bound:,}" if bound is not None else ""))  # fmt: skip

        yield told


@contextmanager
def _only_ours_on_stdout() -> Iterator[None]:
    """Send what the solver's own code prints to standard output nowhere: it is no part of the answer."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
