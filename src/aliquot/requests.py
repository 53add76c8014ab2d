"""What is asked for in a request, by whom and why, is it complete, and what may be done with it then?

A draft is JSON of any completeness, as people write it together; `read` makes a request of it or tells every fault at
once, field by field. Knows the call and the policy that it was published under, no database and no clock. What the
checklists of agencies ask for: domain facts, sections 2.2, 6.3 and 9 (items 11 and 13).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from aliquot import fault, identifiers, mass
from aliquot.calls import Call, Offer, check_text
from aliquot.countries import CODES
from aliquot.fault import Fault
from aliquot.life_cycles import LifeCycle, Need, Step
from aliquot.policy import Policy

DRAFT_BYTES_MOST: Final = 400_000
TEXT_MOST: Final = 10_000
TEAM_MOST: Final = 50
LINES_MOST: Final = 100
DEPTH_MOST: Final = 5  # request, list, line, list, word

LEAD, TEAM = "principal investigator", "team"
REASON: Final = Need("reason", "the reason is told", fault.of("reason", "no reason is told", "say why"))
RUNNING: Final = Need(
    "running", "the call is open", fault.of("call", "the call is not open", "wait until it opens")
)
COMPLETE: Final = Need("complete", "it is complete",
                       fault.of("request", "the request is not complete", "read what is missing"))  # fmt: skip
IN_TIME: Final = Need("in-time", "deadline and grace have not passed",
                      fault.of("request", "the deadline and its grace have passed", "your text is kept; ask in the next call"))  # fmt: skip
CLOSED: Final = Need(
    "closed", "the call is closed", fault.of("call", "the call is not closed yet", "wait until it is")
)
ELIGIBLE: Final = Need("eligible", "no decision on eligibility forbids it",
                       fault.of("request", "it was decided that the law does not allow this", "turn it away"))  # fmt: skip
TWO_STAGE: Final = Need("two-stage", "the call has hearings",
                        fault.of("call", "this call has no hearings", "decide after the reviews"))  # fmt: skip
REVIEWED: Final = Need("reviewed", "all its reviews are in",
                       fault.of("request", "there are reviews that are not in", "wait for them"))  # fmt: skip
SETTLED: Final = Need("settled", "the last level has decided so",
                      fault.of("request", "the last level has not decided so", "record its decision first"))  # fmt: skip
ONE_STAGE: Final = Need("one-stage", "the call has no hearings",
                        fault.of("call", "this call has hearings", "put it on the short list first"))  # fmt: skip
APPEALABLE: Final = Need("appealable", "the policy lets it be appealed against, in time and once",
                         fault.of("request", "there is no appeal, it is too late for it, or it was made already",
                                  "ask in another call"))  # fmt: skip

CYCLE: Final = LifeCycle("draft", (
    Step("draft", "edit", "draft", (LEAD, TEAM)),
    Step("draft", "submit", "submitted", (LEAD,), (RUNNING, IN_TIME, COMPLETE)),
    Step("draft", "withdraw", "withdrawn", (LEAD,)),
    Step("draft", "lapse", "lapsed", ("curator", "chair"), (CLOSED,)),
    Step("submitted", "amend", "submitted", (LEAD,), (RUNNING, IN_TIME, COMPLETE)),
    Step("submitted", "withdraw", "withdrawn", (LEAD,)),
    Step("submitted", "admit", "in review", ("curator", "compliance"), (CLOSED, ELIGIBLE)),
    Step("submitted", "turn away", "turned away", ("compliance", "director"), (CLOSED, REASON)),
    Step("in review", "withdraw", "withdrawn", (LEAD,)),
    Step("in review", "shortlist", "on the short list", ("chair",), (TWO_STAGE, REVIEWED)),
    Step("in review", "grant", "granted", ("chair", "director"), (ONE_STAGE, SETTLED)),
    Step("in review", "refuse", "refused", ("chair", "director"), (SETTLED,)),
    Step("in review", "defer", "deferred", ("chair", "director"), (SETTLED,)),
    Step("on the short list", "withdraw", "withdrawn", (LEAD,)),
    Step("on the short list", "grant", "granted", ("chair", "director"), (SETTLED,)),
    Step("on the short list", "refuse", "refused", ("chair", "director"), (SETTLED,)),
    Step("on the short list", "defer", "deferred", ("chair", "director"), (SETTLED,)),
    Step("deferred", "resume", "in review", ("chair",), (REASON,)),
    Step("deferred", "withdraw", "withdrawn", (LEAD,)),
    Step("granted", "decline", "withdrawn", (LEAD,), (REASON,)),
    Step("granted", "appeal", "under appeal", (LEAD,), (APPEALABLE, REASON)),
    Step("refused", "appeal", "under appeal", (LEAD,), (APPEALABLE, REASON)),
    Step("under appeal", "reopen", "in review", ("director",), (REASON,)),
    Step("under appeal", "uphold", "upheld", ("director",), (REASON,)),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks, or works with who asks; the identifiers are empty where they were left out."""

    name: str
    orcid: str
    institution: str
    ror: str
    country: str


