"""What does the record tell of a state, an institution, a person in office, and of two states? Given, received, held, asked, refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliquot import register
from aliquot.register import Party, PartyKind, Record, Statement, Transfer
from aliquot.register_claims import Kind
from aliquot.register_index import DEALINGS, Role, side
from aliquot.site.queries.register import around, in_force, shown, tallies, words
from aliquot.site.queries.register.around import Wanted
from aliquot.site.queries.register.chapters import MOST, Chapter, Chapters, page, questions, rows
from aliquot.site.queries.register.shown import Name
from aliquot.site.queries.register.tallies import STATEMENTS, TRANSFERS

NAMES_MOST: Final = 300
PAIRS_MOST: Final = 60
OF_A_PAIR_MOST: Final = 8  # so many each way; all are on the page of the pair
PARTIES = Q(kind=Kind.PARTY.value)


def link(party: Party) -> Name:
    """Return the party's name with its page."""
    name = shown.name(party)
    return Name(name.text, name.own, name.own_language, reverse("party", args=[party.key]))


def listed() -> Chapters:
    """Return every party, by kind."""
    kinds = [Wanted(PARTIES & Q(says=kind.value), most=NAMES_MOST) for kind in PartyKind]
    record, chapters, every = around.record(*kinds), [], list[Party]()
    for kind, heading in words.PARTIES.items():
        parties = [one for one in record.parties.values() if one.kind.value == kind]
        every += parties
        named = sorted(map(link, parties), key=lambda one: one.text)[:NAMES_MOST]
        chapters.append(Chapter(kind, str(heading), names=tuple(named)))
    return replace(
        page(record, "parties", _("Who gives, receives and holds"), "", chapters, ()), facts=tuple(every)
    )


def one(key: str) -> Chapters | None:
    """Return the page of a party, or None where the record has none by that key."""
    party = around.record(keys=[key]).parties.get(key)
    if party is None:
        return None
    record = around.record(*_wanted(party), about=[key], keys=[key])
    given, received, held, present = _roles(record, party)
    about = register.about(record, key)
    named = [said for said in record.statements.values() if said.object == key]
    chapters = (
        Chapter("given", _("Gave, lent, showed"), rows=rows(record, given)),
        Chapter("received", _("Received"), rows=rows(record, received)),
        Chapter("held", _("Holds, from others"), rows=rows(record, held)),
        Chapter("present", _("In office"), rows=rows(record, present)),
        Chapter("said", _("What else is said of it"), questions=questions(record, about)),
        Chapter("named", _("Where others name it"), questions=questions(record, named)),
        Chapter("home", _("Institutions and people of this state"), names=_compatriots(record, party)),
        Chapter("between", _("With other states, both directions"), names=tuple(_partners(record, party))),
    )
    name = shown.name(party)
    facts: list[Statement | Transfer] = [*given, *received, *held, *present, *about, *named]
    note = party.note.text(words.language())
    return page(
        record, key, name.text, note, chapters, facts, eyebrow=words.party_kind(party.kind), name=name
    )


def _wanted(party: Party) -> list[Wanted]:
    """Return the claims that the page of a party shows; a state stands for its institutions."""
    sides = [side(party), *([f"={party.country}"] if party.country else [])]
    by_date, found = ("sort", "number"), []
    for by_key, by_side in ((Role.GIVER, Role.FROM), (Role.RECEIVER, Role.TO), (Role.HOLDER, Role.AT)):
        is_it = around.mentions(by_key, [party.key])
        if party.kind is PartyKind.STATE:
            is_it |= around.mentions(by_side, sides)
        found.append(Wanted(TRANSFERS & is_it, by_date, MOST))
    found += [
        Wanted(TRANSFERS & around.mentions(Role.PERSON, [party.key]), by_date, MOST),
        Wanted(STATEMENTS & Q(object=party.key) & ~Q(object=""), most=MOST),
    ]
    if party.kind is PartyKind.STATE and party.country:
        found += [Wanted(PARTIES & Q(object=party.country) & ~Q(object=""), most=NAMES_MOST), around.STATES]
    return found


