"""The public record: sourced claims, contradictions side by side, flows that sum exactly."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import dates, mass, register
from aliquot.dates import When
from aliquot.facts import Amount
from aliquot.fault import Fault
from aliquot.vocabulary import Grade


@pytest.fixture(scope="module")
def record():
    return register.load()


SOURCES = """
[[source]]
key = "N1"
grade = "B"
title = "A newspaper"

[[source]]
key = "P1"
grade = "A"
title = "A primary notice"
"""

PARTIES = """
[[party]]
key = "ada"
kind = "institution"
country = "GB"
name_en = "Ada's institute"
name_zh = "阿达研究所"
"""

MISSION = """
[[mission]]
key = "moon-1"
name_en = "Moon 1"
name_zh = "月一号"
country = "GB"
agency = "ada"
"""

GIFT = """
[[transfer]]
key = "gift-1"
kind = "gift"
title_en = "A gift"
title_zh = "赠礼"
date = "2020-02-29"
giver = "ada"
receiver = "ada"
missions = ["moon-1"]
material_en = "soil"
material_zh = "月壤"
mass = "1.5 g"
sources = ["N1"]
grade = "B"
scope_en = "this gift"
scope_zh = "此次赠礼"
state = "claimed"
"""


def a_statement(*, key="", says="returned_mass", value='mass = "10 g"', source="N1", grade="B", more=""):
    named = f'key = "{key}"' if key else ""
    return f"""
