"""The hidden fields that every form that writes carries."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aliquot.site.web import acting

register = template.Library()


@register.simple_tag(takes_context=True)
def acting_key(context: dict[str, object]) -> SafeString:
    """Return the hidden fields that show where the form comes from, and that make it act once.

    A form that is shown again after it was refused keeps its key: a refused act leaves it free.
    """
    request = context["request"]
    assert isinstance(request, HttpRequest)  # noqa: S101 - every page has one
    key = request.POST.get(acting.KEY) or acting.new_key()
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">',
        get_token(request), acting.KEY, key,
    )  # fmt: skip
