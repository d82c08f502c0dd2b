"""What journeys and faults start from. Both use the same system, which is started once."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.agreement import disagreements
from tests.journeys.both_sites import FIRST_DAY, OWNER, SALES, BothSites
from tests.journeys.browsing import Browsing, open_chromium
from tests.journeys.companies import Company, new_company
from tests.journeys.pages import Cookies, Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

_system = pytest.StashKey[BothSites]()
_browser = pytest.StashKey[Browser]()
_cookies = pytest.StashKey[Cookies]()


@pytest.fixture(scope="session")
def both_sites(request: pytest.FixtureRequest) -> BothSites:
    """The whole system, started for the first who asks, in this folder of tests or the other."""
    stash = request.config.stash
    if _system not in stash:
        with ExitStack() as opening:
            folder = opening.enter_context(tempfile.TemporaryDirectory(prefix="punktlig-journeys-"))
            system = BothSites(Path(folder))
            opening.callback(system.stop)
            system.start()
            stash[_system] = system
            stash[_cookies] = {}
            request.config.add_cleanup(opening.pop_all().close)
    return stash[_system]


@pytest.fixture
def system(both_sites: BothSites) -> Iterator[BothSites]:
    """The system on its first day, with every process running; afterwards both sites must agree about everything."""
    both_sites.at(FIRST_DAY)
    both_sites.start_what_has_ended()
    yield both_sites
    both_sites.api_door.forget_faults()
    both_sites.hook_door.forget_faults()
    both_sites.start_what_has_ended()
    both_sites.wait_until_quiet()
    assert disagreements(both_sites) == []


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
def sales(request: pytest.FixtureRequest, system: BothSites) -> Iterator[Visitor]:
    """Somebody who may send, without a browser."""
    visitor = Visitor.again(system, "receivables", SALES, request.config.stash[_cookies])
    yield visitor
    visitor.close()


@pytest.fixture
def creditor(request: pytest.FixtureRequest, system: BothSites, company: Company) -> Iterator[Visitor]:
    """The company's owner at the agency, without a browser."""
    company.let_into_the_agency()
    visitor = Visitor.again(system, "agency", OWNER, request.config.stash[_cookies])
    yield visitor
    visitor.close()


@pytest.fixture
def browsing(request: pytest.FixtureRequest, system: BothSites) -> Iterator[Browsing]:
    """Windows to look at the sites with; no page may complain in its console, and no server answer with an error."""
    stash = request.config.stash
    if _browser not in stash:
        playwright = sync_playwright().start()
        request.config.add_cleanup(playwright.stop)
        stash[_browser] = open_chromium(playwright)
        request.config.add_cleanup(stash[_browser].close)
    windows = Browsing(system, stash[_browser], stash[_cookies])
    yield windows
    windows.close()
    assert windows.complaints == []
