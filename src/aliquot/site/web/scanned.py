"""What does a scanned text name? A label's code holds the address of its page; a scanner types it like a keyboard.

Only what stands in an address is read, never its host: nothing that is scanned leads away from this site.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, get_script_prefix, resolve
from django.utils import translation

# The pages that labels lead to, and where the name stands in their address.
NAMED = {"sample": "number", "place": "code", "tool": "key", "instrument": "key"}
TEXT_MAX = 400


def read(text: str) -> tuple[str, str]:
    """Return which kind of page a text names (none where it is no address) and the name: `("place", "BOX-1")`."""
    text = text.strip()[:TEXT_MAX]
    if not text.lower().startswith(("http://", "https://")):
        return "", text
    try:
        match = _page(unquote(urlsplit(text).path).rstrip("/") + "/")
    except (ValueError, Resolver404):
        return "", text
    name = NAMED.get(match.url_name or "")
    return (match.url_name or "", str(match.kwargs[name])) if name else ("", text)


def _page(path: str) -> ResolverMatch:
    """Return the page at a path, in whichever language it is addressed."""
    for code, _ in settings.LANGUAGES:
        path = path.removeprefix(f"/{code}") if path.startswith(f"/{code}/") else path
    with translation.override(settings.LANGUAGE_CODE):
        return resolve(get_script_prefix().rstrip("/") + path)


def name_of(text: str) -> str:
    """Return the number, code or key that a typed or scanned text names."""
    return read(text)[1]
