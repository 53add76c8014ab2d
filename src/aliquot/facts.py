"""What is a public fact made of? Sources, statements, missions, transfers, rounds, parties.

Values only. Every fact carries its sources, the grade of the best of them, a date and a scope; what is not
known is a value (`When` of precision unknown, an amount without nanograms, the state `unknown`). Knows no file
(see `register_read`) and draws no conclusion (see `register`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aliquot.dates import When


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages of the record."""

    en: str = ""
    zh: str = ""

    def text(self, language: str = "en") -> str:
        return self.zh if language.startswith("zh") and self.zh else self.en

    def __str__(self) -> str:
        return self.en


class Grade(StrEnum):
    """How near a source stands to the event: official or primary, press or institution, derivative."""

    A = "A"
    B = "B"
    C = "C"


class State(StrEnum):
    """What the record holds of a statement."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


class Precision(StrEnum):
    """How a source bounds an amount or a count."""

    STATED = "stated"
    ABOUT = "about"
    AT_LEAST = "at least"
    AT_MOST = "at most"


class Kind(StrEnum):
    """What kind of transfer; title passes in a gift, an exchange, a donation and a transfer."""

    GIFT = "gift"
    EXCHANGE = "exchange"
    DONATION = "donation"
    TRANSFER = "transfer"
    DEPOSIT = "deposit"
    RESEARCH_LOAN = "research-loan"
    DISPLAY_LOAN = "display-loan"
    LOAN_APPROVED = "loan-approved"
    DISPLAY = "display"


class Fate(StrEnum):
    """What became of the piece, as far as a source tells."""

    HELD = "held"
    RETURNED = "returned"
    PARTLY_CONSUMED = "partly-consumed"
    SOLD = "sold"
    MISSING = "missing"
    STOLEN = "stolen"
    DESTROYED = "destroyed"
    NEVER_DELIVERED = "never-delivered"
    RECOVERED = "recovered"
    FAKE = "fake"
    UNKNOWN = "unknown"


class PartyKind(StrEnum):
    """What sort of giver, receiver or holder."""

    STATE = "state"
    REGION = "region"
    AGENCY = "agency"
    INSTITUTION = "institution"
    MUSEUM = "museum"
    PERSON = "person"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Amount:
    """A mass as a source gives it; `mass_ng` is None when no source gives one."""

    text: str = ""
    mass_ng: int | None = None
    precision: Precision = Precision.STATED
    half_ng: int = 0  # half a unit of the last digit given: what the source may have rounded away

    @property
    def bounds_ng(self) -> tuple[int, int | None]:
        """The least and the greatest mass that the text allows; None is no upper bound."""
        if self.mass_ng is None or self.precision is Precision.AT_MOST:
            return 0, self.mass_ng
        if self.precision is Precision.AT_LEAST:
            return self.mass_ng, None
        return max(0, self.mass_ng - self.half_ng), self.mass_ng + self.half_ng


NO_AMOUNT: Final = Amount()


@dataclass(frozen=True, slots=True)
class Source:
    """A page, paper or notice that facts rest on."""

    key: str
    grade: Grade
    title: str
    date: When
    publisher: str = ""
    addresses: tuple[str, ...] = ()
    language: str = ""
    note: Words = Words()


@dataclass(frozen=True, slots=True)
class Party:
    """A state, agency, institution, museum or person that gives, receives or holds."""

    key: str
    name: Words
    kind: PartyKind
    country: str = ""  # ISO 3166-1 alpha-2; empty for an international body or a group
    name_own: str = ""
    language_own: str = ""
    note: Words = Words()


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a source says of one subject; exactly one of the values is given."""

    key: str
    about: str
    says: str
    sources: tuple[str, ...]
    grade: Grade
    date: When
    scope: Words
    state: State
    amount: Amount = NO_AMOUNT
    on: When | None = None
    count: int | None = None
    value: Words = Words()
    precision: Precision = Precision.STATED
    part: str = ""  # statements of different parts of a subject do not contradict each other
    derived: str = ""
    note: Words = Words()

    @property
    def mass_ng(self) -> int | None:
        return self.amount.mass_ng

    @property
    def coordinates(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, north and east positive."""
        if self.says != "coordinates":
            return None
        latitude, longitude = self.value.en.split(",")
        return float(latitude), float(longitude)

    def shown(self, language: str = "en") -> str:
        """Return what is said, in words."""
        if self.amount.text:
            return amount_text(self.amount, language)
        if self.on:
            return self.on.show(language)
        if self.count is not None:
            return f"{PRECISIONS[self.precision].text(language)}{self.count:,}"
        return self.value.text(language)


@dataclass(frozen=True, slots=True)
class Mission:
    """A mission that brought lunar material to Earth; what is said of it are its statements."""

    key: str
    name: Words
    country: str
    agency: Party
    name_own: str = ""
    language_own: str = ""
    statements: tuple[Statement, ...] = ()
    note: Words = Words()


@dataclass(frozen=True, slots=True)
class Transfer:
    """Who gave, lent or exchanged what, as a claim."""

    key: str
    series: str  # "transfer", or "goodwill" for one case out of the two series of goodwill gifts
    kind: Kind
    title: Words
    date: When
    giver: Party
    receiver: Party
    holder: Party
    missions: tuple[str, ...]
    material: Words
    sources: tuple[str, ...]
    grade: Grade
    scope: Words
    state: State
    fate: Fate
    amount: Amount = NO_AMOUNT
    until: When | None = None
    fate_date: When | None = None
    part_of: str = ""
    note: Words = Words()
    statements: tuple[Statement, ...] = ()

    @property
    def mass_ng(self) -> int | None:
        return self.amount.mass_ng

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries of giver, receiver and holder, each once."""
        return tuple(dict.fromkeys(p.country for p in (self.giver, self.receiver, self.holder) if p.country))


@dataclass(frozen=True, slots=True)
class Round:
    """One round of lending by the keeper of the Chang'e samples."""

    key: str
    name: Words
    date: When
    missions: tuple[str, ...]
    sources: tuple[str, ...]
    grade: Grade
    scope: Words
    state: State
    amount: Amount = NO_AMOUNT
    international: bool = False
    offered: int | None = None
    applications: int | None = None
    approved: int | None = None
    people: int | None = None
    institutions: int | None = None
    lots: int | None = None
    derived: str = ""
    note: Words = Words()
    statements: tuple[Statement, ...] = ()

    @property
    def mass_ng(self) -> int | None:
        return self.amount.mass_ng


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One declared branch of a mission's mass: the sum of the facts named, or the rest of its parent."""

    key: str
    parent: str
    name: Words
    kind: str
    facts: tuple[str, ...] = ()
    is_rest: bool = False
    is_open: bool = False  # known to exist, but its mass within this mission is not published
    note: Words = Words()


@dataclass(frozen=True, slots=True)
class Clash:
    """A declared contradiction between sums of facts that share no subject."""

    key: str
    title: Words
    left: tuple[str, ...]
    right: tuple[str, ...]
    gap: Amount
    note: Words = Words()


# What a statement may say of its subject, for people to read.
SAYS: Final[dict[str, Words]] = {
    "returned_mass": Words("mass returned", "带回质量"),
    "expected_mass": Words("mass expected before launch", "发射前预期质量"),
    "landing": Words("landing on the Moon", "月面着陆"),
    "lift_off": Words("lift-off from the Moon", "月面起飞"),
    "earth_return": Words("return to Earth", "返回地球"),
    "site": Words("landing site", "着陆点"),
    "coordinates": Words("coordinates of the landing site", "着陆点坐标"),
    "vehicles": Words("spacecraft used", "所用航天器"),
    "samples": Words("number of samples", "样品数量"),
    "age": Words("age", "年龄"),
    "mass": Words("mass", "质量"),
    "counter_mass": Words("mass given in exchange", "交换所得质量"),
    "date": Words("date", "日期"),
    "material": Words("material", "材料"),
    "consumed_mass": Words("mass consumed", "消耗质量"),
    "held_mass": Words("mass still held", "现存质量"),
    "delivery": Words("delivery", "交付"),
    "price": Words("price", "价格"),
    "distributed_mass": Words("mass distributed", "已分发质量"),
    "applications": Words("applications received", "收到的申请"),
    "countries": Words("countries and organisations applying", "申请国家和组织"),
    "requested": Words("samples requested", "申请的样品数"),
    "signed": Words("institutions that had signed", "已签协议的机构"),
    "given": Words("number given", "赠出数量"),
    "located": Words("number located", "已找到的数量"),
    "unaccounted": Words("number unaccounted for", "下落不明的数量"),
    "outcome": Words("outcome", "结果"),
    "rule": Words("rule", "规定"),
    "practice": Words("practice", "做法"),
    "first": Words("first of its kind", "同类首次"),
    "papers": Words("papers published", "已发表论文"),
    "stolen_mass": Words("mass stolen", "被盗质量"),
    "planned_mass": Words("mass planned", "计划质量"),
}

PRECISIONS: Final[dict[Precision, Words]] = {
    Precision.STATED: Words(),
    Precision.ABOUT: Words("about ", "约"),
    Precision.AT_LEAST: Words("at least ", "至少"),
    Precision.AT_MOST: Words("at most ", "至多"),
}

KINDS: Final[dict[Kind, Words]] = {
    Kind.GIFT: Words("gift", "赠送"),
    Kind.EXCHANGE: Words("exchange", "交换"),
    Kind.DONATION: Words("donation", "捐赠"),
    Kind.TRANSFER: Words("transfer", "移交"),
    Kind.DEPOSIT: Words("deposit", "备份存放"),
    Kind.RESEARCH_LOAN: Words("research loan", "科研借用"),
    Kind.DISPLAY_LOAN: Words("display loan", "展览借用"),
    Kind.LOAN_APPROVED: Words("loan approved", "批准借用"),
    Kind.DISPLAY: Words("display", "展示"),
}

STATES: Final[dict[State, Words]] = {
    State.CLAIMED: Words("claimed", "有此说法"),
    State.VERIFIED: Words("verified", "已核实"),
    State.REFUTED: Words("refuted", "已否定"),
    State.UNKNOWN: Words("unknown", "未知"),
}

FATES: Final[dict[Fate, Words]] = {
    Fate.HELD: Words("held", "保管中"),
    Fate.RETURNED: Words("returned", "已归还"),
    Fate.PARTLY_CONSUMED: Words("partly consumed", "部分已消耗"),
    Fate.SOLD: Words("sold", "已售出"),
    Fate.MISSING: Words("missing", "下落不明"),
    Fate.STOLEN: Words("stolen", "被盗"),
    Fate.DESTROYED: Words("destroyed", "已毁"),
    Fate.NEVER_DELIVERED: Words("never delivered", "未曾交付"),
    Fate.RECOVERED: Words("recovered", "已找回"),
    Fate.FAKE: Words("not lunar", "并非月岩"),
    Fate.UNKNOWN: Words("not known", "未知"),
}


def amount_text(amount: Amount, language: str = "en") -> str:
    """Return the mass as its source gives it, with how the source bounds it."""
    if amount.mass_ng is None:
        return amount.text or Words("not known", "未知").text(language)
    return f"{PRECISIONS[amount.precision].text(language)}{amount.text}"
