"""Both sites of a small company on a machine of its own: where everything lies in one folder, and what it is told.

The folder holds the databases, the secrets, who the agency is, the letters for print and the logs. What a person has to
decide comes from the environment and from `agency.toml`; the rest is made once and kept.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from punktlig.formats.agency_file import brand_in
from punktlig.run import databases
from punktlig.run.postgres import AlreadyRunning, Postgres, connect
from punktlig.run.refusals import (
    AgencyIsNotDescribed,
    DatabaseIsNamed,
    FolderIsTheDemos,
    SecretsAreGone,
    SitesDoNotRun,
)
from punktlig.run.site_processes import DEFAULT_PORTS, environment_of
from punktlig.tenancy.real_use import refuse_demo_defaults

if TYPE_CHECKING:
    from punktlig.run.databases import Site

PLATFORM = "Punktlig Kundreskontra"
# What only the demo and the tests may say; nothing of it reaches a site of ours.
_NOT_FOR_REAL = ("PUNKTLIG_DEMO", "PUNKTLIG_TESTS")
_IS_CONNECTED = """
SELECT FROM agency_api_key k JOIN agency_platform p ON p.id = k.platform_id
WHERE k.id = %s AND k.secret_sha256 = %s AND k.revoked_at IS NULL AND p.is_active
    AND p.webhook_url = %s AND p.webhook_secret = %s AND p.webhooks_ended_at IS NULL
