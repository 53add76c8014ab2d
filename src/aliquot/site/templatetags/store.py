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


@register.filter
def called(key: str, people: dict[str, str]) -> str:
    """`{{ row.by|called:people }}`: the name of whoever the key stands for, as far as it is known."""
    return people.get(key, key)


register.filter("plain", plain)
