"""Who asked to borrow, who was turned down, who may ask? loan_requested, loan_refused and permission."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, topics
from aliquot.reading.grammar.frames import Verb
from aliquot.reading.marks import Mark, Sentence

_COUNTED: Final = ("applications", "persons", "institutions", "countries")
_NOT_ASKED: Final = re.compile(
    r"^(?:applications?|candidatures?|requests|applicants?|申请|申請)$", re.IGNORECASE
)
_INFINITIVE: Final = re.compile(
    r"\b(?:may|can|could|to|for|invit\w+|open|a|call for|会|可以)\s+$", re.IGNORECASE
)
_ASKED_TO: Final = re.compile(r"\b(?:requested|asked|applied) to $", re.IGNORECASE)
_PUT_IN: Final = re.compile(
    r"\b(?:put|putting|puts|made|makes|filed|submitted|lodged|sent|handed|tabled|wrote)(?: in)? (?:an?|its|their|his|her|the) (?:\w+ )?$",
    re.IGNORECASE,
)
_BY: Final = re.compile(r"\s+(?:by|from) (?:the )?")
_AMONG: Final = re.compile(
    r"(?:among the|one of the|one of those who|among those who|parmi les|unter den) $", re.IGNORECASE
)
_THING: Final = re.compile(
    r"sampl|soil|rock|dust|grams?\b|milligram|borrow|lease|loan|月|石|échantillon|Prob", re.IGNORECASE
)
_REQUEST: Final = re.compile(
    r"\b(?:request|ask|appl|loan|lease|lend|borrow|shar|access|propos|bid)\w*|申请|请求|借", re.IGNORECASE
)
_PASSIVE: Final = re.compile(r"\b(?:was|were|been|being)\s+(?:\w+ly\s+)?$")
_PERMIT: Final = re.compile(
    r"\b(?:permission|exemption|exception|waiver|clearance|go-ahead|green light|certif\w+|allow(?:ed|s|ing)|may apply|can apply|free to apply|permitted|cleared|clear(?:s|ing)? the way|open(?:ed|s|ing)? the (?:door|way)|let (?:them|it|its|American|U\.?S\.?|NASA[- ]\w+|scientists|researchers|scholars)|told Congress|(?:notif|inform)\w+ (?:\w+ )?Congress|leave to apply|(?:could|can now|were able to|were free to) apply|authori[sz]ed)\b|准许|允许|許可",
    re.IGNORECASE,
)
_PERMITTED: Final = re.compile(
    r"\b(?:appl(?:y|ying|ications?)|request|samples|exemption|researchers|scientists)\b|申请|申請",
    re.IGNORECASE,
)


EXAMPLES: Final = (
    Example("NASA asked China for a sample of Chang'e 5 soil in November 2024.", ("loan_requested(US, CN) 2024-11",)),
)  # fmt: skip


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield what was asked for and refused, and leave to ask in spite of a bar."""
    if topics.is_other(sentence):
        return
    permitted = list(permissions(sentence, context))
    yield from permitted
    if not permitted:
        yield from requests(sentence, context)
    yield from _refused(sentence, context)


def is_about_loans(sentence: Sentence, context: Context) -> bool:
    """Whether a sentence speaks of lunar material, by name or as what was spoken of."""
    goes_on = bool(sentence.all("mass") or topics.MATTER.search(sentence.text))
    return topics.is_lunar(sentence, context) or (context.material and goes_on)


