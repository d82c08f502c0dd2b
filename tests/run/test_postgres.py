"""The embedded PostgreSQL: starts as anybody, survives a crash, leaves nothing behind, and says why when it cannot."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg
import pytest

from punktlig.run import postgres
from punktlig.run import server_account as accounts
from punktlig.run.postgres import (
    AlreadyRunning,
    AnotherMajorVersion,
    Postgres,
    PostgresDoesNotStart,
    PostgresIsNotRunning,
    SocketFolderIsNotOurs,
    connect,
)
from punktlig.run.server_account import ClosedFolder, NoAccountForServer

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can lend the server another account")

LAUNCHER = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from punktlig.run.postgres import Postgres
    with Postgres(Path(sys.argv[1])) as server:
        print(server.pid, server.sockets, flush=True)
        time.sleep(600)
    """
)


def one(sockets: Path, query: str) -> object:
    with connect(sockets) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


@contextmanager
def closing_server(server: Postgres) -> Iterator[None]:
    try:
        yield
    finally:
        server.stop()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that every user can reach; pytest's own is closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="punktlig-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def no_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand for a container that forbids user namespaces."""
    monkeypatch.setattr(
        accounts, "_works", lambda command, works=accounts._works: command[0] != "unshare" and works(command)
    )


def test_a_new_folder_becomes_a_server_that_answers_and_stops_without_a_trace(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "data", durable=False)
    with server:
        pid = server.pid
        assert one(server.sockets, "SELECT 1 + 1") == 2
        assert server.sockets.stat().st_mode & 0o777 == 0o700
    assert not psutil.pid_exists(pid)
    assert not server.sockets.exists()
    assert sorted(path.name for path in server.data.iterdir()) == ["cluster", "postgres.log", "start.lock"]
    with pytest.raises(PostgresIsNotRunning):
        _ = server.pid


def test_the_server_is_reached_by_its_socket_only(tmp_path: Path) -> None:
    with Postgres(tmp_path / "data", durable=False) as server:
        assert [c for c in psutil.Process(server.pid).net_connections("inet") if c.status == psutil.CONN_LISTEN] == []
        assert one(server.sockets, "SHOW listen_addresses") == ""


def test_a_real_server_writes_to_disk_before_it_says_committed_and_a_careless_one_does_not(tmp_path: Path) -> None:
    for durable, said in ((True, "on"), (False, "off")):
        with Postgres(tmp_path / said, durable=durable) as server:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                assert one(server.sockets, f"SHOW {setting}") == said


def test_swedish_letters_fold_and_survive(tmp_path: Path) -> None:
    with Postgres(tmp_path / "data", durable=False) as server:
        assert one(server.sockets, "SELECT lower('ÅÄÖÉ')") == "åäöé"
        assert one(server.sockets, "SELECT upper('åäöé')") == "ÅÄÖÉ"
        assert one(server.sockets, "SHOW server_encoding") == "UTF8"


def test_a_second_start_keeps_the_rows(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "data", durable=False)
    with server, connect(server.sockets) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id")
    with server:
        assert one(server.sockets, "SELECT count(*) FROM kept") == 1000


def test_committed_rows_survive_a_killed_postmaster_and_uncommitted_ones_do_not(tmp_path: Path) -> None:
    with Postgres(tmp_path / "data") as server:
        with connect(server.sockets) as connection:
            connection.execute("CREATE TABLE kept (id int)")
            connection.execute("INSERT INTO kept SELECT generate_series(1, 1500)")
        with closing(connect(server.sockets)) as half_way:
            half_way.execute("BEGIN")
            half_way.execute("INSERT INTO kept SELECT generate_series(1, 5000)")
            os.kill(server.pid, signal.SIGKILL)
            # At once: the killed one is a zombie still, and the open session still holds its memory.
            server.start()
        assert one(server.sockets, "SELECT count(*) FROM kept") == 1500


