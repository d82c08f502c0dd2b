"""Varför en faktura inte kan skickas, på svenska. How the texts are filled in: see `refusals`."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "invoice_already_sent": (
        "Faktura {number} skickades[ {sent_date}] och kan inte skickas en gång till.",
        "Följ den på fakturans sida.",
    ),
    "reminder_handling_not_activated": (
        "Påminnelsehantering är inte aktiverad.",
        "Aktivera den först. Det görs en gång.",
    ),
    "activation_not_confirmed": (
        "Påminnelsehantering aktiverades {accepted_date}, men ombudet har inte svarat än.",
        "Vänta en stund och försök igen. Dröjer det, kontakta den som sköter systemet.",
    ),
    "terms_have_changed": (
        "Ombudets villkor har ändrats: ni har godkänt {accepted_version}, nu gäller {newest_version}.",
        "Läs och godkänn de nya villkoren. Sedan går det att skicka.",
    ),
    "day_out_of_bounds": (
        "Fakturan eller något som är bokfört på den har dagen {day}, som inte kan stämma.",
        "Rätta dagen och skicka sedan.",
    ),
    "amount_out_of_bounds": (
        "Beloppet {amount} på fakturan är större än ombudet tar emot.",
        "Rätta beloppet, som ska vara under {limit}. Är det rätt, kräv kunden utanför tjänsten.",
    ),
    "invoice_too_long": (
        (
            "Fakturan har {lines} rader och {payments} betalningar. Ombudet tar emot högst {most_lines} rader och "
            "{most_payments} betalningar."
        ),
        "Kräv betalt för hand, eller slå ihop rader i faktureringsprogrammet och gör en ny faktura.",
    ),
    "invoice_changed_meanwhile": (
        "Faktura {number} ändrades medan påminnelserna skickades.",
        "Granska den igen och skicka den för sig.",
    ),
    "preview_is_outdated": (
        "Något har ändrats sedan du granskade.",
        "Granska igen och bekräfta. Inget har skickats.",
    ),
}
WORDS: dict[str, str] = {}
