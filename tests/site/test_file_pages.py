"""Photographs and documents are described, published, removed, and shown to those who may see them; none is ever run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from attaching import ALL, NOW, a_rock, act, an_incident, attach, emptied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import (
    Attachment,
    Incident,
    Instrument,
    Person,
    Role,
    Sample,
)
from aliquot.site.operations import files, programs
from aliquot.site.queries.files import Sees
from uploads import PDF, SVG, a_png


@pytest.fixture(autouse=True)
def kept(home: Path) -> Iterator[Path]:
    with emptied(home) as folder:
        yield folder


@pytest.fixture
def rock(db: None) -> Sample:
    return a_rock()


@pytest.fixture
def incident(ada: Person) -> Incident:
    return an_incident(ada)


# -- saying what it shows, publishing, removing --------------------------------------------------------------


def test_a_curator_describes_and_publishes_and_the_public_sees_it(
    rock: Sample, ada: Person, client: Client, signed_in: Callable[[Person], Client]
) -> None:
    Instrument.objects.create(
        key="mic-1", kind="microscope", name_en="Optical microscope", name_zh="光学显微镜"
    )
    one, browser = attach(a_png(800, 600), rock, by=ada.key), signed_in(ada)
    refused = act(browser, one, "publish")
    assert (refused.status_code, b"nothing is said in its place" in refused.content) == (422, True)
    said = {"alternative_en": "A glassy grain", "alternative_zh": "玻璃质颗粒", "um_per_px": "2.5", "instrument": "mic-1",
            "taken_at": "2026-03-14T09:30", "credit": "Test laboratory"}  # fmt: skip
    assert act(browser, one, "describe", **said).status_code == 302
    assert act(browser, one, "publish").status_code == 302
    page = client.get(f"/photographs/{one.key}/").content.decode()
    for shown in (
        "A glassy grain",
        "500 µm",
        'width="200.000"',
        "Optical microscope",
        "2026-03-14 09:30 UTC",
        one.file.sha256,
    ):
        assert shown in page
    assert "Ada" not in page
    assert "Describe" not in page
    chinese = client.get(f"/zh-hans/photographs/{one.key}/").content.decode()
    assert "玻璃质颗粒" in chinese
    assert "光学显微镜" in chinese
    assert "A glassy grain" in client.get("/samples/T-1/7/").content.decode()
    assert act(browser, one, "withdraw").status_code == 302
    assert client.get(f"/photographs/{one.key}/").status_code == 404
    assert "A glassy grain" not in client.get("/samples/T-1/7/").content.decode()


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"alternative_en": "two\nlines"}, "alternative_en"),
        ({"alternative_zh": "字" * 501}, "alternative_zh"),
        ({"credit": "x" * 201}, "credit"),
        ({"um_per_px": Decimal(0)}, "um_per_px"),
        ({"um_per_px": Decimal(-1)}, "um_per_px"),
        ({"um_per_px": Decimal("1e7")}, "um_per_px"),
        ({"taken_at": NOW + timedelta(minutes=1)}, "taken_at"),
    ],
)
def test_a_description_that_cannot_be_is_refused(rock: Sample, told: dict[str, object], where: str) -> None:
    one = attach(a_png(), rock)
    with pytest.raises(Refused) as refused:
        files.describe(one.key, **told, at=NOW)
    assert [each.where for each in refused.value.faults] == [where]
    one.refresh_from_db()
    assert (one.alternative_en, one.um_per_px, one.taken_at) == ("", None, None)


def test_what_is_published_keeps_its_text_and_what_was_removed_stays_as_it_is(rock: Sample) -> None:
    one = attach(a_png(), rock)
    files.describe(one.key, alternative_zh="颗粒", at=NOW)
    files.publish(one.key)
    with pytest.raises(Refused, match="keeps a text"):
        files.describe(one.key, at=NOW)
    with pytest.raises(Refused, match="not removed without a reason"):
        files.remove(one.key, why=" ", by="person:1", at=NOW)
    removed = files.remove(one.key, why="another sample", by="person:1", at=NOW)
    assert (removed.published, removed.removed_why) == (False, "another sample")
    for later in (lambda: files.publish(one.key), lambda: files.describe(one.key, at=NOW),
                  lambda: files.remove(one.key, why="again", by="person:1", at=NOW)):  # fmt: skip
        with pytest.raises(Refused, match="was removed"):
            later()
    with pytest.raises(Refused, match="no such file"):
        files.publish("nothing")
    assert default_storage.exists(queries.files.path_of(one.file.sha256))


def test_a_document_has_no_scale(rock: Sample) -> None:
    one = attach(PDF, rock, name="a.pdf")
    with pytest.raises(Refused, match="only a photograph has a scale"):
        files.describe(one.key, um_per_px=Decimal(1), at=NOW)


def test_faults_stand_beside_their_fields_and_what_was_typed_is_kept(
    rock: Sample, ada: Person, signed_in: Callable[[Person], Client]
) -> None:
    one = attach(a_png(), rock)
    answer = act(signed_in(ada), one, "describe", alternative_en="A grain", um_per_px="-4")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "a pixel is between 0.000001 and 1,000,000 micrometres; divide a length" in page
    assert 'value="A grain"' in page
    assert 'value="-4"' in page
    assert act(signed_in(ada), one, "burn").status_code == 404


def test_who_removed_a_file_and_why_stays_for_those_who_keep_them(
    rock: Sample, ada: Person, client: Client, signed_in: Callable[[Person], Client]
) -> None:
    one, browser = attach(a_png(), rock), signed_in(ada)
    assert act(browser, one, "remove", why="blurred").status_code == 302
    page = browser.get(f"/photographs/{one.key}/").content.decode()
    assert "Removed by Ada on" in page
    assert "blurred" in page
    assert "1 removed" in browser.get("/samples/T-1/7/").content.decode()
    assert client.get(f"/photographs/{one.key}/").status_code == 404


# -- who sees what -------------------------------------------------------------------------------------------


def addresses(one: Attachment) -> tuple[str, ...]:
    sha256 = one.file.sha256
    return (f"/photographs/{one.key}/", f"/files/{sha256}/{one.name}", f"/files/{sha256}/thumbnails/320.webp")


@pytest.mark.parametrize(
    ("role", "sees", "keeps"),
    [(Role.CURATOR, True, True), (Role.DIRECTOR, True, False), (Role.AUDITOR, True, False), (Role.COMPLIANCE, False, False),
     (Role.REQUESTER, False, False), (Role.REVIEWER, False, False), (Role.CHAIR, False, False), (None, False, False)],
)  # fmt: skip
def test_what_is_not_published_is_there_for_those_alone_who_may_see_it(
    rock: Sample, a_person: Callable[..., Person], signed_in: Callable[[Person], Client], client: Client,
    role: Role | None, sees: bool, keeps: bool,
) -> None:  # fmt: skip
    one = attach(a_png(), rock)
    browser = signed_in(a_person("Somebody", role)) if role else client
    assert [browser.get(address).status_code for address in addresses(one)] == [200 if sees else 404] * 3
    assert ("grain.png" in browser.get("/samples/T-1/7/").content.decode()) is sees
    form = browser.get("/attach/sample/T-1/7/").status_code
    assert form == (200 if keeps else 403 if role else 302)
    if sees and not keeps:
        assert act(browser, one, "publish").status_code == 403
    if role is None:
        assert browser.post(f"/photographs/{one.key}/", {"act": "publish"}).status_code in (403, 404)


def test_what_is_published_of_a_sample_that_is_not_is_not_there(rock: Sample, client: Client) -> None:
    one = attach(a_png(), rock)
    files.describe(one.key, alternative_en="A grain", at=NOW)
    files.publish(one.key)
    assert [client.get(address).status_code for address in addresses(one)] == [200] * 3
    Sample.objects.update(published=False)
    assert [client.get(address).status_code for address in addresses(one)] == [404] * 3


def test_what_is_on_an_incident_is_there_for_those_who_see_incidents(
    incident: Incident, a_person: Callable[..., Person], signed_in: Callable[[Person], Client], client: Client
) -> None:
    one = attach(a_png(), incident)
    officer = signed_in(a_person("Lin", Role.COMPLIANCE))
    assert [officer.get(address).status_code for address in addresses(one)] == [200] * 3
    assert [client.get(address).status_code for address in addresses(one)] == [404] * 3


def test_a_key_cannot_be_guessed_and_a_hash_or_a_name_alone_opens_nothing(
    rock: Sample, ada: Person, client: Client, signed_in: Callable[[Person], Client]
) -> None:
    first, second = attach(a_png(), rock), attach(PDF, rock, name="secret.pdf")
    assert len(first.key) == len(second.key) == 16
    assert first.key != second.key
    files.describe(first.key, alternative_en="A grain", at=NOW)
    files.publish(first.key)
    for wrong in (f"/files/{second.file.sha256}/grain.png", f"/files/{first.file.sha256}/other.png",
                  f"/files/{first.file.sha256}/..%2f..%2fkeys%2fsecret", f"/files/{'0' * 64}/grain.png",
                  "/files/..%2f..%2fkeys/secret", f"/files/{first.file.sha256}/thumbnails/321.webp",
                  f"/photographs/{second.key}/", f"/photographs/{first.pk}/", "/photographs/x%00/"):  # fmt: skip
        assert client.get(wrong).status_code == 404, wrong
    assert signed_in(ada).get(f"/photographs/{second.key}/").status_code == 404  # it is a document
    assert signed_in(ada).get(f"/documents/{second.key}/").status_code == 200


def test_an_original_is_saved_and_never_shown(
    rock: Sample, ada: Person, client: Client, signed_in: Callable[[Person], Client]
) -> None:
    one = attach(a_png(), rock, name="月壤.png")
    address = addresses(one)[1]
    answer = signed_in(ada).get(address)
    assert b"".join(answer.streaming_content) == a_png()
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E6%9C%88%E5%A3%A4.png"
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (answer["Cache-Control"], answer["ETag"]) == ("private, no-cache", f'"{one.file.sha256}"')
    files.describe(one.key, alternative_en="A grain", at=NOW)
    files.publish(one.key)
    public = client.get(address)
    assert (public["Cache-Control"], public["Content-Length"]) == ("public, max-age=300", str(len(a_png())))
    assert b"".join(public.streaming_content) == a_png()
    again = client.get(address, headers={"If-None-Match": f'"{one.file.sha256}"'})
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "public, max-age=300")
    small = client.get(addresses(one)[2])
    assert (small["Content-Type"], small["Content-Security-Policy"]) == (
        "image/webp",
        "default-src 'none'; sandbox",
    )
    assert "attachment" not in small["Content-Disposition"]
    assert b"".join(small.streaming_content)[:4] == b"RIFF"


def test_bytes_that_are_lost_are_not_found(
    rock: Sample, ada: Person, signed_in: Callable[[Person], Client], kept: Path
) -> None:
    one = attach(a_png(), rock)
    (kept / queries.files.path_of(one.file.sha256)).unlink()
    assert signed_in(ada).get(addresses(one)[1]).status_code == 404


def test_staff_see_what_was_attached_newest_first_and_what_is_not_described(
    rock: Sample, ada: Person, di: Person, client: Client, signed_in: Callable[[Person], Client]
) -> None:
    one, other = attach(a_png(), rock), attach(PDF, rock, name="a.pdf")
    files.describe(one.key, alternative_en="A grain", at=NOW)
    browser = signed_in(ada)
    assert [row.key for row in queries.files.newest(ALL, which="all", page=1)[0]] == [other.key, one.key]
    page = browser.get("/photographs/?show=undescribed").content.decode()
    assert "a.pdf" in page
    assert "A grain" not in page
    for odd in ("?page=0", "?page=x", "?page=99999999999999999999", "?show=x"):
        assert browser.get(f"/photographs/{odd}").status_code == 200
    assert client.get("/photographs/").status_code == 302
    assert signed_in(di).get("/photographs/").status_code == 403


@pytest.mark.parametrize("count", [1, 4])
def test_a_gallery_costs_two_queries_however_many_are_in_it(
    rock: Sample, ada: Person, django_assert_num_queries: Callable[..., object], count: int
) -> None:
    for n in range(count):
        attach(f"document {n}\n".encode(), rock, name=f"{n}.txt", by=ada.key)
    with django_assert_num_queries(2):
        found = queries.files.on(rock, ALL)
    assert [(one.kept.by if one.kept else "", one.on_id) for one in found] == [("Ada", "T-1/7")] * count
    with django_assert_num_queries(1):
        assert queries.files.on(rock, Sees()) == ()


# -- programs ------------------------------------------------------------------------------------------------


def post(
    token: str, data: bytes, *, name: str = "grain.png", key: str = "k1", to: str = "sample/T-1/7"
) -> object:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    body = {"file": SimpleUploadedFile(name, data)}
    return Client(enforce_csrf_checks=True).post(f"/api/v1/attachments/{to}", body, headers=headers)


def test_a_microscope_attaches_a_picture_with_a_token_of_its_own(rock: Sample, ada: Person) -> None:
    token = programs.make_token(ada, name="microscope", scope="files read", at=timezone.now(), days=9)
    first = post(token, a_png(40, 30))
    assert first.status_code == 201, first.content
    body = first.json()
    assert (body["kind"], body["width_px"], body["published"]) == ("photograph", 40, False)
    assert post(token, a_png(40, 30)).json() == body  # asked again, with the same key
    assert Attachment.objects.get().by == ada.key
    listed = Client().get("/api/v1/attachments/sample/T-1/7", headers={"Authorization": f"Bearer {token}"})
    assert listed.json() == {"items": [body]}


def test_a_program_gets_every_fault_and_no_further_than_its_person(
    rock: Sample, ada: Person, eve: Person
) -> None:
    now = timezone.now()
    token = programs.make_token(ada, name="microscope", at=now, days=9)
    refused = post(token, SVG, name="a.svg")
    assert refused.status_code == 400
    assert refused.json()["faults"][0]["what"] == "is a web page or an SVG drawing, which can carry scripts"
    assert post(token, PDF, key="").status_code == 400
    assert post(token, PDF, to="sample/T-9").status_code == 404
    assert post(token, PDF, to="person/1").status_code == 404
    assert post("no token", PDF).status_code == 401
    assert post(programs.make_token(eve, name="eve", at=now, days=9), PDF).status_code == 403
    assert post(programs.make_token(ada, name="reads", scope="read", at=now, days=9), PDF).status_code == 403
    assert not Attachment.objects.exists()