def _roles(
    record: Record, party: Party
) -> tuple[list[Transfer], list[Transfer], list[Transfer], list[Transfer]]:
    """Return what it gave, received and holds, and where it acted in office; a state stands for its institutions."""

    def is_it(other: Party) -> bool:
        if other.key == party.key:
            return True
        return party.kind is PartyKind.STATE and _of(other, party)

    every = record.transfers.values()
    given = [one for one in every if is_it(one.giver)]
    received = [one for one in every if is_it(one.receiver) and not is_it(one.giver)]
    held = [one for one in every if is_it(one.holder) and one not in given and one not in received]
    present = [one for one in every if party.key in one.persons]
    return given, received, held, present


def _of(other: Party, state: Party) -> bool:
    """Whether a party is of a state; another state on the same ground (the Soviet Union) is not it."""
    return bool(state.country) and other.country == state.country and other.kind is not PartyKind.STATE


def _compatriots(record: Record, party: Party) -> tuple[Name, ...]:
    if party.kind is not PartyKind.STATE:
        return ()
    return tuple(link(one) for one in record.parties.values() if _of(one, party))[:NAMES_MOST]


def _partners(record: Record, party: Party) -> Iterable[Name]:
    if party.kind is not PartyKind.STATE or not party.country:
        return
    moved = tallies.ways(
        [one for one in record.transfers.values() if not one.key.startswith("claim-")], TRANSFERS
    )
    counts = {
        code for pair in moved for code in pair if party.country in pair and code not in ("", party.country)
    }
    for other in record.parties.values():
        if other.kind is PartyKind.STATE and other.country in counts and other.key != party.key:
            yield Name(shown.name(other).text, href=reverse("between", args=[party.key, other.key]))


def between(first: str, second: str) -> Chapters | None:
    """Return what passed between two states, in both directions, or None where either is no state of the record."""
    known = around.record(around.STATES).parties
    a, b = known.get(first), known.get(second)
    if a is None or b is None or a is b or not (a.kind is b.kind is PartyKind.STATE):
        return None
    record = around.record(around.STATES, *_between(known, a, b))
    names = shown.name(a).text, shown.name(b).text
    ways, said = dealings(record)
    there, back = ways.get((first, second), []), ways.get((second, first), [])
    said_there, said_back = said.get((first, second), []), said.get((second, first), [])
    way, told = (
        _("From %(giver)s to %(receiver)s"),
        _("%(giver)s: said to have given, asked or refused"),
    )
    nothing = _("Nothing that a source tells.")
    chapters = (
        Chapter(
            "there", way % {"giver": names[0], "receiver": names[1]}, rows=rows(record, there), empty=nothing
        ),
        Chapter(
            "back", way % {"giver": names[1], "receiver": names[0]}, rows=rows(record, back), empty=nothing
        ),
        Chapter("said-there", told % {"giver": names[0]}, questions=questions(record, said_there)),
        Chapter("said-back", told % {"giver": names[1]}, questions=questions(record, said_back)),
    )
    title = _("%(one)s and %(other)s") % {"one": names[0], "other": names[1]}
    lead = _("What passed between them, in both directions; what no source tells is not here.")
    return page(record, f"{first}-{second}", title, lead, chapters, [*there, *back, *said_there, *said_back])


def _between(known: Mapping[str, Party], a: Party, b: Party) -> list[Wanted]:
    """Return what passed between two states, each way; an institution stands with the first state of its country."""

    def sides(state: Party) -> list[str]:
        first = next(
            one for one in known.values() if one.kind is PartyKind.STATE and one.country == state.country
        )
        return [state.key, *([f"={state.country}"] if first is state and state.country else [])]

    found = []
    for giver, receiver in ((a, b), (b, a)):
        pairs = [f"{one}>{other}" for one in sides(giver) for other in sides(receiver)]
        found.append(Wanted(Q(pair__in=pairs) & ~Q(pair=""), ("sort", "number"), 2 * MOST))
    return found


Pair = tuple[str, str]


