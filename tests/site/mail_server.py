"""A mail server that tests can look into, and that can refuse, hang up, or kill whoever talks to it."""

from __future__ import annotations

import email
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection


class Taken:
    """What the server got, and how it answers: a code and words at RCPT or DATA, by the order of the letters."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.at_recipient: list[str] = []
        self.at_letter: list[str] = []
        self.kill_at = ""  # "recipient", "letter", or nothing
        self.hang_up_at = ""
        self.worker = 0
        self.known = threading.Event()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self._harm(server, "recipient")
        if self.at_recipient and (answer := self.at_recipient.pop(0)):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.at_letter.pop(0) if self.at_letter else ""
        if not answer:
            self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        self._harm(server, "letter")
        return answer or "250 OK"

    def _harm(self, server: SMTP, where: str) -> None:
        if self.kill_at == where:
            self.known.wait(10)
            self.kill_at = ""
            os.kill(self.worker, signal.SIGKILL)
        if self.hang_up_at == where:
            self.hang_up_at = ""
            server.transport.abort()

    @property
    def identifiers(self) -> list[str]:
        return [str(one["Message-ID"]) for one in self.letters]


@contextmanager
def listening() -> Iterator[tuple[Taken, int]]:
    """Run a server on a free port of this machine."""
    taken = Taken()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    controller = Controller(taken, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield taken, port
    finally:
        controller.stop()


def in_a_process(act: Callable[[], object]) -> int:
    """Start a process of its own that does this with its own connection to the database; return its number."""
    connection.close()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            act()
            code = 0
        finally:
            os._exit(code)
    return child


def ended(child: int) -> int:
    """Wait for such a process; return its exit code, or less than nothing for the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
