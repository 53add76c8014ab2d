"""A gift and a return gift between states: given by the director, answered, and the receipt checked by somebody with the key alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.walks.conftest import Visitor
from tests.walks.worker import Worker

SAMPLE = "lot:luna-16:gift"
GIFT = {
    "sample_0": SAMPLE, "mass_0": "100 mg", "kind": "gift", "way": "given", "giver": "Demonstration state, its president",
    "receiver": "Another state, its president", "country": "FR", "instrument": "Demonstration: a letter of gift",
    "when": "2026-11", "occasion": "Demonstration: a state visit",
}  # fmt: skip
RETURN = {
    "what_0": "Demonstration: lunar soil in acrylic", "instrument": "Demonstration: a letter of thanks", "when": "?",
}  # fmt: skip

People = Callable[[str], Visitor]


def test_a_gift_and_a_return_gift_are_recorded_and_the_receipt_is_checked_offline(
    people: People, visitor: Visitor, tmp_path: Path
) -> None:
    director = Worker(people("director"))
    gift = _the_director_gives(director)
    _the_return_gift_answers_it(director, gift)
    _the_receipt_is_signed(director, gift)
    anybody = Worker(visitor)
    note, key = _anybody_takes_receipt_and_key_along(anybody, gift, tmp_path)
    _it_is_checked_without_the_site(note, key)
    found = [*director.found, *anybody.found]
    assert not found, "\n".join(found)


def _the_director_gives(director: Worker) -> str:
    """A date that is none is said beside its field, and what was typed is kept."""
    director.go("/gifts/record/")
    director.look("gift-record")
    director.fill(GIFT | {"when": "2026-13"})
    director.tab.get_by_label("What is named leaves for good").check()
    director.press("Record it")
    assert director.tab.locator(".field--fault").count() == 1
    director.look("gift-record-refused")
    director.fill({"when": GIFT["when"]})
    director.press("Record it")
    assert director.path.startswith("/gifts/"), director.tab.locator("main").inner_text()
    director.look("gift-given")
    said = director.tab.locator("main").inner_text()
    assert "100 mg" in said
    assert "Nov 2026" in said
    assert "Title passes" in said
    return director.path


def _the_return_gift_answers_it(director: Worker, gift: str) -> None:
    director.follow("Record what was given in return")
    assert director.tab.locator('[name="giver"]').input_value() == GIFT["receiver"]
    director.fill(RETURN)
    director.press("Record it")
    said = director.tab.locator("main").inner_text()
    assert "mass not published" in said
    director.tab.locator(f'main a[href="{gift}"]').click()
    director.tab.wait_for_url(f"**{gift}")
    assert "Answered by" in director.tab.locator("main").inner_text()


def _the_receipt_is_signed(director: Worker, gift: str) -> None:
    assert director.path == gift
    director.press("Sign the receipt")
    assert director.tab.get_by_role("link", name="Receipt as PDF").count() == 1
    director.look("gift-receipt")


def _anybody_takes_receipt_and_key_along(anybody: Worker, gift: str, folder: Path) -> tuple[Path, Path]:
    anybody.go(gift)
    anybody.look("gift-for-everybody")
    with anybody.tab.expect_download() as arriving:
        anybody.tab.get_by_role("link", name="Receipt as a file").click()
    note, key = folder / arriving.value.suggested_filename, folder / "vkey"
    arriving.value.save_as(note)
    key.write_bytes(anybody.visitor.context.request.get(f"{anybody.visitor.url}/ledger/vkey").body())
    return note, key


def _it_is_checked_without_the_site(note: Path, key: Path) -> None:
    command = [sys.executable, "-m", "aliquot", "check-receipt", note, "--key", key]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "gift, title passes" in done.stdout
    assert f"{SAMPLE}\t100 mg" in done.stdout
    note.write_text(note.read_text().replace("100000000", "900000000"))
    assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 1
