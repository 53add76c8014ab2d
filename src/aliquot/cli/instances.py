"""Commands that make, demonstrate, serve and maintain an instance."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from aliquot import fault
from aliquot.cli.home import Home, home_of, load, now, open_home, shown, tables
from aliquot.fault import Fault, Refused

DEMO_FACILITY = "Demonstration facility"
Port = Annotated[int, typer.Option(min=1, max=65535, help="The port on 127.0.0.1.")]


def init(
    home: Home = None,
    origin: Annotated[
        str, typer.Option(help="The name that the log signs as, such as moon.example.org/log.")
    ] = "localhost/aliquot",
    facility: Annotated[str, typer.Option(help="The facility whose collection it keeps.")] = "Our collection",
) -> None:
    """Make an empty instance: database, keys, folders."""
    target = home_of(home)
    building = _start(target, origin=origin, facility=facility)
    _finish(building, target)
    typer.echo(
        f"An empty instance is in {shown(target)}. Serve it with: aliquot serve --home {shown(target)}"
    )


def demo(
    home: Home = None,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Go on to serve it.")] = True,
    port: Port = 8000,
) -> None:
    """Build the demonstration facility from the public record, and serve it."""
    from aliquot.site import instance

    target = home_of(home)
    if instance.faults(target):
        building = _start(target, origin=instance.DEMONSTRATION, facility=DEMO_FACILITY)
        _fill(building)
        _finish(building, target)
        if serving:  # settings are bound to the folder that was moved: start again on the finished one
            words = [sys.executable, "-m", "aliquot", "demo", "--home", str(target), "--port", str(port)]
            os.execv(sys.executable, words)  # noqa: S606
    elif not instance.is_demonstration(target):
        raise Refused([fault.of(str(target), "is an instance of its own, not a demonstration",
                                "name a new folder with --home")])  # fmt: skip
    if not serving:
        typer.echo(
            f"The demonstration is in {shown(target)}. Serve it with: aliquot demo --home {shown(target)}"
        )
    else:
        _print_links(open_home(target), port)
        _serve(target, port)


def serve(
    home: Home = None,
    port: Port = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes answer.")] = 2,
) -> None:
    """Serve an instance's site."""
    target = open_home(home)
    from aliquot.site import serve as server

    server.serve(target, host=host, port=port, workers=workers)


def manage(context: typer.Context, home: Home = None) -> None:
    """Run one of Django's own commands on the instance, such as `manage check`."""
    load(home)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["aliquot manage", *context.args])


def _start(target: Path, *, origin: str, facility: str) -> Path:
    """Return a folder beside the target with a whole, empty instance in it; the target is not touched yet."""
    from aliquot.site import instance

    fault.refuse_if(instance.unfit(target, origin=origin, facility=facility))
    target.parent.mkdir(parents=True, exist_ok=True)
    # Between the making of the folder and the `try` that removes it, Ctrl-C is noted and not yet raised.
    signal.signal(signal.SIGINT, lambda number, _: _pressed.append(number))
    building = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        signal.signal(signal.SIGINT, _note)
        _stop_if_pressed()
        instance.make(building, origin=origin, facility=facility)
        load(building)
        fault.refuse_if(_unfit_database())
        _migrate()
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return building


_pressed: list[int] = []


def _note(number: int, frame: FrameType | None) -> None:
    """Stop, and note it: pressed within the callbacks of an import, Ctrl-C is raised where Python cannot pass it on."""
    del frame
    _pressed.append(number)
    raise KeyboardInterrupt


def _stop_if_pressed() -> None:
    if _pressed:
        raise KeyboardInterrupt


def _fill(building: Path) -> None:
    """Build the demonstration in the new instance, with its search index, so that the first visitor does not wait."""
    from aliquot.site import search
    from aliquot.site.operations import demonstration

    try:
        demonstration.build(at=now())
        search.catch_up()
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _unfit_database() -> list[Fault]:
    """Return why no instance can begin in the database: what is in it belongs to another."""
    found = tables()
    if not found:
        return []
    return [fault.of("database", "is not empty: it holds the table {name}",
                     "name a new or an empty database in ALIQUOT_DATABASE_URL", name=found[0])]  # fmt: skip


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _finish(building: Path, target: Path) -> None:
    """Close the database and put the folder in its place, in one step; an empty target is replaced."""
    from django.db import connections

    connections.close_all()
    try:
        _stop_if_pressed()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        building.rename(target)
    except KeyboardInterrupt:
        shutil.rmtree(building, ignore_errors=True)
        raise
    except OSError as error:
        shutil.rmtree(building, ignore_errors=True)
        raise Refused([fault.of(str(target), "could not be made: {error}", "name a new or an empty folder",
                                error=error.strerror or "?")]) from None  # fmt: skip


def _serve(target: Path, port: int) -> None:
    from aliquot.site import serve as server

    server.serve(target, port=port)


def _print_links(target: Path, port: int) -> None:
    from aliquot.site.operations import demonstration

    typer.echo(f"\nAliquot's demonstration, in {shown(target)}: http://127.0.0.1:{port}\n")
    typer.echo("One-time sign-in links (each works once, for a day):")
    for role, token in demonstration.sign_in_links(at=now()):
        typer.echo(f"  {role:<11} http://127.0.0.1:{port}/sign-in/{token}/")
    typer.echo("\nStop it with Ctrl-C.", nl=True)
    sys.stdout.flush()
