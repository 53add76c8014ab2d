"""How else does material pass for good? exchange, transfer and sale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, roles, topics
from aliquot.reading.marks import Sentence

_MOST_G: Final = 1000  # nothing heavier was exchanged

EXAMPLES: Final = (
    Example("In June 1971 the Soviet Union exchanged 3 grams of Luna 16 soil with the United States for Apollo rocks.", ("exchange(SU, US) 3 g 1971-06",)),
    Example("Three Luna 16 grains were sold for $855,000 in November 2018.", ("sale(Luna 16) 855000 USD 2018-11",)),
)  # fmt: skip


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield exchanges and sales of lunar material; handovers are asked for by `giving`, where no gift was found."""
    if topics.is_other(sentence):
        return
    lunar = topics.is_lunar(sentence, context)
    small = context.material and any(m.quantity and m.quantity.value < _MOST_G for m in sentence.all("mass"))
    if lunar or small:
        yield from exchanges(sentence)
    yield from _sale(sentence, context, lunar=lunar)


def exchanges(sentence: Sentence) -> Iterator[Claim]:
    """Yield exchanges: two states, and a mass or a finite verb; "the exchange of samples" alone is none."""
    for verb in frames.verbs(sentence, "exchange"):
        states = list(
            dict.fromkeys(m.state for m in sentence.all("party") if m.sort == "state" or "Academy" in m.name)
        )
        if len(states) != 2:
            continue
        masses = sentence.all("mass")
        none = re.search(
            r"\bno (?:\w+ )?(?:exchange|swap)s?\b|\b(?:never|not) (?:been )?(?:an? )?(?:exchange|swap)",
            sentence.text,
            re.IGNORECASE,
        )
        finite = none or re.search(
            r"\b(?:exchanged|swapped|traded|in return for|ausgetauscht|échangé\w*|to exchange|to swap)\b|交换|互换|交換",
            verb.text + sentence.text[max(0, verb.start - 4) : verb.end],
            re.IGNORECASE,
        )
        if not masses and not finite:
            continue
        date = frames.date_of(sentence, verb)
        never = none or re.search(
            r"\bnever\b|\bno (?:formal )?(?:deal|agreement|exchange)|not (?:been )?(?:agreed|reached)",
            sentence.text,
            re.IGNORECASE,
        )
        yield Claim(
            "exchange",
            states[0],
            states[1],
            masses[0].quantity if masses else None,
            date.name if date else "",
            hedge="denied" if never else "",
            start=verb.start,
        )
        return


def transfers(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield handovers to an institution."""
    for verb in frames.verbs(sentence, "transfer"):
        places = [m for m in sentence.all("party") if m.sort == "institution"]
        to = [
            m
            for m in places
            if (m.start >= verb.end or sentence.language in ("zh", "ja"))
            and not re.search(r"\b(?:at|in) $", sentence.before(m, 4))
            and (
                roles.TO.search(sentence.before(m, 30))
                or (m.start == verb.end and sentence.language == "zh")
                or re.search(r"[向给到至]$", sentence.before(m, 2))
                or re.match(r"に|へ", sentence.after(m, 2))
                or "入藏" in verb.text
                or "accession" in verb.text
            )
        ]
        if not to and places and re.search(r"入藏|accession", verb.text):
            to = places[:1]
        if not to:
            continue
        givers = [m for m in sentence.all("party") if m.sort == "state" and m.end <= verb.start]
        giver = (
            givers[-1].name
            if givers
            else (
                to[0].state
                if re.search(r"Chang|嫦娥|月壤", sentence.text) or context.mission.startswith("CE")
                else ""
            )
        )
        if not giver:
            continue
        mass = next(
            (
                m
                for m in sentence.all("mass")
                if (v := frames.governing(sentence, m)) and v.act in ("transfer", "bring")
            ),
            None,
        )
        date = frames.date_of(sentence, verb)
        yield Claim(
            "transfer",
            giver,
            to[0].name,
            mass.quantity if mass else None,
            date.name if date else "",
            mission=topics.only_mission(sentence, context),
            start=verb.start,
        )
        return


def _sale(sentence: Sentence, context: Context, *, lunar: bool) -> Iterator[Claim]:
    for mark in sentence.all("money"):
        verb = frames.governing(sentence, mark)
        if not verb or verb.act != "sell":
            continue
        if not lunar and context.sentence - context.last_gift > 3 and not context.material:
            continue
        material = next((m.name for m in sentence.all("mission")), "")
        if not material and re.search(r"Soviet|Luna\b|Korol[ey]|Russian", sentence.text):
            material = "Luna 16"  # of no other mission was anything sold
        material = material or context.mission
        date = (
            frames.date_of(sentence, verb)
            if len(sentence.all("money")) == 1
            else min(
                sentence.all("date"),
                key=lambda d: (
                    (abs(d.start - mark.start) if d.start > mark.start else 40 + mark.start - d.end)
                    + 200 * frames.crosses(sentence, min(d.end, mark.end), max(d.start, mark.start))
                ),
                default=None,
            )
        )
        if material:
            yield Claim(
                "sale",
                material,
                quantity=mark.quantity,
                date=date.name if date else "",
                mission=material,
                start=mark.start,
            )
