"""The sheet of all parts in a real browser: nothing an auditor finds, and everything within reach of the keyboard."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

WIDE, NARROW = 1440, 390


@contextmanager
def opened(
    chromium: Browser, url: str, width: int = WIDE, scheme: Literal["light", "dark"] = "light", script: bool = True
) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda problem: complaints.append(str(problem)))
    page.goto(url, wait_until="networkidle")
    assert complaints == []
    try:
        yield page
    finally:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_an_auditor_finds_nothing_and_nothing_is_wider_than_the_window(
    chromium: Browser, sheet_url: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    with opened(chromium, sheet_url, width, scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


def test_a_name_that_never_ends_makes_no_page_wider_than_the_window(chromium: Browser, sheet_url: str) -> None:
    with opened(chromium, sheet_url, NARROW) as page:
        for place in ("h1", ".row > .lead", ".c-who", ".stack-s p", ".facts dd"):
            page.locator(place).first.evaluate("(it) => { it.textContent = 'Superlångt'.repeat(20) }")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


def test_a_name_of_another_country_is_set_in_the_page_s_own_fonts_which_come_only_when_needed(
    chromium: Browser, sheet_url: str
) -> None:
    extended = "performance.getEntriesByType('resource').filter((it) => it.name.includes('latin-ext')).length"
    with opened(chromium, sheet_url) as page:
        assert page.evaluate(extended) == 0
        for place in ("h1", ".c-who"):
            element = page.locator(place).first
            element.evaluate("(it) => { it.textContent = 'Đorđe Łukasiński, Győr, Škoda, İzmir, Ţiriac, Mỹ' }")
            element.evaluate("(it) => it.offsetWidth && document.fonts.ready.then(() => true)")
        assert page.evaluate(extended) == 2  # one of each typeface
        devtools = page.context.new_cdp_session(page)
        devtools.send("DOM.enable")
        devtools.send("CSS.enable")
        root = devtools.send("DOM.getDocument")["root"]["nodeId"]
        for place in ("h1", ".c-who"):
            node = devtools.send("DOM.querySelector", {"nodeId": root, "selector": place})["nodeId"]
            fonts = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            assert [font["familyName"] for font in fonts if not font["isCustomFont"]] == []


def test_an_auditor_finds_nothing_in_an_open_menu_and_dialog(chromium: Browser, sheet_url: str) -> None:
    with opened(chromium, sheet_url) as page:
        for name in ("Åtgärder", "Granska"):
            page.get_by_role("button", name=name, exact=True).click()
            assert Axe().run(page, options={"preload": False}).violations_count == 0
            page.keyboard.press("Escape")


def test_the_skip_link_comes_first_and_leads_to_the_content(chromium: Browser, sheet_url: str) -> None:
    with opened(chromium, sheet_url, script=False) as page:
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("Till innehållet")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


def test_a_menu_opens_by_keyboard_and_gives_the_focus_back(chromium: Browser, sheet_url: str) -> None:
    with opened(chromium, sheet_url) as page:
        button = page.get_by_role("button", name="Åtgärder")
        button.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")
        expect(page.locator(":focus")).to_contain_text("Skicka påminnelse")
        page.keyboard.press("ArrowUp")
        expect(page.locator(":focus")).to_contain_text("Skriv en anteckning")
        page.keyboard.press("Escape")
        expect(page.locator("#atgarder")).to_be_hidden()
        expect(button).to_be_focused()


def test_a_menu_opens_under_its_own_button(chromium: Browser, sheet_url: str) -> None:
    with opened(chromium, sheet_url) as page:
        page.get_by_role("button", name="Åtgärder").click()
        button = page.get_by_role("button", name="Åtgärder").bounding_box()
        menu = page.locator("#atgarder").bounding_box()
        assert button is not None
        assert menu is not None
        assert 0 <= menu["y"] - (button["y"] + button["height"]) <= 12
        assert abs(menu["x"] + menu["width"] - button["x"] - button["width"]) <= 2


def test_the_focus_goes_to_what_is_wrong_when_the_page_opens(chromium: Browser, sheet_url: str) -> None:
    with opened(chromium, sheet_url) as page:
        expect(page.locator(".error-summary")).to_be_focused()
        page.get_by_role("link", name="Betaldag").press("Enter")
        expect(page.locator("#fel_paid_on")).to_be_focused()


def test_the_bar_counts_what_is_ticked_and_what_of_it_can_go(chromium: Browser, sheet_url: str) -> None:
    with opened(chromium, sheet_url) as page:
        bar = page.get_by_role("region", name="Valda fakturor")
        expect(bar).to_contain_text("1 vald. 1 kan skickas.")
        page.get_by_role("checkbox", name="Välj alla på sidan").check()
        expect(bar).to_contain_text("50\u00a0790,00\u00a0kr")
        expect(bar).to_contain_text("3 valda. 2 kan skickas.")
        expect(bar.get_by_role("button", name="Granska 2 påminnelser")).to_be_enabled()
        bar.get_by_role("button", name="Avmarkera").click()
        expect(bar).to_be_hidden()
        page.get_by_role("checkbox", name="Välj faktura 20391").check()
        expect(bar).to_contain_text("1 vald. Ingen av dem kan skickas.")
        expect(bar.get_by_role("button", name="Granska")).to_be_disabled()


def test_shift_ticks_everything_in_between(chromium: Browser, sheet_url: str) -> None:
    with opened(chromium, sheet_url) as page:
        boxes = page.locator("[data-tick]")
        boxes.nth(0).uncheck()
        boxes.nth(0).click()
        boxes.nth(2).click(modifiers=["Shift"])
        expect(page.locator("[data-tick]:checked")).to_have_count(3)


def test_without_script_a_choice_can_still_be_sent(chromium: Browser, sheet_url: str) -> None:
    with opened(chromium, sheet_url, script=False) as page:
        expect(page.get_by_role("button", name="Valda fakturor")).to_be_visible()
        page.locator("[data-tick]").nth(0).uncheck()
        expect(page.locator(".bulk-bar")).to_be_hidden()
        expect(page.get_by_role("button", name="Sortera")).to_be_visible()
