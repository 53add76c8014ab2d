"""How many applied, and how many were approved? applicants and granted, in counts of applications, institutions and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import lexicon, numerals, quantities
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import calls, frames, topics
from aliquot.reading.marks import Mark, Quantity, Sentence


def _words(topic: str) -> re.Pattern[str]:
    return lexicon.anywhere("grammar/rounds.toml", topic)


_APPLIED, _APPROVED, _OTHER_BIDS = _words("applied"), _words("approved"), _words("other_bids")
_WERE: Final = f"(?:{_words('were_approved').pattern})"
_BIDS: Final = r"(?:proposals?|applications?|requests?|bids?|plans?|loans?)"
_N: Final = rf"(?:{numerals.WORD}|\d{{1,3}})"

# Numbers without a noun beside them, where the noun is understood.
_BARE: Final = (
    # "approved 31 of them"
    ("", re.compile(rf"\bapproved (?P<n>{_N})\b(?! (?:\w+ ){{0,2}}?(?:grams|milligrams|mg|institutions|countries|lots))", re.IGNORECASE)),
    # "seven of the 24 applications found favour"
    ("", re.compile(rf"\b(?P<n>{_N}) (?:of (?:the|them|these|which|its|{_N})(?: [\w-]+){{0,2}} )?(?={_WERE})", re.IGNORECASE)),
    # "twelve applications in the first call and thirty-three in the second"
    ("applied", re.compile(rf"\b(?P<n>{_N})"
        rf"(?= (?:in|for|to|at) the (?:first|second|third|next|last|other)\b(?! (?:\w+ )?countr))", re.IGNORECASE)),
    # "the figure for 2025 is 112"
    ("applied", re.compile(rf"\bthe (?:figure|number|tally|total)(?: \w+){{0,3}} "
        rf"(?:is|was|rose to|has risen to|fell to|stood at) (?P<n>{_N})\b", re.IGNORECASE)),
)  # fmt: skip
# "the number of approved applications fell to 19", "put the number of applicants at 41"
_NUMBER_OF: Final = re.compile(
    rf"\b(?:number of|count of|list of|total of) (?P<won>(?:approved|successful|accepted|winning) "
    rf")?(?P<what>applications|proposals|bids|requests|applicants|borrowers|institutions|countries)\b"
    rf"(?P<also>[^.;\d]{{0,24}}?) (?:at|to|is|was|reached|hit|stood at|now|has|had) (?P<n>{_N})(?! ?(?:per|%))\b",
    re.IGNORECASE,
)
_COUNTED_AS: Final = {
    "applicants": "persons", "borrowers": "institutions", "institutions": "institutions", "countries": "countries",
}  # fmt: skip
# "Requests for loans, 63 of them by March"
_OF_THEM: Final = re.compile(
    rf"\b(?:applications|proposals|bids|requests)\b[^.;\d]{{0,30}}?, (?P<n>{_N}) (?:of them|in all|so far)"
    rf"\b(?! (?:were|was|have|had))",
    re.IGNORECASE,
)
# "The lucky ones number 32, spread over 25 institutions"
_LUCKY: Final = re.compile(
    rf"\b(?:lucky ones|winners|chosen ones|successful applicants|successful candidates) (?:number|numbered|"
    rf"are|were|total(?:led)?) (?P<n>{_N})\b(?=[.,;])",
    re.IGNORECASE,
)
# "ten applicants, of whom five were from the US", "five were American"
_FROM: Final = re.compile(
    rf"\b(?P<n>{_N})\b(?: of (?:them|whom))?,? (?:(?:were|was|came|are|being) from\b|(?:were|was|are) "
    rf"(?=(?-i:[A-Z])\w+(?:an|ese|ish|ch)\b))",
    re.IGNORECASE,
)
# In Han the number may stand behind what it counts: "通过的申请共67份".
_BEHIND: Final = re.compile(
    r"(?:(?:(?:获批|获准|通过|批准)的?)?(?:申请|申請)(?:书|数|总数)?|批准了?|核准了?|通过了?)(?:有|共有?|达到?|为|是|总计|合计)?"
    rf"(?P<n>\d{{1,4}}|{numerals.HAN})(?:份|件|项)"
)
_SAMPLES_BEHIND: Final = re.compile(
    rf"(?:涉及|申请|申请借用)样品(?:共|合计)?(?P<n>\d{{1,4}}|{numerals.HAN})(?:份|件)"
)
_COLLECTED: Final = re.compile(r"\b(?:collected|retrieved|returned|brought|gathered)\b[^,;]{0,40}$")
_REACH: Final = 90  # characters between a count and the word that says what it is a count of
_COUNT_AWAY: Final = 30
_OF_LOANS: Final = 2  # sentences back that a loan or call was spoken of
_PEOPLE: Final = re.compile(r"astronaut|walked|people|men\b|humans")
_RECEIVED: Final = re.compile(
    r"(?: (?:from|of|at) [^,;.]{0,40}?)?\s+(?:have |had |has )?"
    rf"(?:(?:received|got|obtained|were given|were lent|won)\b|(?:have|had|has|saw|got) (?:their|its|his|"
    rf"her) {_BIDS} (?:approved|granted|accepted|through|selected|passed))"
)
_CANDIDATES: Final = re.compile(r"candidates?|applicants?")
_APPROVES: Final = re.compile(r"approv|grant|select|承認|批准|入选|中选|获选|获批|通过", re.IGNORECASE)
_SUCCESSFUL: Final = re.compile(
    r"\b(?:successful|approved|winning|accepted|selected)\b|获批|获准|通过|批准", re.IGNORECASE
)
# "31 applications from 13 institutions were approved"
_WERE_APPROVED: Final = re.compile(
    rf"\s*(?:,? ?(?:from|by|in|across|at|of|filed|submitted) [^.;,]{{0,60}}?)?{_WERE}", re.IGNORECASE
)
# "Passed by the jury in March 2025: nine applications"
_ANNOUNCED: Final = re.compile(r"(?P<words>[^.;:]{0,90}): (?:the |some |about |just |only )?$")
# "85 requests, of which 31 were granted"
_OF_WHICH: Final = re.compile(r",? (?:out )?of (?:which|whom|them)\b|,其中")
_PART_OF: Final = re.compile(
    rf"\b{_N} of (?P<the>(?:the|its|those|these|all) )?$", re.IGNORECASE
)  # "seven of the 24 applications"
_OUT_OF: Final = re.compile(
    r"(?:^\W*(?:Of|Von|Sur|Parmi|Unter)|[;.] [Oo]f|[Oo]ut of) (?:the |its |these |those |den |les )?$"
)  # "Of 24 applications it let through seven"
_CHOSEN_FROM: Final = re.compile(  # "seven teams were picked from 24 applications"
    r"\b(?:picked|chosen|selected|drawn|taken|singled out|shortlisted)\b[^.;,]{0,24}? (?:from|out of|among|from among) (?:the |about |some |more than )*$"
)
_WHOSE_WERE: Final = re.compile(
    rf"[^.;]{{0,40}}?\bwhose {_BIDS}\b[^.;]{{0,50}}?\b(?:accepted|approved|granted|successful|selected)\b"
)
_BY_OR_AT: Final = re.compile(r",? (?:submitted |filed )?(?:by|at|from|of|in) (?:the )?(?:\w+ )?")
_HEARD: Final = re.compile(
    r" (?:were|are) (?:invited|shortlisted|interviewed|heard)\b"
)  # no number of those who applied
_BROUGHT: Final = re.compile(
    r"\b(?:round|batch|call) brought (?:\w+ )?$"
)  # "The eighth round brought 18 people ..."
_LOTS: Final = re.compile(r"lots|batch|份|件")
_WANTED: Final = re.compile(r"request|appl(?!icants)|sought|asked for|希望|申", re.IGNORECASE)
_AMERICAN: Final = re.compile(r"\b(?:U\.?S\.?|American|United States)\b")
# "approves 67 applications from 32 researchers", "25家单位的32位申请人提交的67份申请获得批准": what is said of one is said of all.
_APPROVED_IT: Final = re.compile(
    r"(?:\b(?:approv|grant|accept|clear|select|pick|cho[so]|name)\w*(?: the)? "
    rf"(?:(?:loan )?{_BIDS} (?:of|from|by|submitted by) (?:the )?)?|"
    r"\b(?:accept|approuv|reten|sélectionn)\w* (?:les? )?(?:demandes?|candidatures?|dossiers?) d(?:e |es |'))$",
    re.IGNORECASE,
)
_JOINS: Final = re.compile(
    r"\s*(?:(?:from|by|of|at|in|filed by|submitted by|made by|spread over)(?: the)?|的|(?:所)?(?:提交|递交|提出)的)?\s*",
    re.IGNORECASE,
)

EXAMPLES: Final = (
    Example(
        "By the end of December 2023 China had received 24 applications from 11 countries for Chang'e 5 samples.",
        ("applicants(CN, applications) 24 count 2023-12", "applicants(CN, countries) 11 count 2023-12"),
    ),
    Example(
        "China approved seven institutions from six countries to borrow lunar samples.",
        ("granted(CN, institutions) 7 count", "granted(CN, countries) 6 count"),
    ),
    Example(
        "CNSA received 85 applications from 23 institutions for the first batch of lunar samples and approved 31 of the applications.",
        (
            "applicants(CN, applications) 85 count",
            "applicants(CN, institutions) 23 count",
            "granted(CN, applications) 31 count",
        ),
    ),
)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield how many applied and how many were approved: "Of 24 applications from 11 countries seven were approved"."""
    if not _is_near(sentence, context):
        return
    whose = calls.lender(sentence, context)
    for mark in _counts(sentence) if whose else ():
        claim = _count(sentence, mark, whose, context)
        if claim:
            yield claim