"""


def environment_in(folder: Path, site: Site) -> dict[str, str]:
    """Return the environment of a process of the site, for a command beside the sites that run on the folder.

    Raises:
        FolderIsTheDemos; SitesDoNotRun: nothing runs on the folder.
    """
    it = OwnMachine(folder, ports=DEFAULT_PORTS, urls={})
    it.refuse_the_demos()
    if not it.joins_what_runs():
        raise SitesDoNotRun(str(it.folder))
    return it.environment(site)


@dataclass
class OwnMachine:
    """The folder, and the addresses that people use; an empty one is plain http on this machine."""

    folder: Path
    ports: dict[Site, int]
    urls: dict[Site, str]
    host: str = "127.0.0.1"

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self.postgres = Postgres(self.folder / "database")

    @property
    def agency_file(self) -> Path:
        """Who the agency is, on its letters."""
        return self.folder / "agency.toml"

    @property
    def agency_file_used(self) -> Path:
        """The one that is read, which may lie elsewhere."""
        return Path(os.environ.get("PUNKTLIG_AGENCY_FILE") or self.agency_file)

    @property
    def secrets_file(self) -> Path:
        """The secrets, which are made once."""
        return self.folder / "secrets.json"

    @property
    def logs(self) -> Path:
        """What the processes wrote."""
        return self.folder / "logs"

    def url(self, site: Site) -> str:
        """Return the address of a site."""
        return self.urls.get(site) or f"http://localhost:{self.ports[site]}"

    @property
    def hook(self) -> str:
        """Where the agency tells the receivables site what has happened: without leaving the machine."""
        return f"{self.at_home('receivables')}/hooks/agency"

    def at_home(self, site: Site) -> str:
        """Return the address of a site as it is reached on the machine itself."""
        return f"http://{self._home}:{self.ports[site]}"

    @property
    def _home(self) -> str:
        return "127.0.0.1" if self.host in ("0.0.0.0", "localhost") else self.host  # noqa: S104 - compared, not bound

    def joins_what_runs(self) -> bool:
        """Speak to the database from now on when it runs already, and say whether it does.

        Its sockets lie where its own start found a place for them, which need not be where ours would.
        """
        try:
            self.postgres.refuse_a_second_server()
        except AlreadyRunning as running:
            self.postgres.sockets = running.sockets
            return True
        return False

    def refuse_the_demos(self) -> None:
        """Refuse the demo's folder; raises FolderIsTheDemos."""
        if (self.folder / "filled").exists() or (self.folder / "platform.json").exists():
            raise FolderIsTheDemos(str(self.folder))

    def make(self) -> None:
        """Make the folder and what lies in it from the beginning. Doing it again changes nothing.

        Raises:
            FolderIsTheDemos, DatabaseIsNamed, SecretsAreGone; AgencyIsNotDescribed the first time, when a file to fill
            in is left.
        """
        self.refuse_the_demos()
        for site in databases.SITES:
            if os.environ.get(f"PUNKTLIG_{site.upper()}_DATABASE_URL"):
                raise DatabaseIsNamed(f"PUNKTLIG_{site.upper()}_DATABASE_URL")
        if self.postgres.cluster.exists() and not self.secrets_file.exists():
            # Half a restore would go on as if nothing were missing: with an agency that has forgotten its claims.
            raise SecretsAreGone(str(self.folder))
        # Others may pass, since the database may run as nobody; what is in it closes itself.
        self.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        for name in ("print", "mail", "logs", "backups"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        if not self.secrets_file.exists():
            self.keep({f"{site}_secret_key": token_urlsafe(50) for site in databases.SITES})
        if not self.agency_file.exists() and not os.environ.get("PUNKTLIG_AGENCY_FILE"):
            example = files("punktlig.agency").joinpath("ekviken.toml").read_text("utf-8")
            lines = [line for line in example.splitlines() if not line.startswith("#")]
            head = "# Who the agency is on its letters, and where debtors pay. All of it is invented: write your own."
            self.agency_file.write_text("\n".join((head, *lines)) + "\n", "utf-8")
            raise AgencyIsNotDescribed(str(self.agency_file))

    @cached_property
    def secrets(self) -> dict[str, str]:
        """The secrets as they are kept."""
        return dict(json.loads(self.secrets_file.read_text("utf-8")))

    def keep(self, told: dict[str, str]) -> None:
        """Keep secrets, whole or not at all, in a file that only we may read."""
        beside = self.secrets_file.with_name("secrets.new")
        beside.unlink(missing_ok=True)
        opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            json.dump(told, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.secrets_file)
        self.__dict__.pop("secrets", None)

    def environment(self, site: Site) -> dict[str, str]:
        """Return the environment of a process of the site: ours, and what the folder adds."""
        kept, url = self.secrets, self.url(site)
        prefix = f"PUNKTLIG_{site.upper()}"
        chosen = {name: value for name, value in os.environ.items() if name.startswith("PUNKTLIG_") and value}
        told = {
            f"{prefix}_SECRET_KEY": kept[f"{site}_secret_key"],
            f"{prefix}_URL": url,
            # The agency's webhooks come from the machine itself, whatever people call the site.
            f"{prefix}_HOSTS": ",".join(dict.fromkeys((urlsplit(url).hostname or "", self._home))),
            "PUNKTLIG_PROXIES": "1" if url.startswith("https:") else "0",
            "PUNKTLIG_AGENCY_FILE": str(self.agency_file_used),
            "PUNKTLIG_AGENCY_EMAIL_GATEWAY": "none",
            "PUNKTLIG_AGENCY_PRINT_FOLDER": str(self.folder / "print"),
            "PUNKTLIG_AGENCY_WEBHOOK_PRIVATE_HOSTS": self._home,
            "PUNKTLIG_RECEIVABLES_AGENCY_URL": self.url("agency"),
        }
        if not chosen.get(f"{prefix}_SMTP_HOST"):
            told[f"{prefix}_MAIL_FOLDER"] = str(self.folder / "mail")
        told |= chosen
        told["PUNKTLIG_RECEIVABLES_AGENCY_NAME"] = chosen.get(
            "PUNKTLIG_RECEIVABLES_AGENCY_NAME", brand_in(told["PUNKTLIG_AGENCY_FILE"])
        )
        # These are the folder's alone: another program's variables must not lead to other rows.
        told |= {
            "PUNKTLIG_SOCKETS": str(self.postgres.sockets),
            "PUNKTLIG_RECEIVABLES_AGENCY_API_KEY": kept.get("api_key", ""),
            "PUNKTLIG_RECEIVABLES_AGENCY_WEBHOOK_SECRET": kept.get("webhook_secret", ""),
        }
        return environment_of(site, **told | dict.fromkeys(_NOT_FOR_REAL, ""))

    def refuse_demo_defaults(self) -> None:
        """Refuse what a site may not be run with; raises what `tenancy.real_use.refuse_demo_defaults` does."""
        for site in databases.SITES:
            told = self.environment(site)
            if site == "receivables":
                # They are made at the first start.
                told |= {f"PUNKTLIG_RECEIVABLES_AGENCY_{name}": "made" for name in ("API_KEY", "WEBHOOK_SECRET")}
            refuse_demo_defaults(site, told)

    def is_connected(self) -> bool:
        """Say whether the agency knows the key that we keep, and tells us what happens."""
        key_id, point, secret = self.secrets.get("api_key", "").partition(".")
        if not point:
            return False
        asked = [key_id, hashlib.sha256(secret.encode()).hexdigest(), self.hook, self.secrets.get("webhook_secret", "")]
        with connect(self.postgres.sockets, database="agency") as agency:
            return bool(agency.execute(_IS_CONNECTED, asked).rowcount)

    def has_people(self, site: Site) -> bool:
        """Say whether anybody may log in to the site."""
        with connect(self.postgres.sockets, database=site) as connection:
            return bool(connection.execute("SELECT FROM tenancy_user LIMIT 1").rowcount)
