"""What does a French or German sentence tell whose words stand in another order than the English ones?

A sentence is read clause by clause: the words of an act in it (`continental.toml`), and the names, numbers and dates beside
them. Who gives and who receives is told by the preposition before a name; where both languages leave it open, by its place.
What is told here is not read a second time by the families that know the English order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import continental_passing, topics, western
from aliquot.reading.grammar.western import LANGUAGES, REACH, TABLE, Clause
from aliquot.reading.marks import Quantity, Sentence

EXAMPLES: Final = (
    Example("La France s'est vu offrir 1,5 gramme du sol de Chang'e 5 en avril 2023.", ("gift(CN, FR) 1.5 g 2023-04",), "fr"),
    Example("Richard Nixon ließ Splitter von Mondgestein an 135 Nationen verteilen.", ("gift(US, nations) 135 count",), "de"),
    Example("Les accords Artemis ont été signés par 61 pays.", ("membership_count(Artemis Accords) 61 count",), "fr"),
    Example("Der Mondstein aus Honduras wurde 1998 in Miami beschlagnahmt.", ("recovered(HN) 1998",), "de"),
)  # fmt: skip


# A call, a programme, a campaign is "lancé" as a probe is.
_CALL_AHEAD: Final = re.compile(
    r"\b(?:appels?|campagnes?|programmes?|concours|procédures?|Ausschreibung|Aufruf|Programm|Wettbewerb)\b[^;]{0,60}$"
)


_OTHER_BIDS: Final = re.compile(
    r"\b(?:demandes|candidatures) (?:de (?:visites?|visas?|subventions?|bourses?)|d'(?:emploi|asile|interview))|"
    r"\b(?:Visa|Asyl|Stellen|Besuchs)\w*(?:anträge|anfragen|bewerbungen)"
)


def is_misread(sentence: Sentence, claim: Claim) -> bool:
    """Whether a call is taken for a flight, "un appel a été lancé", or what is hoped for as done, "veut devenir le quatrième pays"."""
    if sentence.language not in LANGUAGES:
        return False
    if claim.predicate == "applicants":
        return bool(_OTHER_BIDS.search(sentence.text))
    if claim.predicate == "rank":
        return bool(_WANTS.search(sentence.text))
    head = sentence.text[: claim.start + REACH // 4]
    return claim.predicate == "launched_on" and bool(_CALL_AHEAD.search(head)) and not sentence.all("mission")


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the claims of a French or German sentence that the other families would miss or mistake."""
    if sentence.language not in LANGUAGES or topics.is_other(sentence):
        return
    whole = Clause(sentence, 0, len(sentence.text))
    yield from _members(whole)
    yield from _walkers(whole)
    if not (context.material or topics.is_lunar(sentence, context) or sentence.all("mission")):
        return
    clauses = western.clauses(sentence)
    yield from _totals(whole)
    yield from _hauls(whole)
    yield from continental_passing.claims(whole, clauses, context)
    for clause in clauses:
        yield from _ages(clause, context)
    yield from _ranks(whole, context)
    yield from _crewed(clauses)
    yield from _scheduled(whole)


def _ages(clause: Clause, context: Context) -> Iterator[Claim]:
    """Yield the age of the clause's rocks, and by how much they are younger than others."""
    ages = clause.all("age")
    if (
        not ages
        or not clause.says("aged")
        or not (topics.is_matter(clause.sentence) or context.material or clause.all("mission"))
    ):
        return
    young, old = clause.says("young"), clause.says("old")
    missions = clause.all("mission")
    told = young or old
    low, high = told.span() if told else (clause.end, clause.end)
    subject = next((m.name for m in missions if m.end <= low), context.mission)
    compared = next((m.name for m in missions if m.start >= high), "")
    for mark in sorted(ages, key=lambda m: not _YOUNGER.match(clause.sentence.text, m.end)):
        of = _YOUNGER.match(clause.sentence.text, mark.end)
        if of and compared and subject and subject != compared:
            one, other = (subject, compared) if young else (compared, subject)
            yield Claim("age_difference", one, other, mark.quantity, start=mark.start, end=mark.end)
        elif not of and subject and not (young and len(ages) == 1 and young.start() - mark.end < _NEAR):
            yield Claim("age", subject, "", mark.quantity, start=mark.start, end=mark.end)


