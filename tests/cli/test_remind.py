"""`aliquot remind` and `aliquot person`, as cron and whoever runs the machine start them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.cli.conftest import run
from tests.site.mail_server import listening

LATER = "2026-12-31T09:00Z"


def test_what_waits_is_sent_once_through_the_mail_server(own_demo: Path) -> None:
    with listening() as (taken, port):
        by_mail = {"ALIQUOT_MAIL_URL": f"smtp://127.0.0.1:{port}", "ALIQUOT_URL": "https://moon.example.org"}
        first = run("remind", "--home", own_demo, "--json", env=by_mail).document
        again = run("remind", "--home", own_demo, "--json", env=by_mail).document
    assert first["sent"] == len(taken.letters) == len(set(taken.identifiers)) > 0
    assert (again["sent"], again["made"], again["unreachable"]) == (0, 0, "")
    letter = taken.letters[0]
    assert str(letter["Message-ID"]).endswith("@moon.example.org>")
    assert "https://moon.example.org/" in letter.get_content()


def test_without_a_server_the_demonstration_prints_its_letters(own_demo: Path) -> None:
    done = run("remind", "--home", own_demo)
    assert done.code == 0
    assert "Subject: " in done.out
    assert "e-mails sent" in done.out.splitlines()[-1]
    assert not list((own_demo / "mail").iterdir())


def test_a_server_that_cannot_be_reached_is_said_and_nothing_is_lost(own_demo: Path) -> None:
    gone = run("remind", "--home", own_demo, env={"ALIQUOT_MAIL_URL": "smtp://127.0.0.1:1"})
    assert gone.code == 1
    assert "the mail server could not be used" in gone.out
    assert run("remind", "--home", own_demo, "--at", LATER).code == 0


def test_what_is_wrong_with_the_surroundings_is_said_in_a_line(own_demo: Path) -> None:
    assert (
        "ALIQUOT_URL"
        in run("remind", "--home", own_demo, env={"ALIQUOT_URL": "moon.example.org"}).refusals[0]
    )
    assert (
        "ALIQUOT_MAIL_URL"
        in run("remind", "--home", own_demo, env={"ALIQUOT_MAIL_URL": "pigeon:"}).refusals[0]
    )
    assert "--at" in run("remind", "--home", own_demo, "--at", "2027-01-01T09:00").refusals[0]


def test_somebody_is_handed_out_and_forgotten_from_the_command_line(own_demo: Path, tmp_path: Path) -> None:
    archive = tmp_path / "them.zip"
    whom, why = "auditor@demo.invalid", ("--reason", "Asked for it.")
    assert run("person", "export", whom, archive, "--home", own_demo).code == 0
    found = json.loads(zipfile.ZipFile(archive).read("person.json"))
    assert found["person"]["email"] == whom
    assert "is there already" in run("person", "export", whom, archive, "--home", own_demo).refusals[0]
    looked = run("person", "forget", found["of"], *why, "--home", own_demo)
    assert (looked.code, "nothing was changed" in looked.out) == (0, True)
    done = run("person", "forget", whom, *why, "--yes", "--home", own_demo)
    assert f"{found['of']} is forgotten" in done.out
    assert "is nobody here" in run("person", "export", whom, archive, "--home", own_demo).refusals[0]
    assert (
        "was forgotten" in run("person", "forget", found["of"], *why, "--yes", "--home", own_demo).refusals[0]
    )
    assert "names the person" in run(
        "person", "forget", "reviewer@demo.invalid", "--reason", "reviewer@demo.invalid wrote", "--home", own_demo
    ).refusals[0]  # fmt: skip
