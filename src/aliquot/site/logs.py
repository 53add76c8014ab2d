"""What the site writes down about itself: one event a line on stderr, and nothing personal in it.

`json` for machines, `text` for eyes, `auto` as it is a terminal or not. No e-mail address, no token, no query string and no form content is ever
given to a logger; `without_secrets` cuts what other people's code may still say, for example in a traceback.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]

# A one-time link, a password reset link and a mail confirmation link each end in what must stay secret.
SECRET_PATHS = re.compile(r"(/sign-in/|/password/reset/key/|/confirm-email/)[^/\s\"'?]+")
ADDRESSES = re.compile(r"[^\s@<>\"'=(]+@[^\s@<>\"')]+")
QUERIES = re.compile(r"\?[^\s\"']*")


def configure(style: str) -> None:
    """Send every log line of the process, ours and other libraries', through one formatter to stderr."""
    eyes = style == "text" or (style == "auto" and sys.stderr.isatty())
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                without_secrets,
                structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
                if eyes
                else structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    # Our own lines tell of each request and of each mistake; Django's would repeat them without their number.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)


def safe(text: str) -> str:
    """Return the text without tokens, query strings and e-mail addresses."""
    return ADDRESSES.sub("<address>", QUERIES.sub("?<query>", SECRET_PATHS.sub(r"\1<token>", text)))


def without_secrets(_logger: object, _method: str, event: Event) -> Event:
    """Return the event with everything in it made safe; a processor of structlog."""
    return {key: safe(value) if isinstance(value, str) else value for key, value in event.items()}
