"""The reading desk in the browser: everybody asks, nothing is stored; who is signed in keeps, forgets and proposes."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import zlib
from collections.abc import Callable
from itertools import accumulate

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from aliquot import register
from aliquot.reading import desk, documents, judging
from aliquot.site import articles, reading_rate, uploads
from aliquot.site.drawings import tally
from aliquot.site.models import KeptReading, Person, RegisterClaim
from aliquot.site.operations import programs
from aliquot.site.queries.register import named
from aliquot.site.web import reading

TEXT = (
    "Chang'e 5 brought back 1,731 grams of lunar soil on 16 December 2020.\r\n\r\n"
    "Chang'e 6 brought 2 kg of samples from the near side of the Moon.\n"
    "France was given 1.5 grams of Chang'e-5 soil by China in April 2023.\n"
)
PAGE = b"<html><head><title>x</title></head><body><p>Luna 24 returned 170 grams of soil.</p><script>alert(1)</script></body></html>"


def send(client: Client, **form: object) -> HttpResponse:
    return client.post("/read/", {"text": "", **form})


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def carried(answer: HttpResponse) -> str:
    return str(answer.context["again"])


@pytest.mark.django_db
def test_a_stranger_pastes_an_article_and_sees_what_the_register_says_of_it() -> None:
    answer = send(Client(), text=TEXT)
    page = answer.content.decode()
    assert answer.status_code == 200
    (one,) = answer.context["articles"]
    verdicts = {(claim.says, claim.verdict) for claim in one.claims}
    assert ("mass brought back", "supported") in verdicts
    assert ("side of the Moon", "contradicted") in verdicts
    assert '<mark class="said said--contradicted"' in page
    assert 'href="/missions/change-6/"' in page
    assert 'href="/sources/' in page
    assert "".join(part.text for part in one.parts) == TEXT.replace("\r\n", "\n")
    assert not KeptReading.objects.exists()


@pytest.mark.django_db
def test_the_difference_is_told_in_the_language_of_the_page() -> None:
    wrong = "Chang'e 6 brought back 1,000.5 grams of lunar soil in June 2023."
    assert "which is 934.8" in send(Client(), text=wrong).content.decode()
    page = Client().post("/zh-hans/read/", {"text": wrong}).content.decode()
    assert "934.8" in page
    assert "too little" not in page


@pytest.mark.django_db
def test_each_file_that_cannot_be_read_is_told_in_a_sentence_and_the_others_go_on() -> None:
    given = [
        file("good.html", PAGE), file("empty.txt", b"  "), file("broken.pdf", b"%PDF-1.7 no more"),
        file("latin.txt", "grün".encode("latin-1")), file("nul.txt", b"a\0b"), file("wide.txt", "Luna 20".encode("utf-16")),
    ]  # fmt: skip
    answer = send(Client(), files=given)
    assert [one.name for one in answer.context["articles"]] == ["good.html", "wide.txt"]
    assert [one.where for one in answer.context["faults"]] == [
        "empty.txt",
        "broken.pdf",
        "latin.txt",
        "nul.txt",
    ]
    assert b"<script>alert" not in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "form",
    [{}, {"text": " \n"}, {"again": "["}, {"again": "[]"}, {"again": "3"}, {"again": "[3]"}, {"again": "[" * 90000},
     {"again": '[{"name": "a", "text": 3, "plain": true, "day": ""}]'},
     {"again": '[{"name": "a", "text": "a", "plain": true, "day": "2020-13-01"}]'},
     {"again": '[{"name": "a", "text": "a\\u0000b", "plain": true, "day": ""}]'},
     {"again": '[{"name": "a", "text": "\\ud800 ", "plain": 1, "day": ""}]', "as": "keep"}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_a_sentence(form: dict[str, str]) -> None:
    answer = send(Client(), **form)
    assert answer.status_code in (200, 422)
    assert answer.context["faults"] or answer.context["articles"]


@pytest.mark.django_db
def test_what_is_too_much_is_refused_and_a_strangers_file_is_small(ada: Person) -> None:
    many = [file(f"{n}.txt", b"Luna 16") for n in range(reading.FILES_MOST + 1)]
    assert "more than 10 files" in send(Client(), files=many).content.decode()
    large = file("large.txt", b"a " * (uploads.STRANGERS_BYTES // 2 + 10))
    assert send(Client(), files=[large]).status_code == 422
    long = file("long.txt", b"Moon. " * (articles.CHARS_MOST // 6 + 10))
    assert "400,000 characters" in send(Client(), files=[long]).content.decode()
    assert Client().post("/imports/", {"files": [file("a.csv", b"a")]}).status_code == 302


def bomb(pages: int) -> bytes:
    """Return a small PDF whose pages share one long drawing, packed: it takes minutes to read."""
    drawing = zlib.compress(b"BT /F1 12 Tf 40 700 Td\n" + b"0 -12 Td\n" * 90_000 + b"ET", 9)
    kids = b" ".join(b"%d 0 R" % (4 + n) for n in range(pages))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 3 0 R /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(drawing) + drawing + b"\nendstream",
        *[page] * pages,
    ]
    parts = [b"%d 0 obj\n" % number + each + b"\nendobj\n" for number, each in enumerate(objects, 1)]
    places = [9, *accumulate((len(part) for part in parts), initial=9)][1:]
    table = b"".join(b"%010d 00000 n \n" % place for place in places[:-1])
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, places[-1])
    return b"%PDF-1.4\n" + b"".join(parts) + head + table + tail


@pytest.mark.django_db
def test_a_file_that_brings_its_process_down_is_at_fault_alone(settings: object) -> None:
    settings.READING_SECONDS_MOST = 1  # type: ignore[attr-defined]
    given = [("a", b"Luna 16 returned 101 g of soil."), ("bomb", bomb(400)), ("c", PAGE)]
    found, _record = articles.read([articles.Sent(*one) for one in given], named.beside)
    assert [isinstance(one, desk.Reading) for one in found] == [True, False, True]
    assert "more time or memory" in str(found[1])


@pytest.mark.django_db
def test_the_files_hold_what_the_command_prints() -> None:
    shown = send(Client(), files=[file("a.html", PAGE), file("b.txt", b"\xef\xbb\xbf" + TEXT.encode())])
    got = json.loads(send(Client(), again=carried(shown), **{"as": "json"}).content)
    record = judging.Register(register.load())
    wanted = [
        desk.plain(desk.read(documents.document(*one), record))
        for one in (("a.html", PAGE), ("b.txt", TEXT.encode()))
    ]
    assert got == wanted
    rows = list(
        csv.DictReader(io.StringIO(send(Client(), again=carried(shown), **{"as": "csv"}).content.decode()))
    )
    assert len(rows) == sum(len(one["claims"]) for one in wanted)
    assert {row["verdict"] for row in rows} >= {"supported", "contradicted"}


@pytest.mark.django_db
def test_too_many_readings_from_one_address_have_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_rate, "STRANGERS_MOST", 1)
    assert send(Client(), text="Luna 16").status_code == 200
    answer = send(Client(), text="Luna 16, typed again")
    assert answer.status_code == 429
    assert b"typed again" in answer.content


def browser_form(client: Client, address: str = "/account/") -> dict[str, str]:
    token = str(client.get(address).context["csrf_token"])
    return {"csrfmiddlewaretoken": token}


def keep(client: Client, key: str, **form: str) -> HttpResponse:
    shown = client.post("/read/", {"text": TEXT, **browser_form(client)})
    return client.post(
        "/read/", {"again": carried(shown), "as": "keep", "acting_key": key, **form, **browser_form(client)}
    )


def test_who_is_signed_in_keeps_a_reading_and_its_text_only_when_asked(
    di: Person, ada: Person, signed_in: Callable[[Person], Client]
) -> None:
    client = signed_in(di)
    without, with_text = keep(client, "k1"), keep(client, "k2", with_text="on")
    assert keep(client, "k1").status_code in (302, 303, 422)  # the same form again keeps nothing more
    second, first = KeptReading.objects.filter(person=di)
    assert (first.text, second.text) == ("", TEXT.replace("\r\n", "\n"))
    assert first.sha256 == second.sha256
    assert (without["Location"], with_text["Location"]) == (
        f"/read/kept/{first.key}/",
        f"/read/kept/{second.key}/",
    )
    assert "<mark" in client.get(f"/read/kept/{second.key}/").content.decode()
    page = client.get(f"/read/kept/{first.key}/").content.decode()
    assert "<mark" not in page
    assert "contradicted" in page
    assert (
        json.loads(client.get(f"/read/kept/{first.key}/reading.json").content)[0]["claims"] == first.results
    )
    for other, status in ((signed_in(ada), 404), (Client(), 302)):
        for address in (f"/read/kept/{first.key}/", f"/read/kept/{first.key}/reading.csv"):
            assert other.get(address).status_code == status
    assert signed_in(ada).post(f"/read/kept/{first.key}/", browser_form(signed_in(ada))).status_code in (
        403,
        404,
    )
    client.post(f"/read/kept/{first.key}/", {"acting_key": "k3", **browser_form(client)})
    assert [one.key for one in KeptReading.objects.filter(person=di)] == [second.key]


def test_a_stranger_keeps_nothing(db: None) -> None:
    shown = send(Client(), text=TEXT)
    assert send(Client(), again=carried(shown), **{"as": "keep"}).status_code == 200
    assert not KeptReading.objects.exists()
    assert Client().get("/read/kept/").status_code == 302


SOURCE = {"title": "An article", "publisher": "A paper", "published": "2025-05-01", "address": "https://example.org/a",
          "language": "en", "grade": "B"}  # fmt: skip


def test_a_claim_of_an_article_is_proposed_with_the_article_as_its_source(
    di: Person, signed_in: Callable[[Person], Client]
) -> None:
    client = signed_in(di)
    (article,) = client.post("/read/", {"text": TEXT, **browser_form(client)}).context["articles"]
    claim = next(one for one in article.claims if one.says == "side of the Moon")
    form = client.get(claim.propose).context["form"].initial
    assert (form["about"], form["says"], form["value"]) == ("change-6", "landing_side", "near side")
    told = {
        **form,
        **SOURCE,
        "scope": "where it sampled",
        "date": "2025",
        "quote": claim.quote,
        "acting_key": "p1",
    }
    answer = client.post("/read/propose/", {**told, **browser_form(client)})
    assert answer.status_code == 302, [*answer.context["faults"], answer.context["form"].errors]
    assert {one.kind for one in RegisterClaim.objects.all()} == {"statement", "source"}
    assert RegisterClaim.objects.get(kind="statement").about == "change-6"


@pytest.mark.parametrize(
    ("bad", "field"),
    [({"about": "nobody"}, "about"), ({"kind": "mass", "value": "heavy"}, "value"), ({"kind": "count", "value": "-3"}, "value"),
     ({"date": "soon"}, "date"), ({"title": " "}, "title"), ({"published": "x"}, "published"), ({"says": "nothing"}, "says"),
     ({"grade": "Z"}, "grade"), ({"value": ""}, "value"), ({"address": "a b"}, "")],
)  # fmt: skip
def test_a_proposal_at_fault_is_shown_with_all_that_was_typed(
    di: Person, signed_in: Callable[[Person], Client], bad: dict[str, str], field: str
) -> None:
    client = signed_in(di)
    told = {"about": "change-6", "says": "landing_side", "kind": "value", "value": "near side", "scope": "all", "date": "2025",
            **SOURCE, "acting_key": "p1", **bad}  # fmt: skip
    answer = client.post("/read/propose/", {**told, **browser_form(client)})
    if field:
        assert answer.status_code == 422
        assert field in answer.context["form"].errors, (
            answer.context["form"].errors,
            answer.context["faults"],
        )
        assert b"An article" in answer.content or "title" in bad
        assert not RegisterClaim.objects.exists()


def test_strangers_propose_nothing(db: None) -> None:
    assert Client().get("/read/propose/?predicate=gift").status_code == 302


# -- for programs ----------------------------------------------------------------------------------------------


@pytest.fixture
def program(di: Person) -> Callable[[object], HttpResponse]:
    """Asks the API on Di's behalf."""
    token = programs.make_token(di, name="a reader", at=timezone.now(), days=1)

    def ask(body: object) -> HttpResponse:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Client().post(
            "/api/v1/read",
            content,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    return ask


def test_a_program_gets_what_the_command_prints(program: Callable[[object], HttpResponse]) -> None:
    record = judging.Register(register.load())
    by_text = program({"file": "a.txt", "text": TEXT})
    assert by_text.json() == [desk.plain(desk.read(documents.document("a.txt", TEXT.encode()), record))]
    by_bytes = program({"file": "p.html", "base64": base64.b64encode(PAGE).decode()})
    assert by_bytes.json() == [desk.plain(desk.read(documents.document("p.html", PAGE), record))]
    assert Client().post("/api/v1/read", b"{}", content_type="application/json").status_code == 401


@pytest.mark.parametrize(
    "body",
    [{}, {"text": 3}, {"text": ""}, {"text": "a\0b"}, {"text": "a", "base64": "YQ=="}, {"base64": "?"}, {"base64": ""},
     {"file": 3, "text": "a"}, {"file": "a", "base64": base64.b64encode(b"%PDF-1.7 no").decode()}, b"[", [], b"\xff"],
)  # fmt: skip
def test_a_program_is_told_in_a_sentence_what_cannot_be_read(
    program: Callable[[object], HttpResponse], body: object
) -> None:
    answer = program(body)
    assert answer.status_code in (400, 422)
    assert answer.json()["faults"]


# -- how it is shown -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_contradicted_stands_first_and_each_claim_beside_its_fact() -> None:
    page = send(Client(), text=TEXT).content.decode()
    short = page[page.index('id="in-short"') : page.index('class="section article"')]
    assert "side of the Moon" in short
    assert 'href="#a1-c' in short
    assert (
        page.count("<dt>The article says")
        == page.count("<dt>The register says")
        == page.count('<dl class="beside">')
    )
    assert page.count('class="saying"') == 3  # a sentence once, however much it claims
    assert "16 Dec 2020" in page
    assert 'class="tally__contradicted"' in page


@pytest.mark.django_db
def test_several_articles_are_compared_and_one_is_not() -> None:
    assert "readings__files" not in send(Client(), text=TEXT).content.decode()
    page = send(Client(), text=TEXT, files=[file("a.html", PAGE)]).content.decode()
    assert page.count('<a href="#article-') == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("form", "start"), [("bib", "@misc{aliquot-"), ("ris", "TY  - ELEC"), ("txt", "")])
def test_the_facts_that_verdicts_rest_on_can_be_cited(form: str, start: str) -> None:
    shown = send(Client(), text=TEXT)
    answer = send(Client(), again=carried(shown), **{"as": form})
    cited = answer.content.decode()
    assert answer["Content-Disposition"] == f'attachment; filename="reading.{form}"'
    assert cited.startswith(start)
    facts = {
        one.href for article in shown.context["articles"] for claim in article.claims for one in claim.grounds
    }
    assert facts
    assert all(cited.count(f"http://testserver{href}") == 1 for href in facts)


def test_a_bar_is_as_long_as_there_is_of_each_and_empty_for_nothing() -> None:
    assert tally.draw([("supported", 0)]) == ""
    bar = tally.draw([("contradicted", 1), ("too_vague", 0), ("supported", 3)])
    widths = [float(one) for one in re.findall(r'width="([\d.]+)"', bar)]
    assert widths == [249, 747]
    assert "too_vague" not in bar
