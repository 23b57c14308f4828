"""The example web app as people see it: in Chromium, by `make test-browser`.

SCREENSHOT names the file that a picture of the page is saved as.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from aiovideogen.sandbox import JobScript, Sandbox, serve
from tests.webapp import WebApp, eventually

if TYPE_CHECKING:
    from collections.abc import Generator

SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1060,830",
]
BROKEN_CONNECTION = ("net::ERR_CONNECTION_REFUSED", "net::ERR_INCOMPLETE_CHUNKED_ENCODING", "net::ERR_EMPTY_RESPONSE")


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(job_seconds=7, webhook_backoff=0.2)


@pytest.fixture
def app(sandbox: Sandbox, tmp_path: Path) -> Generator[WebApp]:
    with serve(sandbox) as served:
        app = WebApp(served, tmp_path)
        app.start()
        yield app
        app.close()


@pytest.fixture
def browser(tmp_path: Path) -> Generator[Any]:
    """Chromium with a profile of its own. Selenium's types are half known: here it is Any."""
    options: Any = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for switch in [*SWITCHES, f"--user-data-dir={tmp_path / 'profile'}"]:
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    yield browser
    browser.quit()


class Page:
    """The page, as somebody at the keyboard uses it."""

    def __init__(self, browser: Any, app: WebApp) -> None:
        self.browser = browser
        browser.get(app.url)
        eventually(lambda: "Connected" in self.one("#link").text)
        browser.execute_script("window.stillHere = true")

    def one(self, selector: str) -> Any:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def evaluate(self, expression: str) -> Any:
        return self.browser.execute_script(f"return {expression}")

    def cards(self) -> int:
        return self.evaluate("document.querySelectorAll('#jobs li').length")

    def ask(self, prompt: str) -> None:
        """Type a prompt and send it, without a mouse."""
        before = self.cards()
        self.one("#prompt").send_keys(prompt, Keys.TAB, Keys.ENTER)
        eventually(lambda: self.cards() == before + 1)

    def state(self, number: int = 1) -> str:
        return self.evaluate(f"document.querySelector('#jobs li:nth-child({number})').dataset.state")

    def progress(self) -> float:
        """Return what the newest job's bar shows; 0 when there is none."""
        return self.evaluate("document.querySelector('#jobs li:first-child progress')?.value ?? 0")

    def picture_is_seen(self, number: int = 1) -> bool:
        image = f"document.querySelector('#jobs li:nth-child({number}) img')"
        return self.evaluate(f"{image}?.complete && {image}.naturalWidth > 0") is True

    def was_never_left(self) -> bool:
        """Say whether the page is still the one that was opened."""
        return self.evaluate("window.stillHere === true")

    def complaints(self) -> list[str]:
        """Return the errors in the console since the last call."""
        return [entry["message"] for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]


def test_a_picture_is_made_before_ones_eyes(browser: Any, app: WebApp) -> None:
    page = Page(browser, app)
    page.ask("A quiet harbour at dawn")
    eventually(lambda: 0 < page.progress() < 100)
    assert page.state() == "making"
    assert "In the making, " in page.one(".state").text
    eventually(page.picture_is_seen)
    assert "Ready: A quiet harbour at dawn" in page.one("#news").get_property("textContent")
    assert page.one("img").get_attribute("alt") == "A quiet harbour at dawn"
    assert page.was_never_left()
    browser.refresh()
    eventually(page.picture_is_seen)
    assert not page.was_never_left()
    assert page.cards() == 1
    assert page.complaints() == []


def test_the_open_page_sees_a_restart_through(browser: Any, app: WebApp, sandbox: Sandbox) -> None:
    page = Page(browser, app)
    page.ask("Lanterns over water")
    eventually(lambda: page.state() == "making")
    assert page.complaints() == []
    app.stop()
    eventually(lambda: "connection is lost" in page.one("#link").text)
    app.start()
    eventually(lambda: "Connected" in page.one("#link").text)
    assert page.state() == "making"
    eventually(page.picture_is_seen)
    assert page.was_never_left()
    assert sandbox.billed == 1
    assert [line for line in page.complaints() if not any(broken in line for broken in BROKEN_CONNECTION)] == []


def test_what_people_write_is_text(browser: Any, app: WebApp, sandbox: Sandbox) -> None:
    prompts = ["<script>document.title = 'taken'</script>", '"><img src=x onerror="document.title = \'taken\'">']
    page = Page(browser, app)
    for prompt in prompts:
        sandbox.script_job(JobScript(seconds=0.2, status="failed", error={"message": prompt}))
        page.ask(prompt)
        eventually(lambda: page.state() == "failed")
        assert page.one(".prompt").text == prompt
        assert prompt in page.one(".note").text
    assert page.evaluate("document.querySelectorAll('#jobs :is(script, img)').length") == 0
    assert browser.title == "Pictures from words"
    assert page.complaints() == []


def test_what_is_refused_is_said(browser: Any, app: WebApp) -> None:
    page = Page(browser, app)
    page.one("#prompt").send_keys("  ", Keys.CONTROL, Keys.ENTER)
    eventually(lambda: page.one("#problem").text == "Write a prompt of 1 to 2,000 characters.")
    assert page.one("#problem").get_attribute("role") == "alert"
    app.stop()
    page.one("#prompt").send_keys("A harbour", Keys.TAB, Keys.ENTER)
    eventually(lambda: "can't be reached" in page.one("#problem").text)
    assert page.one("#prompt").get_property("value").strip() == "A harbour", "what was typed is kept"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_looked_at(browser: Any, app: WebApp, sandbox: Sandbox, tmp_path: Path, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    page = Page(browser, app)
    sandbox.script_job(JobScript(seconds=0.2))
    page.ask("Lanterns over still water")
    eventually(page.picture_is_seen)
    sandbox.script_job(JobScript(seconds=0.2, status="failed", error={"message": "The prompt names a living artist."}))
    page.ask("A portrait in the manner of somebody famous")
    eventually(lambda: page.state() == "failed")
    sandbox.script_job(JobScript(seconds=9))
    page.ask("The same harbour in the snow")
    eventually(lambda: page.progress() > 0)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(244, 245, 247)", "dark": "rgb(20, 22, 27)"}[scheme]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"
    named = os.environ.get("SCREENSHOT")
    path = (
        Path(named).with_stem(f"{Path(named).stem}{'-dark' * (scheme == 'dark')}") if named else tmp_path / "page.png"
    )
    assert browser.save_screenshot(str(path))
