"""Entering an invoice, and changing one that has not been sent. Lines come and go without script too."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from punktlig import clock
from punktlig.core.deduction import CustomerShareOutsideInvoice, CustomerShareUnknown
from punktlig.core.eligibility import DueDateBeforeInvoice, TotalIsNegative
from punktlig.core.invoice import DeductionKind
from punktlig.core.invoice_totals import PrepaidExceedsInvoice, totals_of
from punktlig.core.money import ZERO, Money
from punktlig.core.refusal import Refusal
from punktlig.receivables.actions.invoices import change_invoice, enter_invoice
from punktlig.receivables.records.customer import Customer
from punktlig.receivables.records.customer_queries import customers, customers_named
from punktlig.receivables.records.invoice import Invoice, InvoiceLine
from punktlig.receivables.records.invoice_entry import InvoiceEntry, LineEntry
from punktlig.receivables.records.ledger_refusals import InvoiceIsAsItsFile, InvoiceIsAtTheAgency, InvoiceNumberTaken
from punktlig.receivables.web.customer_names import shown_name
from punktlig.receivables.web.form_refusals import refuse_in
from punktlig.receivables.web.refusal_words import explained
from punktlig.receivables.web.roles import may_send_required
from punktlig.ui import writing
from punktlig.ui.forms import AmountField, DayField, PageForm
from punktlig.ui.parts import SumRow

if TYPE_CHECKING:
    from django.http import QueryDict

    from punktlig.tenancy.http import TenantRequest

_DAYS_TO_PAY = timedelta(days=30)
_MOST_LINES = 100
# More kronor than `Money` reads; all the lines together then fit in a column.
_TOO_MUCH_ORE = 10**15
_SUGGESTED_CUSTOMERS = 500
_NAMED = 3
_NUMBER_AND_NAME = re.compile(r"(?P<number>\S+)(?:\s+–\s+.*)?")


class QuantityField(forms.DecimalField):
    """A quantity as people write it, with a comma or a point; shown without needless zeros."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_digits=12, decimal_places=4, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs call DecimalField's an int
        """Return the quantity."""
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".").replace("\u2212", "-")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Show it as it is written in the page's language."""
        return writing.here().decimal(value) if isinstance(value, Decimal) else value


