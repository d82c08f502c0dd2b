"""Why something cannot be done with a claim at the agency, in Swedish. How the texts are filled in: see `refusals`."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "claim_has_ended": (
        "Ärendet är redan {status:word}.",
        "Se ärendets historik. Är skulden inte betald kan fakturan skickas på nytt eller krävas utanför tjänsten.",
    ),
    "nothing_is_asked": (
        "Ärendet väntar inte på någon.",
        "Läs in sidan igen för att se hur det står. Inget har ändrats.",
    ),
    "letter_is_gone": (
        "Ärendets brev har vägrats för gott och kan inte skickas igen.",
        "Ange en ny adress om det var den som var fel. Återkalla ärendet om ingen finns.",
    ),
    "address_is_not_asked": (
        "Ärendet väntar inte på någon adress.",
        "Läs in sidan igen för att se hur det står. Inget har ändrats.",
    ),
    "address_has_failed": (
        "Det är adressen som brevet inte nådde fram till.",
        "Skriv en annan adress. Återkalla ärendet om ingen finns.",
    ),
    "payment_does_not_count": (
        "Betalningen räknas inte längre i ärendet.",
        "Läs in sidan igen för att se hur det står. Inget har ändrats.",
    ),
    "letter_is_leaving": (
        "Ett brev som räknar med betalningen är på väg, och det är inte säkert om det har lämnat oss.",
        "Vänta tills det är klart med brevet. Ta sedan tillbaka betalningen, så får kunden ett rättat brev.",
    ),
    "correction_is_leaving": (
        "Brevet som rättar det är på väg, och det är inte säkert om det har lämnat oss.",
        "Vänta tills det är klart med det. Kommer också det i retur, notera returen då.",
    ),
    "letter_has_not_left": (
        "Inget brev i ärendet har lämnats till ett tryckeri eller en e-postserver.",
        "Vänta tills brevet har lämnat oss, eller avsluta ärendet: då skickas brevet aldrig.",
    ),
    "letter_is_not_in_doubt": (
        "Ärendet väntar inte på besked om något brev.",
        "Läs in sidan igen för att se hur det står. Inget har ändrats.",
    ),
    "no_such_batch": (
        "Bunten hämtades inte vid handläggarbordet, eller så är den redan besvarad.",
        "Läs in listan över buntar igen för att se hur det står. Inget har ändrats.",
    ),
    "rate_waits": (
        "En ränta för halvåret från {valid_from} väntar redan på godkännande: {percent:percent}.",
        "Läs efter i källan och godkänn den, eller ta tillbaka den och lägg in den rätta.",
    ),
    "rate_is_answered": (
        "Räntan är redan godkänd eller tillbakatagen.",
        "Läs in sidan igen för att se hur det står. Inget har ändrats.",
    ),
}
WORDS: dict[str, str] = {"paid": "betalt", "closed": "avslutat"}
