"""Which words may a public fact use, and how do people read them? Grades, states, kinds, fates, predicates.

The vocabulary is closed: a file that uses another word is at fault. Labels are in both languages of the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages of the record."""

    en: str = ""
    zh: str = ""

    def text(self, language: str = "en") -> str:
        return self.zh if language.startswith("zh") and self.zh else self.en

    def __str__(self) -> str:
        return self.en


NO_WORDS: Final = Words()


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
    "storage": Words("how it is kept", "存储方式"),
    "property": Words("property", "性质"),
    "scoops": Words("scoops", "铲取次数"),
    "launch": Words("launch", "发射"),
    "handover": Words("handover to the keeper", "移交保管单位"),
    "deadline": Words("deadline", "截止时间"),
    "display": Words("displays", "展出"),
    "planned_mass": Words("mass planned", "计划质量"),
    # Relations between a subject and an object, as articles claim them; see docs/reading.md.
    "landing_side": Words("side of the Moon", "着陆面"),
    "rank": Words("rank", "位次"),
    "age_difference": Words("difference of age", "年龄差"),
    "gift": Words("gift", "赠礼"),
    "exchange": Words("exchange", "交换"),
    "transfer": Words("handover", "移交"),
    "sale": Words("sale", "出售"),
    "loan_granted": Words("loan granted", "批准借用"),
    "loan_requested": Words("loan asked for", "申请借用"),
    "loan_refused": Words("loan refused", "拒绝借用"),
    "permission": Words("permission", "许可"),
    "call_opened": Words("call opened", "开放申请"),
    "call_closed": Words("call closed", "申请截止"),
    "applicants": Words("who applied", "申请方"),
    "granted": Words("what was approved", "获批情况"),
    "holding": Words("held", "收藏"),
    "shown_at": Words("shown", "展出"),
    "sample_mass": Words("mass of the sample", "样品质量"),
    "lost": Words("lost", "遗失"),
    "recovered": Words("found again", "找回"),
    "law_enacted": Words("law enacted", "法律颁布"),
    "law_effect": Words("effect of the law", "法律效力"),
    "launched_on": Words("launch", "发射"),
    "event": Words("event", "事件"),
    "member": Words("member", "成员"),
    "withdrawal": Words("notice of withdrawal", "退出通知"),
    "plan": Words("plan", "计划"),
}

# What is counted where a count is no number of things, and of what a rank is.
COUNTED: Final[dict[str, Words]] = {
    "rank": Words("no. {count}, {object}", "第{count}，{object}"),
    "age_difference": Words("{count} Ma", "{count} Ma"),
    "sale": Words("US${count}", "{count}美元"),
}
RANKS: Final[dict[str, Words]] = {
    "sample return": Words("sample return", "采样返回"),
    "far-side sample return": Words("far-side sample return", "月球背面采样返回"),
    "robotic sample return": Words("robotic sample return", "无人采样返回"),
    "far-side landing": Words("far-side landing", "月球背面着陆"),
    "gift": Words("gift", "赠礼"),
    "display abroad": Words("display abroad", "境外展出"),
}

PRECISIONS: Final[dict[Precision, Words]] = {
    Precision.STATED: Words(),
    Precision.ABOUT: Words("about ", "约"),
    Precision.AT_LEAST: Words("at least ", "至少"),
    Precision.AT_MOST: Words("at most ", "至多"),
}

KINDS: Final[dict[Kind, Words]] = {
    Kind.GIFT: Words("gift", "赠礼"),
    Kind.EXCHANGE: Words("exchange", "交换"),
    Kind.DONATION: Words("donation", "捐赠"),
    Kind.TRANSFER: Words("transfer", "移交"),
    Kind.DEPOSIT: Words("deposit", "寄存"),
    Kind.RESEARCH_LOAN: Words("research loan", "科研借用"),
    Kind.DISPLAY_LOAN: Words("display loan", "展览借用"),
    Kind.LOAN_APPROVED: Words("loan approved", "批准借用"),
    Kind.DISPLAY: Words("display", "展示"),
}

STATES: Final[dict[State, Words]] = {
    State.CLAIMED: Words("claimed", "声称"),
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
