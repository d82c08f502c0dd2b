"""Why the sites, the demo or a person's role could not be set up, in English."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "port_is_taken": (
        "Another program already listens on {host}, port {port}.",
        "Stop that program, or choose another port.",
    ),
    "site_does_not_answer": (
        "{url} did not answer within {seconds} seconds.",
        "Read the logs in the demo's folder, and try again.",
    ),
    "demo_is_running": (
        "The demo in {folder} is running already.",
        "Open it in the browser, or stop it first with Ctrl-C where it was started.",
    ),
    "demo_is_not_there": ("There is no demo in {folder}.", "Start it with make demo."),
    "database_not_named": (
        "The environment does not say which database {site} has.",
        "Set the variable with the database's address, as docs/deployment.md shows.",
    ),
    "last_owner_stays": ("{name} would be left without an owner.", "Make somebody else an owner first."),
    "role_unknown": ("There is no role {role}.", "Choose one of: {known}."),
    "role_does_not_fit": ("The role {role} does not fit here.", "Choose one of: {fitting}."),
}
WORDS: dict[str, str] = {}
