"""What journeys and faults start from. Both use the same system, which is started once."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.agreement import disagreements
from tests.journeys.both_sites import ADMIN, OWNER, SALES, BothSites
from tests.journeys.browsing import Browsing, open_chromium
from tests.journeys.companies import Company, new_company
from tests.journeys.pages import Cookies, Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY = pytest.StashKey["_Start"]()
_browser = pytest.StashKey[Browser]()


class _Start:
    """One system for all that ask; a new one when somebody has left the last in a state that nobody can build on."""

    def __init__(self) -> None:
        self.cookies: Cookies = {}
        self._system: BothSites | None = None
        self._opened = ExitStack()
        self._failure: BaseException | None = None

    def system(self) -> BothSites:
        """Return the system, started for the first who asks."""
        if self._failure is not None:
            raise self._failure  # it would not start the next time either
        if self._system is None:
            folder = self._opened.enter_context(tempfile.TemporaryDirectory(prefix="punktlig-journeys-"))
            system = BothSites(Path(folder))
            self._opened.callback(system.stop)
            try:
                system.start()
            except BaseException as failure:
                self._failure = failure
                raise
            self._system = system
        return self._system

    def end(self) -> None:
        """Stop the system; the next who asks gets another."""
        self._system = None
        self.cookies.clear()
        self._opened.close()


def _start(request: pytest.FixtureRequest) -> _Start:
    # Kept beside the fixtures, since the folders of tests that share the system do not share session fixtures.
    stash = request.config.stash
    if _KEY not in stash:
        stash[_KEY] = _Start()
        request.config.add_cleanup(stash[_KEY].end)
    return stash[_KEY]


@pytest.fixture
def system(request: pytest.FixtureRequest) -> Iterator[BothSites]:
    """The system on its first day, with every process running; afterwards both sites must agree about everything."""
    start = _start(request)
    try:
        found = start.system()
        found.begin()
        yield found
        found.api_door.forget_faults()
        found.hook_door.forget_faults()
        found.start_what_has_ended()
        found.wait_until_quiet()
        wrong = disagreements(found)
    except BaseException:
        start.end()
        raise
    if wrong:
        start.end()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def used_up(request: pytest.FixtureRequest) -> Iterator[None]:
    """End the system after this journey, whose traces others cannot build on. Asked for before `system`."""
    yield
    _start(request).end()


@pytest.fixture
def cookies(request: pytest.FixtureRequest) -> Cookies:
    """The sessions of people who have logged in."""
    return _start(request).cookies


@pytest.fixture
def company(system: BothSites) -> Company:
    """A company of this journey alone, with reminder handling switched on."""
    made = new_company(system)
    made.activate()
    return made


@pytest.fixture
def newcomer(system: BothSites) -> Company:
    """A company of this journey alone that has not switched reminder handling on."""
    return new_company(system)


@pytest.fixture
def sales(system: BothSites, cookies: Cookies) -> Iterator[Visitor]:
    """Somebody who may send, without a browser."""
    visitor = Visitor.again(system, "receivables", SALES, cookies)
    yield visitor
    visitor.close()


@pytest.fixture
def second_tab(system: BothSites, cookies: Cookies) -> Iterator[Visitor]:
    """The same person as `sales`, in the same session, in another tab."""
    visitor = Visitor.again(system, "receivables", SALES, cookies)
    yield visitor
    visitor.close()


@pytest.fixture
def creditor(system: BothSites, company: Company, cookies: Cookies) -> Iterator[Visitor]:
    """The company's owner at the agency, without a browser."""
    company.let_into_the_agency()
    visitor = Visitor.again(system, "agency", OWNER, cookies)
    yield visitor
    visitor.close()


@pytest.fixture
def desk(system: BothSites, cookies: Cookies) -> Iterator[Visitor]:
    """One of the agency's own people, without a browser."""
    visitor = Visitor.again(system, "agency", ADMIN, cookies)
    yield visitor
    visitor.close()


@pytest.fixture
def browsing(request: pytest.FixtureRequest, system: BothSites, cookies: Cookies) -> Iterator[Browsing]:
    """Windows to look at the sites with; no page may complain in its console, and no server answer with an error."""
    stash = request.config.stash
    if _browser not in stash:
        playwright = sync_playwright().start()
        request.config.add_cleanup(playwright.stop)
        stash[_browser] = open_chromium(playwright)
        request.config.add_cleanup(stash[_browser].close)
    windows = Browsing(system, stash[_browser], cookies)
    yield windows
    windows.close()
    assert not windows.complaints, "\n".join(windows.complaints)
