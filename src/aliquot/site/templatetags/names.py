"""Names in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from aliquot.site import names
from aliquot.site.queries.samples import Whom

register = template.Library()


@register.filter
def mission_name(key: str, language: str) -> str:
    """`{{ row.mission|mission_name:LANGUAGE_CODE }}`."""
    return names.mission(key, language)


@register.filter
def whom(holder: Whom, language: str) -> str | Promise:
    """`{{ row.whom|whom:LANGUAGE_CODE }}`."""
    return names.whom(holder, language)
