"""How are missions, countries and holders called in the reader's language? From the public record and from rows."""

from __future__ import annotations

from django.utils.functional import Promise

from aliquot import register
from aliquot.site import words
from aliquot.site.queries.samples import Whom


def mission(key: str, language: str) -> str:
    """Return the mission's name, or its key where the public record has none of it."""
    known = register.load().missions.get(key)
    return known.name.text(language) if known else key


def country(code: str, language: str) -> str:
    """Return the name of a state that the public record knows, or its code."""
    states = (party for party in register.load().parties.values() if party.kind is register.PartyKind.STATE)
    return next((party.name.text(language) for party in states if party.country == code), code)


def whom(holder: Whom, language: str) -> str | Promise:
    """Return the public name of a holder, or what kind of holder it is where no name is published."""
    root, _, key = holder.key.partition(":")
    came_from = root == "origin" and key in register.load().missions
    return holder.name.text(language) or (mission(key, language) if came_from else words.root(holder.key))
