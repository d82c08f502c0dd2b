"""`punktlig person` and `punktlig platform`: the first people of a site, and the programs that may speak to the agency.

Later ones are added on the pages; the first has to come from somebody who has the machine.
"""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING, cast

import click

from punktlig import clock
from punktlig.run.own_machine import environment_in
from punktlig.run.parameters import data_folder
from punktlig.run.refusals import DatabaseNotMigrated, DatabaseNotReached
from punktlig.run.serve import SITE, named_site

if TYPE_CHECKING:
    from pathlib import Path

    from punktlig.run.console import Console
    from punktlig.run.databases import Site


_DATA = data_folder(
    "The folder of `punktlig run`, which runs; else the environment says where the database is.", required=False
)


@click.command()
@click.argument("site", type=SITE)
@_DATA
@click.option("--email", required=True, help="The address the person logs in with.")
@click.option("--name", required=True, help="The name others see.")
@click.option(
    "--role",
    required=True,
    help="receivables: owner, sales, reader. agency: agency_admin, case_handler; creditor_admin, creditor_reader.",
)
@click.option("--company", "company", help="receivables: the company's name; it is made when there is none.")
@click.option("--organisation-number", default="", help="receivables: of a new company. agency: of the creditor.")
@click.pass_obj
def person(
    console: Console,
    site: str,
    *,
    folder: Path | None,
    email: str,
    name: str,
    role: str,
    company: str | None,
    organisation_number: str,
) -> None:
    """Add a person to a site. The password is asked for, or read from PUNKTLIG_PASSWORD."""
    _enter(site, folder)
    password = _password(console, email, name)
    if site == "receivables":
        from punktlig.receivables.actions.members import add_first_member  # noqa: PLC0415 - needs the site's settings

        if not company or not organisation_number:
            raise click.UsageError("--company and --organisation-number are needed for the receivables site.")
        add_first_member(
            email, name, password, role=role, company_name=company, organisation_number=organisation_number,
            today=clock.today(),
        )  # fmt: skip
    elif role.startswith("creditor_"):
        from punktlig.agency.actions.members import add_person_of_creditor  # noqa: PLC0415

        add_person_of_creditor(organisation_number, email, name, password, role=role)
    else:
        from punktlig.agency.actions.members import add_agency_member  # noqa: PLC0415

        add_agency_member(email, name, password, role=role)
    console.say(f"{email} may log in.")


def _password(console: Console, email: str, name: str) -> str | None:
    """Return a password that will do for the person, asked for when the environment has none.

    Somebody who has an account keeps the password it has, and is not asked for another.

    Raises:
        PasswordIsWeak.
    """
    from django.utils.translation import override  # noqa: PLC0415

    from punktlig.tenancy.models import User  # noqa: PLC0415 - needs the site's settings
    from punktlig.tenancy.passwords import refuse_weak_password  # noqa: PLC0415

    if User.objects.filter(email__iexact=email.strip()).exists():
        console.tell(en="The account keeps its password.", sv="Kontot behåller sitt lösenord.")
        return None
    password = os.environ.get("PUNKTLIG_PASSWORD") or getpass.getpass("Password: ")
    with override(console.language):
        refuse_weak_password(password, User(email=email, name=name))
    return password


@click.command()
@click.argument("name")
@_DATA
@click.option("--webhook-url", default="", help="Where the platform wants to be told of events.")
@click.pass_obj
def platform(console: Console, name: str, folder: Path | None, webhook_url: str) -> None:
    """Let an invoicing program speak to the agency's API. The key and the secret are shown once."""
    _enter("agency", folder)
    from punktlig.agency.actions.keys import issue_api_key, make_platform, set_webhooks  # noqa: PLC0415

    made = make_platform(name)
    console.say(f"API key: {issue_api_key(made.id, name='first')}")
    if webhook_url:
        console.say(f"Webhook secret: {set_webhooks(made.id, webhook_url, at=clock.now())}")


def _enter(site: str, folder: Path | None) -> None:
    """Make this process one of the site's: its settings, its database, its records.

    Raises:
        DatabaseNotNamed, DatabaseNotReached, DatabaseNotMigrated; SitesDoNotRun: the folder's database does not answer.
    """
    if folder is not None:
        os.environ.update(environment_in(folder, cast("Site", site)))
    named_site(site)
    os.environ["DJANGO_SETTINGS_MODULE"] = f"punktlig.{site}.settings"
    import django  # noqa: PLC0415 - the rest of the command runs without it

    django.setup()
    _refuse_unless_usable(site)


def _refuse_unless_usable(site: str) -> None:
    from django.db import OperationalError, connection  # noqa: PLC0415 - needs the site's settings

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise DatabaseNotReached(site, f"{site}_app", " ".join(str(error).split())) from None
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NULL")
        if cursor.fetchone() == (True,):
            raise DatabaseNotMigrated(site)
