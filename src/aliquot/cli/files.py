"""Commands on the photographs and documents of an instance."""

from __future__ import annotations

from typing import Annotated

import typer

from aliquot.cli.home import AsJson, Home, now, open_home, print_json


def check(
    home: Home = None,
    remove_orphans: Annotated[
        bool, typer.Option("--remove-orphans", help="Delete what nothing names and is older than a day.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read every photograph and document again and hold it against its SHA-256."""
    open_home(home)
    from aliquot.site.operations import storage

    found = storage.check(at=now())
    removed = storage.remove_orphans(at=now()) if remove_orphans else ()
    orphans = tuple(name for name in found.orphans if name not in removed)
    if as_json:
        print_json(
            {
                "files": found.kept,
                "missing": list(found.missing),
                "altered": list(found.altered),
                "orphans": list(orphans),
                "removed": list(removed),
                "drawn_again": found.drawn_again,
            }
        )
    else:
        for said, names in (
            ("is missing", found.missing),
            ("is not what was stored", found.altered),
            ("is named by nothing", orphans),
            ("was named by nothing and is removed", removed),
        ):
            for name in names:
                typer.echo(f"{name}: {said}")
        typer.echo(
            f"{found.kept:,} files, {len(found.missing)} missing, {len(found.altered)} altered, {len(orphans)} orphans"
        )
    if found.missing or found.altered:
        raise typer.Exit(1)
