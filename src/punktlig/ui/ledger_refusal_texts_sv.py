"""Vad kundreskontrans nej säger på svenska. How the texts are filled in: see `refusals`."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "number": "fakturanummer",
    "customer_id": "kund",
    "currency": "valuta",
    "issue_date": "fakturadatum",
    "due_date": "förfallodag",
    "total_ore": "summa",
    "tax_ore": "moms",
    "prepaid_ore": "förskott",
    "payable_ore": "att betala",
    "deduction": "skattereduktion",
    "share_ore": "kundens del",
    "payment_reference": "betalningsreferens",
    "kind": "vem kunden är",
    "identity_number": "person- eller organisationsnummer",
    "vat_number": "momsnummer",
    "address": "adress",
    "email": "e-post",
    "telephone": "telefon",
    "language": "språk på brev",
    "identity_is_protected": "skydd av personuppgifter",
    "lines": "rader",
    "buyer name": "kundens namn",
    "buyer identity number": "kundens person- eller organisationsnummer",
    "buyer VAT number": "kundens momsnummer",
    "buyer street": "kundens gatuadress",
    "buyer postcode": "kundens postnummer",
    "buyer town": "kundens ort",
    "buyer email": "kundens e-postadress",
    "buyer telephone": "kundens telefonnummer",
    "invoice number": "fakturanumret",
    "payment reference": "betalningsreferensen",
    "buyer reference": "kundens referens",
    "the archive": "arkivet",
}

TEXTS: dict[str, tuple[str, str]] = {
    # Fakturor
    "invoice_has_no_lines": (
        "Fakturan har inga rader.",
        "Skriv minst en rad med vad kunden ska betala för.",
    ),
    "prepaid_exceeds_invoice": (
        "Förskottet {prepaid} är mer än hela fakturan, {total}.",
        "Rätta förskottet eller raderna.",
    ),
    "invoice_number_taken": (
        "Faktura {number} finns redan, till {customer}[, och skiljer sig i {differences:word}].",
        "Välj ett annat fakturanummer, eller öppna fakturan som finns. Ett nummer är en enda faktura.",
    ),
    "file_contradicts_invoice": (
        "Faktura {number} till {customer} finns redan, och filen skiljer sig i {differences:word}.",
        (
            "Fakturan här är oförändrad. Är det filen som är rätt: kreditera fakturan i ert faktureringsprogram, gör "
            "en ny med eget nummer och läs in båda."
        ),
    ),
    "invoice_is_as_its_file": (
        "Faktura {number} lästes in från en fil och står kvar som filen säger.",
        "Kreditera den i programmet där den gjordes, och läs in kreditfakturan och den nya fakturan här.",
    ),
    "invoice_is_at_the_agency": (
        "Faktura {number} är skickad till ombudet och kan inte ändras.",
        "Registrera en betalning eller en kreditfaktura i stället; ombudet får veta det genast.",
    ),
    "change_leaves_less_than_paid": (
        "Fakturan skulle bli {owed}, men {paid} är redan betalt eller krediterat.",
        "Rätta beloppen, eller kreditera det som är för mycket.",
    ),
    # Kunder
    "customer_number_taken": (
        "Kundnummer {number} har redan {customer}.",
        "Välj ett annat kundnummer, eller lämna det tomt så väljs nästa lediga.",
    ),
    "customer_name_missing": ("Kunden saknar namn.", "Skriv kundens namn, som det ska stå på ett brev."),
    # Betalningar och kreditfakturor
    "payment_is_not_positive": (
        "En betalning är mer än noll; här står {amount}.",
        "Skriv vad kunden betalade. Pengar tillbaka till kunden bokas inte här.",
    ),
    "payment_is_ahead": (
        "Dagen {day} har inte kommit än; i dag är det {today}.",
        "Ange den dag då det skedde, som den står på kontoutdraget eller kreditfakturan.",
    ),
    "payment_exceeds_remaining": (
        "Betalningen {amount} är mer än de {remaining} som är kvar på fakturan.",
        (
            "Hör pengarna också till en annan faktura: dela upp dem. Har kunden betalat för mycket, eller även avgift "
            "och ränta: kryssa i att hela beloppet ska bokas här."
        ),
    ),
    "payment_just_recorded": (
        "En betalning på {amount} den {day} bokades på fakturan för mindre än en minut sedan.",
        "Den är bokad och behöver inte bokas igen. Är det två betalningar: kryssa i att det är en till.",
    ),
    "payment_is_taken_back": (
        "Betalningen {amount} den {day}, som bokades med det här formuläret, har tagits tillbaka.",
        "Ska den bokas igen: registrera den en gång till.",
    ),
    "payment_is_with_agency": (
        "Ombudet räknar med betalningen {amount} den {day}, och den kan inte tas tillbaka här.",
        "Är den fel: ring ombudet.",
    ),
    "payments_through_is_ahead": (
        "Betalningar kan inte vara bokförda till och med {day}; i dag är det {today}.",
        "Ange den sista dag vars betalningar är bokförda, oftast gårdagen.",
    ),
    "credit_note_number_taken": (
        "Kreditfaktura {number} finns redan: {amount} på faktura {invoice}.",
        "Kontrollera numret. Samma kreditfaktura bokas bara en gång.",
    ),
    "credit_exceeds_invoice": (
        "Krediterat skulle bli {credited}, men faktura {number} är på {owed}.",
        "Kontrollera beloppet. Gäller kreditfakturan flera fakturor: boka den del som hör till var och en.",
    ),
    "credited_invoice_missing": (
        "Kreditfaktura {number} rättar faktura {invoice}, som inte finns här.",
        "Läs in faktura {invoice} först, och sedan kreditfakturan igen.",
    ),
    "credited_invoice_not_named": (
        "Kreditfaktura {number} säger inte vilken faktura den rättar.",
        "Öppna fakturan och registrera kreditfakturan där.",
    ),
    "credit_note_to_another_customer": (
        "Kreditfaktura {number} är ställd till {buyer}, men faktura {invoice} som den rättar till {customer}.",
        "Är det ändå rätt faktura: öppna den och registrera kreditfakturan där.",
    ),
    "credit_note_share_unknown": (
        (
            "Kreditfaktura {number} rättar faktura {invoice}, som har skattereduktion. Hur mycket av den som är "
            "kundens egen del framgår inte."
        ),
        "Öppna fakturan och registrera kreditfakturan där, med kundens del.",
    ),
    "credit_note_amount_unclear": (
        "Kreditfaktura {number} har inget belopp över noll.",
        "Ange beloppet utan minustecken: så mycket sänks fakturan.",
    ),
    # Import
    "invoice_of_another_seller": (
        "Fakturan är ställd ut av {seller}[ ({seller_number})], inte av {company}.",
        "Läs in den hos det företaget. Är företaget ert? Kontrollera organisationsnumret under Inställningar.",
    ),
    "text_too_long_to_keep": (
        "I filen är {field:word} {length} tecken; högst {limit} sparas.",
        "Korta texten i programmet som gjorde filen och skapa den på nytt.",
    ),
    "credit_note_in_other_currency": (
        "Kreditfaktura {number} är i {currency}, men faktura {invoice} som den rättar är i {invoice_currency}.",
        "Kontrollera kreditfakturan i programmet där den gjordes.",
    ),
    "file_broke_the_reader": (
        "Filen gick inte att läsa, och felet är vårt.",
        "Registrera fakturan för hand, och berätta för den som sköter programmet; felet är nedskrivet där.",
    ),
    "too_many_files": (
        "{count} filer är för många på en gång.",
        "Välj högst {most} åt gången, och läs in resten sedan. Redan inlästa filer blir inte dubbla.",
    ),
    "files_too_large_together": (
        "Filerna är tillsammans {megabytes} MB.",
        "Välj filer på högst {most} MB åt gången.",
    ),
    "no_files_given": ("Ingen fil är vald.", "Välj en eller flera XML-filer, eller en ZIP-fil med XML-filer."),
    "archive_is_broken": (
        "ZIP-filen {name} går inte att läsa.",
        "Gör om ZIP-filen, eller välj XML-filerna som de är.",
    ),
    "archive_is_locked": (
        "ZIP-filen {name} är skyddad med lösenord.",
        "Packa upp den och välj XML-filerna som de är.",
    ),
    "archive_is_too_large": (
        "ZIP-filen {name} är för stor när den packas upp.",
        "Dela upp den: högst {most_files} filer och {most_megabytes} MB i varje.",
    ),
    "archive_has_no_invoices": (
        "ZIP-filen {name} har inga XML-filer.",
        "Lägg fakturorna som XML-filer i ZIP-filen, eller välj dem direkt.",
    ),
}
