"""Somebody at a tablet who does something page by page, and looks around where nobody has looked yet."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import Locator
from playwright.sync_api import Page as Tab
from tests.walks.conftest import Visitor, axe_says, too_wide

TABLET = {"width": 768, "height": 1024}


class Worker:
    """Somebody at a tablet: goes to pages, fills forms, sends them, and looks around where nobody has looked yet."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.tab = visitor, visitor.tab()
        self.looked_at, self.found = set[str](), list[str]()
        self.tab.set_viewport_size(TABLET)

    def go(self, path: str) -> None:
        answer = self.tab.goto(self.visitor.url + path)
        assert answer
        assert answer.status == 200, f"{path} answered {answer.status}"

    @property
    def path(self) -> str:
        return self.tab.url.removeprefix(self.visitor.url)

    def fill(self, told: Mapping[str, str], within: str = "main") -> None:
        """Type into the fields of these names, and choose where something is to be chosen."""
        for name, value in told.items():
            field = self.tab.locator(f'{within} [name="{name}"]')
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def press(self, button: str, within: Tab | Locator | None = None) -> None:
        """Press a button that sends a form, and wait for the page that answers."""
        with self.tab.expect_navigation():
            (within or self.tab.locator("main")).get_by_role("button", name=button, exact=True).click()

    def follow(self, link: str, within: str = "main") -> None:
        with self.tab.expect_navigation():
            self.tab.locator(within).get_by_role("link", name=link, exact=True).first.click()

    def unfold(self, what: str) -> Locator:
        fold = self.tab.locator("details").filter(has=self.tab.locator("summary", has_text=what)).first
        fold.locator("summary").first.click()
        return fold

    def act(self, kind: str, told: Mapping[str, str], query: str = "") -> None:
        """Record an act at the bench."""
        self.go(f"/bench/{kind}/{query}")
        self.fill(told)
        self.record()

    def record(self) -> None:
        self.press("Record")
        said = self.tab.locator(".faults").all_inner_texts()
        assert self.path.startswith("/handlings/"), said

    def tab_to(self, what: str) -> None:
        """Press Tab until the focus is where one wants it, as somebody does who has no mouse."""
        for _step in range(150):
            self.tab.keyboard.press("Tab")
            if self.tab.evaluate("what => document.activeElement.matches(what)", what):
                return
        pytest.fail(f"{self.path}: the Tab key never came to {what}", pytrace=False)

    def look(self, name: str) -> None:
        """Note what axe and the browser say of a page that is there only once something was done."""
        self.looked_at.add(name)
        self.found += [f"{name}: {said}" for said in (*axe_says(self.tab), *too_wide(self.tab))]
        # The browser complains of every refused form; that it is refused is what was wanted.
        heard = [line for line in self.visitor.complaints if "status of 422" not in line]
        self.found += [f"{name}: {line}" for line in dict.fromkeys(heard)]
        self.visitor.complaints.clear()
