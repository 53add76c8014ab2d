"""From a table of isotope ratios to an age that anybody can compute again: the seventeen Apollo 12 analyses of Compston et al. 1971.

A curator imports them, sees the line at 4.50 Ga and the warning that it is no eruption age, leaves the soils out with a reason, and
computes the age again; somebody who sees what is public sees the demonstration's line and takes it away.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.walks.conftest import Visitor
from tests.walks.test_working_day import Worker

TABLE = Path(__file__).parents[2] / "docs" / "examples" / "apollo-12-rb-sr.csv"
SOILS = ("15", "16", "17")
REASON = "a soil: its rubidium comes from KREEP"
WARNING = "This 4.50 Ga whole-rock line is no eruption age"
CITED = {
    "citation": "Compston et al. 1971, Proceedings of the Second Lunar Science Conference",
    "year": "1971",
}

People = Callable[[str], Visitor]


@pytest.fixture
def worker(people: People) -> Worker:
    return Worker(people("curator"))


def test_the_apollo_12_line_is_imported_warned_of_varied_taken_away_and_computed_again(
    worker: Worker, people: People, tmp_path: Path
) -> None:
    _the_table_is_looked_at(worker)
    age = _the_line_is_derived(worker)
    varied = _the_soils_are_left_out(worker, age)
    _it_comes_out_the_same_again(worker)
    _it_is_taken_away(worker, varied, tmp_path)
    _a_visitor_sees_the_published_line(Worker(people("reviewer")))
    assert not worker.found, "\n".join(worker.found)


def _the_table_is_looked_at(worker: Worker) -> None:
    worker.go("/results/import/")
    worker.tab.locator('input[name="file"]').set_input_files(TABLE)
    worker.fill({"origin": "literature", "method": "MS", "level": "1s", **CITED})
    worker.press("Look at it")
    assert worker.tab.get_by_role("definition").filter(has_text="17").count() == 2
    worker.look("results-table")
    worker.press("Take it all in")
    assert worker.path.startswith("/results/derive/")


def _the_line_is_derived(worker: Worker) -> str:
    worker.fill({"task": "isochron", "clock": "Rb-Sr", "title": "Seventeen of Apollo 12"})
    worker.tab.get_by_label("a line through several whole rocks").check()
    worker.press("Derive the age")
    assert worker.path.startswith("/results/")
    page = worker.tab.locator("main").inner_text()
    assert "4,499 ± 76 Ma" in page
    assert WARNING in page
    assert worker.tab.locator(".plot svg").is_visible()
    return worker.path


def _the_soils_are_left_out(worker: Worker, age: str) -> str:
    for row in SOILS:
        worker.tab.get_by_label(f"Leave out row {row}", exact=True).check()
    worker.press("Leave them out")
    assert "a point is not left out without a reason" in worker.tab.locator(".faults").inner_text()
    worker.go(age)
    for row in SOILS:
        worker.tab.get_by_label(f"Leave out row {row}", exact=True).check()
    worker.fill({"reason": REASON})
    worker.press("Leave them out")
    page = worker.tab.locator("main").inner_text()
    assert page.count(REASON) > len(SOILS)
    assert "4,040 ±" in page
    assert worker.tab.get_by_role("link", name="4,499 ± 76", exact=True).is_visible()
    worker.look("result")
    return worker.path


def _it_comes_out_the_same_again(worker: Worker) -> None:
    worker.follow("Compute it again")
    assert "the same, byte by byte" in worker.tab.get_by_role("status").inner_text()


def _it_is_taken_away(worker: Worker, age: str, folder: Path) -> None:
    """The bundle has the request; the command line, without the site, answers it with the very bytes that were kept."""
    with worker.tab.expect_download() as download:
        worker.tab.get_by_role("link", name="RO-Crate", exact=True).click()
    kept = folder / "age.zip"
    download.value.save_as(kept)
    key = age.removeprefix("/results/").split("/")[0]
    with zipfile.ZipFile(kept) as bundle:
        request, answer = (bundle.read(f"ages/{key}.{one}.json").decode() for one in ("request", "answer"))
        crate = json.loads(bundle.read("ro-crate-metadata.json"))
        assert crate["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    command = [sys.executable, "-m", "aliquot", "age", "-", "--json"]
    done = subprocess.run(command, input=request, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == f"{answer}\n"
    again = [sys.executable, "-m", "aliquot", "recompute", str(kept)]
    said = subprocess.run(again, capture_output=True, text=True, check=True, timeout=60).stdout
    assert f"{key}: the same, byte by byte" in said


def _a_visitor_sees_the_published_line(visitor: Worker) -> None:
    visitor.go("/samples/12009/results/")
    visitor.follow("Apollo 12 whole rocks and soils, Rb-Sr")
    page = visitor.tab.locator("main").inner_text()
    assert WARNING in page
    assert "Leave them out" not in page
    visitor.go("/chronology/?constants=steiger-jaeger-1977")
    assert "1,163 ± 8.1" in visitor.tab.locator("main").inner_text()
