"""Commands for the machine's clock: reminders and e-mails, once each however often they are started."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from aliquot import fault
from aliquot.cli.home import AsJson, Home, now, open_home, print_json
from aliquot.fault import Refused


def remind(
    home: Home = None,
    at: Annotated[
        str,
        typer.Option("--at", help="Act as if it were this moment, such as 2027-03-30T09:00Z: to try it out."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Tell people what is due, and send the e-mails that wait. For cron, every ten minutes."""
    moment = _moment(at) if at else None
    open_home(home)
    from aliquot.site.operations import reminders

    run = reminders.run(now if moment is None else lambda: moment)
    sent = run.sent
    if as_json:
        print_json(
            {
                "raised": dict(run.raised),
                "made": run.made,
                "sent": sent.sent,
                "later": sent.later,
                "failed": sent.failed,
                "unsure": sent.unsure,
                "unreachable": sent.unreachable,
                "cleared": run.cleared,
            }
        )
    else:
        raised = sum(run.raised.values())
        typer.echo(
            f"{raised} reminders raised; {sent.sent} e-mails sent, {sent.later} to be tried again, "
            f"{sent.failed} refused, {sent.unsure} unsure; {run.cleared} old answers cleared"
        )
        if sent.unreachable:
            typer.echo(f"the mail server could not be used: {sent.unreachable}")
        if sent.failed or sent.unsure:
            typer.echo("a director sees under /mailings/ which did not arrive, or perhaps did not")
    if sent.failed or sent.unsure or sent.unreachable:
        raise typer.Exit(1)


def _moment(said: str) -> datetime:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refused([fault.of("--at", "is not a moment with its zone", "write it as 2027-03-30T09:00Z")])
    return found.astimezone(UTC)
