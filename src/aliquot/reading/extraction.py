"""Which claims does a text make? Sentence after sentence, each read in the light of those before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Final

from aliquot.reading import answers, datelines, han, marking, modality, references
from aliquot.reading.claims import Claim, Context
from aliquot.reading.grammar import (
    aging,
    asking,
    borrowing,
    bringing,
    calls,
    clauses,
    continental,
    eastern,
    echoes,
    frames,
    giving,
    journeys,
    keeping,
    laws,
    lending,
    losses,
    parting,
    permitting,
    ranks,
    rounds,
    sides,
    tables,
    topics,
    western,
)
from aliquot.reading.language import language
from aliquot.reading.marks import Sentence
from aliquot.reading.references import Spoken
from aliquot.reading.resolving import Clock
from aliquot.reading.sentences import plain, sentences

_NEAR: Final = 2  # sentences back that a month without a year may lean on
FAMILIES: Final = (
    bringing,
    journeys,
    sides,
    ranks,
    permitting,
    parting,
    giving,
    asking,
    lending,
    calls,
    rounds,
    keeping,
    losses,
    aging,
    laws,
    tables,
    borrowing,
    eastern,
)
# Chinese and Japanese are read clause by clause, by one family alone.
_EASTERN: Final = (tables, eastern)


def read(text: str, day: date | None = None) -> tuple[str, int, list[tuple[Sentence, Claim]]]:
    """Return the language of a text, how many sentences it has, and its claims in order with their sentences.

    `day` is that of the text where something beside it tells, such as the head of a page.
    """
    spoken = language(text)
    today = day or datelines.date_line(text, spoken)
    context, names = _begun(text), Spoken()
    found: list[tuple[Sentence, Claim]] = []
    number, asked = 0, ""
    for number, (start, end) in enumerate(sentences(text), 1):
        context.sentence = number
        near = context.told if number - context.dated <= _NEAR else ""
        clock = Clock(today, context.told, near=near, language=spoken)
        said = marking.sentence(text, start, end, spoken, clock, names)
        here = [_hedged(said, claim) for claim in _settled(list(of(said, context)))]
        if not here and (whole := answers.joined(asked, said)):  # an answer in a few words
            full = marking.sentence(whole, 0, len(whole), spoken, clock, names)
            here = [
                replace(_hedged(full, claim), start=0, end=None)
                for claim in _settled(list(of(full, context)))
            ]
        asked = said.text if said.text.endswith("?") else ""
        found += [(said, claim) for claim in here]
        _remember(context, said, here)
        references.remember(names, said.marks, said.text)
        names.mission = context.mission
    return spoken, number, found


_CHINESE: Final = re.compile(r"Chang'?e|Chin(?:a|ese)\b|嫦娥|中国")
_AMERICAN: Final = re.compile(r"Apollo|NASA|Nixon|阿波罗|美国")


def _begun(text: str) -> Context:
    """Return what is known before the first sentence: whether the text as a whole speaks of lunar samples, and mostly whose."""
    said = han.simplified(plain(text[:_HEAD]))
    is_lunar = len(topics.LUNAR.findall(said)) >= _OFTEN or len(_OF_THE_MOON.findall(said)) > 2 * _OFTEN
    chinese, american = len(_CHINESE.findall(said)), len(_AMERICAN.findall(said))
    keeper = "CN" if chinese > 2 * american else "US" if american > 2 * chinese else ""
    return Context(material=is_lunar, is_lunar=is_lunar, keeper=keeper if is_lunar else "")


_OF_THE_MOON: Final = re.compile(
    r"\b[Mm]oon\w*|\b[Ll]unar\b|Apollo 1\d|Chang'?e[ -]?[56]|Luna (?:16|20|24)|月壤|月岩|月球样品"
)
_HEAD: Final = 20_000  # characters
_OFTEN: Final = 2


def of(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the claims of one sentence, each once; what was given is not lent as well, what is told of a house not told again."""
    seen: set[tuple[object, ...]] = set()
    given, masses, told, lent = set(), set(), set(), set()
    made: list[Claim] = []
    for family, claim in _told(sentence, context):
        if "permission" in told and claim.predicate in _GIVEN:  # "NASA has given them leave"
            continue
        if family is borrowing and (claim.object in told if claim.object else claim.quantity in lent):
            continue
        lent_of_gift = claim.object in given or (not claim.object and claim.quantity in masses)
        if claim.predicate == "loan_granted" and lent_of_gift:
            continue
        if claim.predicate == "gift":
            given.add(claim.object)
            masses.add(claim.quantity)
        told |= {claim.subject, claim.object, claim.predicate}
        if claim.predicate == "loan_granted":
            lent.add(claim.quantity)
        key = (claim.predicate, claim.subject, claim.object, claim.quantity, claim.date)
        if key not in seen:
            seen.add(key)
            made.append(claim)
            yield claim
    yield from (
        claim
        for claim in echoes.claims(sentence, (*context.before, *made))
        if not {claim.subject, claim.object} <= told
    )


