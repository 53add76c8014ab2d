"""Commands on what is known of one person: hand it out, and forget it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aliquot import fault
from aliquot.cli.home import Home, now, open_home, shown
from aliquot.fault import Refused

if TYPE_CHECKING:
    from aliquot.site.models import Person

Who = Annotated[str, typer.Argument(help="The e-mail address, or the key such as person:17.")]


def export(
    who: Who,
    target: Annotated[Path, typer.Argument(help="The archive to write; it must not be there yet.")],
    home: Home = None,
) -> None:
    """Write all that is known of one person into a ZIP archive: JSON, and their files."""
    open_home(home)
    from aliquot.site.queries import personal_export

    person = _person(who)
    try:
        with target.open("xb") as file:
            personal_export.write(person, file, at=now())
    except FileExistsError:
        raise Refused([fault.of(str(target), "is there already", "name a new file")]) from None
    typer.echo(f"{person.key}: written to {shown(target)}")


def forget(
    who: Who,
    reason: Annotated[str, typer.Option(help="Why, without the name: it is kept.")],
    home: Home = None,
    also: Annotated[
        list[str] | None, typer.Option(help="How else texts name the person; may be repeated.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it. Without this it is only told what would be done.")
    ] = False,
) -> None:
    """Forget one person: delete what is theirs alone, and take their name out of everything else. For good."""
    open_home(home)
    from aliquot.site.operations import personal_data

    person = _person(who)
    key = person.key
    if yes:
        asked = personal_data.ask(person, reason=reason, also=also or [], by=None, at=now())
        done = personal_data.forget(asked, said=key, by=None, at=now())
        typer.echo(f"{key} is forgotten: {sum(done.removed.values())} rows deleted or emptied")
        _tell_left(done.left)
        return
    fault.refuse_if(
        (*personal_data.check_asked(person, reason, also or []), *personal_data.check(person, by=None))
    )
    found = personal_data.outlook(person, also or [])
    for said, counts in (("would be deleted", found.deleted), ("would lose the name", found.emptied)):
        for table, count in counts.items():
            typer.echo(f"{table}: {count} {said}")
    _tell_left(found.stays)
    typer.echo(f"nothing was changed; to forget {key} for good, add --yes")


def _tell_left(left: dict[str, list[object]]) -> None:
    for table, numbers in left.items():
        typer.echo(f"{table}: {len(numbers)} stay as they are: {', '.join(map(str, numbers[:20]))}")


def _person(who: str) -> Person:
    from aliquot.site import queries

    found = queries.people.by_key(who) if who.startswith("person:") else queries.people.by_email(who)
    if found is None:
        raise Refused([fault.of(who, "is nobody here", "give an e-mail address, or a key such as person:17")])
    return found
