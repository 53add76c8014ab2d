"""What keeps strangers out: headers on every answer, forms only from here, errors that tell nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

import aliquot.site
from aliquot.site import urls
from aliquot.site.models import Person

TEMPLATES = Path(aliquot.site.__file__).parent / "templates"

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


def breaks(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the password of the database is olivine")


def is_gone(_request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns = [path("breaks/", breaks), path("gone/", is_gone), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/accounts/login/", 200),
        ("/zh-hans/accounts/login/", 200),
        ("/account/", 302),
        ("/health", 200),
        ("/static/css/base.css", 200),
        ("/sign-in/unknown/", 410),
        ("/nothing/here/", 404),
        ("/breaks/", 500),
    ],
)
def test_every_kind_of_answer_carries_the_headers(db: None, address: str, status: int) -> None:
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF=__name__):
        answer = client.get(address)
    assert answer.status_code == status
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert re.fullmatch("[0-9a-f]{16}", answer["X-Request-ID"])
    assert "Access-Control-Allow-Origin" not in answer


def test_a_form_that_does_not_come_from_the_site_is_refused_and_explained(db: None) -> None:
    careful = Client(enforce_csrf_checks=True)
    answer = careful.post("/accounts/login/", {"login": "ada@example.org", "password": "x"})
    assert answer.status_code == 403
    assert "Nothing was written" in answer.text


def test_the_form_of_the_site_itself_is_taken(ada: Person) -> None:
    ada.set_password("thirty-two grains of olivine")
    ada.save()
    careful = Client(enforce_csrf_checks=True)
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', careful.get("/accounts/login/").text)
    assert found
    form = {"login": ada.email, "password": "thirty-two grains of olivine", "csrfmiddlewaretoken": found[1]}
    assert careful.post("/accounts/login/", form).status_code == 302


def test_the_cookies_of_a_session_are_not_for_scripts_or_other_sites(client: Client, ada: Person) -> None:
    ada.set_password("thirty-two grains of olivine")
    ada.save()
    client.post("/accounts/login/", {"login": ada.email, "password": "thirty-two grains of olivine"})
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def test_what_a_person_sees_is_kept_in_no_store(ada: Person, signed_in: Callable[[Person], Client]) -> None:
    assert signed_in(ada).get("/account/")["Cache-Control"] == "private, no-store"


def test_a_page_that_is_not_there_offers_the_search(client: Client, db: None) -> None:
    answer = client.get("/sample/CE5C0400/")
    assert answer.status_code == 404
    assert 'value="CE5C0400"' in answer.text
    assert 'action="/catalogue/"' in answer.text


def test_what_stands_in_a_wrong_address_is_shown_as_text(client: Client, db: None) -> None:
    assert "<script>alert" not in client.get("/x/%3Cscript%3Ealert(1)%3C%2Fscript%3E").text
    assert 'value=""' not in client.get("/x/%22onfocus=%22alert(1)").text


def test_a_mistake_of_ours_tells_its_number_and_nothing_else() -> None:
    with override_settings(ROOT_URLCONF=__name__):
        answer = Client(raise_request_exception=False).get("/breaks/")
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.text
    assert "olivine" not in answer.text
    assert "Traceback" not in answer.text


def test_a_host_that_is_not_ours_is_not_served(client: Client) -> None:
    answer = client.get("/accounts/login/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text


def test_only_those_may_look_at_tables_who_may(
    ada: Person, eve: Person, signed_in: Callable[[Person], Client]
) -> None:
    page = signed_in(eve).get("/tables/aliquot/person/")
    assert page.status_code == 200
    assert "Ada" in page.text
    assert signed_in(eve).get("/tables/aliquot/person/add/").status_code == 403
    sheet = signed_in(eve).get(f"/tables/aliquot/person/{ada.pk}/change/").text
    assert "field-password" not in sheet
    assert 'name="_save"' not in sheet
    assert signed_in(ada).get("/tables/", follow=True).status_code == 403


def test_the_tables_have_no_door_of_their_own(client: Client, eve: Person) -> None:
    """Otherwise a password alone would do where a second factor is asked for."""
    eve.set_password("thirty-two grains of olivine")
    eve.save()
    form = {"username": eve.email, "password": "thirty-two grains of olivine"}
    answer = client.post("/tables/login/?next=/tables/", form)
    assert answer["Location"] == "/accounts/login/?next=/tables/"
    assert "_auth_user_id" not in client.session
    assert client.get("/tables/aliquot/person/")["Location"].startswith("/tables/login/")


def test_a_page_leads_to_itself_in_the_other_language(client: Client, db: None) -> None:
    english = client.get("/accounts/login/?next=/account/")
    assert '<html lang="en"' in english.text
    assert 'href="/zh-hans/accounts/login/?next=/account/"' in english.text
    chinese = client.get("/zh-hans/accounts/login/")
    assert '<html lang="zh-hans"' in chinese.text
    assert 'href="/accounts/login/"' in chinese.text


def test_the_address_decides_the_language_and_not_the_browser(client: Client, db: None) -> None:
    page = client.get("/accounts/login/", headers={"accept-language": "zh-CN,zh"})
    assert '<html lang="en"' in page.text


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_a_script_or_a_style_inside(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"""\sstyle=["']""", text)
    assert not re.search(r"<style\b", text)
    assert not re.search(r"""\son[a-z]+=["']""", text)
    for opening in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in opening or 'type="application/json"' in opening
