"""What other programs get: shapes, pages, tags, faults; and nothing that is not published."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aliquot import book, checkpoint, facts, proof, register, signing
from aliquot.dates import When
from aliquot.ledger import Entry as Act
from aliquot.site import operations
from aliquot.site.api import answers, shapes
from aliquot.site.api.shapes import register as register_shapes
from aliquot.site.models import Balance, Entry, Holder, Sample
from aliquot.site.operations import samples
from aliquot.site.operations.samples import By
from aliquot.site.queries import api as reads

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BY = By("person:17", "2026-11-24T09:00:00Z")
SECRET_PLACE = "Cabinet 7, shelf 3"
SECRET_SAMPLE = "unpublished-1"
ADDRESS = "ada@example.org"


def get(path: str, *, status: int = 200, **headers: str) -> dict[str, object]:
    answer = Client().get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    return json.loads(answer.content)


def every(path: str, limit: int) -> list[dict[str, object]]:
    """Return the items of all pages of a list."""
    address, _, asked = path.partition("?")
    page = get(f"{address}?{asked}&limit={limit}")
    found = page["items"]
    kept = "" if asked.startswith("after=") else asked  # a cursor knows the way that it goes
    while page["next"] is not None:
        page = get(f"{address}?{kept}&limit={limit}&cursor={page['next']}")
        assert len(page["items"]) <= limit
        found += page["items"]
    return found


# -- samples -------------------------------------------------------------------------------------------------


def test_the_catalogue_comes_page_by_page_by_number_each_once() -> None:
    numbers = [row["number"] for row in every("/api/v1/samples", 7)]
    assert numbers == list(
        Sample.objects.filter(published=True).order_by("number").values_list("number", flat=True)
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mission", "change-6"),
        ("use_class", "backup"),
        ("form", "powder"),
        ("form", "unknown"),
        ("condition", "unknown"),
        ("availability", "given"),
    ],
)
def test_a_filter_keeps_what_has_the_value_and_nothing_else(name: str, value: str) -> None:
    shown = {row["number"] for row in every(f"/api/v1/samples?{name}={value}", 3)}
    rows = {row["number"]: row for row in every("/api/v1/samples", 500)}
    assert shown == {number for number, row in rows.items() if row[name] == value}
    assert shown


def test_samples_are_found_by_their_main_holder() -> None:
    rows = every("/api/v1/samples?holder=place:b1", 500)
    assert rows
    assert {row["holder"]["key"] for row in rows} == {"place:b1"}


def test_a_rare_sample_is_found_without_reading_the_whole_catalogue_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reads, "WINDOW", 3)
    assert [row["number"] for row in every("/api/v1/samples?use_class=backup", 50)] == list(
        Sample.objects.filter(use_class="backup").order_by("number").values_list("number", flat=True)
    )


@pytest.mark.parametrize("wanted", [{}, {"held_by": "place:a1"}, {"form": "powder"}, {"mission": "change-5"}])
def test_no_question_sorts_or_scans_the_catalogue(wanted: dict[str, str]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by what is in the tables, and here they are small")
    with CaptureQueriesContext(connection) as queries:
        reads.samples(wanted, after="", limit=5)
    plans = []
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plans += [row[3] for row in cursor.fetchall()]
    assert plans
    assert not [plan for plan in plans if "SCAN" in plan or "TEMP B-TREE" in plan]


def test_a_sample_tells_masses_as_whole_nanograms() -> None:
    found = get("/api/v1/samples/lot:ce5")
    assert found["start_ng"] == 1_731 * 10**9
    assert sum(held["mass_ng"] for held in found["held"]) == found["mass_ng"]
    assert type(found["mass_ng"]) is int


def test_what_is_not_known_is_null_or_the_word_unknown() -> None:
    found = get("/api/v1/samples/lot:ce5:backup-1")
    assert (found["material"], found["form"], found["mass_sd_ng"]) == (None, "unknown", None)


def test_a_number_may_hold_any_sign() -> None:
    number = "odd/5%,(ä)/lineage"
    # Its end is read as the address of a family, so such a sample is found in lists and histories.
    assert get(f"/api/v1/samples/{quote(number, safe='')}/history")["items"][0]["mass_ng"] == 7
    family = get(f"/api/v1/samples/{quote(number, safe='')}/lineage")
    assert family["ancestors"] == [{"number": "lot:ce6", "generation": -1}]


def test_a_family_is_a_graph_of_published_samples() -> None:
    family = get("/api/v1/samples/lot:ce5:gift-france/lineage")
    assert family["ancestors"] == [{"number": "lot:ce5", "generation": -1}]
    step = family["steps"][0]
    assert (step["kind"], step["parent"], step["daughter"]) == ("split", "lot:ce5", "lot:ce5:gift-france")
    assert get(f"/api/v1/entries/{step['entry']}")["kind"] == "split"


def test_the_postings_of_a_sample_add_up_to_what_its_holders_have() -> None:
    sums: dict[str, int] = {}
    for posting in every("/api/v1/samples/lot:ce5/history", 2):
        sums[posting["holder"]["key"]] = sums.get(posting["holder"]["key"], 0) + posting["mass_ng"]
    held = Balance.objects.filter(sample__number="lot:ce5").exclude(mass_ng=0)
    assert {key: ng for key, ng in sums.items() if ng} == dict(held.values_list("holder__key", "mass_ng"))


# -- the log -------------------------------------------------------------------------------------------------


def test_entries_come_newest_first_each_once() -> None:
    numbers = [one["entry"] for one in every("/api/v1/entries", 9)]
    assert numbers == list(range(Entry.objects.count()))[::-1]


def test_the_log_is_followed_by_asking_for_what_comes_after() -> None:
    assert [one["entry"] for one in every("/api/v1/entries?after=-1", 9)] == list(
        range(Entry.objects.count())
    )
    assert get(f"/api/v1/entries?after={Entry.objects.count() - 1}") == {"items": [], "next": None}


def test_an_entry_says_the_same_parsed_and_as_text() -> None:
    found = get("/api/v1/entries/3")
    act = book.parse(found["text"])
    assert isinstance(act, Act)
    assert [(p["sample"], p["holder"], p["mass_ng"]) for p in found["postings"]] == [
        (p.sample, p.holder, p.mass_ng) for p in act.postings
    ]


def test_a_proof_holds_under_the_key_that_comes_with_the_checkpoint() -> None:
    signed = get("/api/v1/checkpoint")
    key = signing.read_verifier(signed["vkey"])
    assert isinstance(key, signing.VerifierKey)
    answer = Client().get("/api/v1/entries/3/proof")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert proof.check(answer.content, key) == ()
    body = signing.open_note(signed["note"], key, "note")
    assert isinstance(body, str)
    told = checkpoint.parse(body)
    assert isinstance(told, checkpoint.Checkpoint)
    assert (told.origin, told.size) == (signed["origin"], signed["size"])


def test_an_entry_that_no_checkpoint_covers_has_no_proof_yet() -> None:
    last = Entry.objects.count() - 1
    assert get(f"/api/v1/entries/{last}")["is_proven"] is False
    fault = get(f"/api/v1/entries/{last}/proof", status=404)["faults"][0]
    assert fault["todo"] == "ask again after the next publication"


# -- the public record ---------------------------------------------------------------------------------------


def test_claims_are_those_of_the_record() -> None:
    assert get("/api/v1/claims")["items"] == register.plain(register.load().transfers.values())


@pytest.mark.parametrize(
    "asked",
    ["country=FR", "mission=change-5", "kind=gift", "year=2023", "state=verified", "country=CN&kind=gift"],
)
def test_claims_are_filtered_as_on_the_page(asked: str) -> None:
    pairs = dict(pair.split("=") for pair in asked.split("&"))
    year = int(pairs.pop("year")) if "year" in pairs else None
    shown = get(f"/api/v1/claims?{asked}")["items"]
    assert [one["key"] for one in shown] == [
        one.key for one in register.transfers(register.load(), year=year, **pairs)
    ]
    assert shown
    assert get(f"/api/v1/claims/{shown[0]['key']}") == shown[0]


def test_luna_20_is_told_with_every_mass_that_anybody_states() -> None:
    found = get("/api/v1/missions/luna-20")
    masses = {one["amount"]["mass_ng"] for one in found["statements"] if one["says"] == "returned_mass"}
    assert {55 * 10**9, 50 * 10**9, 30 * 10**9} <= masses
    assert found["returned"]["reason"]["en"]
    assert found["returned_ng"] in masses


def test_every_source_of_every_claim_can_be_asked_for() -> None:
    sources = {one["key"] for one in get("/api/v1/sources")["items"]}
    claims = get("/api/v1/claims")["items"]
    assert {key for one in claims for key in one["sources"]} <= sources
    claim = claims[0]
    assert claim["key"] in get(f"/api/v1/sources/{claim['sources'][0]}")["facts"]


def test_the_contradictions_are_those_that_the_record_keeps() -> None:
    assert get("/api/v1/contradictions")["items"] == register.plain(register.contradictions(register.load()))


@pytest.mark.parametrize(
    ("shape", "fact"),
    [
        (register_shapes.SourceShape, facts.Source),
        (register_shapes.PartyShape, facts.Party),
        (register_shapes.StatementShape, facts.Statement),
        (register_shapes.RoundShape, facts.Round),
        (register_shapes.ClaimShape, facts.Transfer),
        (register_shapes.AmountShape, facts.Amount),
        (register_shapes.ContradictionShape, register.Contradiction),
        (register_shapes.SideShape, register.Side),
        (shapes.WordsShape, register.Words),
    ],
)
def test_no_field_of_a_fact_is_left_out(shape: type[shapes.Schema], fact: type) -> None:
    assert set(shape.model_fields) == {field.name for field in fields(fact)}


def test_a_mission_and_a_date_leave_out_no_field_either() -> None:
    assert {field.name for field in fields(facts.Mission)} < set(register_shapes.MissionShape.model_fields)
    told = register.plain(register.load().missions["change-5"].statements[0].date)
    assert isinstance(told, dict)
    assert set(register_shapes.WhenShape.model_fields) == set(told)
    assert {field.name for field in fields(When)} - {"at"} < set(told)


# -- tags and memory -----------------------------------------------------------------------------------------

READ_ONLY = [
    "/api/v1/samples?limit=5",
    "/api/v1/samples/lot:ce5",
    "/api/v1/samples/lot:ce5/lineage",
    "/api/v1/samples/lot:ce5/history",
    "/api/v1/entries?limit=5",
    "/api/v1/entries/3",
    "/api/v1/entries/3/proof",
    "/api/v1/checkpoint",
    "/api/v1/claims",
    "/api/v1/claims/2023-china-france",
    "/api/v1/contradictions",
    "/api/v1/missions",
    "/api/v1/missions/change-5",
    "/api/v1/sources",
]
FROM_THE_LEDGER = READ_ONLY[:8]


@pytest.mark.parametrize("path", READ_ONLY)
def test_who_has_the_answer_is_told_so_and_nothing_else(path: str) -> None:
    first = Client().get(path)
    assert first["Cache-Control"] == "public, no-cache"
    assert not first.cookies
    again = Client().get(path, headers={"If-None-Match": f'"other", {first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_when_the_ledger_grows_the_tag_changes() -> None:
    before = [Client().get(path)["ETag"] for path in FROM_THE_LEDGER]
    samples.move("lot:ce5", source="place:a1", target="place:b1", mass_ng=1, by=BY)
    after = [Client().get(path)["ETag"] for path in FROM_THE_LEDGER]
    assert not set(before) & set(after)


def test_when_a_checkpoint_is_signed_the_tag_changes() -> None:
    last = Entry.objects.count() - 1
    before = get(f"/api/v1/entries/{last}")
    operations.ledger.sign_checkpoint(at=NOW)
    assert (before["is_proven"], get(f"/api/v1/entries/{last}")["is_proven"]) == (False, True)


def test_a_thing_that_is_not_there_has_no_tag_whatever_one_claims_to_have() -> None:
    answer = Client().get("/api/v1/samples/no-such", headers={"If-None-Match": "*"})
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
    assert not answer.has_header("ETag")


def test_answers_are_kept_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "KEPT_BYTES_MAX", 5000)
    for number in range(30):
        get(f"/api/v1/entries/{number}")
    assert 0 < sum(len(one.content) for one in answers._kept.values()) <= 5000


QUERIES = {
    "/api/v1/samples?limit=5": 4,
    "/api/v1/samples?limit=5&use_class=backup": 4,
    "/api/v1/samples/lot:ce5": 15,
    "/api/v1/samples/lot:ce5/lineage": 5,
    "/api/v1/samples/lot:ce5/history": 3,
    "/api/v1/entries?limit=5": 3,
    "/api/v1/entries/3": 3,
    "/api/v1/entries/3/proof": 4,
    "/api/v1/checkpoint": 2,
    "/api/v1/claims": 3,
    "/api/v1/missions/change-5": 4,
    "/api/v1/calls": 2,
}


@pytest.mark.parametrize(("path", "count"), QUERIES.items())
def test_how_often_the_database_is_asked(path: str, count: int) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            Client().get(path)
        return len(queries)

    assert asked() <= count
    # Asked again, an answer costs one look at the head of the ledger; the record one at its own.
    assert asked() == min(count, 1)


# -- what is wrong -------------------------------------------------------------------------------------------

HOSTILE = [
    "",
    "%00",
    "x" * 700,
    "%F0%9F%8C%91",
    "Li4vLi4",
    "bnVtYmVyIA",
    "YmVmb3JlIC0x",
    "bnVtYmVyIABh",
    "%ff%fe",
    "=",
    "MQ==",
]


@pytest.mark.parametrize("cursor", HOSTILE)
@pytest.mark.parametrize("path", ["/api/v1/samples", "/api/v1/entries", "/api/v1/samples/lot:ce5/history"])
def test_a_cursor_that_was_never_given_is_a_fault(path: str, cursor: str) -> None:
    assert get(f"{path}?cursor={cursor}", status=400)["faults"][0]["where"] == "cursor"


@pytest.mark.parametrize("page", ["/api/v1/samples", "/api/v1/entries"])
def test_a_cursor_of_one_list_is_none_of_another(page: str) -> None:
    given = get(f"{page}?limit=1")["next"]
    other = "/api/v1/entries" if page.endswith("samples") else "/api/v1/samples"
    get(f"{other}?cursor={given}", status=400)


@pytest.mark.parametrize(
    "number",
    ["no-such", "%00", "a%20b", "%0A", "%FF", "..%2F..%2Fetc", "e%CC%81", "'; DROP TABLE--", "x" * 100],
)
def test_a_sample_that_does_not_exist_is_not_there(number: str) -> None:
    for rest in ("", "/lineage", "/history"):
        assert get(f"/api/v1/samples/{number}{rest}", status=404)["faults"]


@pytest.mark.parametrize("number", ["-1", "1.5", "abc", "9" * 30, "9" * 5000, "%00", "0x10", "1e3"])
def test_an_entry_number_that_is_none_is_a_fault(number: str) -> None:
    for rest in ("", "/proof"):
        assert get(f"/api/v1/entries/{number}{rest}", status=400)["faults"][0]["where"] == "number"


def test_an_entry_that_is_not_written_yet_is_not_there() -> None:
    get(f"/api/v1/entries/{2**63 - 1}", status=404)
    get(f"/api/v1/entries/{2**63 - 1}/proof", status=404)


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("samples?limit=0", "limit"),
        ("samples?limit=501", "limit"),
        ("samples?limit=many", "limit"),
        ("samples?misson=change-5", "misson"),
        ("samples?mission=%00", "mission"),
        ("samples?mission=change-5&mission=change-6", "mission"),
        ("samples?form=gravel", "form"),
        ("samples?holder=place:%00", "holder"),
        ("entries?after=-2", "after"),
        ("entries?after=1&cursor=YmVmb3JlIDE", "after"),
        (f"entries?after={2**63}", "after"),
        ("claims?country=France", "country"),
        ("claims?year=soon", "year"),
        ("claims?kind=theft", "kind"),
        ("claims?limit=501", "limit"),
        ("claims?page=2", "page"),
        ("claims?cursor=nothing", "cursor"),
        ("sources?cursor=nothing", "cursor"),
        ("contradictions?cursor=nothing", "cursor"),
        ("sources/C20?cursor=nothing", "cursor"),
        ("checkpoint?size=3", "size"),
    ],
)
def test_a_parameter_at_fault_is_named(asked: str, where: str) -> None:
    faults = get(f"/api/v1/{asked}", status=400)["faults"]
    assert where in [one["where"] for one in faults]
    assert all(one["what"] and one["todo"] for one in faults)


def test_all_that_is_wrong_is_told_at_once() -> None:
    faults = get("/api/v1/samples?form=gravel&limit=0&condition=wet", status=400)["faults"]
    assert {one["where"] for one in faults} == {"form", "limit", "condition"}


@pytest.mark.parametrize(
    "path", ["nope", "samples/", "entries/1/2", "claims/no-such", "missions/apollo-13", "sources/ZZ", "x%0Ay"]
)
def test_where_nothing_stands_the_answer_is_json_too(path: str) -> None:
    assert get(f"/api/v1/{path}", status=404)["faults"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("path", ["samples", "samples/lot:ce5", "entries/3/proof", "openapi.json", "nope"])
def test_nothing_can_be_written(method: str, path: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(f"/api/v1/{path}")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert json.loads(answer.content)["faults"]


def test_who_asks_for_the_headers_alone_gets_them_alone() -> None:
    whole, head = Client().get("/api/v1/checkpoint"), Client().head("/api/v1/checkpoint")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])


# -- what is not published -----------------------------------------------------------------------------------


def test_nothing_private_is_in_any_answer() -> None:
    assert Holder.objects.filter(detail=SECRET_PLACE).exists()
    numbers = Sample.objects.values_list("number", flat=True)
    paths = [
        *READ_ONLY,
        "/api/v1/samples?limit=500",
        "/api/v1/openapi.json",
        "/api/v1/docs",
        *(
            f"/api/v1/samples/{quote(number, safe='')}{rest}"
            for number in numbers
            for rest in ("", "/lineage", "/history")
        ),
    ]
    for path in paths:
        said = Client().get(path).content.decode()
        assert SECRET_PLACE not in said, path
        assert ADDRESS not in said, path
        assert "@demo.invalid" not in said, path


@pytest.mark.parametrize("number", [SECRET_SAMPLE, "hidden-daughter"])
def test_a_sample_that_is_not_published_is_not_there(number: str) -> None:
    for rest in ("", "/lineage", "/history"):
        get(f"/api/v1/samples/{number}{rest}", status=404)
    for path in (
        "/api/v1/samples?limit=500",
        f"/api/v1/samples/{quote('odd/5%,(ä)/lineage', safe='')}/lineage",
    ):
        assert number not in json.dumps(get(path))
