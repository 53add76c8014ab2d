"""Results in the database: custody, mass, supersession, embargo, ages that come out the same, and what nobody may change."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client
from tests.site import analysing as a
from tests.site import collection as c
from tests.site import loaning as lending

from aliquot import results as library
from aliquot.chronology import requests
from aliquot.fault import Refused
from aliquot.results import Wish
from aliquot.site import notice_words, queries
from aliquot.site.models import Analysis, Balance, DerivedAge, Entry, LoanAgreement, Notice, Person, RawFile
from aliquot.site.operations import ages, commitments, reminders, results, storage
from aliquot.site.operations.notices import tell_all
from aliquot.site.queries.results import Sees, Wanted

INSTRUMENT_FILE = Path(__file__).parents[3] / "shared" / "data" / "argon-instrument-files" / "NGX-600.TXT"


@pytest.fixture
def rock(db: None) -> str:
    c.holders()
    return c.a_sample("T-1", "5 g").number


def wheres(act: Callable[[], object]) -> set[str]:
    with pytest.raises(Refused) as refused:
        act()
    return {one.where for one in refused.value.faults}


def test_what_an_analysis_used_up_is_an_entry_of_the_ledger(rock: str, ada: Person) -> None:
    made = results.record(a.told(consumed="2 mg"), by=ada, at=a.NOW)
    assert Entry.objects.get(pk=made.entry_id).kind == "consume"
    left = dict(
        Balance.objects.filter(sample__number=rock, mass_ng__gt=0).values_list("holder__key", "mass_ng")
    )
    assert left == {"place:vault": 4_998_000_000, "spent:consumption": 2_000_000}


def test_without_mass_used_up_nothing_is_entered(rock: str, ada: Person) -> None:
    entries = Entry.objects.count()
    assert results.record(a.told(), by=ada, at=a.NOW).entry is None
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"sample": "T-9"}, "sample"),
        ({"sample": "T-1\0"}, "sample"),
        ({"holder": "place:nowhere"}, "holder"),
        ({"holder": "loan:museum"}, "holder"),
        ({"measured_on": "2025-01-01"}, "holder"),
        ({"consumed": "6 g"}, "consumed"),
        ({"method": "MAGIC"}, "method"),
        ({"values": [{"analyte": "SiO2", "value": "767", "unit": "wt%"}]}, "values[0].value"),
        ({"values": [{"analyte": "Rb", "value": "9000", "unit": "ppm"}]}, "values[0].value"),
        ({"values": "\0"}, "values"),
        ({"origin": "literature", "publication": "nothing"}, "publication"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    rock: str, ada: Person, changed: dict[str, object], where: str
) -> None:
    entries = Entry.objects.count()
    assert where in wheres(lambda: results.record(a.told(**changed), by=ada, at=a.NOW))
    assert (Analysis.objects.count(), Entry.objects.count()) == (0, entries)


def test_what_is_unusual_is_recorded_once_somebody_says_why(rock: str, ada: Person) -> None:
    values = [{"analyte": "Rb", "value": "9000", "unit": "ppm"}]
    made = results.record(a.told(values=values, sure="measured twice"), by=ada, at=a.NOW)
    assert made.sure == "measured twice"


def test_what_is_promised_is_not_used_up(rock: str, ada: Person) -> None:
    commitments.promise(rock, mass_ng=4_999_000_000, basis="allocation:1", by=ada.key, at=a.NOW)
    assert wheres(lambda: results.record(a.told(consumed="2 mg"), by=ada, at=a.NOW)) == {"consumed"}


def test_a_sealed_sample_is_not_used_up(rock: str, ada: Person) -> None:
    c.a_sample("S-1", "1 g", use="permanent", sealed=True)
    wheres(lambda: results.record(a.told(sample="S-1", consumed="2 mg"), by=ada, at=a.NOW))
    assert Analysis.objects.count() == 0


def test_a_requester_records_what_their_own_institution_holds(rock: str, bo: Person) -> None:
    only = frozenset({"loan:bo-1"})
    assert wheres(lambda: results.record(a.told(), by=bo, at=a.NOW, at_holders=only)) == {"holder"}
    assert results.record(a.told(), by=bo, at=a.NOW, at_holders=frozenset({"place:vault"})).by == bo.key


def test_the_same_analysis_is_recorded_once_whatever_the_level(rock: str, ada: Person) -> None:
    results.record(a.told(), by=ada, at=a.NOW)
    one_sigma = a.RUBIDIUM | {"uncertainty": "0.025", "level": "1s"}
    assert wheres(lambda: results.record(a.told(values=[one_sigma]), by=ada, at=a.NOW)) == {"sample"}


def test_what_was_wrong_is_superseded_and_stays(rock: str, ada: Person) -> None:
    first = results.record(a.told(consumed="2 mg"), by=ada, at=a.NOW)
    better = a.told(consumed="2 mg", values=[a.RUBIDIUM | {"value": "1.04"}])
    assert wheres(lambda: results.record(better, by=ada, at=a.NOW, supersedes=first.key)) == {"why"}
    second = results.record(better, by=ada, at=a.NOW, supersedes=first.key, why="a slip of the pen")
    assert second.entry_id == first.entry_id
    (seen,) = queries.results.of_sample(rock, a.ALL)
    assert (seen.key, seen.supersedes) == (second.key, first.key)
    again = {"supersedes": first.key, "why": "once more"}
    assert wheres(lambda: results.record(better, by=ada, at=a.NOW, **again)) == {"supersedes"}


def test_the_database_refuses_to_change_a_result(ada: Person) -> None:
    a.an_age(ada)
    for table in (Analysis, DerivedAge):
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.update(by="person:0")
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.all()._raw_delete(table.objects.db)


# -- raw files -----------------------------------------------------------------------------------------------


def test_a_raw_file_is_kept_untouched_under_its_hash(rock: str, ada: Person) -> None:
    if not INSTRUMENT_FILE.exists():
        pytest.skip("the shared data are not here")
    made, data = results.record(a.told(), by=ada, at=a.NOW), INSTRUMENT_FILE.read_bytes()
    for _twice in range(2):
        with storage.receive([data], name=INSTRUMENT_FILE.name, limits=settings.FILES) as arrived:
            (kept,) = results.keep_raw([arrived], made, by=ada, at=a.NOW)
    assert RawFile.objects.count() == 1
    with storage.default_storage.open(queries.files.path_of(kept.file.sha256)) as file:
        assert file.read() == data
    assert queries.results.raw_file(made.key, kept.file.sha256, a.PUBLIC) is None
    assert queries.results.raw_file(made.key, kept.file.sha256, a.ALL)


# -- what the public sees ------------------------------------------------------------------------------------


def test_under_embargo_only_staff_and_whoever_recorded_it_see_a_result(
    rock: str, ada: Person, bo: Person
) -> None:
    paper = a.a_paper(ada, citation="Bo 2026", year="", accepted_on="2026-11-01", embargo_until="2026-12-24")
    results.record(a.told(publication=paper, sure=""), by=bo, at=a.NOW, at_holders=frozenset({"place:vault"}))

    def seen(sees: Sees) -> int:
        return len(queries.results.of_sample(rock, sees))

    assert [
        seen(a.PUBLIC),
        seen(replace(a.PUBLIC, key=bo.key)),
        seen(replace(a.PUBLIC, key="person:0")),
        seen(a.ALL),
    ] == [0, 1, 0, 1]
    assert seen(Sees(date(2026, 12, 24))) == 1
    (public,) = queries.results.of_sample(rock, Sees(date(2026, 12, 24)))
    assert public.kept is None
    assert [one.embargo_until for one in queries.results.embargoed(a.ALL)] == [date(2026, 12, 24)]


def test_a_publication_is_set_right_by_a_further_version(ada: Person) -> None:
    first = results.cite({"citation": "In review"}, by=ada, at=a.NOW)
    assert results.cite({"citation": "In review"}, by=ada, at=a.NOW).pk == first.pk
    second = results.cite({"citation": "Nature 2026", "doi": "10.1038/x"}, key=first.key, by=ada, at=a.NOW)
    assert (second.key, second.version) == (first.key, 2)
    assert wheres(lambda: results.cite({"citation": "x"}, key="none", by=ada, at=a.NOW)) == {"publication"}
    assert wheres(lambda: results.cite({"citation": "\0", "doi": "?"}, by=ada, at=a.NOW)) == {
        "citation",
        "doi",
    }


# -- ages ----------------------------------------------------------------------------------------------------


def test_an_age_keeps_the_very_answer_of_the_command(ada: Person) -> None:
    made = a.an_age(ada)
    assert json.dumps(requests.answer(json.loads(made.request))) == made.answer
    found = queries.results.age(made.key, a.ALL)
    assert found
    assert library.again(found.request, found.answer).is_same


def test_a_point_is_left_out_with_a_reason_and_the_old_age_stays(ada: Person) -> None:
    rows = a.from_the_literature(ada)
    first = a.an_age(ada, rows)
    soil = rows[-1].key
    second = ages.leave_out(
        first.key, {soil: "a soil: its rubidium is KREEP's"}, sees=a.ALL, by=ada, at=a.NOW
    )
    assert json.loads(second.answer)["n"] == 3
    assert second.beside_id == first.pk
    found = queries.results.age(second.key, a.ALL)
    assert found
    assert [row.omitted for row in queries.results.rows_of(found)] == [
        "",
        "",
        "",
        "a soil: its rubidium is KREEP's",
    ]
    assert library.again(found.request, found.answer).is_same
    assert [one.key for one in queries.results.variants(found, a.ALL)] == [first.key]


def test_an_age_tells_which_of_its_analyses_was_set_right_since(ada: Person) -> None:
    rows = a.from_the_literature(ada)
    made = a.an_age(ada, rows)
    said = {
        "origin": "literature",
        "sample": "12009",
        "method": "TIMS",
        "publication": rows[0].publication,
        "values": [a.RUBIDIUM],
    }
    better = results.record(said, by=ada, at=a.NOW, supersedes=rows[0].key, why="another row of the table")
    found = queries.results.age(made.key, a.ALL)
    assert found
    assert [row.set_right_by for row in queries.results.rows_of(found)] == [better.key, None, None, None]
    assert library.again(found.request, found.answer).is_same


@pytest.mark.parametrize("reason", ["", " ", "x\0"])
def test_a_point_is_not_left_out_without_a_reason(ada: Person, reason: str) -> None:
    rows = a.from_the_literature(ada)
    made = a.an_age(ada, rows)
    assert wheres(lambda: ages.leave_out(made.key, {rows[0].key: reason}, sees=a.ALL, by=ada, at=a.NOW)) == {
        "reason"
    }
    everything = {row.key: "why" for row in rows}
    assert wheres(lambda: ages.leave_out(made.key, everything, sees=a.ALL, by=ada, at=a.NOW)) == {"omit"}
    assert wheres(lambda: ages.leave_out(made.key, {}, sees=a.ALL, by=ada, at=a.NOW)) == {"omit"}
    assert wheres(lambda: ages.leave_out("none", {}, sees=a.ALL, by=ada, at=a.NOW)) == {"age"}


def test_when_constants_change_both_ages_stand_side_by_side(ada: Person) -> None:
    first = a.an_age(ada)
    second = ages.under(
        first.key, ["steiger-jaeger-1977", "isoplotr-6.8.5-default"], sees=a.ALL, by=ada, at=a.NOW
    )
    assert (second.beside_id, second.age_ma) != (first.pk, first.age_ma)
    assert second.age_ma == pytest.approx((first.age_ma or 0) * 1.3972 / 1.42)
    assert wheres(lambda: ages.under(first.key, ["made-up"], sees=a.ALL, by=ada, at=a.NOW)) == {"age"}


def test_the_same_age_asked_for_twice_is_kept_once(ada: Person) -> None:
    rows = a.from_the_literature(ada)
    assert a.an_age(ada, rows).pk == a.an_age(ada, rows).pk


def test_an_age_that_cannot_be_is_refused_with_chronologys_own_sentence(ada: Person) -> None:
    rows = a.from_the_literature(ada)[:1]
    assert wheres(lambda: a.an_age(ada, rows)) == {"age"}
    wish = Wish("isochron", "Sm-Nd", "whole-rock", {})
    assert wheres(lambda: ages.derive(wish, [rows[0].key], sees=a.ALL, by=ada, at=a.NOW)) == {"analyses"}
    assert wheres(lambda: ages.derive(wish, ["no"], sees=a.ALL, by=ada, at=a.NOW)) == {"analyses"}


def test_everybody_sees_an_age_once_it_is_published_and_rests_on_nothing_hidden(
    rock: str, ada: Person
) -> None:
    made = a.an_age(ada)
    assert queries.results.age(made.key, a.PUBLIC) is None
    ages.publish(made.key, sees=a.ALL, by=ada, at=a.NOW)
    assert queries.results.age(made.key, a.PUBLIC)
    hidden = a.an_age(
        ada,
        a.from_the_literature(ada, a.a_paper(ada, citation="Later", year=""), label="again"),
        title="Hidden",
    )
    assert wheres(lambda: ages.publish(hidden.key, sees=a.ALL, by=ada, at=a.NOW)) == {"age"}
    assert [one.key for one in queries.results.ages_of_sample("12009", a.PUBLIC)] == [made.key]


def test_what_a_page_reads_does_not_grow_with_the_rows(
    ada: Person, django_assert_num_queries: object
) -> None:
    rows = a.from_the_literature(ada)
    a.an_age(ada, rows)
    with django_assert_num_queries(4):  # type: ignore[operator]
        queries.results.chosen([one.key for one in rows], a.ALL)
    with django_assert_num_queries(4):  # type: ignore[operator]
        queries.results.of_sample("12009", a.PUBLIC)
    with django_assert_num_queries(3):  # type: ignore[operator]
        queries.results.compared(a.ALL, Wanted())


# -- loans ---------------------------------------------------------------------------------------------------


def test_a_borrower_records_what_was_measured_on_a_loan_and_what_is_owed_is_told(
    ada: Person, eve: Person, bo: Person
) -> None:
    lending.store()
    loan = lending.a_running_loan(ada, eve, bo)
    assert queries.results.held_by(bo) == {loan.holder.key}
    assert queries.result_duties.owed() == ()  # the policy states no months
    text = loan.agreement.policy_text.replace("paper_months = 0", "paper_months = 24")
    LoanAgreement.objects.filter(pk=loan.agreement_id).update(policy_text=text)
    later = lending.NOW + timedelta(days=60)
    said = {"sample": "P-1,1", "holder": loan.holder.key, "measured_on": "2027-01-10", "consumed": "1 mg"}
    made = results.record(a.told(**said), by=bo, at=later, at_holders=queries.results.held_by(bo))
    assert made.consumed_ng == 1_000_000
    not_lent, holders = a.told(**said | {"sample": "P-2"}), queries.results.held_by(bo)
    assert "holder" in wheres(lambda: results.record(not_lent, by=bo, at=later, at_holders=holders))
    paper, rest = sorted(queries.result_duties.owed(person=bo), key=lambda one: one.what)
    assert (rest.what, rest.due, rest.missing) == ("results", date(2028, 12, 10), ("P-1,2",))
    assert paper.missing == ("P-1,1", "P-1,2")
    assert [one.to for one in queries.result_duties.reminders(date(2028, 12, 10))] == [bo.key, bo.key]


def test_a_loans_results_are_brought_in_and_taken_away_by_whoever_answers_for_it(
    ada: Person, eve: Person, bo: Person, di: Person, signed_in: Callable[[Person], Client]
) -> None:
    lending.store()
    loan = lending.a_running_loan(ada, eve, bo)
    later = lending.NOW + timedelta(days=60)
    said = {"sample": "P-1,1", "holder": loan.holder.key, "measured_on": "2027-01-10"}
    results.record(a.told(**said), by=ada, at=later)
    address = f"/loans/{loan.key}/results"
    assert signed_in(bo).get(f"{address}.json").json()["analyses"][0]["sample"] == "P-1,1"
    request = loan.agreement.request
    for browser in (signed_in(bo), signed_in(ada)):
        assert "P-1,1" in browser.get(f"{address}.csv").content.decode()
        assert browser.get(f"{address}.zip").content[:2] == b"PK"
        if request is not None:
            assert "P-1,1" in browser.get(f"/requests/{request.key}/results.csv").content.decode()
    assert signed_in(di).get(f"{address}.csv").status_code == 404
    assert signed_in(di).get("/requests/none/results.csv").status_code == 404
    assert Client().get(f"{address}.csv").status_code == 302
    page = signed_in(bo).get("/results/").content.decode()
    assert loan.number in page
    assert f"/results/import/?loan={loan.key}" in page
    form = signed_in(bo).get(f"/results/import/?loan={loan.key}").content.decode()
    assert f'value="{loan.holder.key}"' in form
    assert loan.holder.key not in signed_in(ada).get("/results/import/?loan=%00").content.decode()


def test_who_keeps_results_back_is_told_once_that_the_day_comes(ada: Person, bo: Person) -> None:
    results.cite({"citation": "Bo 2026", "embargo_until": "2026-12-10"}, by=bo, at=a.NOW)
    results.cite({"citation": "Ada 2027", "embargo_until": "2027-06-01"}, by=ada, at=a.NOW)
    for _again in range(2):
        tell_all(reminders.PRODUCERS["embargoes"](a.NOW), at=a.NOW)
    (told,) = Notice.objects.filter(kind="embargo-ends")
    (shown,) = notice_words.shown([told], zone="UTC")
    assert (told.person, shown.href) == (bo, "/results/")
    assert "“Bo 2026” ends on 2026-12-10" in shown.text
