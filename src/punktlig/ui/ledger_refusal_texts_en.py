"""What the ledger's refusals say in English. How the texts are filled in: see `refusals`."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "number": "invoice number",
    "customer_id": "customer",
    "currency": "currency",
    "issue_date": "invoice date",
    "due_date": "due date",
    "total_ore": "total",
    "tax_ore": "VAT",
    "prepaid_ore": "prepayment",
    "payable_ore": "amount to pay",
    "deduction": "tax deduction",
    "share_ore": "customer’s share",
    "payment_reference": "payment reference",
    "kind": "who the customer is",
    "identity_number": "identity number",
    "vat_number": "VAT number",
    "address": "address",
    "email": "e-mail",
    "telephone": "telephone",
    "language": "language of letters",
    "identity_is_protected": "protection of identity",
    "lines": "lines",
    "buyer name": "the customer’s name",
    "buyer identity number": "the customer’s identity number",
    "buyer VAT number": "the customer’s VAT number",
    "buyer street": "the customer’s street",
    "buyer postcode": "the customer’s postcode",
    "buyer town": "the customer’s town",
    "buyer email": "the customer’s e-mail address",
    "buyer telephone": "the customer’s telephone number",
    "invoice number": "the invoice number",
    "payment reference": "the payment reference",
    "buyer reference": "the customer’s reference",
    "the archive": "the archive",
}

TEXTS: dict[str, tuple[str, str]] = {
    # Invoices
    "invoice_has_no_lines": (
        "The invoice has no lines.",
        "Write at least one line with what the customer is to pay for.",
    ),
    "prepaid_exceeds_invoice": (
        "The prepayment {prepaid} is more than the whole invoice, {total}.",
        "Correct the prepayment or the lines.",
    ),
    "invoice_number_taken": (
        "Invoice {number} exists already, to {customer}[, and differs in {differences:word}].",
        "Choose another invoice number, or open the invoice that exists. One number is one invoice.",
    ),
    "file_contradicts_invoice": (
        "Invoice {number} to {customer} exists already, and the file differs in {differences:word}.",
        (
            "The invoice here is unchanged. If the file is right, credit the invoice in your invoicing program, make a "
            "new one with a number of its own, and import both."
        ),
    ),
    "invoice_is_as_its_file": (
        "Invoice {number} was read from a file and stays as the file says.",
        "Credit it in the program that made it, and import the credit note and the new invoice here.",
    ),
    "invoice_is_at_the_agency": (
        "Invoice {number} has been sent to the agency and cannot be changed.",
        "Record a payment or a credit note instead; the agency is told at once.",
    ),
    "change_leaves_less_than_paid": (
        "The invoice would be {owed}, but {paid} has been paid or credited already.",
        "Correct the amounts, or credit what is too much.",
    ),
    # Customers
    "customer_number_taken": (
        "Customer number {number} belongs to {customer}.",
        "Choose another customer number, or leave it empty to get the next free one.",
    ),
    "customer_name_missing": ("The customer has no name.", "Write the customer’s name as it is to stand on a letter."),
    # Payments and credit notes
    "payment_is_not_positive": (
        "A payment is more than nothing; this says {amount}.",
        "Write what the customer paid. Money back to the customer is not booked here.",
    ),
    "payment_is_ahead": (
        "The day {day} has not come yet; today is {today}.",
        "Give the day it happened, as on the bank statement or the credit note.",
    ),
    "payment_exceeds_remaining": (
        "The payment {amount} is more than the {remaining} left of the invoice.",
        (
            "If the money is for another invoice too, divide it. If the customer has paid too much, or the fee and "
            "interest as well, tick that the whole amount is to be booked here."
        ),
    ),
    "payment_just_recorded": (
        "A payment of {amount} on {day} was recorded on the invoice less than a minute ago.",
        "It is recorded and need not be again. If there were two payments, tick that this is another.",
    ),
    "payment_is_taken_back": (
        "The payment of {amount} on {day} that this form recorded has been taken back.",
        "If it is to be recorded again, record it once more.",
    ),
    "payment_is_with_agency": (
        "The agency counts the payment of {amount} on {day}, and it cannot be taken back here.",
        "If it is wrong, call the agency.",
    ),
    "payments_through_is_ahead": (
        "Payments cannot be booked through {day}; today is {today}.",
        "Give the last day whose payments are booked, most often yesterday.",
    ),
    "credit_note_number_taken": (
        "Credit note {number} exists already: {amount} on invoice {invoice}.",
        "Check the number. The same credit note is booked once only.",
    ),
    "credit_exceeds_invoice": (
        "{credited} would be credited, but invoice {number} is {owed}.",
        "Check the amount. If the credit note is for several invoices, book the part of each.",
    ),
    "credited_invoice_missing": (
        "Credit note {number} corrects invoice {invoice}, which is not here.",
        "Import invoice {invoice} first, then the credit note again.",
    ),
    "credited_invoice_not_named": (
        "Credit note {number} does not say which invoice it corrects.",
        "Open the invoice and record the credit note there.",
    ),
    "credit_note_to_another_customer": (
        "Credit note {number} is made out to {buyer}, but invoice {invoice} that it corrects to {customer}.",
        "If it is the right invoice all the same, open it and record the credit note there.",
    ),
    "credit_note_share_unknown": (
        (
            "Credit note {number} corrects invoice {invoice}, which has a tax deduction. How much of it is the "
            "customer’s own share is not told."
        ),
        "Open the invoice and record the credit note there, with the customer’s share.",
    ),
    "credit_note_amount_unclear": (
        "Credit note {number} has no amount above zero.",
        "Give the amount without a minus sign: the invoice is lowered by so much.",
    ),
    # Import
    "invoice_of_another_seller": (
        "The invoice was issued by {seller}[ ({seller_number})], not by {company}.",
        "Import it at that company. If it is yours, check the organisation number under Settings.",
    ),
    "text_too_long_to_keep": (
        "In the file {field:word} has {length} characters; at most {limit} are kept.",
        "Shorten the text in the program that made the file and make it anew.",
    ),
    "credit_note_in_other_currency": (
        "Credit note {number} is in {currency}, but invoice {invoice} that it corrects is in {invoice_currency}.",
        "Check the credit note in the program that made it.",
    ),
    "file_broke_the_reader": (
        "The file could not be read, and the fault is ours.",
        "Enter the invoice by hand, and tell whoever runs the program; the fault has been written down there.",
    ),
    "too_many_files": (
        "{count} files are too many at once.",
        "Choose at most {most} at a time, and import the rest after. Files imported before are not doubled.",
    ),
    "files_too_large_together": (
        "Together the files are {megabytes} MB.",
        "Choose files of at most {most} MB at a time.",
    ),
    "no_files_given": ("No file is chosen.", "Choose one or more XML files, or a ZIP file of XML files."),
    "archive_is_broken": (
        "The ZIP file {name} cannot be read.",
        "Make the ZIP file again, or choose the XML files as they are.",
    ),
    "archive_is_locked": (
        "The ZIP file {name} is protected by a password.",
        "Unpack it and choose the XML files as they are.",
    ),
    "archive_is_too_large": (
        "The ZIP file {name} is too large when unpacked.",
        "Divide it: at most {most_files} files and {most_megabytes} MB in each.",
    ),
    "archive_has_no_invoices": (
        "The ZIP file {name} has no XML files.",
        "Put the invoices as XML files into the ZIP file, or choose them directly.",
    ),
}
