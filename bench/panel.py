"""How long do a panel's page, a save while typing, and a run of reminders take in a call of 500 requests and 2,000 reviews?

`python bench/panel.py [--requests 500]`. The reference of the page is reading the same rows and their JSON with `sqlite3`
alone, that of a save is an INSERT of the same text with its commit, measured in turns. The processor's time stands beside
the clock's, because the clock also sees what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

EACH, REVIEWERS, NOTICES, ROUNDS = 4, 40, 2_000, 7
SAMPLES, MG = 20, 10**6
LEAD = {"orcid": "0000-0002-1825-0097", "ror": "05gq02987", "country": "US"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=500)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aliquot-bench-") as folder:
        home = Path(folder) / "instance"
        set_up(home)
        call, people = fill(asked.requests)
        print(f"\n{asked.requests} requests, {asked.requests * EACH} reviews\n")
        print("| what | median ms | processor ms | queries | bare ms |\n|---|---|---|---|---|")
        page(home, call, people["chair"])
        save(home, call, people["lead"])
        remind()


def set_up(home: Path) -> None:
    """Make the instance and its tables; e-mails go into its folder."""
    from aliquot.site import instance

    instance.make(home, origin="example.org/bench", facility="Bench")
    os.environ |= {"ALIQUOT_HOME": str(home), "DJANGO_SETTINGS_MODULE": "aliquot.site.settings"}
    import django
    from django.core.management import call_command

    django.setup()
    for name in ("aliquot.request", "aliquot"):
        logging.getLogger(name).setLevel(logging.ERROR)
    call_command("migrate", verbosity=0)


def fill(count: int) -> tuple[Any, dict[str, Any]]:
    """Publish a call, and write its requests with their reviews by the batch."""
    from aliquot.site import models
    from aliquot.site.models import Role
    from aliquot.site.operations import calls, people, samples

    now = datetime.now(UTC)
    cast = {role.value: people.invite(email=f"{role.value}@example.org", name=role.value, roles=[role], by=None,
                                      at=now) for role in Role}  # fmt: skip
    models.Holder.objects.create(key="place:p1", root="place", name_en="Store", country="CN")
    for n in range(SAMPLES):
        row = models.Sample(number=f"P-{n}", mission="change-5", material="basalt", form="powder")
        samples.receive(row, origin="origin:change-5", place="place:p1", mass_ng=1000 * MG,
                        by=samples.By(cast["curator"].key, now.strftime("%Y-%m-%dT%H:%M:%SZ")))  # fmt: skip
    told = {
        "title": "Bench", "scope": "Basalt", "who": "Institutions", "countries": [], "zone": "UTC", "policy": "cnsa",
        "opens": f"{now - timedelta(days=2):%Y-%m-%d} 00:00", "closes": f"{now + timedelta(days=30):%Y-%m-%d} 00:00",
        "offers": [{"sample": f"P-{n}", "mass": "500 mg", "form": "powder", "kind": "basalt"} for n in range(SAMPLES)],
        "criteria": [{"key": "merit", "name": "Merit", "weight": 60}, {"key": "team", "name": "Team", "weight": 40}],
        "points_most": 10, "two_stage": False, "hearing_minutes": 0,
    }  # fmt: skip
    call = calls.publish(calls.draft(told, by=cast["curator"], at=now), by=cast["curator"], at=now)
    calls.sit(call, {cast["chair"]: True, cast["curator"]: False}, by=cast["chair"])
    leads = _people("lead", count, Role.REQUESTER, now)
    reviewers = _people("reviewer", REVIEWERS, Role.REVIEWER, now)
    rows = _requests(call, leads, now)
    models.Review.objects.bulk_create(
        models.Review(request=row, reviewer=reviewers[(n * EACH + k) % REVIEWERS], state="handed in", declared_at=now,
                      handed_in_at=now, points={"merit": (n * 7 + k * 3) % 11, "team": (n + k * 5) % 11},
                      reasons={"merit": "New.", "team": "Known."})
        for n, row in enumerate(rows) for k in range(EACH)
    )  # fmt: skip
    return call, cast | {"lead": cast["requester"]}


def _people(word: str, count: int, role: Any, now: datetime) -> list[Any]:
    from aliquot.site import models

    made = models.Person.objects.bulk_create(
        models.Person(email=f"{word}{n}@example.org", name=f"{word} {n}", password="!") for n in range(count)
    )
    models.RoleGrant.objects.bulk_create(
        models.RoleGrant(person=one, role=role, granted_at=now) for one in made
    )
    return made


def _text(n: int) -> dict[str, Any]:
    line = {"kind": "", "form": "powder", "least": "5 mg", "wanted": "20 mg", "alternatives": [], "method": "Ion probe.",
            "destructive_percent": "10", "why": "The only one of its kind."}  # fmt: skip
    return {
        "title": f"Request {n}", "summary": "Dating basalt. " * 40, "team": [], "news": "",
        "lead": LEAD | {"name": f"lead {n}", "institution": f"Institution {n % 60}"},
        "funders": [{"name": "Fund", "country": "US", "years": ["2027"], "grant": ""}],
        "lines": [line | {"sample": f"P-{(n + i) % SAMPLES}"} for i in range(3)],
        "facilities": "A clean room.", "security": "A safe.", "return_plan": "All that is left.", "earlier_loans": "None.",
    }  # fmt: skip


def _requests(call: Any, leads: list[Any], now: datetime) -> list[Any]:
    from aliquot.site import models

    rows = models.Request.objects.bulk_create(
        models.Request(key=f"{n:020x}", call=call, state="in review", lead=lead, title=f"Request {n}", version=1,
                       submitted_at=now, made_at=now)
        for n, lead in enumerate(leads)
    )  # fmt: skip
    versions = models.RequestVersion.objects.bulk_create(
        models.RequestVersion(request=row, order=1, base=0, told=_text(n), by=row.lead, at=now)
        for n, row in enumerate(rows)
    )
    models.Receipt.objects.bulk_create(
        models.Receipt(
            request=one.request, version=one, sha256="0" * 64, call_sha256=call.sha256, by=one.by, at=now
        )
        for one in versions
    )
    return rows


def report(
    what: str, act: Callable[[], object], bare: Callable[[], object] | None, rounds: int = ROUNDS
) -> None:
    """Take the thing and the bare thing by turns, and print the medians as a row."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    clock, processor, plain, queries = [], [], [], 0
    act()
    for _ in range(rounds):
        begun, spent = time.perf_counter(), time.process_time()
        act()
        clock.append(time.perf_counter() - begun)
        processor.append(time.process_time() - spent)
        if bare:
            begun = time.perf_counter()
            bare()
            plain.append(time.perf_counter() - begun)
    with CaptureQueriesContext(connection) as found:
        act()
    queries = len(found)
    beside = f"{statistics.median(plain) * 1000:.1f}" if plain else ""
    print(f"| {what} | {statistics.median(clock) * 1000:.0f} | {statistics.median(processor) * 1000:.0f} | {queries} "
          f"| {beside} |", flush=True)  # fmt: skip


