"""How are the names of the record's subjects, countries and grades read? In the words of the active language.

What the record names itself (missions, parties, transfers) keeps the name that it has there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aliquot.register import SAYS, PartyKind, Record

Named = dict[str, Promise]

# Subjects of statements that are no fact of their own.
SUBJECTS: Final[Named] = {
    "all-missions": _("All eleven missions"),
    "apollo": _("Apollo, all six landings"),
    "luna": _("Luna 16, 20 and 24"),
    "change": _("Chang'e-5 and Chang'e-6"),
    "change-distributed": _("Chang'e samples distributed"),
    "change-lending": _("How Chang'e samples are lent"),
    "goodwill-gifts": _("Goodwill gifts of Apollo 11 and Apollo 17"),
    "nasa-and-change-samples": _("NASA and the Chang'e samples"),
    "nasa-loans": _("Loans of NASA"),
    "theft-2002": _("The theft of 2002 at Johnson Space Center"),
    "wolf-amendment": _("The Wolf Amendment"),
    "outer-space-treaty": _("Outer Space Treaty"),
    "moon-agreement": _("Moon Agreement"),
    "artemis-accords": _("Artemis Accords"),
    "ilrs": _("International Lunar Research Station"),
    "artemis": _("Artemis missions"),
    "change-7": _("Chang'e-7"),
    "change-8": _("Chang'e-8"),
    "cn-crewed-landing": _("A crewed landing of China"),
    "lunar-sample-001": _("Lunar Sample 001"),
    "lunar-sample-measures": _("Measures for the Management of Lunar Samples"),
    "lunar-volcanism": _("Volcanism on the Moon"),
    "space-security-act": _("Frank Wolf Space Security Act"),
}
# Subjects that are instruments of the law library.
LAWS: Final = {
    "outer-space-treaty": "un/outer-space-treaty",
    "moon-agreement": "un/moon-agreement",
    "artemis-accords": "artemis/accords",
    "ilrs": "ilrs/membership",
    "lunar-sample-measures": "cn/lunar-sample-measures",
    "wolf-amendment": "us/wolf",
}
# What stands as the object of a relation and is no name.
OBJECTS: Final[Named] = {
    "near side": _("near side"),
    "far side": _("far side"),
    "sample return": _("sample return"),
    "far-side sample return": _("far-side sample return"),
    "display abroad": _("display abroad"),
    "gift": _("gift"),
    "applications": _("applications"),
    "persons": _("people"),
    "institutions": _("institutions"),
    "countries": _("countries"),
    "samples": _("samples"),
    "lots": _("lots"),
    "nations": _("nations"),
    "US states": _("US states"),
    "US territories": _("US territories"),
    "restricts": _("restricts"),
    "bars": _("bars"),
    "bars unless authorised": _("bars unless authorised"),
}
PROGRAMMES: Final[Named] = {"apollo": _("Apollo"), "luna": _("Luna"), "change": _("Chang'e")}
# Countries that give, receive, hold or ask through an institution alone, so that the record has no party for them.
COUNTRIES: Final[Named] = {
    "AR": _("Argentina"),
    "AT": _("Austria"),
    "AU": _("Australia"),
    "BE": _("Belgium"),
    "BR": _("Brazil"),
    "CA": _("Canada"),
    "CH": _("Switzerland"),
    "CL": _("Chile"),
    "CZ": _("Czechia"),
    "DE": _("Germany"),
    "DK": _("Denmark"),
    "EG": _("Egypt"),
    "ES": _("Spain"),
    "FI": _("Finland"),
    "GB": _("United Kingdom"),
    "HU": _("Hungary"),
    "IE": _("Ireland"),
    "IL": _("Israel"),
    "IN": _("India"),
    "IT": _("Italy"),
    "JP": _("Japan"),
    "KR": _("Republic of Korea"),
    "MX": _("Mexico"),
    "MY": _("Malaysia"),
    "NL": _("Netherlands"),
    "NO": _("Norway"),
    "NZ": _("New Zealand"),
    "PL": _("Poland"),
    "PT": _("Portugal"),
    "RO": _("Romania"),
    "SE": _("Sweden"),
    "SG": _("Singapore"),
    "TH": _("Thailand"),
    "TR": _("Türkiye"),
    "UA": _("Ukraine"),
    "ZA": _("South Africa"),
}
# Kinds of transfer, many at once.
KINDS: Final[Named] = {
    "gift": _("gifts"),
    "exchange": _("exchanges"),
    "donation": _("donations"),
    "transfer": _("transfers of title"),
    "deposit": _("deposits"),
    "research-loan": _("research loans"),
    "display-loan": _("display loans"),
    "loan-approved": _("loans approved"),
    "display": _("displays"),
}
PARTIES: Final[Named] = {
    "state": _("States"),
    "region": _("Regions and cities"),
    "agency": _("Agencies"),
    "institution": pgettext_lazy("who gives, receives or holds", "Institutions"),
    "museum": _("Museums"),
    "person": _("Persons"),
    "many": _("Groups"),
}
PARTY: Final[Named] = {
    "state": _("State"),
    "region": _("Region or city"),
    "agency": _("Agency"),
    "institution": _("Institution"),
    "museum": _("Museum"),
    "person": _("Person"),
    "many": _("Group"),
}
GRADES: Final[Named] = {
    "A": _("official or primary source"),
    "B": _("agency, press or institution page"),
    "C": _("aggregator, mirror or derivative"),
}
LANGUAGES: Final[Named] = {
    "de": _("German"),
    "en": _("English"),
    "fr": _("French"),
    "hu": _("Hungarian"),
    "ja": _("Japanese"),
    "ru": _("Russian"),
    "zh": _("Chinese"),
}


# How a fact is tied to another, and how that one is to it.
TIES: Final[dict[tuple[str, bool], Promise]] = {
    ("contradicts", False): _("contradicts"),
    ("contradicts", True): _("is contradicted by"),
    ("supersedes", False): _("supersedes"),
    ("supersedes", True): _("is superseded by"),
    ("same-event", False): _("tells of the same event as"),
    ("same-event", True): _("is told of the same event by"),
}


def shares() -> dict[str, str]:
    """Return what may have become of a part of a mission's mass, in words."""
    return {
        "whole": str(_("brought to Earth")),
        "given": str(_("given, exchanged or handed over")),
        "lent": str(_("lent for research")),
        "shown": str(_("lent or set out for show")),
        "stored": str(_("stored elsewhere as a backup")),
        "consumed": str(_("used up, of what was given or lent")),
        "left": str(_("unexplained: in store, or not published")),
    }


def party_kind(kind: PartyKind) -> str:
    return str(PARTY[kind.value])


def said_of(says: str) -> str:
    """Return a predicate in words."""
    return SAYS[says].text(language())


def language() -> str:
    """Return the active language, as the record names languages."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def listed(names: Iterable[str]) -> str:
    """Return the names one after the other, as the active language parts them."""
    return pgettext("in a list", ", ").join(names)


def country(record: Record, code: str) -> str:
    """Return the name of a country; that of the state itself where the record has it."""
    states = (one for one in record.parties.values() if one.country == code and one.kind is PartyKind.STATE)
    found = next(states, None)
    return found.name.text(language()) if found else str(COUNTRIES.get(code, code))