def test_a_server_killed_together_with_its_launcher_starts_again_with_its_rows(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", LAUNCHER, tmp_path / "data"], stdout=subprocess.PIPE) as launcher:
        assert launcher.stdout is not None
        pid, sockets = launcher.stdout.readline().decode().split()
        with connect(Path(sockets)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1500) AS id")
        os.kill(int(pid), signal.SIGKILL)
        launcher.kill()
    with Postgres(tmp_path / "data") as again:
        assert one(again.sockets, "SELECT count(*) FROM kept") == 1500


def test_a_supervisor_sees_that_the_server_died_and_starts_it_again(tmp_path: Path) -> None:
    told: list[str] = []
    with Postgres(tmp_path / "data", durable=False) as server:
        server.keep(told.append)
        assert not told
        os.kill(server.pid, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while server.is_running:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        server.keep(told.append)
        assert len(told) == 1
        assert one(server.sockets, "SELECT 1") == 1


def test_the_server_stops_when_its_launcher_is_killed_and_starts_again(tmp_path: Path) -> None:
    if not accounts.dies_with_its_parent():
        pytest.skip("setpriv --pdeathsig does not work here")
    with subprocess.Popen([sys.executable, "-c", LAUNCHER, tmp_path / "data"], stdout=subprocess.PIPE) as launcher:
        assert launcher.stdout is not None
        pid = int(launcher.stdout.readline().split()[0])
        launcher.kill()
    with Postgres(tmp_path / "data") as again:  # Perhaps while the first is still on its way down.
        assert again.pid != pid
        assert one(again.sockets, "SELECT 1") == 1
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_ctrl_c_in_the_terminal_reaches_the_launcher_and_not_the_server(tmp_path: Path) -> None:
    with Postgres(tmp_path / "data", durable=False) as server:
        assert os.getpgid(server.pid) != os.getpgid(0)
        assert os.getsid(server.pid) != os.getsid(0)


def test_a_second_start_on_a_live_folder_names_the_server_that_runs_and_leaves_it_alone(tmp_path: Path) -> None:
    with Postgres(tmp_path / "data", durable=False) as first:
        second = Postgres(tmp_path / "data", durable=False)
        with pytest.raises(AlreadyRunning, match=f"process {first.pid}") as refused:
            second.start()
        assert (refused.value.pid, refused.value.sockets) == (first.pid, first.sockets)
        second.stop()
        assert one(first.sockets, "SELECT 1") == 1


def test_a_live_server_whose_socket_was_swept_away_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "SECONDS_AFTER_A_CRASH", 0.5)
    with Postgres(tmp_path / "data", durable=False) as first:
        shutil.rmtree(first.sockets)
        with pytest.raises(PostgresDoesNotStart, match=f"kill -INT {first.pid}"):
            Postgres(tmp_path / "data", durable=False).start()
        assert first.is_running


def test_two_starts_at_the_same_moment_on_a_new_folder_make_one_server(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LAUNCHER, str(tmp_path / "data")]
    pair = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    deadline = time.monotonic() + 60
    while all(process.poll() is None for process in pair) and time.monotonic() < deadline:
        time.sleep(0.05)
    (loser,) = [process for process in pair if process.poll() is not None]
    (winner,) = [process for process in pair if process is not loser]
    assert "AlreadyRunning" in loser.communicate()[1]
    winner.send_signal(signal.SIGINT)
    assert winner.communicate(timeout=60)[0].split()[0].isdigit()


@pytest.mark.parametrize("name", ["med mellanslag och åäö", 'it\'s, "quoted"', "/".join(["lång" * 10] * 6)])
def test_a_data_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    with Postgres(tmp_path / name, durable=False) as server:
        assert one(server.sockets, "SELECT 1") == 1
    with server:
        assert one(server.sockets, "SELECT 1") == 1


def test_a_relative_data_folder_is_the_one_seen_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Postgres(Path("data"), durable=False) as server:
        assert server.data == tmp_path / "data"
        assert server.sockets == Postgres(tmp_path / "data").sockets


def test_postgres_variables_of_the_environment_do_not_lead_astray(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "PGUSER": "x", "PGHOST": "x", "LC_ALL": "sv_SE"}.items():
        monkeypatch.setenv(name, value)
    with Postgres(tmp_path / "data", durable=False) as server:
        assert one(server.sockets, "SELECT current_user") == "postgres"


def test_an_initdb_that_was_killed_half_way_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "data" / "cluster.new").mkdir(parents=True)
    (tmp_path / "data" / "cluster.new" / "PG_VERSION").write_text("18\n")
    with Postgres(tmp_path / "data", durable=False) as server:
        assert one(server.sockets, "SELECT 1") == 1


