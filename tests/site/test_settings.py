"""Instances, the variables that describe their surroundings, and what the settings make of both."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection

import aliquot.site
from aliquot.fault import Refused
from aliquot.site import database, environment, instance, mail, serve, statics

SITE = Path(aliquot.site.__file__).parent


def where_it_is_wrong(variables: dict[str, str]) -> list[str]:
    with pytest.raises(Refused) as refused:
        environment.read(variables)
    return [fault.where for fault in refused.value.faults]


# --- Instances ---------------------------------------------------------------------------------------------


def test_a_new_instance_is_whole_and_its_keys_are_its_owners(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "moon"
    instance.make(home, origin="example.org/log", facility="月球样品 “store”")
    assert instance.faults(home) == ()
    assert instance.describe(home) == instance.Described("example.org/log", "月球样品 “store”")
    assert instance.secret(home).stat().st_mode & 0o777 == 0o600
    assert instance.keys(home).stat().st_mode & 0o777 == 0o700
    assert len(instance.read_secret(home)) > 60
    assert [path.name for path in home.parent.iterdir()] == ["moon"]


def test_an_empty_folder_becomes_an_instance(tmp_path: Path) -> None:
    (tmp_path / "moon").mkdir()
    instance.make(tmp_path / "moon", origin="example.org/log", facility="Moon")
    assert instance.faults(tmp_path / "moon") == ()


def test_a_folder_with_anything_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("dear Bo")
    with pytest.raises(Refused, match="is not empty"):
        instance.make(tmp_path, origin="example.org/log", facility="Moon")
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "moon").write_text("")
    with pytest.raises(Refused, match="is not a folder"):
        instance.make(tmp_path / "moon", origin="example.org/log", facility="Moon")


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "tab\there", "wide\u3000space", "bell\x07"])
def test_a_log_that_could_not_sign_under_its_name_is_not_made(tmp_path: Path, origin: str) -> None:
    with pytest.raises(Refused, match=r"^origin: "):
        instance.make(tmp_path / "moon", origin=origin, facility="Moon")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_instance_is_told_how_to_become_one(tmp_path: Path) -> None:
    [fault] = instance.faults(tmp_path)
    assert "aliquot init --home" in fault.advice
    with pytest.raises(Refused, match="is not an Aliquot instance"):
        instance.describe(tmp_path)


def test_a_secret_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    instance.make(tmp_path / "moon", origin="example.org/log", facility="Moon")
    instance.secret(tmp_path / "moon").chmod(0o644)
    [fault] = instance.faults(tmp_path / "moon")
    assert "chmod 600" in fault.advice


@pytest.mark.parametrize("text", ["origin = ", 'origin = "x"', 'origin = 1\nfacility = "x"', "\xff"])
def test_a_spoilt_description_is_a_clear_fault(tmp_path: Path, text: str) -> None:
    instance.make(tmp_path / "moon", origin="example.org/log", facility="Moon")
    instance.described_in(tmp_path / "moon").write_bytes(text.encode("latin-1"))
    with pytest.raises(Refused, match=r"instance\.toml"):
        instance.describe(tmp_path / "moon")


def test_a_private_file_is_never_written_over(tmp_path: Path) -> None:
    instance.write_private(tmp_path / "key", "first")
    with pytest.raises(FileExistsError):
        instance.write_private(tmp_path / "key", "second")


# --- Variables ---------------------------------------------------------------------------------------------


def test_nothing_needs_to_be_set() -> None:
    found = environment.read({})
    assert found.home == Path.cwd() / "var"
    assert (found.database, found.https, found.proxies, found.log, found.mail, found.openid) == (
        None,
        False,
        0,
        "auto",
        None,
        None,
    )
    assert found.hosts == ("localhost", "127.0.0.1", "[::1]")


def test_the_folder_given_comes_before_the_variable(tmp_path: Path) -> None:
    variables = {"ALIQUOT_HOME": str(tmp_path / "a")}
    assert environment.home(variables) == tmp_path / "a"
    assert environment.home(variables, given=tmp_path / "b") == tmp_path / "b"


def test_behind_https_one_proxy_is_expected() -> None:
    assert environment.read({"ALIQUOT_HTTPS": "1"}).proxies == 1
    assert environment.read({"ALIQUOT_HTTPS": "1", "ALIQUOT_PROXIES": "2"}).proxies == 2


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert where_it_is_wrong(
        {
            "ALIQUOT_HTTPS": "yes",
            "ALIQUOT_PROXIES": "-1",
            "ALIQUOT_LOG": "xml",
            "ALIQUOT_DATABASE_URL": "mysql://x",
            "ALIQUOT_MAIL_URL": "pigeon://x",
            "ALIQUOT_OPENID_SERVER": "https://orcid.org",
            "ALIQUOT_OPENID_NAME": "ORCID",
            "ALIQUOT_OPENID_CLIENT": "APP-1",
        }
    ) == [
        "ALIQUOT_HTTPS",
        "ALIQUOT_DATABASE_URL",
        "ALIQUOT_PROXIES",
        "ALIQUOT_LOG",
        "ALIQUOT_MAIL_URL",
        "ALIQUOT_OPENID_SECRET",
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://localhost/moon", ("moon", "", "", "localhost", "", ())),
        ("postgres://ada:s%40lt%2F@db:5433/moon", ("moon", "ada", "s@lt/", "db", "5433", ())),
        ("postgresql:///moon?host=/run/postgresql", ("moon", "", "", "/run/postgresql", "", ())),
        ("postgresql://%2Frun%2Fpostgresql/moon", ("moon", "", "", "/run/postgresql", "", ())),
        (
            "postgresql://a,b:5433/moon?sslmode=require",
            ("moon", "", "", "a,b", ",5433", (("sslmode", "require"),)),
        ),
        ("postgresql://[::1]/moon", ("moon", "", "", "::1", "", ())),
    ],
)
def test_an_address_of_postgresql_is_read_as_psql_reads_it(url: str, expected: tuple[object, ...]) -> None:
    found = database.read(url)
    assert (found.name, found.user, found.password, found.host, found.port, found.options) == expected


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///x",
        "moon",
        "postgresql://",
        "postgresql://ada:olivine%zz@db/moon",
        "postgresql://ada:olivine@db:port:9/moon",
        "postgresql://ada:olivine@db/moon?no_such_option=1",
    ],
)
def test_any_other_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Refused, match=r"^ALIQUOT_DATABASE_URL: ") as refused:
        database.read(url)
    assert "olivine" not in str(refused.value)


def test_a_mail_server_is_named_by_its_address() -> None:
    found = mail.read("smtp+starttls://ada%40example.org:s%3Alt@mail.example.org")
    assert (found.host, found.port, found.user, found.password) == (
        "mail.example.org",
        587,
        "ada@example.org",
        "s:lt",
    )
    assert (found.starttls, found.tls) == (True, False)
    assert mail.read("smtps://mail.example.org:4465").port == 4465


@pytest.mark.parametrize("url", ["smtp://", "smtp://host:olivine", "https://olivine@host", "olivine"])
def test_any_other_mail_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Refused, match=r"^ALIQUOT_MAIL_URL: ") as refused:
        mail.read(url)
    assert "olivine" not in str(refused.value)


# --- Settings ----------------------------------------------------------------------------------------------


def settings_under(home: Path, *names: str, **variables: str) -> dict[str, object]:
    """Return some settings as a site in those surroundings has them."""
    program = (
        "import json; from django.conf import settings as s;"
        f"print(json.dumps({{n: getattr(s, n, None) for n in {list(names)!r}}}, default=str))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALIQUOT_")}
    kept |= {"ALIQUOT_HOME": str(home), "DJANGO_SETTINGS_MODULE": "aliquot.site.settings", **variables}
    done = subprocess.run(
        [sys.executable, "-c", program], env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_behind_https_cookies_and_browsers_stay_with_it(home: Path) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    plain = settings_under(home, *names)
    behind = settings_under(home, *names, ALIQUOT_HTTPS="1")
    assert list(plain.values()) == [False, False, False, 0]
    assert list(behind.values()) == [True, True, True, 31536000]


def test_signing_in_elsewhere_is_offered_only_where_it_is_set(home: Path) -> None:
    elsewhere = settings_under(
        home,
        "INSTALLED_APPS",
        "CONTENT_SECURITY_POLICY",
        ALIQUOT_OPENID_SERVER="https://orcid.org",
        ALIQUOT_OPENID_NAME="ORCID",
        ALIQUOT_OPENID_CLIENT="APP-1",
        ALIQUOT_OPENID_SECRET="s",
    )
    assert "allauth.socialaccount.providers.openid_connect" in elsewhere["INSTALLED_APPS"]
    assert "https://orcid.org" in elsewhere["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"]
    assert not apps.is_installed("allauth.socialaccount")


def test_postgresql_is_one_variable(home: Path) -> None:
    found = settings_under(home, "DATABASES", ALIQUOT_DATABASE_URL="postgresql://ada@db/moon")
    assert found["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"


def test_sqlite_keeps_what_it_has_said_to_keep(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("this run is on another database")
    with connection.cursor() as cursor:
        found = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 2, 1, 20_000]


def test_the_migrations_are_those_of_the_models(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_nothing_worries_django_about_a_site_behind_https(home: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    kept |= {"ALIQUOT_HTTPS": "1", "DJANGO_SETTINGS_MODULE": "aliquot.site.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


# --- Static files and serving ------------------------------------------------------------------------------


def test_every_static_file_that_a_template_names_is_there() -> None:
    named = {
        name
        for template in (SITE / "templates").rglob("*.html")
        for name in re.findall(r"""{% static ["']([^"']+)["'] %}""", template.read_text(encoding="utf-8"))
    }
    assert [name for name in sorted(named) if finders.find(name) is None] == []


@pytest.mark.slow
def test_static_files_are_gathered_once_and_named_by_their_contents(tmp_path: Path) -> None:
    assert statics.gather(tmp_path) is True
    folder = instance.static(tmp_path)
    names = json.loads((folder / "staticfiles.json").read_text())["paths"]
    assert (folder / names["css/base.css"]).is_file()
    assert (folder / (names["css/base.css"] + ".gz")).is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["static"]
    assert statics.gather(tmp_path) is False


def test_a_port_that_is_taken_is_a_clear_fault(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refused, match="cannot be used: address already in use"):
            serve.serve(home, port=taken.getsockname()[1])


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 0), ("127.0.0.1", 65536), ("nowhere.invalid", 8000)]
)
def test_an_address_that_cannot_be_is_a_clear_fault(host: str, port: int) -> None:
    assert len(serve.unusable(host, port)) == 1
