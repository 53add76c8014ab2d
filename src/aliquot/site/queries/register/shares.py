"""Where is the mass of each mission: given, lent, shown, stored, used up, and what is unexplained?

Masses of single transfers are added; where a round of lending stands in the mission's flow, its sum, and not what was lent out of
it. Of claims the database adds up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aliquot import mass, register
from aliquot.register import FlowStep, Kind, Mission, PartyKind, Record, Round, State, Statement, Transfer
from aliquot.register_index import Role
from aliquot.site.drawings import shares as drawings
from aliquot.site.queries.register import around, shown, tallies, words
from aliquot.site.queries.register.around import Wanted
from aliquot.site.queries.register.chapters import MOST, Chapter, Chapters, Line, page
from aliquot.site.queries.register.rounds import LOANS
from aliquot.site.queries.register.tallies import GONE, STATEMENTS, TRANSFERS

KINDS: Final = (
    ("given", 4, (Kind.GIFT, Kind.EXCHANGE, Kind.DONATION, Kind.TRANSFER)),
    ("lent", 3, (Kind.RESEARCH_LOAN,)),
    ("shown", 8, (Kind.DISPLAY_LOAN, Kind.DISPLAY)),
    ("stored", 6, (Kind.DEPOSIT,)),
)
ADDENDS_MOST: Final = 12
_SINGLE: Final = TRANSFERS & Q(series="transfer") & ~GONE
_USED: Final = STATEMENTS & Q(says="consumed_mass") & ~GONE

Fact = Statement | Transfer | Round


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a mission's mass: the facts added up, and what the database added for claims."""

    name: str
    facts: tuple[Fact, ...]
    claims_ng: int = 0
    claims: int = 0
    fill: int = 3

    @property
    def mass_ng(self) -> int:
        return sum(one.mass_ng or 0 for one in self.facts) + self.claims_ng


def shares() -> Chapters:
    """Return the shares of each mission, as far as masses are known."""
    missions = register.load().missions
    single = _SINGLE & around.mentions(Role.SOLE, missions)
    record = around.record(
        Wanted(single & Q(is_many=True), most=MOST),
        Wanted(_USED, most=MOST),
        Wanted(Q(about__in=[*missions], says="returned_mass"), ("grade", "number")),
        keys=[said.key for key in missions for said in register.load().about(key, "returned_mass")],
    )
    chapters, facts = [], []
    of_claims = tallies.masses_ng(_SINGLE & Q(is_many=False, mass_ng__isnull=False))
    for mission in record.missions.values():
        lines, told, drawing = _of(record, mission, of_claims)
        facts += told
        name = mission.name.text(words.language())
        chapters.append(Chapter(mission.key, name, lines=tuple(lines), drawing=drawing))
    lead = _(
        "As far as masses are published. A piece told to be of several missions is left out of the sums; what was lent and came back counts as lent; what is unexplained is what no source accounts for, and not what is lost."
    )
    return page(record, "shares", _("Where the mass of each mission is"), lead, chapters, facts)


Claimed = Mapping[tuple[str, str], tuple[int, int]]


def _of(
    record: Record, mission: Mission, of_claims: Claimed
) -> tuple[list[Line], list[Statement | Transfer], SafeString | None]:
    whole = register.returned(record, mission.key)
    if whole is None or not whole.statement.mass_ng:
        return [], [], None
    names, total_ng = words.shares(), whole.statement.mass_ng
    sources = shown.cited(record, whole.statement.sources)
    lines = [Line("", f"{names['whole']}: {shown.weight(total_ng)}", whole.statement.key, sources=sources)]
    every = _single(record, mission)
    rounds, counted = _rounds(record, mission)
    moved = []
    for word, fill, kinds in KINDS:
        known = [
            fact
            for one in every
            if one.kind in kinds and one.key not in counted and (fact := _whole(record, one))
        ]
        sums = [of_claims.get((mission.key, kind.value), (0, 0)) for kind in kinds]
        moved.append(
            Share(names[word], tuple(known), sum(ng for ng, _n in sums), sum(n for _ng, n in sums), fill)
        )
    moved += rounds
    used = _used(record, every)
    left_ng = total_ng - sum(one.mass_ng for one in moved)
    lines += [_line(record, one, total_ng) for one in [*moved, used] if one.mass_ng]
    lines += _open(record, mission)
    left = f"{names['left']}: {shown.weight(left_ng)} ({_percent(left_ng, total_ng)})"
    lines.append(Line("", left, whole.statement.key, sources=sources))
    facts = [whole.statement, *(fact for one in [*moved, used] for fact in one.facts)]
    drawing = _drawn(mission, [*moved, Share(names["left"], (), left_ng, fill=2)], total_ng)
    return lines, [one for one in facts if not isinstance(one, Round)], drawing


