"""Importing results: long and wide tables, every fault in its cell, whole or not at all; one and two sigma agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from tests.library.workbooks import xlsx
from tests.site import analysing as a
from tests.site import collection as c

from aliquot.fault import Refused
from aliquot.formats import analyses as tables
from aliquot.formats import analysis_mapping
from aliquot.site import queries
from aliquot.site.models import Analysis, Measurement, Person, Publication, ResultsDraft
from aliquot.site.operations import result_tables, storage

APOLLO = (
    Path(__file__).parents[3]
    / "shared"
    / "data"
    / "apollo12-rbsr-compston1971"
    / "apollo12_rbsr_compston1971.csv"
)
CITED = {
    "origin": "literature",
    "citation": "Compston et al. 1971",
    "year": "1971",
    "method": "TIMS",
    "level": "1s",
}
LONG = b"""Sample,Analyte,Value,Unit,Method code,Uncertainty,Level
12009,SiO2,45.0,wt%,XRF,,
12009,Rb,1.03,ppm,TIMS,0.05,2 sigma
12009,87Sr/86Sr,0.7013,ratio,TIMS,0.0002,2s
12033,Rb,10.1,ppm,TIMS,0.09,2s
"""


def a_draft(by: Person, data: bytes, **common: str) -> ResultsDraft:
    with storage.receive([data], name="results.csv", limits=settings.FILES) as arrived:
        return result_tables.start(arrived, CITED | common, by=by, at=a.NOW)


def look(draft: ResultsDraft) -> result_tables.Told:
    return result_tables.look(draft, at_holders=None, at=a.NOW)


def take(draft: ResultsDraft, by: Person, **more: object) -> result_tables.Told:
    return result_tables.take(draft, version=draft.version, by=by, at=a.NOW, **more)


def test_a_long_sheet_becomes_an_analysis_for_each_sample_and_method(ada: Person) -> None:
    told = take(a_draft(ada, LONG), ada)
    assert [(one.number, one.method) for one in told.made] == [
        ("12009", "XRF"),
        ("12009", "TIMS"),
        ("12033", "TIMS"),
    ]
    assert Measurement.objects.get(analyte="Rb", analysis__number="12009").sd == 0.025
    assert Publication.objects.get().citation == "Compston et al. 1971"


def test_the_apollo_12_table_comes_in_as_it_is(ada: Person) -> None:
    if not APOLLO.exists():
        pytest.skip("the shared data are not here")
    told = take(a_draft(ada, APOLLO.read_bytes()), ada)
    assert len(told.made) == 17
    assert {one.material for one in told.made} == {"Basalt", "Breccia", "Soil", ""}
    again = look(a_draft(ada, APOLLO.read_bytes()))
    assert (again.already, again.new) == (17, [])


def test_tables_at_one_and_two_sigma_agree_afterwards(ada: Person) -> None:
    one = b"sample,Rb_ppm,s_Rb_ppm\n12009,1.03,0.025\n"
    two = b"sample;2s Rb_ppm;Rb_ppm\n12009;0.05;1.03\n"
    take(a_draft(ada, one), ada)
    assert look(a_draft(ada, two)).already == 1
    percent = look(a_draft(ada, b"sample,Rb_ppm,s_Rb_ppm\n12009,1.0,2.5\n", kind="percent"))
    assert percent.new[0]["values"][0]["kind"] == "percent"  # type: ignore[index]


def test_a_workbook_is_the_same_table_as_csv(ada: Person) -> None:
    take(a_draft(ada, b"sample,Rb_ppm,s_Rb_ppm\n12009,1.03,0.025\n"), ada)
    book = xlsx({"Data": (("sample", "Rb_ppm", "s_Rb_ppm"), (12009, 1.03, 0.025), (12033, 10.1, 0.045))})
    told = look(a_draft(ada, book))
    assert (told.already, len(told.new), told.wrong) == (1, 1, [])


def test_a_table_is_read_by_the_mapping_that_was_given_with_it(ada: Person) -> None:
    data = b"Sample Name,Analyzed Material,Parameter,Value,Unit,Method Code\n12009,Basalt,SiO2,767,wt%,XRF\n"
    with storage.receive([data], name="results.csv", limits=settings.FILES) as arrived:
        draft = result_tables.start(
            arrived, CITED, mapping=analysis_mapping.text_of("value-a-row"), by=ada, at=a.NOW
        )
    (wrong,) = look(draft).faults
    assert (wrong.line, wrong.column) == (2, "Value")
    assert take(result_tables.mend(draft, {"2:Value": "44.7"}, version=0), ada).made[0].method == "XRF"


def test_every_fault_stands_in_its_cell_and_nothing_is_written(ada: Person) -> None:
    data = (b"sample,SiO2_wt%,Cr_ppm,age (Ma),2s age (Ma)\n"
            b"12009,767,25500000,3200,20\n12033,45,2000,4600,-1\n,44,x,3200,20\n")  # fmt: skip
    draft = a_draft(ada, data)
    told = look(draft)
    assert {(one.line, one.column) for one in told.faults} == {
        (2, "SiO2_wt%"), (2, "Cr_ppm"), (3, "2s age (Ma)"), (4, "sample"), (4, "Cr_ppm")
    }  # fmt: skip
    assert [(one.line, one.column) for one in told.doubts] == [(3, "age (Ma)")]
    with pytest.raises(Refused):
        take(draft, ada, sure="yes")
    assert (Analysis.objects.count(), Publication.objects.count()) == (0, 0)


def test_a_cell_is_mended_in_place_and_the_file_stays(ada: Person) -> None:
    draft = a_draft(ada, b"sample,SiO2_wt%\n12009,767\n")
    now = result_tables.mend(draft, {"2:SiO2_wt%": "44.7"}, version=0)
    with pytest.raises(Refused):
        result_tables.mend(draft, {"2:SiO2_wt%": "1"}, version=0)
    assert take(now, ada).made[0].measurements.get().text == "44.7"
    with pytest.raises(Refused):
        result_tables.drop(now, at=a.NOW)


@pytest.mark.parametrize("cells", [{"x:Rb": "1"}, {"2": "1"}, {"2:Rb": "a\0"}, {"2:Rb": "1" * 600}])
def test_a_cell_that_is_none_is_not_mended(ada: Person, cells: dict[str, str]) -> None:
    with pytest.raises(Refused):
        result_tables.mend(a_draft(ada, LONG), cells, version=0)


def test_what_is_unusual_is_taken_in_once_somebody_says_why(ada: Person) -> None:
    draft = a_draft(ada, b"sample,age_Ma,s_age_Ma\n12009,4600,10\n")
    with pytest.raises(Refused):
        take(draft, ada)
    assert take(draft, ada, sure="a presolar grain").made[0].sure == "a presolar grain"


def test_our_own_results_are_held_against_the_ledger(ada: Person, bo: Person) -> None:
    c.holders()
    c.a_sample("T-1", "5 g")
    own = {
        "origin": "facility",
        "citation": "",
        "laboratory": "Test laboratory",
        "holder": "place:vault",
        "measured_on": "2026-11-20",
    }
    draft = a_draft(ada, b"sample,Rb_ppm\nT-1,1.0\nT-9,1.0\n", **own)
    assert {(one.line, one.column) for one in look(draft).faults} == {(3, "sample")}
    theirs = result_tables.look(draft, at_holders=frozenset({"loan:bo"}), at=a.NOW)
    assert [one.line for one in theirs.faults][:1] == [2]
    assert queries.results.drafts(bo, whole=False) == []


@pytest.mark.parametrize(
    "data",
    [b"x", b"sample\n", b"x,y\n1,2\n", b"\xff\xfe", b"sample,Rb_ppm\n1,2,3\n", b'sample,Rb_ppm\n"1,2\n', b"sample,Rb_ppm\na\0,1\n",
     b"sample,Rb_ppm,Rb_ppm\n1,2,3\n", b"sample,analyte,value,unit,method\n,,,,\n"],
)  # fmt: skip
def test_a_table_that_is_none_is_told_what_is_wrong(data: bytes) -> None:
    read = tables.read(data, {})
    assert read.wrong or read.told


def test_a_draft_with_a_nul_or_without_a_citation_is_refused(ada: Person) -> None:
    for wrong in ({"laboratory": "a\0"}, {"citation": ""}, {"doi": "x"}):
        with pytest.raises(Refused):
            a_draft(ada, LONG, **wrong)
