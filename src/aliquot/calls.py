"""How does a call for requests run, may it be published or changed, and what comes in time?

A call offers a frozen list of samples until a deadline, to those whom it names, under criteria whose weights it
states and one version of the policy. Moments are in UTC; the zone is kept beside them, for the notice. Knows no clock:
`at` is when the server got the request, before it waited for anything. Domain facts, sections 1.2, 1.3 and 9 (item 10).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aliquot import fault, mass
from aliquot.countries import CODES
from aliquot.fault import Fault
from aliquot.life_cycles import LifeCycle, Need, Step
from aliquot.policy import Policy

TEXT_MOST: Final = 20_000
OFFERS_MOST: Final = 5_000
CRITERIA_MOST: Final = 12
POINTS_MOST: Final = 100
OPEN_DAYS_MOST: Final = 3_660

SOUND: Final = Need("sound", "it has no fault", fault.of("call", "the call has faults", "mend them first"))
REASON: Final = Need("reason", "the reason is told", fault.of("reason", "no reason is told", "say why"))
RUNNING: Final = Need("running", "its deadline has not passed",
                      fault.of("call", "the deadline has passed", "wait for the next call"))  # fmt: skip
ALLOWED: Final = Need("allowed", "the change is one that an open call may have",
                      fault.of("call", "an open call cannot be changed in this way", "read what is wrong with it"))  # fmt: skip
OVER: Final = Need("over", "deadline and grace have passed",
                   fault.of("call", "what was begun in time may still be finished", "wait until the grace has passed"))  # fmt: skip
ASSIGNED: Final = Need("assigned", "every request in it is admitted and has its reviewers",
                       fault.of("call", "there is a request that is not admitted or has too few reviewers",
                                "admit it or turn it away, and assign reviewers"))  # fmt: skip
TWO_STAGE: Final = Need("two-stage", "the call has hearings",
                        fault.of("call", "this call has no hearings", "let the panel decide after the reviews"))  # fmt: skip
ONE_STAGE: Final = Need("one-stage", "the call has no hearings",
                        fault.of("call", "this call has hearings", "hear those on the short list first"))  # fmt: skip
REVIEWED: Final = Need("reviewed", "every review is in",
                       fault.of("call", "there are reviews that are not in", "wait for them, or release the reviewer"))  # fmt: skip
HEARD: Final = Need("heard", "everybody on the short list was heard",
                    fault.of("call", "somebody on the short list was not heard", "hear them, or note why not"))  # fmt: skip
DECIDED: Final = Need("decided", "every request is decided at the last level",
                      fault.of("call", "there is a request that is not decided", "decide on it"))  # fmt: skip

CYCLE: Final = LifeCycle("draft", (
    Step("draft", "edit", "draft", ("curator",)),
    Step("draft", "publish", "open", ("curator", "director"), (SOUND,)),
    Step("draft", "cancel", "cancelled", ("curator", "director"), (REASON,)),
    Step("open", "amend", "open", ("curator",), (RUNNING, ALLOWED, REASON)),
    Step("open", "answer", "open", ("curator",), (RUNNING,)),
    Step("open", "close", "closed", ("curator", "chair"), (OVER,)),
    Step("open", "cancel", "cancelled", ("director",), (REASON,)),
    Step("closed", "review", "in review", ("chair",), (ASSIGNED,)),
    Step("closed", "cancel", "cancelled", ("director",), (REASON,)),
    Step("in review", "hear", "in hearings", ("chair",), (TWO_STAGE, REVIEWED)),
    Step("in review", "deliberate", "being decided", ("chair",), (ONE_STAGE, REVIEWED)),
    Step("in review", "cancel", "cancelled", ("director",), (REASON,)),
    Step("in hearings", "deliberate", "being decided", ("chair",), (HEARD,)),
    Step("in hearings", "cancel", "cancelled", ("director",), (REASON,)),
    Step("being decided", "conclude", "concluded", ("director",), (DECIDED,)),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A sample that can be asked for, as the list said when it was published."""

    sample: str
    mass_ng: int
    form: str
    kind: str = ""
    rare: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a request is scored by, and how much that counts; the weights of a call sum to 100."""

    key: str
    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it is published. No country named: all may apply."""

    title: str
    scope: str
    who: str
    countries: tuple[str, ...]
    opens: datetime
    closes: datetime
    zone: str
    grace_minutes: int
    offers: tuple[Offer, ...]
    criteria: tuple[Criterion, ...]
    points_most: int
    two_stage: bool
    hearing_minutes: int
    policy: str
    policy_sha256: str

    def offer(self, sample: str) -> Offer | None:
        """Return what is offered of a sample."""
        return next((offer for offer in self.offers if offer.sample == sample), None)

    @property
    def text(self) -> bytes:
        """All that the call says, as one text: what its hash is made from."""
        return json.dumps(as_json(self), sort_keys=True, ensure_ascii=False).encode()

    @property
    def sha256(self) -> str:
        """The hash of all that the call says, the list of samples with it: whoever has the notice can compare."""
        return hashlib.sha256(self.text).hexdigest()