def dealings(record: Record) -> tuple[dict[Pair, list[Transfer]], dict[Pair, list[Statement]]]:
    """Return transfers, and what is said of dealings, by giver's and receiver's state; what stays within one is left out."""
    of = _states(record)
    ways: dict[Pair, list[Transfer]] = {}
    said: dict[Pair, list[Statement]] = {}
    for one in record.transfers.values():
        pair = of(side(one.giver)), of(side(one.receiver))
        if all(pair) and pair[0] != pair[1]:
            ways.setdefault(pair, []).append(one)
    for told in record.statements.values():
        if told.says in DEALINGS:
            pair = of(side(record.parties.get(told.about))), of(side(record.parties.get(told.object)))
            if all(pair) and pair[0] != pair[1]:
                said.setdefault(pair, []).append(told)
    return ways, said


def _states(record: Record) -> Callable[[str], str]:
    """Return what tells the state of a side: itself, or the first of its country."""
    states = [one for one in record.parties.values() if one.kind is PartyKind.STATE]
    keys, first = {one.key for one in states}, {one.country: one.key for one in reversed(states)}
    return lambda at: first.get(at[1:], "") if at.startswith("=") else at if at in keys else ""


def diplomacy() -> Chapters:
    """Return who gave, lent, refused and exchanged with whom, pair by pair of states: of each the first of either way."""
    record = around.record(around.STATES, *_of_pairs())
    ways, said = dealings(record)
    directed = _counted(record, ways, said)
    counts = Counter[Pair]()
    for (giver, receiver), count in directed.items():
        counts[min(giver, receiver), max(giver, receiver)] += count
    pairs: list[Chapter] = []
    facts: list[Statement | Transfer] = []
    for a, b in sorted(counts, key=lambda pair: (-counts[pair], pair))[:PAIRS_MOST]:
        some = around.most(OF_A_PAIR_MOST)
        moved = [*ways.get((a, b), ())[:some], *ways.get((b, a), ())[:some]]
        told = [*said.get((a, b), ())[:some], *said.get((b, a), ())[:some]]
        facts += [*moved, *told]
        one, other = (shown.name(record.parties[key]).text for key in (a, b))
        heading = _("%(one)s and %(other)s") % {"one": one, "other": other}
        lead_of = f"{one} → {other}: {directed[a, b]} · {other} → {one}: {directed[b, a]}"
        more = counts[a, b] - len(moved) - len(told)
        label = ngettext("All of it, both directions, with one fact more", "All of it, both directions, with %(n)d facts more", more) % {"n": more}  # fmt: skip
        text = label if more > 0 else _("Both directions on a page of its own")
        way = Name(text, href=reverse("between", args=[a, b]))
        said_of = questions(record, told)
        pairs.append(Chapter(f"{a}-{b}", heading, lead_of, rows(record, moved), said_of, names=(way,)))
    lead = _("Who gave, lent, refused and exchanged with whom. Loans to an institution stand with its state.")
    return page(record, "diplomacy", _("Moon diplomacy"), lead, pairs, facts)


def _of_pairs() -> list[Wanted]:
    """Return the first claims of each pair of sides, by the place that each has in its pair."""
    if not in_force.has_claims():
        return []
    place = Window(RowNumber(), partition_by=[F("pair"), F("kind")], order_by=["sort", "number"])
    numbered = (
        around.rows().exclude(pair="").annotate(place=place).filter(place__lte=around.most(OF_A_PAIR_MOST))
    )
    return [Wanted(Q(pk__in=[*numbered.values_list("pk", flat=True)[:PAIRS_LOADED]]), most=PAIRS_LOADED)]


PAIRS_LOADED: Final = 2000


def _counted(
    record: Record, ways: Mapping[Pair, list[Transfer]], said: Mapping[Pair, list[Statement]]
) -> Counter[Pair]:
    """Return how many facts tell of one state dealing with another; those of claims as the database counts them."""
    counts: Counter[Pair] = Counter()
    for pair, facts in (*ways.items(), *said.items()):
        counts[pair] += sum(not one.key.startswith("claim-") for one in facts)
    if in_force.has_claims():
        of = _states(record)
        rows = around.rows().exclude(pair="").order_by().values_list("pair").annotate(Count("pk"))
        for text, count in rows:
            giver, _mark, receiver = text.partition(">")
            one, other = of(giver), of(receiver)
            if one and other and one != other:
                counts[one, other] += count
    return counts
