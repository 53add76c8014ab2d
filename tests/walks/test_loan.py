"""A loan abroad, end to end: granted, agreed, cut, sent, one vial broken, renewed, one vial missing, back, closed, and the ledger verified.

Everything from the grant on is done page by page, by whoever it falls to; the receiver in Japan has a phone and no account, the
borrower makes the inventory with a phone.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator
from tests.uploads import PDF, a_png
from tests.walks.conftest import PHONE, PICTURES, WIDE, Product, Visitor, _free_port
from tests.walks.pages import IN_THE_LOAN
from tests.walks.worker import Worker

HERE = Path(__file__).parent
VIALS = ("W-LOAN-1", "W-LOAN-2", "W-LOAN-3")
LOG = "time,temperature_c,shock_g\n" + "".join(
    f"2026-01-{1 + n // 24:02d}T{n % 24:02d}:00Z,{20 + (n * 7) % 5 - n % 3},{(n * 13) % 10 / 10 + 4 * (n == 50)}\n"
    for n in range(72)
)
LETTERS = re.compile(r"(?<![\w.@/:-])[A-Za-z]{3,}(?![\w@/:-])")
# What stays as it is in every language: units, names of programs and files, and what the walk itself types.
SAME_EVERYWHERE = frozenset(
    [
        "Aliquot",
        "PDF",
        "CSV",
        "UTC",
        "SHA",
        "lot",
        "soil",
        "log",
        "csv",
        "png",
        "pdf",
        "cracked",
        "passport",
        "Courier",
        "Professor",
        "BAL",
        "Bench",
        "Balance",
        "Ion",
        "probe",
        "water",
        "by",
        "depth",
        "Demonstration",
        "demonstration",
    ]
)


@dataclass
class Served:
    """A copy of the demonstration in which a request was granted, and where each signs in."""

    url: str
    request: str
    links: dict[str, str]


@pytest.fixture
def served(product: Product, tmp_path: Path) -> Iterator[Served]:
    home, port = tmp_path / "demo", _free_port()
    shutil.copytree(product.home, home, ignore=shutil.ignore_patterns("*.sqlite3*"))
    with (
        sqlite3.connect(product.home / "aliquot.sqlite3") as held,
        sqlite3.connect(home / "aliquot.sqlite3") as copy,
    ):
        held.backup(copy)
    made = subprocess.run(
        [sys.executable, HERE / "lending_made.py", home], capture_output=True, text=True, timeout=60
    )
    assert made.returncode == 0, made.stderr[-4000:]
    told = json.loads(made.stdout)
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "aliquot", "serve", "--home", str(home), "--port", str(port)]
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
        try:
            _wait_for(url, process)
            yield Served(url, told["request"], told["links"])
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until it answers; a machine that is busy may need long for the first answer."""
    for _attempt in range(600):
        try:
            urllib.request.urlopen(f"{url}/health", timeout=60).close()  # noqa: S310 - our own server
        except OSError:
            assert process.poll() is None, "`aliquot serve` ended"
            time.sleep(0.1)
        else:
            return
    pytest.fail("`aliquot serve` does not answer", pytrace=False)


