"""Acts at the bench as they are recorded: what each does to mass, samples and exposures, and what is refused."""

from __future__ import annotations

import pytest
from collection import a_sample, holders
from workbench import a_bench, done

from aliquot.fault import Refused
from aliquot.site.models import (
    Balance,
    HandledSample,
    Handling,
    Head,
    Person,
    Sample,
    ToolUse,
    Weighing,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_bench(db: None) -> None:
    holders()
    a_bench()


def held(number: str) -> dict[str, int]:
    """Return who holds how many nanograms of a sample, what is nothing left out."""
    rows = Balance.objects.filter(sample__number=number).exclude(mass_ng=0)
    return dict(rows.values_list("holder__key", "mass_ng"))


def refusals(kind: str, by: Person, **told: object) -> dict[str, str]:
    """Return where and what is wrong with an act, which must leave nothing behind."""
    before = Handling.objects.count(), Sample.objects.count(), Head.objects.get().size
    with pytest.raises(Refused) as refused:
        done(kind, by, **told)
    assert (Handling.objects.count(), Sample.objects.count(), Head.objects.get().size) == before
    return {fault.where: fault.said for fault in refused.value.faults}


MG = 10**6


def test_a_split_gives_daughters_that_are_like_their_parent(ada: Person) -> None:
    a_sample("T-1", "5 g")
    found = done("split", ada, parent="T-1", cuts="number\tmass\tform\tinto\nT-1,1\t1 g\tpowder\tBOX 7\nT-1,2\t2 g\t\t",
                 loss="3 mg", tools="T-1", balance="bal-1", note="As planned.\nIn nitrogen.")  # fmt: skip
    assert found.numbers == ("T-1,1", "T-1,2")
    assert held("T-1") == {
        "origin:test-mission": -5000 * MG,
        "place:vault": 1997 * MG,
        "spent:attrition": 3 * MG,
    }
    assert held("T-1,1") == {"place:box": 1000 * MG}
    daughter = Sample.objects.get(number="T-1,2")
    assert (daughter.mission, daughter.material, daughter.form) == ("change-5", "test basalt", "rock")
    assert Sample.objects.get(number="T-1,1").form == "powder"
    assert (daughter.mass_sd_ng, daughter.use_class) == (1_000, "research")
    assert list(HandledSample.objects.order_by("pk").values_list("sample__number", "part", "mass_ng")) == [
        ("T-1", "parent", 3003 * MG), ("T-1,1", "daughter", 1000 * MG), ("T-1,2", "daughter", 2000 * MG)]  # fmt: skip
    assert ToolUse.objects.get().cleaning.batch == "B-1"
    assert found.handling.entry_id == 1
    assert set(Weighing.objects.values_list("sample__number", "handling")) == {
        ("T-1,1", found.handling.pk), ("T-1,2", found.handling.pk)}  # fmt: skip


def test_several_readings_give_a_mean_and_how_sure_it_is(ada: Person) -> None:
    a_sample("T-1", "5 g")
    found = done("weigh", ada, sample="T-1", balance="bal-1", readings="5.000001 g\n5.000003 g", air="21 °C")
    weighed = Weighing.objects.get()
    assert (weighed.mass_ng, weighed.count, weighed.calibration) == (5_000_002_000, 2, "bal-1/1")
    assert weighed.sd_ng == 1415  # 1 µg of the mean and 1 µg of the balance, in quadrature, upward
    assert [note.where for note in found.notes] == []
    assert found.entry is None


def test_samples_are_moved_together_in_one_entry(ada: Person) -> None:
    a_sample("T-1", "5 g")
    a_sample("T-2", "1 g")
    found = done("move", ada, samples=["T-1", "T-2"], target="BOX 7")
    assert held("T-2") == {"origin:test-mission": -1000 * MG, "place:box": 1000 * MG}
    assert found.handling.place.key == "place:box"
