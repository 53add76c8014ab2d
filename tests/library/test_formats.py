"""A table is read whole or told what is wrong with it: where, by which rule, and what to do."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aliquot import fault, mass
from aliquot.fault import Refused
from aliquot.formats import findings, mapping, tables
from aliquot.formats.fields import FIELDS
from aliquot.formats.mapping import TableMapping

GUIDE = Path(__file__).parents[2] / "docs" / "import.md"
APOLLO = Path(__file__).parents[3] / "shared" / "data" / "apollo-samples" / "rocksamples.csv"

PLAIN = """
key = "plain"
title = "A small table"
place = "store"
constants = { material = "Basalt" }

[[column]]
name = "No"
field = "number"

[[column]]
name = "From"
field = "mission"

[[column]]
name = "Mass"
field = "mass"
unit = "mg"
"""


def plain(**changes: str) -> TableMapping:
    """The small mapping, with text put before its columns."""
    before = "".join(f"{key} = {value}\n" for key, value in changes.items())
    return mapping.read(PLAIN.replace("\n[[column]]", f"{before}\n[[column]]", 1), "plain.toml")


def read(rows: str, of: TableMapping | None = None) -> tables.Table:
    return tables.read(f"No,From,Mass\n{rows}".encode(), of or plain())


def told(table: tables.Table) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.rule.name) for each in table.findings]


def refusals(text: str) -> str:
    with pytest.raises(Refused) as refused:
        mapping.read(text, "m.toml")
    return "\n".join(map(str, refused.value.faults))


# -- what is right -------------------------------------------------------------------------------------------


def test_a_row_is_read_as_it_stands() -> None:
    table = read('A1,luna-16,1.25\n"A2,3",luna-20,7\n')
    assert told(table) == []
    assert table.rows == 2
    assert table.samples["number"].to_list() == ["A1", "A2,3"]
    assert table.samples["mission"].to_list() == ["luna-16", "luna-20"]
    assert table.samples["material"].to_list() == ["Basalt", "Basalt"]
    assert table.samples["mass_ng"].to_list() == [1_250_000, 7_000_000]


def test_a_byte_order_mark_and_any_line_end_are_read_past() -> None:
    table = tables.read(b"\xef\xbb\xbfNo,From,Mass\r\nA1,luna-16,1\r\n\r\nA2,luna-16,2\r\n", plain())
    assert told(table) == []
    assert table.samples["line"].to_list() == [2, 4]


def test_a_table_may_have_other_marks() -> None:
    own = plain(delimiter='";"', decimal='","', ignore='["Remark"]')
    table = tables.read(b"No;From;Remark;Mass\nA1;luna-16;old;1,5\n", own)
    assert told(table) == []
    assert table.samples["mass_ng"].to_list() == [1_500_000]


def test_further_names_classes_and_notes_are_read() -> None:
    text = (
        PLAIN.replace('place = "store"', 'policy = "nasa"')
        + """
[[column]]
name = "Old"
field = "name"
kind = "former"

[[column]]
name = "Use"
field = "use_class"
values = { store = "permanent", study = "research" }

