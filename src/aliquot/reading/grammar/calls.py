"""How did a call for applications go? call_opened, call_closed, applicants and granted, in counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import lexicon, numerals
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, topics
from aliquot.reading.marks import Mark, Quantity, Sentence

_OPENS: Final = lexicon.anywhere("grammar/calls.toml", "opens")
_CLOSES: Final = lexicon.anywhere("grammar/calls.toml", "closes")
_CALL: Final = lexicon.anywhere("grammar/calls.toml", "call")
_APPLIED: Final = lexicon.anywhere("grammar/calls.toml", "applied")
_APPROVED: Final = lexicon.anywhere("grammar/calls.toml", "approved")
_COLLECTED: Final = re.compile(r"\b(?:collected|retrieved|returned|brought|gathered)\b[^,;]{0,40}$")
_BARE: Final = re.compile(
    rf"\bapproved (?P<a>{numerals.WORD}|\d{{1,3}})\b(?! (?:\w+ ){{0,2}}?(?:grams|milligrams|mg|institutions|countries|lots))|"
    rf"\b(?P<b>{numerals.WORD}|\d{{1,3}}) (?:of (?:the|them|these|which)(?: \w+)? )?(?:(?:were|was) (?:approved|granted|accepted|successful|chosen)|made it|made the cut|succeeded|got through|won through)\b",
    re.IGNORECASE,
)
# In Han the number may stand behind what it counts: "通过的申请共67份".
_BEHIND: Final = re.compile(
    rf"(?:(?:(?:获批|获准|通过|批准)的?)?(?:申请|申請)(?:书|数|总数)?|批准了?|核准了?|通过了?)(?:有|共有?|达到?|为|是|总计|合计)?(?P<n>\d{{1,4}}|{numerals.HAN})(?:份|件|项)"
)
_SAMPLES_BEHIND: Final = re.compile(
    rf"(?:涉及|申请|申请借用)样品(?:共|合计)?(?P<n>\d{{1,4}}|{numerals.HAN})(?:份|件)"
)
_OF_A_CALL: Final = re.compile(
    r"\bcalls? for (?:applications?|proposals?)\b|\b(?:\w+ )?(?:call|round|batch)\b(?= (?:\w+ ){0,2}?(?:opened|closed|followed|of (?:lending|loans|applications)))",
    re.IGNORECASE,
)
_COUNT_AWAY: Final = 30
_DAY_BEFORE: Final = 12
_OPENING: Final = 4
_HEADED: Final = re.compile(r"\W{1,4}(?:[\w']+ ){0,4}?calls? (?:for|to)\b", re.IGNORECASE)
_REACH: Final = 90  # characters between a count and the word that says what it is a count of
_PEOPLE: Final = re.compile(r"astronaut|walked|people|men\b|humans")
_RECEIVED: Final = re.compile(
    r"(?: (?:from|of|at) [^,;.]{0,40}?)?\s+(?:have |had |has )?(?:received|got|obtained|were given)\b"
)
_CANDIDATES: Final = re.compile(r"candidates?|applicants?")
_APPROVES: Final = re.compile(r"approv|grant|select|承認|批准|入选|中选|获选|获批|通过", re.IGNORECASE)
_SUCCESSFUL: Final = re.compile(
    r"\b(?:successful|approved|winning|accepted|selected)\b|获批|获准|通过|批准", re.IGNORECASE
)
# "31 applications from 13 institutions were approved"
_WERE_APPROVED: Final = re.compile(
    r"\s*(?:,? ?(?:from|by|filed|submitted) [^.;,]{0,60}?)?\b(?:were|was|have been|had been|are) (?:\w+ly )?(?:approved|granted|accepted|selected|successful|chosen|picked|cleared|given the nod|told the good news|notified)\b|^\s*(?:(?:from|in|across) [^.;,]{0,40} )?(?:made (?:the cut|the list|it)|won out|won approval|prevailed|got the nod|came through)|^的?[^,。;]{0,14}(?:获得?[^,。;]{0,10}批准|获批|通过|获得[^,。]{0,6}(?:资格|许可|机会)|入选|中选|获选)",
    re.IGNORECASE,
)
# "85 requests, of which 31 were granted"
_OF_WHICH: Final = re.compile(r",? (?:out )?of (?:which|whom|them)\b|,其中")
_WHOSE_WERE: Final = re.compile(
    r"[^.;]{0,40}?\bwhose (?:proposals?|applications?|requests?|bids?)\b[^.;]{0,50}?\b(?:accepted|approved|granted|successful|selected)\b"
)
_BY_OR_AT: Final = re.compile(r",? (?:submitted |filed )?(?:by|at|from|of) (?:the )?(?:\w+ )?")
_LOTS: Final = re.compile(r"lots|batch|份|件")
_WANTED: Final = re.compile(r"request|appl(?!icants)|sought|asked for|希望|申", re.IGNORECASE)
_AMERICAN: Final = re.compile(r"\b(?:U\.?S\.?|American|United States)\b")
_FROM: Final = re.compile(
    rf"\b(?P<n>{numerals.WORD}|\d{{1,2}})\b(?: of (?:them|whom))?,? (?:were|was|came|are|being) from\b",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"\b(?:Artemis Accords|signator\w+|ILRS|projects? with|collaborat\w+ with over|ambassadors?|goodwill|Nixon|displays)\b",
    re.IGNORECASE,
)

EXAMPLES: Final = (
    Example("CNSA opened its first international call for Chang'e 5 samples in November 2023.", ("call_opened(CN) 2023-11",)),
    Example("By the end of December 2023 China had received 24 applications from 11 countries for Chang'e 5 samples.", ("applicants(CN, applications) 24 count 2023-12", "applicants(CN, countries) 11 count 2023-12")),
    Example("China approved seven institutions from six countries to borrow lunar samples.", ("granted(CN, institutions) 7 count", "granted(CN, countries) 6 count")),
    Example("CNSA received 85 applications from 23 institutions for the first batch of lunar samples and approved 31 of the applications.", ("applicants(CN, applications) 85 count", "applicants(CN, institutions) 23 count", "granted(CN, applications) 31 count")),
)  # fmt: skip


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the opening and closing of calls, and the counts of who applied and who was approved."""
    if topics.is_other(sentence) or _OTHER.search(sentence.text):
        return
    lunar = topics.is_lunar(sentence, context)
    lunar = lunar or (bool(sentence.all("mission")) and bool(_CALL.search(sentence.text)))
    near = lunar or context.applying or context.sentence - context.last_loan <= 1
    applied = any(mark.name == "applications" for mark in sentence.all("count"))
    chosen = any(
        m.name == "institutions" and _WERE_APPROVED.match(sentence.text[m.end :])
        for m in sentence.all("count")
    )
    lends = bool(frames.verbs(sentence, "lend"))
    near = near or (context.material and (lends or applied or chosen or _is_of_a_call(sentence)))
    if not near:
        return
    lender = _lender(sentence, context)
    if not lender:
        return
    yield from _calls(sentence, lender, context)
    for mark in _counts(sentence):
        claim = _count(sentence, mark, lender, context, lunar=lunar)
        if claim:
            yield claim


