"""Does the shipped record hold what was compiled from the sources: every fact by its meaning, every age, every wrong statement?"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from aliquot import dates, law_read, register, register_known
from aliquot.dates import Bound, When
from aliquot.evidence import agree
from aliquot.facts import Record, Round, Statement, Transfer
from aliquot.fault import Fault
from aliquot.reading import desk, documents, judging, known
from aliquot.reading.documents import Document
from aliquot.reading.known import Known
from aliquot.vocabulary import Fate, Grade, PartyKind, State

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
ARTICLES = SHARED / "articles"
Line = dict[str, object]


@pytest.fixture(scope="module")
def record() -> Record:
    return register.load()


def _lines() -> list[Line]:
    path = ARTICLES / "facts.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []


# --- The compiled facts, line by line ------------------------------------------------------------------------

# Of what no claim asks directly, what the record says it with.
BACKGROUND = {"lift_off", "expected_mass", "event", "signed"}
# Their dates are the mission's, not those of the mass.
UNDATED = {"returned_mass", "total_returned"}
MISSION = re.compile(r"(Apollo|Luna|Chang'e) (\d+)")


@pytest.fixture(scope="module")
def facts(record: Record) -> list[Known]:
    return [*known.facts(record), *_background(record)]


def _background(record: Record) -> Iterator[Known]:
    for said in record.statements.values():
        if said.says in BACKGROUND:
            about = "CN" if said.about in record.rounds else known.name_of(record, said.about)
            told = said.object or ("institutions" if said.says == "signed" else "")
            mass = Decimal(said.mass_ng) / 10**9 if said.mass_ng is not None else None
            value = Decimal(said.count) if said.count is not None else mass
            unit = "count" if said.count is not None else "g" if mass is not None else ""
            yield Known(said.key, "event", about, known.name_of(record, told), value, unit, on=said.on or said.date,
                        grade=said.grade, state=said.state)  # fmt: skip
    for one in record.rounds.values():
        if one.offered is not None:
            yield Known(
                one.key, "event", "CN", "samples", Decimal(one.offered), "count", on=one.date, grade=one.grade
            )


def _when(text: str) -> When:
    found = dates.read(text)
    assert not isinstance(found, Fault), text
    return found


def _same_value(fact: Known, wanted: Line) -> bool:
    if "value" not in wanted:
        return True
    value = Decimal(str(wanted["value"]))
    slack = max(Decimal(str(wanted.get("uncertainty", 0))), value / 400)  # 4.4 lb stand for 2 kg
    return fact.value is not None and fact.unit == wanted["unit"] and abs(fact.value - value) <= slack


def _same_day(fact: Known, wanted: Line, facts: list[Known]) -> bool:
    """Whether the record is as exact as the line, or begins or ends with it, and does not say otherwise."""
    if "date" not in wanted:
        return True
    when = _when(str(wanted["date"]))
    if fact.predicate in UNDATED:
        return any(one.on.overlaps(when) for one in facts if _is_return(one, fact.subject))
    if not fact.on.is_known or not fact.on.overlaps(when):
        return _in_zone(fact.on, when)
    first, last = fact.on.first, fact.on.last
    if first is None or last is None:  # since a day, or before one
        return (first or last) in (when.first, when.last) or (
            last is not None and when.overlaps(_when(str(last)))
        )
    inside = when.first is None or when.last is None or (when.first <= first and last <= when.last)
    return inside or first == when.first or last == when.last


def _is_return(fact: Known, mission: str) -> bool:
    return fact.predicate == "returned_on" and fact.subject.startswith(mission) and not fact.is_collecting


def _in_zone(one: When, other: When) -> bool:
    """Whether it is the same day as counted on the spot."""
    return one.at is not None and other.first == other.last == one.at.date()


def _same_scope(fact: Known, wanted: Line, record: Record) -> bool:
    """Whether the mission that the line tells of is the one that the fact is about, where either names one."""
    named = {_mission(*match) for match in MISSION.findall(str(wanted["text"]))}
    found = register.lookup(record, fact.key)
    about = {*found.missions} if isinstance(found, Transfer | Round) else set()
    if isinstance(found, Statement):
        about = {key for key in (found.about, found.object) if key in record.missions}
    return not (named and about) or bool(named & about)


def _mission(family: str, number: str) -> str:
    return f"{'change' if family == 'Chang' + chr(39) + 'e' else family.lower()}-{number}"


def _as_good(fact: Known, wanted: Line) -> bool:
    return fact.grade <= (Grade.C if wanted["grade"] == "derived" else Grade(str(wanted["grade"])))


@pytest.mark.skipif(not _lines(), reason="the shared data are not here")
def test_every_compiled_fact_is_in_the_record_by_its_meaning(record: Record, facts: list[Known]) -> None:
    missing = []
    for wanted in _lines():
        same = [
            fact
            for fact in facts
            if (fact.predicate, fact.subject) == (wanted["predicate"], wanted["subject"])
            and wanted.get("object") in (None, fact.object)
            and (fact.state == State.REFUTED) is (wanted.get("state") == "refuted")
            and _same_value(fact, wanted)
            and _same_day(fact, wanted, facts)
            and _same_scope(fact, wanted, record)
            and _as_good(fact, wanted)
        ]
        if not same:
            missing.append(wanted["id"])
    assert not missing, ", ".join(map(str, missing))


# --- The five articles ---------------------------------------------------------------------------------------

# What an article says against the best-supported statement, by the subject and what is said of it.
AGAINST = {
    "S0": {
        "2022-china-russia date", "change-6 site", "international-1 applications", "wolf-amendment rule",
    },
    "S1": {"2025-brown-approved delivery", "2025-stony-brook-approved delivery"},
    "S2": {
        "1978-us-china first", "1978-us-china material", "all-missions returned_mass", "nasa-and-change-samples outcome",
    },
    "S3": {
        "2025-brown-approved delivery", "2025-stony-brook-approved delivery", "change-5 earth_return",
        "change-5 returned_mass", "change-5 vehicles",
    },
    "S4": {"2025-brown-approved delivery", "2025-stony-brook-approved delivery", "wolf-amendment rule"},
}  # fmt: skip


def test_the_record_keeps_what_the_articles_say_against_better_sources_and_nothing_else(
    record: Record,
) -> None:
    found: dict[str, set[str]] = {name: set() for name in AGAINST}
    for said in record.statements.values():
        best = register.best(
            one
            for one in register.about(record, said.about, said.says)
            if (one.part, one.object) == (said.part, said.object)
        )
        if said.state is State.REFUTED or (best and not agree(said, best.statement)):
            for name in found.keys() & {*said.sources}:
                found[name].add(f"{said.about} {said.says}")
    assert found == AGAINST


# What the desk finds contradicted, with a fact that its verdict must rest on.
CONTRADICTED = {
    "seed-000": [
        ("gift(CN, RU) 1.5 2022-04", "2022-china-russia"),
        ("law_effect(Wolf Amendment, bars absolutely)", "wolf.exception"),
        ("applicants(CN, persons) 10 2024-04", "international-1.applied"),
    ],
    "seed-001": [],
    "seed-002": [
        ("rank(US, gift) 1 1978", "rank.us.gift"),
        ("loan_requested(US, CN) 2024-11", "2024-swap-offered"),
        ("loan_refused(CN, US) 2024-11", "2024-no-refusal"),
    ],
    "seed-003": [
        ("returned_mass(CE-5) 1995.8", "change-5.returned_mass.I2"),
        ("returned_on(CE-5) 2020-12-03", "change-5.earth_return.W1"),
    ],
    "seed-004": [],
}


def _told(claim: Line) -> str:
    parties = ", ".join(str(claim[name]) for name in ("subject", "object") if claim.get(name))
    value = [f"{float(str(claim['value'])):.6g}"] if "value" in claim else []
    return " ".join(
        [f"{claim['predicate']}({parties})", *value, *([str(claim["date"])] if claim.get("date") else [])]
    )


@pytest.mark.parametrize("name", CONTRADICTED)
def test_each_article_gives_exactly_the_contradictions_that_are_known(record: Record, name: str) -> None:
    path = ARTICLES / f"{name}.txt"
    if not path.is_file():
        pytest.skip("the shared data are not here")
    document = documents.document(name, path.read_bytes())
    assert isinstance(document, Document)
    claims = desk.plain(desk.read(document, judging.Register(record)))["claims"]
    against = [claim for claim in claims if claim["verdict"] == "contradicted"]  # type: ignore[attr-defined]
    assert [_told(claim) for claim in against] == [told for told, _ in CONTRADICTED[name]]
    for claim, (_, key) in zip(against, CONTRADICTED[name], strict=True):
        assert key in claim["register"]


# --- Sources -------------------------------------------------------------------------------------------------

# What was announced before it happened.
ANNOUNCED = {"international-1.closed", "round-7", "round-8.closed"}


def _is_early(record: Record, key: str, when: When | None) -> bool:
    last = record.sources[key].date.last
    return bool(last and when and when.first and last < when.first)


def test_no_source_tells_what_had_not_happened_when_it_appeared(record: Record) -> None:
    early = []
    for fact in record.facts():
        if fact.key in ANNOUNCED or getattr(fact, "says", "") == "plan" or getattr(fact, "derived", ""):
            continue
        days = (fact.date, getattr(fact, "on", None))
        early += [(fact.key, key) for key in fact.sources for day in days if _is_early(record, key, day)]
        if fate := getattr(fact, "fate_date", None):  # of later sources, one is enough
            early += [(fact.key, "fate")] * all(_is_early(record, key, fate) for key in fact.sources)
    assert early == []


def test_a_sum_is_known_no_sooner_than_its_last_part(record: Record) -> None:
    assert register_known.known_on(record, record.statements["round-1.powder"]) == date(2021, 7, 29)
    lent = record.statements["distributed.rounds-1-9"]  # one of its sources has no date
    assert register_known.known_on(record, lent) == register_known.COMPILED


def test_the_fate_of_a_gift_is_known_no_sooner_than_it_befell(record: Record) -> None:
    assert "1971-luna-16-exchange" in register_known.as_known_on(record, date(1980, 1, 1)).transfers
    for day in (date(1998, 1, 1), date(2012, 1, 1), date(2018, 10, 31), date(2023, 4, 24)):
        for key, one in register_known.as_known_on(record, day).transfers.items():
            assert one.fate_date is None or (one.fate_date.first or date.min) <= day, key
    sold = register_known.as_known_on(record, date(2018, 10, 31)).transfers["koroleva-luna-16"]
    assert (sold.fate, sold.fate_date) == (Fate.UNKNOWN, None)
    assert "2022-china-russia" not in register_known.as_known_on(record, date(2023, 4, 23)).transfers


def test_a_source_without_a_date_makes_nothing_known_before_the_register_took_it_in(record: Record) -> None:
    back = record.transfers[
        "2023-russia-china"
    ]  # in March; reported by dated sources in April, by others some day
    assert any(not record.sources[key].date.is_known for key in back.sources)
    assert register_known.known_on(record, back) == date(2023, 4, 24)
    assert "2023-russia-china" not in register_known.as_known_on(record, date(2023, 4, 23)).transfers
    then = register_known.as_known_on(record, date(2023, 4, 24))
    assert all(record.sources[key].date.is_known for fact in then.facts() for key in fact.sources)
    for fact in record.facts():
        if not any(record.sources[key].date.is_known for key in fact.sources):
            assert (register_known.known_on(record, fact) or date.min) >= register_known.COMPILED, fact.key
    told = replace(record.sources["R4"], taken_in=date(2026, 11, 27))
    alone = replace(back, sources=("R4",))
    late = replace(record, sources={**record.sources, "R4": told}, transfers={back.key: alone})
    assert register_known.known_on(late, alone) == date(2026, 11, 27)


def test_what_is_named_on_a_page_has_a_key_and_both_names(record: Record) -> None:
    for said in record.statements.values():
        assert re.fullmatch(r"[A-Za-z0-9.-]+", said.about), said.key
        assert len(said.object) <= 2 or said.object in record.parties or not said.object.istitle(), said.key
    for party in record.parties.values():
        if party.country in ("CN", "JP") and party.kind is not PartyKind.MANY:
            assert re.search(r"[\u4e00-\u9fff]", party.name_own), party.key
        assert re.search(r"[\u4e00-\u9fff]", party.name.zh) or party.name.zh.isascii(), party.key


def test_arithmetic_is_read_in_every_language(record: Record) -> None:
    derived = {getattr(fact, "derived", "") for fact in record.facts()}
    assert [text for text in derived if re.search("[a-z]{3}", text) and text != "← Wikipedia"] == []


def test_every_party_is_named_by_a_fact(record: Record) -> None:
    named = {one.agency.key for one in record.missions.values()}
    for one in record.transfers.values():
        named |= {one.giver.key, one.receiver.key, one.holder.key, *one.persons}
    named |= {key for said in record.statements.values() for key in (said.about, said.object)}
    assert {*record.parties} - named == set()


# The numbers that sources give to signatories of the Artemis Accords.
NUMBERED = {
    "ES": 25, "EC": 26, "IN": 27, "UY": 36, "PE": 41, "SK": 42, "LI": 52, "SN": 56, "PH": 59, "PT": 60, "OM": 61,
}  # fmt: skip


def test_the_signatories_stand_at_the_numbers_that_sources_give(record: Record) -> None:
    joined = [one for one in record.about("artemis-accords", "member") if one.on]
    days = {one.object: one.on for one in joined}
    assert len(days) == 61
    for code, number in NUMBERED.items():
        before = sum(when.last <= days[code].last for when in days.values() if when and when.last)
        same = sum(when.last == days[code].last for when in days.values() if when)
        assert before - same < number <= before, code
    assert all(when.bound is Bound.ON for when in days.values() if when)


@pytest.mark.parametrize(
    ("key", "instrument"),
    [
        ("moon-agreement", "un/moon-agreement"),
        ("artemis-accords", "artemis/accords"),
        ("ilrs", "ilrs/membership"),
    ],
)
def test_the_record_and_the_law_library_have_the_same_members(
    record: Record, key: str, instrument: str
) -> None:
    joined = {one.object: one.on for one in record.about(key, "member") if len(one.object) == 2}
    members = law_read.load().instruments[instrument].members
    assert joined.keys() == {one.place for one in members}
    for one in members:
        assert one.since
        assert _when(one.since.isoformat()).overlaps(joined[one.place] or dates.UNKNOWN), one.place


# --- Ages ----------------------------------------------------------------------------------------------------


def _table(path: str) -> list[dict[str, str]]:
    if not (SHARED / path).is_file():
        pytest.skip("the shared data are not here")
    with (SHARED / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ages(name: str, table: str = "age") -> list[dict[str, str]]:
    return tomllib.loads((files("aliquot") / "record" / "ages" / f"{name}-ages.toml").read_text("utf-8"))[
        table
    ]


def test_every_published_age_of_the_compendium_is_in_the_record_as_printed() -> None:
    wanted = Counter(
        (row["sample"], row["method"], row["age_Ga"], row["uncertainty_Ga"], row["reference"], row["note"],
         row["decay_constants"], row["compendium_page"])
        for row in _table("lunar-basalt-ages/lunar_basalt_ages_lsc.csv")
    )  # fmt: skip
    names = ("sample", "method", "age_ga", "uncertainty_ga", "reference", "note", "constants", "page")
    found = Counter(tuple(row.get(name, "") for name in names) for row in (*_ages("apollo"), *_ages("luna")))
    assert found == wanted


def test_every_published_age_of_the_chang_e_basalts_is_in_the_record_and_on_its_pages(record: Record) -> None:
    rows = _table("change-headline-ages/change_published_ages.csv")
    found = {
        (row["doi"], Decimal(row["age_ga"]) * 1000): row.get("uncertainty_ga", "") for row in _ages("change")
    }
    said = [one for key in ("change-5", "change-6") for one in record.about(key, "age")]
    for row in rows:
        spread = found[row["doi"], Decimal(row["age"])]
        assert Decimal(spread or 0) * 1000 == Decimal(row["uncertainty"] or 0)
        printed = f"{int(row['age']):,} ± {row['uncertainty']} Ma" if row["uncertainty"] else "about 2.9 Ga"
        assert any(printed in one.value.en and _cites(record, one, row["doi"]) for one in said), row["age"]
    assert len(found) == len(rows)


def _cites(record: Record, said: Statement, doi: str) -> bool:
    return any(f"doi.org/{doi}" in record.sources[key].addresses for key in said.sources)


def test_the_range_of_volcanism_and_the_crater_functions_are_in_the_record(record: Record) -> None:
    told = " ".join(one.value.en for one in record.about("lunar-volcanism"))
    limits_ga = {row[name] for row in _ages("change", "range") for name in ("old_ga", "young_ga")}
    for row in _table("change-headline-ages/range_statements.csv"):
        numbers = re.findall(r"[\d.]+", row["value"])
        assert all(number in told for number in numbers), row["statement"]
        assert {n if row["unit"] == "Ga" else f"{int(n) / 1000:g}" for n in numbers} <= limits_ga
    functions = {row["name"]: row for row in _ages("crater", "function")}
    wanted = _table("lunar-crater-chronology/lunar_chronology_functions.csv")
    for row in wanted:
        mine = functions[row["name"]]
        assert [float(mine[c]) for c in ("c1", "c2", "c4")] == [float(row[c]) for c in ("c1", "c2", "c4")]
        assert mine["reference"] == row["reference"]
    assert len(functions) == len(wanted)
    limits = {row["name_en"]: float(row["young_limit_ga"]) for row in _ages("crater", "epoch")}
    epochs = _table("lunar-crater-chronology/lunar_epochs_wilhelms1987.csv")
    assert limits == {row["epoch"]: float(row["young_limit_Ga"]) for row in epochs}