[[column]]
name = "Remark"
field = "note"
"""
    )
    own = mapping.read(text, "m.toml")
    table = tables.read(b'No,From,Mass,Old,Use,Remark\nA1,luna-16,1,L-1,store,"two\nlines"\n', own)
    assert told(table) == []
    assert table.samples["name:former:3"].to_list() == ["L-1"]
    assert table.samples["use_class"].to_list() == ["permanent"]
    assert table.samples["note"].to_list() == ["two\nlines"]
    assert own.use_classes["permanent"] is True


@pytest.mark.skipif(not APOLLO.is_file(), reason="the Apollo table is not beside the repository")
def test_the_apollo_catalogue_weighs_what_its_rows_say() -> None:
    table = tables.read(APOLLO.read_bytes(), mapping.load("apollo-catalogue"))
    assert table.rows == 2229
    assert findings.counts(table.findings) == {"zero-mass": 35, "pristine-above-100": 18, "blank-subtype": 3}
    assert table.samples["mass_ng"].sum() == 375_035_990_000_000
    assert table.samples["mass_ng"].null_count() == 35
    row = table.samples.row(by_predicate=pl.col("number") == "10070", named=True)
    assert row["share"] == 11250


@settings(deadline=None)
@given(
    whole=st.from_regex(r"[0-9]{1,24}", fullmatch=True), rest=st.from_regex(r"[0-9]{0,14}", fullmatch=True)
)
@example("9223372036854", "775807")
@example("9223372036854", "775808")
@example("0000000000000000000000000000000000000001", "5")
def test_a_cell_is_the_mass_that_the_library_reads(whole: str, rest: str) -> None:
    text = f"{whole}.{rest}" if rest else whole
    expected = mass.read(f"{text} mg")
    table = read(f"A1,luna-16,{text}\n")
    rules = {each.rule.name for each in table.findings}
    if isinstance(expected, fault.Fault):
        assert rules & {"mass-too-fine", "mass-too-large"}
    else:
        assert table.samples["mass_ng"].to_list() == [expected or None]
        assert rules == (set() if expected else {"zero-mass"})


@settings(deadline=None)
@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), max_size=6)
)
def test_whatever_stands_in_a_note_the_lines_are_those_of_the_file(notes: list[str]) -> None:
    own = mapping.read(PLAIN + '\n[[column]]\nname = "N"\nfield = "note"\n', "m.toml")
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["No", "From", "Mass", "N"])
    lines = []
    for i, note in enumerate(notes):
        lines.append(len(out.getvalue().replace("\r\n", "\n").replace("\r", "\n").split("\n")))
        writer.writerow([f"A{i}", "luna-16", "1", f"{note}."])
    table = tables.read(out.getvalue().encode(), own)
    if notes:
        assert table.samples["line"].to_list() == lines
    else:
        assert told(table) == [(1, "", "empty-table")]


# -- what is wrong with a file, a header, a row --------------------------------------------------------------


def test_a_table_in_another_encoding_is_told_line_by_line() -> None:
    data = "No,From,Mass\nA1,luna-16,1\n月,luna-16,1\nA2,luna-16,1\n土,luna-16,1\n".encode("gb18030")
    assert told(tables.read(data, plain())) == [(3, "", "not-utf8"), (5, "", "not-utf8")]
    assert told(tables.read("No,From".encode("utf-16"), plain())) == [(1, "", "not-utf8")]


def test_a_nul_is_told_by_its_line() -> None:
    assert told(read("A1,luna-16,1\nA\x002,luna-16,1\n")) == [(3, "", "nul-character")]


@pytest.mark.parametrize("data", [b"", b"No,From,Mass\n", b"No,From,Mass\n\n\n"])
def test_an_empty_table_is_refused(data: bytes) -> None:
    assert told(tables.read(data, plain())) == [(1, "", "empty-table")]


def test_columns_are_those_of_the_mapping_each_once() -> None:
    table = tables.read(b"No,From,From,Colour\nA1,luna-16,luna-16,red\n", plain())
    assert told(table) == [
        (1, "Colour", "unknown-column"),
        (1, "From", "repeated-column"),
        (1, "Mass", "missing-column"),
    ]
    assert table.samples.is_empty()


def test_a_row_of_another_width_is_told_and_the_others_are_still_checked() -> None:
    table = read("A1,luna-16\nA2,luna-16,x\nA3,luna-16,1,2\nA4,luna-16,1\n")
    assert told(table) == [(2, "", "ragged-row"), (3, "Mass", "bad-mass"), (4, "", "ragged-row")]
    assert table.rows == 4


def test_lines_are_counted_past_quoted_line_breaks() -> None:
    own = plain(ignore='["N"]')
    data = b'No,From,Mass,N\nA1,luna-16,1,"one\ntwo\r\nthree"\nA2,luna-16,x,"four\nfive"\nA3,luna-16,y,\n'
    assert told(tables.read(data, own)) == [(5, "Mass", "bad-mass"), (7, "Mass", "bad-mass")]


@pytest.mark.parametrize("row", ['"A2,luna-16,1\n', 'A2,"luna"-16,1\n', f"A2,luna-16,{'9' * 140_000}\n"])
def test_a_broken_quotation_ends_the_reading_where_it_begins(row: str) -> None:
    assert told(read(f"A1,luna-16,x\n{row}A3,luna-16,1\n")) == [
        (2, "Mass", "bad-mass"),
        (3, "", "bad-quoting"),
    ]


# -- what is wrong with a cell -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('"1,5"', "bad-mass"), ("-3", "bad-mass"), ("+3", "bad-mass"), ("1e400", "bad-mass"), ("NaN", "bad-mass"),
        ("inf", "bad-mass"), ("1 000", "bad-mass"), ("1.5 g", "bad-mass"), (".5", "bad-mass"), ("5.", "bad-mass"),
        ("٣", "bad-mass"), ("0x1F", "bad-mass"), ("1_000", "bad-mass"), ("1.0000001", "mass-too-fine"),
        ("9223372036854.775808", "mass-too-large"), ("9" * 40, "mass-too-large"), ("9" * 60, "bad-mass"),
        ("9" * 100, "too-long"), ("", "blank-cell"), ("0", "zero-mass"), ("0.000", "zero-mass"),
    ],
)  # fmt: skip
def test_what_is_no_mass_is_no_mass(text: str, rule: str) -> None:
    assert told(read(f"A1,luna-16,1\nA2,luna-16,{text}\n")) == [(3, "Mass", rule)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "blank-cell"), ("A 1", "bad-number"), ("A\u30001", "bad-number"), ("A\x071", "control-character"),
        ("A\u202e1", "control-character"), ("A" * 101, "too-long"), ("e\u0301", "bad-number"),
        (" A1", "stray-space"), ("A1\u00a0", "stray-space"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_no_number(text: str, rule: str) -> None:
    assert told(read(f"{text},luna-16,1\n")) == [(2, "No", rule)]


def test_a_number_in_any_script_is_a_number() -> None:
    assert told(read("月壤-1,luna-16,1\n=1+1,luna-16,1\n'15555,luna-16,1\n")) == []


def test_a_number_stands_in_one_row() -> None:
    table = read("A1,luna-16,1\nA2,luna-16,1\nA1,luna-16,2\nA1,luna-16,1\n")
    assert told(table) == [(4, "No", "repeated-number"), (5, "No", "repeated-number")]
    assert table.findings[0].message.startswith("the number A1 is already in line 2;")


def test_a_stray_space_may_be_accepted_and_then_goes() -> None:
    table = read(" A1 ,luna-16, 1\n")
    assert {each.rule.name for each in table.findings} == {"stray-space"}
    assert findings.standing(table.findings, {"stray-space"}) == []
    assert table.samples["number"].to_list() == ["A1"]
    assert table.samples["mass_ng"].to_list() == [1_000_000]


def test_a_mission_and_a_word_are_ones_that_are_known() -> None:
    text = PLAIN + '\n[[column]]\nname = "Form"\nfield = "form"\n'
    table = tables.read(
        b"No,From,Mass,Form\nA1,Luna 16,1,rock\nA2,luna-16,1,stone\n", mapping.read(text, "m.toml")
    )
    assert told(table) == [(2, "From", "bad-mission"), (3, "Form", "unknown-value")]
    assert "bulk, powder" in table.findings[1].message


def test_a_value_that_the_mapping_does_not_name_is_told() -> None:
    table = tables.read(
        b"ID,Mission,Type,Subtype,Weight (g),Pristine (%)\n10001,Apollo13,Soil,Unsieved,1,5\n",
        mapping.load("apollo-catalogue"),
    )
    assert told(table) == [(2, "Mission", "unknown-value")]


@pytest.mark.parametrize(
    ("text", "rules"),
    [("180", ["pristine-above-100"]), ("100", []), ("0", []), ("", []), ("100.01", ["pristine-above-100"]),
     ("1.234", ["bad-share"]), ("-1", ["bad-share"]), ("10000", ["bad-share"]), ("NaN", ["bad-share"])],
)  # fmt: skip
def test_a_share_is_a_percentage(text: str, rules: list[str]) -> None:
    table = tables.read(
        f"ID,Mission,Type,Subtype,Weight (g),Pristine (%)\n10001,Apollo11,Soil,X,1,{text}\n".encode(),
        mapping.load("apollo-catalogue"),
    )
    assert [each.rule.name for each in table.findings] == rules


def test_bounds_and_patterns_of_a_mapping_hold() -> None:
    rules = """
