"""A correction of the record: somebody proposes it with its source, a second person verifies it, the event's page shows it."""

from __future__ import annotations

from collections.abc import Callable

from tests.walks.conftest import Visitor
from tests.walks.worker import Worker

EVENT = "2021-hong-kong-display"
# The record has the day of the ceremony; the same reports tell when the public came in.
TOLD = {
    "about": EVENT, "says": "date", "on": "2021-06-27", "grade": "B", "date": "2021-06-27", "scope_en": "opening to the public",
    "source_title": "Chang'e-5 samples shown in Hong Kong", "source_publisher": "CGTN; Macao Daily", "source_grade": "B",
    "source_date": "2021-06-27", "source_language": "en",
    "source_addresses": "news.cgtn.com/news/2021-06-27 macaodaily.com/html/2024-11/09/content_1793039.htm",
    "contradicts": EVENT, "why": "The display was open from 27 June on.",
}  # fmt: skip


def test_a_correction_is_proposed_verified_by_a_second_person_and_stands_on_the_page_of_the_event(
    visitor: Visitor, people: Callable[[str], Visitor]
) -> None:
    requester, curator, anybody = Worker(people("requester")), Worker(people("curator")), Worker(visitor)
    claim = _it_is_proposed(requester)
    _it_counts_nowhere_yet(anybody, claim)
    _a_second_person_verifies_it(curator, claim)
    _anybody_sees_it_and_how_it_came_to_be(anybody, claim)
    found = [*requester.found, *curator.found, *anybody.found]
    assert not found, "\n".join(found)


def _it_is_proposed(requester: Worker) -> str:
    requester.go(f"/transfers/{EVENT}/")
    requester.follow("Propose a correction")
    requester.fill({name: value for name, value in TOLD.items() if not name.startswith("source_")})
    requester.press("Propose it")
    assert "source" in requester.tab.locator(".faults, .errorlist, [id$=_error]").first.inner_text()
    assert requester.tab.locator('[name="why"]').input_value() == TOLD["why"]
    requester.look("propose-without-a-source")
    requester.fill({name: value for name, value in TOLD.items() if name.startswith("source_")})
    requester.press("Propose it")
    assert requester.path.startswith("/claims/claim-"), requester.tab.locator("main").inner_text()
    assert requester.tab.get_by_role("button", name="Put it on record").count() == 0
    return requester.path


def _it_counts_nowhere_yet(anybody: Worker, claim: str) -> None:
    anybody.go(claim)
    assert "It counts nowhere" in anybody.tab.locator("main").inner_text()
    anybody.go(f"/transfers/{EVENT}/")
    assert "27 Jun 2021" not in anybody.tab.locator("main").inner_text()


def _a_second_person_verifies_it(curator: Worker, claim: str) -> None:
    curator.go("/claims/?waiting=on")
    curator.follow(claim.split("/")[2])
    curator.tab.get_by_label("Verified: the evidence suffices").check()
    curator.press("Put it on record")
    assert curator.path == claim
    curator.look("claim-verified")


def _anybody_sees_it_and_how_it_came_to_be(anybody: Worker, claim: str) -> None:
    key = claim.split("/")[2]
    anybody.go(f"/transfers/{EVENT}/")
    assert "27 Jun 2021" in anybody.tab.locator(f'[data-claim="{key}"]').first.inner_text()
    anybody.go(claim)
    history = anybody.tab.locator(".steps > li").all_inner_texts()
    assert [text.split(" ")[0] for text in history] == ["proposed", "verified"]
    assert str(TOLD["why"]) in history[0]
    anybody.tab.locator(".steps > li").last.get_by_role("link").first.click()
    anybody.tab.wait_for_url("**/ledger/*/")
    assert f"{key}/2" in anybody.tab.locator("main").inner_text()
