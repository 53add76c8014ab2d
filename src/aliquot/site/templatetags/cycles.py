"""Words of calls, requests and reviews in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from aliquot.site import cycle_words

register = template.Library()


@register.filter
def cycle_word(code: str, about: str) -> Promise | str:
    """`{{ call.state|cycle_word:"state" }}`: the words for a state, act, part, level or ground."""
    return cycle_words.said(about, code)


@register.filter
def form_name(label: str) -> str:
    """`{{ offer.form|form_name }}`: a form as a call names it."""
    return cycle_words.form(label)