def _is_near(sentence: Sentence, context: Context) -> bool:
    """Whether a sentence may tell of a round: it speaks of loans or calls, or counts applications for what is spoken of."""
    if calls.is_spoken_of(sentence, context):
        return True
    applied = any(mark.name == "applications" for mark in sentence.all("count"))
    chosen = any(
        m.name == "institutions" and _WERE_APPROVED.match(sentence.text[m.end :])
        for m in sentence.all("count")
    )
    return context.material and (applied or chosen) and not topics.is_other(sentence)


def _counts(sentence: Sentence) -> Iterator[Mark]:
    """Yield the counts, and the bare numbers of "ten candidates, five were from the US" and "of which 31 were approved"."""
    yield from sentence.all("count")
    told = [mark.name for mark in sentence.all("count")]
    if "applications" in told or "samples" in told:
        noun = "applications" if "applications" in told else "samples"
        for how, pattern in _BARE:
            if how or noun == "applications":
                yield from _bare(sentence, pattern, noun)
    for match in _NUMBER_OF.finditer(sentence.text):
        noun = _COUNTED_AS.get(match["what"].casefold(), "applications")
        yield from _bare(sentence, _NUMBER_OF, noun, sort="granted" if match["won"] else "applied")
    yield from _bare(sentence, _OF_THEM, "applications", sort="applied")
    yield from _bare(sentence, _LUCKY, "persons", sort="granted")
    yield from _bare(sentence, _BEHIND, "applications", whole=True)
    if calls.CALL.search(sentence.text):
        yield from _bare(sentence, _SAMPLES_BEHIND, "samples", whole=True)
    persons = next((m for m in sentence.all("count") if m.name == "persons"), None)
    if persons:
        yield from _bare(sentence, _FROM, "persons", after=persons.end)


