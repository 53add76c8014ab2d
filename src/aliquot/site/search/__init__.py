"""Finding samples: one full-text index of the catalogue, kept beside the database and made from it alone."""

from aliquot.site.search.find import FACETS, PAGE, PAGES_MAX, SORTS, Found, Wanted, find, near
from aliquot.site.search.index import catch_up, rebuild

__all__ = [
    "FACETS",
    "PAGE",
    "PAGES_MAX",
    "SORTS",
    "Found",
    "Wanted",
    "catch_up",
    "find",
    "near",
    "rebuild",
]
