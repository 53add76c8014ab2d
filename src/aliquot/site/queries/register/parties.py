"""What does the record tell of a state, an institution, a person in office, and of two states? Given, received, held, asked, refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from aliquot.register import Party, PartyKind, Record, Statement, Transfer
from aliquot.site.queries.register import in_force, shown, words
from aliquot.site.queries.register.chapters import Chapter, Chapters, page, questions, rows
from aliquot.site.queries.register.shown import Name

# What one party says to another: pages of two states tell these besides transfers.
DEALINGS = frozenset(
    {"gift", "exchange", "transfer", "sale", "loan_granted", "loan_requested", "loan_refused", "permission"}
)


NAMES_MOST = 300
PAIRS_MOST = 60


def link(party: Party) -> Name:
    """Return the party's name with its page."""
    name = shown.name(party)
    return Name(name.text, name.own, name.own_language, reverse("party", args=[party.key]))


def listed() -> Chapters:
    """Return every party, by kind."""
    record = in_force.record()
    chapters = []
    for kind, heading in words.PARTIES.items():
        found = [link(one) for one in record.parties.values() if one.kind.value == kind]
        named = sorted(found, key=lambda one: one.text)[:NAMES_MOST]
        chapters.append(Chapter(kind, str(heading), names=tuple(named)))
    return page(record, "parties", _("Who gives, receives and holds"), "", chapters, ())


def one(key: str) -> Chapters | None:
    """Return the page of a party, or None where the record has none by that key."""
    record = in_force.record()
    party = record.parties.get(key)
    if party is None:
        return None
    given, received, held, present = _roles(record, party)
    about = record.about(key)
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


def _roles(
    record: Record, party: Party
) -> tuple[list[Transfer], list[Transfer], list[Transfer], list[Transfer]]:
    """Return what it gave, received and holds, and where it acted in office; a state stands for its institutions."""

    def is_it(other: Party) -> bool:
        if other.key == party.key:
            return True
        return party.kind is PartyKind.STATE and bool(party.country) and _of(other, party)

    every = record.transfers.values()
    given = [one for one in every if is_it(one.giver)]
    received = [one for one in every if is_it(one.receiver) and not is_it(one.giver)]
    held = [one for one in every if is_it(one.holder) and one not in given and one not in received]
    present = [one for one in every if party.key in one.persons]
    return given, received, held, present


def _of(other: Party, state: Party) -> bool:
    """Whether a party is of a state; another state on the same ground (the Soviet Union) is not it."""
    return other.country == state.country and other.kind is not PartyKind.STATE


def _compatriots(record: Record, party: Party) -> tuple[Name, ...]:
    if party.kind is not PartyKind.STATE:
        return ()
    return tuple(link(one) for one in record.parties.values() if _of(one, party))[:NAMES_MOST]


def _partners(record: Record, party: Party) -> Iterable[Name]:
    if party.kind is not PartyKind.STATE:
        return
    counts = Counter(
        code
        for one in record.transfers.values()
        for code in {one.giver.country, one.receiver.country}
        if party.country in (one.giver.country, one.receiver.country) and code not in ("", party.country)
    )
    for other in record.parties.values():
        if other.kind is PartyKind.STATE and other.country in counts and other.key != party.key:
            yield Name(shown.name(other).text, href=reverse("between", args=[party.key, other.key]))


def between(first: str, second: str) -> Chapters | None:
    """Return what passed between two states, in both directions, or None where either is no state of the record."""
    record = in_force.record()
    a, b = record.parties.get(first), record.parties.get(second)
    if a is None or b is None or a is b or not (a.kind is b.kind is PartyKind.STATE):
        return None
    names = shown.name(a).text, shown.name(b).text
    ways, said = _dealings(record)
    there, back = ways.get((first, second), []), ways.get((second, first), [])
    said_there, said_back = said.get((first, second), []), said.get((second, first), [])
    way, told = (
        _("From %(giver)s to %(receiver)s"),
        _("What %(giver)s is said to have given, asked or refused"),
    )
    chapters = (
        Chapter("there", way % {"giver": names[0], "receiver": names[1]}, rows=rows(record, there)),
        Chapter("back", way % {"giver": names[1], "receiver": names[0]}, rows=rows(record, back)),
        Chapter("said-there", told % {"giver": names[0]}, questions=questions(record, said_there)),
        Chapter("said-back", told % {"giver": names[1]}, questions=questions(record, said_back)),
    )
    title = _("%(one)s and %(other)s") % {"one": names[0], "other": names[1]}
    lead = _("What passed between them, in both directions; what no source tells is not here.")
    return page(record, f"{first}-{second}", title, lead, chapters, [*there, *back, *said_there, *said_back])


Pair = tuple[str, str]


def _dealings(record: Record) -> tuple[dict[Pair, list[Transfer]], dict[Pair, list[Statement]]]:
    """Return transfers, and what is said of dealings, by giver's and receiver's state; what stays within one is left out."""
    states = {
        one.country: one.key for one in reversed(record.parties.values()) if one.kind is PartyKind.STATE
    }
    of = {
        one.key: one.key if one.kind is PartyKind.STATE else states.get(one.country, "")
        for one in record.parties.values()
    }
    ways: dict[Pair, list[Transfer]] = {}
    said: dict[Pair, list[Statement]] = {}
    for one in record.transfers.values():
        pair = of.get(one.giver.key, ""), of.get(one.receiver.key, "")
        if all(pair) and pair[0] != pair[1]:
            ways.setdefault(pair, []).append(one)
    for told in record.statements.values():
        if told.says in DEALINGS:
            pair = of.get(told.about, ""), of.get(told.object, "")
            if all(pair) and pair[0] != pair[1]:
                said.setdefault(pair, []).append(told)
    return ways, said


def diplomacy() -> Chapters:
    """Return who gave, lent, refused and exchanged with whom, pair by pair of states."""
    record = in_force.record()
    ways, said = _dealings(record)
    pairs: list[Chapter] = []
    facts: list[Statement | Transfer] = []
    for a, b in list(dict.fromkeys((min(pair), max(pair)) for pair in (*ways, *said)))[:PAIRS_MOST]:
        moved = [*ways.get((a, b), ()), *ways.get((b, a), ())]
        told = [*said.get((a, b), ()), *said.get((b, a), ())]
        facts += [*moved, *told]
        one, other = (shown.name(record.parties[key]).text for key in (a, b))
        heading = _("%(one)s and %(other)s") % {"one": one, "other": other}
        way = Name(_("Both directions on a page of its own"), href=reverse("between", args=[a, b]))
        said_of = questions(record, told)
        pairs.append(Chapter(f"{a}-{b}", heading, rows=rows(record, moved), questions=said_of, names=(way,)))
    lead = _("Who gave, lent, refused and exchanged with whom. Loans to an institution stand with its state.")
    return page(record, "diplomacy", _("Moon diplomacy"), lead, pairs, facts)