class Party(Worker):
    """Somebody with a part in the loan."""

    def see(self, name: str, *, chinese: bool = True) -> None:
        """Look at the page as one has it, and at the same in Chinese, in which nothing may be left in English."""
        self.look(name)
        self.tab.screenshot(path=PICTURES / f"loan-{name}.jpeg", type="jpeg", quality=70, full_page=True)
        if not chinese:
            return
        path = self.path.partition("#")[0]
        self.go(f"/zh-hans{path}")
        self.tab.evaluate("document.querySelectorAll('main [lang=en]').forEach(one => one.remove())")
        lines = self.tab.inner_text("main").splitlines()
        text = "\n".join(line for line in lines if "emonstration" not in line and "W-LOAN" not in line)
        text = re.sub(r"\b[A-Z]{1,3}-\d+\b|[a-z]+:[\w/:-]+", "", text)
        if left := sorted(set(LETTERS.findall(text)) - SAME_EVERYWHERE):
            self.found.append(f"{name}: English on the page in Chinese: {', '.join(left)}")
        self.go(path)

    def way(self, title: str) -> Locator:
        """Unfold one of the acts that the page offers."""
        found = self.tab.locator("details.way").filter(
            has=self.tab.locator("summary", has_text=re.compile(f"^{title}$"))
        )
        return _opened(found)

    def do(self, title: str, button: str, **told: str) -> None:
        """Fill in the form of an act and send it; the page must take it."""
        fold = self.way(title)
        for name, value in told.items():
            field = fold.locator(f'[name="{name}"]').first
            kind = field.evaluate("field => field.type")
            if kind == "radio":
                fold.locator(f'[name="{name}"][value="{value}"]').check()
            elif kind.startswith("select"):
                field.select_option(value)
            else:
                field.fill(value)
        self.press(button, fold)
        self.is_well()

    def is_well(self) -> None:
        wrong = self.tab.locator(".errorlist, .message--error").all_inner_texts()
        assert not wrong, wrong


def _opened(fold: Locator) -> Locator:
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()
    return fold


People = Callable[[str], Party]


