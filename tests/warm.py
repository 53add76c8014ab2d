"""Runs `aliquot` in a process of its own without waiting for Python to import everything each time.

A server imports what takes long and knows no instance yet, and for each command forks a child, which gets the
command's words, folder, environment and files, and runs the command line as a new process would. This file is also
the `aliquot` that documents call: see `command`.
"""

# As a program this is to start at once, and pathlib takes longer to load than all the rest.
# ruff: noqa: PTH104, PTH109, PTH110, PTH120, PTH123

from __future__ import annotations

import array
import atexit
import contextlib
import functools
import json
import os
import shutil
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Of the packages that commands load, those that need no instance.
IMPORTED = (
    "aliquot.cli",
    "aliquot.cli.ages",
    "aliquot.cli.allocations",
    "aliquot.cli.books",
    "aliquot.cli.files",
    "aliquot.cli.home",
    "aliquot.cli.instances",
    "aliquot.cli.law",
    "aliquot.cli.offline",
    "aliquot.cli.people",
    "aliquot.cli.reading",
    "aliquot.cli.recomputing",
    "aliquot.cli.remind",
    "aliquot.cli.tables",
    "aliquot.demonstration",
    "aliquot.formats",
    "aliquot.register",
    "aliquot.verify",
    "asgiref.sync",
    "cryptography.x509",
    "csp.constants",
    "django.contrib.admin.options",
    "django.contrib.auth.hashers",
    "django.contrib.staticfiles.finders",
    "django.core.checks",
    "django.core.management",
    "django.core.serializers.json",
    "django.db.backends.sqlite3.base",
    "django.db.models",
    "django.forms",
    "django.http",
    "django.shortcuts",
    "django.template.backends.django",
    "django.urls",
    "django.utils.translation.trans_real",
    "django.views.generic",
    "importlib.readers",
    "polars",
    "pydantic.main",
    "pydantic.type_adapter",
    "rich.markdown",
    "structlog",
    "tantivy",
    "typer.rich_utils",
    "whitenoise.base",
    "xml.sax",
)
SECONDS_TO_WAIT = 300  # a command takes less than one, on a busy machine many
PLACE = "WARM_ALIQUOT"  # where the server listens
STOPPED = 70  # what is told of a child that ended without a word


def serve(address: str) -> None:
    """Answer at the address until standard input ends, which it does with the tests."""
    import importlib
    import select

    for name in IMPORTED:
        importlib.import_module(name)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"{address}.new")
    listener.listen()
    os.rename(f"{address}.new", address)  # where it is, it answers
    while True:
        ready, _, _ = select.select([listener, sys.stdin], [], [])
        _bury()
        if sys.stdin in ready:
            return
        asked, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            asked.sendall(bytes([_run(asked)]))
            os._exit(0)
        asked.close()


def _bury() -> None:
    """Take note of the children that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _run(asked: socket.socket) -> int:
    """Run the command that is asked for in this process, and return how it ended."""
    import traceback

    length = array.array("i", [0])
    _, given, _, _ = asked.recvmsg(1, socket.CMSG_SPACE(3 * length.itemsize))
    files = array.array("i", given[0][2])
    told = b""
    while piece := asked.recv(65536):
        told += piece
    said = json.loads(told)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(said["folder"])
    os.environ.clear()
    os.environ.update(said["environment"])
    sys.argv = ["aliquot", *said["words"]]
    from aliquot.cli import main

    code: object = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - as Python itself does where a program ends by an error
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code if isinstance(code, int) else 0 if code is None else 1


def ask(
    address: str, words: list[str], *, folder: str, environment: dict[str, str], files: tuple[int, int, int]
) -> int:
    """Have the server at the address run the command, and return how it ended."""
    said = {"words": words, "folder": folder, "environment": environment}
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        socket.send_fds(server, [b"."], list(files))
        server.sendall(json.dumps(said).encode())
        server.shutdown(socket.SHUT_WR)
        server.settimeout(SECONDS_TO_WAIT)
        return (server.recv(1) or bytes([STOPPED]))[0]


def run(words: list[str], *, folder: str, environment: dict[str, str]) -> tuple[int, bytes, bytes]:
    """Run the command with nothing on standard input; return how it ended and what it said on either output."""
    import tempfile

    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, open(os.devnull) as nothing:
        files = (nothing.fileno(), out.fileno(), err.fileno())
        code = ask(address(), words, folder=folder, environment=environment, files=files)
        out.seek(0)
        err.seek(0)
        return code, out.read(), err.read()


@functools.cache
def address() -> str:
    """Return where the server of this process listens, which is started when it is first asked for."""
    import subprocess
    import tempfile
    import time

    place = f"{tempfile.mkdtemp(prefix='warm-')}/socket"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ALIQUOT_", "DJANGO_"))}
    words = [sys.executable, __file__, "--serve", place]
    server = subprocess.Popen(words, stdin=subprocess.PIPE, env=kept | {"NO_COLOR": "1"})

    def end() -> None:
        server.communicate()
        shutil.rmtree(os.path.dirname(place))

    atexit.register(end)
    while not os.path.exists(place):
        assert server.poll() is None, "the server of warm commands did not start"
        time.sleep(0.01)
    return place


def command(folder: Path) -> dict[str, str]:
    """Put a warm `aliquot` in the folder, and return what the environment must name for it."""
    script = folder / "aliquot"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -IS "{__file__}" "$@"\n')
    script.chmod(0o755)
    return {PLACE: address()}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[2])
    else:
        place = os.environ.pop(PLACE)
        here, files = os.getcwd(), (0, 1, 2)
        sys.exit(ask(place, sys.argv[1:], folder=here, environment=dict(os.environ), files=files))
