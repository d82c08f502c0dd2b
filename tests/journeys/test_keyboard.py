"""Sending without a mouse: the keys reach everything, what has the focus is seen, and it comes back where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.journeys.both_sites import OWNER, PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.journeys.both_sites import BothSites
    from tests.journeys.browsing import Browsing
    from tests.journeys.companies import Company

_MOST_PRESSES = 80
# The name that a screen reader would say of what has the focus.
_FOCUSED = """() => {
    const at = document.activeElement;
    const labels = [...(at.labels ?? [])].map((label) => label.textContent);
    const said = at.getAttribute("aria-label") || labels.join(" ") || at.textContent || at.value || "";
    return said.replace(/\\s+/g, " ").trim();
}"""
# Whether something is drawn around it: an outline that has a width.
_IS_SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
}"""

_HAS_SETTLED = "() => !document.querySelector('.htmx-request, .htmx-added, .htmx-settling')"


def _go_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press the key until what has the focus begins with this name."""
    passed: list[str] = []
    for _ in range(_MOST_PRESSES):
        page.keyboard.press(key)
        focused = page.evaluate(_FOCUSED)
        if focused.startswith(name):
            page.wait_for_function(_IS_SEEN, timeout=2000)
            return
        passed.append(focused)
    raise AssertionError(f"{key} does not reach {name}, only {passed}")


def test_an_invoice_is_sent_without_a_mouse(system: BothSites, company: Company, browsing: Browsing) -> None:
    invoice = company.invoice(name="Anna Ek")
    page = browsing.window(None)
    page.goto(system.url("receivables", "/accounts/login/"))
    _go_to(page, "E-post")
    page.keyboard.type(OWNER.email)
    _go_to(page, "Lösenord")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)

    page.goto(company.url("invoices/?tab=overdue"))
    _go_to(page, "Till innehållet")
    page.keyboard.press("Enter")
    _go_to(page, f"Visa rader för faktura {invoice.number}")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="Med påminnelse i dag")).to_be_visible()
    # Until htmx has settled what it put in, a link in it opens a page instead of a dialog; no hand is as fast as that.
    page.wait_for_function(_HAS_SETTLED)
    _go_to(page, "Åtgärder")
    page.keyboard.press("Enter")
    _go_to(page, "Skicka påminnelse via", key="ArrowDown")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Skicka påminnelse till ombudet")).to_be_focused()

    # Escape gives it up, and the focus goes back; then once more.
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert page.evaluate("() => document.activeElement !== document.body"), "the focus is lost when the dialog closes"
    page.get_by_role("button", name="Åtgärder").focus()
    page.keyboard.press("Enter")
    _go_to(page, "Skicka påminnelse via", key="ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("heading", name="Skicka påminnelse till ombudet")).to_be_focused()
    _go_to(page, "Skicka påminnelse")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Påminnelsen är på väg till Ekviken Ombud.")).to_be_visible()
    system.wait_until_quiet()
    assert list(company.claims()) == [invoice.number]


def test_many_are_ticked_and_sent_without_a_mouse(system: BothSites, company: Company, browsing: Browsing) -> None:
    invoices = [company.invoice(overdue=20 + place) for place in range(3)]
    page = browsing.window(OWNER)
    page.goto(company.url("invoices/?tab=overdue"))
    for invoice in invoices[:2]:
        _go_to(page, f"Välj faktura {invoice.number}")
        page.keyboard.press("Space")
    expect(page.get_by_role("region", name="Valda fakturor")).to_contain_text("2 valda.")
    _go_to(page, "Granska 2 påminnelser")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="2 skickas")).to_be_visible()
    _go_to(page, "Skicka 2 påminnelser")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 påminnelser är på väg")).to_be_visible()
    system.wait_until_quiet()
    assert set(company.claims()) == {invoice.number for invoice in invoices[:2]}