def _bare(
    sentence: Sentence,
    pattern: re.Pattern[str],
    noun: str,
    *,
    sort: str = "",
    after: int = 0,
    whole: bool = False,
) -> Iterator[Mark]:
    """Yield the numbers of a pattern that are not counted already, or dates; `sort` tells of which they are for certain."""
    taken = [m for m in sentence.marks if m.kind in ("count", "date", "mass")]
    for match in pattern.finditer(sentence.text, after):
        read = numerals.read(match["n"], sentence.language)
        at = match.start("n")
        if read and not any(m.start <= at < m.end for m in taken):
            how = quantities.bound(sentence.text[max(0, at - 30) : at], language=sentence.language)
            start, end = match.span() if whole else match.span("n")
            yield Mark("count", start, end, noun, sort, quantity=Quantity(read[0], "count", read[1], how))


def _count(sentence: Sentence, mark: Mark, lender: str, context: Context) -> Claim | None:
    told = sentence.text[mark.start : mark.end]
    if (
        mark.quantity is None
        or mark.name == "states"
        or (mark.name == "countries" and lender == "US")  # to countries NASA gave
        or re.search(r"\bother\b", told)
        or _OTHER_BIDS.search(told + sentence.after(mark, 18))
        or _is_of_people(sentence, mark)
        or (mark.name in ("persons", "applications") and mark.quantity.value == 1)
        or (mark.name == "persons" and _HEARD.match(sentence.text, mark.end))
        or (mark.name == "countries" and re.search(r"\bthe (?:other )?$", sentence.before(mark, 10)))
    ):
        return None
    if mark.name in ("countries", "persons") and not _is_of_round(sentence, context):
        return None
    is_granted = {"granted": True, "applied": False}.get(mark.sort, _is_granted(sentence, mark, context))
    if is_granted is None:
        return None
    noun = _noun(sentence, mark, is_granted=is_granted)
    if not noun:
        return None
    predicate = "granted" if is_granted else "applicants"
    place = "United States" if _AMERICAN.search(sentence.text[mark.start : mark.end + 18]) else ""
    return Claim(
        predicate, lender, noun, mark.quantity, _date(sentence, mark), place, start=mark.start, end=mark.end
    )


