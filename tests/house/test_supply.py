"""What is installed is exactly what was locked, and no file ties the repository to one machine or one mirror."""

from __future__ import annotations

import re
import tomllib
from functools import cache

import pytest

from tests.house.repository import ROOT, shown, tracked_files

_LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")
_PINNED = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;\\]+)(?: ; [^\\]+)?(?P<hashes>(?: --hash=\S+)+)"
)
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")

# The names are put together here, so that this file does not find itself.
_HOSTS = ("pypi." + "org", "python" + "hosted", "npm" + "js.", "arti" + "factory", "dev" + "pi", "index-" + "url =")
_REGISTRY = re.compile("|".join(map(re.escape, _HOSTS)).encode(), re.IGNORECASE)
_MACHINE_PATH = re.compile(rb"(?<![\w.}~-])(?:/(?:home|root|work|Users)/\w|[A-Za-z]:\\Users\\)")


def ties_to_a_machine(content: bytes) -> list[str]:
    """Return the registry hosts and the absolute paths of somebody's machine in a file."""
    found = [*_REGISTRY.finditer(content), *_MACHINE_PATH.finditer(content)]
    return [content[match.start() : match.end() + 20].decode("utf-8", "replace") for match in found]


@cache
def pins(lock: str) -> dict[str, str]:
    """Return name → version of a lock file, after a check that every line is a pin with hashes and nothing else."""
    joined = (ROOT / lock).read_text("utf-8").replace("\\\n", "")
    found = {}
    for line in joined.splitlines():
        match = _PINNED.fullmatch(re.sub(r"\s+", " ", line).strip())
        assert match, f"{lock}: not a pinned requirement with hashes: {line[:80]}"
        assert all(_HASH.fullmatch(word) for word in match["hashes"].split()), f"{lock}: {match['name']}"
        found[match["name"]] = match["version"]
    return found


def test_no_registry_and_no_machine_is_named_in_the_repository() -> None:
    ties = {shown(path): found for path in tracked_files() if (found := ties_to_a_machine(path.read_bytes()))}
    assert ties == {}


@pytest.mark.parametrize(
    "content",
    ["https://pypi." + "org/simple", "see /home" + "/anna/punktlig", "'/work" + "/main'", r"C:" + r"\Users" + r"\anna"],
)
def test_a_tie_would_be_found(content: str) -> None:
    assert ties_to_a_machine(content.encode())


@pytest.mark.parametrize(
    "content", ["$HOME/.pyenv", "example.se/home" + "/page", "out/work" + "/letter.pdf", "/usr/bin/env bash"]
)
def test_a_path_that_is_nobodys_is_left_alone(content: str) -> None:
    assert ties_to_a_machine(content.encode()) == []


@pytest.mark.parametrize("lock", _LOCKS)
def test_every_locked_requirement_has_a_version_and_hashes(lock: str) -> None:
    assert pins(lock)


def test_what_runs_is_locked_to_the_same_versions_for_users_and_for_developers() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_every_dependency_of_the_project_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    run = {_name(requirement) for requirement in project["project"]["dependencies"]}
    develop = {_name(requirement) for requirement in project["dependency-groups"]["dev"]}
    assert run <= pins("requirements.lock").keys()
    assert develop <= pins("requirements-dev.lock").keys()


def test_no_lock_of_a_tool_that_writes_addresses_is_kept() -> None:
    # docs/decisions/0003-hashed-requirements.md
    kept = {path.name for path in tracked_files()}
    assert kept.isdisjoint({"uv.lock", "poetry.lock", "Pipfile.lock", "package-lock.json"})


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match, requirement
    return match[0].lower().replace("_", "-")