def _told(sentence: Sentence, context: Context) -> Iterator[tuple[ModuleType, Claim]]:
    """Yield what each family tells of a sentence; of one in French or German what `continental` tells, before the others."""
    if tables.is_row(sentence) and any(True for _ in tables.claims(sentence, context)):
        yield from ((tables, claim) for claim in tables.claims(sentence, context))
    elif sentence.language not in western.LANGUAGES:
        families = _EASTERN if sentence.language in clauses.LANGUAGES else FAMILIES
        yield from ((family, claim) for family in families for claim in family.claims(sentence, context))
    elif not topics.is_other(sentence):
        spoken = list(continental.claims(sentence, context))
        for family in FAMILIES:
            if family is losses:
                continue  # which continental tells
            for claim in family.claims(sentence, context):
                if not _is_told(claim, spoken, sentence) and not continental.is_misread(sentence, claim):
                    yield family, claim
        yield from ((continental, claim) for claim in spoken if not continental.is_misread(sentence, claim))


def _is_told(claim: Claim, spoken: list[Claim], sentence: Sentence) -> bool:
    """Whether a claim is told already, or mistaken, where a sentence was read in the order of French or German words."""
    own = {one.predicate for one in spoken} - {"mission_planned"}
    own |= {other for predicate, other in _MISTAKEN if predicate in own}
    if "total_returned" in own and not any(mark.sort == "mission" for mark in sentence.all("mission")):
        own.add("returned_mass")
    weighed = {one.quantity for one in spoken if one.quantity}
    return claim.predicate in own or (claim.predicate == "returned_mass" and claim.quantity in weighed)


# What is told as the one looks like the other to who knows the English order: a call is "launched", a stone "lands" on a tip.
_MISTAKEN: Final = (
    ("call_opened", "launched_on"), ("lost", "landed_on"), ("lost", "total_returned"), ("permission", "loan_requested"),
    ("recovered", "gift"),
)  # fmt: skip
_DATED_ELSEWHERE: Final = ("call_opened", "law_enacted")  # the date of which is not that of a loan
_GIVEN: Final = ("gift", "transfer")
_PASSING: Final = ("loan_granted", "gift", "transfer", "sale", "display")


def _settled(claims: list[Claim]) -> list[Claim]:
    """Return the claims of a sentence without those that another one explains better: its date, or its mass, is taken."""
    days = {claim.date for claim in claims if claim.predicate in _PASSING and claim.date}
    lent = {claim.quantity for claim in claims if claim.predicate == "loan_granted" and claim.object}
    other = {claim.date for claim in claims if claim.predicate in _DATED_ELSEWHERE}
    claims = [
        replace(claim, date="") if claim.predicate == "loan_granted" and claim.date in other else claim
        for claim in claims
    ]
    homes = {
        claim.state for claim in claims if claim.predicate == "loan_granted" and len(claim.object) > len("CN")
    }
    return [
        claim
        for claim in claims
        if not (claim.predicate == "returned_on" and claim.date in days)
        and not (claim.predicate == "loan_granted" and not claim.object and claim.quantity in lent)
        and not (claim.predicate == "loan_granted" and claim.object in homes)
    ]