@dataclass(frozen=True, slots=True)
class Funder:
    """Whose money pays for the work, from which country and in which fiscal years: laws ask for it."""

    name: str
    country: str
    years: tuple[str, ...]
    grant: str


@dataclass(frozen=True, slots=True)
class Line:
    """So much of one sample, or of any sample of a kind; `alternatives` would do as well."""

    sample: str
    kind: str
    form: str
    least_ng: int
    wanted_ng: int
    alternatives: tuple[str, ...]
    method: str
    destructive_percent: int
    why: str


@dataclass(frozen=True, slots=True)
class Request:
    """A complete request."""

    title: str
    summary: str
    lead: Applicant
    team: tuple[Applicant, ...]
    funders: tuple[Funder, ...]
    lines: tuple[Line, ...]
    facilities: str
    security: str
    return_plan: str
    earlier_loans: str
    news: str

    @property
    def institutions(self) -> frozenset[str]:
        """The ROR IDs of all who take part."""
        return frozenset(person.ror for person in (self.lead, *self.team) if person.ror)


PERSON_KEYS: Final = ("name", "orcid", "institution", "ror", "country")
FUNDER_KEYS: Final = ("name", "country", "years", "grant")
LINE_KEYS: Final = (
    "sample",
    "kind",
    "form",
    "least",
    "wanted",
    "alternatives",
    "method",
    "destructive_percent",
    "why",
)
TEXTS: Final = ("facilities", "security", "return_plan", "earlier_loans")
KEYS: Final = ("title", "summary", "lead", "team", "funders", "lines", *TEXTS, "news")


def check_draft(told: object) -> tuple[Fault, ...]:
    """Return what keeps a draft from being kept: nothing but its shape and size."""
    if not isinstance(told, dict):
        return (fault.of("request", "this is no draft of a request", "send the fields of the form"),)
    unknown = sorted(str(key) for key in told.keys() - set(KEYS))
    faults = [fault.of(key[:60], "this is no field of a request", "leave it out") for key in unknown]
    if not all(_can_be_kept(value, depth) for value, depth in _leaves(told)):
        faults.append(
            fault.of("request", "there is something here that cannot be kept", "type it again, as plain text")
        )
    elif len(json.dumps(told, ensure_ascii=False).encode()) > DRAFT_BYTES_MOST:
        faults.append(fault.of("request", "the draft is larger than {most} bytes", "attach what is long as documents",
                               most=DRAFT_BYTES_MOST))  # fmt: skip
    return tuple(faults)


