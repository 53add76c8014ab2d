"""Finding samples: one full-text index of the catalogue, kept beside the database and made from it alone."""

from aliquot.site.search.finding import (
    FACETS,
    PAGE,
    PAGES_MAX,
    SORTS,
    TEXT_MAX,
    WORDS_MAX,
    Found,
    Wanted,
    every,
    find,
    is_too_long,
    near,
)
from aliquot.site.search.index import UNKNOWN, catch_up, rebuild

__all__ = [
    "FACETS",
    "PAGE",
    "PAGES_MAX",
    "SORTS",
    "TEXT_MAX",
    "UNKNOWN",
    "WORDS_MAX",
    "Found",
    "Wanted",
    "catch_up",
    "every",
    "find",
    "is_too_long",
    "near",
    "rebuild",
]
