"""What each refusal says in English: what is wrong, and what to do. How the texts are filled in: see `refusals`.

A part in square brackets is left out when a fact in it was not told.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "consumer": "a consumer",
    "trader": "a trader",
    "public": "a public body",
    "person": "a person",
    "organisation": "an organisation",
    "reminder_fee": "a reminder fee",
    "collection_demand": "the cost of a collection demand",
    "instalment_plan": "the cost of an instalment plan",
    "late_payment_compensation": "late-payment compensation",
    "rot": "ROT deduction",
    "rut": "RUT deduction",
    "green": "green-technology deduction",
    "bankgiro": "bankgiro",
    "plusgiro": "plusgiro",
    "iban": "IBAN",
    "other": "unknown",
    "creditor_name": "the seller's name",
    "invoice_number": "the invoice number",
    "name": "name",
    "street": "street or box",
    "postcode": "postcode",
    "town": "town",
    "country": "country",
    "recipient": "the recipient's name and address",
    "heading": "the sender's name or the invoice's number",
    "lead": "the words on what the debt is for",
    "details": "the invoice's lines",
}

TEXTS: dict[str, tuple[str, str]] = {
    # The document
    "invoice_is_credit_note": (
        "Document {number} is a credit note[ to invoice {corrected_invoice}]. It lowers a debt and is never one.",
        "Remind of the invoice itself, with the amount that is left after the credit note.",
    ),
    "invoice_is_self_billed": (
        "Invoice {number} was made by the customer, so its facts are the customer's own.",
        "Let a person compare it with what was delivered, and claim it by hand.",
    ),
    "document_is_not_an_invoice": (
        "Document {number} is of a kind that asks for no payment of its own.",
        "Choose the invoice that asks for the payment.",
    ),
    "currency_is_not_sek": (
        "The invoice is in {currency}. Fees and interest are counted in Swedish kronor only.",
        "Claim it by hand, under the law and in the currency of the contract.",
    ),
    "total_is_negative": (
        "The invoice comes to {total}: money is owed to the customer.",
        "Pay it back or set it off against another invoice. There is nothing to remind of.",
    ),
    "nothing_left_to_pay": (
        "Nothing is left to pay: {payable} was asked for and {paid} has been paid since.",
        "Mark the invoice as paid. If a payment was entered by mistake, take it out and try again.",
    ),
    "payee_is_another": (
        "The invoice is to be paid to {payee} and not to the seller, {seller}. The claim may be sold or pledged.",
        "Let the one who owns the claim now remind of it.",
    ),
    "amount_missing": (
        "The invoice does not say how much is to be paid.",
        "Make a new file of the invoice with the amount due for payment in it.",
    ),
    "amount_finer_than_ore": (
        "The invoice asks for {amount}, which is finer than whole öre.",
        "Round the amount to two decimals in the invoicing program and make a new file.",
    ),
    # Dates
    "invoice_date_missing": (
        "The invoice has no date, so neither limitation nor fee can be judged.",
        "Make a new file of the invoice with its date in it.",
    ),
    "invoice_date_ahead": (
        "The invoice is dated {invoice_date}, after the letter's date, {today}.",
        "Correct the invoice date, or wait.",
    ),
    "due_date_before_invoice": (
        "The due date, {due_date}, lies before the invoice date, {invoice_date}.",
        "Say which due date was agreed.",
    ),
    "due_date_missing": (
        "The invoice has no due date[, only the terms “{payment_terms}”].",
        "Say which due date was agreed. If none was, say when the invoice was sent: interest starts 30 days later.",
    ),
    "due_date_not_agreed_and_no_demand_sent": (
        "No due date was agreed, and it is not known when the invoice or a later demand was sent.",
        "Say when it was sent: interest starts 30 days after that day (Interest Act s. 4).",
    ),
    "not_overdue_yet": (
        (
            "The invoice is not overdue yet: due on {due_date}, it may be paid through {effective_due_date} "
            "(a due date on a closed day moves to the next bank day)."
        ),
        "Remind on {first_reminder_day} at the earliest.",
    ),
    "demand_ahead": (
        "The demand is dated {demand_sent}, after the letter's date, {today}.",
        "Correct the day on which it was sent, or choose a later date for the letter.",
    ),
    "demand_before_invoice": (
        "The demand was sent on {demand_sent}, before the invoice was made on {invoice_date}.",
        "Correct the day on which it was sent.",
    ),
    "payments_not_booked_yet": (
        (
            "Payments are known through {booked_through} only; they must be known through {needed_through}, for "
            "the invoice may be paid already."
        ),
        "Read in the payments of the days between, then try again.",
    ),
    "payment_ahead": (
        "A payment is dated {payment_date}, after the letter's date, {today}.",
        "Correct the date of the payment, or choose a later date for the letter.",
    ),
    "limitation_may_have_run": (
        "The claim may have lapsed: {years} years passed on {last_day} (Limitation Act).",
        (
            "If the debtor acknowledged the debt, paid on it or received a written demand before that day, say when. "
            "Otherwise do not claim it."
        ),
    ),
    # The debtor
    "debtor_kind_unknown": (
        (
            "Nothing on the invoice tells whether {name} is a consumer, a trader or a public body[; the number "
            "{identity_number:identity} does not say]. Interest and fee depend on it."
        ),
        "Say which of the three the debtor is.",
    ),
    "debtor_kind_contradicted": (
        "{name} cannot be {declared:word}: the identity number is that of {told_by_number:word}.",
        "Correct the kind of debtor, or the number on the invoice.",
    ),
    "identity_number_unreadable": (
        "The identity number {identity_number} of {name} is not a Swedish one: {reason:word}.",
        "Correct the number in the customer register and make a new file of the invoice.",
    ),
    "debtor_is_an_estate": (
        "{name} is a deceased person's estate.",
        "Find out who represents the estate and write to them by hand.",
    ),
    "debtor_is_bankrupt": (
        "{name} is bankrupt, as the name says.",
        "Lodge the claim with the bankruptcy administrator by hand.",
    ),
    "debtor_is_a_minor": (
        "{name} is under 18, until {of_age_on}.",
        "Turn to the guardians by hand. No reminder is sent to a minor by routine.",
    ),
    "identity_is_protected": (
        "The debtor's personal data are protected.",
        "Let a person who may handle protected data send the letter by way of Skatteverket.",
    ),
    "address_incomplete": (
        "The address of {name} lacks {missing:word}.",
        "Complete the address in the customer register and make a new file of the invoice.",
    ),
    "letter_fact_missing": (
        "The invoice lacks facts that can be read: {missing:word}.",
        "Correct them in the invoicing program and make a new file of the invoice.",
    ),
    "country_unreadable": (
        "The country “{country}” in the address of {name} is not a two-letter country code.",
        "Write the country as a code such as SE, NO or DE and make a new file of the invoice.",
    ),
    # Tax deductions
    "customer_share_unknown": (
        "The invoice speaks of a {kind}, but not of how much the customer is to pay itself.",
        "State what the customer's own share is. The rest is asked of Skatteverket, not of the customer.",
    ),
    "customer_share_outside_invoice": (
        "A customer's share of {share} does not fit an invoice of {payable}.",
        "Enter a share that is more than nothing and at most what the invoice asks for.",
    ),
    "customer_share_changed": (
        (
            "The {kind} was {percent_then:percent} on the invoice date, {invoice_date}, and {percent_now:percent} for "
            "a payment on {payment_date}. The customer's share may be another now."
        ),
        "Work out the share by the percentage on the day of payment, and confirm it.",
    ),
    "deduction_not_in_force": (
        "No {kind} is known for {day}.",
        "Check with Skatteverket what the customer owes, and correct the invoice.",
    ),
    # Charges and rates
    "charges_exclude_each_other": (
        "A claim may not have both {wanted} and {already} (Act 1981:739 ss. 4 a and 5).",
        "Choose one of them.",
    ),
    "charge_already_made": (
        "This claim has had its charge already: {wanted}. It may be made once.",
        "Send the letter without it.",
    ),
    "compensation_not_from_consumer": (
        "Late-payment compensation may not be asked of {name}, who is a consumer.",
        "Leave it out. If a reminder fee was agreed before the debt arose, ask for that instead.",
    ),
    "rate_unknown": (
        (
            "No reference rate is known for {day}. The known rates run from {known_from} through {known_through}, and "
            "none is guessed."
        ),
        "Choose a day within those, or add the new half-year with its source when the Riksbank has announced it.",
    ),
    "rate_not_usable": (
        "A yearly rate of {percent:percent} cannot be used.",
        "Give a rate from 0 to 1000 per cent with at most four decimals.",
    ),
    "rate_above_consumer_ceiling": (
        (
            "The agreed rate, {percent:percent}, is above what a consumer may be asked for on {day}: {ceiling:percent} "
            "(Consumer Credit Act s. 19 a)."
        ),
        "Claim the statutory rate, or a rate at or under the ceiling.",
    ),
    # Reference rates that are added
    "rate_is_known": (
        "The reference rate of the half-year from {valid_from} is known: {percent:percent}. It never changes.",
        "Compare it with the source. If the known one is wrong, tell whoever looks after the program.",
    ),
    "rate_leaves_gap": (
        "The rate is of the half-year from {valid_from}. The first half-year whose rate is missing begins {expected}.",
        "Add the rate of that half-year first.",
    ),
    "rate_is_not_decided": (
        "The Riksbank decides the rate just before the half-year from {valid_from}.",
        "Add it on {earliest} at the earliest, when it can be read at the Riksbank.",
    ),
    "rate_is_no_half_step": (
        (
            "{percent:percent} is no whole or half per cent. The Riksbank rounds the reference rate up to the nearest "
            "half (Interest Act s. 9)."
        ),
        "Read the reference rate at the Riksbank. It is not the same number as the policy rate.",
    ),
    "rate_is_implausible": (
        (
            "{percent:percent} lies outside what a reference rate can reasonably be, from {least:percent} to "
            "{most:percent}."
        ),
        "See that the decimal sign stands where it should.",
    ),
    "rate_has_no_source": (
        "The rate has no source, so nobody else can look it up.",
        "Write where it stands: the Riksbank's page, or its number in the Swedish Code of Statutes.",
    ),
    "rate_needs_second_person": (
        "The rate was entered by {name} and is to be approved by somebody else.",
        "Ask another administrator to read the source and approve it.",
    ),
    # Files
    "unreadable_invoice": ("The file cannot be read as an invoice.", "Make a new file from the invoicing program."),
    "file_is_empty": ("The file is empty.", "Make a new file of the invoice from the invoicing program."),
    "file_is_too_large": (
        "The file has {size} bytes; an invoice may have at most {limit}.",
        "Make a file with one invoice, without large attachments.",
    ),
    "file_is_pdf": (
        "The file is a PDF, which is a picture of an invoice.",
        "Export the invoice as Peppol BIS Billing 3 (UBL) XML, or take the XML file out of a Factur-X PDF.",
    ),
    "not_an_invoice_file": (
        "The file is {found:word}, and not an invoice.",
        "Export the invoice as XML: UBL 2.1 (Peppol) or UN/CEFACT CII.",
    ),
    "xml_is_broken": (
        "The XML is broken at line {line}, column {column}: {reason}.",
        "Make a new file of the invoice. If it was cut off on its way, fetch it again.",
    ),
    "xml_has_doctype": (
        "The XML has a DOCTYPE (“{name}”), which can define or fetch text that is not in the file.",
        "Take the DOCTYPE away; no invoice needs one.",
    ),
    "xml_is_too_deep": (
        "The XML has more than {limit} elements inside each other, which no invoice has.",
        "Make a new file of the invoice from the invoicing program.",
    ),
    "xml_has_too_many_elements": (
        "The XML has more than {limit} elements.",
        "Make one file for each invoice.",
    ),
    "svefaktura_is_not_read": (
        "The file is a Svefaktura 1.0, which its publisher no longer supports.",
        "Export the invoice as Peppol BIS Billing 3 (UBL) instead.",
    ),
    "file_has_several_invoices": ("The file holds {count} invoices.", "Save each one as a file of its own."),
    "field_is_unreadable": (
        "Line {line}: {field} is “{value}”; expected {expected:word}.",
        "Correct the field in the invoicing program and make a new file.",
    ),
    "field_is_missing": (
        "Line {line}: {field} is missing or empty.",
        "Fill in the field in the invoicing program and make a new file.",
    ),
    "field_is_repeated": (
        "Line {line}: {field} is there with different values ({values}).",
        "Leave one value in the invoice and make a new file.",
    ),
    "field_is_too_long": (
        "Line {line}: {field} has {length} characters; at most {limit} are read.",
        "Shorten the text in the invoicing program and make a new file.",
    ),
    # Accounts, references and codes
    "not_a_giro_number": ("“{text}” is not a giro number: {reason:word}.", "Correct the number."),
    "not_a_bankgiro_number": ("“{text}” is not a bankgiro number: {reason:word}.", "Correct the number."),
    "not_a_plusgiro_number": ("“{text}” is not a plusgiro number: {reason:word}.", "Correct the number."),
    "not_an_ocr_reference": ("“{text}” is not an OCR reference: {reason:word}.", "Correct the reference."),
    "ocr_check_digit_is_wrong": (
        "“{text}” is not an OCR reference: the last digit should be {expected}.",
        "Correct the reference; a digit was probably mistyped.",
    ),
    "ocr_length_digit_is_wrong": (
        "“{text}” is not an OCR reference: the second last digit, which tells the length, should be {expected}.",
        "Correct the reference; a digit was probably left out or added.",
    ),
    "ocr_length_is_wrong": (
        "“{text}” does not have the length that the agreement with the bank allows: {lengths} digits.",
        "Correct the reference; a digit was probably left out or added.",
    ),
    "no_using_qr": ("No payment code can be made for this payment.", "Pay with account and reference instead."),
    "amount_is_not_positive": (
        "A payment code needs an amount above zero, not {amount}.",
        "Leave the code out; there is nothing to pay.",
    ),
    "account_is_no_giro": (
        "A payment code needs a bankgiro or a plusgiro; the account is of the kind {kind}.",
        "Give a giro number, or leave the code out.",
    ),
    "payee_is_not_identified": (
        "A payment code needs the payee's name and Swedish organisation number, not “{payee}” and “{identity_number}”.",
        "Correct the payee's name and number.",
    ),
    "reference_is_missing": (
        "There is no payment reference to tell the payee what is paid.",
        "Give a reference.",
    ),
    # The paper
    "character_not_covered": (
        "The letter has characters that none of its fonts can draw: {characters}. They stand in: {fields:word}.",
        "Write the name or text with other letters, as the person does in Sweden. Nothing is left out in silence.",
    ),
    "address_does_not_fit": (
        "The address does not fit in the envelope's window: {recipient}.",
        "Shorten the lines of the address in the customer register and make a new file of the invoice.",
    ),
    "template_is_unknown": (
        "The letter was written for the template {template}, which this version does not have.",
        "Draw it with the version it was made with, or make the letter anew.",
    ),
    # What the command itself refuses
    "period_ends_before_it_begins": (
        "The period ends on {last}, before it begins on {first}.",
        "Give the first interest day first, then the last. Both count.",
    ),
    "invoice_file_missing": ("There is no file {file}.", "Check the name and the folder."),
    "invoice_file_is_a_folder": ("{file} is a folder.", "Name the files in it, for example {file}/*.xml."),
    "invoice_file_cannot_be_read": ("{file} cannot be read: {reason}.", "Check the file's permissions."),
    "invoice_given_twice": (
        "Invoice {number} from {creditor} was given twice; {first_file} has it already.",
        "Leave one of the files out. If they differ, find out which one was sent to the customer.",
    ),
    "case_number_taken": (
        "Invoice {number} would get case number {case_number}, which {first_file} has in this run.",
        "Let a person choose the case number: two debts may never share a payment reference.",
    ),
    "option_is_for_one_invoice": (
        "{option} is a fact of one invoice, and {count} files were given.",
        "Give one file at a time with this option.",
    ),
    "folder_cannot_be_used": (
        "Letters cannot be written to {folder}: {reason}.",
        "Choose another folder, or make room and get the right to write there. A letter is never half written.",
    ),
    "agency_file_cannot_be_read": (
        "The agency file {file} cannot be read: {reason}.",
        "Check the name and the folder.",
    ),
    "agency_file_is_not_toml": (
        "The agency file {file} is not TOML: {reason}.",
        'Write each line as key = "value". examples/agency.toml is one to start from.',
    ),
    "agency_key_unknown": (
        "The agency file {file} has a key that is not known: {key}.",
        "Take it away, or correct its spelling. The keys are {known}.",
    ),
    "agency_key_missing": ("The agency file {file} lacks the key {key}.", "Add the key."),
    "agency_value_is_wrong": (
        "In the agency file {file}, {key} is “{value}”: {reason:word}.",
        "Correct the value. It is printed on every letter.",
    ),
    "example_invoices_missing": (
        "The invented invoices are not here: {folder} has no invoice files.",
        "Run the demo in a checkout of the repository; an installed package does not bring them.",
    ),
}
