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
    "runs_already": (
        "The sites in {folder} are running already.",
        "Open them in the browser, or stop them first where they were started.",
    ),
    "folder_is_the_demos": (
        "{folder} is the demo's folder, with invented companies and a clock that is moved.",
        "Choose another folder.",
    ),
    "agency_is_not_described": (
        "Nobody has said who the agency is on its letters.",
        "Write your agency into {file}, where everything is invented now, and start again.",
    ),
    "database_is_named": (
        "{variable} is set, but run starts a database of its own.",
        "Remove the variable, or use serve and work with your database.",
    ),
    "child_ended": ("{name} ended by itself with status {status}.", "Read at the end of {log} why, and start again."),
    "sites_do_not_run": ("The sites in {folder} do not run.", "Start them first, with run and the same folder."),
    "nothing_to_back_up": ("There are no sites in {folder}.", "Name the folder that run was started with."),
    "folder_is_in_use": ("{folder} holds sites already.", "Restore into a new folder."),
    "secrets_are_gone": (
        "{folder} has databases and no secrets.json: a restore was not finished, or the file was removed.",
        "Restore the backup into a new folder, or put the file back.",
    ),
    "file_is_there": ("{file} exists already.", "Choose another name; a backup never writes over anything."),
    "backup_is_not_ours": ("{file} is no backup of punktlig backup's.", "Choose a file that backup has written."),
    "database_not_named": (
        "The environment does not say which database {site} has.",
        "Set the variable with the database's address, as docs/deployment.md shows.",
    ),
    "database_not_reached": (
        "The database of {site} does not let {role} in ({said}).",
        "See that the server runs, and that address and password are set as docs/deployment.md shows.",
    ),
    "database_role_is_too_mighty": (
        "{role} is a superuser of the database of {site}, or owns it, and sees past what keeps the companies apart.",
        "Connect as {site}_app, as docs/deployment.md shows.",
    ),
    "database_not_migrated": (
        "The database of {site} has no tables yet.",
        "Run punktlig migrate {site} first, as docs/deployment.md shows.",
    ),
    "setting_is_missing": (
        "{variable} is not set, and without it {consequence}.",
        "Set it before the site is started, as docs/deployment.md shows.",
    ),
    "setting_is_the_demos": (
        "{variable} is set as in the demo: {consequence}.",
        "Change it, or remove it, before the site is started.",
    ),
    "address_is_not_safe": (
        "{variable} is {url}, and passwords would travel openly.",
        "Put a proxy with TLS in front and write the address with https.",
    ),
    "secret_is_too_short": ("{variable} is too short to be secret.", "Set at least {least} random characters."),
    "password_is_weak": (
        "The password will not do: {reasons}.",
        "Choose a longer one that does not resemble the name or the address.",
    ),
    "last_owner_stays": ("{name} would be left without an owner.", "Make somebody else an owner first."),
    "last_administrator_stays": (
        "{name} is the agency's only administrator.",
        "Make somebody else an administrator first.",
    ),
    "organisation_number_wrong": (
        "{organisation_number} is not a Swedish organisation number: {reason:word}.",
        "Check the digits. A sole trader has the personal identity number of its owner.",
    ),
    "role_unknown": ("There is no role {role}.", "Choose one of: {known}."),
    "person_is_elsewhere": (
        "{email} already belongs to the other side: the agency's own people have no role for a creditor.",
        "Use another e-mail address, or take the role there away first.",
    ),
    "creditor_unknown": (
        "{count} creditors have the organisation number {organisation_number}.",
        "Give the number of a creditor that is activated. When they are several, add the person at the desk.",
    ),
    "role_does_not_fit": ("The role {role} does not fit here.", "Choose one of: {fitting}."),
}
WORDS: dict[str, str] = {
    "letters_in_an_invented_name": "letters would be sent in the name of an invented agency",
    "letters_by_email_reach_nobody": (
        "it is not said how letters go by e-mail (smtp and a server, or none: then they go on paper)"
    ),
    "links_to_passwords_reach_nobody": "links to new passwords reach nobody (set the mail server or a mail folder)",
    "mail_from_a_sender_that_does_not_exist": "e-mail would have a sender that does not exist",
    "links_lead_to_this_machine": "links in e-mail and on pages lead to this machine",
    "anybody_can_forge_a_log_in": "anybody can forge a log-in",
    "one_guesser_shuts_everybody_out": "everybody shares one limit of failed log-ins",
    "invoices_are_sent_nowhere": "invoices cannot be sent to any agency",
    "nothing_is_heard_from_the_agency": "what the agency tells cannot be taken in",
    "letters_get_wrong_dates": "letters would get wrong dates and wrong interest",
    "letters_by_email_are_caught": "letters by e-mail would be caught and never sent",
    "the_site_runs_without_secrets": "a site with a database of its own may not run without secrets",
    "the_agency_in_the_file_is_invented": "the file describes the demo's invented agency",
}
