"""Every page, as different people see it: wide, in the dark, on a phone, in Chinese, and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.walks.conftest import Product, Visitor
from tests.walks.pages import (
    IN_THE_CALL,
    IN_THE_DAY,
    IN_THE_LOAN,
    LEFT_OUT,
    PUBLIC,
    ROLES,
    SIGNED_IN,
    Page,
    is_left_out,
    routes,
)

Look = Callable[[Visitor, Page], None]
People = Callable[[str], Visitor]


def test_every_page_of_the_site_map_is_walked() -> None:
    walked = {page.route for page in (*PUBLIC, *SIGNED_IN)} | {*IN_THE_DAY, *IN_THE_CALL, *IN_THE_LOAN}
    forgotten = sorted(route for route in routes() if route not in walked and not is_left_out(route))
    assert not forgotten, (
        f"tests/walks/pages.py: add a Page for each of these routes to PUBLIC or SIGNED_IN, "
        f"or to LEFT_OUT with the reason: {', '.join(forgotten)}"
    )


def test_a_page_that_needs_somebody_is_walked_by_them() -> None:
    assert not [page.name for page in PUBLIC if page.by]
    assert all(page.by for page in SIGNED_IN)


def test_no_page_is_both_walked_and_left_out() -> None:
    assert (
        not ({page.route for page in (*PUBLIC, *SIGNED_IN)} | {*IN_THE_DAY, *IN_THE_CALL, *IN_THE_LOAN})
        & LEFT_OUT.keys()
    )


@pytest.mark.parametrize("page", PUBLIC, ids=str)
def test_a_public_page_is_seen_by_everybody(page: Page, visitor: Visitor, look: Look) -> None:
    look(visitor, page)


@pytest.mark.parametrize("page", SIGNED_IN, ids=str)
def test_a_page_of_those_who_are_signed_in(page: Page, people: People, look: Look) -> None:
    look(people(page.by), page)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_comes_in_by_its_link_and_sees_its_account(role: str, people: People) -> None:
    tab = people(role).go(Page(f"account-{role}", "account", "/account/", by=role))
    assert f"demonstration {role}" in tab.inner_text("main").lower().replace("panel chair", "chair")


def test_a_link_signs_in_once(visitor: Visitor, people: People, product: Product) -> None:
    people("auditor")
    tab = visitor.tab()
    answer = tab.goto(product.links["auditor"])
    assert answer
    assert answer.status == 410
    tab.close()


@pytest.mark.parametrize("page", PUBLIC, ids=str)
def test_a_page_and_its_forms_that_ask_work_without_scripts(page: Page, plain_visitor: Visitor) -> None:
    tab = plain_visitor.go(page)
    assert tab.locator("main").count() == 1
    assert tab.locator("main h1").count() == 1, f"{page.path} has no heading of its own"
    forms = "form[method=get], form:not([method])"
    for number in range(tab.locator(forms).count()):
        if number:
            tab = plain_visitor.go(page)
        form = tab.locator(forms).nth(number)
        button = form.locator("button:not([type=button]), input[type=submit]")
        assert button.count(), (
            f"{page.path}: form {number} has no button, so it cannot be sent without scripts"
        )
        for needed in form.locator("input[required]").all():  # a browser sends no form that lacks them
            needed.fill(needed.get_attribute("max") or "1")
        with tab.expect_navigation() as went:
            button.first.click()
        assert went.value, f"{page.path}: form {number} went nowhere"
        assert went.value.status < 400, f"{page.path}: form {number} led to {went.value.status} at {tab.url}"


def test_the_other_language_is_one_click_away_on_the_same_page(visitor: Visitor) -> None:
    tab = visitor.go(next(page for page in PUBLIC if page.name == "catalogue"))
    tab.locator("header a[hreflang=zh-hans]").first.click()
    tab.wait_for_load_state()
    assert tab.url == f"{visitor.url}/zh-hans/catalogue/"
    tab.locator("header a[hreflang=en]").first.click()
    tab.wait_for_load_state()
    assert tab.url == f"{visitor.url}/catalogue/"