def test_a_folder_of_another_major_version_is_refused_by_name(tmp_path: Path) -> None:
    with Postgres(tmp_path / "data", durable=False) as server:
        pass
    (server.cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(AnotherMajorVersion, match="made by PostgreSQL 17"):
        server.start()
    assert not server.sockets.exists()


def test_a_server_that_cannot_start_says_what_its_log_says(tmp_path: Path) -> None:
    with Postgres(tmp_path / "data", durable=False) as server:
        pass
    (server.cluster / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(PostgresDoesNotStart, match="no_such_setting"):
        server.start()
    assert not server.sockets.exists()


def test_the_log_holds_no_statement_and_no_row(tmp_path: Path) -> None:
    with Postgres(tmp_path / "data", durable=False) as server, connect(server.sockets) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('Anna Ek')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('Anna Ek')")
    said = server.log.read_text()
    assert "duplicate key value" in said
    assert "Anna" not in said
    assert server.log.stat().st_mode & 0o077 == 0


def test_a_long_log_is_put_aside(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "data", durable=False)
    server.data.mkdir()
    server.log.write_bytes(b"x" * 10_000_001)
    with server:
        pass
    assert server.log.stat().st_size < 10_000
    assert server.log.with_suffix(".log.1").stat().st_size == 10_000_001


@pytest.mark.parametrize("trap", ["open to others", "a link", "a file"])
def test_a_socket_folder_that_others_could_enter_is_refused(tmp_path: Path, trap: str) -> None:
    server = Postgres(tmp_path / "data", durable=False)
    if trap == "open to others":
        server.sockets.mkdir()
        server.sockets.chmod(0o755)
    elif trap == "a link":
        server.sockets.symlink_to(tmp_path)
    else:
        server.sockets.touch()
    try:
        with pytest.raises(SocketFolderIsNotOurs):
            server.start()
    finally:
        server.sockets.rmdir() if trap == "open to others" else server.sockets.unlink()


@needs_root
def test_root_leaves_every_file_its_own_where_namespaces_are_allowed(tmp_path: Path) -> None:
    account = accounts.server_account(tmp_path / "data" / "cluster")
    if account.prefix[0] != "unshare":
        pytest.skip("user namespaces are forbidden here")
    with Postgres(tmp_path / "data", durable=False) as server:  # tmp_path is closed to others: it does not matter.
        assert {path.stat().st_uid for path in server.cluster.rglob("*")} == {0}


@needs_root
@pytest.mark.usefixtures("no_namespaces")
def test_root_without_namespaces_runs_the_server_as_nobody(open_folder: Path) -> None:
    server = Postgres(open_folder / "data", durable=False)
    try:
        server.start()
    except ClosedFolder as closed:
        if open_folder not in closed.wanted.parents:
            pytest.skip(f"the binaries lie in a closed folder: {closed.folder}")
        raise
    with closing_server(server):
        assert psutil.Process(server.pid).username() == "nobody"
        assert one(server.sockets, "SELECT 1") == 1
    assert not server.sockets.exists()


@needs_root
def test_a_folder_made_as_nobody_stays_nobodys_and_one_made_by_root_can_be_lent(
    open_folder: Path,
) -> None:
    with Postgres(open_folder / "data", durable=False) as server, connect(server.sockets) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS id")
    nobody = pwd.getpwnam("nobody").pw_uid
    accounts.ServerAccount(("setpriv",), nobody, nobody).take(server.cluster)
    try:
        server.start()
    except ClosedFolder as closed:
        pytest.skip(f"the binaries lie in a closed folder: {closed.folder}")
    with closing_server(server):
        assert psutil.Process(server.pid).username() == "nobody"
        assert one(server.sockets, "SELECT id FROM kept") == 7


@needs_root
def test_root_runs_somebodys_server_as_its_owner_and_takes_nothing_over(open_folder: Path) -> None:
    with Postgres(open_folder / "data", durable=False) as server, connect(server.sockets) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS id")
    owner = pwd.getpwnam("daemon")
    accounts.ServerAccount(("setpriv",), owner.pw_uid, owner.pw_gid).take(server.cluster)
    try:
        server.start()
    except ClosedFolder as closed:
        pytest.skip(f"the binaries lie in a closed folder: {closed.folder}")
    with closing_server(server):
        assert psutil.Process(server.pid).username() == "daemon"
        assert one(server.sockets, "SELECT id FROM kept") == 7
    assert {path.stat().st_uid for path in server.cluster.rglob("*")} == {owner.pw_uid}


@needs_root
@pytest.mark.usefixtures("no_namespaces")
def test_a_closed_folder_on_the_way_is_named(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(ClosedFolder, match="cannot be entered") as refused:
        Postgres(closed / "deep" / "data", durable=False).start()
    assert refused.value.folder == closed
    assert f"chmod o+x {closed}" in str(refused.value)


@needs_root
def test_root_with_no_way_out_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_works", lambda _: False)
    with pytest.raises(NoAccountForServer, match="ordinary user"):
        Postgres(tmp_path / "data").start()


@needs_root
def test_an_ordinary_user_needs_no_help(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    as_nobody = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    if not accounts._works([*as_nobody, sys.executable, "-c", ""]):
        # The Python lies in a closed folder: a user namespace gives an ordinary user who can still reach it.
        as_nobody = ["unshare", "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}"]
        if not accounts._works([*as_nobody, sys.executable, "-c", ""]):
            pytest.skip("this Python can only be run by root here")
    else:
        os.chown(open_folder, nobody.pw_uid, nobody.pw_gid)
    tried = subprocess.run(
        [*as_nobody, sys.executable, "-c", ORDINARY, open_folder / "data"],
        check=True, capture_output=True, text=True, env={**os.environ, "XDG_RUNTIME_DIR": str(open_folder)},
    )  # fmt: skip
    uid, prefix, answer, sockets = tried.stdout.split()
    assert (int(uid), prefix, answer) == (nobody.pw_uid, "0", "2")
    assert Path(sockets).parent == open_folder


ORDINARY = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from punktlig.run.postgres import Postgres, connect
    from punktlig.run.server_account import server_account
    with Postgres(Path(sys.argv[1]), durable=False) as server:
        answer = connect(server.sockets).execute("SELECT 1 + 1").fetchone()[0]
        print(os.geteuid(), len(server_account(server.cluster).prefix), answer, server.sockets)
    """
)
