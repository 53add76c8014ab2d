"""An entry's text with the samples and entries in it as links; read without its markup it is what was hashed."""

from __future__ import annotations

from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.http import RFC3986_SUBDELIMS
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def linked(text: str) -> SafeString:
    """`{{ entry.text|linked }}`, inside `pre`."""
    # Looked up once: a page may name thousands of samples.
    before, _, after = reverse("sample", args=["NUMBER"]).partition("NUMBER")
    lines = (_line(line, before, after) for line in text.splitlines(keepends=True))
    return mark_safe("".join(lines))  # noqa: S308 - every line is escaped


def _line(line: str, before: str, after: str) -> str:
    """Return the line, escaped, with its sample between these ends of an address, or its entry, as a link."""
    word, _, rest = line.partition(" ")
    if word in ("post", "use"):
        number, _, others = rest.partition(" ")
        address = escape(f"{before}{quote(number, safe=RFC3986_SUBDELIMS + '/~:@')}{after}")
        return f'{word} <a href="{address}">{escape(number)}</a> {escape(others)}'
    named = rest.strip().removeprefix("entry:")
    if line.startswith("basis entry:") and named.isascii() and named.isdigit() and len(named) < 19:
        return format_html('basis <a href="{}">entry:{}</a>\n', reverse("entry", args=[int(named)]), named)
    return escape(line)