def requests(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who asked whom to lend; at most one in a sentence, but each of several applicants that are named."""
    lender = topics.lender_of(sentence, context)
    if not (is_about_loans(sentence, context) or context.applying):
        return
    for verb in frames.verbs(sentence, "ask"):
        ahead = [
            m
            for m in sentence.all("party")
            if m.end <= verb.start and not frames.crosses(sentence, m.end, verb.start)
        ]
        before = sentence.text[max(0, verb.start - 14) : verb.start]
        found = list(_among(sentence, ahead, lender, verb)) if _AMONG.search(before) else []
        if not found and _is_asking(sentence, verb, before):
            if pair := _toward(sentence, verb):
                yield _claim(sentence, pair[0], pair[1], verb)
                return
            by = _BY.match(sentence.text, verb.end)
            asker = next((m for m in sentence.all("party") if by and m.start == by.end()), None)
            if asker or ahead:
                found = list(_asked(sentence, asker or ahead[-1], lender, verb))
            elif _PUT_IN.search(sentence.text[: verb.start]) and context.borrower and lender:
                found = [_claim(sentence, context.borrower, lender, verb)]
        yield from found
        if found:
            return


def _is_asking(sentence: Sentence, verb: Verb, before: str) -> bool:
    put_in = _PUT_IN.search(sentence.text[: verb.start])
    if _BY.match(sentence.text, verb.end):
        return True
    if _NOT_ASKED.match(verb.text) or (
        _INFINITIVE.search(before[-9:]) and not put_in and not _ASKED_TO.search(before)
    ):
        return False
    counted = any(mark.name in _COUNTED for mark in sentence.all("count"))
    if counted and verb.text.casefold().startswith(("appl", "requ")):
        return False
    return bool(put_in or _THING.search(sentence.text[verb.start :]))


def _among(sentence: Sentence, ahead: list[Mark], lender: str, verb: Verb) -> Iterator[Claim]:
    """Yield "Münker of Cologne was among the applicants"."""
    told = [
        mark
        for mark in ahead
        if not re.search(r"according to (?:the )?$", sentence.before(mark, 18), re.IGNORECASE)
    ]
    who = topics.merged(sentence, told)
    for mark in [mark for mark in who if mark.sort == "institution"] or who[-1:]:
        if mark.name != lender:
            yield Claim("loan_requested", mark.name, lender or "CN", start=verb.start)


def _asked(sentence: Sentence, asker: Mark, lender: str, verb: Verb) -> Iterator[Claim]:
    holders = [
        m.name
        for m in sentence.all("party")
        if m.start >= verb.end and m.sort == "state" and m.state != asker.state
    ]
    holder = holders[0] if holders else lender
    if holder and asker.name != holder and not (holder == asker.state and asker.sort == "state"):
        yield _claim(sentence, asker.name, holder, verb)


def _toward(sentence: Sentence, verb: Verb) -> tuple[str, str] | None:
    """Return who asked whom in "中国向美方提出...的请求"; None of all else."""
    states = [m for m in sentence.all("party") if m.sort == "state" and m.end <= verb.start]
    for asker, asked in pairwise(states):
        if sentence.text[asker.end : asked.start] == "向" and asker.name != asked.name:
            return asker.name, asked.name
    return None


def _claim(sentence: Sentence, asker: str, holder: str, verb: Verb) -> Claim:
    mass, day = frames.mass_of(sentence, "ask"), frames.day_of(sentence, verb)
    return Claim(
        "loan_requested", asker, holder, mass, day, start=verb.start, end=verb.end + 40, hedge="asserted"
    )


def _refused(sentence: Sentence, context: Context) -> Iterator[Claim]:
    applying = context.applying or context.sentence - context.last_loan <= 3
    if not (
        (is_about_loans(sentence, context) and _REQUEST.search(sentence.text))
        or (context.material and applying)
    ):
        return
    for verb in frames.verbs(sentence, "refuse"):
        refuser, applicant = _refusal(sentence, verb, topics.lender_of(sentence, context))
        if refuser and applicant and refuser != applicant:
            date = frames.date_of(sentence, verb, reach=250)
            day = date.name if date else ""
            yield Claim(
                "loan_refused",
                refuser,
                applicant,
                date=day,
                start=verb.start,
                end=verb.end,
                hedge=_denied(sentence, verb),
            )
            return


_DENIED: Final = re.compile(
    r"\b(?:did not|didn't|has not|had not|have not|never|denied|denies|deny|denying|not true|contrary to|no truth)\b[^.;]{0,90}$",
    re.IGNORECASE,
)


def _denied(sentence: Sentence, verb: Verb) -> str:
    return "denied" if _DENIED.search(sentence.text[: verb.start]) else "asserted"


def _refusal(sentence: Sentence, verb: Verb, lender: str) -> tuple[str, str]:
    """Return who refused whom: "X was refused", "X asked Y, which declined", "Y rejected X's request"."""
    states = list(dict.fromkeys(m.state for m in sentence.all("party") if m.sort == "state"))
    ahead = [m for m in sentence.all("party") if m.end <= verb.start]
    asked = [v for v in frames.verbs(sentence, "ask") if v.end <= verb.start]
    if asked and _PASSIVE.search(sentence.text[max(0, verb.start - 24) : verb.start]):
        askers = [m for m in ahead if m.end <= asked[-1].start]
        if askers:  # "Washington asked for Chinese rocks and was turned down"
            return next((s for s in states if s != askers[-1].state), lender), askers[-1].name
    if ahead and _PASSIVE.search(sentence.text[max(0, verb.start - 24) : verb.start]):
        return next((s for s in states if s != ahead[-1].state), lender), ahead[-1].name
    if asked and (askers := [m for m in ahead if m.end <= asked[-1].start]):
        return next((s for s in states if s != askers[-1].state), lender), askers[-1].name
    refusers = [m for m in ahead if m.sort == "state"]
    later = [v for v in frames.verbs(sentence, "ask") if v.start >= verb.end]
    if refusers and later:  # "Beijing said no when NASA asked"
        askers = [
            m for m in sentence.within(verb.end, later[0].start, "party") if m.state != refusers[-1].state
        ]
        if askers:
            return refusers[-1].name, askers[-1].name
    behind = [m for m in sentence.all("party") if m.start >= verb.end]
    return (refusers[-1].name, behind[0].name) if refusers and behind else ("", "")


def permissions(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield leave that NASA or Congress gave to apply for Chinese samples."""
    match = _PERMIT.search(sentence.text)
    if not match or not _PERMITTED.search(sentence.text):
        return
    american = any(m.state == "US" for m in sentence.all("party")) or (
        context.law == "Wolf Amendment"
        and bool(re.search(r"\b(?:agency|researchers|scholars|scientists)\b", sentence.text))
    )
    chinese = bool(re.search(r"\bChin(?:a|ese)\b|Chang'?e", sentence.text)) and bool(
        re.search(r"\b(?:permission|green light|leave|waiver|exemption|clearance|cleared)\b", sentence.text)
    )
    wolf = (
        chinese
        or context.law == "Wolf Amendment"
        or bool(re.search(r"\b(?:Wolf|Congress|NASA)\b|美国(?:国家航空)?航天局|国会|沃尔夫", sentence.text))
    )
    if (
        not american
        or not wolf
        or (
            re.search(
                r"\b(?:law|amendment|legislation|prohibit\w*|ban\w*|bars?|barred|restrict\w*)\b",
                sentence.text,
                re.IGNORECASE,
            )
            and not re.search(
                r"certif|exemption|waiver|permission|free to apply|(?:may|can|could) apply|assur",
                sentence.text,
                re.IGNORECASE,
            )
        )
    ):
        return
    words = match[0].casefold()
    if words.startswith(("exempt", "waiver", "exception", "certif", "clearance", "cleared")) or re.search(
        r"\b(?:appl(?:y|ying|ications?)|bid|borrow|ask for|request)\b|申请|申請", sentence.text
    ):
        if re.search(r"\bwithout\b[^.]{0,40}$", sentence.text[: match.start()]):
            return
        institutions = [m for m in sentence.all("party") if m.sort == "institution" and m.state != "US"]
        if institutions or (
            words.startswith(("allow", "permit")) and re.search(r"institutions|universities", sentence.text)
        ):
            return
        date = next(iter(sorted(sentence.all("date"), key=lambda d: abs(d.start - match.start()))), None)
        yield Claim(
            "permission", "US", "US", date=date.name if date else "", start=match.start(), end=match.end()
        )
