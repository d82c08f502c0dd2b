"""Why the sites, the demo or a person's role could not be set up, in Swedish."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "port_is_taken": (
        "Ett annat program lyssnar redan på {host}, port {port}.",
        "Stäng det programmet, eller välj en annan port.",
    ),
    "site_does_not_answer": (
        "{url} svarade inte inom {seconds} sekunder.",
        "Läs loggarna i demons mapp, och försök igen.",
    ),
    "demo_is_running": (
        "Demon i {folder} är redan igång.",
        "Öppna den i webbläsaren, eller stäng den först med Ctrl-C där den startades.",
    ),
    "demo_is_not_there": ("Det finns ingen demo i {folder}.", "Starta den med make demo."),
    "runs_already": (
        "Webbplatserna i {folder} är redan igång.",
        "Öppna dem i webbläsaren, eller stäng dem först där de startades.",
    ),
    "folder_is_the_demos": (
        "{folder} är demons mapp, med påhittade företag och en klocka som ställts.",
        "Välj en annan mapp.",
    ),
    "agency_is_not_described": (
        "Det är inte sagt vem ombudet är på breven.",
        "Skriv ditt ombuds uppgifter i {file}, där allt nu är påhittat, och starta igen.",
    ),
    "database_is_named": (
        "{variable} är satt, men run startar en egen databas.",
        "Ta bort variabeln, eller använd serve och work med din databas.",
    ),
    "child_ended": ("{name} avslutades av sig själv med status {status}.", "Läs sist i {log} varför, och starta igen."),
    "sites_do_not_run": ("Webbplatserna i {folder} är inte igång.", "Starta dem med run och samma mapp först."),
    "nothing_to_back_up": ("Det finns inga webbplatser i {folder}.", "Ange mappen som run startades med."),
    "folder_is_in_use": ("{folder} innehåller redan webbplatser.", "Återställ till en ny mapp."),
    "secrets_are_gone": (
        "{folder} har databaser men ingen secrets.json: en återställning blev inte klar, eller så är filen borttagen.",
        "Återställ säkerhetskopian till en ny mapp, eller lägg tillbaka filen.",
    ),
    "file_is_there": ("{file} finns redan.", "Välj ett annat namn; en säkerhetskopia skriver aldrig över något."),
    "backup_is_not_ours": (
        "{file} är ingen säkerhetskopia från punktlig backup.",
        "Välj en fil som backup har skrivit.",
    ),
    "database_not_named": (
        "Miljön säger inte vilken databas som är {site}.",
        "Sätt variabeln för databasens adress, så som docs/deployment.md visar.",
    ),
    "database_not_reached": (
        "Databasen för {site} släpper inte in {role} ({said}).",
        "Se efter att servern är igång, och att adress och lösenord är satta så som docs/deployment.md visar.",
    ),
    "database_role_is_too_mighty": (
        "{role} i databasen för {site} är superanvändare eller äger den, och ser förbi det som skiljer företagen åt.",
        "Anslut som {site}_app, så som docs/deployment.md visar.",
    ),
    "database_not_migrated": (
        "Databasen för {site} har inga tabeller ännu.",
        "Kör punktlig migrate {site} först, så som docs/deployment.md visar.",
    ),
    "setting_is_missing": (
        "{variable} är inte satt, och utan den {consequence}.",
        "Sätt den innan webbplatsen startas, så som docs/deployment.md visar.",
    ),
    "setting_is_the_demos": (
        "{variable} är satt som i demon: {consequence}.",
        "Ändra den, eller ta bort den, innan webbplatsen startas.",
    ),
    "address_is_not_safe": (
        "{variable} är {url}, och lösenord skulle gå öppet över nätet.",
        "Sätt en proxy med TLS framför och skriv adressen med https.",
    ),
    "secret_is_too_short": (
        "{variable} är för kort för att vara hemlig.",
        "Sätt minst {least} slumpade tecken.",
    ),
    "password_is_weak": (
        "Lösenordet duger inte: {reasons}.",
        "Välj ett längre, som inte liknar namnet eller adressen.",
    ),
    "last_owner_stays": (
        "{name} skulle bli utan ägare.",
        "Gör någon annan till ägare först.",
    ),
    "last_administrator_stays": (
        "{name} är ombudets enda administratör.",
        "Gör någon annan till administratör först.",
    ),
    "organisation_number_wrong": (
        "{organisation_number} är inget svenskt organisationsnummer: {reason:word}.",
        "Kontrollera siffrorna. En enskild firma har sin ägares personnummer.",
    ),
    "role_unknown": ("Rollen {role} finns inte.", "Välj en av: {known}."),
    "person_is_elsewhere": (
        "{email} hör redan till den andra sidan: ombudets egna personer har ingen roll hos en borgenär.",
        "Använd en annan e-postadress, eller ta bort rollen där först.",
    ),
    "creditor_unknown": (
        "{count} borgenärer har organisationsnummer {organisation_number}.",
        "Ange numret för en borgenär som är aktiverad. Är det flera läggs personen till vid skrivbordet.",
    ),
    "role_does_not_fit": ("Rollen {role} passar inte här.", "Välj en av: {fitting}."),
}
WORDS: dict[str, str] = {
    "letters_in_an_invented_name": "skulle brev skickas i ett påhittat ombuds namn",
    "letters_by_email_reach_nobody": (
        "är det inte sagt hur brev går med e-post (smtp och en server, eller none: då går de på papper)"
    ),
    "links_to_passwords_reach_nobody": (
        "når länkar till nya lösenord ingen (sätt e-postservern, eller en mapp att lägga dem i)"
    ),
    "mail_from_a_sender_that_does_not_exist": "skulle e-post ha en avsändare som inte finns",
    "links_lead_to_this_machine": "leder länkar i e-post och på sidor till den här datorn",
    "anybody_can_forge_a_log_in": "kan vem som helst förfalska en inloggning",
    "one_guesser_shuts_everybody_out": "delar alla på samma gräns för misslyckade inloggningar",
    "invoices_are_sent_nowhere": "kan fakturor inte skickas till något ombud",
    "nothing_is_heard_from_the_agency": "kan ombudets besked inte tas emot",
    "letters_get_wrong_dates": "brev skulle få fel datum och fel ränta",
    "letters_by_email_are_caught": "brev med e-post skulle fångas och aldrig skickas",
    "the_site_runs_without_secrets": "en webbplats med egen databas får inte köras utan hemligheter",
    "the_agency_in_the_file_is_invented": "filen beskriver demons påhittade ombud",
}
