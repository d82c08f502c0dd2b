"""What every page must be: free of what axe finds, within its window, in the language it says, its place in view."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

# A folder for a picture of every page that is looked at; nothing is drawn without it.
PICTURES = "PUNKTLIG_PICTURES"

_axe = Axe()
# axe would fetch the style sheets once more to preload them, against the content security policy.
_OPTIONS = {"resultTypes": ["violations"], "preload": False}
# Nothing is being fetched by htmx, such as the sums over the list.
_IS_QUIET = "() => document.readyState === 'complete' && !document.querySelector('.htmx-request')"
# No colour is on its way to another, as that of a button for a moment after it was pressed.
_IS_STILL = "() => document.getAnimations().every((each) => each.playState !== 'running')"
_TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# The place in the menu where one is, when the menu scrolls sideways and it lies beyond its edge.
_PLACE_OUT_OF_VIEW = """() => {
  const here = document.querySelector('.masthead__nav [aria-current]');
  if (!here) return '';
  const menu = here.closest('nav').getBoundingClientRect(), place = here.getBoundingClientRect();
  return place.left < menu.left || place.right > menu.right ? here.textContent : '';
}"""


def faults_of(page: Page, name: str) -> list[str]:
    """Return what is wrong with the page that is open, each with the page's name before it; draw it when asked to."""
    page.wait_for_function(_IS_QUIET)
    page.wait_for_function(_IS_STILL)
    _draw(page, name)
    found = [
        f"axe: {violation['id']} at {', '.join(' '.join(map(str, node['target'])) for node in violation['nodes'][:4])}"
        for violation in _axe.run(page, options=_OPTIONS).response["violations"]
    ]
    too_wide = page.evaluate(_TOO_WIDE)
    if too_wide > 0:
        found.append(f"{too_wide} pixels wider than the window")
    out_of_view = page.evaluate(_PLACE_OUT_OF_VIEW)
    if out_of_view:
        found.append(f"{out_of_view} lies beyond the edge of the menu")
    language = page.locator("html").get_attribute("lang")
    if language != "sv":
        found.append(f"says that it is in {language}")
    return [f"{name}: {one}" for one in found]


def _draw(page: Page, name: str) -> None:
    folder = os.environ.get(PICTURES)
    if folder and page.viewport_size:
        file = f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}-{page.viewport_size['width']}.png"
        page.screenshot(path=Path(folder) / file, full_page=True)