_NEAR: Final = 20  # characters


_YOUNGER: Final = re.compile(
    r"\s*(?:de moins|de plus|plus (?:jeune|vieux|ancien|récent)\w*|jünger\w*|älter\w*)\b"
)


_ORDINALS: Final = {
    1: r"premi(?:er|ère)|erste[rnsm]?", 2: r"deuxième|seconde?|zweite[rnsm]?", 3: r"troisième|dritte[rnsm]?",
    4: r"quatrième|vierte[rnsm]?", 5: r"cinquième|fünfte[rnsm]?",
}  # fmt: skip


def _ranks(whole: Clause, context: Context) -> Iterator[Claim]:
    """Yield "die vierte Nation, der eine Rückführung gelang": the n-th land or mission to bring samples back."""
    bring = whole.says("return_of_samples")
    if not bring or _WANTS.search(whole.sentence.text):
        return
    feat = "far-side sample return" if whole.says("far") else "sample return"
    missions = [m.name for m in whole.all("mission") if m.sort == "mission"]
    states = [m.name for m in western.states(whole)]
    noun = "|".join(lexicon.table(TABLE)["before_ordinal"][whole.sentence.language])
    for n, forms in _ORDINALS.items():
        told = re.search(
            rf"\b(?:{forms})\b (?:\w+ )?(?P<what>{noun})\b|\b(?:la|le) (?:{forms}) à\b",
            whole.sentence.text,
            re.IGNORECASE,
        )
        if not told:
            continue
        subject = (
            missions[0] if _FLIGHT.match(told["what"] or "") and missions else (states[0] if states else "")
        )
        if subject and not (feat == "sample return" and subject in missions):
            yield Claim(
                "rank", subject, feat, Quantity(Decimal(n), "count"), start=told.start(), end=told.end()
            )
        return
    never = whole.says("never")
    if (
        never
        and feat.startswith("far")
        and context.mission == "CE-6"
        and not missions
        and not whole.all("date")
    ):
        yield Claim(
            "rank",
            "CN",
            feat,
            Quantity(Decimal(1), "count"),
            start=never.start(),
            end=never.end(),
            hedge="asserted",
        )


# "möchte das vierte Land werden": it is not yet
_WANTS: Final = re.compile(
    r"\b(?:möchte|will|hofft|strebt|soll|ambitionne|veut|espère|rêve|entend|compte|pourrait|devrait)\b[^;]*"
    r"\b(?:werden|zu sein|d'être|être|devenir)\b"
)
_FLIGHT: Final = re.compile(r"missions?|sondes?|Sonde|Raumsonde|engins?|Raumfahrzeug", re.IGNORECASE)


def _crewed(clauses: list[Clause]) -> Iterator[Claim]:
    """Yield when China means to land people: "China will bis 2030 Astronauten auf den Mond bringen"."""
    for clause in clauses:
        china = any(m.name == "CN" for m in western.states(clause)) or re.search(
            r"[Tt]aïkonaut|Taikonaut", clause.sentence.text
        )
        dates = [m for m in clause.all("date") if m.name[:4] >= "2026"]
        if china and dates and clause.says("crew") and clause.says("on_moon") and clause.says("plan"):
            yield Claim(
                "mission_planned",
                "CN crewed landing",
                date=dates[-1].name,
                hedge="planned",
                start=dates[-1].start,
            )


def _scheduled(whole: Clause) -> Iterator[Claim]:
    """Yield for when a flight was planned: "dessen Mission Chang'e 5 für Dezember angesetzt ist"."""
    word, missions = whole.says("schedule"), [m for m in whole.all("mission") if m.sort == "mission"]
    near = [d for d in whole.all("date") if word and missions and 0 <= d.start - missions[0].end < REACH]
    if word and near and len(missions) == 1 and not _BROUGHT.search(whole.text):
        yield Claim(
            "mission_planned", missions[0].name, date=near[0].name, hedge="planned", start=missions[0].start
        )


