"""Vad varje nej säger på svenska: what each refusal says in Swedish. How the texts are filled in: see `refusals`.

A part in square brackets is left out when a fact in it was not told.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    "consumer": "en konsument",
    "trader": "en näringsidkare",
    "public": "ett offentligt organ",
    "person": "en person",
    "organisation": "en organisation",
    "reminder_fee": "påminnelseavgift",
    "collection_demand": "kostnad för inkassokrav",
    "instalment_plan": "kostnad för amorteringsplan",
    "late_payment_compensation": "förseningsersättning",
    "rot": "rotavdrag",
    "rut": "rutavdrag",
    "green": "grönt avdrag",
    "bankgiro": "bankgiro",
    "plusgiro": "plusgiro",
    "iban": "IBAN",
    "other": "okänt slag",
    "creditor_name": "säljarens namn",
    "invoice_number": "fakturanummer",
    "name": "namn",
    "street": "gata eller box",
    "postcode": "postnummer",
    "town": "ort",
    "country": "land",
    "recipient": "mottagarens namn och adress",
    "heading": "avsändarens namn eller fakturans nummer",
    "lead": "texten om vad skulden gäller",
    "details": "fakturans rader",
    # Reasons that the rules and formats give in English
    "it should be ten or twelve digits": "det ska ha tio eller tolv siffror",
    "the check digit is wrong": "kontrollsiffran är fel",
    "an organisation number has ten digits, or twelve that begin with 16": "ett organisationsnummer har tio siffror, "
    "eller tolv som börjar med 16",
    "it begins with a date that does not exist": "det börjar med ett datum som inte finns",
    "the date of birth lies ahead": "födelsedatumet ligger framåt i tiden",
    "it has 7 or 8 digits": "det ska ha 7 eller 8 siffror",
    "it has 2 to 8 digits": "det ska ha 2 till 8 siffror",
    "it is only zeros": "det är bara nollor",
    "its last digit does not match the others": "den sista siffran stämmer inte med de andra",
    "the base is digits only": "det får bara vara siffror",
    "a web page (HTML)": "en webbsida (HTML)",
    "a JSON file": "en JSON-fil",
    "a ZIP archive or an Excel or Word document": "ett ZIP-arkiv eller ett dokument från Excel eller Word",
    "a picture": "en bild",
    "not XML": "inte XML",
    "not text": "inte text",
    "a text without elements inside": "en text utan element i",
    "the currency of the invoice": "fakturans valuta",
    "a currency code of three capital letters, such as SEK": "en valutakod med tre versaler, till exempel SEK",
    "a number with a decimal point, such as 1200.00": "ett tal med decimalpunkt, till exempel 1200.00",
    "a date, such as 2026-10-01": "ett datum, till exempel 2026-10-01",
    "a date, such as 20261001": "ett datum, till exempel 20261001",
    "a date, such as 2026-10-01; the calendar has no such day": "ett datum som finns, till exempel 2026-10-01",
    "a date, such as 20261001; the calendar has no such day": "ett datum som finns, till exempel 20261001",
    "102, a date such as 20261001": "102, ett datum som 20261001",
}

TEXTS: dict[str, tuple[str, str]] = {
    # Dokumentet
    "invoice_is_credit_note": (
        (
            "Dokument {number} är en kreditfaktura[ till faktura {corrected_invoice}]. Den minskar en skuld och är "
            "aldrig en egen."
        ),
        "Påminn om fakturan själv, med det belopp som är kvar efter krediteringen.",
    ),
    "invoice_is_self_billed": (
        "Faktura {number} har kunden själv ställt ut, så uppgifterna är kundens egna.",
        "Låt någon jämföra den med vad som levererades och kräv betalt för hand.",
    ),
    "document_is_not_an_invoice": (
        "Dokument {number} är av ett slag som inte ber om någon egen betalning.",
        "Välj fakturan som ber om betalningen.",
    ),
    "currency_is_not_sek": (
        "Fakturan är i {currency}. Avgifter och ränta räknas bara i svenska kronor.",
        "Kräv betalt för hand, enligt avtalets lag och valuta.",
    ),
    "total_is_negative": (
        "Fakturan slutar på {total}: kunden har pengar att få.",
        "Betala tillbaka eller kvitta mot en annan faktura. Det finns inget att påminna om.",
    ),
    "nothing_left_to_pay": (
        "Inget är kvar att betala: fakturan begär {payable}, och {paid} har betalats sedan dess.",
        "Markera fakturan som betald. Är en betalning fel registrerad, ta bort den och försök igen.",
    ),
    "payee_is_another": (
        "Fakturan ska betalas till {payee} och inte till säljaren {seller}. Fordran kan vara såld eller pantsatt.",
        "Låt den som äger fordran nu påminna om den.",
    ),
    "amount_missing": (
        "Fakturan säger inte hur mycket som ska betalas.",
        "Gör en ny fil av fakturan där beloppet att betala står med.",
    ),
    "amount_finer_than_ore": (
        "Fakturan begär {amount}, som är finare än hela ören.",
        "Avrunda beloppet till två decimaler i faktureringsprogrammet och gör en ny fil.",
    ),
    # Datum
    "invoice_date_missing": (
        "Fakturan har inget datum, så varken preskription eller avgift kan bedömas.",
        "Gör en ny fil av fakturan där datumet står med.",
    ),
    "invoice_date_ahead": (
        "Fakturan är daterad {invoice_date}, efter brevets datum {today}.",
        "Rätta fakturadatumet eller vänta.",
    ),
    "due_date_before_invoice": (
        "Förfallodagen {due_date} ligger före fakturadatumet {invoice_date}.",
        "Ange vilken förfallodag som avtalades.",
    ),
    "due_date_missing": (
        "Fakturan har ingen förfallodag[, bara villkoren ”{payment_terms}”].",
        (
            "Ange vilken förfallodag som avtalades. Avtalades ingen, ange när fakturan skickades: då räknas ränta från "
            "30 dagar senare."
        ),
    ),
    "due_date_not_agreed_and_no_demand_sent": (
        "Ingen förfallodag är avtalad, och det är inte känt när fakturan eller ett senare krav skickades.",
        "Ange när den skickades: ränta räknas från 30 dagar efter den dagen (räntelagen 4 §).",
    ),
    "not_overdue_yet": (
        (
            "Fakturan är inte förfallen än: den förfaller {due_date} och får betalas till och med "
            "{effective_due_date} (en förfallodag då bankerna har stängt flyttas till nästa bankdag)."
        ),
        "Påminn tidigast {first_reminder_day}.",
    ),
    "demand_ahead": (
        "Kravet är daterat {demand_sent}, efter brevets datum {today}.",
        "Rätta dagen då det skickades eller välj ett senare datum för brevet.",
    ),
    "demand_before_invoice": (
        "Kravet skickades {demand_sent}, innan fakturan gjordes {invoice_date}.",
        "Rätta dagen då det skickades.",
    ),
    "payments_not_booked_yet": (
        (
            "Betalningar är kända till och med {booked_through}, men måste vara det till och med {needed_through}, "
            "för fakturan kan vara betald redan."
        ),
        "Läs in betalningarna för dagarna däremellan och försök sedan igen.",
    ),
    "payment_ahead": (
        "En betalning är daterad {payment_date}, efter brevets datum {today}.",
        "Rätta betalningens datum eller välj ett senare datum för brevet.",
    ),
    "limitation_may_have_run": (
        "Fordran kan vara preskriberad: {years} år hade gått {last_day} (preskriptionslagen).",
        (
            "Har gäldenären före den dagen erkänt skulden, betalat på den eller fått ett skriftligt krav, ange när. "
            "Kräv annars inte betalt."
        ),
    ),
    # Gäldenären
    "debtor_kind_unknown": (
        (
            "Inget på fakturan säger om {name} är konsument, näringsidkare eller offentligt organ[; numret "
            "{identity_number:identity} visar det inte]. Ränta och avgift beror på det."
        ),
        "Ange vilket av de tre gäldenären är.",
    ),
    "debtor_kind_contradicted": (
        "{name} kan inte vara {declared:word}: numret tillhör {told_by_number:word}.",
        "Rätta slaget av gäldenär eller numret på fakturan.",
    ),
    "identity_number_unreadable": (
        "Numret {identity_number} för {name} är inget svenskt person- eller organisationsnummer: {reason:word}.",
        "Rätta numret i kundregistret och gör en ny fil av fakturan.",
    ),
    "debtor_is_an_estate": (
        "{name} är ett dödsbo.",
        "Ta reda på vem som företräder dödsboet och skriv dit för hand.",
    ),
    "debtor_is_bankrupt": (
        "{name} är i konkurs, som namnet säger.",
        "Anmäl fordran hos konkursförvaltaren för hand.",
    ),
    "debtor_is_a_minor": (
        "{name} är under 18 år, till {of_age_on}.",
        "Vänd er till förmyndarna för hand. Ingen påminnelse går automatiskt till den som är underårig.",
    ),
    "identity_is_protected": (
        "Gäldenären har skyddade personuppgifter.",
        "Låt någon som får hantera skyddade uppgifter skicka brevet genom Skatteverket.",
    ),
    "address_incomplete": (
        "I adressen till {name} saknas {missing:word}.",
        "Komplettera adressen i kundregistret och gör en ny fil av fakturan.",
    ),
    "letter_fact_missing": (
        "Fakturan saknar uppgifter som går att läsa: {missing:word}.",
        "Rätta uppgifterna i faktureringsprogrammet och gör en ny fil av fakturan.",
    ),
    "country_unreadable": (
        "Landet ”{country}” i adressen till {name} är ingen landskod med två bokstäver.",
        "Skriv landet som en kod, till exempel SE, NO eller DE, och gör en ny fil av fakturan.",
    ),
    # Skatteavdrag
    "customer_share_unknown": (
        "Fakturan talar om {kind} men inte om hur mycket kunden ska betala själv.",
        "Ange kundens egen del. Resten begärs av Skatteverket, inte av kunden.",
    ),
    "customer_share_outside_invoice": (
        "Kundens del {share} passar inte en faktura på {payable}.",
        "Ange en del som är mer än noll och högst det fakturan begär.",
    ),
    "customer_share_changed": (
        (
            "För {kind} gällde {percent_then:percent} på fakturadagen {invoice_date} och {percent_now:percent} för en "
            "betalning {payment_date}. Kundens del kan vara en annan nu."
        ),
        "Räkna ut delen efter procentsatsen på betalningsdagen och bekräfta den.",
    ),
    "deduction_not_in_force": (
        "Inget {kind} är känt för {day}.",
        "Fråga Skatteverket vad kunden är skyldig och rätta fakturan.",
    ),
    # Avgifter och räntesatser
    "charges_exclude_each_other": (
        "Det går inte att begära både {wanted} och {already} (lag 1981:739, 4 a och 5 §§).",
        "Välj en av dem.",
    ),
    "charge_already_made": (
        "Det här är redan begärt i ärendet: {wanted}. Det får begäras en gång.",
        "Skicka brevet utan det.",
    ),
    "compensation_not_from_consumer": (
        "Förseningsersättning får inte begäras av {name}, som är konsument.",
        "Ta bort den. Avtalades en påminnelseavgift innan skulden uppkom, begär den i stället.",
    ),
    "rate_unknown": (
        (
            "Ingen referensränta är känd för {day}. De kända gäller från {known_from} till och med {known_through}, "
            "och ingen gissas."
        ),
        "Välj en dag inom den tiden, eller lägg till nästa halvår med källa när Riksbanken har meddelat räntan.",
    ),
    "rate_not_usable": (
        "En räntesats på {percent:percent} per år går inte att använda.",
        "Ange en sats från 0 till 1000 procent med högst fyra decimaler.",
    ),
    "rate_above_consumer_ceiling": (
        (
            "Den avtalade räntan {percent:percent} är högre än vad en konsument får krävas på {day}: {ceiling:percent} "
            "(konsumentkreditlagen 19 a §)."
        ),
        "Begär lagens ränta, eller en ränta som inte går över taket.",
    ),
    # Referensräntor som läggs till
    "rate_is_known": (
        "Referensräntan för halvåret från {valid_from} är redan känd: {percent:percent}. En känd ränta ändras aldrig.",
        "Jämför med källan. Är den kända fel, anmäl det till den som sköter programmet.",
    ),
    "rate_leaves_gap": (
        "Räntan är för halvåret från {valid_from}. Det första halvår vars ränta saknas börjar {expected}.",
        "Lägg till räntan för det halvåret först.",
    ),
    "rate_is_not_decided": (
        "Riksbanken fastställer räntan strax före halvåret från {valid_from}.",
        "Lägg till den tidigast {earliest}, när den går att läsa hos Riksbanken.",
    ),
    "rate_is_no_half_step": (
        (
            "{percent:percent} är inte en hel eller halv procent. Riksbanken avrundar referensräntan uppåt till "
            "närmaste halva (räntelagen 9 §)."
        ),
        "Läs av referensräntan hos Riksbanken. Det är inte samma tal som styrräntan.",
    ),
    "rate_is_implausible": (
        (
            "{percent:percent} ligger utanför vad en referensränta rimligen kan vara, från {least:percent} till "
            "{most:percent}."
        ),
        "Se efter att decimaltecknet står rätt.",
    ),
    "rate_has_no_source": (
        "Räntan har ingen källa, så ingen annan kan läsa efter.",
        "Skriv var den står: Riksbankens sida, eller numret i Svensk författningssamling.",
    ),
    "rate_needs_second_person": (
        "Räntan lades in av {name} och ska godkännas av någon annan.",
        "Be en annan administratör läsa källan och godkänna.",
    ),
    # Filer
    "unreadable_invoice": (
        "Filen går inte att läsa som en faktura.",
        "Gör en ny fil i faktureringsprogrammet.",
    ),
    "file_is_empty": ("Filen är tom.", "Gör en ny fil av fakturan i faktureringsprogrammet."),
    "file_is_too_large": (
        "Filen har {size} byte; en faktura får ha högst {limit}.",
        "Gör en fil med en faktura, utan stora bilagor.",
    ),
    "file_is_pdf": (
        "Filen är en PDF, alltså en bild av en faktura.",
        "Exportera fakturan som Peppol BIS Billing 3 (UBL) i XML, eller ta ut XML-filen ur en Factur-X-PDF.",
    ),
    "not_an_invoice_file": (
        "Filen är {found:word} och ingen faktura.",
        "Exportera fakturan som XML: UBL 2.1 (Peppol) eller UN/CEFACT CII.",
    ),
    "xml_is_broken": (
        "XML-filen är trasig på rad {line}, kolumn {column}. Felet heter ”{reason}”.",
        "Gör en ny fil av fakturan. Blev den avklippt på vägen, hämta den igen.",
    ),
    "xml_has_doctype": (
        "XML-filen har en DOCTYPE (”{name}”), som kan definiera eller hämta text som inte står i filen.",
        "Ta bort den; ingen faktura behöver den.",
    ),
    "xml_is_too_deep": (
        "XML-filen har fler än {limit} element inuti varandra, vilket ingen faktura har.",
        "Gör en ny fil av fakturan i faktureringsprogrammet.",
    ),
    "xml_has_too_many_elements": (
        "XML-filen har fler än {limit} element.",
        "Gör en fil för varje faktura.",
    ),
    "svefaktura_is_not_read": (
        "Filen är en Svefaktura 1.0, som utgivaren inte längre stöder.",
        "Exportera fakturan som Peppol BIS Billing 3 (UBL) i stället.",
    ),
    "file_has_several_invoices": ("Filen innehåller {count} fakturor.", "Spara var och en som en egen fil."),
    "field_is_unreadable": (
        "Rad {line}: {field} är ”{value}”; där ska stå {expected:word}.",
        "Rätta fältet i faktureringsprogrammet och gör en ny fil.",
    ),
    "field_is_missing": (
        "Rad {line}: {field} saknas eller är tomt.",
        "Fyll i fältet i faktureringsprogrammet och gör en ny fil.",
    ),
    "field_is_repeated": (
        "Rad {line}: {field} finns med olika värden ({values}).",
        "Låt ett av värdena stå kvar i fakturan och gör en ny fil.",
    ),
    "field_is_too_long": (
        "Rad {line}: {field} har {length} tecken; högst {limit} läses.",
        "Korta texten i faktureringsprogrammet och gör en ny fil.",
    ),
    # Konton, referenser och koder
    "not_a_giro_number": ("”{text}” är inget gironummer: {reason:word}.", "Rätta numret."),
    "not_a_bankgiro_number": ("”{text}” är inget bankgironummer: {reason:word}.", "Rätta numret."),
    "not_a_plusgiro_number": ("”{text}” är inget plusgironummer: {reason:word}.", "Rätta numret."),
    "not_an_ocr_reference": ("”{text}” är inget OCR-nummer: {reason:word}.", "Rätta numret."),
    "ocr_check_digit_is_wrong": (
        "”{text}” är inget OCR-nummer: den sista siffran ska vara {expected}.",
        "Rätta numret; en siffra är troligen felskriven.",
    ),
    "ocr_length_digit_is_wrong": (
        "”{text}” är inget OCR-nummer: den näst sista siffran, som anger längden, ska vara {expected}.",
        "Rätta numret; en siffra har troligen fallit bort eller kommit till.",
    ),
    "ocr_length_is_wrong": (
        "”{text}” har inte den längd som avtalet med banken tillåter: {lengths} siffror.",
        "Rätta numret; en siffra har troligen fallit bort eller kommit till.",
    ),
    "no_using_qr": (
        "Det går inte att göra en betalkod för den här betalningen.",
        "Betala med konto och referens i stället.",
    ),
    "amount_is_not_positive": (
        "En betalkod behöver ett belopp över noll, inte {amount}.",
        "Utelämna koden; det finns inget att betala.",
    ),
    "account_is_no_giro": (
        "En betalkod behöver ett bankgiro eller plusgiro; kontot är av slaget {kind}.",
        "Ange ett gironummer eller utelämna koden.",
    ),
    "payee_is_not_identified": (
        "En betalkod behöver mottagarens namn och svenska organisationsnummer, inte ”{payee}” och ”{identity_number}”.",
        "Rätta mottagarens namn och nummer.",
    ),
    "reference_is_missing": (
        "Det finns ingen referens som talar om för mottagaren vad som betalas.",
        "Ange en referens.",
    ),
    # Papperet
    "character_not_covered": (
        "Brevet har tecken som inget av dess typsnitt kan rita: {characters}. De står i: {fields:word}.",
        "Skriv namnet eller texten med andra bokstäver, så som personen gör i Sverige. Inget utelämnas i tysthet.",
    ),
    "address_does_not_fit": (
        "Adressen får inte plats i kuvertets fönster: {recipient}.",
        "Korta adressens rader i kundregistret och gör en ny fil av fakturan.",
    ),
    "template_is_unknown": (
        "Brevet är skrivet för mallen {template}, som den här versionen inte har.",
        "Rita det med den version som det gjordes med, eller gör om brevet.",
    ),
    # Vad kommandot självt säger nej till
    "period_ends_before_it_begins": (
        "Perioden slutar {last}, innan den börjar {first}.",
        "Ange den första räntedagen först och sedan den sista. Båda räknas med.",
    ),
    "invoice_file_missing": ("Filen {file} finns inte.", "Kontrollera namnet och mappen."),
    "invoice_file_is_a_folder": ("{file} är en mapp.", "Nämn filerna i den, till exempel {file}/*.xml."),
    "invoice_file_cannot_be_read": ("{file} går inte att läsa: {reason}.", "Kontrollera filens rättigheter."),
    "invoice_given_twice": (
        "Faktura {number} från {creditor} är given två gånger; {first_file} har den redan.",
        "Ta bort en av filerna. Skiljer de sig åt, ta reda på vilken kunden fick.",
    ),
    "case_number_taken": (
        "Faktura {number} skulle få ärendenummer {case_number}, som {first_file} har i samma körning.",
        "Låt någon välja ärendenumret: två skulder får aldrig dela betalningsreferens.",
    ),
    "option_is_for_one_invoice": (
        "{option} är en uppgift om en faktura, och {count} filer gavs.",
        "Ge en fil i taget tillsammans med det valet.",
    ),
    "folder_cannot_be_used": (
        "Det går inte att skriva brev i {folder}: {reason}.",
        "Välj en annan mapp, eller ge plats och rätt att skriva där. Ett brev skrivs aldrig till hälften.",
    ),
    "agency_file_cannot_be_read": (
        "Ombudets fil {file} går inte att läsa: {reason}.",
        "Kontrollera namnet och mappen.",
    ),
    "agency_file_is_not_toml": (
        "Ombudets fil {file} är inte TOML: {reason}.",
        'Skriv varje rad som nyckel = "värde". examples/agency.toml är en att börja från.',
    ),
    "agency_key_unknown": (
        "Ombudets fil {file} har en nyckel som inte är känd: {key}.",
        "Ta bort den eller rätta stavningen. Nycklarna är {known}.",
    ),
    "agency_key_missing": ("Ombudets fil {file} saknar nyckeln {key}.", "Lägg till nyckeln."),
    "agency_value_is_wrong": (
        "I ombudets fil {file} är {key} ”{value}”: {reason:word}.",
        "Rätta värdet. Det trycks på varje brev.",
    ),
    "example_invoices_missing": (
        "De påhittade fakturorna finns inte här: {folder} har inga fakturafiler.",
        "Kör demon i en utcheckning av projektet; ett installerat paket har dem inte med sig.",
    ),
}