[[statement]]
{named}
about = "moon-1"
says = "{says}"
{value}
sources = ["{source}"]
grade = "{grade}"
date = "2021"
scope_en = "the whole mission"
scope_zh = "整个任务"
state = "claimed"
{more}
"""


def a_record(**files):
    texts = {"sources.toml": SOURCES, "parties.toml": PARTIES, "missions.toml": MISSION}
    return register.read({**texts, **{f"{name}.toml": text for name, text in files.items()}})


def faults(**files):
    return [str(one) for one in register.check(a_record(**files))]


# The shipped record.


def test_the_shipped_record_has_no_fault(record):
    assert [str(one) for one in register.check(record)] == []


def test_every_fact_has_source_grade_date_and_scope_in_both_languages(record):
    for fact in record.facts():
        assert fact.sources, fact.key
        assert fact.date.is_known, fact.key
        assert fact.scope.en, fact.key
        assert fact.scope.zh, fact.key


def test_what_people_read_is_in_both_languages(record):
    for fact in (*record.missions.values(), *record.parties.values(), *record.rounds.values()):
        assert fact.name.en, fact.key
        assert fact.name.zh, fact.key
    for fact in record.facts():
        assert bool(fact.note.en) == bool(fact.note.zh), fact.key


def test_all_eleven_missions_are_there(record):
    assert list(record.missions) == [
        *(f"apollo-{n}" for n in (11, 12, 14, 15, 16, 17)),
        *(f"luna-{n}" for n in (16, 20, 24)),
        *(f"change-{n}" for n in (5, 6)),
    ]


def test_every_mission_has_a_mass_a_landing_a_return_and_coordinates(record):
    for mission in record.missions:
        for says in ("returned_mass", "landing", "earth_return", "coordinates", "site"):
            assert register.said(record, mission, says), f"{mission} {says}"


def test_all_twenty_five_transfers_are_there(record):
    assert sum(one.series == "transfer" for one in record.transfers.values()) == 25
    assert sum(one.series == "goodwill" for one in record.transfers.values()) >= 15


def test_the_apollo_masses_sum_to_what_is_said_of_the_programme(record):
    each = [register.returned(record, f"apollo-{n}") for n in (11, 12, 14, 15, 16, 17)]
    assert sum(one.statement.mass_ng for one in each) == mass.read("381.7 kg")
    assert register.returned(record, "apollo").statement.mass_ng == mass.read("381.7 kg")


def test_the_masses_of_luna_20_stand_side_by_side(record):
    (found,) = [one for one in register.contradictions(record) if one.key == "luna-20.returned_mass"]
    assert [str(side.shown) for side in found.sides] == ["55 g", "50 g", "30 g"]
    assert found.best.statement.mass_ng == mass.read("55 g")
    assert str(found.best.reason) == "its source has the better grade"


def test_the_distributed_total_does_not_match_the_rounds(record):
    (found,) = [one for one in register.contradictions(record) if one.key == "distributed-total"]
    assert [side.mass_ng for side in found.sides] == [mass.read("125.42 g"), mass.read("124.9122 g")]
    assert f"{found.gap_ng / 10**9:.3f} g" == "0.508 g"


def test_articles_that_are_wrong_are_kept_as_refuted(record):
    (returned,) = [one for one in register.contradictions(record) if one.key == "change-5.earth_return"]
    assert [str(side.shown) for side in returned.sides] == ["16 Dec 2020, 17:59 UTC", "3 Dec 2020"]
    refuted = {one.key for one in record.statements.values() if one.state is register.State.REFUTED}
    assert {"2022-china-russia.date.S0", "change-5.returned_mass.S3", "change-5.returned_mass.I12"} <= refuted


def test_chang_e_5_came_home_on_the_16th_or_the_17th(record):
    back = register.said(record, "change-5", "earth_return").statement.on
    assert back.show() == "16 Dec 2020, 17:59 UTC"
    assert back.show_local() == "17 Dec 2020, 01:59 (UTC+8)"
    assert back.show_local("zh") == "2020年12月17日 01:59（UTC+8）"


def test_the_flow_of_chang_e_5_sums_to_the_nanogram(record):
    found = register.flow(record, "change-5")
    out = [link for link in found.links if link.source == "change-5"]
    assert sum(link.mass_ng for link in out) == mass.read("1731 g")
    (rest,) = [link for link in out if link.is_derived]
    assert rest.mass_ng == mass.read("1530.265 g")
    assert [step.key for step in found.open] == ["ce5-rounds-8-9"]


def test_every_flow_gives_out_what_came_in_and_names_its_sources(record):
    for mission in record.flows:
        found = register.flow(record, mission)
        for node in found.nodes:
            out = [link.mass_ng for link in found.links if link.source == node.key]
            assert not out or sum(out) == node.mass_ng
        assert all(link.sources for link in found.links if not link.is_derived)


def test_a_mission_without_declared_branches_has_no_flow(record):
    assert register.flow(record, "luna-24") is None


def test_transfers_are_found_by_country_mission_kind_and_year(record):
    assert [one.key for one in register.transfers(record, country="FR", kind="gift")] == ["2023-china-france"]
    assert "1978-us-china" in [
        one.key for one in register.transfers(record, mission="apollo-17", country="CN")
    ]
    assert [one.key for one in register.transfers(record, year=2022)] == ["2022-china-russia"]
    assert register.transfers(record, country="XX") == ()


def test_a_key_finds_what_it_names(record):
    assert isinstance(register.lookup(record, "C20"), register.Source)
    assert isinstance(register.lookup(record, "change-5"), register.Mission)
    assert isinstance(register.lookup(record, "2021-national-museum"), register.Transfer)
    assert isinstance(register.lookup(record, "round-4"), register.Round)
    assert isinstance(register.lookup(record, "cnsa"), register.Party)
    assert isinstance(register.lookup(record, "distributed.2025-08"), register.Statement)
    assert register.lookup(record, "nothing") is None


def test_rows_give_what_is_shown_in_the_language_asked_for(record):
    (english,) = register.rows(register.transfers(record, country="FR", kind="gift"))
    (chinese,) = register.rows(register.transfers(record, country="FR", kind="gift"), "zh-hans")
    assert tuple(english) == register.COLUMNS
    assert (english["date"], english["mass_g"], english["state"]) == ("Apr 2023", "1.5", "verified")
    assert (chinese["date"], chinese["giver"], chinese["state"]) == ("2023年4月", "中国", "已核实")


def test_an_unknown_mass_stays_unknown_in_a_row(record):
    (row,) = register.rows([record.transfers["2025-ipgp-loan"]])
    assert (row["mass"], row["mass_g"], row["mass_precision"]) == ("not known", "", "")


def test_every_fact_can_be_written_as_json(record):
    for facts in (record.missions, record.transfers, record.rounds, record.sources, record.parties):
        assert set(json.loads(json.dumps(register.plain(facts)))) == set(facts)
    assert json.dumps(register.plain(register.contradictions(record)))


# Bad files.


def test_a_sound_small_record_has_no_fault():
    assert faults(transfers=GIFT, more=a_statement()) == []


def test_a_fact_without_a_source_is_named_with_file_and_key():
    (found,) = faults(transfers=GIFT.replace('sources = ["N1"]', ""))
    assert found.startswith("transfers.toml gift-1: sources: sources is missing")


def test_a_grade_that_does_not_exist_is_refused():
    (found,) = faults(transfers=GIFT.replace('grade = "B"', 'grade = "D"'))
    assert found == "transfers.toml gift-1: grade: there is no grade “D”; use one of: A, B, C"


@pytest.mark.parametrize("date", ["2021-02-29", "2021-13", "2021-06-31"])
def test_a_date_that_does_not_exist_is_refused(date):
    (found,) = faults(transfers=GIFT.replace("2020-02-29", date))
    assert found.startswith(f"transfers.toml gift-1: date: the date “{date}” does not exist")


@pytest.mark.parametrize("bad", ["1,5 g", "-3 mg", "1e400 g", "NaN", "1.5"])
def test_a_mass_that_is_none_is_refused(bad):
    (found,) = faults(transfers=GIFT.replace('"1.5 g"', f'"{bad}"'))
    assert found.startswith("transfers.toml gift-1: mass: ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('scope_zh = "此次赠礼"', "", "scope_zh: scope_zh is missing"),
        ('date = "2020-02-29"', "", "date: date is missing"),
        ('date = "2020-02-29"', 'date = "?"', "date: a fact has a date"),
        ('date = "2020-02-29"', "date = 2020-02-29", "date: “2020-02-29” is not a text"),
        ('key = "gift-1"', 'key = "a gift"', "key: “a gift” is not a key"),
        ('giver = "ada"', 'giver = "bo"', "giver: no party has the key “bo”"),
        ('state = "claimed"', 'state = "certain"', "state: there is no state “certain”"),
        ('state = "claimed"', 'state = "claimed"\nweight = "1 g"', "weight: there is no field “weight” here"),
        ('sources = ["N1"]', 'sources = "N1"', "sources: sources is not a list of texts"),
    ],
)
def test_a_bad_field_is_named(old, new, said):
    found = faults(transfers=GIFT.replace(old, new))
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["N1"]', '["X9"]', "gift-1: sources: no source has the key “X9”"),
        ('["moon-1"]', '["moon-9"]', "gift-1: missions: no mission has the key “moon-9”"),
        ('grade = "B"', 'grade = "A"', "gift-1: grade: grade A is better than its best source (B)"),
        ('"claimed"', '"verified"', "gift-1: state: verified needs a primary source"),
    ],
)
def test_facts_that_do_not_fit_each_other_are_named(old, new, said):
    (found,) = faults(transfers=GIFT.replace(old, new))
    assert found.startswith(said)


def test_all_faults_are_found_at_once():
    bad = (
        GIFT.replace("1.5 g", "1,5 g")
        .replace('grade = "B"', 'grade = "D"')
        .replace("2020-02-29", "2021-02-29")
    )
    assert len(faults(transfers=bad)) == 3


def test_two_facts_with_one_key_are_named():
    assert faults(transfers=GIFT + GIFT) == [
        "gift-1: two facts have the key “gift-1”; give one of them a key of its own"
    ]


def test_a_file_that_is_no_toml_is_named_once():
    (found,) = faults(transfers="[[transfer")
    assert found.startswith("transfers.toml: is not TOML: ")


def test_a_table_of_another_name_is_refused():
    (found,) = faults(more="[[transfers]]\nkey = 'x'")
    assert found.startswith("more.toml: there are no tables “transfers”")


def test_a_statement_says_exactly_one_thing():
    (none,) = faults(more=a_statement(value=""))
    (two,) = faults(more=a_statement(value='mass = "10 g"\ncount = 3'))
    assert "a statement says one thing, this one 0" in none
    assert "a statement says one thing, this one 2" in two


def test_a_declared_gap_is_recomputed():
    clash = """
