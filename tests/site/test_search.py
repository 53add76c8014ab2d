"""What is looked for is found, in any script, and nothing that can be typed breaks the search."""

from __future__ import annotations

import subprocess
import sys

import pytest
from collection import SHELF, VAULT, a_collection, a_sample, by, call, holders, ng
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from aliquot.site import instance, search
from aliquot.site.models import Head, Sample
from aliquot.site.operations import samples as acts
from aliquot.site.search import Wanted, index, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection(db: None) -> None:
    a_collection()
    search.rebuild()


def numbers(text: str = "", **fields: object) -> list[str]:
    pks = search.find(Wanted(text=text, **fields)).pks
    found = dict(Sample.objects.filter(pk__in=pks).values_list("pk", "number"))
    return [found[pk] for pk in pks]


TYPED = {
    "15555,1": "15555,1",
    "CE5C0400YJFM001": "CE5C0400YJFM001",
    "ce5c0400yjfm001": "CE5C0400YJFM001",
    "ＣＥ５Ｃ０４００": "CE5C0400YJFM001",
    "ce5c04": "CE5C0400YJFM001",
    "400YJ": "CE5C0400YJFM001",
    "ce": "CE5C0400YJFM001",
    "lot:test:round-1": "lot:test:round-1",
    "round": "lot:test:round-1",
    "CORE/7:É月,2": "core/7:é月,2",
    "test rock": "15555,1",
    "rock test": "15555,1",
    "vesicular": "15555,1",
    "玄武岩": "15555,1",
    "武岩样": "15555,1",
    "岩": "15555,1",
    "soil": "lot:test:round-1",
}


def test_a_sample_is_found_by_what_people_type(collection: None) -> None:
    assert {text: numbers(text)[:1] for text in TYPED} == {text: [first] for text, first in TYPED.items()}


def test_every_word_must_be_found(collection: None) -> None:
    assert numbers("15555 vesicular") == ["15555,1"]
    assert numbers("15555 玄武 soil") == []


def test_a_whole_number_comes_before_those_that_begin_with_it(collection: None) -> None:
    assert numbers("15555,1")[0] == "15555,1"
    assert "15555,10" in numbers("15555,1")


def test_numbers_are_sorted_as_people_do(collection: None) -> None:
    assert numbers("15555", sort="number") == ["15555,1", "15555,2", "15555,10"]


def test_masses_are_sorted_from_either_end(collection: None) -> None:
    heavy = numbers(sort="-mass")
    assert heavy[0] == "lot:test:round-1"
    assert numbers(sort="mass") == heavy[::-1] or set(numbers(sort="mass")) == set(heavy)


def test_a_mass_range_has_both_its_ends(collection: None) -> None:
    assert numbers(least_ng=ng("3 g"), most_ng=ng("17 g"), sort="mass")[0] == "core/7:é月,2"
    assert numbers(least_ng=ng("17 g")) == ["lot:test:round-1"]
    assert numbers(least_ng=ng("18 g")) == []


def test_facets_count_what_a_further_choice_would_leave(collection: None) -> None:
    facets = dict(search.find(Wanted(chosen=(("form", "powder"),))).facets)
    assert dict(facets["form"]) == {"powder": 2, "fragment": 2, "rock": 1, "core": 1}
    assert dict(facets["mission"]) == {"change-5": 2}
    assert dict(facets["country"]) == {"CN": 2}


def test_values_of_one_facet_add_up_and_facets_narrow(collection: None) -> None:
    both = (("form", "powder"), ("form", "core"))
    assert len(numbers(chosen=both)) == 3
    assert numbers(chosen=(*both, ("availability", "sealed"))) == ["core/7:é月,2"]


def test_what_is_not_known_is_a_value_too(collection: None) -> None:
    facets = dict(search.find(Wanted()).facets)
    assert dict(facets["condition"]) == {"pristine": 1, search.UNKNOWN: 5}
    assert len(numbers(chosen=(("condition", search.UNKNOWN),))) == 5


def test_a_sample_that_is_not_published_is_not_found(collection: None) -> None:
    Sample.objects.filter(number="15555,1").update(published=False)
    search.rebuild()
    assert "15555,1" not in numbers("15555")


def test_the_index_follows_the_ledger_when_somebody_looks(collection: None) -> None:
    a_sample("NEW-1", use="public-interest")
    assert numbers("new-1") == ["NEW-1"]
    acts.move("NEW-1", source=VAULT, target=SHELF, mass_ng=ng("5 g"), by=by())
    assert numbers("new", chosen=(("holder", SHELF),)) == ["NEW-1"]
    assert numbers("new", chosen=(("holder", VAULT),)) == []


def test_catching_up_reads_only_what_changed(collection: None) -> None:
    a_sample("NEW-1")
    assert search.catch_up() == 1
    assert search.catch_up() == 0


def test_a_restored_backup_with_another_history_is_indexed_anew(collection: None) -> None:
    mark = index._brought_to()
    index._write_mark(index.Mark(mark.revision, mark.size, "0" * 64))
    assert search.catch_up() == Sample.objects.count()


def test_a_head_behind_the_index_is_another_ledger(collection: None) -> None:
    Head.objects.filter(pk=1).update(revision=1)
    assert search.catch_up() == Sample.objects.filter(revision__lte=1).count()


def test_a_broken_index_is_made_anew(collection: None) -> None:
    folder = index._folder()
    (folder / "meta.json").write_text("{")
    index._opened.clear()
    assert numbers("15555,1")[0] == "15555,1"


HOLD = """
import fcntl, os, sys
fcntl.flock(os.open(sys.argv[1], os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_while_another_process_indexes_one_searches_what_is_there(collection: None) -> None:
    lock = str(instance.search(settings.HOME) / "lock")
    command = [sys.executable, "-c", HOLD, lock]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        a_sample("NEW-1")
        assert numbers("new-1") == []
        assert numbers("15555,1")[0] == "15555,1"
        other.communicate("")
    assert numbers("new-1") == ["NEW-1"]


def test_numbers_like_a_mistyped_one_are_offered(collection: None) -> None:
    near = Sample.objects.filter(pk__in=search.near("15555,999")).values_list("number", flat=True)
    assert set(near) == {"15555,1", "15555,2", "15555,10"}
    assert search.near("zzzz") == ()
    assert search.near("") == ()


@tries(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(max_size=300), st.text(alphabet="(){}[]\"'\\^~*?:+-!&|/ AND\x00\ud800月", max_size=40)
    )
)
def test_nothing_that_can_be_typed_breaks_the_search(collection: None, text: str) -> None:
    found = search.find(Wanted(text=text, chosen=(("form", text[:50]),)))
    assert found.total >= len(found.pks)
    search.find(Wanted(text=text))
    search.near(text)


def test_a_question_too_long_is_known_as_such() -> None:
    assert search.is_too_long("x" * 201)
    assert search.is_too_long("a " * 13)
    assert not search.is_too_long("15555,880 basalt")


def test_a_name_in_a_script_without_spaces_is_found_by_any_part(db: None) -> None:
    holders()
    a_sample("T-9")
    call("T-9", "ตัวอย่างหินดวงจันทร์")
    call("T-9", "かぐや石")
    search.rebuild()
    assert numbers("หิน") == ["T-9"]
    assert numbers("ぐや") == ["T-9"]


def test_words_are_cut_the_same_way_for_the_index_and_the_question() -> None:
    for text in ("High-Ti basalt 12", "月球样品 No. 7", "ΑΒΓ ёж", "ﬁne"):
        assert set(words.asked(text)) <= set(words.words(text))
