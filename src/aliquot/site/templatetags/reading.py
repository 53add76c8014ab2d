"""How do the pages of the reading desk draw what they count?"""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe

from aliquot.site.drawings import tally as drawing

register = template.Library()


@register.simple_tag
def tally(counts: Sequence[tuple[str, str, int]]) -> SafeString:
    """Return the bar of verdicts: how many claims each has."""
    return mark_safe(drawing.draw([(verdict, times) for verdict, _, times in counts]))  # noqa: S308 - numbers and our own words
