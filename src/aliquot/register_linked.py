"""The same facts as Linked Art: gifts and exchanges as Acquisition, loans, displays and deposits as TransferOfCustody.

JSON-LD of the Linked Art model 1.0 (https://linked.art/model/). Title passes in an Acquisition, keeping alone in a
TransferOfCustody; what else is said of a subject is an AttributeAssignment. Masses are whole nanograms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from aliquot.dates import When
from aliquot.facts import Amount, Party, Record, Source, Statement, Transfer
from aliquot.vocabulary import FATES, KINDS, SAYS, STATES, Kind, PartyKind, Words

CONTEXT: Final = "https://linked.art/ns/v1/linked-art.json"
TITLE_PASSES: Final = frozenset({Kind.GIFT, Kind.EXCHANGE, Kind.DONATION, Kind.TRANSFER})
_WEIGHT: Final = {"id": "http://vocab.getty.edu/aat/300056240", "type": "Type", "_label": "Weight"}
_NANOGRAM: Final = {"type": "MeasurementUnit", "_label": "nanogram"}

Node = dict[str, object]
Address = Callable[[str, str], str]


def linked(
    record: Record,
    facts: Iterable[Statement | Transfer | Source | Party],
    *,
    title: str,
    page: str,
    address: Address,
) -> Node:
    """Return what a page tells as one JSON-LD document; `address(kind, key)` gives the page of a fact, a party, a source."""
    return {
        "@context": CONTEXT,
        "id": page,
        "type": "Set",
        "_label": title,
        "members_exemplified_by": [_member(record, one, address) for one in facts],
    }


def _member(record: Record, one: Statement | Transfer | Source | Party, address: Address) -> Node:
    if isinstance(one, Transfer):
        return _transfer(record, one, address)
    if isinstance(one, Statement):
        return _statement(record, one, address)
    return _source(one, address) if isinstance(one, Source) else _party(one, address)


def _transfer(record: Record, one: Transfer, address: Address) -> Node:
    what: Node = {
        "id": f"{address('transfer', one.key)}#material",
        "type": "HumanMadeObject",
        "_label": one.material.en,
        "dimension": _mass(one.amount),
    }
    giver, receiver = _party(one.giver, address), _party(one.receiver, address)
    if one.kind in TITLE_PASSES:
        part: Node = {
            "type": "Acquisition",
            "transferred_title_of": [what],
            "transferred_title_from": [giver],
            "transferred_title_to": [receiver],
        }
    else:
        part = {
            "type": "TransferOfCustody",
            "transferred_custody_of": [what],
            "transferred_custody_from": [giver],
            "transferred_custody_to": [receiver],
        }
    return {
        "id": address("transfer", one.key),
        "type": "Activity",
        "_label": one.title.en,
        "classified_as": [{"type": "Type", "_label": KINDS[one.kind].en}],
        "identified_by": _names(one.title),
        "timespan": _span(one.date),
        "part": [part],
        "referred_to_by": [
            _note(one.scope, "scope"),
            _note(FATES[one.fate], "fate"),
            _note(STATES[one.state], "state"),
        ],
        "subject_of": _sources(record, one.sources, address),
    }


def _statement(record: Record, one: Statement, address: Address) -> Node:
    assigned: Node = {"type": "Name", "content": one.shown("en")}
    if one.mass_ng is not None:
        assigned = _mass(one.amount)[0]
    elif one.on:
        assigned = {"type": "TimeSpan", **_span(one.on)}
    return {
        "id": address("fact", one.key),
        "type": "AttributeAssignment",
        "_label": f"{one.about}: {SAYS[one.says].en}",
        "assigned_property": SAYS[one.says].en,
        "assigned": [assigned],
        "about": [{"id": address("subject", one.about), "type": "Set", "_label": one.about}],
        "timespan": _span(one.date),
        **_place(one.place),
        "referred_to_by": [_note(one.scope, "scope"), _note(STATES[one.state], "state")],
        "subject_of": _sources(record, one.sources, address),
    }


def _place(words: Words) -> Node:
    if not words.en:
        return {}
    return {"took_place_at": [{"type": "Place", "_label": words.en, "identified_by": _names(words)}]}


def _names(words: Words) -> list[Node]:
    languages = ((words.en, "en"), (words.zh, "zh-Hans"))
    return [
        {"type": "Name", "content": text, "language": [{"type": "Language", "_label": code}]}
        for text, code in languages
        if text
    ]


def _party(party: Party, address: Address) -> Node:
    made: Node = {
        "id": address("party", party.key),
        "type": "Person" if party.kind is PartyKind.PERSON else "Group",
        "_label": party.name.en,
        "identified_by": _names(party.name),
    }
    if party.country:
        made["residence"] = [{"type": "Place", "_label": party.country}]
    return made


def _mass(amount: Amount) -> list[Node]:
    if amount.mass_ng is None:
        return []
    lower, upper = amount.bounds_ng
    made: Node = {
        "type": "Dimension",
        "_label": f"{amount.precision.value}: {amount.text}",
        "classified_as": [_WEIGHT],
        "value": amount.mass_ng,
        "lower_value_limit": lower,
        "unit": _NANOGRAM,
    }
    if upper is not None:
        made["upper_value_limit"] = upper
    return [made]


def _span(when: When) -> Node:
    made: Node = {"type": "TimeSpan", "_label": when.show("en")}
    if when.first:
        made["begin_of_the_begin"] = f"{when.first.isoformat()}T00:00:00Z"
    if when.last:
        made["end_of_the_end"] = f"{when.last.isoformat()}T23:59:59Z"
    return made


def _note(words: Words, label: str) -> Node:
    return {
        "type": "LinguisticObject",
        "content": words.en,
        "classified_as": [{"type": "Type", "_label": label}],
    }


def _sources(record: Record, keys: Iterable[str], address: Address) -> list[Node]:
    return [_source(record.sources[key], address) for key in keys if key in record.sources]


def _source(one: Source, address: Address) -> Node:
    return {
        "id": address("source", one.key),
        "type": "LinguisticObject",
        "_label": one.title,
        "digitally_carried_by": [
            {"type": "DigitalObject", "access_point": [{"id": f"https://{found}", "type": "DigitalObject"}]}
            for found in one.addresses[:1]
        ],
    }
