"""Starts the server: granian with worker processes, each with one thread that answers.

One thread a worker, because Python runs one at a time anyway and SQLite lets one write at a time; more people at
once need more workers.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

from aliquot import fault
from aliquot.fault import Fault
from aliquot.site import instance

WORKERS = 2


def serve(home: Path, *, host: str = "127.0.0.1", port: int = 8000, workers: int = WORKERS) -> None:
    """Serve the instance until interrupted; raise `Refused` if there is none or the port is not to be had."""
    fault.refuse_if([*instance.faults(home), *unusable(host, port)])
    os.environ["ALIQUOT_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "aliquot.site.settings"

    # Imported here, because the settings look for the instance.
    import django
    from granian import Granian
    from granian.constants import Interfaces

    django.setup()
    import structlog

    from aliquot.site import documents, statics

    statics.gather(home)
    for lack in documents.lacking():
        structlog.get_logger("aliquot").warning(str(lack))
    Granian(
        "aliquot.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        websockets=False,
        # Granian's own lines go where ours go; what was asked for is logged by the site, without secrets.
        log_dictconfig={"handlers": {}, "loggers": {"_granian": {"level": "INFO", "propagate": True}}},
    ).serve()


def unusable(host: str, port: int) -> list[Fault]:
    """Return why nothing can be served at this address; nothing if something can."""
    where = f"{host}:{port}"
    if not 0 < port < 65536:
        return [fault.of(where, "is no port", "choose one from 1 to 65535")]
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(address)
    except OSError as error:
        # In use, not ours to take, or a host that does not exist: the system says which.
        return [
            fault.of(
                where,
                "cannot be used: {error}",
                "choose another with --port, or stop what uses it",
                error=str(error.strerror).lower(),
            )
        ]
    return []
