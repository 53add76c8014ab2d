"""What do lender and borrower agree on, in two languages, and who has signed? Clauses as data, filled with values.

The text is made of versioned clauses that are chosen by modality and policy (`clauses/*.toml`); its SHA-256 says which
text was signed. A signature is a file: a scan, or a detached signature over the text. After approval there are so many
working days to sign; unsigned, it lapses and what was promised is free again (domain facts, sections 1.3 and 9, item 17).
"""

from __future__ import annotations

import hashlib
import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from aliquot import fault, mass, texts
from aliquot.fault import Fault
from aliquot.life_cycles import LifeCycle, Need, Step

BORROWER: Final = "borrower"
MODALITIES: Final = ("research", "public-interest", "education", "deposit")
LANGUAGES: Final = ("en", "zh")
REASON: Final = Need("reason", "the reason is told", fault.of("reason", "no reason is told", "say why"))
SIGNED_FILE: Final = Need("signed-file", "what was signed is on file",
                          fault.of("file", "there is no file of what was signed", "attach a scan or a detached signature"))  # fmt: skip
IN_TIME: Final = Need("in-time", "the last day to sign has not passed",
                      fault.of("agreement", "the last day to sign has passed", "let it lapse, or have an exception recorded"))  # fmt: skip
TOO_LATE: Final = Need("too-late", "the last day to sign has passed",
                       fault.of("agreement", "the last day to sign has not passed", "wait for it"))  # fmt: skip
SECOND: Final = Need("second", "somebody else signs than who offered it",
                     fault.of("person", "you offered this agreement yourself", "let somebody else sign for the lender"))  # fmt: skip

CYCLE: Final = LifeCycle("drafted", (
    Step("drafted", "offer", "offered", ("curator",)),
    Step("drafted", "withdraw", "withdrawn", ("curator", "director"), (REASON,)),
    Step("offered", "sign", "signed", (BORROWER, "curator"), (SIGNED_FILE, IN_TIME)),
    Step("offered", "decline", "declined", (BORROWER, "curator"), (REASON,)),
    Step("offered", "lapse", "lapsed", ("curator", "director"), (TOO_LATE,)),
    Step("offered", "withdraw", "withdrawn", ("curator", "director"), (REASON,)),
    Step("signed", "countersign", "in force", ("director",), (SIGNED_FILE, SECOND)),
    Step("signed", "withdraw", "withdrawn", ("director",), (REASON,)),
    # An amendment is an agreement of its own, which takes the place of this one when it comes into force.
    Step("in force", "replace", "replaced", ("director",)),
    Step("in force", "end", "ended", ("curator", "director")),
))  # fmt: skip
# Whose days off count while an agreement is to be signed, by policy pack; elsewhere weekends alone.
CALENDARS: Final[Mapping[str, str]] = {"cnsa": "CN"}
FREEING: Final = frozenset({"decline", "lapse", "withdraw"})
NAME_MOST, TEXT_MOST, ITEMS_MOST = 300, 4_000, 200
MONTHS_MOST: Final = 1200


@dataclass(frozen=True, slots=True)
class Party:
    """One side: institution, who answers for it, country."""

    institution: str
    person: str
    country: str