@dataclass(frozen=True, slots=True)
class Stock:
    """What the store has of a sample that a call would offer, once promises and reserve are taken off."""

    available_ng: int
    sealed: bool
    form: str


def as_json(call: Call) -> dict[str, object]:
    """Return the call as JSON keeps it; `from_json` reads it back."""
    return asdict(call) | {"opens": call.opens.isoformat(), "closes": call.closes.isoformat(),
                           "countries": list(call.countries), "offers": [asdict(o) for o in call.offers],
                           "criteria": [asdict(c) for c in call.criteria]}  # fmt: skip


def from_json(kept: Mapping[str, object]) -> Call:
    """Return a call that `as_json` wrote."""
    told = json.loads(json.dumps(kept))
    return Call(**told | {
        "opens": datetime.fromisoformat(told["opens"]), "closes": datetime.fromisoformat(told["closes"]),
        "countries": tuple(told["countries"]), "offers": tuple(Offer(**each) for each in told["offers"]),
        "criteria": tuple(Criterion(**each) for each in told["criteria"]),
    })  # fmt: skip


def moment(text: str, zone: str, where: str) -> datetime | Fault:
    """Return in UTC when a clock in that zone shows this: `2023-12-22 24:00` is the end of that day."""
    try:
        there = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a name that is no file of the zones' folder
        return fault.of("zone", "there is no time zone “{zone}”", "write it as Asia/Shanghai", zone=zone[:60])
    given = text.strip().replace("T", " ")
    if not given:
        return fault.of(where, "it is not told when", "write it as 2027-03-31 24:00")
    late = given.endswith(" 24:00")
    try:
        local = datetime.strptime(given.replace(" 24:00", " 00:00"), "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the zone follows
        local += timedelta(days=late)
        found = local.replace(tzinfo=there).astimezone(UTC)
    except (ValueError, OverflowError):
        return fault.of(where, "“{text}” is not a moment", "write it as 2027-03-31 24:00", text=text[:60])
    if found.astimezone(there).replace(tzinfo=None) != local:
        return fault.of(where, "no clock in {zone} shows {text}: it is put forward then", "choose another hour",
                        zone=zone, text=given)  # fmt: skip
    if local.replace(tzinfo=there, fold=1).utcoffset() != local.replace(tzinfo=there).utcoffset():
        return fault.of(where, "clocks in {zone} show {text} twice: they are put back then", "choose another hour",
                        zone=zone, text=given)  # fmt: skip
    return found


def check(call: Call, *, at: datetime, stock: Mapping[str, Stock], rules: Policy) -> tuple[Fault, ...]:
    """Return everything that keeps a call from being published."""
    return (*_check_words(call), *_check_times(call, at), *_check_offers(call.offers, stock, rules),
            *_check_criteria(call), *_check_stages(call))  # fmt: skip


def _check_words(call: Call) -> Iterator[Fault]:
    if not call.title.strip() or len(call.title) > 200 or not call.title.isprintable():
        yield fault.of("title", "a call wants a title of at most 200 characters", "say what is offered")
    yield from check_text("scope", call.scope)
    yield from check_text("who", call.who)
    for code in call.countries:
        if code not in CODES:
            yield fault.of("countries", "“{code}” is no country of ISO 3166", "write two capital letters, such as FR",
                           code=code[:20])  # fmt: skip


def check_text(where: str, text: str, *, most: int = TEXT_MOST) -> Iterator[Fault]:
    """Yield what is wrong with a text that must be there."""
    if not text.strip():
        yield fault.of(where, "nothing is told here", "fill it in")
    elif len(text) > most:
        yield fault.of(where, "the text is longer than {most} characters", "shorten it", most=most)
    elif any(not c.isprintable() and c not in "\r\n\t" for c in text):
        yield fault.of(where, "there is a character here that cannot be seen", "type it again")


def _check_times(call: Call, at: datetime) -> Iterator[Fault]:
    if call.closes <= call.opens:
        yield fault.of("closes", "the call closes before it opens", "put the deadline after the opening")
    if call.closes <= at:
        yield fault.of("closes", "the deadline has passed already", "choose a later one")
    elif call.closes - at > timedelta(days=OPEN_DAYS_MOST):
        yield fault.of(
            "closes",
            "the deadline is more than {days} days away",
            "choose an earlier one",
            days=OPEN_DAYS_MOST,
        )
    if not 0 <= call.grace_minutes <= 24 * 60:
        yield fault.of(
            "grace_minutes", "the grace is less than nothing or more than a day", "give minutes, 0 to 1440"
        )


def _check_offers(offers: Collection[Offer], stock: Mapping[str, Stock], rules: Policy) -> Iterator[Fault]:
    if not 1 <= len(offers) <= OFFERS_MOST:
        yield fault.of("offers", "the call offers {count} samples", "offer from 1 to {most}",
                       count=len(offers), most=OFFERS_MOST)  # fmt: skip
    named: set[str] = set()
    for i, offer in enumerate(offers):
        where = f"offers[{i}]"
        if offer.sample in named:
            yield fault.of(where, "{sample} is offered twice", "keep one line", sample=offer.sample)
        named.add(offer.sample)
        known = stock.get(offer.sample)
        if known is None:
            yield fault.of(where, "there is no sample {sample}", "write its number as the catalogue has it",
                           sample=offer.sample)  # fmt: skip
            continue
        yield from _check_offer(where, offer, known, rules)


def _check_offer(where: str, offer: Offer, known: Stock, rules: Policy) -> Iterator[Fault]:
    if known.sealed:
        yield fault.of(
            where, "{sample} is sealed and cannot be offered", "take it off the list", sample=offer.sample
        )
    if offer.mass_ng <= 0 or offer.mass_ng > known.available_ng:
        yield fault.of(where, "{offered} of {sample} are offered, {free} are free", "offer what is free",
                       sample=offer.sample, offered=mass.show(offer.mass_ng), free=mass.show(known.available_ng))  # fmt: skip
    elif offer.form in rules.indivisible_forms and offer.mass_ng != known.available_ng:
        yield fault.of(where, "{sample} is lent whole, and only a part is offered", "offer {free}",
                       sample=offer.sample, free=mass.show(known.available_ng))  # fmt: skip
    if offer.form != known.form:
        yield fault.of(where, "{sample} is {known} in the catalogue, not {form}", "write its form as it is there",
                       sample=offer.sample, known=known.form or "?", form=offer.form or "?")  # fmt: skip
    if rules.least_lent_ng and known.available_ng < rules.least_lent_ng:
        yield fault.of(where, "{sample} is lighter than {least}, below which nothing is lent", "take it off the list",
                       sample=offer.sample, least=mass.show(rules.least_lent_ng))  # fmt: skip


def _check_criteria(call: Call) -> Iterator[Fault]:
    keys = [criterion.key for criterion in call.criteria]
    if not 1 <= len(keys) <= CRITERIA_MOST or len(set(keys)) != len(keys):
        yield fault.of("criteria", "the criteria are none, too many, or named twice",
                       "name from 1 to {most}, each once", most=CRITERIA_MOST)  # fmt: skip
    for i, criterion in enumerate(call.criteria):
        if not criterion.key.strip() or not criterion.name.strip() or criterion.weight <= 0:
            yield fault.of(f"criteria[{i}]", "a criterion wants a name and a weight above zero", "give both")
    if call.criteria and sum(criterion.weight for criterion in call.criteria) != 100:
        yield fault.of("criteria", "the weights sum to {sum}", "make them sum to 100",
                       sum=sum(criterion.weight for criterion in call.criteria))  # fmt: skip
    if not 1 <= call.points_most <= POINTS_MOST:
        yield fault.of(
            "points_most", "a scale has from 1 to {most} points", "choose a number", most=POINTS_MOST
        )


def _check_stages(call: Call) -> Iterator[Fault]:
    if call.two_stage and not 1 <= call.hearing_minutes <= 240:
        yield fault.of("hearing_minutes", "a hearing lasts from 1 to 240 minutes", "give its length")
    if not call.two_stage and call.hearing_minutes:
        yield fault.of("hearing_minutes", "hearings have a length, and there are none", "leave it out")


def last_moment(call: Call, *, tried: datetime | None = None) -> datetime:
    """Return until when a submission is taken: the deadline and its grace.

    Who tried in time and was told of faults (`tried` is the last such attempt) has the grace once more from then.
    """
    grace = timedelta(minutes=call.grace_minutes)
    end = call.closes + grace
    return max(end, tried + grace) if tried is not None and tried <= end else end


def is_over(call: Call, at: datetime) -> bool:
    """Whether nothing that was begun in time can still come in."""
    return at > call.closes + 2 * timedelta(minutes=call.grace_minutes)


def check_amendment(before: Call, after: Call, *, at: datetime, rules: Policy) -> tuple[Fault, ...]:
    """Return what forbids that an open call is changed: what people have relied on stays.

    The deadline may move later, texts may be made clearer, and what is offered may change while the notice that the
    policy asks for remains.
    """
    return tuple(_amendment(before, after, at, rules))


def _amendment(before: Call, after: Call, at: datetime, rules: Policy) -> Iterator[Fault]:
    if after == before:
        yield fault.of("call", "nothing is changed", "change something, or leave the call as it is")
    fixed = replace(after, title=before.title, scope=before.scope, who=before.who, closes=before.closes,
                    offers=before.offers, countries=before.countries)  # fmt: skip
    if fixed != before:
        yield fault.of("call", "criteria, scale, stages, zone, grace, opening and policy of an open call are fixed",
                       "put them back, or cancel the call and publish another")  # fmt: skip
    if after.closes < before.closes:
        yield fault.of("closes", "the deadline would come earlier", "a deadline only moves later")
    if after.countries and not (before.countries and set(before.countries) <= set(after.countries)):
        yield fault.of("countries", "somebody who could apply no longer could", "a call only opens to more")
    notice = timedelta(days=rules.amendment_notice_days)
    if after.offers != before.offers and after.closes - at < notice:
        yield fault.of("offers", "fewer than {days} days remain after this change", "move the deadline as well",
                       days=rules.amendment_notice_days)  # fmt: skip
