"""On a phone a row of a folded table stands under its name: every cell of it says where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from punktlig import agency

DESK = Path(agency.__file__).parent / "templates" / "agency" / "desk"
FOLDED = {
    path.name: tables
    for path in DESK.glob("*.html")
    if (tables := re.findall(r'<table class="[^"]*ledger--fold.*?</table>', path.read_text("utf-8"), re.DOTALL))
}


def test_lists_that_people_work_with_are_folded() -> None:
    assert {"refusals.html", "letters.html", "platform.html", "mails.html", "batch.html"} <= FOLDED.keys()


@pytest.mark.parametrize("page", sorted(FOLDED))
def test_every_cell_of_a_folded_row_has_its_place(page: str) -> None:
    for table in FOLDED[page]:
        body = table.split("<tbody", 1)[1]
        cells = re.findall(r"<td\b[^>]*>", body)
        assert cells
        assert [cell for cell in cells if "fold-under" not in cell and "fold-sum" not in cell] == []