def _is_of_round(sentence: Sentence, context: Context) -> bool:
    """Whether countries and people that are counted may be those of a round."""
    near = context.applying or context.sentence - context.last_loan <= _OF_LOANS
    lunar = topics.is_lunar(sentence, context)
    lunar = lunar or (bool(sentence.all("mission")) and bool(calls.CALL.search(sentence.text)))
    return near or lunar or any(m.name == "applications" for m in sentence.all("count"))


_APPLYING: Final = re.compile(
    r"\s+(?:\w+ )?(?:applied|have applied|had applied|put in|submitted|bid|asked)\b"
)


def _is_of_people(sentence: Sentence, mark: Mark) -> bool:
    """Whether a count is of those who walked on the Moon, or of people at large."""
    around = sentence.text[mark.start : mark.end + 20]
    if not _PEOPLE.search(around):
        return False
    many = any(m.name == "applications" for m in sentence.all("count"))
    applied = (
        many
        or _BROUGHT.search(sentence.before(mark, 24))
        or _APPLYING.match(sentence.text, mark.end)
        or _RECEIVED.match(sentence.text[mark.end :])
    )
    return not (mark.name == "persons" and applied and "people" in around and "walked" not in around)


def _is_granted(sentence: Sentence, mark: Mark, context: Context) -> bool | None:
    """Return whether a count is of those approved, or of those who applied; None when it is of neither."""
    applied, approved = _distance(_APPLIED, sentence, mark), _distance(_APPROVED, sentence, mark)
    told = _told(sentence, mark)
    if told is not None:
        return told
    if mark.name == "applications":
        applied = min(applied, 25)
    if min(applied, approved) > _REACH:
        return None
    if mark.name == "persons" and _CANDIDATES.search(sentence.text[mark.start : mark.end]):
        return False
    if mark.name == "countries" and context.applying and _APPROVES.search(sentence.text):
        return True
    return approved < applied


def _chain(sentence: Sentence, mark: Mark) -> list[Mark]:
    """Return the counts that are told in one breath with a count, itself among them."""
    counts = sentence.all("count")
    chain: list[Mark] = []
    for count in counts:
        if chain and not _JOINS.fullmatch(sentence.text[chain[-1].end : count.start]):
            if mark in chain:
                break
            chain = []
        chain.append(count)
    return chain if mark in chain else [mark]


