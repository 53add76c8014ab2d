"""How is one e-mail handed to a mail server so that we know whether it was taken? The only sender of notices.

SMTP cannot be asked twice: between the letter itself (DATA) and the server's answer nobody but the server knows. So `before` is
called at the last moment before that, and whatever breaks afterwards is `UNSURE`; all that breaks earlier can be begun anew.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends import smtp

TIMEOUT_S = 60  # a server that looks for spam may take its time to answer
SAID_MOST = 300
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class End(StrEnum):
    """How an attempt ended."""

    SENT = "sent"
    LATER = "later"  # not taken now; to be tried again
    REFUSED = "refused"  # not taken, and never will be
    UNSURE = "unsure"  # perhaps taken
    UNREACHABLE = "unreachable"  # no mail server takes anything from us; nothing is wrong with this letter
    NOT_OURS = "not ours"  # `before` said that somebody else sends it


@dataclass(frozen=True, slots=True)
class Attempt:
    """How it ended, and what the mail server said."""

    end: End
    said: str = ""


class NotOursError(Exception):
    """Raised by `before` where somebody else sends this letter by now."""


class Door(smtp.EmailBackend):
    """Django's way to a mail server, which calls `before` when the letter itself is about to be given."""

    before: Callable[[], None]

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        door = self

        class Announcing(super().connection_class):
            def data(self, msg: bytes | str) -> tuple[int, bytes]:
                door.before()
                return super().data(msg)

        return Announcing


class Post:
    """One connection for many letters; used as a context manager, it is closed at the end."""

    def __init__(self) -> None:
        by_smtp = settings.EMAIL_BACKEND == SMTP
        self._connection = Door(timeout=TIMEOUT_S) if by_smtp else get_connection()
        self._by_smtp = by_smtp

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def hand_over(self, message: EmailMessage, *, before: Callable[[], None]) -> Attempt:
        """Hand one letter over; `before` is called once, right before the server gets it."""
        attempt = self._try(message, before)
        # A server may hang up on an idle line; with a new one the letter is begun anew, for it was not given yet.
        return attempt or self._try(message, before) or Attempt(End.LATER)

    def _try(self, message: EmailMessage, before: Callable[[], None]) -> Attempt | None:
        """Return how it ended; None where an old line was dead before anything was given."""
        given = False

        def about_to_give() -> None:
            nonlocal given
            before()
            given = True

        try:
            self._connection.before = about_to_give
            is_new = self._connection.open()
        except OSError as error:  # smtplib's are among them: no connection, no TLS, a wrong password
            self._close()
            return Attempt(End.UNREACHABLE, _said(error))
        try:
            if not self._by_smtp:
                about_to_give()
            self._connection.send_messages([message])
        except NotOursError:
            self._drop()
            return Attempt(End.NOT_OURS)
        except (OSError, UnicodeError) as error:
            self._drop()
            dead = isinstance(error, smtplib.SMTPServerDisconnected) and not given and is_new is False
            return None if dead else _broken(error, given=given)
        return Attempt(End.SENT)

    def _close(self) -> None:
        try:
            self._connection.close()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        """Hang up without a word: whatever state the conversation is in, the next letter begins a new one."""
        inner = getattr(self._connection, "connection", None)
        if self._by_smtp and inner is not None:
            inner.close()
            self._connection.connection = None


def _broken(error: OSError | UnicodeError, *, given: bool) -> Attempt:
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            codes = [code for code, _ in refused.values()]
            return Attempt(
                End.REFUSED if all(500 <= code < 600 for code in codes) else End.LATER, _said(error)
            )
        case smtplib.SMTPSenderRefused():
            return Attempt(End.UNREACHABLE, _said(error))
        case smtplib.SMTPDataError(smtp_code=code):
            return Attempt(End.REFUSED if 500 <= code < 600 else End.LATER, _said(error))
        case UnicodeError() | smtplib.SMTPNotSupportedError():
            return Attempt(End.REFUSED, _said(error))
        case _:
            return Attempt(End.UNSURE if given else End.LATER, _said(error))


def _said(error: Exception) -> str:
    """Return what the mail server said, in one line that a person can read."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        parts = [f"{code} {_text(said)}" for code, said in error.recipients.values()]
        text = "; ".join(parts)
    elif isinstance(error, smtplib.SMTPResponseException):
        text = f"{error.smtp_code} {_text(error.smtp_error)}"
    else:
        text = str(error) or type(error).__name__
    return "".join(c if c.isprintable() else " " for c in text)[:SAID_MOST]


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
