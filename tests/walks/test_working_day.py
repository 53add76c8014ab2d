"""A working day in the collection, end to end: a capsule arrives and everything that is done to it until evening.

The curator works at a tablet; what happens in each hour needs what happened in those before. At the end the API has
every mass to the nanogram, and the published book is sound.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.walks.conftest import Product, Visitor
from tests.walks.pages import IN_THE_DAY
from tests.walks.worker import Worker

SHELF, CAN, VESSELS = "T-SHELF", "T-CAN", [f"T-V{n:02d}" for n in range(1, 11)]
CUTS = "number\tmass\tform\tinto\n" + "\n".join(
    f"{vessel}\t{'193.5' if vessel != VESSELS[-1] else '193.4'} g\tbulk\t{vessel}-BOX" for vessel in VESSELS
)
GRAINS = {"T-G1": "120.007 µg", "T-G2": "121 µg", "T-G3": "122 µg"}
SECOND = "Demonstration second curator"
BACKUP = "lot:ce5:backup-1"
# What the ledger must have in the evening. The vessel from which the grains were picked has lost just them.
EVENING_NG = {
    "T-CAPSULE": 400_000_000,
    **dict.fromkeys(VESSELS[1:9], 193_500_000_000),
    "T-V01": 193_500_000_000 - 120_007 - 121_000 - 122_000,
    "T-V10": 193_400_000_000,
    "T-G1": 120_007,
    "T-G2": 121_000,
    "T-G3": 122_000,
    "T-B1": 1_000_000_000,
    BACKUP: 9_000_000_000,
    "10002": 5_629_000_000_000,
}
TABLE = (
    "ID,Mission,Type,Subtype,Weight (g),Pristine (%)\n"
    "10001,Apollo11,Soil,Unsieved,125.8,88.36\n10002,Apollo11,Soil,Unsieved,lots,93.73\n10003,Apollo11,Basalt,,213,65.5\n"
)
COMPENDIUM = (
    "sample,heading_mass,heading_mass_unit,heading_name,heading_names_several_samples\n"
    "15021,607.5,grams,Soil,no\n15555,9614,grams,Basalt,no\n"
)
CATALOGUE = "ID,Type,Weight (g)\n15021,Soil,503\n15555,Basalt,9614\n"

People = Callable[[str], Visitor]


@pytest.fixture
def worker(people: People) -> Worker:
    return Worker(people("curator"))


def test_a_working_day_from_the_capsule_to_a_sound_book(
    worker: Worker, people: People, product: Product, tmp_path: Path
) -> None:
    director, second = Worker(people("director")), Worker(people("curator-2"))
    _the_store_is_set_up(worker)
    _the_capsule_arrives(worker)
    entry = _it_is_split_by_keyboard(worker)
    _grains_are_picked_and_photographed(worker, tmp_path)
    _the_shelf_is_counted(worker, director)
    _what_was_missing_is_found(worker)
    _a_move_is_undone(worker)
    _a_sealed_sample_is_touched(worker, director, second)
    _a_table_is_mended_and_taken_in(worker, tmp_path)
    _two_catalogues_are_compared(worker, tmp_path)
    _every_nanogram_is_there(worker, entry)
    _the_book_is_sound(product, tmp_path)
    everybody = (worker, director, second)
    assert set(IN_THE_DAY) <= set().union(*(one.looked_at for one in everybody))
    assert not (found := [said for one in everybody for said in one.found]), "\n".join(found)


def _the_store_is_set_up(worker: Worker) -> None:
    inside = "NAOC"
    for code, kind in (("T-ROOM", "room"), ("T-CABINET", "cabinet"), (SHELF, "shelf")):
        _make(worker, inside, code, kind)
        inside = code
    _make(worker, SHELF, " ".join([CAN, *(f"{vessel}-BOX" for vessel in VESSELS)]), "container")
    assert worker.tab.get_by_role("link", name="T-V10-BOX", exact=True).is_visible()
    worker.look("place")
    worker.go("/instruments/")
    worker.unfold("Enter an instrument")
    worker.fill({"key": "T-BAL", "name_en": "Test balance", "kind": "balance"})
    worker.press("Enter it")
    assert worker.path.startswith("/instruments/T-BAL/")
    worker.unfold("Calibrate it")
    worker.fill({"calibration": "T-CAL", "sd": "0.2 mg"})
    worker.press("Record the calibration")
    worker.look("instrument")
    worker.go("/tools/")
    worker.unfold("Enter a tool")
    worker.fill({"key": "T-TWEEZERS", "name_en": "Test tweezers", "material": "steel"})
    worker.press("Enter it")
    worker.unfold("Clean a batch")
    worker.fill({"batch": "T-B1", "tools": "T-TWEEZERS", "method": "ultrapure water"})
    worker.press("Record the cleaning")
    worker.follow("T-TWEEZERS")
    worker.look("tool")


def _make(worker: Worker, inside: str, code: str, kind: str) -> None:
    worker.go(f"/places/{inside}/")
    form = worker.unfold("Make a place in it")
    worker.fill({"code": code, "kind": kind}, "form:has([name=act][value=make])")
    worker.press("Make it", form)


def _the_capsule_arrives(worker: Worker) -> None:
    worker.go("/bench/receive/")
    giver = worker.tab.locator("#list-origin option").first.get_attribute("value") or ""
    assert giver.startswith("origin:")
    told = {"samples.0.number": "T-CAPSULE", "samples.0.mass": "1,935.3 g", "samples.0.form": "bulk"}
    told |= {"origin": giver, "target": CAN, "seals": "T-SEAL", "balance": "T-BAL", "tools": "T-TWEEZERS"}
    worker.fill(told)
    worker.press("Check only")
    # The form opens at what is wrong, and each fault leads to its field.
    faults = worker.tab.locator(".faults")
    assert worker.tab.evaluate("document.activeElement.matches('.faults')")
    assert faults.locator("li").count() == 2
    faults.get_by_role("link", name="second person").click()
    worker.look("faults of an act")
    worker.fill({"samples.0.mass": "1935.3 g"})
    worker.tab.locator("#f-second").select_option(label=SECOND)
    worker.record()
    worker.follow("T-CAPSULE")
    worker.unfold("More acts")
    worker.follow("Unseal", ".work")
    worker.fill({"seals": "T-SEAL", "found": "intact"})
    worker.tab.locator("#f-second").select_option(label=SECOND)
    worker.record()
    worker.follow("T-CAPSULE")
    worker.follow("Weigh", ".work")
    readings = ("1935.3001 g", "1935.2999 g", "1935.3 g")
    worker.fill({f"readings.{n}.reading": said for n, said in enumerate(readings)} | {"balance": "T-BAL"})
    worker.record()
    assert "1,935.3\u00a0g ±" in worker.tab.inner_text("main")


def _it_is_split_by_keyboard(worker: Worker) -> str:
    """Split the capsule without a mouse, print the labels, and return the address of the entry."""
    worker.follow("T-CAPSULE")
    worker.follow("Split", ".work")
    keys = worker.tab.keyboard
    worker.tab_to(".pasting summary")
    keys.press("Enter")
    worker.tab_to("[name='cuts.pasted']")
    keys.insert_text(CUTS)
    worker.tab_to("[name=left]")
    keys.insert_text("0.4 g")
    worker.tab_to("[name=balance]")
    keys.type("T-BAL")
    worker.tab.locator(".closing .good").wait_for()
    worker.tab_to("button[name=record]")
    with worker.tab.expect_navigation():
        keys.press("Enter")
    assert worker.path.startswith("/handlings/"), worker.tab.locator(".faults").all_inner_texts()
    entry = worker.visitor.first_link(worker.tab, r"^/ledger/\d+/$")
    worker.look("handling")
    worker.follow("Print labels")
    assert worker.tab.locator("textarea[name=names]").input_value().split() == VESSELS
    worker.look("labels")
    query = "&".join(f"sample={vessel}" for vessel in VESSELS)
    printed = worker.tab.request.get(f"{worker.visitor.url}/labels.pdf?{query}&size=38x19")
    assert printed.body().startswith(b"%PDF")
    return entry


def _grains_are_picked_and_photographed(worker: Worker, folder: Path) -> None:
    told = {"parent": "T-V01", "tools": "T-TWEEZERS"}
    for n, (number, mass) in enumerate(GRAINS.items()):
        told |= {f"cuts.{n}.number": number, f"cuts.{n}.mass": mass, f"cuts.{n}.form": "fragment"}
    worker.act("pick", told)
    worker.act("pot", {"resin": "test resin, batch 1"}, "?sample=T-G1")
    picture = folder / "grain.png"
    picture.write_bytes(_png(width_px=320, height_px=240))
    worker.go("/samples/T-G1/")
    worker.tab.set_input_files("main input[type=file]", picture)
    worker.tab.get_by_role("button", name="Attach", exact=True).click()
    photograph = worker.tab.locator("main a[href^='/photographs/']").first
    photograph.wait_for()
    with worker.tab.expect_navigation():
        photograph.click()
    worker.fill({"alternative_en": "A potted grain, seen from above"})
    worker.press("Save")
    worker.look("photograph")


def _png(*, width_px: int, height_px: int) -> bytes:
    """Return a picture with a soft slope of grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((x + y) % 256 for x in range(width_px)) for y in range(height_px))
    head = struct.pack(">IIBBBBB", width_px, height_px, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _the_shelf_is_counted(worker: Worker, director: Worker) -> None:
    """Count the shelf with a scanner, which types and presses Enter, and the keyboard; one vessel is missing."""
    worker.go("/audits/")
    worker.fill({"title": "Test shelf", "place": SHELF, "count": "20"})
    worker.press("Draw the samples")
    audit, keys = worker.path, worker.tab.keyboard
    worker.look("audit")
    worker.tab.reload()
    worker.tab_to("#scan")
    for number in (*VESSELS[:3], *VESSELS[4:], *GRAINS, "T-CAPSULE"):
        keys.insert_text(number)
        with worker.tab.expect_navigation():
            keys.press("Enter")
        assert worker.tab.locator("p.message").inner_text() == f"{number}: seen"
    line = worker.tab.locator(".count__line", has=worker.tab.get_by_role("link", name="T-V04", exact=True))
    own = f"#{line.get_attribute('id')}"
    worker.tab_to(f"{own} button[value=missing]")
    with worker.tab.expect_navigation():
        keys.press("Enter")
    worker.tab_to(f"{own} [name=reason]")
    keys.insert_text("It is not in its box.")
    with worker.tab.expect_navigation():
        keys.press("Enter")
    assert line.locator(".count__outcome").inner_text() == "missing"
    worker.press("Close the audit")
    director.go(audit)
    director.fill({"remark": "The missing vessel is looked for."})
    director.press("Sign the audit")
    assert "Demonstration director" in director.tab.inner_text("main dl")
    assert director.tab.request.get(f"{director.visitor.url}{audit}report.pdf").body().startswith(b"%PDF")


def _what_was_missing_is_found(worker: Worker) -> None:
    worker.go("/samples/T-V04/")
    worker.follow("Report an incident", ".work")
    worker.fill({"kind": "lost", "what": "It is not in its box.", "place": "T-V04-BOX"})
    worker.press("Report it")
    worker.fill({"step": "told", "who": "the director", "text": "By word of mouth."})
    worker.press("Note it")
    worker.look("incident")
    worker.fill({"outcome": "It stood in the next box."})
    worker.press("Close it")
    worker.follow("T-V04")
    worker.follow("Report found", ".work")
    worker.fill({"target": "T-V05-BOX"})
    worker.record()


def _a_move_is_undone(worker: Worker) -> None:
    worker.act("move", {"target": "T-V05-BOX"}, "?samples=T-V03")
    worker.follow("Correct or undo it")
    worker.fill({"reason": "It was never moved."})
    worker.record()
    worker.go("/places/T-V03-BOX/")
    assert worker.tab.get_by_role("link", name="T-V03", exact=True).is_visible()


def _a_sealed_sample_is_touched(worker: Worker, *others: Worker) -> None:
    worker.go(f"/bench/split/?parent={BACKUP}")
    worker.fill(
        {"cuts.0.number": "T-B1", "cuts.0.mass": "1 g", "reason": "A test of two more pairs of eyes."}
    )
    worker.press("Record")
    assert "is sealed" in worker.tab.locator(".faults").inner_text()
    worker.press("Propose it for approval")
    proposal = worker.path
    for other in others:
        other.go("/proposals/")
        other.follow("Split")
        assert other.path == proposal
        if other is others[0]:
            other.look("proposal")
        other.press("Approve")
    worker.go(proposal)
    worker.press("Carry it out")
    assert worker.path.startswith("/handlings/")


def _a_table_is_mended_and_taken_in(worker: Worker, folder: Path) -> None:
    table = folder / "table.csv"
    table.write_text(TABLE, "utf-8")
    worker.go("/imports/")
    worker.tab.set_input_files("#id_files", table)
    worker.fill({"mapping": "apollo-catalogue"})
    worker.press("Look at them")
    worker.press("Take it all in")
    assert "Nothing was taken in" in worker.tab.inner_text("main")
    worker.look("import")
    worker.fill({"cell:0:3:Weight (g)": "5629"})
    worker.tab.get_by_role("checkbox").check()
    worker.press("Mend and check again")
    assert "Everything is in order" in worker.tab.inner_text("main")
    worker.press("Take it all in")
    assert "Taken in whole" in worker.tab.inner_text("main")


def _two_catalogues_are_compared(worker: Worker, folder: Path) -> None:
    left, right = folder / "left.csv", folder / "right.csv"
    left.write_text(COMPENDIUM, "utf-8")
    right.write_text(CATALOGUE, "utf-8")
    worker.go("/reconciliations/")
    worker.tab.set_input_files("#id_left", left)
    worker.tab.set_input_files("#id_right", right)
    worker.press("Compare")
    worker.look("reconciliation")
    worker.fill({"decision": "both", "reason": "The whole soil and its fines."})
    worker.press("Record the decision")
    assert "both are right" in worker.tab.locator("tbody").inner_text()


def _every_nanogram_is_there(worker: Worker, split: str) -> None:
    """Hold the API and the ledger's own page of the split against what was weighed."""
    api = f"{worker.visitor.url}/api/v1/samples"
    found = {number: worker.tab.request.get(f"{api}/{number}").json()["mass_ng"] for number in EVENING_NG}
    assert found == EVENING_NG
    worker.go(split)
    rows = worker.tab.locator("tbody tr").all_inner_texts()
    moved = {row.split()[0]: row.rsplit("\t", 1)[-1].strip() for row in rows}
    assert moved == {
        "T-CAPSULE": "−1,934.9 g",
        **dict.fromkeys(VESSELS[:-1], "+193.5 g"),
        VESSELS[-1]: "+193.4 g",
    }
    worker.follow("Split", "aside")
    assert worker.path.startswith("/handlings/")


def _the_book_is_sound(product: Product, folder: Path) -> None:
    log = folder / "log"
    command = [sys.executable, "-m", "aliquot"]
    subprocess.run(
        [*command, "publish", log, "--home", product.home], check=True, capture_output=True, timeout=120
    )
    book = [log / "book.txt", log / "checkpoint", "--key", log / "vkey"]
    done = subprocess.run([*command, "verify", *book], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every balance holds" in done.stdout
