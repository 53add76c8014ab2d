"""Who gives and who receives? By the voice of the verb and the words before each party."""

from __future__ import annotations

import re
from typing import Final

from aliquot.reading.claims import Context
from aliquot.reading.grammar import topics
from aliquot.reading.grammar.frames import Verb
from aliquot.reading.marks import Mark, Sentence

_NOT_TO: Final = re.compile(
    r"\b(?:visits?|trips?|travel\w*|tour|flew|came|went|return\w*|relations?|ambassador|envoy|between|tensions|"
    r"war|from|visite|voyage|Besuch|in|access)\s+(?:d'\w+ )?(?:officielle? )?(?:to|in|with|en|à|with|the|"
    r"in der|in|from)?\s*(?:the )?$",
    re.IGNORECASE,
)
_MOUTH: Final = re.compile(
    r"\b(?:mission|programme|program|probe|sample|samples|rocks?|soil)\s*$", re.IGNORECASE
)
BY: Final = re.compile(
    r"\b(?:by|from|par|de la part de|de la|de|von|venue? de|through|via)\s+(?:the |la |l'|then-|then |"
    r"der )?(?:\w+\s){0,2}?$",
    re.IGNORECASE,
)
TO: Final = re.compile(
    r"\b(?:to|for|among|à|aux?|à la|an|dem|der|den|zu)\s+(?:[^\s,;]+\s+){0,5}?$", re.IGNORECASE
)
_PASSIVE: Final = re.compile(
    r"\b(?:was|were|been|being|is|are|be|été|wurden?|worden|est|sont)\s+(?:\w+ly\s+|also\s+|then\s+|later\s+|"
    r"first\s+|each\s+|both\s+|all\s+|even\s+|even\s+been\s+)?$",
    re.IGNORECASE,
)
# "Greece has an Apollo 11 fragment, given by President Nixon"
_GIVEN_BY: Final = re.compile(r", (?:given|presented|donated|offered|handed) by ")
TAKES: Final = re.compile(
    r"got$|accepted$|t(?:ake|akes|ook|aken|aking) $|recipients? of|receiv\w*|went (?:home|away) .*with|(?:came|come|comes|gone|"
    r"walked) away from .*with|(?:flew|sent|came|travell?ed) home with|t(?:ook|aken|aking) (?:delivery|"
    r"possession) of|reçu\w*|erhielt\w*|erhalten|bekam\w*|bekommen|获赠|收到|受け",
    re.IGNORECASE,
)
IS_NOUN: Final = re.compile(
    r"^(?:gifts?|presents?|donations?|courtesy of|don|cadeau|geschenke?|礼物|国礼|赠礼|贈り物|寄贈)$",
    re.IGNORECASE,
)


# "Xi presented him with": somebody of the other state that is named.
_HIM: Final = re.compile(
    r"\s+(?:him|her|them|(?:his|her|the) (?:\w+ )?(?:guests?|visitors?|counterpart|host))\b"
)


_ADJECTIVE: Final = re.compile(r"(?:ese|an|ish|ch|Soviet|Thai)$")
_MATERIAL: Final = re.compile(
    r"\s+(?:own |first |latest |rare |precious |new )*(?:moon|lunar|samples?|rocks?|soil|dust|sample|material|"
    r"missions?|probes?|programme|program|spacecraft|chip)\b"
)


def is_of_material(sentence: Sentence, mark: Mark) -> bool:
    """Whether a state only says where the material is from: "Chinese moon samples", "an American chip"."""
    text = sentence.text
    return (
        mark.sort == "state"
        and bool(_ADJECTIVE.search(text[mark.start : mark.end]))
        and bool(_MATERIAL.match(text, mark.end))
    )


def is_noun(sentence: Sentence, verb: Verb) -> bool:
    """Whether a word of giving is a noun: "a present", and not "presents China with" or "to present"."""
    behind = re.match(r"\s+(?:the )?[A-Z]|\s+(?:him|her|them|its)\b", sentence.text[verb.end :])
    acts = verb.text.casefold() in ("presents", "gifts") and behind
    led = re.search(r"\b(?:to|will|did|has)\s+$", sentence.text[: verb.start], re.IGNORECASE)
    return bool(IS_NOUN.match(verb.text)) and not led and not acts


def is_laboratory(mark: Mark) -> bool:
    """Whether a party studies what it gets: a house that is no museum, academy or planetarium."""
    return (
        mark.sort == "institution"
        and mark.state != "person"
        and not re.search(r"Mus[eé]|Academy|Planetarium", mark.name)
    )


def _states(marks: list[Mark]) -> list[Mark]:
    return [m for m in marks if m.sort in ("state", "place", "institution")]


