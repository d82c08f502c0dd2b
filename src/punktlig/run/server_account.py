"""Whom the embedded PostgreSQL runs as: it refuses root, so root lends it another identity."""

from __future__ import annotations

import functools
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


class PostgresDoesNotStart(Exception):
    """The server cannot be had; the text says why and, where we know it, what to do."""


class NoAccountForServer(PostgresDoesNotStart):
    """Root can lend the server no identity here: neither a user namespace nor `setpriv` works."""


class ClosedFolder(PostgresDoesNotStart):
    """The server, without root's privileges, cannot pass `folder` on the way to `wanted`."""

    def __init__(self, folder: Path, wanted: Path) -> None:
        super().__init__(
            f"PostgreSQL refuses root's privileges, and without them {folder} cannot be entered "
            f"on the way to {wanted}: chmod o+x {folder}, use another folder, or start as an ordinary user"
        )
        self.folder, self.wanted = folder, wanted


@dataclass(frozen=True)
class ServerAccount:
    """`prefix` goes before each command of the server; `uid` and `gid` own its files as we see them."""

    prefix: tuple[str, ...]
    uid: int
    gid: int

    def take(self, folder: Path) -> None:
        """Give `folder` and all in it to the account; nothing to do when it is the account's already."""
        if folder.stat().st_uid == self.uid:
            return
        # The folder itself comes last: an interrupted walk is then begun anew by the next start.
        for parent, _, files in os.walk(folder, topdown=False):
            for path in (*(Path(parent, name) for name in files), Path(parent)):
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def must_enter(self, *wanted: Path) -> None:
        """Check that the account can reach each folder. Raises ClosedFolder naming the first closed one."""
        if not self.prefix:
            return
        for place in wanted:
            if not self._enters(place):
                raise ClosedFolder(
                    next(way for way in (*reversed(place.parents), place) if not self._enters(way)), place
                )

    def _enters(self, folder: Path) -> bool:
        return _works([*self.prefix, "test", "-x", str(folder)])


def server_account(cluster: Path) -> ServerAccount:
    """Return the account for the server on the folder `cluster`. Raises NoAccountForServer.

    An ordinary user runs it as itself. Root runs what belongs to somebody as its owner, who could not start it again
    else: a backup at night is often made by root. For what is new or root's own it prefers a user namespace with one
    mapped user: files stay root's, and folders closed to others do not matter. Containers often forbid namespaces;
    there the server runs as nobody.
    """
    if os.geteuid() != 0:
        return ServerAccount((), os.geteuid(), os.getegid())
    # initdb looks its user up by number, so the user we map to must be in the passwd file; nobody always is.
    nobody = pwd.getpwnam("nobody")
    mapped = ("unshare", "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}")
    found = cluster.stat() if cluster.exists() else None
    is_anothers = found is not None and found.st_uid != 0
    if not is_anothers and _works([*mapped, "true"]):
        return ServerAccount(mapped, 0, 0)
    uid, gid = (found.st_uid, found.st_gid) if found is not None and is_anothers else (nobody.pw_uid, nobody.pw_gid)
    lent = ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    if _works([*lent, "true"]):
        return ServerAccount(lent, uid, gid)
    raise NoAccountForServer(
        "PostgreSQL does not run as root, and neither unshare --user nor setpriv works here: start as an ordinary user"
    )


@functools.cache
def dies_with_its_parent() -> tuple[str, ...]:
    """Return the prefix that stops a command when its parent is gone, or nothing where setpriv is missing."""
    prefix = ("setpriv", "--pdeathsig=INT")
    return prefix if _works([*prefix, "true"]) else ()


def _works(command: list[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 0  # noqa: S603 - our own words
