"""What changes hands in a French or German sentence? Gifts, losses, exchanges, sales, loans, calls, and what museums show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading.claims import Claim, Context
from aliquot.reading.grammar import topics, western
from aliquot.reading.grammar.western import HOMES, REACH, SMALL_G, Clause
from aliquot.reading.marks import Mark, Quantity, Sentence

_GOODWILL: Final = "goodwill rocks"
_OF_NASA: Final = "NASA collection"


def claims(whole: Clause, clauses: list[Clause], context: Context) -> Iterator[Claim]:
    """Yield what is given, lost, found, exchanged, sold, lent, asked for and shown in a sentence and its clauses."""
    yield from _to_many(whole, context)
    yield from _handed(whole, context)
    yield from _lost_and_found(clauses, context)
    yield from _exchanges(whole)
    for clause in clauses:
        yield from _sales(clause, context)
    yield from _loans(clauses, context)
    yield from _rounds(clauses, context)
    yield from _calls(clauses, context)
    yield from _asked(whole, context)
    yield from _leave(whole, context)
    yield from _shown(clauses, context)


_TO: Final = re.compile(
    r"\b(?:à|aux?|an|dem|der|zugunsten|au profit d[eu])\s*(?:l'|la |le |les |den |die |das |dem |der )?(?:[\w-]+ ){0,2}$",
    re.IGNORECASE,
)


_FROM: Final = re.compile(
    r"\b(?:par|de la part d[eu]|von|durch|seitens|d[eu]|vom)\s*(?:l'|la |le |les |den |der |dem )?(?:\w+ ){0,2}$|\bd'$",
    re.IGNORECASE,
)


_AT: Final = re.compile(
    r"\b(?:in|im|en|bei|beim|nach|chez|dans|devant)\s+(?:der |dem |den |la |le )?(?:\w+ )?$|\bà $",
    re.IGNORECASE,
)


def _home(sentence: Sentence, context: Context) -> str:
    """Return the state whose material a sentence speaks of: by mission, by name, or as before."""
    homes = {HOMES.get(re.split(r"[- ]", m.name)[0], "") for m in sentence.all("mission")} - {""}
    if len(homes) == 1:
        return homes.pop()
    return context.lender or HOMES.get(re.split(r"[- ]", context.mission)[0], "") or context.keeper


def _to_many(whole: Clause, context: Context) -> Iterator[Claim]:
    """Yield the goodwill gifts: "Nixon en fit remettre à 135 pays et aux 50 États américains"."""
    sentence, out = whole.sentence, whole.says("give_out")
    of_goodwill = context.collection == _GOODWILL or context.keeper == "US" or context.giver == "US"
    if not out or not (whole.says("american") or of_goodwill) or whole.says("apply") or whole.says("member"):
        return
    if not (whole.says("piece") or topics.names_lunar(sentence.text) or re.search(r"\ben\b", sentence.text)):
        return
    if every := _EVERY_STATE.search(sentence.text):
        yield Claim(
            "gift", "US", "US states", date=whole.day(out.start()), start=every.start(), end=every.end()
        )
    for name, noun in (("nations", "countries"), ("US states", "states")):
        for mark in whole.all("count"):
            if mark.name != noun or not mark.quantity or mark.quantity.value <= _FEW:
                continue
            if abs(out.start() - mark.start) >= REACH:
                continue
            yield Claim(
                "gift", "US", name, mark.quantity, whole.day(out.start()), start=out.start(), end=mark.end
            )


_EVERY_STATE: Final = re.compile(
    r"\b(?:chaque État (?:américain|de l'Union)|jede[rnms]? (?:US-)?Bundesstaat)"
)
_FEW: Final = 12


def _handed(whole: Clause, context: Context) -> Iterator[Claim]:
    """Yield a gift told by whom it went to, and what a house of the own state is handed over."""
    sentence = whole.sentence
    mass = next((m for m in whole.all("mass") if m.quantity and m.quantity.value < SMALL_G), None)
    if verb := whole.says("offered"):
        ahead = [
            m
            for m in western.states(whole)
            if m.end <= verb.start() or western.words("offered", "de").search(sentence.text)
        ]
        receiver = next((m.name for m in ahead if not _AT.search(western.before(whole, m))), "")
        by = [
            m.name
            for m in western.states(whole)
            if m.start > verb.end() and _FROM.search(western.before(whole, m))
        ]
        giver = by[0] if by else _home(sentence, context)
        if receiver and giver and receiver != giver and (mass or whole.all("date")):
            yield Claim(
                "gift",
                giver,
                receiver,
                mass.quantity if mass else None,
                whole.day(verb.start()),
                start=verb.start(),
            )
            return
    if (
        (verb := whole.says("present"))
        and len(states := western.states(whole)) == len(("giver", "receiver"))
        and states[1].end <= verb.start()
    ):
        quantity = mass.quantity if mass else None
        yield Claim(
            "gift", states[0].name, states[1].name, quantity, whole.day(verb.start()), start=verb.start()
        )
        return
    yield from _given_on(whole, context, mass) if mass else ()
    yield from _gone_to(whole, context, mass) if mass else ()
    yield from _taken_home(whole, mass) if mass else ()
    yield from _transfers(whole)


_GAVE: Final = re.compile(
    r"\b(?:offert|offrit|remis|remit|donné|donna|schenkte|überreichte|übergab|geschenkt|überreicht)\b",
    re.IGNORECASE,
)


def _given_on(whole: Clause, context: Context, mass: Mark) -> Iterator[Claim]:
    """Yield "Xi avait offert à Macron 2,5 grammes, confiés depuis au Muséum": to the state, and not to the house."""
    verb = _GAVE.search(whole.sentence.text)
    houses = any(m.sort == "institution" for m in whole.all("party"))
    states = western.states(whole)
    to = [m for m in states if verb and _TO.search(western.before(whole, m)) and m.start >= verb.end()]
    by = [m for m in states if verb and m.end <= verb.start()]
    if not (verb and houses and to and by) or by[-1].name == to[0].name:
        return
    yield Claim("gift", by[-1].name, to[0].name, mass.quantity, whole.day(verb.start()), start=verb.start())
    kept = whole.says("keep")
    museum = next(
        (m for m in whole.all("party") if m.sort == "institution" and kept and m.start > kept.start()), None
    )
    if museum:
        day = whole.day(verb.start())
        own = (
            context.mission
            if context.mission.startswith("CE")
            else "CE-5"
            if "2020-12" < day < _FAR_SIDE_CAME
            else ""
        )
        yield Claim("holding", museum.name, own if by[-1].name == "CN" else "", start=museum.start)


_FAR_SIDE_CAME: Final = "2024-06"  # before, what China had of the Moon was of one mission


def _gone_to(whole: Clause, context: Context, mass: Mark) -> Iterator[Claim]:
    """Yield "die ersten anderthalb Gramm gingen an Putin": from the other state named, else from whose material it is."""
    verb, states = whole.says("give_out"), western.states(whole)
    houses = any(m.sort == "institution" for m in whole.all("party"))
    to = [m for m in states if _TO.search(western.before(whole, m))]
    if (
        not verb
        or houses
        or len({m.name for m in to}) != 1
        or not mass.quantity
        or mass.quantity.value >= _GIVEN_G
    ):
        return
    if whole.says("lend") or whole.says("lose") or whole.says("exchange") or whole.says("take"):
        return
    others = [m.name for m in states if m.name != to[0].name]
    giver = others[0] if others else _home(whole.sentence, context)
    if giver and giver != to[0].name:
        yield Claim("gift", giver, to[0].name, mass.quantity, whole.day(verb.start()), start=verb.start())


def _taken_home(whole: Clause, mass: Mark) -> Iterator[Claim]:
    """Yield "Poutine est reparti de Pékin avec 1,5 gramme de ce sol": who came took it, from where it was given."""
    verb, states = whole.says("take"), western.states(whole)
    small = mass.quantity is not None and mass.quantity.value < _GIVEN_G
    if not verb or not small or len({m.name for m in states}) != len(("giver", "receiver")):
        return
    giver = next((m.name for m in states if _OUT_OF.search(western.before(whole, m))), "")
    receiver = next((m.name for m in states if m.name != giver), "")
    if giver and receiver:
        yield Claim("gift", giver, receiver, mass.quantity, whole.day(verb.start()), start=verb.start())


_GIVEN_G: Final = 10
_OUT_OF: Final = re.compile(r"\b(?:de|d'|aus|von)\s*(?:la |der )?$")


def _transfers(whole: Clause) -> Iterator[Claim]:
    """Yield "wurden der Akademie der Wissenschaften übergeben", "a remis le conteneur à l'Académie"."""
    verb = whole.says("hand_over")
    if not verb or whole.says("lend"):
        return
    for mark in whole.all("party"):
        near = mark.sort == "institution" and mark.state == "CN" and _TO.search(western.before(whole, mark))
        if near:
            day = whole.day(verb.start())
            yield Claim("transfer", mark.state, mark.name, None, day, start=verb.start())
            return


def _lost_and_found(clauses: list[Clause], context: Context) -> Iterator[Claim]:
    """Yield what was lost and found of each clause: "Malta kam seine Gabe im Mai 2004 abhanden"."""
    told = context.collection or context.material
    seen: set[tuple[str, str]] = set()
    for clause in clauses:
        if clause.says("unlost"):
            continue
        lunar = (
            topics.names_lunar(clause.sentence.text)
            or (told and clause.says("piece"))
            or (told and _ELLIPSIS.search(clause.sentence.text))
            or (context.collection and _SO_MANY.search(clause.sentence.text))
        )
        if not lunar:
            continue
        lost, found = clause.last("lose"), clause.says("find")
        for predicate, verb in (("lost", lost), ("recovered", found)):
            for claim in _loss(predicate, clause, verb, context) if verb else ():
                if (predicate, claim.subject) not in seen or claim.quantity:
                    seen.add((predicate, claim.subject))
                    yield claim


# "78 ont été localisées", "184 von 270, fehlt", "l'a récupérée": so many of those that are spoken of
_SO_MANY: Final = re.compile(
    r"\b\d{2,3}(?:,? (?:ont|sont|en|restent|manquent|konnten|wurden|sind|gelten|fehlen)\b|(?: sur| von(?: den)?) \d{2,3}\b)|"
    r"\bkonnten \d{2,3}\b|\bl'(?:a|ont)\b|\bihn\b"
)
_ELLIPSIS: Final = re.compile(
    r"\b(?:celle|celui|le sien|la sienne|seine[rns]?(?! (?-i:[A-ZÄÖÜ]))|der aus|das aus)\b", re.IGNORECASE
)


def _loss(predicate: str, clause: Clause, verb: re.Match[str], context: Context) -> Iterator[Claim]:
    near = [(at, q) for at, q in western.bare_numbers(clause) if abs(at - verb.start()) < REACH]
    count = min(near, key=lambda one: abs(one[0] - verb.start()))[1] if near else None
    mass = next((m.quantity for m in clause.all("mass") if m.quantity and m.quantity.value < SMALL_G), None)
    owner = _owner(clause)
    kept = clause.says("of_nasa") or (
        predicate == "recovered" and Clause(clause.sentence, 0, clause.end).says("of_nasa")
    )
    if count and count.value > 1 and not (owner and count.value < _SEVERAL):
        owner = _OF_NASA if kept else (context.collection or _GOODWILL)
    elif mass and kept:
        owner = _OF_NASA
    quantity = count if count and count.value > 1 else mass
    day = clause.day(verb.start())
    if owner and (quantity or not owner.startswith((_GOODWILL, _OF_NASA))):
        yield Claim(predicate, owner, quantity=quantity, date=day, start=verb.start(), end=verb.end())


_SEVERAL: Final = 6  # a state was given no more pieces


def _owner(clause: Clause) -> str:
    """Return whose piece was lost or found: the first state of the clause that is not where it happened."""
    states = [m for m in western.states(clause) if not m.name.startswith("US")]
    own = [m for m in states if not _IN.search(western.before(clause, m))]
    if not states and clause.start:  # "Au Honduras, un général l'avait cédée ; la douane l'a récupérée"
        return _owner(Clause(clause.sentence, 0, clause.start - 1))
    return (own or states)[0].name if states else ""


_IN: Final = re.compile(r"\b(?:in|im|nach|en Floride|chez)\s+(?:\w+ )?$")


def _exchanges(whole: Clause) -> Iterator[Claim]:
    """Yield "Américains et Soviétiques ont troqué trois grammes contre trois grammes"."""
    verb = whole.says("exchange")
    then = any(m.name[:4] < _END_OF_SU for m in whole.all("date"))
    names = (("SU" if m.name == "RU" and then else m.name) for m in western.states(whole))
    states = list(dict.fromkeys(names))
    if (
        not verb
        or len(states) != len(("one", "other"))
        or (not topics.is_matter(whole.sentence) and not whole.all("mass"))
    ):
        return
    mass = next((m.quantity for m in whole.all("mass") if m.quantity and m.quantity.value < SMALL_G), None)
    day = whole.day(verb.start())
    if mass or day:
        yield Claim("exchange", states[0], states[1], mass, day, start=verb.start(), end=verb.end())


_END_OF_SU: Final = "1992"


def _sales(clause: Clause, context: Context) -> Iterator[Claim]:
    """Yield "brachten vorige Woche in New York 855.000 Dollar": the material of the mission named, or sold before."""
    verb, money = clause.says("sell"), clause.all("money")
    if (
        not verb
        or not money
        or not (clause.says("piece") or topics.is_matter(clause.sentence) or _SAME.search(clause.text))
    ):
        return
    named = [m.name for m in clause.all("mission") if m.sort == "mission"] or [
        m.name for m in clause.sentence.all("mission") if m.sort == "mission"
    ]
    again = (
        context.sold
        if context.sentence - context.last_sale <= len(("this", "next"))
        and _SAME.search(clause.sentence.text)
        else ""
    )
    if named or again:
        yield Claim(
            "sale",
            named[0] if named else again,
            "",
            money[0].quantity,
            clause.day(money[0].start),
            start=money[0].start,
        )


_SAME: Final = re.compile(r"\b(?:derselbe|dieselben?|die|les mêmes|le même|ils|elles|sie)\b", re.IGNORECASE)


def _loans(clauses: list[Clause], context: Context) -> Iterator[Claim]:
    """Yield who may borrow: "Den Zuschlag erhielten ...", "ont été retenues ...", each house named."""
    for clause in clauses:
        verb = clause.says("lend") or (
            clause.says("get") if clause.all("mass") or clause.says("piece") else None
        )
        if not verb or clause.says("no_loan") or clause.says("sell"):
            continue
        if clause.says("apply"):
            continue
        houses = [m for m in clause.all("party") if m.sort == "institution" and m.state != "person"]
        lender = _lender(clause, context, houses)
        borrowers = [m for m in houses if m.name != lender[1] and not (m.state == "CN" and lender[0] == "CN")]
        rivals = clause.says("show") or clause.says("sell")
        day = clause.day(verb.start()) if len(clause.all("date")) == 1 and not rivals else ""
        masses = [m for m in clause.all("mass") if m.quantity and m.quantity.value < SMALL_G]
        pieces = [m for m in clause.all("count") if m.name == "samples"]
        told = masses or pieces
        mass = told[0].quantity if len(told) == len(borrowers) == 1 else None
        if lender[1] or lender[0]:
            for mark in borrowers:
                yield Claim(
                    "loan_granted",
                    lender[1] or lender[0],
                    mark.name,
                    mass,
                    day,
                    state=mark.state,
                    start=verb.start(),
                )
        if not borrowers and masses and lender[0] and _TOGETHER.search(clause.sentence.text):
            yield Claim("loan_granted", lender[0], "", masses[-1].quantity, day, start=verb.start())


_TOGETHER: Final = re.compile(r"\b(?:zusammen|insgesamt|au total|en tout)\b")


def _lender(clause: Clause, context: Context, houses: list[Mark]) -> tuple[str, str]:
    """Return the state that lends, and the house of it that is named as lender, if any."""
    house = next((m for m in houses if m.name == "NASA Johnson Space Center"), None)
    names = {m.name for m in western.states(clause)}
    homes = {HOMES.get(re.split(r"[- ]", m.name)[0], "") for m in clause.sentence.all("mission")} - {""}
    if house:
        return "US", house.name
    if len(homes) == 1 and (home := homes.pop()) in _LENDERS:
        return home, ""
    if any(_NASA.match(clause.sentence.text, m.start) for m in western.states(clause)):
        return "US", ""
    if "CN" in names or context.lender:
        return ("CN" if "CN" in names else context.lender), ""
    return (context.keeper if context.keeper in _LENDERS else ""), ""


_LENDERS: Final = ("CN", "US")


_NASA: Final = re.compile(r"NASA|Nasa")


def _rounds(clauses: list[Clause], context: Context) -> Iterator[Claim]:
    """Yield how many applied and how many were chosen, each count by the words of its clause."""
    for clause in clauses:
        counts = [m for m in clause.all("count") if m.quantity]
        got, asked = clause.says("lend"), clause.says("apply")
        if (
            not counts
            or not (got or asked)
            or clause.says("lose")
            or (clause.says("give_out") and not asked and not got)
        ):
            continue
        lender = context.lender or _lender(clause, context, [])[0]
        if lender not in ("CN", "US"):
            continue
        if got and (part := _part(clause, counts)):
            yield Claim("granted", lender, part[0], part[1], start=got.start(), end=got.end())
            yield Claim("applicants", lender, part[0], counts[0].quantity, start=counts[0].start)
            continue
        for mark in counts:
            predicate = "applicants" if asked and not (got and _nearer(mark, got, asked)) else "granted"
            if mark.name == "samples" and predicate == "granted":
                continue
            if (
                predicate == "applicants"
                and mark.name == "samples"
                and not _ASKED_FOR.search(clause.sentence.text)
            ):
                continue
            word = asked if predicate == "applicants" else got
            day = clause.day(word.start()) if word and len(clause.all("date")) == 1 else ""
            yield Claim(predicate, lender, mark.name, mark.quantity, day, start=mark.start, end=mark.end)


_ASKED_FOR: Final = re.compile(r"\b(?:demandé|beantragt|angefragt|sollicité)", re.IGNORECASE)


def _part(clause: Clause, counts: list[Mark]) -> tuple[str, Quantity] | None:
    """Return what is counted, and how many of it, in "von 24 Anträgen wurden sieben genehmigt"."""
    if len(counts) != 1 or not _OUT_OF_ALL.search(western.before(clause, counts[0])):
        return None
    few = [q for at, q in western.bare_numbers(clause) if at >= counts[0].end]
    return (counts[0].name, few[0]) if few else None


_OUT_OF_ALL: Final = re.compile(
    r"\b(?:sur|parmi|von|unter|des)(?: (?:les|den|insgesamt|quelque|rund))* ?$", re.IGNORECASE
)


def _nearer(mark: Mark, one: re.Match[str], other: re.Match[str]) -> bool:
    return abs(one.start() - mark.end) < abs(other.start() - mark.end)


def _calls(clauses: list[Clause], context: Context) -> Iterator[Claim]:
    """Yield when a call opened and closed: "L'appel s'est clos le 22 décembre"."""
    called = any(clause.says("call") for clause in clauses)
    if not called or not (context.lender or context.keeper == "CN"):
        return
    lender, opened = context.lender or "CN", ""
    for clause in clauses:
        for predicate, act in (("call_opened", "open"), ("call_closed", "close")):
            word = clause.says(act)
            day = clause.day(word.start()) if word and clause.says("call") else ""
            if not word and "/" in clause.day(clause.start) and clause.says("call") and opened:
                word, day = clause.says("open"), clause.day(clause.start)
            if word and act == "open" and "/" not in day and (closing := clause.says("close")):
                dates = sorted(clause.all("date"), key=lambda m: abs(m.start - closing.start()))
                day = dates[-1].name if len(dates) > 1 else ""
            first, _, last = day.partition("/")
            day = last if last and predicate == "call_closed" else first
            if predicate == "call_closed" and not last and opened == day:
                continue
            opened = day if predicate == "call_opened" else opened
            if word and day:
                yield Claim(predicate, lender, date=day, start=word.start(), end=word.end())


def _asked(whole: Clause, context: Context) -> Iterator[Claim]:
    """Yield who asked whom for samples, and who refused: "China bat um Apollo-Proben, doch die NASA lehnte ab"."""
    ask, refuse = whole.says("ask"), whole.says("refuse")
    states = list(dict.fromkeys(m.name for m in western.states(whole)))
    homes = [HOMES.get(re.split(r"[- ]", m.name)[0], "") for m in whole.all("mission")]
    both = len(states) == len(("one", "other"))
    of_loans = context.lender and context.sentence - context.last_loan <= _GOES_ON
    lunar = topics.is_matter(whole.sentence) or bool(homes) or of_loans
    if not lunar or not (ask or refuse) or not both or whole.says("own_researchers"):
        return
    holder = next((s for s in states if s in homes), "")
    one, other = states
    if ask and (not refuse or ask.start() < refuse.start()):
        first = one if not holder else next(s for s in states if s != holder)
        second = other if first == one else one
        yield Claim(
            "loan_requested", first, second, None, whole.day(ask.start()), start=ask.start(), end=ask.end()
        )
        if refuse:
            yield Claim(
                "loan_refused",
                second,
                first,
                None,
                "",
                start=refuse.start(),
                end=refuse.end(),
                hedge="asserted",
            )
    elif refuse:
        refuser = holder or one
        asking = other if refuser == one else one
        yield Claim(
            "loan_refused",
            refuser,
            asking,
            None,
            whole.day(refuse.start()),
            start=refuse.start(),
            end=refuse.end(),
            hedge="asserted",
        )


def _leave(whole: Clause, context: Context) -> Iterator[Claim]:
    """Yield "2023 erlaubte die NASA ihren Forschern, sich zu bewerben"."""
    verb, who = whole.says("allow"), whole.says("own_researchers")
    nasa = any(m.name == "US" for m in western.states(whole)) or _AGENCY.search(whole.sentence.text)
    if verb and who and nasa and (whole.says("apply") or context.applying):
        yield Claim(
            "permission", "US", "US", None, whole.day(verb.start()), start=verb.start(), end=verb.end()
        )


_GOES_ON: Final = 2  # sentences
_AGENCY: Final = re.compile(r"\b(?:L'agence|Die (?:Raumfahrt)?behörde)\b")


def _shown(clauses: list[Clause], context: Context) -> Iterator[Claim]:
    """Yield what a museum shows or keeps: "Das Deutsche Museum zeigt ein Stück Mondgestein von Apollo 17"."""
    for clause in clauses:
        houses = [
            m.name
            for m in clause.all("party")
            if m.sort == "institution" and m.state != "person" and KEEPS.search(m.name)
        ]
        if not houses and context.holder and clause.says("there"):
            houses = [context.holder]
        show, keep = clause.says("show"), clause.says("keep")
        lunar = (
            topics.names_lunar(clause.sentence.text)
            or clause.all("mission")
            or (context.material and clause.says("piece"))
        )
        if not houses or not (show or keep) or not lunar or clause.says("lend") or clause.says("hand_over"):
            continue
        missions = [m.name for m in clause.all("mission")]
        masses = [m.quantity for m in clause.all("mass") if m.quantity and m.quantity.value < SMALL_G]
        predicate, verb = ("display", show) if show else ("holding", keep)
        day = (
            clause.day(verb.start())
            if verb and predicate == "display" and not _UNTIL.search(clause.text)
            else ""
        )
        for name in houses:
            mass = masses[0] if len(masses) == len(houses) == 1 else None
            yield Claim(
                predicate, name, missions[0] if missions else "", mass, day, start=verb.start() if verb else 0
            )


_UNTIL: Final = re.compile(r"\b(?:jusqu'\w*|bis) ")
KEEPS: Final = re.compile(r"Mus[eé]|Palais|Haus|Planetarium|Exhibition|Center|Cité", re.IGNORECASE)
