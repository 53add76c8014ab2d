"""Claims of the register: proposed by anybody, judged by two, on record in the ledger, part of the record in force."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from claiming import A_SOURCE, NOW, a_fact, proposed, whole
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

import makers
from aliquot import register, register_claims
from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import Entry, Person, RegisterClaim, RegisterStep
from aliquot.site.operations import programs, publication
from aliquot.site.operations import register as operations
from aliquot.site.operations.register import Proposal

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def refused(told: Proposal, by: Person) -> dict[str, str]:
    """Return what stands against a proposal, by field."""
    with pytest.raises(Refused) as caught:
        operations.propose(told, by=by, at=NOW)
    assert not RegisterClaim.objects.exists()
    return {one.where: one.said for one in caught.value.faults}


def test_a_claim_is_proposed_with_its_source_and_stands_in_the_ledger(di: Person) -> None:
    made = proposed(di)
    assert (made.key, made.state, made.checked, made.about) == ("claim-2", "claimed", False, "change-6")
    assert RegisterClaim.objects.get(key="claim-1").kind == "source"
    for step in RegisterStep.objects.select_related("entry", "claim"):
        assert register_claims.digest(step.text) == step.hash
        assert f"basis register:{step.claim.key}/1\nbasis sha256:{step.hash}\n" in step.entry.text
        assert step.entry.kind == "record"
    book = "\n".join(Entry.objects.order_by("index").values_list("text", flat=True))
    assert makers.faults(book.encode()) == []


def test_what_nobody_has_looked_at_is_no_part_of_the_record(di: Person, ada: Person) -> None:
    made = proposed(di)
    assert made.key not in whole().statements
    operations.act(made, "confirm", by=ada, at=LATER)
    record = whole()
    assert record.statements[made.key].state == "claimed"
    assert record.statements[made.key].sources == ("claim-1",)
    assert record.sources["claim-1"].publisher == "Example observatory"
    assert register.check(record) == ()


def test_whoever_proposed_a_claim_does_not_judge_it(ada: Person, eve: Person) -> None:
    made = proposed(ada, source={"grade": "A"}, grade="A")
    with pytest.raises(Refused, match="you proposed claim-2 yourself"):
        operations.act(made, "verify", by=ada, at=LATER)
    operations.act(made, "verify", by=eve, at=LATER)
    assert whole().statements["claim-2"].state == "verified"


def test_one_outlet_of_the_press_verifies_nothing(di: Person, ada: Person) -> None:
    made = proposed(di)
    with pytest.raises(Refused, match="verified needs a primary source or two independent ones"):
        operations.act(made, "verify", by=ada, at=LATER)
    assert not RegisterClaim.objects.get(key="claim-2").checked


def test_a_verified_correction_refutes_what_it_supersedes(di: Person, ada: Person) -> None:
    old = proposed(di)
    operations.act(old, "confirm", by=ada, at=LATER)
    better = Proposal(
        fact=a_fact(count=4, grade="A"),
        source={**A_SOURCE, "grade": "A", "title": "A corrected bulletin"},
        links={"supersedes": [old.key]},
        why="the bulletin was corrected",
    )
    made = operations.propose(better, by=di, at=LATER)
    operations.act(made, "verify", by=ada, at=LATER)
    record = whole()
    assert record.statements[old.key].state == "refuted"
    best = register.best(one for one in record.about("change-6", "scoops") if one.part)
    assert best is not None
    assert best.statement.key == made.key


def test_every_fault_of_a_proposal_is_told_at_its_field(di: Person) -> None:
    told = Proposal(
        fact=a_fact(about="atlantis", says="hums", count=-1, date="soon", grade="Z", scope_en=""),
        source={**A_SOURCE, "title": ""},
        links={"contradicts": ["no-such-fact"], "likes": ["x"]},
    )
    faults = refused(told, di)
    assert {"says", "count", "date", "grade", "scope_en", "source.title", "contradicts", "links"} <= set(
        faults
    )
    assert refused(Proposal(fact=a_fact(about="atlantis"), source=A_SOURCE), di) == {
        "about": "the register has nothing under “atlantis”"
    }


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"scope_en": "a\0b"}, "scope_en"),
        ({"note_en": "x" * 5000}, "note_en"),
        ({"nonsense": "x"}, "nonsense"),
        ({"about": 7}, "about"),
        ({"sources": ["nobody"]}, "sources"),
        ({"mass": "1.5"}, "mass"),
    ],
)
def test_bad_fields_are_refused(di: Person, fields: dict[str, object], where: str) -> None:
    assert where in refused(Proposal(fact=a_fact(**{"sources": ["C32"], **fields})), di)


@pytest.mark.parametrize("kind", ["", "rumour"])
def test_a_kind_that_is_none_is_refused(di: Person, kind: str) -> None:
    assert "kind" in refused(Proposal(kind=kind, fact=a_fact(sources=["C32"])), di)


def test_doubting_refuting_and_withdrawing_want_a_reason(di: Person, ada: Person) -> None:
    made = proposed(di)
    for doing, who in (("refute", ada), ("doubt", ada), ("withdraw", di)):
        with pytest.raises(Refused, match="nothing is told here"):
            operations.act(made, doing, by=who, at=LATER)
    with pytest.raises(Refused, match="only whoever proposed"):
        operations.act(made, "withdraw", why="not mine", by=ada, at=LATER)
    operations.act(made, "withdraw", why="I misread it", by=di, at=LATER)
    with pytest.raises(Refused, match="is withdrawn"):
        operations.act(made, "confirm", by=ada, at=LATER)
    with pytest.raises(Refused, match="there is no act"):
        operations.act(made, "propose", by=ada, at=LATER)


def test_the_history_of_a_claim_is_a_chain_of_hashes(di: Person, ada: Person, eve: Person) -> None:
    made = proposed(di)
    operations.act(made, "confirm", by=ada, at=LATER)
    operations.act(made, "link", links={"contradicts": ["change-6.side"]}, by=di, at=LATER)
    operations.act(made, "refute", why="the bulletin took it back", by=eve, at=LATER)
    history = queries.claims.history(RegisterClaim.objects.get(pk=made.pk))
    assert [step.act.value for _row, step in history] == ["propose", "confirm", "link", "refute"]
    assert [step.previous for _row, step in history] == ["", *(row.hash for row, _step in history[:-1])]
    assert whole().statements[made.key].state == "refuted"


def test_a_step_can_be_neither_changed_nor_removed(di: Person) -> None:
    proposed(di)
    for statement in ("UPDATE aliquot_registerstep SET text = ''", "DELETE FROM aliquot_registerstep"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_transfer_and_a_party_can_be_claimed(di: Person, ada: Person) -> None:
    party = operations.propose(
        Proposal(kind="party", fact={"kind": "museum", "name_en": "Example museum", "country": "CH"}),
        by=di,
        at=NOW,
    )
    operations.act(party, "confirm", by=ada, at=LATER)
    fact = {
        "kind": "display-loan", "title_en": "An example loan", "date": "2026-10", "giver": "nasa",
        "receiver": party.key, "material_en": "a splinter", "sources": ["C32"], "grade": "B", "scope_en": "an example",
        "missions": ["apollo-11"], "mass": "1.5 g",
    }  # fmt: skip
    loan = operations.propose(Proposal(kind="transfer", fact=fact), by=di, at=LATER)
    operations.act(loan, "confirm", by=ada, at=LATER)
    found = whole().transfers[loan.key]
    assert (found.receiver.name.en, found.mass_ng, found.state) == (
        "Example museum",
        1_500_000_000,
        "claimed",
    )


def test_the_steps_are_published_beside_the_log_and_checked_against_it(
    di: Person, ada: Person, tmp_path: Path
) -> None:
    made = proposed(di)
    operations.act(made, "confirm", by=ada, at=LATER)
    publication.publish(tmp_path / "log", at=LATER)
    lines = (tmp_path / "log/register.jsonl").read_text("utf-8").splitlines()
    entries = makers.read((tmp_path / "log/book.txt").read_bytes())
    hashes = [entry.basis[1] for entry in entries if entry.kind == "record"]
    assert [f"sha256:{register_claims.digest(line)}" for line in lines] == hashes
    assert list(register_claims.check_steps(queries.claims.on_record())) == []


def test_a_step_that_was_rewritten_is_named(di: Person) -> None:
    proposed(di)
    steps = list(queries.claims.on_record())
    (text, entry), *rest = steps
    forged = [(text.replace("An example bulletin", "Another bulletin"), entry), *rest]
    assert [one.said for one in register_claims.check_steps(forged)] == ["the ledger has another hash for it"]
    assert [one.said for one in register_claims.check_steps([("{", entry)])] == ["a step cannot be read"]
    assert "it does not follow the step before it" in {
        one.said for one in register_claims.check_steps([*steps, steps[0]])
    }


def test_a_program_proposes_a_claim_and_everybody_reads_it(di: Person, client: Client) -> None:
    token = programs.make_token(di, name="a test", scope="claims", at=timezone.now(), days=30)
    told = {"fact": a_fact(), "source": A_SOURCE}
    sent = {"data": json.dumps(told), "content_type": "application/json"}
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
    first, again = (client.post("/api/v1/register/proposals", **sent, headers=headers) for _ in range(2))
    assert (first.status_code, first.json()) == (201, {"claim": "claim-2"})
    assert again.json() == first.json()
    assert client.post("/api/v1/register/proposals", **sent).status_code == 401
    found = client.get("/api/v1/register/claims/claim-2").json()
    assert "fact" in found, found
    assert found["fact"]["count"] == 3
    assert not found["counts"]
    assert [register_claims.read_step(one).act.value for one in found["steps"]] == ["propose"]
    assert [one["key"] for one in client.get("/api/v1/register/claims").json()["items"]] == [
        "claim-2",
        "claim-1",
    ]
    for wrong in ({"fact": []}, {"fact": {}, "links": {"contradicts": "x"}}, {"kind": 3}, {"why": "a\0b"}):
        data = {"data": json.dumps(wrong), "content_type": "application/json"}
        key = {**headers, "Idempotency-Key": json.dumps(wrong)}
        assert client.post("/api/v1/register/proposals", **data, headers=key).status_code == 400


def test_transfers_of_one_event_answer_on_both_pages(di: Person, ada: Person, client: Client) -> None:
    fact = {
        "kind": "gift", "title_en": "An example gift to France", "date": "2023-04", "giver": "cn", "receiver": "fr", "material_en": "dust",
        "sources": ["C20"], "grade": "C", "scope_en": "an example", "missions": ["change-5"], "mass": "1.4 g",
    }  # fmt: skip
    told = operations.propose(
        Proposal(kind="transfer", fact=fact, links={"same-event": ["2023-china-france"]}), by=di, at=NOW
    )
    operations.act(told, "confirm", by=ada, at=LATER)
    for here, there in (("2023-china-france", told.key), (told.key, "2023-china-france")):
        text = client.get(f"/transfers/{here}/").content.decode()
        assert f'data-claim="{there}.mass"' in text
        assert f'href="/transfers/{there}/"' in text
    assert 'data-claim="2023-china-france.mass"' in client.get(f"/facts/{told.key}.mass/").content.decode()


def test_what_somebody_sees_as_contradicting_stands_among_contradictions(
    di: Person, ada: Person, client: Client
) -> None:
    made = proposed(di)
    before = queries.register.contradictions.count()
    operations.act(made, "link", links={"contradicts": ["change-6.side"]}, by=di, at=LATER)
    assert queries.register.contradictions.count() == before
    operations.act(made, "confirm", by=ada, at=LATER)
    assert queries.register.contradictions.count() == before + 1
    text = client.get("/contradictions/").content.decode()
    assert "Said by somebody to contradict each other" in text
    assert "is contradicted by" in client.get("/facts/change-6.side/").content.decode()


def test_a_shipped_fact_that_a_verified_claim_supersedes_is_refuted_everywhere(
    di: Person, ada: Person, client: Client
) -> None:
    better = Proposal(
        fact=a_fact(about="luna-20", says="returned_mass", part="", count=None, mass="52 g", grade="A"),
        source={**A_SOURCE, "grade": "A"},
        links={"supersedes": ["luna-20.returned_mass.U7"]},
    )
    made = operations.propose(better, by=di, at=NOW)
    operations.act(made, "verify", by=ada, at=LATER)
    assert whole().statements["luna-20.returned_mass.U7"].state == "refuted"
    page = queries.register.facts.one("luna-20.returned_mass.U7")
    assert page is not None
    assert page.said.state == "refuted"
    assert made.key in {one.key for one in page.asked.every}


def test_each_step_costs_the_same_whatever_the_register_holds(
    di: Person, ada: Person, django_assert_max_num_queries: object
) -> None:
    for i in range(3):
        operations.act(proposed(di, part=f"example {i}", at=LATER), "confirm", by=ada, at=LATER)
    made = proposed(di, part="one more", at=LATER)
    with django_assert_max_num_queries(75):  # type: ignore[operator]
        operations.act(made, "confirm", by=ada, at=LATER)