def _members(whole: Clause) -> Iterator[Claim]:
    """Yield how many have signed the Artemis Accords: "Quarante-trois pays ont signé les accords Artemis"."""
    member = whole.says("member") if whole.says("artemis") else None
    if not member:
        return
    if nth := _NTH.search(whole.sentence.text):
        yield Claim(
            "membership_count",
            "Artemis Accords",
            quantity=Quantity(Decimal(nth["n"]), "count"),
            start=nth.start(),
        )
    elif numbers := western.bare_numbers(whole):
        count = min(numbers, key=lambda one: abs(one[0] - member.start()))[1]
        yield Claim(
            "membership_count", "Artemis Accords", quantity=count, start=member.start(), end=member.end()
        )


_NTH: Final = re.compile(
    r"\b(?P<n>\d{2,3})(?:e|ème|\.) (?:pays |État |Staat )?(?:signataire|membre|Unterzeichner|Mitglied)",
    re.IGNORECASE,
)


def _walkers(whole: Clause) -> Iterator[Claim]:
    """Yield how many walked on the Moon: "douze en tout à avoir foulé le sol lunaire"."""
    walked, numbers = whole.says("walked"), western.bare_numbers(whole)
    if walked and numbers and _GROUND.search(whole.sentence.text):
        count = min(numbers, key=lambda one: abs(one[0] - walked.start()))[1]
        yield Claim("persons_on_moon", "Apollo", quantity=count, start=walked.start(), end=walked.end())


_GROUND: Final = re.compile(r"\b(?:Lune|lunaire|Mond(?:es|boden|oberfläche)?)\b")


_TOTAL: Final = {
    "Apollo": re.compile(
        r"\b(?:six|sechs) (?:\w+ )?(?:équipages|missions|Missionen|Flüge|Flügen|Apollo-\w+|Besatzungen|Landungen|alunissages)|"
        r"\b(?:missions|astronautes|équipages|programme) (?:d')?Apollo|Apollo-(?:Missionen|Astronauten|Besatzungen|Programm|Flüge)"
    ),
    "Luna": re.compile(
        r"\b(?:trois|drei) (?:\w+ )?(?:robots|sondes|engins|Sonden)(?: soviétiques)?(?: Luna)?\b|Luna-(?:Sonden|Missionen)"
    ),
}  # fmt: skip


def _totals(whole: Clause) -> Iterator[Claim]:
    """Yield what a programme brought: "les six équipages ont rapporté trois cent quatre-vingt-deux kilogrammes"."""
    for clause in western.clauses(whole.sentence):
        bring = _BROUGHT.search(clause.text)
        masses = [m for m in clause.all("mass") if m.quantity]
        named = next((name for name, words in _TOTAL.items() if words.search(clause.text)), "")
        if bring and named and masses and len(clause.all("mission")) <= 1:
            quantity = masses[0].quantity
            if quantity and (named != "Apollo" or quantity.value > _ONE_MISSION_G):
                yield Claim("total_returned", named, "", quantity, start=masses[0].start, end=masses[0].end)


def _hauls(whole: Clause) -> Iterator[Claim]:
    """Yield "le butin de Chang'e 5, qui s'élevait à 1 731 grammes"."""
    text, masses = whole.text, whole.all("mass")
    for mission in whole.all("mission"):
        behind = [m for m in masses if m.start >= mission.end]
        if mission.sort == "mission" and _HAUL_OF.search(text[: mission.start]) and behind:
            mass = behind[0]
            yield Claim("returned_mass", mission.name, "", mass.quantity, start=mass.start, end=mass.end)
            return


_HAUL_OF: Final = re.compile(
    r"\b(?:butin|moisson|récolte|prélèvements|Ausbeute|Ernte|Fracht) (?:de |d'|von )(?:la mission |der Mission )?$"
)
_ONE_MISSION_G: Final = 120_000  # no mission brought as much


_BROUGHT: Final = re.compile(
    r"\b(?:rapport|ramen|récolt|livr)\w+|"
    r"\b(?:contentée?s de|brachten?|holten|geholt|geschafft|schafften|gebracht|eingesammelt|gesammelt|sammelten)\b"
)


def house(sentence: Sentence) -> str:
    """Return the museum that a French or German sentence named last, for "dort" and "y" in the next."""
    named = [
        m.name
        for m in sentence.all("party")
        if m.sort == "institution" and continental_passing.KEEPS.search(m.name)
    ]
    return named[-1] if named and sentence.language in LANGUAGES else ""
