"""How the site sends e-mail: through the server that ALIQUOT_MAIL_URL names, onto the terminal, or as files in the instance.

Returns values; sends nothing. Faults never repeat the address: it may hold a password.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from aliquot import fault

# RFC 8314: submission over TLS from the first byte on 465, by STARTTLS on 587.
PORTS = {"smtps": 465, "smtp+starttls": 587, "smtp": 25}
CONSOLE = "console:"


@dataclass(frozen=True, slots=True)
class Mail:
    """A server that takes mail."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: bool


@dataclass(frozen=True, slots=True)
class Console:
    """Letters are printed on standard output and go nowhere."""


def read(url: str) -> Mail | Console:
    """Return the mail server that an address names, or the console; or raise `Refused`."""
    if url == CONSOLE:
        return Console()
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):  # a port that is no number; a scheme that is none of ours
        raise fault.Refused([_unreadable()]) from None
    if not parts.hostname:
        raise fault.Refused([_unreadable()])
    return _mail(parts, parts.hostname, port)


def settings(mail: Mail | Console | None, *, folder: Path) -> dict[str, object]:
    """Return Django's mail settings; None means that letters are kept as files in `folder`."""
    if isinstance(mail, Console):
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if mail is None:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": folder,
        }
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": mail.host,
        "EMAIL_PORT": mail.port,
        "EMAIL_HOST_USER": mail.user,
        "EMAIL_HOST_PASSWORD": mail.password,
        "EMAIL_USE_SSL": mail.tls,
        "EMAIL_USE_TLS": mail.starttls,
        "EMAIL_TIMEOUT": 10,
    }


def _mail(parts: SplitResult, host: str, port: int) -> Mail:
    return Mail(
        host=host,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp+starttls",
    )


def _unreadable() -> fault.Fault:
    return fault.of(
        "ALIQUOT_MAIL_URL",
        "is not the address of a mail server",
        "write smtps://USER:PASSWORD@HOST, smtp+starttls://USER:PASSWORD@HOST, smtp://HOST or console:",
    )
