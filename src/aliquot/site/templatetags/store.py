"""Codes of the store as words."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from aliquot.site import store_words
from aliquot.site.operations.air import plain

register = template.Library()


@register.filter
def store_word(code: str, about: str) -> Promise | str:
    """`{{ place.kind|store_word:"kind" }}`."""
    return store_words.said(about, code)


@register.filter
def name_in(thing: object, language: str) -> str:
    """`{{ place|name_in:LANGUAGE_CODE }}`: the name in the reader's language, else in the other; empty without any."""
    names = (thing.name_zh, thing.name_en) if language.startswith("zh") else (thing.name_en, thing.name_zh)
    return names[0] or names[1]


register.filter("plain", plain)
