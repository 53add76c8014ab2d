"""What does no source tell, where is the mass of each mission, and what happened in which year?"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from aliquot import mass, register
from aliquot.register import Kind, Mission, PartyKind, Record, State, Statement, Transfer
from aliquot.site.queries.register import home, in_force, pictures, shown, words
from aliquot.site.queries.register.chapters import MOST, Chapter, Chapters, Line, line, page, questions, rows
from aliquot.site.queries.register.shown import Name


def not_known() -> Chapters:
    """Return what no source tells: an invitation to archivists."""
    record = in_force.record()
    found = home.not_known(record)
    asked = [one for one in record.statements.values() if one.state is State.UNKNOWN]
    weightless = [one for one in record.transfers.values() if one.mass_ng is None]
    chapters = (
        Chapter("gaps", _("Gaps"), lines=tuple(Line("", one.text, sources=one.sources) for one in found)),
        Chapter(
            "questions",
            _("Told somewhere, and no source was found"),
            lines=tuple(line(record, one, name=shown.subject(record, one.about)) for one in asked[:MOST]),
        ),
        Chapter("masses", _("Transfers whose mass no source gives"), rows=rows(record, weightless)),
    )
    lead = _(
        "What no source that was found tells. If an archive, a museum or a ministry near you can tell it, propose the claim with its source."
    )
    return page(record, "not-known", _("Not known"), lead, chapters, [*asked, *weightless])


SHARES = (
    ("given", (Kind.GIFT, Kind.EXCHANGE, Kind.DONATION, Kind.TRANSFER)),
    ("lent", (Kind.RESEARCH_LOAN,)),
    ("shown", (Kind.DISPLAY_LOAN, Kind.DISPLAY)),
    ("stored", (Kind.DEPOSIT,)),
)


def shares() -> Chapters:
    """Return the share of each mission given, lent, shown, stored, consumed and unexplained, as far as masses are known."""
    record = in_force.record()
    chapters, facts = [], []
    for mission in record.missions.values():
        lines, told = _shares(record, mission)
        facts += told
        chapters.append(Chapter(mission.key, mission.name.text(words.language()), lines=tuple(lines)))
    lead = _(
        "As far as masses are published. A piece told to be of several missions is left out of the sums; what is unexplained is what no source accounts for, and not what is lost."
    )
    return page(record, "shares", _("Where the mass of each mission is"), lead, chapters, facts)


def _shares(record: Record, mission: Mission) -> tuple[list[Line], list[Statement | Transfer]]:
    whole = register.returned(record, mission.key)
    if whole is None or not whole.statement.mass_ng:
        return [], []
    names = words.shares()
    total_ng, left_ng = whole.statement.mass_ng, whole.statement.mass_ng
    told: list[Statement | Transfer] = [whole.statement]
    lines = [
        Line("", f"{names['whole']}: {shown.weight(total_ng)}", whole.statement.key,
             sources=shown.cited(record, whole.statement.sources))
    ]  # fmt: skip
    every = [
        one
        for one in register.transfers(record, mission=mission.key)
        if one.missions == (mission.key,) and one.series == "transfer" and one.state is not State.REFUTED
    ]
    for word, kinds in SHARES:
        known = [fact for one in every if one.kind in kinds and (fact := _whole(record, one))]
        sum_ng = sum(one.mass_ng or 0 for one in known)
        left_ng -= sum_ng
        told += known
        if known:
            lines.append(_share(record, names[word], sum_ng, total_ng, known))
    consumed = [
        said
        for one in every
        for said in record.about(one.key, "consumed_mass")
        if said.mass_ng and said.state is not State.REFUTED
    ]
    told += consumed
    if consumed:
        used_ng = sum(one.mass_ng or 0 for one in consumed)
        lines.append(_share(record, names["consumed"], used_ng, total_ng, consumed))
    share = _percent(left_ng, total_ng)
    lines.append(Line("", f"{names['left']}: {shown.weight(left_ng)} ({share})", whole.statement.key))
    return lines, told


def _whole(record: Record, one: Transfer) -> Statement | Transfer | None:
    """Return the fact that tells the mass of a whole transfer: of a gift to many, what is said of the total."""
    if one.receiver.kind is not PartyKind.MANY:
        return one if one.mass_ng else None
    total = register.best(said for said in record.about(one.key, "mass") if said.part == "total")
    return total.statement if total and total.statement.mass_ng else None


def _share(
    record: Record, name: str, part_ng: int, whole_ng: int, facts: Iterable[Statement | Transfer]
) -> Line:
    known = list(facts)
    sources = shown.cited(record, [key for one in known for key in one.sources])
    note = " + ".join(mass.show(one.mass_ng or 0) for one in known) if len(known) > 1 else ""
    return Line(
        "",
        f"{name}: {mass.show(part_ng)} ({_percent(part_ng, whole_ng)})",
        known[0].key,
        None,
        note,
        "",
        sources,
    )


def _percent(part_ng: int, whole_ng: int) -> str:
    """Return the share in percent to three digits after the point, without floats."""
    thousandths = part_ng * 100_000 // whole_ng
    return f"{thousandths // 1000}.{thousandths % 1000:03d} %"


def timeline() -> Chapters:
    """Return what happened, year by year from 1969: landings, returns, transfers, calls, laws."""
    record = in_force.record()
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
    chapters = [
        Chapter("picture", _("Transfers along time"), drawing=pictures.time_line(record.transfers.values()))
    ]
    chapters += [
        Chapter(
            f"y{year}",
            str(year),
            lines=tuple(told for _key, told in sorted(dated[year], key=lambda one: one[0])[:MOST]),
        )
        for year in sorted(dated)
    ]
    lead = _("From the first landing on: missions, transfers, calls, laws, each with its source.")
    return page(record, "timeline", _("Timeline"), lead, chapters, facts)


EVENTS = frozenset(
    {
        "landing", "lift_off", "earth_return", "launch", "launched_on", "handover", "call_opened", "call_closed", "law_enacted",
        "lost", "recovered",
    }
)  # fmt: skip


def moon() -> Chapters:
    """Return both sides of the Moon with every landing site, and what is said of each."""
    record = in_force.record()
    discs = pictures.moons(record)
    sites = [
        said
        for one in record.missions
        for says in ("site", "coordinates")
        for said in record.about(one, says)
    ]
    chapters = [Chapter(f"side-{i}", disc.caption, drawing=disc.drawing) for i, disc in enumerate(discs)]
    for key, mission in record.missions.items():
        said = [one for one in sites if one.about == key]
        name = Name(mission.name.text(words.language()), href=reverse("mission", args=[key]))
        chapters.append(Chapter(key, name.text, questions=questions(record, said), names=(name,)))
    return page(record, "moon", _("Landing sites on the Moon"), "", chapters, sites)
