"""How often may somebody have articles read? Counted by ten minutes, in the cache that all workers share."""

from __future__ import annotations

import hashlib
import time
from typing import Final

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from aliquot.site.models import Person

WINDOW_S: Final = 600
STRANGERS_MOST: Final = 30
SIGNED_IN_MOST: Final = 300


def is_too_often(request: HttpRequest, person: Person | None) -> bool:
    """Count this time, of a person or of a stranger's address, and return whether it is one too many."""
    who = f"person {person.pk}" if person else get_adapter().get_client_ip(request)
    digest = hashlib.sha256(str(who).encode()).hexdigest()[:32]
    key = f"readings-{digest}-{int(time.time() // WINDOW_S)}"
    if cache.add(key, 1, WINDOW_S * 2):
        return False
    try:
        times = cache.incr(key)
    except ValueError:  # gone since: a new count has begun
        cache.set(key, 1, WINDOW_S * 2)
        return False
    return times > (SIGNED_IN_MOST if person else STRANGERS_MOST)