@dataclass(frozen=True, slots=True)
class Item:
    """A sample of the agreement: what is lent of it, and how much of that may be used up."""

    sample: str
    mass_ng: int
    form: str
    consumed_most_ng: int
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """All that the clauses are filled with."""

    number: str
    modality: str
    lender: Party
    borrower: Party
    items: tuple[Item, ...]
    begins: date
    ends: date
    security: str
    credit: str
    purpose: str
    return_plan: str
    renewals: int = 0
    renewal_months: int = 0
    inventory_months: int = 0
    insured_for: str = ""
    amends: str = ""
    report_months: int = 0
    # The borrower's country in each of `LANGUAGES`, as it was called on that day; the code stands where none is told.
    countries: tuple[str, str] = ("", "")
    extra: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause in both languages; `when` names what must be told for it to stand in the text."""

    key: str
    version: int
    title: Mapping[str, str]
    text: Mapping[str, str]
    modalities: tuple[str, ...]
    policies: tuple[str, ...]
    when: str


@dataclass(frozen=True, slots=True)
class Document:
    """The agreement as text: title and paragraphs in each language, which clauses in which versions, and the hash."""

    clauses: tuple[str, ...]
    titles: Mapping[str, tuple[str, ...]]
    paragraphs: Mapping[str, tuple[str, ...]]
    sha256: str

    def text(self, language: str) -> str:
        """Return the whole text in one language: what a detached signature is made over."""
        rows = zip(self.titles[language], self.paragraphs[language], strict=True)
        return "".join(f"{i}. {title}\n{text}\n\n" for i, (title, text) in enumerate(rows, start=1))


@cache
def clauses() -> tuple[Clause, ...]:
    """Return all clauses in the order of an agreement."""
    found: list[Clause] = []
    for path in sorted(files("aliquot.clauses").iterdir(), key=lambda one: one.name):
        if path.name.endswith(".toml"):
            found += [_clause(each) for each in tomllib.loads(path.read_text("utf-8"))["clause"]]
    return tuple(found)


def _clause(table: Mapping[str, object]) -> Clause:
    titles = {lang: str(table[f"title_{lang}"]) for lang in LANGUAGES}
    said = {lang: " ".join(str(table[f"text_{lang}"]).split()) for lang in LANGUAGES}
    if _placeholders(said["en"]) != _placeholders(said["zh"]):
        fault.bug(f"the clause {table['key']} does not say the same in both languages")
    return Clause(
        str(table["key"]), int(str(table["version"])), titles, said,
        tuple(map(str, _listed(table, "modalities"))), tuple(map(str, _listed(table, "policies"))),
        str(table.get("when", "")),
    )  # fmt: skip


def _listed(table: Mapping[str, object], name: str) -> list[object]:
    value = table.get(name, [])
    return value if isinstance(value, list) else fault.bug(f"{name} of {table['key']} is no list")


def _placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def check(told: Terms) -> Iterator[Fault]:
    """Yield what keeps these terms from being written down as an agreement."""
    if told.modality not in MODALITIES:
        yield fault.of("modality", "this is no kind of agreement", "choose one of those that are offered")
    for side, party in (("lender", told.lender), ("borrower", told.borrower)):
        for name in ("institution", "person"):
            yield from texts.check(f"{side}.{name}", getattr(party, name), most=NAME_MOST, needed=True)
    for name in ("security", "credit", "purpose", "return_plan"):
        yield from texts.check(name, getattr(told, name), most=TEXT_MOST, needed=True)
    yield from texts.check("insured_for", told.insured_for, most=NAME_MOST)
    if told.ends <= told.begins:
        yield fault.of("ends", "the loan ends before it begins", "choose a later day")
    if not 0 <= told.report_months <= MONTHS_MOST:
        yield fault.of(
            "report_months", "this is no number of months", "write a whole number from 1 on, or nothing"
        )
    yield from _check_items(told.items)


def _check_items(items: Sequence[Item]) -> Iterator[Fault]:
    if not 1 <= len(items) <= ITEMS_MOST:
        yield fault.of("items", "nothing is lent, or more than {most} items", "name from 1 to {most} items",
                       most=ITEMS_MOST)  # fmt: skip
    for i, item in enumerate(items):
        if item.mass_ng <= 0:
            yield fault.of(
                f"items[{i}].mass", "a loan needs a mass above zero", "state the mass that is lent"
            )
        if not 0 <= item.consumed_most_ng <= item.mass_ng:
            yield fault.of(
                f"items[{i}].consumed_most", "more may be used up than is lent", "state a share of it"
            )


def document(told: Terms, *, policy: str) -> Document:
    """Return the agreement of sound terms under a policy pack, in both languages."""
    chosen = [one for one in clauses() if _stands(one, told, policy)]
    titles = {lang: tuple(one.title[lang] for one in chosen) for lang in LANGUAGES}
    paragraphs = {
        lang: tuple(one.text[lang].format_map(_values(told, lang)) for one in chosen) for lang in LANGUAGES
    }
    named = tuple(f"{one.key} v{one.version}" for one in chosen)
    whole = Document(named, titles, paragraphs, "")
    text = "\n".join((*named, *(whole.text(lang) for lang in LANGUAGES)))
    return Document(named, titles, paragraphs, hashlib.sha256(text.encode()).hexdigest())


def _stands(clause: Clause, told: Terms, policy: str) -> bool:
    fits = not clause.modalities or told.modality in clause.modalities
    of_policy = not clause.policies or policy in clause.policies
    wanted = clause.when.removeprefix("not ")
    given = not clause.when or bool(_given(told, wanted)) is not clause.when.startswith("not ")
    return fits and of_policy and given


def _given(told: Terms, name: str) -> object:
    if name == "consumption":
        return any(item.consumed_most_ng for item in told.items)
    return getattr(told, name)


def _values(told: Terms, language: str) -> dict[str, str | int]:
    of_day = _day_zh if language == "zh" else _day_en
    return {
        "number": told.number, "amends": told.amends,
        "lender": told.lender.institution, "lender_person": told.lender.person,
        "borrower": told.borrower.institution, "borrower_person": told.borrower.person,
        "country": told.countries[LANGUAGES.index(language)] or told.borrower.country or "–", "items": _items(told.items, language),
        "total": mass.show(sum(item.mass_ng for item in told.items)),
        "consumed_most": mass.show(sum(item.consumed_most_ng for item in told.items)),
        "begins": of_day(told.begins), "ends": of_day(told.ends), "renewals": told.renewals,
        "renewal_months": told.renewal_months, "inventory_months": told.inventory_months,
        "security": told.security, "credit": told.credit, "purpose": told.purpose, "return_plan": told.return_plan,
        "insured_for": told.insured_for, "report_months": told.report_months, **dict(told.extra),
    }  # fmt: skip


# Forms of samples as a call and the catalogue name them; one that is not here stands in both texts as it is.
_FORMS_ZH: Final[Mapping[str, str]] = {
    "bulk soil": "未分选月壤", "powder": "粉末", "lithic fragment": "岩屑", "rock": "岩石", "core": "岩芯", "polished mount": "光片",
    "thin section": "薄片", "display": "展品",
}  # fmt: skip


def _items(items: Sequence[Item], language: str) -> str:
    comma, stop = ("，", "；") if language == "zh" else (", ", "; ")
    forms = _FORMS_ZH if language == "zh" else {}
    return stop.join(
        comma.join(
            part for part in (item.sample, forms.get(item.form, item.form), mass.show(item.mass_ng)) if part
        )
        for item in items
    )


_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December")  # fmt: skip


def _day_en(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _day_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