def _hedged(sentence: Sentence, claim: Claim) -> Claim:
    if claim.hedge:
        return claim
    first, last = max(0, claim.start - 60), min(len(sentence.text), (claim.end or claim.start) + 30)
    while first > 0 and sentence.text[first - 1].isalpha() and sentence.text[first].isascii():
        first -= 1  # half a word is another: "Plan|etarium"
    while last < len(sentence.text) and sentence.text[last].isalpha() and sentence.text[last].isascii():
        last += 1
    low, high = frames.clause(sentence, first, last, claim.start)
    if sentence.language in clauses.LANGUAGES:
        low, high = clauses.around(sentence, claim.start)
    past = claim.predicate in (
        "returned_mass",
        "total_returned",
        "returned_on",
        "landed_on",
        "launched_on",
        "landing_side",
        "age",
        "age_difference",
        "law_enacted",
        "law_effect",
        "rank",
        "call_opened",
        "membership_count",
        "persons_on_moon",
        "sample_mass",
    )
    return replace(claim, hedge=modality.hedge(sentence, start=low, end=high, past=past))


_APPLYING: Final = re.compile(
    r"\bapplicat\w+|\bapplicants?\b|\bcall for\b|\bproposals\b|申请|申請", re.IGNORECASE
)


_ASKS: Final = re.compile(
    r"\bhow much (?:of (?:the )?moon|moon (?:rock|dust|soil)|lunar \w+)\b.*\?|\bhow (?:much|many|heavy)\b.*\b(?:br[io]ng|"
    r"brought|return\w*|collect\w*|retriev\w*|weigh\w*)\b.*\?|(?:带回|采集).*多少",
    re.IGNORECASE,
)


def _remember(context: Context, sentence: Sentence, claims: list[Claim]) -> None:
    """Keep what the next sentence may refer to."""
    _remember_missions(context, sentence)
    context.holder = continental.house(sentence) or context.holder
    pair = tuple(dict.fromkeys(m.name for m in sentence.all("party") if m.sort == "state"))
    context.states, context.named = (pair, context.sentence) if pair else (context.states, context.named)
    context.pair = pair if len(pair) == len(("one", "other")) else context.pair
    if topics.names_lunar(sentence.text):
        states = {m.name for m in sentence.all("party") if m.sort == "state"} & {"CN", "US"}
        context.keeper = "CN" if "CN" in states else next(iter(states), context.keeper)
    context.columns = (tables.columns(sentence) or context.columns) if tables.is_row(sentence) else ()
    _remember_question(context, sentence)
    masses = sentence.all("mass")
    context.hauled_in = masses[-1].name if masses else context.hauled_in
    samples = sentence.all("sample")
    if samples:
        context.sample, context.sampled = samples[-1].name, context.sentence
    _remember_material(context, sentence)
    context.law = laws.which(sentence, context) or context.law
    if _APPLYING.search(sentence.text):
        context.applying = context.material
    elif context.sentence - context.last_loan > 3:
        context.applying = False
    if not claims and (lender := topics.lends(sentence)) and (context.material or context.keeper):
        context.lender, context.last_loan = lender, context.sentence
    context.before = tuple(claims)
    for claim in claims:
        _remember_claim(context, claim)
    context.feat, context.ranked = next(
        ((c.object, context.sentence) for c in claims if c.predicate == "rank"),
        (context.feat, context.ranked),
    )
    _remember_date(context, sentence)