def _leaves(told: object) -> Iterator[tuple[object, int]]:
    """Yield every key and value that is no group, with how deep it lies; no nesting is too deep for it."""
    waiting = [(told, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, dict | list) and depth <= DEPTH_MOST:
            waiting += [(each, depth + 1) for each in value]
            waiting += [(each, depth + 1) for each in value.values()] if isinstance(value, dict) else []
        else:
            yield value, depth


def _can_be_kept(value: object, depth: int) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    return depth <= DEPTH_MOST and (value is None or (isinstance(value, int) and abs(value) < 2**53))


def merge(
    base: Mapping[str, object], mine: Mapping[str, object], theirs: Mapping[str, object]
) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return one draft of two that came from the same one, and the fields in which they differ from it and each other.

    Where there are such fields the draft has theirs, and `mine` must be shown to whoever wrote it.
    """
    merged, clashes = dict(theirs), []
    for key in sorted(set(mine) | set(theirs) | set(base)):
        was, now, other = base.get(key), mine.get(key), theirs.get(key)
        if now in (was, other):
            continue
        if other != was:
            clashes.append(key)
        elif key in mine:
            merged[key] = now
        else:
            merged.pop(key, None)
    return merged, tuple(clashes)


def receipt(told: Mapping[str, object], *, call_sha256: str, request: str, version: int, at: datetime) -> str:
    """Return the hash on a receipt: it says what was submitted, to which call, as which version, and when."""
    said = {"told": told, "call": call_sha256, "request": request, "version": version, "at": at.isoformat()}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read(told: Mapping[str, object], *, call: Call, rules: Policy) -> Request | tuple[Fault, ...]:
    """Return the request that a draft states, or everything that it lacks or gets wrong under this call."""
    reading = _Reading(call, rules)
    found = reading.request(told)
    return tuple(reading.faults) or found


def lines_so_far(told: Mapping[str, object], *, call: Call, rules: Policy) -> tuple[Line, ...]:
    """Return the lines of a draft as far as they tell what is asked for, so that limits can be shown while typing.

    Each keeps its place; one that does not tell yet asks for nothing.
    """
    value = told.get("lines")
    return tuple(
        _line_so_far(each, call, rules) for each in (value if isinstance(value, list) else [])[:LINES_MOST]
    )


def _line_so_far(told: object, call: Call, rules: Policy) -> Line:
    reading = _Reading(call, rules)
    line = reading.line(reading.table(told, "line", LINE_KEYS), "line")
    missing = {f"line.{name}" for name in ("sample", "kind", "form", "least", "wanted")} | {"line"}
    asks = not missing & {one.where for one in reading.faults}
    return line if asks else Line("", "", "", 0, 0, (), "", 0, "")


@dataclass(slots=True)
class _Reading:
    """Reads a draft field by field and keeps every fault; what is returned beside faults is never used."""

    call: Call
    rules: Policy
    faults: list[Fault] = field(default_factory=list)

    def request(self, told: Mapping[str, object]) -> Request:
        self.faults += check_draft(told)
        texts = {name: self.text(told, name, name) for name in TEXTS}
        found = Request(
            title=self.text(told, "title", "title", most=300),
            summary=self.text(told, "summary", "summary"),
            lead=self.person(self.table(told.get("lead"), "lead", PERSON_KEYS), "lead", lead=True),
            team=tuple(self.rows(told, "team", PERSON_KEYS, TEAM_MOST, self.person)),
            funders=tuple(self.rows(told, "funders", FUNDER_KEYS, TEAM_MOST, self.funder)),
            lines=tuple(self.rows(told, "lines", LINE_KEYS, LINES_MOST, self.line)),
            news=self.text(told, "news", "news", needed=False),
            **texts,
        )
        if not found.lines:
            self.add(fault.of("lines", "nothing is asked for", "ask for a sample or a kind of sample"))
        if not found.funders:
            self.add(
                fault.of(
                    "funders", "it is not told who pays for the work", "name the funder, or your institution"
                )
            )
        return found

    def add(self, found: Fault) -> None:
        self.faults.append(found)

    def text(self, told: Mapping[str, object], name: str, where: str, *, most: int = TEXT_MOST,
             needed: bool = True) -> str:  # fmt: skip
        value = told.get(name, "")
        if not isinstance(value, str):
            self.add(fault.of(where, "this is not a text", "write it as one"))
            return ""
        if needed or value.strip():
            self.faults += check_text(where, value, most=most)
        return value.strip()

    def table(self, value: object, where: str, keys: tuple[str, ...]) -> Mapping[str, object]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.add(fault.of(where, "this is not a group of fields", "fill in the form"))
            return {}
        for key in sorted(str(key) for key in value.keys() - set(keys)):
            self.add(fault.of(f"{where}.{key[:60]}", "this is no field of a request", "leave it out"))
        return value

    def rows(self, told: Mapping[str, object], name: str, keys: tuple[str, ...], most: int,
             read_one: Callable[[Mapping[str, object], str], Any]) -> Iterator[Any]:  # fmt: skip
        value = told.get(name, [])
        if not isinstance(value, list) or len(value) > most:
            self.add(
                fault.of(name, "this is no list, or it has more than {most} lines", "shorten it", most=most)
            )
            return
        for i, each in enumerate(value):
            yield read_one(self.table(each, f"{name}[{i}]", keys), f"{name}[{i}]")

    def words(self, told: Mapping[str, object], name: str, where: str) -> tuple[str, ...]:
        value = told.get(name, [])
        if (
            not isinstance(value, list)
            or len(value) > LINES_MOST
            or not all(isinstance(one, str) for one in value)
        ):
            self.add(fault.of(where, "this is no list of words", "write one a line"))
            return ()
        return tuple(one.strip() for one in value if one.strip())

    def country(self, told: Mapping[str, object], where: str) -> str:
        code = self.text(told, "country", where, most=2)
        if len(code) == 2 and code not in CODES:
            self.add(
                fault.of(
                    where,
                    "“{code}” is no country of ISO 3166",
                    "write two capital letters, such as FR",
                    code=code,
                )
            )
        return code

    def person(self, told: Mapping[str, object], where: str, *, lead: bool = False) -> Applicant:
        orcid, ror = (
            self.text(told, name, f"{where}.{name}", most=60, needed=lead) for name in ("orcid", "ror")
        )
        country = self.country(told, f"{where}.country")
        if lead and self.call.countries and country in CODES and country not in self.call.countries:
            self.add(
                fault.of(
                    f"{where}.country",
                    "this call is not open to {country}",
                    "read who may apply",
                    country=country,
                )
            )
        return Applicant(
            name=self.text(told, "name", f"{where}.name", most=200),
            orcid=self.identifier(identifiers.orcid, orcid, f"{where}.orcid"),
            institution=self.text(told, "institution", f"{where}.institution", most=300),
            ror=self.identifier(identifiers.ror, ror, f"{where}.ror"),
            country=country,
        )

    def identifier(self, read_one: Callable[[str, str], str | Fault], text: str, where: str) -> str:
        found = read_one(text, where) if text else ""
        if isinstance(found, Fault):
            self.faults.append(found)
            return ""
        return found

    def funder(self, told: Mapping[str, object], where: str) -> Funder:
        years = self.words(told, "years", f"{where}.years")
        if not years or not all(len(year) == 4 and year.isascii() and year.isdigit() for year in years):
            self.add(
                fault.of(f"{where}.years", "it is not told which fiscal years pay", "write each as 2027")
            )
        return Funder(self.text(told, "name", f"{where}.name", most=300), self.country(told, f"{where}.country"),
                      years, self.text(told, "grant", f"{where}.grant", most=200, needed=False))  # fmt: skip

    def line(self, told: Mapping[str, object], where: str) -> Line:
        sample, kind, form = (
            self.text(told, name, f"{where}.{name}", most=100, needed=False)
            for name in ("sample", "kind", "form")
        )
        offers = self.offers(sample, kind, form, where)
        alternatives = self.words(told, "alternatives", f"{where}.alternatives")
        for other in alternatives:
            if self.call.offer(other) is None or other == sample:
                self.add(fault.of(f"{where}.alternatives", "{sample} is not another sample of this call",
                         "choose from its list", sample=other[:100]))  # fmt: skip
        least_ng, wanted_ng = self.masses(told, where, offers)
        return Line(sample, kind, form, least_ng, wanted_ng, alternatives, self.text(told, "method", f"{where}.method"),
                    self.percent(told.get("destructive_percent"), f"{where}.destructive_percent"),
                    self.text(told, "why", f"{where}.why"))  # fmt: skip

    def offers(self, sample: str, kind: str, form: str, where: str) -> tuple[Offer, ...]:
        """Return what of the call's list would do for this line."""
        if bool(sample) == bool(kind):
            self.add(
                fault.of(
                    f"{where}.sample",
                    "a line asks for one sample or for a kind of sample",
                    "name one of the two",
                )
            )
            return ()
        found = tuple(o for o in self.call.offers if (o.sample == sample if sample else o.kind == kind))
        if not found:
            self.add(fault.of(f"{where}.{'sample' if sample else 'kind'}", "{name} is not offered in this call",
                     "choose from its list", name=sample or kind))  # fmt: skip
            return ()
        fitting = tuple(offer for offer in found if form in ("", offer.form))
        if not fitting:
            self.add(
                fault.of(
                    f"{where}.form", "it is not offered as {form}", "choose a form of its list", form=form
                )
            )
        return fitting

    def masses(self, told: Mapping[str, object], where: str, offers: tuple[Offer, ...]) -> tuple[int, int]:
        whole = tuple(offer for offer in offers if offer.form in self.rules.indivisible_forms)
        if whole and len(whole) == len(offers) and not told.get("least") and not told.get("wanted"):
            # What is lent whole needs no amount: it is that of the item, and of the lightest where any would do.
            return (min(offer.mass_ng for offer in whole), max(offer.mass_ng for offer in whole))
        read = [self.mass(told, name, f"{where}.{name}") for name in ("least", "wanted")]
        if None in read:
            return (0, 0)
        least_ng, wanted_ng = (one or 0 for one in read)
        if not 0 < least_ng <= wanted_ng:
            self.add(fault.of(f"{where}.least", "the least amount is zero, or more than what is wanted",
                     "give the least that the work can be done with, and what is wanted"))  # fmt: skip
        most_ng = max((offer.mass_ng for offer in offers), default=wanted_ng)
        if wanted_ng > most_ng:
            self.add(fault.of(f"{where}.wanted", "{wanted} are wanted and {most} are offered", "ask for at most that",
                     wanted=mass.show(wanted_ng), most=mass.show(most_ng)))  # fmt: skip
        return least_ng, wanted_ng

    def mass(self, told: Mapping[str, object], name: str, where: str) -> int | None:
        value = told.get(name, "")
        found = mass.read(value if isinstance(value, str) else "", where)
        if isinstance(found, Fault):
            self.faults.append(found)
            return None
        return found

    def percent(self, value: object, where: str) -> int:
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100):
            self.add(
                fault.of(
                    where, "it is not told which share is used up", "give a whole number of percent, 0 to 100"
                )
            )
            return 0
        return int(text)