def _is_of_a_call(sentence: Sentence) -> bool:
    """Whether a sentence tells of a call by itself: "CNSA opened the call to scientists abroad"."""
    opened = _OPENS.search(sentence.text) and _CALL.search(sentence.text)
    return bool(opened or _OF_A_CALL.search(sentence.text))


def _lender(sentence: Sentence, context: Context) -> str:
    names = [m.name for m in sentence.all("mission")]
    states = [m.name for m in sentence.all("party") if m.sort == "state"]
    if "CN" in states or any(n.startswith("CE") for n in names):
        return "CN"
    if any(n.startswith("Apollo") for n in names):
        return "US"
    if context.lender or context.mission.startswith("CE"):
        return context.lender or "CN"
    return "US" if "US" in states else context.keeper or topics.by_name_of_material(sentence)


def _calls(sentence: Sentence, lender: str, context: Context) -> Iterator[Claim]:
    opens = _OPENS.search(sentence.text)
    dates = list(sentence.all("date"))
    if not opens and dates and dates[0].start < _OPENING:  # "29 September 2025 - Second call for samples"
        opens = _HEADED.match(sentence.text, dates[0].end)
    if opens and dates:
        ahead = [d for d in dates if d.end <= opens.start()] if sentence.language in ("zh", "ja") else []
        within = [d for d in dates if opens.start() <= d.start and d.end <= opens.end()]
        date = (
            ahead[-1]
            if ahead
            else min(
                within or dates, key=lambda d: min(abs(d.start - opens.end()), abs(opens.start() - d.end))
            )
        )
        yield Claim("call_opened", lender, date=date.name, start=opens.start(), end=opens.end(), hedge="")
        dates = [d for d in dates if d is not date]
    closes = _CLOSES.search(sentence.text)
    if (
        closes
        and dates
        and (_CALL.search(sentence.text) or context.applying)
        and not re.search(r"applications from|received", sentence.text)
    ):
        ahead = [d for d in dates if d.start >= closes.end() and d.start - closes.end() < _COUNT_AWAY]
        if not ahead or sentence.language in ("zh", "ja"):  # in Han the day stands before its verb
            ahead = [d for d in dates if 0 <= closes.start() - d.end < _DAY_BEFORE] or ahead or dates[:1]
        yield Claim("call_closed", lender, date=ahead[0].name, start=closes.start(), end=closes.end())


