"""What may stand in the way of running the sites."""

from __future__ import annotations

from dataclasses import dataclass

from punktlig.core.refusal import Refusal


@dataclass(eq=False)
class PortIsTaken(Refusal):
    """Another program listens on the port."""

    host: str
    port: int


@dataclass(eq=False)
class ChildEnded(Refusal):
    """A process of ours ended by itself; `log` is where it wrote why."""

    name: str
    status: int
    log: str


@dataclass(eq=False)
class SiteDoesNotAnswer(Refusal):
    """A site was started but does not answer."""

    url: str
    seconds: int


@dataclass(eq=False)
class DemoIsRunning(Refusal):
    """The demo is running already, from the same folder."""

    folder: str


@dataclass(eq=False)
class DemoIsNotThere(Refusal):
    """There is no demo in the folder."""

    folder: str


@dataclass(eq=False)
class RunsAlready(Refusal):
    """The sites of the folder run already."""

    folder: str


@dataclass(eq=False)
class FolderIsTheDemos(Refusal):
    """The folder holds the demo, with invented companies and a clock that is moved."""

    folder: str


@dataclass(eq=False)
class AgencyIsNotDescribed(Refusal):
    """Nobody has said who the agency is; a file to fill in has been made."""

    file: str


@dataclass(eq=False)
class DatabaseIsNamed(Refusal):
    """The environment names a database where we start one of our own."""

    variable: str


@dataclass(eq=False)
class SitesDoNotRun(Refusal):
    """The sites of the folder do not run, and what is asked needs their database."""

    folder: str


@dataclass(eq=False)
class NothingToBackUp(Refusal):
    """The folder holds no sites."""

    folder: str


@dataclass(eq=False)
class FolderIsInUse(Refusal):
    """The folder holds sites already."""

    folder: str


@dataclass(eq=False)
class SecretsAreGone(Refusal):
    """The folder has databases and no secrets: a restore was broken off, or somebody removed them."""

    folder: str


@dataclass(eq=False)
class FileIsThere(Refusal):
    """A backup would write over a file."""

    file: str


@dataclass(eq=False)
class BackupIsNotOurs(Refusal):
    """The file is no backup of ours."""

    file: str


@dataclass(eq=False)
class DatabaseNotNamed(Refusal):
    """The environment names no database for the site."""

    site: str


@dataclass(eq=False)
class DatabaseNotReached(Refusal):
    """The site's database does not answer, or does not let the role in; `said` is what PostgreSQL's client says."""

    site: str
    role: str
    said: str


@dataclass(eq=False)
class DatabaseRoleIsTooMighty(Refusal):
    """The site would connect as a role that row-level security does not bind: a superuser, or who owns the database."""

    site: str
    role: str


@dataclass(eq=False)
class DatabaseNotMigrated(Refusal):
    """The site's database has no tables yet."""

    site: str
