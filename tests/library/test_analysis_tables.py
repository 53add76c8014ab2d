"""Tables of results by header, by mapping and from workbooks: the same analyses, each value at its line and column."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from aliquot import analyses as measuring
from aliquot.fault import Fault, Refused
from aliquot.formats import analyses, analysis_mapping, sheets

from .workbooks import xlsx

CSV = b"sample,Rb_ppm,s_Rb_ppm\n12009,1.03,0.025\n\n12033,10.1,0.045\n"
ROWS = (("sample", "Rb_ppm", "s_Rb_ppm"), (12009, 1.03, 0.025), (), (12033, 10.1, 0.045))
# Columns as Astromat exports them.
ASTROMAT = (
    b"sample,sample_url,taxonName,analysisComment,dataset_url,dataset_url,CaO (wt%),CaO (wt%) method,CaO (wt%) lab,CaO (wt%) 2S,"
    b"FeO (%),FeO (%) 1S-REL,Cu (ppm),Cu (ppm) method,U (pg/g),U (pg/g) 2S-ABS\n"
    b"12009,u,MARE BASALT,bulk,d,d,10.2,XRF,Lab A,0.2,20.1,1.5,6,INAA,,\n"
    b"12010,u,LUNAR BRECCIA,,d,d,,,,,,,,,300,20\n"
)
OWN = """
key = "own"
title = "A sheet of our own"
decimal = ","
delimiter = ";"
header = 3
sheet = "Data"
others = "ignored"

[constants]
method = "TIMS"

[[column]]
name = "Probe"
field = "sample"

[[column]]
name = "Art"
field = "material"
values = { B = "Basalt", S = "Soil" }

[[column]]
name = "Rubidium"
analyte = "Rb"
unit = "ppb"

