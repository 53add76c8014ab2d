"""Is a party, or a parent of it, on the list that the facility loaded, and of which day is that list?

Lists are never shipped as law: whoever uses one fetches it and keeps it as a dated YAML file with name, source and the
parties (name, aliases, id, parent, from, until). A name counts as found when it is the same but for case, spaces and
punctuation; that a name is not found says nothing about other spellings of it. Knows no instrument.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aliquot import law_tree
from aliquot.fault import Fault
from aliquot.law_tree import Plain, Tree, at, items, texts


@dataclass(frozen=True, slots=True)
class Party:
    """One entry of a list, from its day to before `until`."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str = ""
    first: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PartyList:
    """A dated list; its day is the version that a verdict names."""

    name: str
    source: str
    fetched_on: date
    parties: tuple[Party, ...]
    sha256: str

    def find(self, name: str, on: date) -> tuple[Party, ...]:
        """Return the entries in force that day under this name, each followed by its parents."""
        found: dict[str, Party] = {}
        wanted = [
            each for each in self.parties if _same(name) in {_same(each.name), *map(_same, each.aliases)}
        ]
        while wanted:
            party = wanted.pop(0)
            if party.key not in found:
                found[party.key] = party
                wanted += [each for each in self.parties if each.key == party.parent]
        return tuple(each for each in found.values()
                     if (each.first is None or each.first <= on) and (each.until is None or on < each.until))  # fmt: skip

    def facts(self, name: str, on: date) -> Mapping[str, bool | str]:
        """Return what the list settles of a request: whether the party is on it, and its day."""
        return {
            "on_restricted_list": bool(self.find(name, on)),
            "restricted_list_date": self.fetched_on.isoformat(),
        }


def read(name: str, text: str) -> PartyList | tuple[Fault, ...]:
    """Return the list of a file, or every fault of it with its line."""
    tree = law_tree.read(name, text, "parties.schema.json")
    if tree.faults:
        return tuple(tree.faults)
    parties = tuple(_party(tree, plain, index) for index, plain in enumerate(items(at(tree.root, "parties"))))
    keys = [party.key for party in parties]
    for index, party in enumerate(parties):
        if keys.index(party.key) != index:
            tree.blame(
                ("parties", index),
                "“{key}” stands here twice",
                "give each party an id of its own",
                key=party.key,
            )
        if party.parent and party.parent not in keys:
            tree.blame(
                ("parties", index, "parent"),
                "there is no party “{key}”",
                "use the id of one",
                key=party.parent,
            )
    fetched = _day(tree, tree.root, (), "fetched_on")
    if tree.faults or fetched is None:
        return tuple(tree.faults)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return PartyList(
        str(at(tree.root, "list")), str(at(tree.root, "source")), fetched, parties, f"sha256:{digest}"
    )


def _party(tree: Tree, plain: Plain, index: int) -> Party:
    path = ("parties", index)
    first, until = _day(tree, plain, path, "from"), _day(tree, plain, path, "until")
    if first is not None and until is not None and until <= first:
        tree.blame((*path, "until"), "{day} is not later than {first}: the window runs backwards",
                   "give the day before which it holds", day=until.isoformat(), first=first.isoformat())  # fmt: skip
    return Party(str(at(plain, "id")), str(at(plain, "name")), texts(at(plain, "aliases")),
                 str(at(plain, "parent") or ""), first, until)  # fmt: skip


def _day(tree: Tree, plain: Plain, path: law_tree.Path, name: str) -> date | None:
    text = at(plain, name)
    if text is None:
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        tree.blame((*path, name), "“{text}” is no day", "write it as 2024-04-05", text=str(text))
        return None


def _same(name: str) -> str:
    """Return what two spellings of one name share."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())
