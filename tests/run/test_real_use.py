"""A site does not start for real with a default of the demo: each is refused with its variable and what would come."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from punktlig.core.refusal import Refusal
from punktlig.run.postgres import Postgres
from punktlig.tenancy.real_use import (
    AddressIsNotSafe,
    Consequence,
    DemoSetting,
    SecretIsTooShort,
    SettingIsMissing,
    SettingIsTheDemos,
    refuse_demo_defaults,
)
from tests.run.running import EXAMPLES, run

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "x" * 50


@pytest.fixture
def agency_file(tmp_path: Path) -> Path:
    file = tmp_path / "agency.toml"
    text = (EXAMPLES / "agency.toml").read_text("utf-8")
    file.write_text(
        text.replace("559870-2149", "556012-5790").replace('brand = "Ekviken', 'brand = "Norrsken'), "utf-8"
    )
    return file


@pytest.fixture
def agency(agency_file: Path) -> dict[str, str]:
    return {
        "PUNKTLIG_AGENCY_SECRET_KEY": SECRET,
        "PUNKTLIG_AGENCY_FILE": str(agency_file),
        "PUNKTLIG_AGENCY_URL": "https://agency.example.se",
        "PUNKTLIG_AGENCY_EMAIL_GATEWAY": "smtp",
        "PUNKTLIG_AGENCY_SMTP_HOST": "smtp.example.se",
        "PUNKTLIG_AGENCY_FROM_EMAIL": "no-reply@example.se",
        "PUNKTLIG_PROXIES": "1",
    }


@pytest.fixture
def receivables() -> dict[str, str]:
    return {
        "PUNKTLIG_RECEIVABLES_SECRET_KEY": SECRET,
        "PUNKTLIG_RECEIVABLES_URL": "https://invoices.example.se",
        "PUNKTLIG_RECEIVABLES_SMTP_HOST": "smtp.example.se",
        "PUNKTLIG_RECEIVABLES_FROM_EMAIL": "no-reply@example.se",
        "PUNKTLIG_RECEIVABLES_AGENCY_URL": "https://agency.example.se",
        "PUNKTLIG_RECEIVABLES_AGENCY_NAME": "Norrsken",
        "PUNKTLIG_RECEIVABLES_AGENCY_API_KEY": "a.b",
        "PUNKTLIG_RECEIVABLES_AGENCY_WEBHOOK_SECRET": "whsec_c",
        "PUNKTLIG_PROXIES": "1",
    }


def test_with_everything_told_nothing_is_refused(agency: dict[str, str], receivables: dict[str, str]) -> None:
    refuse_demo_defaults("agency", agency)
    refuse_demo_defaults("receivables", receivables)


@pytest.mark.parametrize(
    ("variable", "consequence"),
    [
        ("PUNKTLIG_AGENCY_FILE", Consequence.INVENTED_AGENCY),
        ("PUNKTLIG_AGENCY_EMAIL_GATEWAY", Consequence.NO_LETTERS_BY_EMAIL),
        ("PUNKTLIG_AGENCY_SMTP_HOST", Consequence.NO_LETTERS_BY_EMAIL),
        ("PUNKTLIG_AGENCY_FROM_EMAIL", Consequence.UNKNOWN_SENDER),
        ("PUNKTLIG_AGENCY_URL", Consequence.WRONG_LINKS),
        ("PUNKTLIG_AGENCY_SECRET_KEY", Consequence.FORGED_SESSIONS),
        ("PUNKTLIG_PROXIES", Consequence.SHARED_LIMIT),
    ],
)
def test_what_the_agency_is_not_told_is_refused_by_name(
    agency: dict[str, str], variable: str, consequence: Consequence
) -> None:
    del agency[variable]
    with pytest.raises(SettingIsMissing) as caught:
        refuse_demo_defaults("agency", agency)
    assert (caught.value.variable, caught.value.consequence) == (variable, consequence)


@pytest.mark.parametrize("name", ["AGENCY_URL", "AGENCY_NAME", "AGENCY_API_KEY", "AGENCY_WEBHOOK_SECRET", "SMTP_HOST"])
def test_what_receivables_is_not_told_is_refused_by_name(receivables: dict[str, str], name: str) -> None:
    del receivables[f"PUNKTLIG_RECEIVABLES_{name}"]
    with pytest.raises(SettingIsMissing) as caught:
        refuse_demo_defaults("receivables", receivables)
    assert caught.value.variable == f"PUNKTLIG_RECEIVABLES_{name}"


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [
        ("PUNKTLIG_AGENCY_FILE", str(EXAMPLES / "agency.toml"), DemoSetting.INVENTED_AGENCY),
        ("PUNKTLIG_AGENCY_EMAIL_GATEWAY", "caught", DemoSetting.CAUGHT_EMAIL),
        ("PUNKTLIG_CLOCK_FILE", "/somewhere", DemoSetting.MOVED_CLOCK),
    ],
)
def test_what_is_the_demos_is_refused(agency: dict[str, str], variable: str, value: str, why: DemoSetting) -> None:
    with pytest.raises(SettingIsTheDemos) as caught:
        refuse_demo_defaults("agency", agency | {variable: value})
    assert (caught.value.variable, caught.value.consequence) == (variable, why)


def test_the_demo_has_no_database_of_its_own(agency: dict[str, str]) -> None:
    refuse_demo_defaults("agency", {"PUNKTLIG_DEMO": "1"})
    with pytest.raises(SettingIsTheDemos):
        refuse_demo_defaults("agency", agency | {"PUNKTLIG_DEMO": "1", "PUNKTLIG_AGENCY_DATABASE_URL": "postgresql:"})


def test_without_email_for_letters_only_the_accounts_need_a_server_or_a_folder(agency: dict[str, str]) -> None:
    del agency["PUNKTLIG_AGENCY_SMTP_HOST"]
    agency["PUNKTLIG_AGENCY_EMAIL_GATEWAY"] = "none"
    with pytest.raises(SettingIsMissing) as caught:
        refuse_demo_defaults("agency", agency)
    assert caught.value.consequence is Consequence.NO_ACCOUNT_MAIL
    refuse_demo_defaults("agency", agency | {"PUNKTLIG_AGENCY_MAIL_FOLDER": "/srv/mail"})


@pytest.mark.parametrize("url", ["http://agency.example.se", "http://192.168.1.10:8001", "agency.example.se"])
def test_a_password_never_travels_openly(agency: dict[str, str], url: str) -> None:
    with pytest.raises(AddressIsNotSafe):
        refuse_demo_defaults("agency", agency | {"PUNKTLIG_AGENCY_URL": url})


def test_on_the_machine_itself_plain_http_does(agency: dict[str, str]) -> None:
    del agency["PUNKTLIG_PROXIES"]
    refuse_demo_defaults("agency", agency | {"PUNKTLIG_AGENCY_URL": "http://localhost:8001"})


def test_a_short_secret_is_none(agency: dict[str, str]) -> None:
    with pytest.raises(SecretIsTooShort):
        refuse_demo_defaults("agency", agency | {"PUNKTLIG_AGENCY_SECRET_KEY": "x" * 49})


def test_an_agency_file_that_cannot_be_printed_from_stops_the_start(agency: dict[str, str], agency_file: Path) -> None:
    agency_file.write_text(agency_file.read_text("utf-8").replace("5050-1055", "5050-1056"), "utf-8")
    with pytest.raises(Refusal) as caught:
        refuse_demo_defaults("agency", agency)
    assert caught.value.code == "agency_value_is_wrong"


@pytest.mark.parametrize("command", ["serve", "work"])
def test_the_command_says_what_to_do_and_starts_nothing(
    command: str, agency: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(os, "execve", lambda *told: started.append(told))
    for name in [name for name in os.environ if name.startswith("PUNKTLIG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PUNKTLIG_AGENCY_DATABASE_URL", "postgresql://agency_app:x@127.0.0.1/agency")
    for name, value in agency.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PUNKTLIG_AGENCY_FILE")
    ran = run(command, "agency")
    assert ran.status == 2
    assert (
        "PUNKTLIG_AGENCY_FILE is not set, and without it letters would be sent in the name of an invented agency"
        in (ran.err)
    )
    assert started == []


def test_the_application_itself_ends_in_one_line_without_an_agency(agency: dict[str, str]) -> None:
    del agency["PUNKTLIG_AGENCY_FILE"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PUNKTLIG_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", "import punktlig.agency.wsgi"],
        env=inherited | agency, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("punktlig: setting_is_missing: PUNKTLIG_AGENCY_FILE")


def test_for_real_use_a_site_takes_its_names_and_addresses_from_what_it_was_told(agency: dict[str, str]) -> None:
    code = (
        "from punktlig.agency import settings as s\n"
        "print(s.SITE_NAME, s.ALLOWED_HOSTS, s.EMAIL_GATEWAY, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0)"
    )
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PUNKTLIG_", "DJANGO_"))}
    del agency["PUNKTLIG_AGENCY_EMAIL_GATEWAY"]
    done = subprocess.run(
        [sys.executable, "-c", code], env=inherited | agency, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout.split("\n")[0] == "Norrsken Ombud ['agency.example.se'] none True True"


@pytest.mark.parametrize("command", ["serve", "work"])
def test_neither_pages_nor_work_are_started_as_a_superuser(
    command: str, agency: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(os, "execve", lambda *told: started.append(told))
    for name in [name for name in os.environ if name.startswith("PUNKTLIG_")]:
        monkeypatch.delenv(name)
    for name, value in agency.items():
        monkeypatch.setenv(name, value)
    with Postgres(tmp_path / "server", durable=False) as server:
        url = f"postgresql://postgres@/postgres?host={server.sockets}&port=5432"
        monkeypatch.setenv("PUNKTLIG_AGENCY_DATABASE_URL", url)
        ran = run(command, "agency")
    assert ran.status == 2
    assert "database_role_is_too_mighty: postgres is a superuser of the database of agency" in ran.err
    assert started == []