def _told(sentence: Sentence, mark: Mark) -> bool | None:
    """Return what the words beside a count say of it: approved, or merely asked; None where they say neither."""
    behind = sentence.text[mark.end :]
    if mark.name in ("institutions", "persons") and _RECEIVED.match(behind):
        return True
    part = _PART_OF.search(sentence.before(mark, 30))
    if (
        _OF_WHICH.match(behind)
        or _OUT_OF.search(sentence.text[: mark.start])
        or (part and (part["the"] or mark.name == "applications"))
        or (mark.name in ("applications", "persons") and _CHOSEN_FROM.search(sentence.text[: mark.start]))
    ):
        return False
    if _SUCCESSFUL.search(sentence.text[mark.start : mark.end]) or _WERE_APPROVED.match(behind):
        return True
    if _WHOSE_WERE.match(behind) or _BROUGHT.search(sentence.before(mark, 24)):
        return True
    if mark.name == "lots" and not _WANTED.search(sentence.text):
        return True
    if (announced := _ANNOUNCED.search(sentence.text[: mark.start])) and not re.search(
        r"\bhow many\b", announced["words"], re.IGNORECASE
    ):
        words = announced["words"]
        if _APPROVED.search(words) and not _APPLIED.search(words):
            return True
    by = [
        m
        for m in sentence.all("count")
        if m.end <= mark.start and _BY_OR_AT.fullmatch(sentence.text[m.end : mark.start])
    ]
    if by and _told(sentence, by[-1]) is True:  # "37 successful applications by 18 people at 11 institutions"
        return True
    chain = _chain(sentence, mark) if mark.name != "samples" else []
    if any(_APPROVED_IT.search(sentence.before(m, 48)) for m in chain) or any(
        _WERE_APPROVED.match(sentence.text[m.end :]) for m in chain
    ):
        return True
    chosen = any(
        _WERE_APPROVED.match(sentence.text[m.end :])
        for m in sentence.all("count")
        if m.name == "institutions" and m.end <= mark.start
    )
    return True if chosen and mark.name == "countries" else None


def _noun(sentence: Sentence, mark: Mark, *, is_granted: bool) -> str:
    """Return what is counted in the words of the contract; empty where samples are neither lots nor asked for."""
    if is_granted and mark.name == "samples":
        return "lots" if _LOTS.search(sentence.text[mark.start : mark.end]) else ""
    noun = "samples" if mark.name == "lots" and not is_granted else mark.name
    return "" if noun == "samples" and not _WANTED.search(sentence.text) else noun


def _date(sentence: Sentence, mark: Mark) -> str:
    """Return the nearest date of the same clause, or one that opens the sentence; in Chinese the last before it."""
    dates = list(sentence.all("date"))
    opens = calls.OPENS.search(sentence.text)
    if opens:  # that is the day of the opening, not of those who applied
        dates = [
            d for d in dates if min(abs(d.start - opens.end()), abs(opens.start() - d.end)) > _COUNT_AWAY
        ]
    dates = [
        d
        for d in dates
        if d.start < 3 or not frames.crosses(sentence, min(d.end, mark.end), max(d.start, mark.start))
    ]
    dates = [d for d in dates if not _LATER.search(sentence.text[d.start : d.end])]
    date = min(dates, key=lambda d: min(abs(d.start - mark.end), abs(mark.start - d.end)), default=None)
    if date and _COLLECTED.search(sentence.text[: date.start]):
        return ""
    return date.name if date else ""


_LATER: Final = re.compile(r"\b(?:later|after)\b")  # later than what, the count does not tell


def _distance(pattern: re.Pattern[str], sentence: Sentence, mark: Mark) -> int:
    found = [
        min(abs(m.start() - mark.end), abs(mark.start - m.end()))
        + 30 * frames.crosses(sentence, min(m.end(), mark.end), max(m.start(), mark.start))
        for m in pattern.finditer(sentence.text)
        if m.start() >= mark.end or m.end() <= mark.start
    ]
    inside = [0 for m in pattern.finditer(sentence.text, mark.start, mark.end) if mark.name != "applications"]
    return min(found + inside, default=999)
