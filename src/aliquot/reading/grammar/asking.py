"""Who asked to borrow, and who was turned down? loan_requested and loan_refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, permitting, places, topics
from aliquot.reading.grammar.frames import Verb
from aliquot.reading.marks import Mark, Quantity, Sentence


def _words(topic: str) -> re.Pattern[str]:
    return lexicon.anywhere("grammar/asking.toml", topic)


_THING, _REQUEST, _ROLL, _IN_VAIN = _words("thing"), _words("request"), _words("roll"), _words("turned_down")
_PUT_IN: Final = re.compile(rf"(?:{_words('put_in').pattern}) (?:\w+ ){{0,2}}?$", re.IGNORECASE)
_AMONG: Final = re.compile(rf"(?:{_words('among').pattern}) (?:\w+ )?$", re.IGNORECASE)
_NOT_YET: Final = re.compile(rf"(?:{_words('not_yet').pattern})\s*$", re.IGNORECASE)
_CONTRARY: Final = re.compile(rf"(?:{_words('refused_before').pattern})[^.;]{{0,90}}$", re.IGNORECASE)
_PARTY, _SIGN = places.PARTY, places.SIGN
_ASKS, _ITS_REQUEST = f"(?:{_words('asks').pattern})", f"(?:{_words('a_request').pattern})"
_WHAT, _SMALL = f"(?:{_words('thing').pattern})", r"(?:[\w-]+ ){0,3}?"
_ASKERS: Final = places.patterns((
    # "Sweden is asking for 30 milligrams", "Denmark handed in its papers, asking for five grains"
    rf"{_PARTY}(?! (?:may|can|could|should|must|might))(?:'s {_SMALL}(?:scientists|researchers|geologists|"
    rf"government|team|director))?[^;.{_SIGN}]{{0,40}}? (?P<verb>{_ASKS})\b[^.;{_SIGN}]{{0,50}}?\b{_WHAT}",
    # "The first to apply was the University of Cologne", "Behind the bid stands Peking University", "Applicants: Germany, Japan"
    rf"(?:first|last|next|only one|only country) to (?P<verb>{_ASKS})[^.;{_SIGN}]{{0,30}} (?:is|was|were|"
    rf"are) (?:the )?{_PARTY}",
    rf"\bbehind (?:the|that|one) (?P<verb>{_ITS_REQUEST})[^.;{_SIGN}]{{0,40}} (?:stands?|stood|is|was) (?:the )?{_PARTY}",
    rf"\b(?P<verb>applicants?|bidders?)(?: are| were| include[sd]?)?: (?:the )?{_PARTY}",
    # "No application has come from India", "three applications, one of them from the Open University"
    rf"(?P<verb>{_ITS_REQUEST})[^.;{_SIGN}]{{0,40}}? (?:came|come|arrived|is|was|reached \w+) (?:in )?from "
    rf"(?:the )?{_PARTY}",
    rf"(?P<verb>{_ITS_REQUEST})\b[^;]{{0,60}}?\bone (?:of them )?from (?:the )?{_PARTY}",
))  # fmt: skip
_REFUSED, _REFUSES = f"(?:{_words('refused').pattern})", f"(?:{_words('refuses').pattern})"
_FAILS, _REFUSAL = f"(?:{_words('fails').pattern})", f"(?:{_words('a_refusal').pattern})"
_NOTHING: Final = f"(?:{_words('comes_to_nothing').pattern})"
_IS: Final = r"(?:was|were|is|are|has been|have been|had been|got|being)(?: not| never)?(?: \w+ly)?"
_REFUSED_ONES: Final = places.patterns((
    # "Kenya's request for a loan was thrown out", "The application of the University of Leeds failed"
    rf"{_PARTY}(?:'s? {_SMALL}{_ITS_REQUEST}[^.;{_SIGN}]{{0,40}}?)?(?:, [^,;.]{{3,40}},)? {_IS} "
    rf"(?P<verb>{_REFUSED})(?! (?:nothing|by {_PARTY.replace('who', 'by')} and))",
    rf"{_PARTY}(?:'s? {_SMALL}{_ITS_REQUEST}[^.;{_SIGN}]{{0,40}}?)? (?:\w+ly )?(?:has |have |had )?(?P<verb>{_FAILS})",
    rf"{_PARTY}'s? {_SMALL}{_ITS_REQUEST}[^.;{_SIGN}]{{0,40}}? (?P<verb>{_NOTHING})",
    rf"{_ITS_REQUEST} (?:of|by|from) (?:the )?{_PARTY}[^.;{_SIGN}]{{0,20}}? (?P<verb>{_NOTHING})",
    # "Among those rejected was the University of Leeds"
    rf"\bthose (?P<verb>{_REFUSED})[^.;{_SIGN}]{{0,20}} (?:is|was|were|are|include[sd]?) (?:the )?{_PARTY}",
    # "The answer to ETH Zurich was no", "India got a refusal", "a rejection letter reached Leeds", "its refusal to lend any to Canada"
    rf"\b(?:answer|reply|response) to (?:the )?{_PARTY} (?:is|was|has been) (?:an? )?(?P<verb>{_REFUSAL})",
    rf"{_PARTY} (?:has |have |had )?(?:got|received|met with|was given|were given|earned|drew) (?:an? |"
    rf"only an? )?(?:\w+ )?(?P<verb>{_REFUSAL})",
    rf"(?P<verb>(?!no\b){_REFUSAL}),?[^.;{_SIGN}]{{0,50}}? (?:to|for|reached|went to) (?:the )?{_PARTY}",
    # "CNSA would not let the University of Leeds borrow anything", "It did not approve the request from Brazil"
    rf"(?:{places.OTHER}|\b(?:it|they|agency|officials))(?:,? which)? (?:has |have |had )?(?:\w+ly "
    rf")?(?P<verb>{_REFUSES}) (?:to )?(?:[\w'-]+ ){{0,7}}?{_PARTY}",
))  # fmt: skip
_OTHER_REFUSED: Final = _words("other_refused")
_COUNTED: Final = ("applications", "persons", "institutions", "countries")
_NOT_ASKED: Final = re.compile(
    r"^(?:applications?|candidatures?|requests|applicants?|bids?|bidders?|申请|申請)$", re.IGNORECASE
)
_NOUN: Final = re.compile(r"(?:application|request|bid|proposal|petition)$", re.IGNORECASE)
_ASKED_TO: Final = re.compile(r"\b(?:requested|asked|asks|applied|applies|wrote|written) to $", re.IGNORECASE)
_PASSIVE: Final = re.compile(
    r"\b(?:was|were|been|being|be|is|are)\s+(?:not\s+|never\s+|n't\s+|also\s+|again\s+)?(?:\w+ly\s+)?$"
)
# "a request for 2 grams from Cologne", "was asked by Tokyo", "Seoul's request"
_BY: Final = re.compile(
    r"(?: (?:for|to)(?! the (?:third|second|first))[^.;,]{1,40}?)?,?(?: (?:which |that )?(?:was |had been "
    r")?(?:came|come|arrived|submitted|filed|lodged|made|handed in|sent))?\s+(?:by|from) (?:the )?"
)
_POSSESSES: Final = re.compile(r"(?:'s|s'|') (?:[\w-]+ ){0,2}?$")
_ANSWERED: Final = re.compile(
    r"\s*(?:first|too|again|as well|likewise|in vain|to no avail|without success)?\s*(?:[.,;]|$|last\b|in \w+ \d|on \w+ \d)"
)
_NOBODY: Final = re.compile(r"\b(?:nobody|no one|none|never|not|n't|nor|neither|denie[sd])\b", re.IGNORECASE)
_WILL: Final = re.compile(
    r"\b(?:will|plans? to|intends? to|is to|are to|hopes? to|means? to|going to)\s+(?:\w+ )?$"
)
_LENDERS: Final = ("CN", "US", "SU", "RU")  # the states that have lunar samples to lend
_MOST_G: Final = 50  # nobody asked for more

EXAMPLES: Final = (
    Example(
        "NASA asked China for a sample of Chang'e 5 soil in November 2024.",
        ("loan_requested(US, CN) 2024-11",),
    ),
    Example(
        "Brown University's request to China for two grams of lunar soil was turned down.",
        ("loan_requested(Brown University, CN) 2 g", "loan_refused(CN, Brown University)"),
    ),
)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield what was asked for and what was refused; who is let apply has not applied."""
    if topics.is_other(sentence):
        return
    permitted = any(True for _ in permitting.claims(sentence, context))
    if not permitted:
        yield from requests(sentence, context)
    yield from refusals(sentence, context)