[[contradiction]]
key = "total"
title_en = "total"
title_zh = "总量"
left = ["one"]
right = ["gift-1"]
gap = "1 g"
"""
    (found,) = faults(transfers=GIFT, more=a_statement(key="one"), contradictions=clash)
    assert found.startswith("contradictions.toml total: gap: the sides differ by 8500000000 ng, not by 1 g")


def test_a_mission_that_is_said_to_have_brought_less_than_its_parts_has_no_flow(record):
    said = replace(
        record.about("change-5", "returned_mass")[0],
        key="less",
        amount=Amount("5 g", 5 * 10**9),
        grade=Grade.A,
    )
    less = replace(record, statements={
        **{key: one for key, one in record.statements.items() if (one.about, one.says) != ("change-5", "returned_mass")},
        "less": said,
    })  # fmt: skip
    assert register.flow(record, "change-5")
    assert register.flow(less, "change-5") is None


def test_a_flow_that_gives_more_than_it_has_is_named():
    flow = """
[[flow]]
mission = "moon-1"
[[flow.step]]
key = "away"
name_en = "away"
name_zh = "他处"
kind = "gift"
facts = ["gift-1"]
"""
    small = a_statement(value='mass = "1 g"')
    (found,) = faults(transfers=GIFT, more=small, flow=flow)
    assert found.startswith("flow.toml moon-1 moon-1: its branches do not add up to it")


# The rule.


def the_statements(*texts):
    made = a_record(more="".join(texts))
    assert register.check(made) == ()
    return list(made.statements.values())


THREE = (
    a_statement(key="press", value='mass = "10 g"'),
    a_statement(key="primary", value='mass = "11 g"', source="P1", grade="A"),
    a_statement(key="sum", value='mass = "10 g"', grade="C", more='derived = "4 g + 6 g"'),
)


def test_the_better_grade_wins_even_against_more_voices():
    best = register.best(the_statements(*THREE))
    assert (best.statement.key, str(best.reason)) == ("primary", "its source has the better grade")


def test_of_one_grade_what_is_stated_precedes_what_is_derived():
    press = a_statement(key="press", value='mass = "12 g"', grade="C")
    best = register.best(the_statements(press, THREE[2]))
    assert best.statement.key == "press"


def test_a_refuted_statement_is_never_the_best():
    wrong = THREE[1].replace('state = "claimed"', 'state = "refuted"')
    assert register.best(the_statements(THREE[0], wrong)).statement.key == "press"
    assert register.best(the_statements(wrong)) is None


def test_rounding_is_no_contradiction():
    coarse, fine, other = the_statements(
        a_statement(key="a", value='mass = "1935 g"'),
        a_statement(key="b", value='mass = "1935.3 g"'),
        a_statement(key="c", value='mass = "1936 g"'),
    )
    assert register.agree(coarse, fine)
    assert not register.agree(fine, other)


def test_about_380_kg_is_rounded_to_tens():
    about, near, far = the_statements(
        a_statement(key="a", value='mass = "380 kg"\nprecision = "about"'),
        a_statement(key="b", value='mass = "381.7 kg"'),
        a_statement(key="c", value='mass = "385.69 kg"'),
    )
    assert register.agree(about, near)
    assert not register.agree(about, far)


def test_at_most_and_at_least_bound_one_side():
    most, least, five = the_statements(
        a_statement(key="a", value='mass = "60 mg"\nprecision = "at most"'),
        a_statement(key="b", value='mass = "2 g"\nprecision = "at least"'),
        a_statement(key="c", value='mass = "5 g"'),
    )
    assert not register.agree(most, five)
    assert register.agree(least, five)
    assert not register.agree(most, least)


def test_statements_of_different_parts_do_not_contradict_each_other():
    parts = (
        a_statement(key="a", more='part = "bulk"'),
        a_statement(key="b", value='mass = "3 g"', more='part = "core"'),
    )
    assert register.contradictions(a_record(more="".join(parts))) == ()


@given(st.permutations(range(3)))
def test_the_best_does_not_depend_on_the_order_of_the_file(order):
    every = the_statements(*THREE)
    assert register.best([every[i] for i in order]) == register.best(every)


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=2), st.booleans())
def test_agreement_is_mutual(grams, about):
    bound = '\nprecision = "about"' if about else ""
    one, other = the_statements(
        a_statement(key="a", value=f'mass = "{grams[0]} g"{bound}'),
        a_statement(key="b", value=f'mass = "{grams[1]} g"'),
    )
    assert register.agree(one, other) == register.agree(other, one)
    assert register.agree(one, one)


# Dates.


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("1970-09-24", "24 Sep 1970", "1970年9月24日"),
        ("1978-05", "May 1978", "1978年5月"),
        ("1973", "1973", "1973年"),
        ("~1972", "about 1972", "约1972年"),
        ("<2025-12", "before Dec 2025", "2025年12月之前"),
        (">1970", "after 1970", "1970年之后"),
        ("1969-11/1970", "Nov 1969 – 1970", "1969年11月至1970年"),
        ("2020-12-16T17:59Z", "16 Dec 2020, 17:59 UTC", "2020年12月16日 17:59（UTC）"),
        ("?", "not known", "未知"),
    ],
)
def test_a_date_is_shown_as_exactly_as_it_is_known(text, english, chinese):
    when = dates.read(text)
    assert isinstance(when, When)
    assert (when.show(), when.show("zh-hans")) == (english, chinese)


@pytest.mark.parametrize(
    "text", ["", "1970-9-24", "24.9.1970", "1971/1970", "2020-12-16T25:00Z", "2020-12-16T17:59", "0000"]
)
def test_a_text_that_is_no_date_is_a_fault(text):
    assert isinstance(dates.read(text), Fault)


@given(st.dates(), st.dates())
def test_a_day_touches_its_year_and_overlaps_only_itself(one, other):
    first, second = dates.read(one.isoformat()), dates.read(other.isoformat())
    assert first.touches(one.year)
    assert first.overlaps(second) == (one == other)
