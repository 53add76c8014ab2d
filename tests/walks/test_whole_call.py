"""A whole call, end to end: drafted, asked for from eleven countries, reviewed, heard, decided, told, made public.

Twenty-four requests: makers write twenty-three of them and do what many do (`making.py`); one request, one review, one
decision of each level and everything that leads from one state to the next is done by hand, by whoever it falls to. The
product is served by a clock that runs ahead where a deadline would have to be waited for (`later/`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from tests.walks.conftest import WIDE, Product, Visitor, _free_port, too_wide
from tests.walks.making import VIALS
from tests.walks.pages import IN_THE_CALL
from tests.walks.worker import Worker

HERE = Path(__file__).parent
CALL, OURS = "演练征集：月壤", "演练申请：手写"
NEW_TITLE = "演练征集：嫦娥五号与嫦娥六号月壤"
LETTERS = re.compile(r"(?<![\w.@/:-])[A-Za-z]{3,}(?![\w@/:-])")
# What stays as it is in every language: names, units of programs, identifiers; and who the demonstration's people are.
SAME_EVERYWHERE = """
Aliquot ORCID iD ROR PDF CSV JSON UTC Atom SHA sha256sum toml json NASA OSTP NSPC ror English lot
Demonstration demonstration curator requester reviewer chair compliance officer director panel ages minerals second
auditor University museum both hemispheres soil
aliquot allocate check instance plan again pins cmp highspy numpy
"""
ROLES = ("curator", "requester", "reviewer", "chair", "compliance", "director")
DAY_S = 86_400


@dataclass
class Served:
    """The product with a clock that can be put forward."""

    home: Path
    ahead: Path
    url: str
    links: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        found_first = os.pathsep.join(filter(None, (str(HERE / "later"), os.environ.get("PYTHONPATH"))))
        return os.environ | {"PYTHONPATH": found_first, "WALK_AHEAD": str(self.ahead)}

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=int(self.ahead.read_text("ascii")))

    def forward(self, *, days: int) -> None:
        self.ahead.write_text(str(int(self.ahead.read_text("ascii")) + days * DAY_S), "ascii")

    def make(self, stage: str, call: str = "") -> object:
        """Let the makers do a stage."""
        command = [sys.executable, HERE / "making.py", self.home, stage, *([call] if call else [])]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr[-4000:]
        return json.loads(done.stdout)


@pytest.fixture
def served(product: Product, tmp_path: Path) -> Iterator[Served]:
    """A copy of the demonstration, served by a clock of its own."""
    home, ahead, port = tmp_path / "demo", tmp_path / "ahead", _free_port()
    shutil.copytree(product.home, home, ignore=shutil.ignore_patterns("*.sqlite3*"))
    with (
        sqlite3.connect(product.home / "aliquot.sqlite3") as held,
        sqlite3.connect(home / "aliquot.sqlite3") as copy,
    ):
        held.backup(copy)
    ahead.write_text("0", "ascii")
    it = Served(home, ahead, f"http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "aliquot", "serve", "--home", str(home), "--port", str(port)]
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(command, env=it.environment, stdout=said, stderr=said)
        try:
            _wait_for(port, process)
            yield it
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            assert process.poll() is None, "`aliquot serve` ended"
            time.sleep(0.1)
        else:
            return
    pytest.fail("`aliquot serve` does not answer", pytrace=False)


class Player(Worker):
    """Somebody with a role in the call; what they look at, they look at in both languages."""

    _beside: Tab | None = None

    def see(self, name: str, *, chinese: bool = True) -> None:
        """Look at the page as one has it, and then at the same in Chinese, in which nothing may be left in English."""
        if name in IN_THE_CALL:
            self.look(name)
        else:  # the walk of every page asks axe about it
            self.found += [f"{name}: {said}" for said in too_wide(self.tab)]
        if not chinese:
            return
        if self._beside is None:
            self._beside = self.visitor.tab()
        tab = self._beside
        tab.goto(f"{self.visitor.url}/zh-hans{self.path}", wait_until="domcontentloaded")
        if tab.locator("html").get_attribute("lang") != "zh-hans":
            self.found.append(f"{name}: the page in Chinese does not say that it is")
        lines = tab.inner_text("main").splitlines()
        text = "\n".join(line for line in lines if not line.startswith("Demonstration"))
        if left := sorted(set(LETTERS.findall(text)) - set(SAME_EVERYWHERE.split())):
            self.found.append(f"{name}: English on the page in Chinese: {', '.join(left)}")


@pytest.fixture
def players(browser: Browser, served: Served) -> Iterator[Callable[[str], Player]]:
    """Somebody of each role, come in by a one-time link."""
    came: dict[str, Player] = {}
    served.links = dict(served.make("cast"))  # type: ignore[call-overload]

    def come_in(role: str) -> Player:
        if role not in came:
            context = browser.new_context(viewport=WIDE, reduced_motion="reduce", color_scheme="light")
            context.set_default_timeout(20_000)
            came[role] = one = Player(Visitor(context, served.url))
            one.go(served.links[role])
            with one.tab.expect_navigation():
                one.tab.locator("main form[method=post] button").first.click()
        return came[role]

    yield come_in
    for one in came.values():
        one.visitor.context.close()


People = Callable[[str], Player]


def test_a_whole_call_from_its_draft_to_its_public_result(
    served: Served, players: People, tmp_path: Path
) -> None:
    everybody = [players(role) for role in ROLES]  # a link works for a day of the product's clock
    key = _a_call_is_drafted_and_published(served, players("curator"))
    _a_question_is_asked_and_answered(players, key)
    ours = _a_request_is_written_by_hand(players("requester"), key, tmp_path)
    others = served.make("requests", key)
    assert isinstance(others, list)
    _the_deadline_moves(served, players("curator"), key)
    served.forward(days=5)
    _the_call_is_closed_and_requests_admitted(served, players, key, ours, others)
    _reviewers_are_assigned(players("chair"), key)
    _a_review_is_written_by_hand(served, players, key)
    _ten_are_heard(served, players, key, ours)
    plan = _a_plan_is_made_and_proposed(players("chair"), key)
    _seven_are_granted_and_one_deferred(served, players, key, ours)
    _the_plan_is_adopted(players("chair"), plan)
    _the_call_is_concluded(players, key)
    _the_letter_is_read(players("requester"), ours)
    _everybody_sees_the_result(players, key)
    assert not (found := [said for one in everybody for said in one.found]), "\n".join(found)
    assert set(IN_THE_CALL) <= set().union(*(one.looked_at for one in everybody))


def _day(served: Served, days: int) -> str:
    return (served.now + timedelta(days=days)).strftime("%Y-%m-%d")


def _a_call_is_drafted_and_published(served: Served, curator: Player) -> str:
    curator.go("/calls/new/")
    curator.unfold("Paste a list")
    told = {
        "title": CALL, "scope": "演练所用月壤。", "who": "任何国家的研究机构。", "zone": "Asia/Shanghai",
        "opens": f"{_day(served, -1)} 00:00", "closes": f"{_day(served, 1)} 24:00", "policy": "cnsa",
        "criteria.0.name": "科学意义", "criteria.0.weight": "60", "criteria.1.name": "方法", "criteria.1.weight": "40",
        "offers.pasted": "\n".join(VIALS),
    }  # fmt: skip
    curator.fill(told)
    curator.press("Save the draft")
    key = curator.path.split("/")[2]
    curator.go(f"/calls/{key}/edit/")
    curator.see("call-edit")
    curator.go(f"/calls/{key}/keeping/")
    curator.see("call-keeping")
    curator.press("Publish the call")
    curator.go(f"/calls/{key}/")
    assert "9 samples" in curator.tab.inner_text("main")
    curator.see("call")
    return key


def _a_question_is_asked_and_answered(players: People, key: str) -> None:
    requester, curator = players("requester"), players("curator")
    requester.go(f"/calls/{key}/")
    requester.fill({"text": "可否申请两份样品？"})
    requester.press("Ask")
    curator.go(f"/calls/{key}/keeping/")
    curator.fill({"answer": "可以。"})
    curator.press("Publish the answer")
    requester.go(f"/calls/{key}/")
    assert "可以。" in requester.tab.inner_text(".answers-list")


def _a_request_is_written_by_hand(requester: Player, key: str, folder: Path) -> str:
    for number in VIALS[:2]:
        requester.go(f"/samples/{number}/")
        requester.press("Ask for it")
    requester.go("/basket/")
    requester.see("basket")
    requester.go(f"/calls/{key}/request/")
    requester.press("Begin the request")
    requester.go(requester.path.split("?")[0])
    ours = requester.path.split("/")[2]
    told = {
        "title": OURS, "summary": "为演练而写，以两份月壤比对稀有气体。", "lead.orcid": "0000-0000-0000-001X",
        "lead.institution": "演练大学", "lead.ror": "000000195", "lead.country": "CN",
        "funders.0.name": "演练大学", "funders.0.country": "CN", "funders.0.years": "2026",
        "facilities": "洁净室。", "security": "保险柜。", "return_plan": "一年内归还。", "earlier_loans": "无。",
    }  # fmt: skip
    for n in range(2):
        told |= {
            f"lines.{n}.least": "5 mg", f"lines.{n}.wanted": "12 mg", f"lines.{n}.destructive_percent": "20",
            f"lines.{n}.method": "逐步加热质谱法", f"lines.{n}.why": "比对需要。",
        }  # fmt: skip
    requester.fill(told, "#request-form")
    requester.tab.locator("#saving", has_text="saved").wait_for()
    support = folder / "支持.csv"
    support.write_text("sample,mass\nW-1,12 mg\n", "utf-8")
    requester.go(requester.path)
    assert requester.tab.locator("[name=title]").input_value() == OURS
    requester.tab.set_input_files("#files", support)
    requester.tab.get_by_role("button", name="Attach", exact=True).click()
    requester.tab.locator("a[download]", has_text="支持.csv").wait_for()
    requester.see("request-edit")
    requester.press("Submit the request")
    assert requester.path.startswith(f"/requests/{ours}/receipts/"), requester.tab.inner_text(".faults")
    requester.see("request-receipt")
    paper = requester.tab.request.get(f"{requester.visitor.url}{requester.path}receipt.pdf")
    assert paper.body().startswith(b"%PDF")
    requester.go(f"/requests/{ours}/")
    requester.see("request")
    return ours


def _the_deadline_moves(served: Served, curator: Player, key: str) -> None:
    curator.go(f"/calls/{key}/edit/")
    curator.fill({"title": NEW_TITLE, "closes": f"{_day(served, 2)} 24:00", "reason": "演练：顺延一日。"})
    curator.press("Amend the call")
    curator.go(f"/calls/{key}/")
    assert "演练：顺延一日。" in curator.tab.inner_text("main")


def _the_call_is_closed_and_requests_admitted(
    served: Served, players: People, key: str, ours: str, others: list[str]
) -> None:
    curator, compliance = players("curator"), players("compliance")
    curator.go(f"/calls/{key}/keeping/")
    curator.press("Close the call")
    compliance.go(f"/requests/{ours}/")
    compliance.see("request")
    compliance.press("Admit", compliance.tab.locator("form.request-act").first)
    # The tenth applicant asks from the United States, whose law wants a certificate first.
    compliance.go(f"/requests/{others[9]}/")
    compliance.follow("Screen it")
    compliance.press("Keep it")
    screening = compliance.path
    assert screening.startswith("/screenings/")
    compliance.tab.locator("input[name=outcome][value=follow]").check()
    compliance.fill({"reasons": "演练：等待主管机关的证明。"})
    compliance.press("Record the decision")
    compliance.go(screening)
    assert served.make("admit", key) == 23
    compliance.go(f"/requests/{others[9]}/")
    assert "in review" in compliance.tab.inner_text(".chip")


def _reviewers_are_assigned(chair: Player, key: str) -> None:
    chair.go(f"/calls/{key}/keeping/")
    for person in chair.tab.locator("tbody label").all():
        name = person.inner_text()
        seat = chair.tab.locator(f"#{person.get_attribute('for')}")
        if name.startswith(("Demonstration reviewer", "Demonstration panel chair", "Demonstration chair")):
            seat.select_option("votes")
        elif name == "Demonstration curator":
            seat.select_option("sits")
    chair.press("Name the committee")
    chair.go(f"/calls/{key}/reviewers/")
    chair.fill({"each": "2", "most": "14"}, "form.proposing")
    chair.press("Propose")
    chair.see("assignment")
    chair.press("Assign as it stands here")
    assert "48 reviews are assigned" in chair.tab.inner_text("body")
    chair.go(f"/calls/{key}/keeping/")
    chair.press("Begin the reviews")


def _a_review_is_written_by_hand(served: Served, players: People, key: str) -> None:
    reviewer, chair, curator = players("reviewer"), players("chair"), players("curator")
    assert served.make("reviews", key) == {"aside": 1}
    reviewer.go("/reviews/")
    reviewer.see("reviews")
    first = reviewer.tab.locator("main a[href^='/reviews/']", has_text="演练申请").first
    review = str(first.get_attribute("href"))
    reviewer.go(review)
    reviewer.press("There is no conflict: I review it")
    reviewer.fill({"points-0": "9", "reasons-0": "只有此样品能回答。", "points-1": "8"})
    reviewer.press("Hand in")
    assert reviewer.tab.locator(".faults li").count() == 1, reviewer.tab.inner_text("main")
    reviewer.fill({"reasons-1": "方法成熟。"})
    reviewer.tab.locator("#saved", has_text="Saved at").wait_for()
    reviewer.press("Hand in")
    reviewer.see("review")
    reviewer.follow("Discuss it")
    reviewer.fill({"text": "演练：两份意见相近。"})
    reviewer.tab.locator("main form[method=post] button").last.click()
    reviewer.tab.get_by_text("演练：两份意见相近。").first.wait_for()
    served.make("mine", key)
    curator.go(f"{review}discussion/")
    curator.see("discussion")
    chair.go(f"{review}summary/")
    chair.see("review-summary")


def _ten_are_heard(served: Served, players: People, key: str, ours: str) -> None:
    chair, requester = players("chair"), players("requester")
    chair.go(f"/calls/{key}/reviews/")
    chair.see("call-reviews")
    boxes = chair.tab.locator("input[name=chosen]")
    own = chair.tab.locator(f"input[name=chosen][value='{ours}']")
    own.check()
    us = chair.tab.locator("tr", has_text="演练申请10").locator("input[name=chosen]")
    us.check()
    chosen = 2
    for n in range(boxes.count()):
        if chosen == 10:
            break
        if not boxes.nth(n).is_checked():
            boxes.nth(n).check()
            chosen += 1
    chair.press("Put those chosen on the short list")
    chair.go(f"/calls/{key}/hearings/")
    chair.fill({"first": _day(served, 3), "last": _day(served, 6)}, 'form[action="#proposal"]')
    for zone in chair.tab.locator("fieldset.zones").first.locator("input").all():
        if not zone.input_value():
            zone.fill("Europe/Paris")
    chair.press("Propose a schedule")
    assert chair.tab.locator("#proposal li").count() == 10, chair.tab.inner_text("main")
    chair.press("Keep this schedule, and tell everybody")
    chair.see("call-hearings")
    requester.go(f"/hearings/{ours}/")
    requester.see("hearing")
    chair.press("Close the letter reviews, begin the hearings")
    served.forward(days=7)
    chair.go(f"/calls/{key}/hearings/")
    chair.unfold("Note it")
    chair.press("Heard", chair.tab.locator("details[open]").first)
    assert served.make("heard", key) == 9
    chair.go(f"/calls/{key}/hearings/")
    chair.press("Let the panel decide")


def _a_plan_is_made_and_proposed(chair: Player, key: str) -> str:
    chair.go(f"/calls/{key}/plans/")
    chair.press("Freeze and compute")
    chair.tab.locator("#lines").wait_for()  # a page that is computing looks again by itself
    plan = chair.path.split("#")[0]
    chair.press("Propose this plan")
    chair.see("plan")
    return plan


def _the_plan_is_adopted(chair: Player, plan: str) -> None:
    """What was decided otherwise stands in the way, and is left out; the rest is promised at once."""
    chair.go(plan)
    chair.press("Adopt and promise")
    stand_in_the_way = chair.tab.locator(".faults a[href^='#without-']").all()
    assert 10 <= len(stand_in_the_way) < 29, chair.tab.inner_text("main")
    for number in {str(one.get_attribute("href")) for one in stand_in_the_way}:
        chair.tab.locator(number).check()
    chair.press("Adopt and promise")
    assert "12 mg from W-" in chair.tab.inner_text("#use + p ~ table"), chair.tab.inner_text("main")
    chair.see("plan")


def _seven_are_granted_and_one_deferred(served: Served, players: People, key: str, ours: str) -> None:
    chair, director = players("chair"), players("director")
    chair.go(f"/calls/{key}/panel/")
    chair.see("panel")
    chair.go(f"/requests/{ours}/decide/")
    _sit(chair)
    chair.fill({"granted-0": "10 mg", "reasons": "演练：略减用量，其余照准。"})
    chair.tab.locator("input[name=outcome][value=reduce]").check()
    chair.press("Record the decision")
    chair.see("decide")
    us = next(link for link in _field(chair, key) if "演练申请10" in link[0])[1]
    chair.go(us)
    _sit(chair)
    chair.fill({"reasons": "演练：法律上尚缺证明。", "needed": "主管机关的证明。"})
    chair.tab.locator("input[name=outcome][value=defer]").check()
    chair.press("Record the decision")
    for _level in range(2):
        director.go(f"/requests/{ours}/decide/")
        director.tab.locator("input[name=outcome][value=reduce]").check()
        director.fill({"reasons": "演练：同意。"})
        director.press("Record the decision")
    assert served.make("decide", key) == {"granted": 6, "refused": 2}
    chair.go(f"/calls/{key}/panel/refusals/?below=101")
    chair.go(f"/calls/{key}/panel/refusals/?below=100")
    rows = chair.tab.locator("fieldset.deciding:has(input[name=chosen])")
    assert rows.count() == 14
    for row in rows.all():
        row.locator("input[name=chosen]").check()
        row.locator("textarea").nth(0).fill("演练：未列入答辩名单。")
        row.locator("textarea").nth(1).fill("更小的用量。")
    _sit(chair)
    chair.see("refusals", chinese=False)
    chair.press("Refuse what is chosen")


def _field(chair: Player, key: str) -> list[tuple[str, str]]:
    chair.go(f"/calls/{key}/panel/")
    links = chair.tab.locator("table.panel-field th a").all()
    return [(one.inner_text(), str(one.get_attribute("href"))) for one in links]


def _sit(chair: Player) -> None:
    """Everybody who votes is there, and says yes; the chair presides."""
    sitting = chair.tab.locator("#sitting")
    for row in sitting.locator("tbody tr").all():
        row.locator("input[name=present]").check()
        if row.locator("select").count():
            row.locator("select").select_option("yes")
    sitting.locator("tbody tr", has_text="chair").locator("input[name=presides]").check()


def _the_call_is_concluded(players: People, key: str) -> None:
    curator, director = players("curator"), players("director")
    curator.go(f"/calls/{key}/panel/institutions/")
    curator.see("institutions")
    director.go(f"/calls/{key}/panel/")
    director.press("Conclude the call")
    director.go(f"/calls/{key}/panel/minutes/")
    director.see("minutes")
    paper = director.tab.request.get(f"{director.visitor.url}/calls/{key}/panel/minutes.pdf")
    assert paper.body().startswith(b"%PDF")


def _the_letter_is_read(requester: Player, ours: str) -> None:
    requester.go("/requests/")
    requester.see("requests")
    requester.go(f"/requests/{ours}/")
    assert "granted" in requester.tab.inner_text(".chip")
    requester.go(f"/requests/{ours}/letter/")
    assert "演练：略减用量，其余照准。" in requester.tab.inner_text(".letter")
    requester.see("letter")
    for path in (f"/requests/{ours}/letter.pdf", f"/zh-hans/requests/{ours}/letter.pdf"):
        paper = requester.tab.request.get(f"{requester.visitor.url}{path}")
        assert paper.body().startswith(b"%PDF")


def _everybody_sees_the_result(players: People, key: str) -> None:
    requester = players("requester")
    requester.go(f"/calls/{key}/result/")
    text = requester.tab.inner_text("main")
    for said in ("24", "11", "7"):
        assert said in text
    requester.see("call-result")
    found = requester.tab.request.get(f"{requester.visitor.url}/calls/{key}/result.json").json()
    assert found
    requester.follow("The plan by which it was shared")
    text = requester.tab.inner_text("main")
    assert "Compute it yourself" in text
    assert not any(said in text for said in ("演练申请", "演练大学", "演练研究所"))
    requester.see("public-plan")