def _remember_missions(context: Context, sentence: Sentence) -> None:
    """Keep the mission spoken of, the two that a sentence is about, and all that were named."""
    missions = [
        m.name
        for m in sentence.all("mission")
        if m.sort == "mission" and not topics.is_in_passing(sentence, m)
    ]
    context.recent = (*dict.fromkeys((*missions[::-1], *context.recent)),)
    context.mission = next(
        (name for name in missions if not name.startswith(("Artemis", "Chandrayaan"))), context.mission
    )
    two = tuple(dict.fromkeys(missions))
    context.missions = two if len(two) == len(("one", "other")) else context.missions
    if missions:
        context.flown = context.sentence
    programmes = [m.name for m in sentence.all("mission") if m.sort == "programme"]
    context.programme = programmes[-1] if programmes else context.programme


def _remember_question(context: Context, sentence: Sentence) -> None:
    """Keep whether an amount was asked for, and of what."""
    context.is_asked = bool(_ASKS.search(sentence.text))
    if context.is_asked:
        names = [m.name for m in sentence.all("mission")]
        goes_on = re.search(r"\b(?:it|they|mission|probe|its|that)\b|它", sentence.text)
        context.asked = names[0] if names else (context.mission or context.programme) if goes_on else "all"


def _remember_material(context: Context, sentence: Sentence) -> None:
    """Keep whether the talk is of lunar material."""
    if topics.names_lunar(sentence.text) or _names_flight(sentence):
        context.material, context.is_aside = True, False
    else:  # one sentence about a meteorite is an aside, two are another story
        other = topics.is_other(sentence)
        context.material = context.material and not (other and context.is_aside)
        context.is_aside = other


def _names_flight(sentence: Sentence) -> bool:
    """Whether a mission is spoken of that brought samples."""
    return any(
        m.name in references.RETURNED and not topics.is_in_passing(sentence, m)
        for m in sentence.all("mission")
        if m.sort == "mission"
    )


def _remember_claim(context: Context, claim: Claim) -> None:
    if claim.predicate in ("returned_mass", "total_returned", "returned_on"):
        context.material = True
        context.hauled = context.sentence if claim.quantity else context.hauled
    if claim.predicate in ("gift", "exchange", "transfer"):
        context.giver, context.receiver, context.last_gift = claim.subject, claim.object, context.sentence
        if claim.predicate == "gift":
            context.gave[claim.object] = claim.subject
        if claim.predicate == "exchange":
            context.exchanged, context.last_exchange = (claim.subject, claim.object), context.sentence
        if claim.quantity and claim.quantity.unit == "g":
            context.mass = claim.quantity
        if claim.object in ("nations", "US states"):
            context.collection = "goodwill rocks"
    elif claim.predicate == "lost" and claim.subject in ("goodwill rocks", "US states", "NASA collection"):
        context.collection = claim.subject
    elif claim.predicate == "sale":
        context.last_sale, context.sold = context.sentence, claim.subject
    elif claim.predicate in ("holding", "display"):
        context.last_gift = context.sentence
    else:
        _remember_loan(context, claim)


def _remember_loan(context: Context, claim: Claim) -> None:
    """Keep who lent to whom, after a claim about a loan or a call."""
    if claim.predicate not in (
        "loan_granted", "granted", "applicants", "call_opened", "loan_requested", "permission",
    ):  # fmt: skip
        return
    if claim.predicate != "permission":
        context.lender = claim.object if claim.predicate == "loan_requested" else claim.subject
    context.last_loan, context.applying = context.sentence, True
    if claim.predicate == "loan_granted" and claim.object:
        context.borrower = claim.object


def _remember_date(context: Context, sentence: Sentence) -> None:
    """Keep the last date told; one of the last century only where no later one was told."""
    dates = [mark.name for mark in sentence.all("date")]
    recent = [name for name in dates if not name.startswith("19") or not context.told] or dates
    if recent:
        context.told, context.dated = recent[-1].partition("/")[0], context.sentence
