"""A journalist checks an article: four statements are contradicted; one is followed to the event, a fact is cited."""

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
    _the_event_is_followed_and_cited(desk)
    assert not desk.found, "\n".join(desk.found)
    _it_is_kept_and_forgotten(Worker(people("reviewer")))


def _one_verdict_at_a_time(desk: Worker) -> None:
    desk.tab.locator("#show-contradicted").check()
    assert desk.tab.locator(".claim--supported:visible").count() == 0
    assert desk.tab.locator(".claim--contradicted:visible").count() == 4
    assert desk.tab.locator(".said__claim--supported:visible").count() == 0
    desk.tab.keyboard.press("ArrowRight")  # from one verdict to the next, and back
    assert desk.tab.locator(".claim--contradicted:visible").count() == 0
    desk.tab.keyboard.press("ArrowLeft")
    assert desk.tab.locator(".claim--contradicted:visible").count() == 4


def _the_event_is_followed_and_cited(desk: Worker) -> None:
    """From a statement to the gift of which it is told; from another to the fact that it is held against, and its citation."""
    read = desk.tab.locator(".claim--contradicted")
    event = (
        read.filter(has_text="Russia").locator(".grounds a[href^='/transfers/']").first.get_attribute("href")
    )
    fact = read.filter(has_text="1,500 g").locator(".grounds a[href^='/facts/']").first.get_attribute("href")
    desk.go(str(event))
    assert "Russia" in desk.tab.locator("main").inner_text()
    desk.go(str(fact))
    citation = desk.tab.get_by_role("link", name="BibTeX", exact=True).get_attribute("href")
    taken = desk.visitor.context.request.get(f"{desk.visitor.url}{fact}{citation}")
    assert taken.ok
    assert taken.text().startswith("@")
    assert str(fact).strip("/") in taken.text()


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