[[column]]
name = "Fehler"
uncertainty_of = "Rubidium"
level = "2s"
kind = "percent"
"""


def stated(data: bytes, mapping: str = "", **common: str) -> analyses.Table:
    return analyses.read(data, common, mapping=analysis_mapping.read(mapping) if mapping else None)


def values(table: analyses.Table, at: int = 0) -> list[dict[str, Any]]:
    told = table.told[at].told["values"]
    assert isinstance(told, list)
    return told


def test_a_workbook_says_what_the_same_table_says_as_csv() -> None:
    csv, book = stated(CSV, level="1s"), stated(xlsx({"Data": ROWS}), level="1s")
    assert [one.told for one in book.told] == [one.told for one in csv.told]
    assert [one.line for one in book.told] == [one.line for one in csv.told] == [2, 4]
    assert not book.wrong


def test_the_first_sheet_with_anything_in_it_is_read_and_another_by_its_name() -> None:
    book = xlsx({"Notes": (), "Data": ROWS, "More": (("sample", "Sr_ppm"), ("12070", 143.0))})
    assert len(stated(book, level="1s").told) == 2
    found = sheets.as_csv(book, "More")
    assert found == b"sample,Sr_ppm\n12070,143\n"
    missing = sheets.as_csv(book, "Less")
    assert isinstance(missing, Fault)
    assert "Notes, Data, More" in missing.advice


@pytest.mark.parametrize("data", [xlsx({"Data": ()}), xlsx({"Data": ROWS})[:-40], b"PK\x03\x04" + b"x" * 90])
def test_a_workbook_that_cannot_be_read_is_said_in_a_sentence(data: bytes) -> None:
    table = stated(data)
    assert not table.told
    assert [one.fault.where for one in table.wrong] == ["table"]


def test_numbers_of_a_workbook_have_the_fewest_digits_that_give_them_back() -> None:
    book = xlsx(
        {
            "Data": (
                ("sample", "87Sr/86Sr", "note"),
                ("12009", 0.70130000000000003, "a\nb"),
                ("12010", 1e-05, None),
            )
        }
    )
    assert sheets.as_csv(book) == b"sample,87Sr/86Sr,note\n12009,0.7013,a b\n12010,1e-05,\n"


def test_a_sheet_of_astromat_parts_a_row_by_method_and_laboratory() -> None:
    table = stated(ASTROMAT, analysis_mapping.text_of("astromat"), method="OTHER", level="2s")
    assert not table.wrong
    one, two, three, four = (each.told for each in table.told)
    assert (one["method"], one["laboratory"], one["material"], one["note"]) == (
        "XRF",
        "Lab A",
        "MARE BASALT",
        "bulk",
    )
    assert values(table)[0] == {
        "analyte": "CaO", "value": "10.2", "unit": "wt%", "uncertainty": "0.2", "level": "2s", "kind": "",
    }  # fmt: skip
    assert (two["method"], values(table, 1)[0]["kind"], values(table, 1)[0]["level"]) == (
        "OTHER",
        "percent",
        "1s",
    )
    assert (three["method"], [each["analyte"] for each in values(table, 2)]) == ("INAA", ["Cu"])
    assert (four["sample"], values(table, 3)[0]["unit"], values(table, 3)[0]["kind"]) == (
        "12010",
        "pg/g",
        "absolute",
    )
    assert measuring.material("MARE BASALT", "zh-hans") == "月海玄武岩"


def test_the_same_sheet_is_read_by_its_header_alone() -> None:
    by_header = stated(ASTROMAT.replace(b"dataset_url,dataset_url", b"d1,d2"), method="OTHER", level="2s")
    by_mapping = stated(ASTROMAT, analysis_mapping.text_of("astromat"), method="OTHER", level="2s")
    assert [one.told for one in by_header.told] == [one.told for one in by_mapping.told]


def test_a_value_a_row_is_read_by_its_mapping() -> None:
    data = (
        b"Sample Name,Analyzed Material,Parameter,Value,Unit,Method Code,Page\n"
        b"12009,Basalt,SiO2,45.0,wt%,XRF,7\n12009,Basalt,Rb,1.03,ppm,TIMS,7\n12009,Basalt,Sr,95.6,ppm,TIMS,7\n"
    )
    table = stated(data, analysis_mapping.text_of("value-a-row"))
    assert [(one.told["method"], len(values(table, at))) for at, one in enumerate(table.told)] == [
        ("XRF", 1),
        ("TIMS", 2),
    ]
    assert table.told[1].at == ((3, None), (4, None))


def test_a_mapping_of_ones_own_tells_header_line_words_units_and_decimals() -> None:
    data = (
        b"From the archive;;;\n;;;\nProbe;Art;Rubidium;Fehler;Rest\n12009;B;1030,5;5;x\n12033;X;10100;0,9;\n"
    )
    table = stated(data, OWN)
    assert table.told[0].told["material"] == "Basalt"
    assert values(table)[0] == {
        "analyte": "Rb", "value": "1030.5", "unit": "ppb", "uncertainty": "5", "level": "2s", "kind": "percent",
    }  # fmt: skip
    assert [(one.line, one.column) for one in table.wrong] == [(5, "Art")]
    rows = (("From the archive",), (), ("Probe", "Art", "Rubidium", "Fehler"), ("12009", "B", 1030.5, 5))
    by_book = stated(
        xlsx({"Cover": (("x",),), "Data": rows}), OWN.replace('delimiter = ";"\n', "").replace('","', '"."')
    )
    assert (by_book.told[0].line, values(by_book)) == (4, values(table))


def test_what_is_mended_stands_at_the_line_of_the_file_whatever_stands_above_the_header() -> None:
    data = b"x;;;\n;;;\nProbe;Art;Rubidium;Fehler\n12009;B;wrong;5\n"
    table = analyses.read(data, {}, {(4, "Rubidium"): "1030"}, analysis_mapping.read(OWN))
    assert values(table)[0]["value"] == "1030"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('key = "own"', 'key = "Own key"', "is not a name"),
        ('title = "A sheet of our own"\n', "", "“title” is missing"),
        ('decimal = ","', 'decimal = "x"', "neither a point nor a comma"),
        ('delimiter = ";"', 'delimiter = ";;"', "not one character"),
        ("header = 3", "header = 0", "no line from 1 to 100"),
        ("header = 3", 'header = "3"', "“header” is not a whole number"),
        ('others = "ignored"', 'others = "what"', "others: “what”"),
        ('method = "TIMS"', 'sample = "12009"', "constants.sample"),
        ('field = "sample"', 'field = "samples"', "no field “samples”"),
        ('field = "sample"', 'field = "material"', "filled twice"),
        ('field = "sample"', 'field = "note"', "no column says what was measured"),
        ('name = "Art"', 'name = "Probe"', "described twice"),
        ('analyte = "Rb"', 'analyte = "Unobtainium"', "nothing that is measured"),
        ('unit = "ppb"', 'unit = "Ma"', "not a unit of Rb"),
        ('uncertainty_of = "Rubidium"', 'uncertainty_of = "Strontium"', "no column of values “Strontium”"),
        ('level = "2s"', 'level = "3s"', "an uncertainty, and nothing else"),
        ('unit = "ppb"', 'unit = "ppb"\nfield = "value"', "none or several of"),
        ('analyte = "Rb"\nunit = "ppb"', 'field = "instrument"', "not clear where the values stand"),
        ("header = 3", "header = 3\nlines = 7", "“lines” is not a key"),
        ("[constants]", "[constants", "not TOML"),
    ],
)
def test_a_mapping_that_is_none_is_refused_with_every_fault(old: str, new: str, said: str) -> None:
    assert old in OWN
    with pytest.raises(Refused) as refused:
        analysis_mapping.read(OWN.replace(old, new, 1))
    assert any(said in one.said for one in refused.value.faults), [one.said for one in refused.value.faults]


@pytest.mark.parametrize("name", analysis_mapping.shipped())
def test_every_shipped_mapping_is_in_order(name: str) -> None:
    assert analysis_mapping.read(analysis_mapping.text_of(name)).key == name


def test_a_mapping_nobody_knows_is_refused() -> None:
    with pytest.raises(Refused, match="astromat, value-a-row"):
        analysis_mapping.text_of("../methods")


def test_a_method_is_known_by_its_code_its_new_code_and_its_name() -> None:
    for said in ("TIMS", "tims", "TI-MS", "Thermal ionization mass spectrometry"):
        assert measuring.method(said) == "TIMS"
    assert measuring.method("Magic") == "Magic"


def test_all_iron_is_counted_once() -> None:
    shares = {"SiO2": "45", "TiO2": "3", "Al2O3": "9", "FeOT": "20", "FeO": "20", "MgO": "12", "CaO": "10"}
    read = measuring.read(
        {"origin": "literature", "sample": "12009", "method": "XRF", "publication": "k",
         "values": [{"analyte": name, "value": share, "unit": "wt%"} for name, share in shares.items()]},
        on=date(2026, 11, 26),
    )  # fmt: skip
    assert not read.doubts
