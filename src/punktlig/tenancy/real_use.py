"""What a site must be told before it is used for real.

The demo and the tests have a default for all of it: an invented agency, e-mail that is caught, addresses on this
machine. A real site that took one of them would write letters in the name of nobody, or send none and say that it had.
So it does not start, and says in one line what is missing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from punktlig.core.refusal import Refusal
from punktlig.formats.agency_file import INVENTED_AGENCY, read_agency_file

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_SECRET = 50
_ON_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
# An agency's number is an organisation's, which has no date in it: any day will do to judge it by.
_ANY_DAY = date(2026, 1, 1)


class Consequence(StrEnum):
    """What would happen without a setting."""

    INVENTED_AGENCY = "letters_in_an_invented_name"
    NO_LETTERS_BY_EMAIL = "letters_by_email_reach_nobody"
    NO_ACCOUNT_MAIL = "links_to_passwords_reach_nobody"
    UNKNOWN_SENDER = "mail_from_a_sender_that_does_not_exist"
    WRONG_LINKS = "links_lead_to_this_machine"
    FORGED_SESSIONS = "anybody_can_forge_a_log_in"
    SHARED_LIMIT = "one_guesser_shuts_everybody_out"
    NOBODY_TO_SEND_TO = "invoices_are_sent_nowhere"
    DEAF = "nothing_is_heard_from_the_agency"


class DemoSetting(StrEnum):
    """What a setting of the demo's would do in real use."""

    MOVED_CLOCK = "letters_get_wrong_dates"
    CAUGHT_EMAIL = "letters_by_email_are_caught"
    NO_SECRETS = "the_site_runs_without_secrets"
    INVENTED_AGENCY = "the_agency_in_the_file_is_invented"


@dataclass(eq=False)
class SettingIsMissing(Refusal):
    """A variable has no value, and its default is the demo's."""

    variable: str
    consequence: Consequence


@dataclass(eq=False)
class SettingIsTheDemos(Refusal):
    """A variable has a value that only the demo and the tests may have."""

    variable: str
    consequence: DemoSetting


@dataclass(eq=False)
class AddressIsNotSafe(Refusal):
    """A site's address is neither https nor on this machine: passwords would travel for everybody to read."""

    variable: str
    url: str


@dataclass(eq=False)
class SecretIsTooShort(Refusal):
    """A secret can be guessed."""

    variable: str
    least: int


def is_real(environ: Mapping[str, str] = os.environ) -> bool:
    """Say whether this is neither the demo nor a test."""
    return environ.get("PUNKTLIG_DEMO") != "1" and environ.get("PUNKTLIG_TESTS") != "1"


def is_plain(url: str) -> bool:
    """Say whether the address is plain http on this machine, where nobody can listen."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in _ON_THIS_MACHINE


def refuse_demo_defaults(site: str, environ: Mapping[str, str] = os.environ) -> None:
    """Refuse to run the site for real with a default of the demo.

    Raises:
        SettingIsMissing, SettingIsTheDemos, AddressIsNotSafe, SecretIsTooShort; for the agency also what is wrong with
        its file (`formats.agency_file`).
    """
    if environ.get("PUNKTLIG_DEMO") == "1" and environ.get(f"PUNKTLIG_{site.upper()}_DATABASE_URL"):
        raise SettingIsTheDemos("PUNKTLIG_DEMO", DemoSetting.NO_SECRETS)
    if not is_real(environ):
        return
    told = _Told(site, environ)
    if environ.get("PUNKTLIG_CLOCK_FILE"):
        raise SettingIsTheDemos("PUNKTLIG_CLOCK_FILE", DemoSetting.MOVED_CLOCK)
    if len(told.need("SECRET_KEY", Consequence.FORGED_SESSIONS)) < LEAST_SECRET:
        raise SecretIsTooShort(told.name("SECRET_KEY"), LEAST_SECRET)
    if site == "agency":
        _agency(told)
    else:
        told.safe_address("AGENCY_URL", Consequence.NOBODY_TO_SEND_TO)
        told.need("AGENCY_NAME", Consequence.INVENTED_AGENCY)
        told.need("AGENCY_API_KEY", Consequence.NOBODY_TO_SEND_TO)
        told.need("AGENCY_WEBHOOK_SECRET", Consequence.DEAF)
    url = told.safe_address("URL", Consequence.WRONG_LINKS)
    if not told.get("MAIL_FOLDER"):
        told.need("SMTP_HOST", Consequence.NO_ACCOUNT_MAIL)
        told.need("FROM_EMAIL", Consequence.UNKNOWN_SENDER)
    # Whoever is reached by https is reached through a proxy, since the sites leave TLS to one.
    if url.startswith("https:") and environ.get("PUNKTLIG_PROXIES", "0") == "0":
        raise SettingIsMissing("PUNKTLIG_PROXIES", Consequence.SHARED_LIMIT)


def _agency(told: _Told) -> None:
    file = told.need("FILE", Consequence.INVENTED_AGENCY)
    agency = read_agency_file(Path(file), today=_ANY_DAY)
    if agency.organisation_number == INVENTED_AGENCY.organisation_number:
        raise SettingIsTheDemos(told.name("FILE"), DemoSetting.INVENTED_AGENCY)
    gateway = told.need("EMAIL_GATEWAY", Consequence.NO_LETTERS_BY_EMAIL)
    if gateway not in ("smtp", "none"):
        raise SettingIsTheDemos(told.name("EMAIL_GATEWAY"), DemoSetting.CAUGHT_EMAIL)
    if gateway == "smtp":
        told.need("SMTP_HOST", Consequence.NO_LETTERS_BY_EMAIL)


@dataclass(frozen=True)
class _Told:
    """The site's variables."""

    site: str
    environ: Mapping[str, str]

    def name(self, tail: str) -> str:
        return f"PUNKTLIG_{self.site.upper()}_{tail}"

    def get(self, tail: str) -> str:
        return self.environ.get(self.name(tail), "").strip()

    def need(self, tail: str, consequence: Consequence) -> str:
        value = self.get(tail)
        if not value:
            raise SettingIsMissing(self.name(tail), consequence)
        return value

    def safe_address(self, tail: str, consequence: Consequence) -> str:
        url = self.need(tail, consequence)
        if not (url.startswith("https://") or is_plain(url)):
            raise AddressIsNotSafe(self.name(tail), url)
        return url
