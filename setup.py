"""Compiles the message catalogues while the package is built, so that no installation needs GNU gettext.

Everything else about the package is in pyproject.toml.
"""

from pathlib import Path
from typing import ClassVar

from setuptools import Command, setup
from setuptools.command.build import build


class CompileCatalogues(Command):
    """Write beside every .po the .mo that programs read."""

    user_options: ClassVar[list[tuple[str, str, str]]] = []

    def initialize_options(self) -> None:
        """There is nothing to choose."""

    def finalize_options(self) -> None:
        """There is nothing to choose."""

    def run(self) -> None:
        # Imported here: other commands of setuptools run without Babel.
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for written in sorted(Path("src").rglob("LC_MESSAGES/*.po")):
            with written.open("rb") as po, written.with_suffix(".mo").open("wb") as mo:
                write_mo(mo, read_po(po, locale=written.parts[-3]))


class Build(build):
    # First, so that the compiled catalogues are among the files that are packed.
    sub_commands: ClassVar = [("compile_catalogues", None), *build.sub_commands]


setup(cmdclass={"build": Build, "compile_catalogues": CompileCatalogues})
