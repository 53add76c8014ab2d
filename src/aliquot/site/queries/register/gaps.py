"""What does no source tell, where are the landing sites, and what happened in which year?"""

from __future__ import annotations

from typing import Final

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliquot import register
from aliquot.register import State, Statement, Transfer
from aliquot.register_index import EVENTS
from aliquot.site.queries.register import around, home, in_force, pictures, shown, tallies, words
from aliquot.site.queries.register.around import Wanted
from aliquot.site.queries.register.chapters import MOST, Chapter, Chapters, Line, line, page, questions, rows
from aliquot.site.queries.register.shown import Name
from aliquot.site.queries.register.tallies import GONE, STATEMENTS, TRANSFERS


def not_known() -> Chapters:
    """Return what no source tells: an invitation to archivists."""
    weightless_claims = Wanted(TRANSFERS & Q(mass_ng__isnull=True), ("sort", "number"), MOST)
    unknown = Wanted(STATEMENTS & Q(state=State.UNKNOWN.value, superseded=False), most=MOST)
    record, found = around.record(weightless_claims, unknown), home.not_known()
    asked = [one for one in record.statements.values() if one.state is State.UNKNOWN]
    weightless = [one for one in record.transfers.values() if one.mass_ng is None]
    chapters = (
        Chapter("gaps", _("Gaps"), lines=tuple(Line("", one.text, sources=one.sources) for one in found)),
        Chapter(
            "questions",
            _("Asked, or told without a source"),
            lines=tuple(line(record, one, name=shown.subject(record, one.about)) for one in asked[:MOST]),
        ),
        Chapter("masses", _("Transfers whose mass no source gives"), rows=rows(record, weightless)),
    )
    lead = _(
        "What no source that was found tells. If an archive, a museum or a ministry near you can tell it, propose the claim with its source."
    )
    return page(record, "not-known", _("Not known"), lead, chapters, [*asked, *weightless])


def timeline() -> Chapters:
    """Return what happened, year by year from 1969: landings, returns, transfers, calls, laws."""
    record = around.record(*_of_years())
    dated: dict[int, list[tuple[tuple[object, ...], Line]]] = {}
    facts: list[Statement | Transfer] = []
    for one in record.transfers.values():
        if one.date.first and one.series == "transfer":
            row = shown.row(record, one)
            told = Line(
                row.when, row.title, one.key, Name("", href=row.href), row.kind_label, row.state, row.sources
            )
            dated.setdefault(one.date.first.year, []).append((one.date.sort_key, told))
            facts.append(one)
    for said in record.statements.values():
        if said.says in EVENTS and said.on and said.on.first and said.state is not State.REFUTED:
            text = f"{shown.subject(record, said.about).text}: {shown.said(record, said).says}"
            told = line(record, said, text=text)
            told = Line(
                shown.said(record, said).value, text, said.key, None, told.note, told.state, told.sources
            )
            dated.setdefault(said.on.first.year, []).append((said.on.sort_key, told))
            facts.append(said)
    counts = tallies.years()
    chapters = [
        Chapter("picture", _("Transfers along time"), drawing=pictures.time_line(record.transfers.values()))
    ]
    chapters += [
        Chapter(
            f"y{year}",
            str(year),
            lead=_more(counts.get(year, 0)),
            lines=tuple(
                told for _key, told in sorted(dated[year], key=lambda one: one[0])[: around.most(MOST)]
            ),
        )
        for year in sorted(dated)
    ]
    lead = _("From the first landing on: missions, transfers, calls, laws, each with its source.")
    return page(record, "timeline", _("Timeline"), lead, chapters, facts)


OF_A_YEAR_MOST: Final = 8  # of claims; the list of transfers has all of a year


def _of_years() -> list[Wanted]:
    """Return the first claims of each year, by the place that each has in its year."""
    if not in_force.has_claims():
        return []
    place = Window(RowNumber(), partition_by=[F("year")], order_by=["sort", "number"])
    dated = around.rows().filter(year__isnull=False).exclude(STATEMENTS & GONE)
    numbered = dated.annotate(place=place).filter(place__lte=around.most(OF_A_YEAR_MOST))
    keys = [*numbered.values_list("pk", flat=True)[:YEARS_LOADED]]
    # The picture has goodwill cases, and what is only known to be before a day, besides.
    others = Wanted(TRANSFERS & Q(year__isnull=True), ("sort", "number"), MOST)
    return [Wanted(Q(pk__in=keys), most=YEARS_LOADED), others]


YEARS_LOADED: Final = 3000


def _more(claims: int) -> str:
    """Say how many claims of a year are not told."""
    count = claims - around.most(OF_A_YEAR_MOST)
    if count <= 0:
        return ""
    text = ngettext("One claim more is not shown here.", "%(n)d claims more are not shown here.", count)
    return text % {"n": count}


SITES: Final = ("site", "coordinates")


def moon() -> Chapters:
    """Return both sides of the Moon with every landing site, and what is said of each."""
    record = around.record(
        Wanted(Q(about__in=[*register.load().missions], says__in=SITES), ("grade", "number"))
    )
    discs = pictures.moons(record)
    sites = [said for one in record.missions for says in SITES for said in record.about(one, says)]
    chapters = [Chapter(f"side-{i}", disc.caption, drawing=disc.drawing) for i, disc in enumerate(discs)]
    for key, mission in record.missions.items():
        said = [one for one in sites if one.about == key]
        name = Name(mission.name.text(words.language()), href=reverse("mission", args=[key]))
        chapters.append(Chapter(key, name.text, questions=questions(record, said), names=(name,)))
    return page(record, "moon", _("Landing sites on the Moon"), "", chapters, sites)