class LineForm(PageForm):
    """A line. One without text and price is no line."""

    text = forms.CharField(label=gettext_lazy("Vad"), max_length=1000)
    quantity = QuantityField(label=pgettext_lazy("av en vara", "Antal"), initial=Decimal(1))
    unit = forms.CharField(label=gettext_lazy("Enhet"), max_length=20, required=False)
    unit_price = AmountField(label=gettext_lazy("À-pris utan moms"))
    tax_percent = forms.TypedChoiceField(
        label=gettext_lazy("Moms"),
        coerce=Decimal,
        choices=lambda: [(rate, writing.here().percent_in_short(Decimal(rate))) for rate in ("25", "12", "6", "0")],
        initial="25",
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a line that amounts to more than an amount may be, though its number and its price may each be."""
        told: dict[str, Any] = super().clean() or {}
        quantity, price = told.get("quantity"), told.get("unit_price")
        if quantity is not None and price is not None and abs(quantity * price.ore) >= _TOO_MUCH_ORE:
            self.add_error("unit_price", ValidationError(_("Beloppet har för många siffror."), code="large"))
        return told

    def entry(self) -> LineEntry:
        """Return the line; only for a valid form that has changed."""
        return LineEntry(**self.cleaned_data)


class InvoiceForm(PageForm):
    """The invoice without its lines. The customer is chosen by number, or by a name that only one has."""

    customer = forms.CharField(
        label=gettext_lazy("Kund"),
        max_length=260,
        help_text=gettext_lazy("Skriv kundens namn eller kundnummer."),
        widget=forms.TextInput(attrs={"list": "kunder", "autocomplete": "off", "class": "input"}),
    )
    number = forms.CharField(label=gettext_lazy("Fakturanummer"), max_length=60)
    issue_date = DayField(label=gettext_lazy("Fakturadatum"))
    due_date = DayField(label=gettext_lazy("Förfallodag"))
    payment_reference = forms.CharField(label=gettext_lazy("OCR eller referens"), max_length=30, required=False)
    buyer_reference = forms.CharField(label=gettext_lazy("Kundens referens"), max_length=200, required=False)
    deduction = forms.ChoiceField(
        label=gettext_lazy("Skattereduktion"),
        required=False,
        choices=lambda: [
            ("", _("Ingen")),
            (DeductionKind.ROT.value, _("ROT")),
            (DeductionKind.RUT.value, _("RUT")),
            (DeductionKind.GREEN.value, _("Grön teknik")),
        ],
    )
    share = AmountField(
        label=gettext_lazy("Kundens del i kronor"),
        required=False,
        help_text=gettext_lazy("Vad kunden ska betala själv. Resten begär ni av Skatteverket."),
    )
    prepaid = AmountField(label=gettext_lazy("Redan betalt i förskott, i kronor"), required=False, least=ZERO)
    notes = forms.CharField(
        label=gettext_lazy("Text på fakturan"), max_length=20_000, required=False, widget=forms.Textarea
    )

    def __init__(self, *positional: Any, company_id: UUID, **options: Any) -> None:
        super().__init__(*positional, **options)
        self._company_id = company_id

    def clean_customer(self) -> Customer:
        """Return the customer that was meant.

        Raises:
            ValidationError: nobody, or more than one.
        """
        written = " ".join(self.cleaned_data["customer"].split())
        chosen = _NUMBER_AND_NAME.fullmatch(written)
        of_company = Customer.objects.filter(company_id=self._company_id)
        if chosen and (found := of_company.filter(number=chosen["number"]).first()):
            return found
        named = list(of_company.filter(name__iexact=written)[:_NAMED]) or list(
            customers_named(self._company_id, written)[:_NAMED]
        )
        if len(named) > 1:
            some = ", ".join(_suggestion(one) for one in named[:_NAMED])
            raise ValidationError(_("Flera kunder heter så. Skriv kundnumret, till exempel %s.") % some)
        if not named:
            raise ValidationError(_("Ingen kund heter så. Lägg till kunden först, eller skriv kundnumret."))
        return named[0]

    def entry(self, lines: list[LineEntry]) -> InvoiceEntry:
        """Return what was entered; only for a valid form."""
        told = self.cleaned_data
        return InvoiceEntry(
            number=told["number"],
            customer_id=told["customer"].id,
            issue_date=told["issue_date"],
            due_date=told["due_date"],
            lines=lines,
            prepaid=told["prepaid"] or ZERO,
            deduction=DeductionKind(told["deduction"]) if told["deduction"] else None,
            share=told["share"],
            payment_reference=told["payment_reference"],
            buyer_reference=told["buyer_reference"],
            notes=told["notes"],
        )


type Lines = BaseFormSet[LineForm]

_LineForms = formset_factory(LineForm, extra=0, max_num=_MOST_LINES, validate_max=True, absolute_max=_MOST_LINES + 1)


@require_http_methods(["GET", "POST"])
@may_send_required
def invoice_new(request: TenantRequest, tenant: UUID) -> HttpResponse:
    """Show an empty invoice, and enter it."""
    if request.method == "POST":
        return _answer(request, tenant, None)
    today = clock.today()
    initial: dict[str, Any] = {"issue_date": today, "due_date": today + _DAYS_TO_PAY}
    customer = _of_id(tenant, request.GET.get("customer", ""))
    if customer is not None:
        initial["customer"] = _suggestion(customer)
    return _page(request, InvoiceForm(initial=initial, company_id=tenant), _line_forms([{}, {}, {}]), None)


@require_http_methods(["GET", "POST"])
@may_send_required
def invoice_edit(request: TenantRequest, tenant: UUID, invoice: UUID) -> HttpResponse:
    """Show an invoice that has not been sent, and change it."""
    found = get_object_or_404(
        Invoice.objects.select_related("customer").defer("source_bytes"), id=invoice, company_id=tenant
    )
    refusal: Refusal | None = None
    if not found.state.may_be_sent:
        refusal = InvoiceIsAtTheAgency(found.number)
    elif found.source_sha256:
        refusal = InvoiceIsAsItsFile(found.number)
    if refusal is not None:
        text = explained([refusal])[0]
        messages.error(request, f"{text.what} {text.todo}")
        return HttpResponseRedirect(reverse("invoice", args=[tenant, found.id]))
    if request.method == "POST":
        return _answer(request, tenant, found)
    lines = InvoiceLine.objects.filter(company_id=tenant, invoice=found).order_by("position")
    return _page(
        request, InvoiceForm(initial=_initial(found), company_id=tenant), _line_forms([*map(_line, lines)]), found
    )


def _answer(request: TenantRequest, tenant: UUID, found: Invoice | None) -> HttpResponse:
    form, lines = InvoiceForm(request.POST, company_id=tenant), _LineForms(request.POST, prefix="lines")
    if "save" not in request.POST:
        return _lines_changed(request, tenant, found)
    if not (form.is_valid() & lines.is_valid()):
        return _page(request, form, lines, found, status=422)
    entry = form.entry([line.entry() for line in lines if line.has_changed()])
    try:
        if found is None:
            saved = enter_invoice(tenant, entry, user=request.user, at=clock.now())
        else:
            saved = change_invoice(tenant, found.id, entry, user=request.user, at=clock.now())
    except Refusal as refusal:
        refuse_in(form, refusal, _FIELDS)
        return _page(request, form, lines, found, status=422)
    messages.success(request, _("Faktura %s är sparad.") % saved.number)
    return HttpResponseRedirect(reverse("invoice", args=[tenant, saved.id]))


def _lines_changed(request: TenantRequest, tenant: UUID, found: Invoice | None) -> HttpResponse:
    """Show the same form with a line more or less, or added up; nothing is judged and nothing is saved."""
    written = _lines_written(request.POST)
    if "add" in request.POST and len(written) < _MOST_LINES:
        written.append({})
    removed = request.POST.get("remove", "")
    if removed.isdecimal() and int(removed) < len(written):
        del written[int(removed)]
    form = InvoiceForm(initial=request.POST.dict(), company_id=tenant)
    return _page(request, form, _line_forms(written or [{}]), found, focus_last="add" in request.POST)


def _lines_written(told: QueryDict) -> list[dict[str, Any]]:
    written = told.get("lines-TOTAL_FORMS", "")
    count = int(written) if written.isdecimal() and len(written) <= len(str(_MOST_LINES)) else 0
    return [
        {name: told.get(f"lines-{row}-{name}", "") for name in LineForm.base_fields}
        for row in range(min(count, _MOST_LINES))
    ]


def _line_forms(written: list[dict[str, Any]]) -> Lines:
    """Return unbound forms of lines with what has been written in each; the values come back as people wrote them."""
    forms_ = _LineForms(prefix="lines", initial=None, form_kwargs=None)
    forms_.extra = len(written)
    for line, values in zip(forms_.forms, written, strict=True):
        line.initial = values
    return forms_


def _page(
    request: TenantRequest,
    form: InvoiceForm,
    lines: Lines,
    found: Invoice | None,
    *,
    status: int = 200,
    focus_last: bool = False,
) -> HttpResponse:
    context = {
        "form": form,
        "lines": lines,
        "invoice": found,
        "sums": _sums(request) if request.method == "POST" else [],
        "suggested": [
            _suggestion(one) for one in customers(request.tenant).order_by("name_key")[:_SUGGESTED_CUSTOMERS]
        ],
        "focus_last": focus_last,
        "may_add": len(lines.forms) < _MOST_LINES,
    }
    return render(request, "receivables/invoice_entry/form.html", context, status=status)


def _sums(request: TenantRequest) -> list[SumRow]:
    """Return what the lines add up to as far as they are written, or nothing while one of them cannot be read."""
    lines = _LineForms(request.POST, prefix="lines")
    if not lines.is_valid():
        return []
    written = [line.entry().priced for line in lines if line.has_changed()]
    if not written:
        return []
    try:
        totals = totals_of(written)
    except TotalIsNegative as refusal:
        text = explained([refusal])[0]
        return [SumRow(_("Summa"), refusal.total.ore, f"{text.what} {text.todo}", kind="total")]
    return [
        SumRow(_("Utan moms"), totals.net.ore),
        *(
            SumRow(
                _("Moms %s") % writing.here().percent_in_short(rate.percent),
                rate.tax.ore,
                _("på %s") % writing.with_currency(rate.taxed),
            )
            for rate in totals.taxes
        ),
        SumRow(_("Summa"), totals.total.ore, kind="total"),
    ]


_FIELDS: dict[type[Refusal], str] = {
    InvoiceNumberTaken: "number",
    DueDateBeforeInvoice: "due_date",
    CustomerShareUnknown: "share",
    CustomerShareOutsideInvoice: "share",
    PrepaidExceedsInvoice: "prepaid",
}


def _initial(found: Invoice) -> dict[str, Any]:
    return {
        "customer": _suggestion(found.customer),
        "number": found.number,
        "issue_date": found.issue_date,
        "due_date": found.due_date,
        "payment_reference": found.payment_reference,
        "buyer_reference": found.buyer_reference,
        "deduction": found.deduction,
        "share": Money(found.share_ore) if found.share_ore is not None else None,
        "prepaid": Money(found.prepaid_ore) if found.prepaid_ore else None,
        "notes": found.notes,
    }


def _line(line: InvoiceLine) -> dict[str, Any]:
    percent = line.tax_percent if line.tax_percent is not None else Decimal(25)
    return {
        "text": line.text,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": Money(line.unit_price_ore) if line.unit_price_ore is not None else None,
        "tax_percent": f"{percent.normalize():f}",
    }


def _suggestion(customer: Customer) -> str:
    return f"{customer.number} – {shown_name(customer)}"


def _of_id(tenant: UUID, written: str) -> Customer | None:
    try:
        return Customer.objects.filter(company_id=tenant, id=UUID(written)).first()
    except ValueError:
        return None
