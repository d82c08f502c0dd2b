"""Invented values for the sheet that shows every part of the pages, `/_parts/` in the demo."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django import forms

from punktlig.core.money import Money
from punktlig.ui.forms import AmountField, DayField, PageForm
from punktlig.ui.parts import Column, Entry, Fact, Step, SumRow, Tab
from punktlig.ui.statuses import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

_YEAR = 2026


class SampleForm(PageForm):
    """One field of each kind."""

    paid_on = DayField(label="Betaldag", help_text="Den dag pengarna kom in på kontot.")
    amount = AmountField(label="Belopp", least=Money(1))
    text = forms.CharField(label="Meddelande", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label="Slag av kund", choices=[("consumer", "Privatperson"), ("trader", "Företag")])
    fee = forms.ChoiceField(
        label="Står det i era villkor att kunden betalar påminnelseavgift?",
        choices=[
            ("yes", "Ja, i villkor som kunden fick senast vid beställningen"),
            ("no", "Nej, eller bara på fakturan"),
        ],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(label="Fakturafiler", required=False, help_text="UBL eller CII, flera åt gången.")
    agree = forms.BooleanField(label="Jag har läst villkoren och godkänner dem för Lillsjöns Snickeri AB.")


_ROAD = (
    Step("Påminnelse", "skickad 1 oktober", "past"),
    Step("Delbetalning", "kom 30 oktober", "now"),
    Step("Krav på resten", "30 november", "next"),
)


def everything() -> Mapping[str, object]:
    """Return what the sheet shows, the same each time."""
    wrong = SampleForm({"paid_on": "när som helst", "amount": "1.234", "kind": "trader"}, auto_id="fel_%s")
    wrong.is_valid()
    return {
        "statuses": STATUSES,
        "tabs": [
            Tab("#alla", "Alla", 214, 569_900_250, "fakturerat i år"),
            Tab("#obetalda", "Obetalda", 37, 78_537_914, "kvar att betala"),
            Tab("#forfallna", "Förfallna", 9, 24_122_250, "kvar att betala", current=True),
            Tab("#ombudet", "Hos ombudet", 6, 12_591_664, "kvar att betala"),
            Tab("#betalda", "Betalda", 177, 487_561_000, "inbetalt i år"),
        ],
        "kinds": [Tab("#allt", "Allt", 8, current=True), Tab("#mina", "Mina", 2), Tab("#brev", "Brev", 1)],
        "columns": [
            Column("Faktura", css="c-no"),
            Column("Kund", css="c-who"),
            Column("Förfallodag", css="c-due"),
            Column("Dagar försenad", url="#sort", sorted="ascending", css="c-late"),
            Column("Status", css="c-status"),
            Column("Belopp", num=True, css="c-total"),
            Column("Kvar att betala", num=True, css="c-left"),
        ],
        "rows": [
            ("20431", "Karin Wester", date(_YEAR, 11, 9), 14, "overdue", 4_350_000, 3_466_500, True),
            ("20402", "Marstrands Hamncafé AB", date(_YEAR, 10, 12), 42, "part", 1_418_500, 418_500, True),
            ("20391", "Ankarets Krog HB", date(_YEAR, 9, 28), 56, "missing", 1_194_000, 1_194_000, False),
        ],
        "sums": [
            SumRow("Fakturans belopp", 4_350_000),
            SumRow("Skatteverkets del (ROT)", -883_500, "30 % av arbetet, 29 450,00 kr. Den delen krävs inte nu."),
            SumRow("Kundens del", 3_466_500, kind="part"),
            SumRow("Påminnelseavgift", 6_000, "Står i era villkor sedan 1 mars 2024. Lag (1981:739) 2 §."),
            SumRow("Dröjsmålsränta till i dag", 13_296, "10,00 % på 34 665,00 kr i 14 dagar. 6 § räntelagen."),
            SumRow("Krav i dag", 3_485_796, kind="total"),
        ],
        "facts": [
            Fact("Kund", ("Almgrens Fastigheter AB", "559944-3172")),
            Fact("Adress på fakturan", ("Tallkottsgatan 8", "702 83 Örebro")),
            Fact("Förfallodag", ("16 september 2026",), quiet="68 dagar sedan"),
        ],
        "history": [
            Entry(datetime(_YEAR, 10, 30, 17, 5, tzinfo=UTC), "Delbetalning 20 000,00 kr.", "Ekviken Ombud", "money"),
            Entry(datetime(_YEAR, 10, 7, 12, 30, tzinfo=UTC), "Ringde Eva Almgren.", "Maja Lind, anteckning", "note"),
            Entry(datetime(_YEAR, 10, 1, 7, 10, tzinfo=UTC), "Påminnelse skickad med post.", "Ekviken Ombud", "agency"),
            Entry(date(_YEAR, 9, 16), "Sista dag att betala. Ingen betalning kom.", "Punktlig"),
        ],
        "road": _ROAD,
        "wizard": (
            Step("Så går det till", "Två minuters läsning", "past"),
            Step("Avgift och ränta", "Vad kunden har gått med på", "now"),
            Step("Villkor", "Läs och godkänn", "next"),
        ),
        "next_date": date(_YEAR, 11, 30),
        "form": SampleForm(initial={"paid_on": date(_YEAR, 11, 23), "amount": Money(123_450), "fee": "yes"}),
        "wrong": wrong,
    }
