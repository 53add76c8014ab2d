"""Acts on sealed samples: proposed, approved by two others, carried out once; and two people at once at the bench."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from collection import a_sample, holders, ng
from django.db import connection
from workbench import NOW, a_bench, done

from aliquot.fault import Refused
from aliquot.site.models import Approval, Balance, Exposure, Handling, Head, Person, Proposal, Role, Sample
from aliquot.site.operations import approvals, handling, people, programs
from aliquot.site.operations.handling import Recorded
from aliquot.site.queries import approvals as reads
from aliquot.site.queries.approvals import Standing

CUT = {"parent": "S-1", "cuts": [{"number": "S-1,1", "mass": "100 mg"}], "loss": "1 mg"}


@pytest.fixture
def flo(ada: Person) -> Person:
    """Flo curates too."""
    return people.invite(email="flo@example.org", name="Flo", roles=[Role.CURATOR], by=None, at=NOW)


@pytest.fixture
def core(db: None) -> None:
    holders()
    a_bench()
    a_sample("S-1", "3 g", use="permanent", sealed=True, form="core")


@pytest.fixture
def proposal(ada: Person, core: None) -> Proposal:
    """Ada proposes to cut 100 mg of the sealed core."""
    return approvals.propose("split", CUT, by=ada, at=NOW)


def why_not(act: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        act()
    return {fault.where: fault.said for fault in refused.value.faults}


def test_two_others_approve_and_then_it_is_carried_out_once(
    proposal: Proposal, ada: Person, flo: Person, eve: Person
) -> None:
    assert "0 of 2 people" in why_not(lambda: approvals.carry_out(proposal, by=ada, at=NOW))["proposal"]
    approvals.approve(proposal, by=flo, at=NOW)
    assert reads.standing(reads.one(proposal.pk)) is Standing.WAITING
    approvals.approve(proposal, by=eve, at=NOW, reason="The smallest piece that will do.")
    assert reads.standing(reads.one(proposal.pk)) is Standing.APPROVED
    found = approvals.carry_out(proposal, by=ada, at=NOW)
    assert found.entry.basis == (f"proposal:{proposal.pk}",)
    assert Sample.objects.get(number="S-1,1").sealed
    assert reads.one(proposal.pk).handling == found.handling
    assert "carried out already" in why_not(lambda: approvals.carry_out(proposal, by=ada, at=NOW))["proposal"]
    assert "carried out already" in why_not(lambda: approvals.withdraw(proposal, by=ada, at=NOW))["proposal"]


def test_nobody_approves_their_own_or_twice_or_without_the_role(
    proposal: Proposal, ada: Person, bo: Person, flo: Person
) -> None:
    assert "yourself" in why_not(lambda: approvals.approve(proposal, by=ada, at=NOW))["person"]
    assert "may not approve" in why_not(lambda: approvals.approve(proposal, by=bo, at=NOW))["person"]
    approvals.approve(proposal, by=flo, at=NOW)
    assert "already" in why_not(lambda: approvals.approve(proposal, by=flo, at=NOW))["person"]
    assert "already" in why_not(lambda: approvals.refuse(proposal, by=flo, at=NOW, reason="No."))["person"]
    assert Approval.objects.count() == 1


def test_one_no_refuses_it_and_wants_a_reason(
    proposal: Proposal, ada: Person, flo: Person, eve: Person
) -> None:
    assert why_not(lambda: approvals.refuse(proposal, by=flo, at=NOW, reason=" ")).keys() == {"reason"}
    approvals.refuse(proposal, by=flo, at=NOW, reason="There is a piece that is not sealed.")
    assert "was refused" in why_not(lambda: approvals.approve(proposal, by=eve, at=NOW))["proposal"]
    assert "was refused" in why_not(lambda: approvals.carry_out(proposal, by=ada, at=NOW))["proposal"]
    assert reads.waiting_for(eve) == []


def test_who_proposed_it_may_take_it_back(proposal: Proposal, ada: Person, flo: Person) -> None:
    assert [one.pk for one in reads.waiting_for(flo)] == [proposal.pk]
    assert reads.waiting_for(ada) == []
    assert "did not propose" in why_not(lambda: approvals.withdraw(proposal, by=flo, at=NOW))["person"]
    approvals.withdraw(proposal, by=ada, at=NOW)
    assert "withdrawn" in why_not(lambda: approvals.approve(proposal, by=flo, at=NOW))["proposal"]
    assert reads.waiting_for(flo) == []


def test_what_is_carried_out_is_what_was_approved_and_no_more(
    proposal: Proposal, ada: Person, flo: Person, eve: Person
) -> None:
    for person in (flo, eve):
        approvals.approve(proposal, by=person, at=NOW)

    def carry_out(**told: object) -> Callable[[], Recorded]:
        return lambda: approvals.carry_out(proposal, by=ada, at=NOW, told=CUT | told)

    a_sample("S-2", "1 g", use="backup", sealed=True)
    assert "not what was approved" in why_not(carry_out(parent="S-2"))["proposal"]
    assert "more would be taken" in why_not(carry_out(loss="2 mg"))["proposal"]
    freed = {"cuts": [{"number": "S-1,1", "mass": "100 mg", "use_class": "research"}]}
    assert "not what was approved" in why_not(carry_out(**freed))["proposal"]
    other = {
        "kind": "destroy",
        "told": {"sample": "S-1", "fate": "destruction", "authority": "x", "reason": "x"},
    }
    assert "proposal" in why_not(lambda: handling.record(**other, by=ada, at=NOW, proposal=proposal))
    found = carry_out(cuts=[{"number": "S-1,1", "mass": "99.8 mg"}])()
    assert Balance.objects.get(sample__number="S-1,1", holder__root="place").mass_ng == ng("99.8 mg")
    assert found.handling.told["cuts"][0]["mass"] == "99.8 mg"


@pytest.mark.usefixtures("core")
def test_what_touches_nothing_sealed_is_not_proposed_and_what_is_wrong_is_told_then(
    ada: Person, core: None
) -> None:
    a_sample("T-1", "1 g")
    cut = CUT | {"parent": "T-1"}
    assert "touches no sealed" in why_not(lambda: approvals.propose("split", cut, by=ada, at=NOW))["kind"]
    move = {"samples": ["S-1"], "target": "BOX 7"}
    assert "touches no sealed" in why_not(lambda: approvals.propose("move", move, by=ada, at=NOW))["kind"]
    heavy = CUT | {"loss": "9 g", "tools": ["X"]}
    assert why_not(lambda: approvals.propose("split", heavy, by=ada, at=NOW)).keys() == {"tools[0]"}
    assert why_not(lambda: approvals.propose("split", CUT | {"loss": "9 g"}, by=ada, at=NOW)).keys() == {
        "parent"
    }
    assert why_not(lambda: approvals.propose("dance", {}, by=ada, at=NOW)).keys() == {"kind"}
    assert not Proposal.objects.exists()


# -- two people at once ---------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same time, each on a connection of its own; return what each gave or raised."""

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(run, act) for act in acts]]


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_cut_at_once_as_many_cut_as_there_is_and_the_others_are_told_what_is_left(
    a_person: object,
) -> None:
    ada = a_person("Ada", Role.CURATOR)
    holders()
    a_sample("T-1", "1 g")
    done("expose", ada, samples="T-1", agent="magnet")

    def cut(i: int) -> Callable[[], Recorded]:
        return lambda: done("split", ada, parent="T-1", cuts=[{"number": f"T-1,{i}", "mass": "300 mg"}])

    found = at_once(*(cut(i) for i in range(10)))
    assert sum(isinstance(one, Recorded) for one in found) == 3
    said = {fault.said for one in found if isinstance(one, Refused) for fault in one.faults}
    assert said == {"300 mg are taken but 100 mg are left"}
    assert Balance.objects.get(sample__number="T-1", holder__root="place").mass_ng == ng("100 mg")
    assert (Sample.objects.count(), Handling.objects.count(), Head.objects.get().size) == (4, 4, 4)
    assert Exposure.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_one_number_or_carry_out_one_proposal_one_does(a_person: object) -> None:
    ada, flo, eve = (a_person(name, Role.CURATOR) for name in ("Ada", "Flo", "Eve"))
    holders()
    a_sample("T-1", "1 g")
    a_sample("S-1", "3 g", use="permanent", sealed=True, form="core")

    def cut() -> Recorded:
        return done("split", ada, parent="T-1", cuts=[{"number": "T-1,1", "mass": "1 mg"}])

    assert sorted(type(one).__name__ for one in at_once(cut, cut)) == ["Recorded", "Refused"]
    proposal = approvals.propose("split", CUT, by=ada, at=NOW)
    same = [lambda: approvals.approve(proposal, by=flo, at=NOW)] * 2
    assert sorted(type(one).__name__ for one in at_once(*same)) == ["Approval", "Refused"]
    approvals.approve(proposal, by=eve, at=NOW)
    same = [lambda: approvals.carry_out(proposal, by=ada, at=NOW)] * 2
    assert sorted(type(one).__name__ for one in at_once(*same)) == ["Recorded", "Refused"]
    assert Balance.objects.get(sample__number="S-1,1", holder__root="place").mass_ng == ng("100 mg")


@pytest.mark.django_db(transaction=True)
def test_a_double_click_weighs_once(a_person: object) -> None:
    ada = a_person("Ada", Role.CURATOR)
    holders()
    a_bench()
    a_sample("T-1", "1 g")
    told = {"sample": "T-1", "balance": "bal-1", "readings": "1 g"}

    def weigh() -> dict[str, object]:
        def act() -> dict[str, object]:
            return {"handling": handling.record("weigh", told, by=ada, at=NOW).handling.pk}

        return programs.once(ada, "form-1", told, act, at=NOW)

    found = at_once(weigh, weigh, weigh)
    assert found == [found[0]] * 3
    assert Handling.objects.count() == 1
