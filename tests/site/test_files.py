"""Photographs and documents: taken in by their bytes, kept once, shown to those who may see them, never run."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.utils import timezone

import uploads
from aliquot.fault import Refused
from aliquot.files import Kind, Limits
from aliquot.site import queries
from aliquot.site.models import (
    Attachment,
    Handling,
    Holder,
    Incident,
    Instrument,
    Person,
    Place,
    Role,
    Sample,
    StoredFile,
)
from aliquot.site.operations import files, programs, storage
from aliquot.site.queries.files import Sees, Thing
from aliquot.site.uploads import Bounded
from uploads import JPEG, PDF, SVG, WEB_PAGE, a_png, a_tiff, a_zip, a_zip_bomb

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ALL = Sees(all=True, incidents=True)


@pytest.fixture(autouse=True)
def kept(home: Path) -> Iterator[Path]:
    """The folder of the files, empty before each test."""
    folder = home / "files"
    yield folder
    for each in folder.iterdir():
        shutil.rmtree(each)


@pytest.fixture
def rock(db: None) -> Sample:
    return Sample.objects.create(number="T-1/7", mission="change-5", form="rock", start_ng=5, published=True)


@pytest.fixture
def incident(ada: Person) -> Incident:
    return Incident.objects.create(
        key="I-1", kind="spill", noticed_at=NOW, reported_at=NOW, what="Dust.", by=ada
    )


def attach(data: bytes, thing: Thing, *, name: str = "grain.png", by: str = "person:1") -> Attachment:
    with storage.receive([data], name=name, limits=settings.FILES) as arrived:
        return files.attach(arrived, thing, by=by, at=NOW)


def on_disk(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def send(browser: Client, *sent: tuple[str, bytes], to: str = "/attach/sample/T-1/7/", **form: str) -> object:
    """Send files through the form, as a browser does."""
    token = str(browser.get(to).context["csrf_token"])
    accept = {"Accept": form.pop("accept")} if "accept" in form else {}
    body = {"csrfmiddlewaretoken": token, "acting_key": "k1", **form}
    return browser.post(
        to, body | {"files": [SimpleUploadedFile(name, data) for name, data in sent]}, headers=accept
    )


def act(browser: Client, one: Attachment, does: str, **form: str) -> object:
    address = f"/photographs/{one.key}/"
    token = str(browser.get(address).context["csrf_token"])
    key = f"{does}-{len(form)}-{Attachment.objects.get(pk=one.pk).published}"
    return browser.post(address, {"csrfmiddlewaretoken": token, "acting_key": key, "act": does, **form})


# -- keeping -------------------------------------------------------------------------------------------------


def test_a_photograph_is_kept_under_its_hash_and_drawn_small(rock: Sample, kept: Path) -> None:
    made = attach(a_png(2000, 1000), rock)
    sha256 = made.file.sha256
    place = f"{sha256[:2]}/{sha256[2:]}"
    assert on_disk(kept) == sorted([place, f"small/{place}-1280.webp", f"small/{place}-320.webp"])
    assert (kept / place).read_bytes() == a_png(2000, 1000)
    assert (kept / place).stat().st_mode & 0o777 == 0o400
    assert (made.kind, made.file.content_type) == (Kind.PHOTOGRAPH, "image/png")
    assert (made.file.width_px, made.file.height_px, made.file.size_bytes) == (
        2000,
        1000,
        len(a_png(2000, 1000)),
    )
    assert not list((kept / "incoming").iterdir())


def test_what_is_drawn_is_upright_and_carries_nothing_of_the_camera(rock: Sample) -> None:
    from PIL import Image

    camera = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera with a serial number"  # lies on its side
    Image.new("RGB", (40, 20), "gray").save(camera, "JPEG", exif=exif)
    made = attach(camera.getvalue(), rock, name="grain.jpg")
    assert (made.file.width_px, made.file.height_px) == (20, 40)
    with default_storage.open(queries.files.small_path_of(made.file.sha256, 320)) as file:
        drawn = file.read()
    assert b"camera" not in drawn
    with Image.open(io.BytesIO(drawn)) as small:
        assert (small.size, dict(small.getexif())) == ((20, 40), {})
    with default_storage.open(queries.files.path_of(made.file.sha256)) as file:
        assert file.read() == camera.getvalue()


def test_a_micrograph_of_sixteen_bits_is_drawn_and_one_that_nobody_draws_is_data(rock: Sample) -> None:
    assert attach(a_tiff(40, 30, bits=16), rock, name="bse.tif").kind == Kind.PHOTOGRAPH
    strange = attach(a_tiff(40, 30, bits=13), rock, name="strange.tif")
    assert (strange.kind, strange.name, strange.file.width_px) == (Kind.DATA, "strange.tif", None)


def test_a_picture_that_is_whole_outside_and_broken_inside_is_refused(rock: Sample, kept: Path) -> None:
    with pytest.raises(Refused, match=r"grain\.png: cannot be drawn"):
        attach(a_png(pixels=b"no pixels"), rock)
    assert on_disk(kept) == []


def test_the_same_bytes_are_kept_once_and_are_on_a_thing_once(rock: Sample, kept: Path) -> None:
    other = Sample.objects.create(number="T-2", published=True)
    first, second = attach(PDF, rock, name="a.pdf"), attach(PDF, other, name="b.pdf")
    assert first.file == second.file
    assert len(on_disk(kept)) == 1
    with pytest.raises(Refused, match=r"c\.pdf: is attached already, as a\.pdf"):
        attach(PDF, rock, name="c.pdf")
    files.remove(first.key, why="the wrong sample", by="person:1", at=NOW)
    assert attach(PDF, rock, name="c.pdf").file == first.file


@pytest.mark.django_db(transaction=True)
def test_two_who_attach_the_same_bytes_at_once_keep_them_once() -> None:
    rocks = [Sample.objects.create(number=f"T-{n}") for n in range(4)]
    refused: list[str] = []

    def attach_to(thing: Sample) -> None:
        try:
            attach(a_png(), thing)
        except Refused as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=attach_to, args=[rock]) for rock in [*rocks, rocks[0]]]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert StoredFile.objects.count() == 1
    assert Attachment.objects.count() == 4
    assert len(refused) == 1


def test_a_crash_between_bytes_and_row_leaves_an_orphan_that_is_found(rock: Sample, kept: Path) -> None:
    class Crash(Exception):  # noqa: N818
        pass

    def crash() -> None:
        with transaction.atomic():
            attach(PDF, rock, name="a.pdf")
            raise Crash

    with pytest.raises(Crash):
        crash()
    assert not StoredFile.objects.exists()
    (left,) = on_disk(kept)
    now = datetime.now(UTC)
    assert storage.check(at=now).orphans == ()  # it may be on its way in
    later = now + timedelta(days=2)
    assert storage.check(at=later).orphans == (left,)
    assert attach(PDF, rock, name="a.pdf").file.size_bytes == len(PDF)
    assert storage.remove_orphans(at=later) == ()  # a row names it now
    assert on_disk(kept) == [left]


def test_orphans_are_removed_and_nothing_else_is(rock: Sample, kept: Path) -> None:
    attach(a_png(), rock)
    named = on_disk(kept)
    with storage.receive([JPEG], name="a.jpg", limits=settings.FILES) as arrived:
        storage.put(arrived)
    (kept / "notes.txt").write_text("of whoever keeps the machine")
    (kept / "incoming" / "left").mkdir()
    later = datetime.now(UTC) + timedelta(days=2)
    assert len(storage.remove_orphans(at=later)) == 3
    assert on_disk(kept) == sorted([*named, "notes.txt"])
    assert not (kept / "incoming" / "left").exists()
    (kept / "notes.txt").unlink()


def test_what_was_lost_or_altered_is_found_and_small_pictures_are_drawn_again(
    rock: Sample, kept: Path
) -> None:
    photograph, document = attach(a_png(), rock), attach(PDF, rock, name="a.pdf")
    small = kept / queries.files.small_path_of(photograph.file.sha256, 320)
    small.unlink()
    assert storage.check(at=NOW) == storage.Found(kept=2, missing=(), altered=(), orphans=(), drawn_again=1)
    assert small.is_file()
    path = kept / queries.files.path_of(document.file.sha256)
    path.chmod(0o600)
    path.write_bytes(PDF.replace(b"1.7", b"1.8"))
    assert storage.check(at=NOW).altered == (queries.files.path_of(document.file.sha256),)
    path.unlink()
    assert storage.check(at=NOW).missing == (queries.files.path_of(document.file.sha256),)
    with storage.receive([PDF], name="a.pdf", limits=settings.FILES) as arrived:
        storage.put(arrived)  # whoever has the bytes still gives them back
    assert storage.check(at=NOW).missing == ()


def test_the_database_keeps_an_attachment_on_one_thing(rock: Sample, incident: Incident) -> None:
    made = attach(PDF, rock, name="a.pdf")
    for wrong in ({"sample": None}, {"incident": incident}, {"published": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.filter(pk=made.pk).update(**wrong)


# -- what is sent --------------------------------------------------------------------------------------------


def test_each_file_is_an_act_of_its_own(
    rock: Sample, ada: Person, signed_in: Callable[[Person], Client]
) -> None:
    browser = signed_in(ada)
    answer = send(browser, ("grain.png", a_png()), ("page.png", WEB_PAGE), ("报告.pdf", PDF))
    assert answer.status_code == 422
    assert sorted(Attachment.objects.values_list("name", "by")) == [
        ("grain.png", ada.key),
        ("报告.pdf", ada.key),
    ]
    page = answer.content.decode()
    assert "2 files were attached" in page
    assert "page.png" in page
    assert "is a web page or an SVG drawing, which can carry scripts" in page


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.png", b"", "has nothing in it"),
        ("a.svg", SVG, "is a web page or an SVG drawing"),
        ("a.jpg", JPEG + a_zip({"A.class": b"x"}), "is also a zip archive"),
        ("a.jpg", JPEG + WEB_PAGE, "bytes after the end of the picture"),
        ("a.pdf", PDF[:9] + WEB_PAGE + PDF[9:], "is also a web page"),
        ("a.png", a_png(60_000, 60_000, pixels=b""), "pixels, more than the 100 million"),
        ("a.zip", a_zip_bomb(), "which is not to be trusted"),
        ("a.exe", b"MZ" + bytes(90), "is a program"),
        ("a.docx", uploads.a_docx(**{"word/vbaProject.bin": b"x"}), "carries macros"),
        ("a.raw", bytes(6000), "is larger than 0 MB"),
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence_and_leaves_nothing(
    rock: Sample, ada: Person, signed_in: Callable[[Person], Client], kept: Path, settings: object,
    name: str, data: bytes, why: str,
) -> None:  # fmt: skip
    settings.FILES = Limits(size_bytes=5000)
    answer = send(signed_in(ada), (name, data), accept="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/json")
    assert why in answer.json()["said"]
    assert not Attachment.objects.exists()
    assert not StoredFile.objects.exists()
    assert on_disk(kept) == []


@pytest.mark.parametrize(
    ("name", "data", "kept_as"),
    [
        ("../../../etc/cron.d/x", b"* * * * * root x\n", "x.txt"),
        ("..\\..\\boot.png", a_png(), "boot.png"),
        ("月壤 001.JPG", JPEG, "月壤 001.JPG"),
        ("photo.jpg", a_png(), "photo.png"),
        ("photo.html", a_png(), "photo.png"),
        ("run.exe", PDF, "run.pdf"),
        ("a\u202egpj.png", a_png(), "agpj.png"),
        ("x" * 300 + ".png", a_png(), "x" * 109 + ".png"),
    ],
)
def test_a_name_is_only_a_name(
    rock: Sample, ada: Person, signed_in: Callable[[Person], Client], name: str, data: bytes, kept_as: str
) -> None:
    assert send(signed_in(ada), (name, data), accept="application/json").status_code == 201
    assert Attachment.objects.get().name == kept_as


def test_a_name_with_a_nul_is_kept_without_it(rock: Sample) -> None:
    assert attach(PDF, rock, name="a\0b.pdf").name == "a_b.pdf"


def test_a_form_that_is_sent_twice_attaches_once(
    rock: Sample, ada: Person, signed_in: Callable[[Person], Client]
) -> None:
    browser = signed_in(ada)
    for _ in range(2):
        answer = send(browser, ("a.png", a_png()), ("b.pdf", PDF), back="/samples/T-1/7/")
        assert (answer.status_code, answer["Location"]) == (302, "/samples/T-1/7/")
    assert Attachment.objects.count() == 2
    assert (
        send(browser, ("a.png", a_png()), acting_key="k2").status_code == 422
    )  # asked for anew, and there already


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org/x", "/\\example.org", "javascript:x", ""]
)
def test_a_form_leads_nowhere_but_back(
    rock: Sample, ada: Person, signed_in: Callable[[Person], Client], back: str
) -> None:
    assert send(signed_in(ada), ("b.pdf", PDF), back=back)["Location"] == "/samples/T-1/7/"


def test_a_form_without_a_file_or_a_key_is_refused(
    rock: Sample, ada: Person, signed_in: Callable[[Person], Client]
) -> None:
    browser = signed_in(ada)
    assert "no file was chosen" in send(browser).content.decode()
    assert send(browser, ("b.pdf", PDF), acting_key="").status_code == 422
    assert not Attachment.objects.exists()


def test_a_strangers_file_is_not_read_and_no_file_further_than_it_may_be(
    rf: RequestFactory, ada: Person
) -> None:
    request = rf.post("/accounts/login/")
    bounded = Bounded(request)
    assert bounded.receive_data_chunk(b"x" * 100, 0) is None
    request.user = ada
    most = settings.FILES.size_bytes
    assert bounded.receive_data_chunk(b"x" * 100, 0) == b"x" * 100
    assert bounded.receive_data_chunk(b"x" * 100, most - 10) == b"x" * 11
    assert bounded.receive_data_chunk(b"x" * 100, most + 90) is None


@pytest.mark.parametrize(
    "address", ["sample/T-9", "handling/x", "handling/9", "place/1/", "incident/I-9", "person/1"]
)
def test_nothing_is_attached_to_what_is_not_there(
    ada: Person, signed_in: Callable[[Person], Client], address: str
) -> None:
    assert signed_in(ada).get(f"/attach/{address}/").status_code == 404


def test_files_are_attached_to_handlings_places_and_incidents(
    ada: Person, incident: Incident, signed_in: Callable[[Person], Client]
) -> None:
    handling = Handling.objects.create(kind="photograph", at=NOW, recorded_at=NOW, by=ada.key)
    holder = Holder.objects.create(key="place:a3", root="place")
    place = Place.objects.create(holder=holder, kind="room", code="A3")
    browser = signed_in(ada)
    for thing, address, home in (
        (handling, f"handling/{handling.pk}", f"/handlings/{handling.pk}/"),
        (place, f"place/{place.pk}", "/places/A3/"),
        (incident, "incident/I-1", "/incidents/I-1/"),
    ):
        answer = send(browser, ("b.pdf", PDF), to=f"/attach/{address}/", acting_key=address)
        assert answer.status_code == 302
        (one,) = queries.files.on(thing, ALL)
        page = browser.get(f"/documents/{one.key}/").content.decode()
        assert home in page
        assert browser.get(home).status_code == 200
        with pytest.raises(Refused, match="only what is on a sample is published"):
            files.publish(one.key)
    assert StoredFile.objects.count() == 1


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