def _counts(sentence: Sentence) -> Iterator[Mark]:
    """Yield the counts, and the bare numbers of "ten candidates, five were from the US" and "of which 31 were approved"."""
    yield from sentence.all("count")
    if any(mark.name == "applications" for mark in sentence.all("count")):
        for match in _BARE.finditer(sentence.text):
            group = "a" if match["a"] else "b"
            read = numerals.read(match[group])
            if read and not any(m.start <= match.start(group) < m.end for m in sentence.all("count")):
                yield Mark(
                    "count",
                    match.start(group),
                    match.end(group),
                    "applications",
                    quantity=Quantity(read[0], "count", read[1]),
                )
    yield from _behind(sentence, _BEHIND, "applications")
    if _CALL.search(sentence.text):
        yield from _behind(sentence, _SAMPLES_BEHIND, "samples")
    persons = next((m for m in sentence.all("count") if m.name == "persons"), None)
    if persons:
        for match in _FROM.finditer(sentence.text, persons.end):
            read = numerals.read(match["n"])
            if read:
                yield Mark(
                    "count",
                    match.start(),
                    match.end(),
                    "persons",
                    quantity=Quantity(read[0], "count", read[1]),
                )


def _behind(sentence: Sentence, pattern: re.Pattern[str], noun: str) -> Iterator[Mark]:
    """Yield the counts whose number stands behind what it counts."""
    for match in pattern.finditer(sentence.text):
        read = numerals.read(match["n"], sentence.language)
        if read and not any(m.start <= match.start("n") < m.end for m in sentence.all("count")):
            yield Mark("count", *match.span(), noun, quantity=Quantity(read[0], "count", read[1]))


def _count(sentence: Sentence, mark: Mark, lender: str, context: Context, *, lunar: bool) -> Claim | None:
    if (
        mark.quantity is None
        or mark.name == "states"
        or re.search(r"\bother\b", sentence.text[mark.start : mark.end])
        or _is_of_people(sentence, mark)
        or (mark.name == "countries" and re.search(r"\bthe (?:other )?$", sentence.before(mark, 10)))
    ):
        return None
    if mark.name in ("countries", "persons") and not (
        lunar or context.applying or any(m.name == "applications" for m in sentence.all("count"))
    ):
        return None
    is_granted = _is_granted(sentence, mark, context)
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


def _is_of_people(sentence: Sentence, mark: Mark) -> bool:
    """Whether a count is of those who walked on the Moon, or of people at large."""
    around = sentence.text[mark.start : mark.end + 20]
    applied = mark.name == "persons" and any(m.name == "applications" for m in sentence.all("count"))
    return bool(_PEOPLE.search(around)) and not (applied and "people" in around and "walked" not in around)


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


# "approves 67 applications from 32 researchers", "25家单位的32位申请人提交的67份申请获得批准": what is said of one is said of all.
_APPROVED_IT: Final = re.compile(
    r"(?:\b(?:approv|grant|accept|clear|select|pick|cho[so]|name)\w*(?: the)? (?:(?:loan )?(?:applications?|requests?|proposals?|bids?) (?:of|from|by|submitted by) (?:the )?)?|批准了?)$",
    re.IGNORECASE,
)
_JOINS: Final = re.compile(
    r"\s*(?:(?:from|by|of|at|in|filed by|submitted by|made by)(?: the)?|的|(?:所)?(?:提交|递交|提出)的)?\s*",
    re.IGNORECASE,
)


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
    if _SUCCESSFUL.search(sentence.text[mark.start : mark.end]) or _WERE_APPROVED.match(behind):
        return True
    if _WHOSE_WERE.match(behind):
        return True
    if _OF_WHICH.match(behind):
        return False
    if mark.name == "lots" and not _WANTED.search(sentence.text):
        return True
    by = [
        m
        for m in sentence.all("count")
        if m.end <= mark.start and _BY_OR_AT.fullmatch(sentence.text[m.end : mark.start])
    ]
    if by and _told(sentence, by[-1]) is True:  # "37 successful applications by 18 people at 11 institutions"
        return True
    if any(
        _APPROVED_IT.search(sentence.before(m, 48)) or _WERE_APPROVED.match(sentence.text[m.end :])
        for m in _chain(sentence, mark)
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
    opens = _OPENS.search(sentence.text)
    if opens:  # that is the day of the opening, not of those who applied
        dates = [
            d for d in dates if min(abs(d.start - opens.end()), abs(opens.start() - d.end)) > _COUNT_AWAY
        ]
    if sentence.language == "zh" and (ahead := [d for d in dates if d.end <= mark.start]):
        return ahead[-1].name
    dates = [
        d
        for d in dates
        if d.start < 3 or not frames.crosses(sentence, min(d.end, mark.end), max(d.start, mark.start))
    ]
    date = min(dates, key=lambda d: min(abs(d.start - mark.end), abs(mark.start - d.end)), default=None)
    if date and _COLLECTED.search(sentence.text[: date.start]):
        return ""
    return date.name if date else ""


def _distance(pattern: re.Pattern[str], sentence: Sentence, mark: Mark) -> int:
    found = [
        min(abs(m.start() - mark.end), abs(mark.start - m.end()))
        + 30 * frames.crosses(sentence, min(m.end(), mark.end), max(m.start(), mark.start))
        for m in pattern.finditer(sentence.text)
        if m.start() >= mark.end or m.end() <= mark.start
    ]
    inside = [0 for m in pattern.finditer(sentence.text, mark.start, mark.end) if mark.name != "applications"]
    return min(found + inside, default=999)