def roles(sentence: Sentence, verb: Verb, context: Context) -> tuple[str, list[Mark]]:
    """Return giver and receivers, by the verb's voice and the words before each party."""
    marks = [m for m in _states(list(sentence.all("party"))) if not is_of_material(sentence, m)]
    ahead, behind = [m for m in marks if m.end <= verb.start], [m for m in marks if m.start >= verb.end]
    ahead = [
        m for m in ahead if not _NOT_TO.search(sentence.before(m, 40)) or m is (ahead[-1] if ahead else None)
    ]
    givers_by = [
        m
        for m in sentence.all("party")
        if m.sort == "state"
        and m.start >= verb.end
        and BY.search(sentence.before(m, 30))
        and not _MOUTH.search(sentence.after(m, 20).split(",")[0][:18])
    ]
    taken = bool(TAKES.match(verb.text))
    passive = bool(_PASSIVE.search(sentence.text[max(0, verb.start - 26) : verb.start]))
    passive = passive or bool(_GIVEN_BY.search(sentence.text[max(0, verb.start - 3) : verb.end + 4]))
    noun = is_noun(sentence, verb)
    if told := _told_otherwise(sentence, verb, ahead, behind, noun=noun):
        return told
    if passive and (given := _given(sentence, verb, ahead, behind, givers_by)):
        return (
            givers_by[0].name
            if givers_by
            else _other(context, given, [])
            if given[0].state == "person"
            else ""
        ), given
    if verb.text.casefold() == "carried" and givers_by:  # "flew to Beijing; he carried a gram from Carter"
        return givers_by[0].name, [m for m in ahead if m.sort == "state" and m.name != givers_by[0].name][-1:]
    if taken and (visit := _visit(sentence, ahead)):
        return visit
    if taken:
        return _giver_of_taking(sentence, verb, context, ahead, givers_by), _last_group(sentence, ahead)
    receivers = _after(sentence, verb, behind, givers_by, direct=not passive and not noun)
    receivers = receivers or _him(sentence, verb, ahead)
    if passive:
        return _of_passive(sentence, verb, context, ahead, receivers, givers_by)
    if noun:
        return _of_noun(sentence, verb, context, ahead, receivers, givers_by)
    if not ahead and len(behind) > 1 and sentence.language == "de":  # "2023 schenkte China Frankreich ..."
        return behind[0].state, behind[1:]
    giver = (
        ahead[-1].state if ahead and ahead[-1].sort != "institution" else (context.giver if receivers else "")
    )
    return giver, receivers


_OF_WHOM: Final = re.compile(
    r" of (?:the )?(?:(?:people|government|president|citizens|nation) of )?(?:the )?(?:President )?"
)


def _of_noun(
    sentence: Sentence, verb: Verb, context: Context, ahead: list[Mark], receivers: list[Mark], by: list[Mark]
) -> tuple[str, list[Mark]]:
    """Return giver and receivers of "a gift": "Honduras's moon rock, a gift from Nixon", "Ireland had two presents from"."""
    behind = [m for m in sentence.all("party") if m.sort == "state" and m.start >= verb.end]
    if behind and _OF_WHOM.fullmatch(sentence.text[verb.end : behind[0].start]):  # "gift of the people of"
        return behind[0].name, [m for m in receivers if m.name != behind[0].name]
    guests = [m for m in ahead if sentence.after(m, 8).startswith("'s visit")]
    if guests and not receivers and len(ahead) > 1:  # "marked Putin's visit with a gift"
        return next((m.name for m in ahead if m.name != guests[0].name), ""), guests[:1]
    giver = by[0].name if by else _other(context, receivers, ahead)
    gap = sentence.text[ahead[-1].end : verb.start] if ahead else ""
    if not receivers and by and ahead and (_OWN.match(sentence.text, ahead[-1].end) or _HAD.fullmatch(gap)):
        return giver, [ahead[-1]]
    dated = [m for m in behind if m not in by and _IN_YEAR.match(sentence.text, m.end)]
    if not receivers and len(dated) > 1:  # "as a gift from China, Russia in 2022 and France in 2023"
        return giver, dated
    return giver, [m for m in receivers if m.name != giver]


_IN_YEAR: Final = re.compile(r",? in (?:\w+ )?(?:19|20)\d\d\b")
_VISIT_TO: Final = re.compile(r"\b(?:visit|trip|tour|journey)\w* (?:to|of|in) (?:the )?$", re.IGNORECASE)


