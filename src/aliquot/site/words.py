"""How are the codes of the catalogue and the ledger read by people? One word or sentence for each, translatable."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, Promise]

FORMS: Final[Words] = {
    "bulk": _("bulk soil"),
    "powder": _("powder"),
    "fragment": _("lithic fragment"),
    "rock": _("rock"),
    "core": _("core"),
    "mount": _("polished mount"),
    "section": _("thin section"),
    "display": _("display"),
}
# As the collections write it; what else is written there is shown as written.
MATERIALS: Final[Words] = {
    "soil": _("soil"),
    "rock": _("rock"),
    "basalt": _("basalt"),
    "breccia": _("breccia"),
}
CONDITIONS: Final[Words] = {
    "pristine": _("pristine"),
    "air-exposed": _("air-exposed"),
    "returned": _("returned"),
    "special": _("special"),
}
USES: Final[Words] = {
    "permanent": _("permanent store"),
    "backup": _("backup store"),
    "research": _("research"),
    "public-interest": _("public interest"),
}
AVAILABILITIES: Final[Words] = {
    "requestable": _("can be requested"),
    "stored": _("in store, not offered"),
    "reserved": _("promised"),
    "sealed": _("sealed"),
    "lent": _("on loan"),
    "given": _("given away"),
    "spent": _("used up"),
    "missing": _("missing"),
    "unweighed": _("no mass recorded"),
}
SIZES: Final[Words] = {
    "none": _("nothing left"),
    "under-1-mg": _("under 1 mg"),
    "1-mg-10-mg": _("1 mg to 10 mg"),
    "10-mg-100-mg": _("10 mg to 100 mg"),
    "100-mg-1-g": _("100 mg to 1 g"),
    "1-g-10-g": _("1 g to 10 g"),
    "10-g-100-g": _("10 g to 100 g"),
    "100-g-1-kg": _("100 g to 1 kg"),
    "1-kg-up": _("1 kg and more"),
}
FACETS: Final[Words] = {
    "mission": _("Mission"),
    "use_class": _("Class of use"),
    "form": _("Form"),
    "condition": _("Condition"),
    "availability": _("Availability"),
    "size": _("Mass today"),
    "country": _("Country"),
    "holder": _("With whom"),
}
# A holder whose public name is not recorded is called by what it is.
ROOTS: Final[Words] = {
    "origin": _("the mission or giver"),
    "place": _("this facility"),
    "transit": _("on its way"),
    "loan": _("a borrower"),
    "given": _("a new owner"),
    "missing": _("missing"),
    "drift": _("found by reweighing"),
    "spent": _("used up"),
    "spent:attrition": _("lost in handling"),
    "spent:consumption": _("used up by analysis"),
    "spent:destruction": _("destroyed"),
}
KINDS: Final[Words] = {
    "receive": pgettext_lazy("kind of entry", "received"),
    "split": pgettext_lazy("kind of entry", "split"),
    "combine": pgettext_lazy("kind of entry", "combined"),
    "renumber": pgettext_lazy("kind of entry", "renumbered"),
    "move": pgettext_lazy("kind of entry", "moved"),
    "ship": pgettext_lazy("kind of entry", "shipped"),
    "deliver": pgettext_lazy("kind of entry", "delivered"),
    "consume": pgettext_lazy("kind of entry", "used up"),
    "return": pgettext_lazy("kind of entry", "returned"),
    "give": pgettext_lazy("kind of entry", "given away"),
    "lose": pgettext_lazy("kind of entry", "lost"),
    "find": pgettext_lazy("kind of entry", "found"),
    "adjust": pgettext_lazy("kind of entry", "adjusted"),
    "correct": pgettext_lazy("kind of entry", "corrected"),
    "record": pgettext_lazy("kind of entry", "register"),
    "stated": pgettext_lazy("kind of entry", "stated by a catalogue"),
}
DEEDS: Final[Words] = {
    "receive": _("Samples arrived and were entered in the ledger."),
    "split": _("A sample was cut into daughters; what was lost in cutting is recorded."),
    "combine": _("Several samples became one."),
    "renumber": _("A sample got a new number; the old one stays findable."),
    "move": _("A sample changed its place within the store."),
    "ship": _("A sample left the house and is on its way."),
    "deliver": _("A sample arrived where it was sent."),
    "consume": _("Part of a sample was used up."),
    "return": _("A sample came back from a loan."),
    "give": _("A sample passed into other ownership."),
    "lose": _("A sample was not found where the ledger had it."),
    "find": _("A sample that was missing was found."),
    "adjust": _("A reweighing differed from the ledger, and the ledger was adjusted."),
    "correct": _("An earlier entry was wrong; this one sets it right."),
    "record": _("A step of the public register is on record with the hash of its text; no mass moved."),
}
NAMES: Final[Words] = {
    "former": _("former number"),
    "temporary": _("temporary number"),
    "published": _("number in a publication"),
    "unofficial": _("unofficial name"),
    "museum": _("number in a museum"),
}
PARTS: Final[Words] = {
    "mission": _("mission"),
    "collected": _("how collected"),
    "container": _("container or segment"),
    "use": _("use"),
    "form": _("form"),
    "serial": _("serial number"),
    "split": _("split"),
    "preparation": _("preparation"),
    "generic": _("generic number"),
    "specific": _("specific number"),
    "chamber": _("chamber"),
    "subsample": _("subsample"),
    "collection": _("collection"),
    "lot": _("lot"),
}
# What a sample was in an act at the bench.
PARTS_IN_ACTS: Final[Words] = {"parent": _("taken from"), "daughter": _("made"), "handled": _("handled")}
MEANINGS: Final[Words] = {
    "scooped": _("scooped"),
    "drilled": _("drilled"),
    "powder": _("powder"),
    "lithic fragment": _("lithic fragment"),
    "polished mount": _("polished mount"),
    "research": _("research"),
}
# Facilities whose name this program gives itself.
FACILITIES: Final[Words] = {"Demonstration facility": _("Demonstration facility")}
ALL: Final[dict[str, Words]] = {
    "form": FORMS,
    "material": MATERIALS,
    "condition": CONDITIONS,
    "use_class": USES,
    "availability": AVAILABILITIES,
    "size": SIZES,
    "facet": FACETS,
    "root": ROOTS,
    "kind": KINDS,
    "deed": DEEDS,
    "name": NAMES,
    "part": PARTS,
    "part_in_act": PARTS_IN_ACTS,
    "meaning": MEANINGS,
    "facility": FACILITIES,
}


def said(about: str, code: str) -> Promise | str:
    """Return the words for a code of a kind; a code that has none is shown as it is written."""
    return ALL[about].get(code, code)


def root(holder: str) -> Promise | str:
    """Return what a holder is, by its key alone."""
    return ROOTS.get(holder) or ROOTS.get(holder.partition(":")[0], holder)
