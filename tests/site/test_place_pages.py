"""The pages of the store: the tree, one place, tools, instruments, readings of the air; who may see and who may act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import collection
import pytest
from collection import ng
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aliquot import acts
from aliquot.site.models import (
    Balance,
    Calibration,
    Cleaning,
    Environment,
    Instrument,
    Person,
    Place,
    Sample,
    Tool,
)
from aliquot.site.operations import ledger, places
from aliquot.site.operations.places import Told
from aliquot.site.queries import places as reads

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BY = "person:1"
SignedIn = Callable[[Person], Client]


@pytest.fixture
def store(db: None) -> None:
    """A site with a cabinet of nitrogen in it, and a box in that."""
    places.make(
        ["N"], Told("site", name_en="North laboratory", name_zh="北区实验室", country="CN"), by=BY, at=NOW
    )
    told = Told(
        "cabinet",
        name_en="North wall",
        name_zh="北墙柜",
        atmosphere="nitrogen",
        allowed_materials="steel PTFE",
    )
    places.make(["CAB-1"], told, into="N", by=BY, at=NOW)
    places.make(["BOX-1"], Told("container", container_type="teflonbag"), into="CAB-1", by=BY, at=NOW)


@pytest.fixture
def desk(ada: Person, signed_in: SignedIn) -> Client:
    return signed_in(ada)


def put(code: str, *numbers: str, weighs: str = "1 g") -> None:
    """Samples arrive in a place, in one entry."""
    key = reads.by_code(code).holder.key
    Sample.objects.bulk_create(
        Sample(number=number, mission="change-5", material="soil") for number in numbers
    )
    masses = dict.fromkeys(numbers, ng(weighs))
    ledger.append(lambda s: acts.receive(s, masses, origin=collection.ORIGIN, place=key), by=BY,
                  at="2026-03-01T09:00:00Z")  # fmt: skip


def sent(client: Client, address: str, **fields: object) -> HttpResponse:
    """Fill in a form that stands on a page, and send it."""
    page = client.get(address).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    key = page.split('name="acting_key" value="')[1].split('"')[0]
    return client.post(address, {"csrfmiddlewaretoken": token, "acting_key": key, **fields})


ADDRESSES = ("/places/", "/places/CAB-1/", "/labels/", "/labels.pdf?place=CAB-1", "/tools/", "/instruments/", "/readings/",
             "/scan/")  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_sign_in_first_and_requesters_see_none_of_it(
    store: None, client: Client, bo: Person, signed_in: SignedIn, address: str
) -> None:
    assert client.get(address).status_code == 302
    assert signed_in(bo).get(address).status_code == 403


def test_a_director_sees_but_does_not_act(store: None, eve: Person, signed_in: SignedIn) -> None:
    client = signed_in(eve)
    for address in ("/places/", "/places/BOX-1/", "/tools/", "/instruments/"):
        page = client.get(address)
        assert page.status_code == 200
        assert b'name="acting_key"' not in page.content.replace(b'id="attach', b"")
    client.handler.enforce_csrf_checks = False
    for address in ("/places/", "/places/BOX-1/", "/tools/", "/instruments/"):
        assert client.post(address, {"act": "make"}).status_code == 403
    assert client.get("/readings/").status_code == 403


@pytest.mark.parametrize("language", ["", "/zh-hans"])
def test_every_page_is_shown_in_both_languages(store: None, desk: Client, language: str) -> None:
    put("BOX-1", "T-1", "T-2")
    Tool.objects.create(key="TW-1", name_en="Tweezers", name_zh="镊子", material="PTFE")
    Instrument.objects.create(key="BAL-1", kind="balance", name_en="Balance")
    for address in ("/places/", "/places/?q=box", "/places/?q=zzz", "/places/BOX-1/", "/places/BOX-1/?on=2026-11-21",
                    "/places/CAB-1/?on=2020-01-01", "/places/CAB-1/?on=yesterday", "/tools/", "/tools/TW-1/", "/tools/?q=x",
                    "/instruments/", "/instruments/BAL-1/", "/readings/", "/labels/?in=BOX-1&place=CAB-1&sample=none",
                    "/scan/"):  # fmt: skip
        page = desk.get(language + address)
        assert page.status_code == 200, address
    assert "北墙柜" in desk.get("/zh-hans/places/").content.decode()
    assert desk.get("/places/NOWHERE/").status_code == 404


# -- places ----------------------------------------------------------------------------------------------------


def test_a_curator_makes_moves_corrects_closes_and_opens_a_place(store: None, desk: Client) -> None:
    assert (
        sent(desk, "/places/CAB-1/", act="make", code="V-1 V-2", kind="container")["Location"]
        == "/places/CAB-1/"
    )
    assert (
        sent(desk, "/places/CAB-1/", act="make", code="BOX-2", kind="container")["Location"]
        == "/places/BOX-2/"
    )
    moved = sent(
        desk,
        "/places/V-1/",
        act="move",
        parent="http://testserver/places/BOX-1/",
        source="CAB-1",
        reason="room",
    )
    assert moved["Location"] == "/places/V-1/"
    assert Place.objects.get(code="V-1").parent.code == "BOX-1"
    corrected = sent(
        desk, "/places/V-1/", act="correct", code="V-01", kind="container", name_zh="一号瓶", reason="label"
    )
    assert corrected["Location"] == "/places/V-01/"
    assert sent(desk, "/places/V-01/", act="close", reason="broken").status_code == 302
    page = desk.get("/places/V-01/").content.decode()
    assert "nothing is put into it any more" in page
    assert "V-1 → V-01" in page
    assert sent(desk, "/places/V-01/", act="open", reason="mended").status_code == 302
    assert [one.what for one in Place.objects.get(code="V-01").moves.all()] == [
        "made", "moved", "corrected", "closed", "opened"
    ]  # fmt: skip


def test_a_form_sent_twice_acts_once(store: None, desk: Client) -> None:
    page = desk.get("/places/N/").content.decode()
    fields = {
        name: page.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("csrfmiddlewaretoken", "acting_key")
    }
    fields |= {"act": "make", "code": "R-1", "kind": "room"}
    answers = [desk.post("/places/N/", fields) for _ in range(2)]
    assert [one["Location"] for one in answers] == ["/places/R-1/"] * 2
    assert Place.objects.filter(code="R-1").count() == 1


def test_what_is_wrong_stands_beside_its_field_with_what_was_typed(store: None, desk: Client) -> None:
    refused = sent(
        desk, "/places/CAB-1/", act="make", code="A/B box-1", kind="container", atmosphere="", name_en="Tray"
    )
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "cannot be a code" in page
    assert "the code box-1 is taken" in page
    assert 'value="Tray"' in page
    refused = sent(desk, "/places/BOX-1/", act="move", parent="BOX-1", source="CAB-1")
    assert refused.status_code == 422
    assert "cannot stand in itself" in refused.content.decode()
    stale = sent(desk, "/places/BOX-1/", act="move", parent="N", source="ELSEWHERE")
    assert "BOX-1 was moved meanwhile: it stands in CAB-1 now" in stale.content.decode()
    assert sent(desk, "/places/BOX-1/", act="burn").status_code == 404


def test_a_site_is_set_up_of_what_the_ledger_has_already(db: None, desk: Client) -> None:
    collection.holders()
    collection.a_sample("T-1")
    assert "place:vault" in desk.get("/places/").content.decode()
    made = sent(
        desk,
        "/places/",
        code="LAB",
        kind="site",
        holder="place:vault",
        name_en="Test laboratory",
        country="CN",
    )
    assert made["Location"] == "/places/LAB/"
    assert "T-1" in desk.get("/places/LAB/").content.decode()
    refused = sent(desk, "/places/", code="LAB 2", kind="site")
    assert refused.status_code == 422


def test_contents_of_a_past_day_are_shown(store: None, desk: Client) -> None:
    put("BOX-1", "T-1")
    assert "T-1" not in desk.get("/places/BOX-1/?on=2026-02-28").content.decode()
    page = desk.get("/places/BOX-1/?on=2026-03-01").content.decode()
    assert "T-1" in page
    assert "It had not been set up yet" in page
    assert "It stood in" in desk.get("/places/BOX-1/?on=2026-11-20").content.decode()


def test_a_page_costs_the_same_however_much_is_in_the_place(store: None, desk: Client) -> None:
    """The statements of the session and of who may do what are among them."""

    def cost(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert desk.get(address).status_code == 200
        return len(found)

    addresses = ("/places/", "/places/?q=V", "/places/BOX-1/", "/places/BOX-1/?page=2", "/places/BOX-1/?on=2026-03-02",
                 "/labels/?in=BOX-1")  # fmt: skip
    before = [cost(address) for address in addresses]
    places.make([f"V-{i}" for i in range(60)], Told("container"), into="BOX-1", by=BY, at=NOW)
    put("BOX-1", *(f"T-{i}" for i in range(120)))
    key = reads.by_code("BOX-1").holder.pk
    samples = Sample.objects.bulk_create(
        Sample(number=f"S-{i:05}", mission="change-5") for i in range(10_000)
    )
    Balance.objects.bulk_create(Balance(sample=sample, holder_id=key, mass_ng=1) for sample in samples)
    after = [cost(address) for address in addresses]
    assert all(now <= then + 4 for then, now in zip(before, after, strict=True)), (before, after)
    assert max(after) <= 32
    page = desk.get("/places/BOX-1/").content.decode()
    assert "10120 samples directly in it" in page
    assert page.count('data-label="Mass there"') == reads.PAGE


def test_a_samples_page_leads_to_its_place_and_its_label_those_who_may_see_them(
    store: None, desk: Client, bo: Person, signed_in: SignedIn
) -> None:
    put("BOX-1", "T-1")
    page = desk.get("/samples/T-1/").content.decode()
    key = reads.by_code("BOX-1").holder.key
    assert f"/scan/?q={key.replace(':', '%3A')}" in page
    assert desk.get(f"/scan/?q={key}")["Location"] == "/places/BOX-1/"
    assert "/labels/?sample=T-1" in page
    public = signed_in(bo).get("/samples/T-1/").content.decode()
    assert "North laboratory" in public
    assert "BOX-1" not in public
    assert "/labels/" not in public


# -- the air ---------------------------------------------------------------------------------------------------

TABLE = """place,at,quantity,value,unit,instrument
CAB-1,2026-11-19T09:30+08:00,oxygen,0.80,ppm,O2-7
CAB-1,2026-11-19T10:30+08:00,oxygen,0.9,ppm,
CAB-1,2026-11-19T10:30+08:00,pressure,101.6,kPa,
"""


def send_table(client: Client, text: str, act: str = "import") -> HttpResponse:
    file = SimpleUploadedFile("air.csv", text.encode(), "text/csv")
    return sent(client, "/readings/", act=act, table=file)


def test_a_table_is_looked_at_then_imported_once_and_drawn(store: None, desk: Client) -> None:
    Instrument.objects.create(key="O2-7", kind="sensor", name_en="Oxygen")
    assert "3 readings would be added" in send_table(desk, TABLE, "look").content.decode()
    assert not Environment.objects.exists()
    assert "3 readings were added" in send_table(desk, TABLE).content.decode()
    assert "0 readings were added" in send_table(desk, TABLE).content.decode()
    assert Environment.objects.count() == 3
    page = desk.get("/places/BOX-1/").content.decode()
    assert "Read in CAB-1, in which it stands." in page
    assert page.count("<svg") >= 2
    assert "0.8 ppm" in page
    assert "101.6 kPa" in page


def test_a_table_with_a_fault_is_not_imported_at_all(store: None, desk: Client) -> None:
    rows = TABLE + "CAB-9,2026-11-19T10:30Z,water,five,ppm,\nCAB-1,2026-11-19T11:00,water,x,ppm,\n"
    refused = send_table(desk, rows)
    page = refused.content.decode()
    assert refused.status_code == 422
    for said in ("there is no place “CAB-9”", "“five” is not a reading", "is not in the list of tools and instruments", "“x” is not a reading",
                 "is not a time that can be placed"):  # fmt: skip
        assert said in page
    assert not Environment.objects.exists()
    Instrument.objects.create(key="O2-7", kind="sensor", name_en="Oxygen")
    send_table(desk, TABLE)
    other = send_table(desk, TABLE.replace("0.80", "0.85")).content.decode()
    assert "0.8 ppm was read there at this time already, not 0.85 ppm" in other
    assert Environment.objects.count() == 3
    assert sent(desk, "/readings/", act="import").status_code == 422


# -- tools and instruments -------------------------------------------------------------------------------------


def test_tools_are_entered_cleaned_put_away_and_taken_back(store: None, desk: Client) -> None:
    assert (
        sent(desk, "/tools/", act="keep", key="TW-1", name_en="Tweezers", material="ptfe").status_code == 302
    )
    assert Tool.objects.get().material == "PTFE"
    cleaned = sent(desk, "/tools/", act="clean", batch="B-1", tools="TW-1", method="ultrapure water")
    assert cleaned.status_code == 302
    assert list(Cleaning.objects.get().tools.all()) == [Tool.objects.get()]
    assert "B-1" in desk.get("/tools/TW-1/").content.decode()
    assert sent(desk, "/tools/TW-1/", act="keep", name_zh="镊子", material="steel").status_code == 302
    assert (Tool.objects.get().name_zh, Tool.objects.get().material) == ("镊子", "steel")
    assert sent(desk, "/tools/TW-1/", act="retire").status_code == 302
    assert sent(desk, "/tools/TW-1/", act="retire").status_code == 422
    assert (
        "is out of use"
        in sent(desk, "/tools/", act="clean", batch="B-2", tools="TW-1", method="x").content.decode()
    )
    assert sent(desk, "/tools/TW-1/", act="use").status_code == 302
    assert sent(desk, "/tools/TW-1/", act="use").status_code == 422


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"key": "tw-1"}, "the number tw-1 is taken"), ({"key": "A B"}, "cannot be a number of a tool"),
     ({"name_en": ""}, "it has no name"), ({"material": "two words"}, "cannot name a material"),
     ({"name_zh": "x" * 201}, "this cannot be a name")],
)  # fmt: skip
def test_what_is_no_tool_is_refused(store: None, desk: Client, fields: dict[str, str], said: str) -> None:
    Tool.objects.create(key="TW-1", name_en="Tweezers", material="PTFE")
    told = {"key": "TW-2", "name_en": "Tweezers", "material": "PTFE"} | fields
    refused = sent(desk, "/tools/", act="keep", **told)
    assert (refused.status_code, said in refused.content.decode()) == (422, True)
    assert Tool.objects.count() == 1


def test_a_balance_is_entered_and_calibrated(store: None, desk: Client) -> None:
    entered = sent(
        desk, "/instruments/", act="keep", key="BAL-1", kind="balance", name_en="Microbalance", serial="7"
    )
    assert entered.status_code == 302
    told = {
        "act": "calibrate",
        "calibration": "2026-11",
        "reference": "E2",
        "sd": "0.02 mg",
        "valid_until": "2027-11-30",
    }
    assert sent(desk, "/instruments/BAL-1/", **told).status_code == 302
    made = Calibration.objects.get()
    assert (made.sd_ng, str(made.valid_until), made.reference) == (ng("0.02 mg"), "2027-11-30", "E2")
    assert "20 µg" in desk.get("/instruments/").content.decode()
    again = sent(desk, "/instruments/BAL-1/", **told)
    assert (again.status_code, "has a calibration 2026-11 already" in again.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"sd": ""}, "calibration has a standard deviation"), ({"sd": "0 mg"}, "calibration has a standard deviation"),
     ({"sd": "2 %"}, "is not a mass"), ({"valid_until": "soon"}, "“soon” is not a day"),
     ({"valid_until": "2020-01-01"}, "run out before it was made"), ({"done_at": "2126-01-01T00:00"}, "in the future"),
     ({"done_at": "noon"}, "Write date and time"), ({"calibration": "a b"}, "cannot be a number"),
     ({"reference": "x" * 201}, "cannot name a reference")],
)  # fmt: skip
def test_what_is_no_calibration_is_refused(
    store: None, desk: Client, fields: dict[str, str], said: str
) -> None:
    Instrument.objects.create(key="BAL-1", kind="balance", name_en="Microbalance")
    told = {"act": "calibrate", "calibration": "c-1", "sd": "0.02 mg"} | fields
    refused = sent(desk, "/instruments/BAL-1/", **told)
    assert (refused.status_code, said in refused.content.decode()) == (422, True)
    assert not Calibration.objects.exists()
