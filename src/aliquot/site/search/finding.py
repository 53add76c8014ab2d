"""Which samples match? A question as a value in, keys of samples and counts of facets out.

What is asked is plain text: every word must be found, no character of it is an operator, so no question can be
malformed. Answers are kept until the catalogue changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import tantivy
from tantivy import Occur, Query

from aliquot.site.search import index, words

PAGE: Final = 50
PAGES_MAX: Final = 100
TEXT_MAX: Final = 200
WORDS_MAX: Final = 12
FACETS: Final = ("mission", "use_class", "form", "condition", "availability", "size", "country", "holder")
SORTS: Final = ("relevance", "number", "-mass", "mass")
_OPTIONS_MAX: Final = 40
_KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `chosen` are pairs of facet and value: any of one facet's values, of all facets."""

    text: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    least_ng: int | None = None
    most_ng: int | None = None
    sort: str = ""
    page: int = 1

    @property
    def order(self) -> str:
        """The order that applies: by relevance only where a text was given."""
        if self.sort in SORTS and (self.text.strip() or self.sort != "relevance"):
            return self.sort
        return "relevance" if self.text.strip() else "number"


@dataclass(frozen=True, slots=True)
class Found:
    """How many samples match, the keys of one page of them, and for each facet its values with their counts."""

    total: int
    pks: tuple[int, ...]
    facets: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()


def is_too_long(text: str) -> bool:
    """Say whether a question is longer than any that makes sense."""
    return len(text) > TEXT_MAX or len(text.split()) > WORDS_MAX


def find(wanted: Wanted) -> Found:
    """Return the page that is wanted and the counts of all facets."""
    opened = index.opened()
    answers = opened.answers
    known = answers.get(wanted)
    if isinstance(known, Found):
        return known
    searcher = opened.index.searcher()
    page = min(max(wanted.page, 1), PAGES_MAX)
    total, pks = _hits(searcher, wanted, limit=PAGE, offset=(page - 1) * PAGE)
    found = answers[wanted] = Found(total, pks, _facets(searcher, wanted))
    while len(answers) > _KEPT:
        # Another thread may have been quicker; that the oldest goes is all that matters.
        answers.popitem(last=False)
    return found


def every(wanted: Wanted, most: int) -> Found:
    """Return the keys of all samples that match, in order, up to `most`; no facets."""
    total, pks = _hits(index.opened().index.searcher(), wanted, limit=most, offset=0)
    return Found(total, pks)


def near(number: str, most: int = 6) -> tuple[int, ...]:
    """Return the keys of samples whose numbers are like this one: what it begins with, shortened until one fits."""
    searcher = index.opened().index.searcher()
    solid = "".join(words.folded(number[:TEXT_MAX]).split())
    for length in range(len(solid), words.GRAM - 1, -1):
        query = _spelled(solid[:length])
        if query and (hits := searcher.search(query, limit=most).hits):
            return tuple(map(int, searcher.fast_field_values("pk", [address for _, address in hits])))
        if len(solid) - length > 12:
            break
    return ()


def _hits(
    searcher: tantivy.Searcher, wanted: Wanted, *, limit: int, offset: int
) -> tuple[int, tuple[int, ...]]:
    query = _query(wanted)
    if wanted.order == "relevance":
        result = searcher.search(query, limit=limit, offset=offset)
    else:
        field = "order" if wanted.order == "number" else "mass_ng"
        order = tantivy.Order.Desc if wanted.order == "-mass" else tantivy.Order.Asc
        result = searcher.search(query, limit=limit, offset=offset, order_by_field=field, order=order)
    pks = searcher.fast_field_values("pk", [address for _, address in result.hits])
    return result.count or 0, tuple(int(pk) for pk in pks if pk is not None)


def _facets(
    searcher: tantivy.Searcher, wanted: Wanted
) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """Return the counts; those of a facet with a choice are counted as if it had none, so that one can choose more."""
    chosen = {facet for facet, _ in wanted.chosen}
    counts = _count(searcher, _query(wanted), [facet for facet in FACETS if facet not in chosen])
    for facet in chosen:
        counts |= _count(searcher, _query(wanted, without=facet), [facet])
    return tuple((facet, counts[facet]) for facet in FACETS)


def _count(
    searcher: tantivy.Searcher, query: Query, facets: Iterable[str]
) -> dict[str, tuple[tuple[str, int], ...]]:
    asked = {facet: {"terms": {"field": facet, "size": _OPTIONS_MAX}} for facet in facets}
    if not asked:
        return {}
    answer = searcher.aggregate(query, asked)
    return {
        facet: tuple((str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer[facet]["buckets"])
        for facet in asked
    }


def _query(wanted: Wanted, *, without: str = "") -> Query:
    musts = [query for word in wanted.text[:TEXT_MAX].split()[:WORDS_MAX] if (query := _word(word))]
    for facet in FACETS:
        values = [words.whole(value) for name, value in wanted.chosen if name == facet]
        if values and facet != without:
            musts.append(Query.const_score_query(Query.term_set_query(index.SCHEMA, facet, values), 0.0))
    if wanted.least_ng is not None or wanted.most_ng is not None:
        between = Query.range_query(
            index.SCHEMA, "mass_ng", tantivy.FieldType.Integer, wanted.least_ng, wanted.most_ng
        )
        musts.append(Query.const_score_query(between, 0.0))
    if not musts:
        return Query.all_query()
    return Query.boolean_query([(Occur.Must, query) for query in musts])


def _word(word: str) -> Query | None:
    """Return what finds one word: as a whole number, as a part of how a number or name is spelled, as words."""
    whole = Query.term_query(index.SCHEMA, "number", words.folded(word))
    ways = [Query.boost_query(whole, 20.0)]
    if spelled := _spelled(word):
        ways.append(spelled)
    asked = words.asked(word)
    if asked:
        terms = [Query.term_query(index.SCHEMA, "words", one, "freq") for one in asked]
        ways.append(Query.boolean_query([(Occur.Must, term) for term in terms]))
    # A word of punctuation alone says nothing about a sample; it is passed over, not held against it.
    return Query.boolean_query([(Occur.Should, way) for way in ways]) if asked or spelled else None


def _spelled(word: str) -> Query | None:
    """Return what finds the word within a number or name; a word of one or two characters at its beginning only."""
    grams = words.grams(word)
    if len(grams) > 1:
        return Query.phrase_query(index.SCHEMA, "spelled", list(grams))
    if grams:
        return Query.term_query(index.SCHEMA, "spelled", grams[0])
    edges = list(words.edges(word))
    return Query.term_query(index.SCHEMA, "spelled", edges[-1]) if edges and words.asked(word) else None
