"""Processes that live and die together, asked of real ones."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from punktlig.run import children as children_module
from punktlig.run.children import Children
from punktlig.run.refusals import ChildEnded

if TYPE_CHECKING:
    from collections.abc import Iterator

SLEEPS = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, subprocess, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    f"child = subprocess.Popen([sys.executable, '-c', {SLEEPS!r}])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(600)"
)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    found = Children(tmp_path / "logs")
    yield found
    found.stop()


def pids_of(children: Children) -> list[int]:
    return [process.pid for process in children._running.values()]


def is_gone(pid: int) -> bool:
    """Tell whether the process has ended within ten seconds; one that only waits to be read is gone."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def test_when_one_ends_by_itself_a_check_tells_which_and_how_and_where_it_wrote(children: Children) -> None:
    children.start("sleeps", python(SLEEPS), os.environ)
    children.start("ends", python("print('goodbye'); raise SystemExit(7)"), os.environ)
    children._running["ends"].wait(30)
    with pytest.raises(ChildEnded) as caught:
        children.check()
    assert (caught.value.name, caught.value.status) == ("ends", 7)
    assert Path(caught.value.log).read_text() == "goodbye\n"


def test_what_ends_by_itself_is_started_again_and_later_each_time(
    children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, told = threading.Event(), list[str]()
    times = iter(range(100))

    def wait(_seconds: float) -> bool:
        time.sleep(0.05)
        return next(times) > 40

    monkeypatch.setattr(stop, "wait", wait)
    children.start("sleeps", python(SLEEPS), os.environ)
    children.start("ends", python("print('again')"), os.environ)
    (sleeps, _) = pids_of(children)
    looked = list[int]()
    children.keep(stop, beside=lambda: looked.append(1), tell=told.append)
    assert "ends ended by itself with status 0" in told[0]
    assert len(looked) == 41
    # In two seconds: at first after one, then after two more.
    assert 1 <= (children.logs / "ends.log").read_text().count("again") <= 2
    assert pids_of(children)[0] == sleeps


def test_one_that_has_lived_long_is_started_at_once_and_in_its_own_environment(
    children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children_module, "_SOON_SECONDS", 0)
    stop, told = threading.Event(), list[str]()
    children.start(
        "says", python(f"import os, time; print(os.environ['HERE'], flush=True); {SLEEPS}"), {"HERE": "here"}
    )
    (pid,) = pids_of(children)

    def beside() -> None:
        log = (children.logs / "says.log").read_text()
        if log == "here\n" and not told:
            children._running["says"].kill()
        if log == "here\nhere\n":
            stop.set()

    children.keep(stop, beside=beside, tell=told.append)
    assert len(told) == 1
    assert pids_of(children) != [pid]


def test_stopping_ends_them_all(children: Children) -> None:
    for name in ("one", "other"):
        children.start(name, python(SLEEPS), os.environ)
    pids = pids_of(children)
    children.stop()
    assert all(is_gone(pid) for pid in pids)


def test_a_child_that_is_being_stopped_is_not_said_to_have_ended(children: Children) -> None:
    children.start("sleeps", python(SLEEPS), os.environ)
    process = children._running["sleeps"]
    children._stopping.set()
    process.terminate()
    process.wait()
    children.check()
    children.begin()
    with pytest.raises(ChildEnded):
        children.check()


def test_a_child_that_does_not_listen_is_ended_by_force_with_its_own_children(
    children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children_module, "_PATIENCE_SECONDS", 0.2)
    children.start("stubborn", python(STUBBORN), os.environ)
    (pid,) = pids_of(children)
    log = children.logs / "stubborn.log"
    until = time.monotonic() + 30
    while not log.read_text().endswith("\n") and time.monotonic() < until:
        time.sleep(0.02)
    grandchild = int(log.read_text())
    children.stop()
    assert is_gone(pid)
    assert is_gone(grandchild)


def test_a_child_has_the_environment_it_was_given_and_no_more(children: Children) -> None:
    code = "import os; print(os.environ.get('PUNKTLIG_SOCKETS'), os.environ.get('HOME'))"
    children.start("says", python(code), {"PUNKTLIG_SOCKETS": "here"})
    children._running["says"].wait(30)
    assert (children.logs / "says.log").read_text() == "here None\n"


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="only with util-linux do children end with their parent")
def test_when_the_parent_is_killed_so_are_they(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys, threading\n"
        "from punktlig.run.children import Children\n"
        "children = Children(pathlib.Path(sys.argv[1]))\n"
        f"children.start('sleeps', [sys.executable, '-c', {SLEEPS!r}], os.environ)\n"
        "print(*(process.pid for process in children._running.values()), flush=True)\n"
        "children.keep(threading.Event(), tell=print)\n"
    )
    with subprocess.Popen([*python(code), str(tmp_path)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        # Until it has become the program itself, nobody has asked the system to end it with its parent.
        until = time.monotonic() + 10
        while SLEEPS not in psutil.Process(pid).cmdline()[:3] and time.monotonic() < until:
            time.sleep(0.01)
        assert parent.poll() is None
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert is_gone(pid)
