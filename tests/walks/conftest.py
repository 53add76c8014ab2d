"""The product itself, as a newcomer starts it, and a real browser that walks it.

`aliquot demo` runs once for all walks; the one-time links that it prints are how each role comes in. Screenshots
are left in artefacts/walks/.
"""

from __future__ import annotations

import functools
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, sync_playwright
from playwright.sync_api import Page as Tab
from tests.walks.pages import THEN, Page

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "artefacts" / "walks"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# As root there is no sandbox; the rest keeps the browser from calling home.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SECONDS_TO_START = 120
LINK = re.compile(r"^\s*([a-z]+(?:-2)?)\s+(http\S+/sign-in/\S+)\s*$")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


# --- The product --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Product:
    """The demonstration, being served."""

    port: int
    home: Path
    links: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`aliquot demo` on a fresh folder and a free port, until the walks are over."""
    home = tmp_path_factory.mktemp("walks") / "demo"
    port = _free_port()
    command = [sys.executable, "-m", "aliquot", "demo", "--home", str(home), "--port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=home.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    running = Product(port=port, home=home)
    listener = threading.Thread(target=_listen, args=(process, running), daemon=True)
    listener.start()
    try:
        _wait_for(running, process)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
        listener.join(timeout=5)


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def _listen(process: subprocess.Popen[str], running: Product) -> None:
    """Keep what the product says, and the links in it; it would wait for us if nobody read."""
    assert process.stdout
    for line in process.stdout:
        running.said.append(line)
        match = LINK.match(line)
        if match:
            running.links[match[1]] = match[2]


def _wait_for(running: Product, process: subprocess.Popen[str]) -> None:
    ends = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < ends and process.poll() is None:
        try:
            # That it answers is enough; what it answers is for the walks to judge.
            socket.create_connection(("127.0.0.1", running.port), timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    time.sleep(0.5)
    pytest.fail("`aliquot demo` does not serve. It said:\n" + "".join(running.said[-40:]), pytrace=False)


# --- The browser --------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield running
        running.close()


@dataclass  # without slots: the browser keeps notes on whose method it calls
class Visitor:
    """A person at a browser: walks to pages, and remembers what the browser complained of."""

    context: BrowserContext
    url: str
    complaints: list[str] = field(default_factory=list)
    _walking: Tab | None = None
    _found: dict[tuple[str, str], str] = field(default_factory=dict)

    def go(self, page: Page, *, language: str = "") -> Tab:
        """Open a page as people reach it, in the one tab for that; its own address must answer with the page's status.

        The tab is left open: a new one takes as long as a page.
        """
        if self._walking is None or self._walking.is_closed():
            self._walking = self.tab()
        tab = self._walking
        path = self._address(page, tab)
        self.complaints.clear()
        answer = tab.goto(self.url + language + path, wait_until="load")
        assert answer, f"{path} did not answer"
        assert answer.status == page.status, f"{path} answered {answer.status}, not {page.status}"
        return tab

    def _address(self, page: Page, tab: Tab) -> str:
        """Return the page's address; a link to it is looked for once, as the collection stays what it is."""
        if not page.link:
            return page.path
        if (page.path, page.link) not in self._found:
            found = page.path
            for link in page.link.split(THEN):
                tab.goto(self.url + found)
                found = self.first_link(tab, link)
            self._found[page.path, page.link] = found
        return self._found[page.path, page.link]

    def tab(self) -> Tab:
        tab = self.context.new_page()
        tab.on("console", self._hear)
        tab.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        tab.on("request", self._watch)
        return tab

    def first_link(self, tab: Tab, pattern: str) -> str:
        """Return the address of the first link on the page that fits."""
        found = tab.locator("main a[href]").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
        fitting = [address for address in found if re.search(pattern, address)]
        assert fitting, f"{urlsplit(tab.url).path} has no link like {pattern}"
        return str(fitting[0])

    def _hear(self, message: ConsoleMessage) -> None:
        # That the page itself is a 404 is meant where it is asked for; a missing file in it has another address.
        itself = message.location.get("url", "") == (message.page.url if message.page else "")
        if message.type in {"error", "warning"} and not (
            itself and "Failed to load resource" in message.text
        ):
            self.complaints.append(f"console {message.type}: {message.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.url + "/", "data:", "blob:")):
            self.complaints.append(f"asked another host: {request.url}")


@pytest.fixture(scope="session")
def visitor(browser: Browser, product: Product) -> Iterator[Visitor]:
    """Somebody who is not signed in."""
    yield from _visitor(browser, product)


@pytest.fixture(scope="session")
def plain_visitor(browser: Browser, product: Product) -> Iterator[Visitor]:
    """Somebody whose browser runs no scripts."""
    yield from _visitor(browser, product, java_script_enabled=False)


@pytest.fixture(scope="session")
def people(browser: Browser, product: Product) -> Iterator[Callable[[str], Visitor]]:
    """Somebody of each role, who came in by the one-time link that the demonstration printed."""
    came: dict[str, Visitor] = {}

    def come_in(role: str) -> Visitor:
        if role not in came:
            assert role in product.links, (
                f"no link for {role}; the product said:\n{''.join(product.said[-40:])}"
            )
            visitor = next(_visitor(browser, product))
            tab = visitor.tab()
            tab.goto(product.links[role])
            tab.locator(
                "main form[method=post] button[type=submit], main form[method=post] button"
            ).first.click()
            tab.wait_for_load_state()
            assert "/sign-in/" not in tab.url, f"the link of the {role} did not sign in: {tab.url}"
            tab.close()
            came[role] = visitor
        return came[role]

    yield come_in
    for visitor in came.values():
        visitor.context.close()


def _visitor(browser: Browser, product: Product, **options: bool) -> Iterator[Visitor]:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce", color_scheme="light", **options)
    context.set_default_timeout(60_000)
    yield Visitor(context, product.url)
    context.close()


# --- Looking ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def look(browser: Browser) -> Callable[[Visitor, Page], None]:
    """Look at a page as different people see it, and collect all that is wrong before failing.

    Wide in the light, on a phone in the dark, wide in Chinese: a screenshot of each, and nothing for axe or the
    browser to say.
    """
    PICTURES.mkdir(parents=True, exist_ok=True)

    def look_at(visitor: Visitor, page: Page) -> None:
        found: list[str] = []

        def note(tab: Tab, seen: str) -> None:
            tab.screenshot(
                path=PICTURES / f"{page.name}-{seen}.jpeg", type="jpeg", quality=80, full_page=True
            )
            if seen in ASKED:
                found.extend(f"{seen}: {line}" for line in axe_says(tab))
            found.extend(f"{seen}: {line}" for line in dict.fromkeys(visitor.complaints))
            visitor.complaints.clear()

        tab = visitor.go(page)
        note(tab, "wide")
        tab.emulate_media(color_scheme="dark")
        tab.set_viewport_size(PHONE)
        found.extend(too_wide(tab))
        note(tab, "phone-dark")
        tab.emulate_media(color_scheme="light")
        tab.set_viewport_size(WIDE)
        tab = visitor.go(page, language="/zh-hans")
        if tab.locator("html").get_attribute("lang") != "zh-hans":
            found.append("chinese: the page does not say that it is in Chinese (html lang)")
        note(tab, "chinese")
        if found:
            pytest.fail(f"{page.name} ({page.path}):\n" + "\n".join(found), pytrace=False)

    return look_at


# In Chinese a page has the same elements and colours: axe is asked once in the light and once in the dark.
ASKED = frozenset({"wide", "phone-dark"})


@functools.cache
def _axe() -> str:
    return Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")


def axe_says(tab: Tab) -> Iterator[str]:
    """Say what axe finds; it is read into a document once, however often it is asked."""
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(_axe())
    answer = tab.evaluate(
        "() => axe.run(document, {resultTypes: ['violations']}).then(all => ({violations: all.violations}))"
    )
    for violation in answer["violations"]:
        places = [node["html"][:160] for node in violation["nodes"][:3]]
        yield f"axe: {violation['id']}: {violation['help']} ({len(violation['nodes'])}): " + " | ".join(
            places
        )


def too_wide(tab: Tab) -> Iterator[str]:
    """Say what makes a page scroll sideways on a phone."""
    wide = tab.evaluate(
        """() => {
            const root = document.documentElement;
            if (root.scrollWidth <= root.clientWidth) return null;
            const out = [...document.querySelectorAll("body *")].filter(
                element => element.getBoundingClientRect().right > root.clientWidth + 1
                    && !element.closest("[class*=scroll], .table-scroll, svg"));
            return [root.scrollWidth, out.slice(0, 3).map(element => element.outerHTML.slice(0, 120))];
        }"""
    )
    if wide:
        yield f"phone: scrolls sideways, {wide[0]} px wide: " + " | ".join(wide[1])