def _visit(sentence: Sentence, ahead: list[Mark]) -> tuple[str, list[Mark]] | None:
    """Return host and guest of "During President Xi's visit to Russia, he received 1.5 grams"."""
    states = [m for m in ahead if m.sort == "state"]
    hosts = [m for m in states if _VISIT_TO.search(sentence.before(m, 16))]
    guests = [m for m in states if hosts and m.end <= hosts[-1].start and m.name != hosts[-1].name]
    return (hosts[-1].name, guests[-1:]) if guests else None


def _of_passive(
    sentence: Sentence, verb: Verb, context: Context, ahead: list[Mark], receivers: list[Mark], by: list[Mark]
) -> tuple[str, list[Mark]]:
    giver = by[0].name if by else _other(context, receivers, [])
    if not receivers:
        receivers = [m for m in _last_group(sentence, ahead) if not by or m.name != giver]
    named = {m.name for m in receivers}
    by_subject = not by and ahead and receivers and ahead[-1].name not in named
    if by_subject and "with" not in sentence.text[verb.end : verb.end + 6]:
        giver = giver or ahead[-1].name
    return giver, [m for m in receivers if m.name != giver]


def _given(
    sentence: Sentence, verb: Verb, ahead: list[Mark], behind: list[Mark], by: list[Mark]
) -> list[Mark]:
    """Return the subject of "Brazil's president was handed two grams"; a person named before it is the subject."""
    listed = [m for m in behind if m not in by and m.sort == "state"] if not ahead else []
    if (
        listed and ": " in sentence.text[verb.end : listed[0].start]
    ):  # "two were given 1.5 grams: Putin in 2022 and"
        return listed
    person = [m for m in ahead if m.state == "person"]
    if person and not TO.search(sentence.before(person[-1], 30)):
        return person[-1:]
    if (
        not ahead
        or TO.search(sentence.before(ahead[-1], 30))
        or re.match(r"\s+(?:to|by)\b", sentence.text[verb.end :])
    ):
        return []
    if not _IS_SUBJECT.fullmatch(sentence.text[ahead[-1].end : verb.start]):
        return []
    return [m for m in _last_group(sentence, ahead) if m.state not in {g.state for g in by}]


# What may stand between who was given and "was given": no word for what was given.
_IS_SUBJECT: Final = re.compile(
    r"(?:'s|s')?[,)]?\s+(?:(?!samples?|rocks?|soil|dust|grams?|gifts?|pieces?|stones?|share|portion|material|"
    r"vials?|chips?|fragments?|which|that|it)[\w-]+\s+){0,4}(?:was|were|has been|have been|had been|is|are|"
    r"to be|being|will be)\s+(?:\w+ly\s+|also\s+|then\s+|later\s+|each\s+|both\s+|all\s+)?"
)


_OWN: Final = re.compile(
    r"(?:'s?)? (?:[\w-]+ ){0,5}?(?:rocks?|samples?|stones?|pieces?|moonrocks?|displays?|plaques?),? (?:was |"
    r"were )?(?:an? )?$|(?:'s?)? [^.;]{0,40}, an? "
)


# "Ireland had two presents from the White House", "Putin took home 1.5 grams, a gift from Xi"
_HAD: Final = re.compile(
    r",? (?:ha[sd]|have|has had|had had|got|owes|took home|went home with) (?:[\w.'-]+ ){0,7}?|,? (?:took|"
    r"brought|carried|went home with|keeps?|has) [^;]{0,60}, an? (?:\w+ )?"
)


def _him(sentence: Sentence, verb: Verb, ahead: list[Mark]) -> list[Mark]:
    """Return whom "presented him with" means: the other one that is named before."""
    if len(ahead) < 2 or not _HIM.match(sentence.text[verb.end :]):
        return []
    if len({m.name for m in ahead}) > len(("giver", "receiver")):
        return []  # of three nobody knows who is meant
    return [m for m in ahead if m.name != ahead[-1].name][:1]


# "Peru was among the countries to which Nixon gave a rock"
_AMONG: Final = re.compile(
    r"\b(?:among|one of) the (?:\w+ )?(?:countries|nations|states|governments) (?:to (?:which|whom)|that) (?:the |President )*$"
)


