"""Is this draft a request, and what does it lack? Several people write it, at any completeness.

A draft is JSON; `read` makes a request of it or tells every fault at once, field by field; `merge` puts together what two
wrote at the same time. Knows the call and the policy that it was published under, no database and no clock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from aliquot import fault, identifiers, mass
from aliquot.calls import Call, Offer, check_text
from aliquot.countries import CODES
from aliquot.fault import Fault
from aliquot.policy import Policy
from aliquot.requests import Applicant, Funder, Line, Request

DRAFT_BYTES_MOST: Final = 400_000
TEXT_MOST: Final = 10_000
TEAM_MOST: Final = 50
LINES_MOST: Final = 100
MONTHS_MOST: Final = 120
ANSWERS_MOST: Final = 100
ANSWER_MOST: Final = 500
DEPTH_MOST: Final = 5  # request, list, line, list, word

PERSON_KEYS: Final = ("name", "orcid", "institution", "institution_names", "ror", "country")
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
KEYS: Final = (
    "title",
    "summary",
    "lead",
    "team",
    "funders",
    "lines",
    *TEXTS,
    "news",
    "begins",
    "months",
    "law",
)


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
            begins=self.day(told, "begins"),
            months=self.months(told),
            law=self.answers(told),
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
            institution_names=self.names(told, f"{where}.institution_names"),
        )

    def names(self, told: Mapping[str, object], where: str) -> tuple[str, ...]:
        found = self.words(told, "institution_names", where)
        for name in found:
            self.faults += check_text(where, name, most=300)
        return found

    def day(self, told: Mapping[str, object], name: str) -> date | None:
        text = self.text(told, name, name, most=10, needed=False)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.add(fault.of(name, "“{text}” is not a day", "write it as 2027-03-31", text=text[:20]))
            return None

    def months(self, told: Mapping[str, object]) -> int:
        value = told.get("months", "")
        text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else "?"
        if not text:
            return 0
        if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MONTHS_MOST):
            self.add(fault.of("months", "this is no number of months", "give a whole number, 1 to {most}",
                              most=MONTHS_MOST))  # fmt: skip
            return 0
        return int(text)

    def answers(self, told: Mapping[str, object]) -> Mapping[str, str]:
        value = told.get("law") or {}
        if not isinstance(value, dict) or len(value) > ANSWERS_MOST:
            self.add(fault.of("law", "this is not a group of answers", "answer the questions of the form"))
            return {}
        wrong = [key for key, text in value.items() if not isinstance(text, str) or len(text) > ANSWER_MOST]
        for key in wrong:
            self.add(
                fault.of(f"law.{key[:60]}", "this is not an answer", "choose one of those that are offered")
            )
        return {key: text for key, text in value.items() if key not in wrong}

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
