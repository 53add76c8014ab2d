"""An entry's text with the samples and entries in it as links; read without its markup it is what was hashed."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def linked(text: str) -> SafeString:
    """`{{ entry.text|linked }}`, inside `pre`."""
    return mark_safe("".join(map(_line, text.splitlines(keepends=True))))  # noqa: S308 - every line is escaped


def _line(line: str) -> SafeString:
    word, _, rest = line.partition(" ")
    if word in ("post", "use"):
        number, _, after = rest.partition(" ")
        return format_html('{} <a href="{}">{}</a> {}', word, reverse("sample", args=[number]), number, after)
    named = rest.strip().removeprefix("entry:")
    if line.startswith("basis entry:") and named.isascii() and named.isdigit() and len(named) < 19:
        return format_html('basis <a href="{}">entry:{}</a>\n', reverse("entry", args=[int(named)]), named)
    return format_html("{}", line)
