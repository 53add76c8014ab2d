"""What is published of a plan, followed to the letter: its files saved, its commands run, the same bytes."""

from __future__ import annotations

import hashlib
import html
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.site.planning import Planned, a_plan, a_planned_call
from tests.site.sharing import OVER

from aliquot.site.models import Person, Plan
from aliquot.site.operations import plans
from aliquot.site.operations.plans import Wish
from aliquot.site.queries.plans import Whole


@pytest.fixture
def it(a_person: Callable[..., Person]) -> Planned:
    return a_planned_call(a_person, {
        "Bo": (9, {"least": "50 mg", "wanted": "150 mg", "alternatives": []}),
        "Fay": (8, {"least": "50 mg", "wanted": "100 mg", "alternatives": ["P-2"]}),
        "Gil": (3, {"least": "60 mg", "wanted": "100 mg", "alternatives": []}),
    })  # fmt: skip


def a_fixed_plan(it: Planned) -> Plan:
    """Return a plan in which the panel refused a line and trimmed another: with pins, and an input of its own."""
    first = a_plan(it)
    numbers = {ask.request: r for r, ask in enumerate(Whole(first).asks)}
    bo, gil = (numbers[it.requests[name].key] for name in ("Bo", "Gil"))
    wishes = [Wish(bo, "most", most="120 mg"), Wish(gil, "refuse")]
    made = plans.again(first, wishes, seconds=60, by=it.hal, at=OVER)
    plans.compute(made, at=OVER, waited=20)
    return Plan.objects.get(pk=made.pk)


def test_whoever_saves_the_published_files_and_runs_the_commands_gets_the_same_bytes(
    it: Planned, client: Client, tmp_path: Path
) -> None:
    plan = a_fixed_plan(it)
    plans.propose(plan, by=it.hal, at=OVER)
    it.call.state = "concluded"
    it.call.save()
    page = client.get(reverse("public-plan", args=[it.call.key])).content.decode()
    links = re.findall(r'href="(/calls/[^"]+/plan/[^"]+\.json)"', page)
    assert [link.rpartition("/")[2] for link in links] == ["instance.json", "pins.json", "plan.json"]
    for link in links:
        (tmp_path / link.rpartition("/")[2]).write_bytes(client.get(link).content)
    instance = (tmp_path / "instance.json").read_bytes()
    assert hashlib.sha256(instance).hexdigest() == plan.input.sha256
    assert plan.input.sha256 in page
    commands = [html.unescape(said) for said in re.findall(r"<pre[^>]*><code>(.+?)</code></pre>", page)]
    assert [said.split()[:2] for said in commands] == [["aliquot", "allocate"], ["cmp", "plan.json"], ["aliquot", "allocate"]]  # fmt: skip
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for said in commands:
        done = subprocess.run(said, shell=True, cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False)  # noqa: S602 - what the page says  # fmt: skip
        assert done.returncode == 0, (said, done.stdout, done.stderr)
    assert "every rule is kept" in done.stdout
    assert f"merit {plan.result.merit:,}" in done.stdout
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "plan.json").read_bytes()
