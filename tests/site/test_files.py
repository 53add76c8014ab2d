"""Photographs and documents are taken in by their bytes, kept once, and never by half."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attaching import ALL, NOW, a_rock, an_incident, attach, emptied, on_disk, send
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory

import uploads
from aliquot.fault import Refused
from aliquot.files import Kind, Limits
from aliquot.site import queries, thumbnails
from aliquot.site.models import (
    Attachment,
    Handling,
    Holder,
    Incident,
    Person,
    Place,
    Sample,
    StoredFile,
)
from aliquot.site.operations import files, storage
from aliquot.site.uploads import Bounded, TooLarge
from aliquot.site.web import attachments
from uploads import JPEG, PDF, SVG, WEB_PAGE, a_png, a_tiff, a_zip, a_zip_bomb


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
    assert ">page.png<" in page
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


def test_more_files_than_one_request_should_hold_are_said_not_to_be_looked_at(
    rock: Sample, ada: Person, signed_in: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "FILES_MOST", 2)
    answer = send(signed_in(ada), *((f"{n}.txt", f"note {n}\n".encode()) for n in range(5)))
    assert "3 files were not looked at: more than 2 came at once" in answer.content.decode()
    assert Attachment.objects.count() == 2


def test_a_strangers_file_is_not_read_and_no_file_further_than_it_may_be(
    rf: RequestFactory, ada: Person
) -> None:
    request = rf.post("/accounts/login/")
    bounded = Bounded(request)
    assert bounded.receive_data_chunk(b"x" * 100, 0) is None
    assert isinstance(bounded.file_complete(100), TooLarge)
    request.user = ada
    most = settings.FILES.size_bytes
    assert bounded.receive_data_chunk(b"x" * 100, 0) == b"x" * 100
    assert bounded.receive_data_chunk(b"x" * 100, most - 10) == b"x" * 10
    assert bounded.receive_data_chunk(b"x" * 100, most + 90) is None
    assert bounded.file_complete(most) is None
    assert isinstance(bounded.file_complete(most + 1), TooLarge)


def test_no_form_gets_a_part_of_a_file_that_is_too_large(
    ada: Person, signed_in: Callable[[Person], Client], settings: object
) -> None:
    settings.FILES = Limits(size_bytes=100)
    browser = signed_in(ada)
    token = str(browser.get("/reconciliations/").context["csrf_token"])
    form = {"comparison": "lunar-compendium", "left": SimpleUploadedFile("l.csv", b"sample,mass\n" * 20)}
    answer = browser.post("/reconciliations/", form | {"csrfmiddlewaretoken": token, "acting_key": "k1"})
    assert answer.status_code == 422
    assert "is larger than" in answer.text


def test_a_picture_of_more_pixels_than_it_says_is_not_decoded(tmp_path: Path) -> None:
    (tmp_path / "grain.png").write_bytes(a_png(40, 30))
    drawn = [
        thumbnails.draw_again(
            tmp_path / "grain.png", content_type="image/png", folder=tmp_path, pixels_most=most
        )
        for most in (1200, 1199)
    ]
    assert [bool(one) for one in drawn] == [True, False]


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
