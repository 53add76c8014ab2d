"""How often may an address send tokens that open nothing? Counted by the minute, in the cache that all workers share.

A token has 256 random bits: nobody guesses one. This keeps a program gone wrong, or somebody who tries anyway, from costing
everybody else the time of the database. Within the minute an address that has sent too many is not listened to at all.
"""

from __future__ import annotations

import hashlib
import time
from typing import Final

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

MOST: Final = 30
WINDOW_S: Final = 60


class TooManyError(Exception):
    """This address has sent too many tokens that open nothing."""


def refuse_if_too_many(request: HttpRequest) -> None:
    """Raise `TooManyError` where this address has sent too many within this minute."""
    if cache.get(_key(request), 0) >= MOST:
        raise TooManyError


def note(request: HttpRequest) -> None:
    """Count a token that opened nothing."""
    key = _key(request)
    if not cache.add(key, 1, WINDOW_S * 2):
        try:
            cache.incr(key)
        except ValueError:  # gone since: a new minute has begun
            cache.set(key, 1, WINDOW_S * 2)


def _key(request: HttpRequest) -> str:
    address = get_adapter().get_client_ip(request)
    return f"tokens-that-open-nothing-{hashlib.sha256(address.encode()).hexdigest()[:32]}-{int(time.time() // WINDOW_S)}"
