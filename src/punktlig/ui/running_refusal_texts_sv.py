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
    "database_not_named": (
        "Miljön säger inte vilken databas som är {site}.",
        "Sätt variabeln för databasens adress, så som docs/deployment.md visar.",
    ),
    "last_owner_stays": (
        "{name} skulle bli utan ägare.",
        "Gör någon annan till ägare först.",
    ),
    "role_unknown": ("Rollen {role} finns inte.", "Välj en av: {known}."),
    "role_does_not_fit": ("Rollen {role} passar inte här.", "Välj en av: {fitting}."),
}
WORDS: dict[str, str] = {}
