"""A journalist checks an article: four statements are contradicted, one is followed to the event, and the event is cited."""

from __future__ import annotations

from collections.abc import Callable

from tests.walks.conftest import Visitor
from tests.walks.worker import Worker

ARTICLE = (
    "Chang'e 5 landed in Inner Mongolia on 17 December 2020 with 1,731 grams of lunar soil.\n"
    "China gave Russia 3 grams of it in February 2022.\n"
    "In April 2023 France received 5 grams of Chang'e 5 soil as a gift from China.\n"
    "Its successor Chang'e 6 brought back 1,500 grams of samples from the near side of the Moon.\n"
)


def test_a_journalist_follows_a_contradiction_to_the_event_and_cites_it(
    visitor: Visitor, people: Callable[[str], Visitor]
) -> None:
    desk = Worker(visitor)
    desk.go("/read/")
    desk.fill({"text": ARTICLE})
    desk.press("Read")
    wrong = desk.tab.locator(".claim--contradicted")
    assert wrong.count() == 4
    assert all(wrong.nth(n).locator(".grounds a[href^='/sources/']").count() for n in range(4))
    desk.look("reading")
    _one_verdict_at_a_time(desk)
    _the_gift_is_cited(desk)
    assert not desk.found, "\n".join(desk.found)
    _it_is_kept_and_forgotten(Worker(people("reviewer")))


def _one_verdict_at_a_time(desk: Worker) -> None:
    desk.tab.locator("#show-contradicted").check()
    assert desk.tab.locator(".claim--supported:visible").count() == 0
    assert desk.tab.locator(".claim--contradicted:visible").count() == 4


def _the_gift_is_cited(desk: Worker) -> None:
    """From the second statement to the gift of which it is told, and away with its citation."""
    gift = desk.tab.locator(".claim--contradicted", has_text="Russia").first
    with desk.tab.expect_navigation():
        gift.locator(".grounds a[href^='/transfers/']").first.click()
    assert desk.path.startswith("/transfers/")
    with desk.tab.expect_download() as taken:
        desk.tab.get_by_role("link", name="BibTeX", exact=True).click()
    text = taken.value.path().read_text("utf-8")
    assert text.startswith("@")
    assert desk.path.partition("?")[0].strip("/") in text


def _it_is_kept_and_forgotten(desk: Worker) -> None:
    desk.go("/read/")
    desk.fill({"text": ARTICLE})
    desk.press("Read")
    desk.tab.locator("#with-text").check()
    desk.press("Keep for myself")
    assert desk.path.startswith("/read/kept/")
    desk.look("kept-reading")
    desk.press("Forget this reading")
    assert desk.path == "/read/kept/"
    assert not desk.found, "\n".join(desk.found)
