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
class DatabaseNotNamed(Refusal):
    """The environment names no database for the site."""

    site: str
