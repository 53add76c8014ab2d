"""Which thing of the record does a normal form of the reading desk mean, and how is it called? CE-5, CN, Osaka University."""

from __future__ import annotations

from aliquot.reading import known
from aliquot.register import PartyKind, Record
from aliquot.site.queries.register import shown, words
from aliquot.site.queries.register.shown import Name

_SUBJECTS = {
    "Apollo": "apollo", "Luna": "luna", "CE": "change", "all": "all-missions", "Wolf Amendment": "wolf-amendment",
    "Procedures for Requesting Lunar Samples": "lunar-sample-measures", "Lunar Sample 001": "lunar-sample-001",
}  # fmt: skip


class NormalForms:
    """The normal forms that the record has something for."""

    def __init__(self, record: Record) -> None:
        self._record = record
        states = [
            key for key, party in record.parties.items() if party.kind in (PartyKind.STATE, PartyKind.REGION)
        ]
        self._keys: dict[str, str] = {}
        for key in [*record.missions, *states, *record.parties]:  # a state itself before its agencies
            self._keys.setdefault(known.name_of(record, key), key)

    def key(self, form: str) -> str:
        """Return the key under which the record has it; empty where it has none."""
        return self._keys.get(form) or _SUBJECTS.get(form, "")

    def name(self, form: str) -> Name:
        """Return its name in the reader's language, with its page where there is one."""
        key = self.key(form)
        if key:
            return shown.subject(self._record, key)
        return Name(words.country(self._record, form) if len(form) == 2 else form)