[[column.rule]]
fault = "heavy"
test = "above"
limit = "2.5"
[[column.rule]]
fault = "light"
test = "below"
limit = "1"
acceptable = true
"""
    own = mapping.read(PLAIN + rules, "m.toml")
    table = read("A1,luna-16,2.5\nA2,luna-16,2.500001\nA3,luna-16,0.999999\nA4,luna-16,1\n", own)
    assert told(table) == [(3, "Mass", "heavy"), (4, "Mass", "light")]
    assert [each.rule.name for each in findings.standing(table.findings, {"light", "heavy"})] == ["heavy"]
    assert "or accept light: it is stored as given" in table.findings[1].message


def test_every_fault_is_told_at_once() -> None:
    table = read("A 1,Luna,x\nA2,luna-16,-1\nA2,,1\n")
    assert told(table) == [
        (2, "No", "bad-number"),
        (2, "From", "bad-mission"),
        (2, "Mass", "bad-mass"),
        (3, "Mass", "bad-mass"),
        (4, "No", "repeated-number"),
        (4, "From", "blank-cell"),
    ]


def test_what_is_shown_cannot_act_on_a_terminal() -> None:
    table = read("A1,luna-16,\x1b[2J\n")
    assert "\\x1b[2J" in table.findings[0].message
    assert findings.shown("a\nb\u202ec\udcff.csv") == "a\\nb\\u202ec\\udcff.csv"
    assert len(findings.shown("x" * 1000)) == 60


def test_braces_in_a_cell_are_only_braces() -> None:
    assert "“{0.__class__}”" in read("A1,luna-16,{0.__class__}\n").findings[0].message


# -- accepting -----------------------------------------------------------------------------------------------


def test_only_faults_of_the_mapping_that_may_be_accepted_are_accepted() -> None:
    rules = mapping.load("apollo-catalogue").rules.values()
    assert findings.check_accepted(["zero-mass", "blank-subtype", "pristine-above-100"], rules) == ()
    said = [each.said for each in findings.check_accepted(["bad-mass", "zero\x1bmass"], rules)]
    assert said == ["“bad-mass” cannot be accepted", "“zero\\x1bmass” is not a fault of this mapping"]


def test_every_general_rule_has_a_sentence_and_advice() -> None:
    for rule in findings.RULES.values():
        assert mapping.mapping_check.KEY.fullmatch(rule.name)
        said = findings.Finding(7, "Mass", rule, "v", "o")
        assert said.fault.where == "line 7, column “Mass”"
        assert "{" not in said.message


# -- mappings ------------------------------------------------------------------------------------------------


def test_the_shipped_mappings_can_be_read() -> None:
    assert "apollo-catalogue" in mapping.shipped()
    for name in mapping.shipped():
        assert mapping.load(name).key == name


def test_a_mapping_can_be_a_file(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text(PLAIN, encoding="utf-8")
    assert mapping.load(str(file)).key == "plain"
    file.write_bytes(b"\xff")
    with pytest.raises(Refused):
        mapping.load(str(file))
    for name in (str(tmp_path), "no\x1bsuch", "no\0such"):
        with pytest.raises(Refused):
            mapping.load(name)


def test_an_unknown_key_is_told_with_its_file_and_place() -> None:
    text = PLAIN.replace('title = "A small table"', 'title = "A small table"\ncolour = 1')
    text = text.replace(
        'unit = "mg"', 'unit = "mg"\nunits = "mg"\n[[column.rule]]\nfault = "x"\ntest = "zero"\nif = 1'
    )
    said = refusals(text)
    assert "m.toml: “colour” is not a key of a mapping" in said
    assert "m.toml: “column[2].units” is not a key of a mapping" in said
    assert "m.toml: “column[2].rule[0].if” is not a key of a mapping" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('key = "plain"', "", "“key” is missing"),
        ('key = "plain"', 'key = "Plain"', "is not a name"),
        ('key = "plain"', 'key = 1', "“key” is not a text"),
        ('place = "store"', 'place = "place:store"', "is not the key of a place"),
        ('place = "store"', 'delimiter = "::"', "delimiter"),
        ('place = "store"', 'decimal = "·"', "decimal"),
        ('place = "store"', 'ignore = [1]', "ignore"),
        ('place = "store"', 'policy = "moon"', "there is no policy"),
        ('place = "store"', 'policy = "nasa"', "policy: it is needed if"),
        ('field = "number"', 'field = "id"', "there is no field “id”"),
        ('field = "number"', 'field = "name"', "no column fills the field number"),
        ('field = "number"', 'field = "mission"', "the field mission is filled twice"),
        ('name = "From"', 'name = "No"', "described twice"),
        ('unit = "mg"', "", "unit"),
        ('unit = "mg"', 'unit = "t"', "unit"),
        ('unit = "mg"', 'unit = "mg"\nkind = "former"', "kind"),
        ('unit = "mg"', 'unit = "mg"\nvalues = { a = "1" }', "values"),
        ('unit = "mg"', 'unit = "mg"\nvalues = { a = 1 }', "is not a text"),
        ('unit = "mg"', 'unit = "mg"\n[[column.rule]]\nfault = "bad-mass"\ntest = "zero"', "no free name"),
        ('unit = "mg"', 'unit = "mg"\n[[column.rule]]\nfault = "x"\ntest = "odd"', "does not fit"),
        ('unit = "mg"', 'unit = "mg"\n[[column.rule]]\nfault = "x"\ntest = "above"', "limit"),
        ('unit = "mg"', 'unit = "mg"\n[[column.rule]]\nfault = "x"\ntest = "above"\nlimit = "1e3"', "not a decimal"),
        ('field = "number"', 'field = "number"\n[[column.rule]]\nfault = "x"\ntest = "unlike"\nlimit = "(?=a)"',
         "not a pattern"),
        ('field = "number"', 'field = "number"\n[[column.rule]]\nfault = "x"\ntest = "blank"\nacceptable = true',
         "has a number and a mission"),
        ('{ material = "Basalt" }', '{ mass = "1" }', "can be constant"),
        ('{ material = "Basalt" }', '{ form = "stone" }', "is not a form"),
        ('{ material = "Basalt" }', f'{{ material = "{"x" * 61}" }}', "at most 60"),
        ('field = "mission"', 'field = "mission"\nvalues = { A = "Apollo 11" }', "is not a mission"),
        ('key = "plain"', "key", "not TOML"),
    ],
)  # fmt: skip
def test_a_mapping_with_a_fault_is_refused(old: str, new: str, said: str) -> None:
    assert said in refusals(PLAIN.replace(old, new, 1))


def test_the_guide_tells_every_fault_and_key_and_its_mapping_can_be_read() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for rule in findings.RULES.values():
        [row] = [line for line in guide.splitlines() if line.startswith(f"| `{rule.name}` |")][:1]
        assert row.endswith("| no |") is not rule.acceptable
    for rule in mapping.load("apollo-catalogue").rules.values():
        assert f"`{rule.name}`" in guide
    keys = (
        mapping.mapping_check.KEYS,
        mapping.mapping_check.COLUMN_KEYS,
        mapping.mapping_check.RULE_KEYS,
        FIELDS,
    )
    for name in (name for table in keys for name in table):
        assert f"`{name}`" in guide
    shown = guide.split("```toml\n")[1].split("```")[0]
    assert mapping.read(shown, "guide").key == "our-store"
