"""How is a row of the field shown? Scores as parts of a hundred, stock beside what is asked, one word where one will do.

Everything is made into plain texts here, so that a page of five hundred rows is quick to fill.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliquot import mass
from aliquot.decisions import GRANTING
from aliquot.screenings import Outcome as Screened
from aliquot.site import decision_words, law_words, words
from aliquot.site.decision_words import said
from aliquot.site.queries.panel import ASKING, Field, Row, Wish
from aliquot.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of a request beside the stock: `fit` is whole, least, none or unknown; contested where all together want more."""

    what: str
    wanted: str
    stock: str
    fit: str
    contested: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as the page and the table show it."""

    row: Row
    key: str
    title: str
    who: str
    where: str
    rank: str
    normalised: str
    raw: str
    spread: str
    disagree: bool
    reviews: str
    waits: bool
    aside: tuple[tuple[str, str], ...]
    law: str
    law_said: str
    law_decided: str
    asked: tuple[Asked, ...]
    state: str
    decisions: tuple[tuple[str, str, str], ...]
    due: str


def percent(share: Fraction | None) -> str:
    """Return a share of the scale in parts of a hundred, one decimal, rounded half up; a dash where there is none."""
    if share is None:
        return "–"
    tenths = (share * 1000 + Fraction(1, 2)) // 1
    return f"{'−' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"


def shown(field: Field, *, named: bool) -> list[Shown]:
    """Return the rows of a field; without `named`, who asks is left out, as the policy has it for those who sit on the panel."""
    return [_shown(row, field, named) for row in field.rows]


def _shown(row: Row, field: Field, named: bool) -> Shown:
    open_scores = not row.hidden and not row.unscored
    summary = row.summary if open_scores else None
    lead, counts = row.said.lead, row.reviews
    total = sum(counts.values())
    done = counts.get("handed in", 0)
    law = row.screening if not row.hidden else None
    return Shown(
        row=row,
        key=row.request.key,
        title=row.said.title,
        who=lead.name if named else "",
        where=f"{lead.institution} · {lead.country}" if named else "",
        rank=str(row.rank) if summary and row.rank else "–",
        normalised=percent(summary.normalised if summary else None),
        raw=percent(summary.raw if summary else None),
        spread=percent(summary.spread if summary else None),
        disagree=bool(summary and summary.disagree),
        reviews=f"{done}/{total}" if not row.hidden else "–",
        waits=done < total,
        aside=tuple((one.name, decision_words.ground(ground.value)) for one, ground in row.aside),
        law=law.overall if law else "",
        law_said=str(law_words.VERDICTS[Verdict(law.overall)]) if law else "",
        law_decided=str(law_words.OUTCOMES[Screened(law.outcome)]) if law and law.outcome else "",
        asked=tuple(_asked(row, field.wishes)),
        state=decision_words.state(row.request.state),
        decisions=tuple(_decisions(row)),
        due=decision_words.level(row.due) if row.due else "",
    )


def _decisions(row: Row) -> Iterator[tuple[str, str, str]]:
    for one in row.decisions if not row.hidden else ():
        given_ng = sum(one.granted_ng) if one.outcome in GRANTING else 0
        yield (decision_words.level(one.level), said(decision_words.OUTCOMES, one.outcome),
               mass.show(given_ng) if given_ng else "")  # fmt: skip


def lines(row: Row, field: Field) -> tuple[Asked, ...]:
    """Return the lines of a request beside the stock."""
    return tuple(_asked(row, field.wishes))


def _asked(row: Row, wishes: Mapping[str, Wish]) -> Iterator[Asked]:
    for line in row.said.lines:
        wish = wishes[line.sample or f"kind:{line.kind}"]
        what = line.sample or _("any of kind {kind}").format(kind=words.said("material", line.kind))
        wanted = mass.show(line.wanted_ng)
        if wish.free is None:
            yield Asked(what, wanted, "", "unknown", False)
            continue
        free_ng = wish.free.free_ng
        fit = "whole" if line.wanted_ng <= free_ng else "least" if line.least_ng <= free_ng else "none"
        others = wish.requests - (row.request.state in ASKING)
        stock = _("{free} free").format(free=mass.show(free_ng))
        if others:
            stock += "; " + ngettext("{n} other asks", "{n} others ask", others).format(n=others)
        yield Asked(what, wanted, stock, fit, wish.wanted_ng > free_ng and others > 0)


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample of the call: what all who still ask want of it, and what there is."""

    number: str
    requests: int
    wanted: str
    balance: str
    promised: str
    reserve: str
    free: str
    short: str


def samples(field: Field) -> list[Sample]:
    """Return the samples that are asked for, those that are most contested first."""
    named = [(key, wish) for key, wish in field.wishes.items() if not key.startswith("kind:")]
    named.sort(key=lambda one: (_free_ng(one[1]) - one[1].wanted_ng, one[0]))
    return [_sample(key, wish) for key, wish in named]


def _free_ng(wish: Wish) -> int:
    return wish.free.free_ng if wish.free else 0


def _sample(key: str, wish: Wish) -> Sample:
    free, short_ng = wish.free, wish.wanted_ng - _free_ng(wish)
    return Sample(
        key,
        wish.requests,
        mass.show(wish.wanted_ng),
        mass.show(free.balance_ng if free else 0),
        mass.show(free.committed_ng if free else 0),
        mass.show(free.reserve_ng if free else 0),
        mass.show(_free_ng(wish)),
        mass.show(short_ng) if short_ng > 0 else "",
    )


def table(rows: Sequence[Shown]) -> Iterator[list[str]]:
    """Return the field as a table of texts, its head first: words of the program, so that programs can read it."""
    yield ["rank", "request", "title", "lead", "institution", "ror", "country", "state", "normalised_percent", "raw_percent",
           "spread_percent", "disagree", "reviews_in", "reviews", "stand_aside", "law", "law_decision", "lines", "wanted_ng",
           "decisions", "due"]  # fmt: skip
    for one in rows:
        row, lead = one.row, one.row.said.lead
        who = [lead.name, lead.institution, lead.ror, lead.country] if one.who else [""] * 4
        lines = "; ".join(
            f"{line.sample or 'kind ' + line.kind} {mass.show(line.wanted_ng)}" for line in row.said.lines
        )
        spoken = "; ".join(f"{each.level} {each.outcome}" for each in row.decisions if not row.hidden)
        yield [one.rank.replace("–", ""), one.key, one.title, *who, row.request.state,
               *(value.replace("–", "").replace("−", "-") for value in (one.normalised, one.raw, one.spread)),
               "yes" if one.disagree else "", str(row.reviews.get("handed in", 0)), str(sum(row.reviews.values())),
               "; ".join(name for name, _ground in one.aside), one.law, row.screening.outcome or "" if one.law else "",
               lines, str(row.wanted_ng), spoken, row.due or ""]  # fmt: skip
