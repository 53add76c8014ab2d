"""Words of lending in the reader's language."""

from __future__ import annotations

from django import template
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from aliquot.site import loan_words, names, queries, words
from aliquot.site.web import loans_words

register = template.Library()


@register.filter
def lending_word(code: str, about: str) -> Promise | str:
    """`{{ loan.state|lending_word:"loan_states" }}`: the words for a state, act, duty or choice."""
    return loan_words.said(about, code)


@register.filter
def waived(rule: str) -> Promise | str:
    """`{{ waiver.rule|waived }}`: which rule was set aside."""
    word = rule.removeprefix(queries.loans.RULE)
    return loans_words.RULES.get(word, word)


@register.filter
def both(code: str, about: str) -> SafeString:
    """`{{ sample.form|both:"form" }}`: the words for a code in English and Chinese, for papers that have both."""
    said = []
    for language, short in (("en", "en"), ("zh-hans", "zh")):
        with translation.override(language):
            found = names.country(code, short) if about == "country" else str(_said(about, code))
        said.append(found)
    english, chinese = said
    if english == chinese:
        return format_html("{}", english)
    return format_html('<span lang="en">{}</span> <span lang="zh">{}</span>', english, chinese)


def _said(about: str, code: str) -> Promise | str:
    return loan_words.said(about, code) if about in loan_words.ALL else words.said(about, code)