@pytest.fixture
def people(browser: Browser, served: Served) -> Iterator[People]:
    """Curator, director and borrower, each come in by a one-time link; the receiver comes from nowhere, with a phone."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    came: dict[str, Party] = {}

    def come_in(word: str) -> Party:
        if word not in came:
            context = browser.new_context(
                viewport=PHONE if word == "receiver" else WIDE, reduced_motion="reduce", color_scheme="light"
            )
            context.set_default_timeout(30_000)
            came[word] = one = Party(Visitor(context, served.url))
            if word == "receiver":
                one.tab.set_viewport_size(PHONE)
            else:
                one.go(served.links[word])
                with one.tab.expect_navigation():
                    one.tab.locator("main form[method=post] button").first.click()
        return came[word]

    yield come_in
    for one in came.values():
        one.visitor.context.close()


def test_a_loan_goes_to_japan_and_comes_back_with_one_vial_broken_and_one_missing(
    served: Served, people: People, tmp_path: Path
) -> None:
    loan = _an_agreement_is_made(served, people, tmp_path)
    _the_vials_are_cut(people("curator"), loan)
    _a_parcel_arrives_damaged(people, loan, tmp_path)
    _the_loan_is_renewed(people, loan)
    lost = _a_vial_cannot_be_found(people, loan, tmp_path)
    _what_is_left_comes_back(people, loan)
    _the_loss_is_followed_to_its_end(people("curator"), lost)
    _the_ledger_is_sound(tmp_path)
    everybody = [people(word) for word in ("curator", "director", "borrower", "receiver")]
    found = [said for one in everybody for said in one.found]
    assert not found, "\n".join(found)
    assert set(IN_THE_LOAN) <= set().union(*(one.looked_at for one in everybody))


def _an_agreement_is_made(served: Served, people: People, folder: Path) -> str:
    curator, borrower, director = people("curator"), people("borrower"), people("director")
    curator.go("/loans/")
    curator.tab.locator(f'a[href="/agreements/new/{served.request}/"]').click()
    today = datetime.now(UTC).date()
    curator.fill({
        "lender_institution": "Demonstration laboratory", "lender_person": "Demonstration curator", "lender_country": "CN",
        "begins": f"{today}", "ends": f"{today + timedelta(days=360)}", "credit": "Samples of the Demonstration facility.",
        "consumed_most_0": "20 mg",
    })  # fmt: skip
    curator.see("agreement-new", chinese=False)
    curator.press("Read the text first")
    assert "样品仅用于以下用途" in curator.tab.inner_text("main")
    curator.press("Draft the agreement")
    curator.is_well()
    page = curator.path
    curator.do("Offer it to the borrower", "Offer it")
    curator.see("agreement")
    paper = folder / "signed.pdf"
    for one, title, button in ((borrower, "Record the borrower's signature", "Record the signature"),
                               (director, "Countersign for the lender", "Countersign")):  # fmt: skip
        one.go(page.partition("#")[0])
        paper.write_bytes(PDF)
        one.way(title).locator('[name="file"]').set_input_files(paper)
        one.do(title, button, name="Demonstration", capacity="Professor")
    return director.path.partition("#")[0]


def _the_vials_are_cut(curator: Party, loan: str) -> None:
    curator.go(loan)
    curator.tab.get_by_role("link", name=re.compile("To the bench")).click()
    for i, number in enumerate(VIALS):
        curator.fill({f"cuts.{i}.number": number, f"cuts.{i}.mass": "30 mg"})
    curator.see("work-order", chinese=False)
    curator.press("Record")
    curator.is_well()
    assert curator.path.startswith(loan)


def _a_parcel_arrives_damaged(people: People, loan: str, folder: Path) -> None:
    curator, receiver = people("curator"), people("receiver")
    curator.go(loan)
    curator.do("Pack a parcel to the borrower", "Pack it")
    parcel = curator.path.partition("#")[0]
    curator.do("Hand it over", "Hand it over", seals="S-1\nS-2", gross_ng="1.2 kg", gross_sd_ng="1 g", carrier="Courier",
               expected_on=f"{datetime.now(UTC).date() + timedelta(days=3)}", collector="Demonstration courier", identity="passport")  # fmt: skip
    log = folder / "log.csv"
    log.write_text(LOG, "utf-8")
    curator.way("Attach a paper or a transport log").locator('[name="file"]').set_input_files(log)
    curator.do("Attach a paper or a transport log", "Attach", kind="transport log")
    curator.do("Let the receiver confirm without an account", "Make a link", days="7")
    link = curator.tab.locator(".told-once code").inner_text().removeprefix(curator.visitor.url)
    receiver.go(link)
    receiver.fill({"name": "Demonstration mail room", "gross_ng": "1.2 kg", "note": "演练：一瓶有裂纹。"})
    receiver.tab.locator('[name="intact"][value="yes"]').check()
    receiver.tab.locator('[name="found_0"][value="damaged"]').check()
    photograph = folder / "cracked.png"
    photograph.write_bytes(a_png())
    receiver.tab.locator('[name="photograph"]').set_input_files(photograph)
    receiver.see("parcel-confirm", chinese=False)
    receiver.press("Confirm that it arrived")
    assert "Thank you" in receiver.tab.inner_text("main")
    answer = receiver.tab.goto(receiver.visitor.url + link)
    assert answer
    assert answer.status == 410
    curator.go(parcel)
    curator.see("parcel")
    assert "INC" in curator.tab.inner_text("main") or "Incident" in curator.tab.inner_text("main")


def _the_loan_is_renewed(people: People, loan: str) -> None:
    curator, borrower = people("curator"), people("borrower")
    borrower.go(loan.replace("/loans/", "/borrowing/"))
    borrower.do("A renewal", "Ask for it", months="6", reason="演练：束流时间推迟。")
    wish = borrower.path
    curator.go(wish)
    curator.do("Grant it", "Grant it")
    curator.go(loan)
    curator.see("loan")
    curator.tab.get_by_role("link", name="Amend the agreement").click()
    curator.see("agreement-amend", chinese=False)


def _a_vial_cannot_be_found(people: People, loan: str, folder: Path) -> str:
    """Let the borrower count with a phone; return the file that the missing vial has from then on."""
    curator, borrower = people("curator"), people("borrower")
    borrower.tab.set_viewport_size(PHONE)
    borrower.go(f"{loan.replace('/loans/', '/borrowing/')}inventory/")
    photograph = folder / "vial.png"
    photograph.write_bytes(a_png())
    for number in VIALS:
        line = borrower.tab.locator("section.taking__line").filter(
            has=borrower.tab.locator("h2", has_text=number)
        )
        is_lost = number == VIALS[2]
        line.locator(f'[name="outcome"][value="{"cannot find" if is_lost else "have"}"]').check()
        _opened(line.locator("details"))
        if is_lost:
            line.locator('[name="note"]').fill("演练：不在保险柜中。")
        elif number == VIALS[0]:
            line.locator('[name="photograph"]').set_input_files(photograph)
        borrower.press(f"Save and go on {number}", line)
        borrower.is_well()
    borrower.press("Hand the inventory in")
    said = borrower.tab.inner_text("main")
    assert "handed in" in said
    assert VIALS[2] in borrower.tab.locator("section[aria-labelledby=incidents]").inner_text()
    borrower.tab.set_viewport_size(WIDE)
    curator.go("/today/")
    with curator.tab.expect_navigation():
        curator.tab.locator("main a[href^='/incidents/']").last.click()
    lost = curator.path
    assert "演练：不在保险柜中。" in curator.tab.inner_text("main")
    curator.fill({"step": "told", "who": "Demonstration office", "text": "演练：已告知。"})
    curator.press("Note it")
    curator.go(loan)
    curator.do(
        "Record that something cannot be found",
        "Record it as missing",
        sample=VIALS[2],
        reason="演练：共同寻找未果。",
    )
    return lost


def _the_loss_is_followed_to_its_end(curator: Party, lost: str) -> None:
    """Close the file of the loss: what was done with the loan stands in it already."""
    curator.go(lost)
    said = curator.tab.inner_text("main")
    for told in ("演练：已告知。", "演练：共同寻找未果。", "演练：多方寻找未果。"):
        assert told in said, told
    curator.fill({"outcome": "演练：核销。"})
    curator.press("Close it")
    assert "演练：核销。" in curator.tab.inner_text("main")
    curator.go("/today/")
    assert lost not in curator.tab.locator("main").inner_html()


def _the_ledger_is_sound(folder: Path) -> None:
    """Publish the book of the walk and verify it as an auditor does."""
    out = folder / "log"
    home = ("--home", str(folder / "demo"))
    verified = (f"{out}/book.txt", f"{out}/checkpoint", "--key", f"{out}/vkey")
    for words in (("publish", str(out), *home), ("verify", *verified)):
        command = [sys.executable, "-m", "aliquot", *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


def _what_is_left_comes_back(people: People, loan: str) -> None:
    curator, borrower, director = people("curator"), people("borrower"), people("director")
    borrower.go(loan)
    borrower.do("Pack a parcel back to the store", "Pack it")
    parcel = borrower.path.partition("#")[0]
    borrower.do(
        "Hand it over", "Hand it over", seals="J-1", gross_ng="900 g", gross_sd_ng="1 g", carrier="Courier"
    )
    curator.go(parcel)
    curator.do("Confirm that it arrived", "Confirm", gross_ng="900 g", gross_sd_ng="1 g", place="NAOC")
    curator.go(loan)
    curator.follow("Weigh and accept")
    curator.see("loan-return")
    for number in VIALS[:2]:
        part = curator.tab.locator("section.section").filter(has=curator.tab.locator("h2", has_text=number))
        fold = _opened(part.locator("details.way").first)
        fold.locator('[name="balance"]').select_option("BAL-9")
        fold.locator('[name="declared_ng"]').fill("30 mg")
        fold.locator('[name="readings"]').fill("30 mg\n30 mg")
        curator.press("Record the weighing", fold)
        curator.is_well()
        fold = _opened(part.locator("details.way").nth(1))
        fold.locator('[name="note"]').fill("演练：完好。")
        curator.press("Accept it", fold)
        curator.is_well()
    director.go(loan)
    director.do("Close the loan", "Close it", reason="演练：多方寻找未果。")
    assert "closed" in director.tab.inner_text(".standing")
