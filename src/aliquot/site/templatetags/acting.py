"""The hidden fields that every form that writes carries."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from aliquot.site.web import acting
from aliquot.site.web.told import Box

register = template.Library()


@register.simple_tag
def box_attributes(box: Box, said: str = "") -> SafeString:
    """Return what a box of an act tells a screen reader; `said` names one that has no label of its own."""
    told = {"aria-label": said, "placeholder": box.placeholder, "aria-invalid": "true" if box.faults else ""}
    hint = f"{box.id}-hint" if box.hint and not said else ""
    faults = f"{box.id}-faults" if box.faults else ""
    told["aria-describedby"] = f"{hint} {faults}".strip()
    told["aria-required"] = "true" if box.field.required and not said else ""
    return format_html_join("", ' {}="{}"', ((name, value) for name, value in told.items() if value))


@register.simple_tag(takes_context=True)
def acting_key(context: dict[str, object]) -> SafeString:
    """Return the hidden fields that show where the form comes from, and that make it act once.

    A form that is shown again after it was refused keeps its key: a refused act leaves it free.
    After an act that was done, the page has a new key for the next one.
    """
    request = context["request"]
    assert isinstance(request, HttpRequest)  # noqa: S101 - every page has one
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">',
        get_token(request), acting.KEY, acting.key_of(request),
    )  # fmt: skip
