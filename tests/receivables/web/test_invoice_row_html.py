"""The row of the invoice list as HTML: no text of an invoice or customer can become markup."""

from __future__ import annotations

from dataclasses import fields, replace
from html.parser import HTMLParser
from uuid import UUID

import pytest

from punktlig.receivables.web.invoice_row_html import row_html
from punktlig.receivables.web.invoice_rows import Row

ROW = Row(
    id=UUID(int=7),
    number="2041",
    customer="Anna Ek",
    note="Privat",
    url="/c/1/invoices/7/",
    open_url="?tab=all&open=7#rad-7",
    due_stamp="2026-10-30",
    due="30 okt",
    late=24,
    late_words="dagar",
    symbol="overdue",
    ink="late",
    status="Förfallen",
    when="Till ombudet 23 nov",
    total="1 284,52",
    left="1 000,00",
    left_ore="100000",
    able=True,
    tickable=True,
    tick_words="Välj faktura 2041, Anna Ek",
    show_words="Visa rader för faktura 2041",
    hide_words="Dölj rader för faktura 2041",
)
TEXTS = [field.name for field in fields(Row) if isinstance(getattr(ROW, field.name), str)]
NASTY = '"\'><script>alert(1)</script>&amp;<b x="'


class Skeleton(HTMLParser):
    """The elements with the names of their attributes, and every text and value as a browser reads it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.shape: list[tuple[str, ...]] = []
        self.read: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, *(name for name, _ in attrs)))
        self.read += [value for _, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        self.shape.append((f"/{tag}",))

    def handle_data(self, data: str) -> None:
        self.read.append(data)


@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_with_markup_in_it_stays_a_text(name: str, opened: bool) -> None:
    plain = Skeleton(row_html(ROW, with_ticks=True, opened=opened))
    nasty = Skeleton(row_html(replace(ROW, **{name: NASTY}), with_ticks=True, opened=opened))  # type: ignore[arg-type] # these are texts
    assert nasty.shape == plain.shape
    assert any(NASTY in text for text in nasty.read)


def test_what_may_not_be_tried_has_an_empty_cell_where_others_have_their_tick() -> None:
    row = row_html(replace(ROW, tickable=False), with_ticks=True, opened=False)
    assert '<td class="c-check" role="cell"></td>' in row


def test_a_list_without_ticks_has_no_column_for_them() -> None:
    assert "c-check" not in row_html(ROW, with_ticks=False, opened=False)


def test_only_what_may_go_as_it_is_counts_as_such_in_the_bar() -> None:
    assert "data-can" in row_html(ROW, with_ticks=True, opened=False)
    assert "data-can" not in row_html(replace(ROW, able=False), with_ticks=True, opened=False)


def test_an_invoice_without_a_due_date_has_neither_day_nor_lateness() -> None:
    row = row_html(replace(ROW, due="", due_stamp="", late=None, late_words=""), with_ticks=False, opened=False)
    assert "<time" not in row
    assert "late__dot" not in row


def test_the_dot_of_lateness_stays_at_the_end_of_its_line() -> None:
    assert 'cx="39"' in row_html(ROW, with_ticks=False, opened=False)
    assert 'cx="93"' in row_html(replace(ROW, late=400), with_ticks=False, opened=False)


def test_an_open_row_says_so() -> None:
    row = row_html(ROW, with_ticks=False, opened=True)
    assert 'aria-expanded="true"' in row
    assert f'aria-label="{ROW.hide_words}"' in row
    assert "is-open" in row