def _drawn(mission: Mission, parts: list[Share], total_ng: int) -> SafeString | None:
    """Return the shares as bars of the whole; nothing where no source tells of a part."""
    known = [one for one in parts if one.mass_ng > 0]
    if len(known) < 2:
        return None
    bars = [
        drawings.Share(one.name, one.mass_ng, total_ng, _percent(one.mass_ng, total_ng), one.fill)
        for one in known
    ]
    title = _("Where the mass of %(mission)s is") % {"mission": mission.name.text(words.language())}
    return SafeString(drawings.draw(bars, prefix=f"shares-{mission.key}", title=title))


def _single(record: Record, mission: Mission) -> list[Transfer]:
    """Return the transfers of this mission alone that the database does not add up."""
    return [
        one
        for one in register.transfers(record, mission=mission.key)
        if one.missions == (mission.key,) and one.series == "transfer" and one.state is not State.REFUTED
        if not one.key.startswith("claim-") or one.receiver.kind is PartyKind.MANY
    ]


def _whole(record: Record, one: Transfer) -> Statement | Transfer | None:
    """Return the fact that tells the mass of a whole transfer: of a gift to many, what is said of the total."""
    if one.receiver.kind is not PartyKind.MANY:
        return one if one.mass_ng else None
    total = register.best(said for said in record.about(one.key, "mass") if said.part == "total")
    return total.statement if total and total.statement.mass_ng else None


def _rounds(record: Record, mission: Mission) -> tuple[list[Share], set[str]]:
    """Return the rounds of lending that the mission's flow has, and the single loans that came of them."""
    found, counted = [], set[str]()
    for step in record.flows.get(mission.key, ()):
        if (
            step.parent == mission.key
            and not step.is_open
            and step.kind == "loan"
            and (facts := _lent(record, step))
        ):
            found.append(Share(f"{words.shares()['lent']}, {step.name.text(words.language())}", facts))
            told_of = [one.about if isinstance(one, Statement) else one.key for one in facts]
            counted |= {loan for key in told_of for loan in LOANS.get(key, ())}
    return found, counted


def _lent(record: Record, step: FlowStep) -> tuple[Fact, ...]:
    """Return the rounds, and what is said of several at once, that a branch rests on."""
    known = (record.rounds.get(key) or record.statements.get(key) for key in step.facts)
    return tuple(one for one in known if one is not None and one.mass_ng)


def _open(record: Record, mission: Mission) -> list[Line]:
    """Return the branches whose mass within this mission is not published."""
    language = words.language()
    found = []
    for step in record.flows.get(mission.key, ()):
        if step.is_open:
            facts = [
                one for key in step.facts if (one := record.rounds.get(key) or record.statements.get(key))
            ]
            sources = shown.cited(record, [key for one in facts for key in one.sources])
            text = f"{step.name.text(language)}: {_('not published by mission')}"
            key = facts[0].key if facts else ""
            found.append(Line("", text, key, None, step.note.text(language), "", sources))
    return found


def _used(record: Record, every: list[Transfer]) -> Share:
    """Return what was used up of what was given or lent; it stands in those shares already."""
    used = [
        said
        for one in every
        for said in register.about(record, one.key, "consumed_mass")
        if said.mass_ng and said.state is not State.REFUTED
    ]
    return Share(words.shares()["consumed"], tuple(used))


def _line(record: Record, one: Share, total_ng: int) -> Line:
    addends = [mass.show(fact.mass_ng or 0) for fact in one.facts[:ADDENDS_MOST]]
    more = len(one.facts) + one.claims - len(addends)
    if more > 0 and addends:
        addends.append(_("%(n)d more") % {"n": more})
    text = f"{one.name}: {mass.show(one.mass_ng)} ({_percent(one.mass_ng, total_ng)})"
    sources = shown.cited(record, [key for fact in one.facts for key in fact.sources])
    note = " + ".join(addends) if len(addends) > 1 else ""
    return Line("", text, one.facts[0].key if one.facts else "", None, note, "", sources)


def _percent(part_ng: int, whole_ng: int) -> str:
    """Return the share in percent to three digits after the point, without floats."""
    thousandths = abs(part_ng) * 100_000 // whole_ng
    return f"{'−' if part_ng < 0 else ''}{thousandths // 1000}.{thousandths % 1000:03d} %"
