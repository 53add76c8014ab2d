"""Words of lending in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from aliquot.site import loan_words, queries
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
