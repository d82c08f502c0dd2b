"""The first people of a site and the first platform, put in by whoever has the machine."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from punktlig.run.databases import SITES, migrate, prepare
from punktlig.run.postgres import Postgres, connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORD = "en lång lösenfras"  # noqa: S105 - of people who do not exist


@pytest.fixture(scope="module")
def sockets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with Postgres(tmp_path_factory.mktemp("server") / "data", durable=False) as server:
        prepare(server.sockets)
        for site in SITES:
            migrate(site, {"PUNKTLIG_SOCKETS": str(server.sockets), "PUNKTLIG_TESTS": "1"})
        yield server.sockets


def punktlig(sockets: Path, *arguments: str, password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own: it becomes one of the site's."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    return subprocess.run(
        [sys.executable, "-c", "from punktlig.run.command import main; main()", *arguments],
        env=environment | {"PUNKTLIG_SOCKETS": str(sockets), "PUNKTLIG_TESTS": "1", "PUNKTLIG_PASSWORD": password},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip


def rows(sockets: Path, site: str, query: str) -> list[tuple[object, ...]]:
    with connect(sockets, database=site) as connection:
        return connection.execute(query).fetchall()


def test_two_people_of_a_company_come_into_the_same_company(sockets: Path) -> None:
    company = ("--company", "Lillsjöns Snickeri AB", "--organisation-number", "559833-4174")
    for email, role in (("maja@lillsjons.example", "owner"), ("jonas@lillsjons.example", "sales")):
        done = punktlig(
            sockets, "person", "receivables", "--email", email, "--name", "Någon", "--role", role, *company
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert f"{email} may log in." in done.stdout
    members = """
        SELECT u.email, m.role, c.name, u.password LIKE '%$%' FROM receivables_member m
        JOIN tenancy_user u ON u.id = m.user_id JOIN receivables_company c ON c.id = m.company_id ORDER BY 1
    """
    assert rows(sockets, "receivables", members) == [
        ("jonas@lillsjons.example", "sales", "Lillsjöns Snickeri AB", True),
        ("maja@lillsjons.example", "owner", "Lillsjöns Snickeri AB", True),
    ]


def test_a_person_of_the_agency_belongs_to_no_creditor(sockets: Path) -> None:
    done = punktlig(
        sockets, "person", "agency", "--email", "sara@ekviken.example", "--name", "Sara", "--role", "agency_admin"
    )
    assert done.returncode == 0, done.stderr
    members = "SELECT u.email, m.role, m.creditor_id FROM agency_member m JOIN tenancy_user u ON u.id = m.user_id"
    assert rows(sockets, "agency", members) == [("sara@ekviken.example", "agency_admin", None)]


@pytest.mark.parametrize("password", ["kort", "password1234", "maja lind maja"])
def test_a_password_that_can_be_guessed_is_refused_and_nobody_is_added(sockets: Path, password: str) -> None:
    done = punktlig(
        sockets, "person", "agency", "--email", "maja.lind@svag.example", "--name", "Maja Lind Maja",
        "--role", "case_handler", password=password,
    )  # fmt: skip
    assert done.returncode == 2
    assert "password_is_weak" in done.stderr
    assert rows(sockets, "agency", "SELECT FROM tenancy_user WHERE email = 'maja.lind@svag.example'") == []


def test_an_account_that_there_is_keeps_its_password_and_is_not_asked_for_one(sockets: Path) -> None:
    person = ("person", "agency", "--email", "per@ekviken.example", "--name", "Per", "--role")
    assert punktlig(sockets, *person, "case_handler").returncode == 0
    hashes = "SELECT password FROM tenancy_user WHERE email = 'per@ekviken.example'"
    before = rows(sockets, "agency", hashes)
    done = punktlig(sockets, *person, "agency_admin", password="x")  # noqa: S106 - nobody's
    assert done.returncode == 0, done.stderr
    assert "keeps its password" in done.stderr
    assert rows(sockets, "agency", hashes) == before


def test_a_creditors_person_needs_a_creditor_that_is_activated(sockets: Path) -> None:
    done = punktlig(
        sockets, "person", "agency", "--email", "maja@lillsjons.example", "--name", "Maja Lind",
        "--role", "creditor_admin", "--organisation-number", "559833-4174",
    )  # fmt: skip
    assert done.returncode == 2
    assert "creditor_unknown" in done.stderr
    assert rows(sockets, "agency", "SELECT FROM tenancy_user WHERE email = 'maja@lillsjons.example'") == []


@pytest.mark.parametrize(
    ("site", "more", "code"),
    [
        ("receivables", ("--company", "Ingen AB", "--organisation-number", "559833-4174"), "role_unknown"),
        ("agency", (), "role_does_not_fit"),
    ],
)
def test_a_role_that_is_none_is_refused_with_those_there_are_and_nothing_is_written(
    sockets: Path, site: str, more: tuple[str, ...], code: str
) -> None:
    done = punktlig(
        sockets, "person", site, "--email", "per@fel.example", "--name", "Per", "--role", "chef", *more
    )  # fmt: skip
    assert done.returncode == 2
    assert code in done.stderr
    assert "reader" in done.stderr or "case_handler" in done.stderr
    assert rows(sockets, site, "SELECT FROM tenancy_user WHERE email = 'per@fel.example'") == []
    if site == "receivables":
        assert rows(sockets, site, "SELECT FROM receivables_company WHERE name = 'Ingen AB'") == []


def test_a_person_of_receivables_needs_a_company(sockets: Path) -> None:
    done = punktlig(
        sockets, "person", "receivables", "--email", "eva@fel.example", "--name", "Eva", "--role", "owner"
    )  # fmt: skip
    assert done.returncode == 2
    assert "--company" in done.stderr


def test_a_platforms_key_is_shown_once_and_only_its_hash_is_kept(sockets: Path) -> None:
    done = punktlig(sockets, "platform", "Bokföraren", "--webhook-url", "https://bokforaren.example/hooks")
    assert done.returncode == 0, done.stderr
    told = dict(line.split(": ") for line in done.stdout.splitlines())
    key_id, _, secret = told["API key"].partition(".")
    keys = """
        SELECT k.id, k.secret_sha256, p.name, p.webhook_url, p.webhook_secret
        FROM agency_api_key k JOIN agency_platform p ON p.id = k.platform_id
    """
    assert rows(sockets, "agency", keys) == [
        (
            key_id,
            hashlib.sha256(secret.encode()).hexdigest(),
            "Bokföraren",
            "https://bokforaren.example/hooks",
            told["Webhook secret"],
        )
    ]
    assert told["Webhook secret"].startswith("whsec_")


@pytest.mark.parametrize("command", ["migrate", "person", "platform"])
def test_a_server_that_does_not_answer_is_named_with_what_to_look_at_and_is_nobodys_fault(command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    url = f"postgresql://agency_app:hemligt@127.0.0.1:{port}/agency"
    done = _punktlig_at(url, *_a_command(command))
    role = "agency_owner" if command == "migrate" else "agency_app"
    assert done.returncode == 2
    assert f"database_not_reached: The database of agency does not let {role} in (" in done.stderr
    assert f"port {port}" in done.stderr
    assert "docs/deployment.md" in done.stderr
    assert "our fault" not in done.stderr
    assert "hemligt" not in done.stderr


@pytest.mark.parametrize("command", ["person", "platform"])
def test_before_the_tables_are_made_it_is_said_how_they_are(tmp_path: Path, command: str) -> None:
    with Postgres(tmp_path / "server", durable=False) as server:
        prepare(server.sockets)
        done = punktlig(server.sockets, *_a_command(command))
        assert done.returncode == 2
        assert "database_not_migrated" in done.stderr
        assert "punktlig migrate agency" in done.stderr


def _a_command(name: str) -> tuple[str, ...]:
    return {
        "migrate": ("migrate", "agency"),
        "person": ("person", "agency", "--email", "ada@norrsken.example", "--name", "Ada", "--role", "agency_admin"),
        "platform": ("platform", "Bokföraren"),
    }[name]


def _punktlig_at(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command for real use, on a server named by its address."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PUNKTLIG_", "PG"))
    }
    told = {"DATABASE_URL": url, "SECRET_KEY": "x" * 50, "EMAIL_GATEWAY": "none", "URL": "http://localhost:8001"}
    return subprocess.run(
        [sys.executable, "-c", "from punktlig.run.command import main; main()", *arguments],
        env=environment | {f"PUNKTLIG_AGENCY_{name}": value for name, value in told.items()}
        | {"PUNKTLIG_PASSWORD": PASSWORD},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