def _told_otherwise(
    sentence: Sentence, verb: Verb, ahead: list[Mark], behind: list[Mark], *, noun: bool
) -> tuple[str, list[Mark]] | None:
    """Return giver and receivers of "X thanked Y for the gift", "made X a present of" and the like; None of all else."""
    if len(ahead) > 1 and re.fullmatch(
        r",? to (?:whom|which) (?:the )?", sentence.text[ahead[-2].end : ahead[-1].start]
    ):
        return ahead[-1].state, ahead[-2:-1]  # "Nina Koroleva, to whom the Soviet government gave them"
    if len(ahead) > 1 and _AMONG.search(sentence.text[ahead[0].end : ahead[-1].start]):
        return ahead[-1].state, ahead[:1]
    made = re.search(r"\bmade (?:\S+ ){1,4}an? (?:\w+ )?$", sentence.text[: verb.start])
    if noun and made and len(ahead) > 1 and ahead[-1].start > made.start() >= ahead[-2].end:
        return ahead[-2].state, ahead[-1:]
    if verb.text.casefold() == "courtesy of" and behind and ahead:
        return behind[0].state, [m for m in ahead if m.sort == "state" and m.name != behind[0].state][-1:]
    if verb.text.casefold().startswith("thank") and ahead and behind:
        return behind[0].state, ahead[-1:]
    if noun and len(behind) > 1 and re.match(r"\s+(?:that|which)\s", sentence.text[verb.end :]):
        return behind[0].state, behind[1:2]
    return None


def _giver_of_taking(
    sentence: Sentence, verb: Verb, context: Context, ahead: list[Mark], by: list[Mark]
) -> str:
    if by:
        return by[0].name
    visited = [
        m.name
        for m in sentence.all("party")
        if m.start > verb.end
        and re.search(r"\b(?:visit|trip)\w* to (?:the )?$", sentence.before(m, 24), re.IGNORECASE)
    ]
    receiver = ahead[-1].state if ahead else ""
    if receiver.startswith("US-"):  # "from the federal government"
        return "US"
    others = [
        m.name
        for m in sentence.all("party")
        if m.sort == "state" and m.name != receiver and m.start > verb.end
    ]
    if visited:
        return visited[0]
    if re.search(r"Chang|CE-", sentence.text) and receiver != "CN":
        return "CN"
    given = context.giver if context.giver != receiver else ""
    chinese = "CN" if context.mission.startswith("CE") and receiver != "CN" else ""
    return others[0] if others else given or chinese


def _other(context: Context, receivers: list[Mark], ahead: list[Mark]) -> str:
    names = {m.name for m in receivers}
    given = [m.name for m in ahead if m.name not in names and m.sort == "state"]
    if given:
        return given[-1]
    return context.giver if context.giver not in names else ""


def _last_group(sentence: Sentence, ahead: list[Mark]) -> list[Mark]:
    groups = [g for g in topics.lists(sentence) if ahead and any(m is ahead[-1] for m in g)]
    group = [m for m in (groups[0] if groups else []) if m in ahead]
    kept = topics.merged(sentence, group)
    return kept if len(kept) < 2 or len(group) > 1 else kept[-1:]


# another gift, told as the same: "and in April 2023 did as much for Macron"
AS_MUCH_FOR: Final = re.compile(
    r"\bd(?:id|oes|one) (?:as much|the same|likewise) for (?:the )?(?:\w+ ){0,2}$"
)
_ANOTHER: Final = re.compile(
    r"\b(?:is|are|was|were|has been|have been|can|now (?:in|at)|remains?|sits?|lies)\b(?! (?:among|one of))"
)


def _after(sentence: Sentence, verb: Verb, behind: list[Mark], by: list[Mark], *, direct: bool) -> list[Mark]:
    found: list[Mark] = []
    for mark in behind:
        before = sentence.text[verb.end : mark.start]
        gap = before[found[-1].end - verb.end :] if found else before
        if AS_MUCH_FOR.search(before) or _ANOTHER.search(gap):
            break  # "the rock that Carter gave is at ..."
        if mark in by and not re.search(r"\bto\b[^,]*$", before[-20:]):
            continue
        if _NOT_TO.search(sentence.before(mark, 44)) or re.search(
            r"[;]|\bduring\b|\bon (?:his|her|their)\b|\bwhile\b|\bfrom\b|\bafter\b|"
            r"(?<!people )(?<!government )(?<!president )(?<!state )(?<!citizens )(?<!governor )\bof (?:the )?$|"
            r"\bfor (?:the )?(?:Apollo|joint)",
            before[-60:],
            re.IGNORECASE,
        ):
            if not (
                found
                and re.match(
                    r"^\s*(?:,|and|in \d{4} and|in \w+ \d{4} and|et|und)", before[found[-1].end - verb.end :]
                )
            ):
                continue
            if re.search(r"\b(?:visits?|during|between|from)\b", before[-40:], re.IGNORECASE):
                continue
        adjacent = len(before) < 40 and not re.search(r"\d", before)
        if found or TO.search(before) or (direct and adjacent):
            found.append(mark)
    return topics.merged(sentence, found)