def is_about_loans(sentence: Sentence, context: Context) -> bool:
    """Whether a sentence speaks of lunar material, by name or as what was spoken of."""
    goes_on = bool(sentence.all("mass") or topics.is_matter(sentence))
    return topics.is_lunar(sentence, context) or (context.material and goes_on)


def requests(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who asked whom to lend, in one act of a sentence: "Japan and Italy have applied for samples"."""
    if not _is_near(sentence, context):
        return
    lender = topics.lender_of(sentence, context)
    roll = _ROLL.search(sentence.text)
    listed = list(sentence.within(roll.end(), len(sentence.text), "party")) if roll else []
    if roll and listed and not _is_adjective(sentence, listed[0]):
        verb = Verb("ask", *roll.span(), roll[0])
        yield from _all(sentence, listed, lender or "CN", verb)
        return
    last = None
    for verb in frames.verbs(sentence, "ask"):
        if last and not _PARTED.search(sentence.text[last.end : verb.start]):
            continue
        found = list(_request(sentence, context, lender, verb))
        yield from found
        last = verb if found else last
    if last:
        return
    for parties, match in places.found(sentence, _ASKERS) if sentence.language == "en" else ():
        verb = Verb("ask", *match.span("verb"), match["verb"])
        if _is_only_refused(sentence, verb):
            return
        if not _NOT_YET.search(match.string[: verb.start]) or _FIRST_TO.search(match.string[: verb.start]):
            yield from _asked(sentence, context, parties, lender, verb)
            return


_PARTED: Final = re.compile(r";|\bwhile\b|\bwhereas\b")  # "Pakistan applied; Iran applied too"
_FIRST_TO: Final = re.compile(r"\b(?:first|last|next|only one|only country) to $", re.IGNORECASE)


def _is_adjective(sentence: Sentence, mark: Mark) -> bool:
    return mark.sort == "state" and bool(_ADJECTIVE.search(sentence.text[mark.start : mark.end]))


def _is_near(sentence: Sentence, context: Context) -> bool:
    """Whether a sentence may tell of asking for what is spoken of."""
    lately = context.applying or context.sentence - context.last_loan <= _STILL
    goes_on = context.material and (lately or _LOAN.search(sentence.text))
    return bool(is_about_loans(sentence, context) or context.applying or goes_on)


_STILL: Final = 3  # sentences
_LOAN: Final = re.compile(r"\b(?:loan|borrow|lend)", re.IGNORECASE)
_ADJECTIVE: Final = re.compile(r"(?:ese|an|ish|ch|Thai)$")  # "ten of the applicants were American"


def _request(sentence: Sentence, context: Context, lender: str, verb: Verb) -> Iterator[Claim]:
    """Yield what one word of asking tells, by who stands where beside it."""
    before = sentence.text[max(0, verb.start - 40) : verb.start]
    ahead = [
        m
        for m in sentence.all("party")
        if m.end <= verb.start and not frames.crosses(sentence, m.end, verb.start)
    ]
    if pair := _toward(sentence, verb):
        yield _claim(sentence, pair[0], pair[1], verb)
    elif _AMONG.search(before):
        yield from _all(sentence, ahead, lender or "CN", verb)
    elif _is_only_refused(sentence, verb):
        return
    elif asker := _by(sentence, verb):
        yield from _asked(sentence, context, [asker], lender, verb)
    elif (
        ahead and _NOUN.search(verb.text) and _POSSESSES.fullmatch(sentence.text[ahead[-1].end : verb.start])
    ):
        yield from _asked(sentence, context, ahead[-1:], lender, verb)
    elif _is_asking(sentence, context, verb, before):
        if ahead:
            yield from _asked(sentence, context, _subject(sentence, ahead), lender, verb)
        elif following := _named_next(sentence, verb) or speaker(sentence, verb):
            yield from _asked(sentence, context, [following], lender, verb)
        elif _PUT_IN.search(before) and context.borrower and lender:
            yield _claim(sentence, context.borrower, lender, verb)


def _is_only_refused(sentence: Sentence, verb: Verb) -> bool:
    """Whether a request is named only to say that it was refused: "The request by NASA was rejected"."""
    refused = frames.verbs(sentence, "refuse") or any(True for _ in places.found(sentence, _REFUSED_ONES))
    return bool(_NOUN.search(verb.text) and refused and not sentence.all("mass"))


def _is_asking(sentence: Sentence, context: Context, verb: Verb, before: str) -> bool:
    """Whether a word of asking tells that somebody asked, and not that somebody may, or how many did."""
    put_in = _PUT_IN.search(before)
    if _NOT_ASKED.match(verb.text) and not put_in:
        return False
    if _NOT_YET.search(before) and not put_in and not _ASKED_TO.search(before):
        return False
    counted = any(mark.name in _COUNTED for mark in sentence.all("count"))
    if counted and verb.text.casefold().startswith(("appl", "requ")):
        return False
    behind = sentence.text[verb.end :]
    spoken_of = context.applying or context.sentence - context.last_loan <= _STILL
    alone = spoken_of and _ANSWERED.match(behind) and not verb.text.casefold().endswith(("for", "to", "ing"))
    it = spoken_of and re.match(r" (?:any of |some of |for )?(?:it|them|one|some)\b", behind)
    named = _NAMED_BEFORE.search(sentence.text[: verb.start])
    return bool(put_in or _THING.search(behind) or alone or it or named)


# "the loan that the Dutch had asked for"
_NAMED_BEFORE: Final = re.compile(
    rf"(?:{_THING.pattern}),? (?:that|which) (?:the )?(?-i:[A-Z])[^.;,]{{0,40}}$", re.IGNORECASE
)


def _by(sentence: Sentence, verb: Verb) -> Mark | None:
    """Return who stands behind a request: "a request for 2 grams came from Cologne", "was asked by Tokyo"."""
    by = _BY.match(sentence.text, verb.end)
    counted = any(c.name in _COUNTED and c.start <= verb.start < c.end for c in sentence.all("count"))
    if not by or counted or verb.text.casefold() in ("applicants", "bidders"):
        return None
    return next((m for m in sentence.all("party") if m.start == by.end()), None)


def _subject(sentence: Sentence, ahead: list[Mark]) -> list[Mark]:
    """Return the parties that the last list before a verb names."""
    group = next((g for g in topics.lists(sentence) if ahead[-1] in g), ahead[-1:])
    kept = topics.merged(sentence, [m for m in group if m in ahead])
    houses = [m for m in kept if m.sort == "institution"]
    return houses if houses and len(houses) < len(kept) else kept or ahead[-1:]


def _named_next(sentence: Sentence, verb: Verb) -> Mark | None:
    """Return the subject that follows: "Applying for the third time, Curtin University now asks"."""
    opens = re.match(r"\W*(?P<having>Having )?$", sentence.text[: verb.start])
    if not opens or not (opens["having"] or verb.text.casefold().endswith("ing")):
        return None
    match = re.compile(r"[^,;.]{0,60}, (?:the )?").match(sentence.text, verb.end)
    return next((m for m in sentence.all("party") if match and m.start == match.end()), None)


_WE: Final = re.compile(r"\b(?:[Ww]e|[Uu]s|[Oo]ur)\b")
_SAYS: Final = re.compile(
    r"[\"'] (?:said|says|explained|recalled|added|a \w+ (?:for|of)|the \w+ (?:for|of))\b"
)


def speaker(sentence: Sentence, verb: Verb) -> Mark | None:
    """Return the house of who says "we": \"We asked for two grams,\" said Carsten Münker of the University of Cologne."""
    says = _SAYS.search(sentence.text, verb.end)
    if not says or not _WE.search(sentence.text[: verb.start]):
        return None
    return next(
        (m for m in sentence.all("party") if m.start >= says.start() and m.sort in ("institution", "state")),
        None,
    )


def _all(sentence: Sentence, named: list[Mark], lender: str, verb: Verb) -> Iterator[Claim]:
    """Yield each of a roll: "Among the applicants are Brown University and Osaka University"."""
    told = [
        m for m in named if not re.search(r"according to (?:the )?$", sentence.before(m, 18), re.IGNORECASE)
    ]
    who = topics.merged(sentence, told)
    for mark in [mark for mark in who if mark.sort == "institution"] or who[-1:]:
        if mark.name != lender:
            yield _claim(sentence, mark.name, lender, verb)


def _asked(
    sentence: Sentence, context: Context, askers: list[Mark], lender: str, verb: Verb
) -> Iterator[Claim]:
    for asker in askers:
        holders = [
            m.name
            for m in sentence.all("party")
            if m.start >= verb.end and m.name in _LENDERS and m.state != asker.state
        ]
        holder = holders[0] if holders and len(askers) == 1 else lender
        if holder == asker.name:
            holder = context.keeper
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
    before = sentence.text[: verb.start]
    hedge = "denied" if _NOBODY.search(before[-60:]) else "planned" if _WILL.search(before) else "asserted"
    day = frames.day_of(sentence, verb)
    days = {d.name for d in sentence.all("date") if not frames.crosses(sentence, d.start, verb.start)}
    if not day and len(days) == 1 and not frames.verbs(sentence, "refuse", "lend", "bring", "home"):
        day = days.pop()  # "Denmark handed in its papers in December 2023, asking for five grains"
    return Claim(
        "loan_requested", asker, holder, _wanted(sentence, verb), day,
        start=verb.start, end=verb.end + 40, hedge=hedge,
    )  # fmt: skip


_LENDING_NOUN: Final = re.compile(r"borrow|loan|lend|hop", re.IGNORECASE)


def _wanted(sentence: Sentence, verb: Verb) -> Quantity | None:
    """Return how much was asked for: the first mass behind, up to what was then done about it."""
    if found := frames.mass_of(sentence, "ask"):
        return found
    for mark in sentence.all("mass"):
        between = [v for v in frames.verbs(sentence) if verb.end <= v.start and v.end <= mark.start]
        only_loans = all(_LENDING_NOUN.match(v.text) for v in between)
        if mark.start >= verb.end and only_loans and mark.quantity and mark.quantity.value < _MOST_G:
            return mark.quantity
    return None


def refusals(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who turned down whom: "Brown University was rebuffed by CNSA"."""
    if not _is_near(sentence, context) or _OTHER_REFUSED.search(sentence.text):
        return
    if not _REQUEST.search(sentence.text) and not (
        context.applying or context.sentence - context.last_loan <= _STILL
    ):
        return
    lender = topics.lender_of(sentence, context)
    placed = list(_refused_ones(sentence, lender)) if sentence.language == "en" else []
    for verb, refuser, applicant in placed or _refusals(sentence, lender):
        refuser = context.keeper if refuser == applicant else refuser
        if refuser and applicant and refuser != applicant:
            date = frames.date_of(sentence, verb, reach=250)
            hedge = (
                "denied"
                if _CONTRARY.search(sentence.text[: verb.start]) and verb.act == "refuse"
                else "asserted"
            )
            yield Claim(
                "loan_refused", refuser, applicant, date=date.name if date else "",
                start=verb.start, end=verb.end, hedge=hedge,
            )  # fmt: skip
            if not placed:
                return


def _refused_ones(sentence: Sentence, lender: str) -> Iterator[tuple[Verb, str, str]]:
    """Yield the word, refuser and applicant of "Kenya's request was thrown out" and "The answer to ETH Zurich was no"."""
    for parties, match in places.found(sentence, _REFUSED_ONES):
        negative = re.match(
            r"did|does|do|has|have|had|would|could|not|is|was|are", match["verb"], re.IGNORECASE
        )
        verb = Verb("lend" if negative else "refuse", *match.span("verb"), match["verb"])
        for mark in parties[-1:]:
            if mark.name != lender:
                yield verb, _refuser_of(sentence, verb, mark, lender), mark.name


def _refusals(sentence: Sentence, lender: str) -> Iterator[tuple[Verb, str, str]]:
    """Yield the word, refuser and applicant of each verb of refusing."""
    for verb in frames.verbs(sentence, "refuse"):
        if not sentence.text.startswith(" nothing", verb.end):
            yield verb, *_refusal(sentence, verb, lender)


_BY_WHOM: Final = re.compile(r"\bby (?:the )?$")


def _refusal(sentence: Sentence, verb: Verb, lender: str) -> tuple[str, str]:
    """Return who refused whom: "X was refused", "X asked Y, which declined", "Y rejected X's request"."""
    ahead = [m for m in sentence.all("party") if m.end <= verb.start]
    asked = [v for v in frames.verbs(sentence, "ask") if v.end <= verb.start]
    askers = [m for m in ahead if asked and m.end <= asked[-1].start]
    passive = _PASSIVE.search(sentence.text[max(0, verb.start - 24) : verb.start])
    if (passive or _IN_VAIN.match(verb.text)) and (askers or ahead):
        subject = (askers or ahead)[-1]
        return _refuser_of(sentence, verb, subject, lender), subject.name
    if next_named := _refused_first(sentence, verb):
        return _refuser_of(sentence, verb, next_named, lender), next_named.name
    if askers:
        return _refuser_of(sentence, verb, askers[-1], lender), askers[-1].name
    if not ahead and (we := speaker(sentence, verb)):
        return lender, we.name
    return _refused_by_subject(sentence, verb, ahead, lender)


def _refuser_of(sentence: Sentence, verb: Verb, applicant: Mark, lender: str) -> str:
    """Return who turned an applicant down: the state behind "by", else another one that is named, else the lender."""
    states = [m for m in sentence.all("party") if m.sort == "state"]
    others = [m for m in states if m.start >= verb.end and m.name != applicant.name]
    by = [m.name for m in others if _BY_WHOM.search(sentence.before(m, 8))]
    if by or _BY_WHOM_NEXT.match(sentence.text, verb.end):
        return by[0] if by else lender
    return next((m.state for m in states if m.state != applicant.state and m.name in _LENDERS), lender)


def _refused_first(sentence: Sentence, verb: Verb) -> Mark | None:
    """Return the subject behind "Spurned by the agency, Cuba turned to Moscow"."""
    begins = re.match(r"\W*(?:Having been )?$", sentence.text[: verb.start])
    if not begins or not _BY_WHOM_NEXT.match(sentence.text, verb.end):
        return None
    behind = (m for m in sentence.all("party") if m.start >= verb.end)
    return next((m for m in behind if re.search(r", (?:the )?$", sentence.before(m, 6))), None)


def _refused_by_subject(sentence: Sentence, verb: Verb, ahead: list[Mark], lender: str) -> tuple[str, str]:
    """Return who refused whom where the refuser is the subject: "Beijing said no when NASA asked"."""
    refuser = next((m.name for m in reversed(ahead) if m.sort == "state"), "") or lender
    later = [v for v in frames.verbs(sentence, "ask") if v.start >= verb.end]
    within = sentence.within(verb.end, later[0].start, "party") if later else iter(())
    between = [m for m in within if m.state != refuser]
    if between:
        return refuser, between[-1].name
    if not ahead and not _OF_LENDER.search(sentence.text[: verb.start]):
        return "", ""
    behind = [m for m in sentence.all("party") if m.start >= verb.end]
    whom = [m for m in behind if m.state != refuser or m.sort != "state"]
    return (refuser, whom[0].name) if whom else ("", "")


_BY_WHOM_NEXT: Final = re.compile(r" by\b")
_OF_LENDER: Final = re.compile(r"\b(?:[Ii]ts?|[Tt]he agency(?:'s)?|CNSA(?:'s)?) (?:\w+ ){0,3}?$")
