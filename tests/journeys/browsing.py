"""A person with a browser: headless Chromium, logged in, and with an ear for everything that a page complains of."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Literal

from tests.journeys.pages import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Page,
        Playwright,
        Response,
        ViewportSize,
    )

    from punktlig.run.databases import Site
    from tests.journeys.both_sites import BothSites, Person
    from tests.journeys.pages import Cookies

WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ERROR, _SERVER_ERROR = 400, 500


def open_chromium(playwright: Playwright) -> Browser:
    """Start the Chromium of this machine. script/browser sees that there is one."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    assert found, "no Chromium here: run script/browser"
    return playwright.chromium.launch(
        executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    )


class Browsing:
    """The windows of one journey. `complaints` is what the pages' consoles and servers have said."""

    def __init__(self, system: BothSites, browser: Browser, cookies: Cookies) -> None:
        self._system, self._browser, self._cookies = system, browser, cookies
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def window(
        self,
        person: Person | None,
        *,
        size: ViewportSize | None = None,
        scheme: Literal["light", "dark"] = "light",
        sites: tuple[Site, ...] = ("receivables",),
    ) -> Page:
        """Return a window of a person who has logged in to the sites, or of nobody yet."""
        context = self._browser.new_context(
            locale="sv-SE", timezone_id="Europe/Stockholm", viewport=size or WIDE, color_scheme=scheme
        )
        self._contexts.append(context)
        context.set_default_timeout(15_000)
        if person is not None:
            context.add_cookies(
                [
                    {"name": name, "value": value, "url": self._system.url(site)}
                    for site in sites
                    for name, value in Visitor.again(self._system, site, person, self._cookies).cookies.items()
                ]
            )
        context.on("console", self._hear)
        context.on(
            "weberror", lambda error: self.complaints.append(f"{error.page.url if error.page else ''}: {error.error}")
        )
        context.on("response", self._see)
        return context.new_page()

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        # Violations of the content security policy come this way too. What could not be loaded is seen below.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def _see(self, response: Response) -> None:
        # A page may say no, as to a reader; what belongs to a page has to be there.
        if response.status >= (_SERVER_ERROR if response.request.is_navigation_request() else _ERROR):
            self.complaints.append(f"{response.url}: answered {response.status}")
