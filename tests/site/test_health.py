"""What a machine that watches the site is told, and what is written down meanwhile."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog
from django.db import connection
from django.test import Client
from django.utils import timezone

import aliquot
from aliquot.site import logs, operations
from aliquot.site.models import Head, Person


@pytest.fixture
def lines() -> object:
    """What the site logs during the test, as it would be written in earnest."""
    root = logging.getLogger()
    kept, told = root.handlers[:], io.StringIO()
    logs.configure("json")
    root.handlers[0].setStream(told)
    yield lambda: [json.loads(line) for line in told.getvalue().splitlines()]
    root.handlers = kept


def test_a_healthy_site_tells_its_version_and_the_size_of_its_ledger(client: Client, db: None) -> None:
    Head.objects.update_or_create(pk=1, defaults={"size": 1742})
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "version": aliquot.__version__,
        "database": connection.vendor,
        "entries": 1742,
    }


def test_health_costs_two_queries(client: Client, db: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):
        client.get("/health")


def test_a_site_without_its_database_says_so_and_no_more(client: Client, db: None) -> None:
    def refuse(*_args: object) -> None:
        from django.db import OperationalError

        raise OperationalError("no such host db.internal for user aliquot")

    with connection.execute_wrapper(refuse):
        answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down"}


def test_each_request_is_logged_once_with_the_number_that_the_answer_carries(
    client: Client, db: None, lines: object
) -> None:
    answer = client.get("/health?who=ada@example.org")
    [line] = [line for line in lines() if line["event"] == "request"]
    assert line["request"] == answer["X-Request-ID"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/health", 200)
    assert "who" not in json.dumps(line)


def test_a_sign_in_token_never_appears_in_a_log(client: Client, ada: Person, lines: object) -> None:
    token = operations.people.make_sign_in_link(ada, at=timezone.now(), days=1)
    client.get(f"/sign-in/{token}/")
    client.post(f"/zh-hans/sign-in/{token}/")
    client.get(f"/sign-in/{token}/")
    structlog.get_logger("aliquot.test").info(f"see /sign-in/{token}/ please")
    logging.getLogger("somebody.else").error("GET /sign-in/%s/?next=/account/", token)
    written = json.dumps(lines())
    assert token not in written
    assert written.count("/sign-in/<token>/") == 5


def test_an_e_mail_address_in_a_traceback_is_cut(lines: object) -> None:
    try:
        {}["no such person: ada@example.org"]
    except KeyError:
        structlog.get_logger("aliquot.test").exception("it broke")
        logging.getLogger("somebody.else").exception("it broke again")
    first, second = lines()
    for line in (first, second):
        assert "KeyError: 'no such person: <address>'" in line["exception"]


def test_text_is_for_eyes(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    kept = root.handlers[:]
    logs.configure("text")
    structlog.get_logger("aliquot.test").info("the tide is out", grains=3)
    root.handlers = kept
    said = capsys.readouterr().err
    assert "the tide is out" in said
    assert "grains=3" in said