def page(home: Path, call: Any, chair: Any) -> None:
    from django.test import Client

    from aliquot.site.models import Call

    Call.objects.filter(pk=call.pk).update(state="in review")
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(chair)
    file = sqlite3.connect(home / "aliquot.sqlite3")

    def bare() -> int:
        texts = [json.loads(one) for (one,) in file.execute("SELECT told FROM aliquot_requestversion")]
        return len(texts) + len(
            [json.loads(one) for (one,) in file.execute("SELECT points FROM aliquot_review")]
        )

    for name in ("panel/", "reviews/"):
        address = f"/calls/{call.key}/{name}"
        report(f"`/calls/<key>/{name}` by a chair", lambda address=address: _get(browser, address), bare)


def _get(browser: Any, address: str) -> str:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    return str(answer.content.decode())


def save(home: Path, call: Any, lead: Any) -> None:
    """Save a draft as its script does, with a text that is another each time."""
    from django.test import Client

    from aliquot.site.models import Call
    from aliquot.site.operations import requests

    Call.objects.filter(pk=call.pk).update(state="open")
    call.refresh_from_db()
    made = requests.begin(call, told=_text(0), by=lead, at=datetime.now(UTC))
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(lead)
    address = f"/requests/{made.key}/edit/"
    shown = _get(browser, address)
    form = dict(re.findall(r'<input[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"', shown)) | {"act": "save"}
    file, count = sqlite3.connect(home / "bare.sqlite3"), iter(range(1_000))
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("CREATE TABLE version (told TEXT)")

    def act() -> None:
        form["summary"] = f"Typed {next(count)}. " * 40
        answer = browser.post(address, form, headers={"accept": "application/json"})
        if answer.status_code != 200:
            raise SystemExit(answer.content.decode()[:500])
        form["base"] = str(answer.json()["version"])

    def bare() -> None:
        with file:
            file.execute("INSERT INTO version VALUES (?)", [json.dumps(_text(1))])

    report("a save while typing", act, bare)


def remind() -> None:
    """Tell many people something, and let the reminders and e-mails run."""
    from aliquot.site.models import Person
    from aliquot.site.operations import notices, reminders

    everybody = list(Person.objects.values_list("pk", flat=True))
    now = datetime.now(UTC)
    told = 0
    while told < NOTICES:
        told += notices.tell("call-published", everybody[: NOTICES - told], subject=f"call:bench-{told}",
                             occasion="step 1", at=now, call=f"call:bench-{told}", until="")  # fmt: skip
    begun, spent = time.perf_counter(), time.process_time()
    run = reminders.run(lambda: now + timedelta(days=1))
    seconds, busy = time.perf_counter() - begun, time.process_time() - spent
    print(f"| `aliquot remind` with {told:,} notices: {run.made:,} e-mails made, {run.sent.sent:,} sent "
          f"| {seconds * 1000:,.0f} | {busy * 1000:,.0f} | | |")  # fmt: skip


if __name__ == "__main__":
    main()
