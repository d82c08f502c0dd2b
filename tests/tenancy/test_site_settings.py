"""Which database a site speaks to, and where its e-mail goes, as the environment says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punktlig.tenancy.site_settings import database, mailers

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

URL = "postgresql://agency_app:hem%2Flig@db.example:6432/agency%20se?sslmode=verify-full"


def test_an_address_means_what_it_means_to_every_postgresql_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUNKTLIG_ROLE", raising=False)
    monkeypatch.setenv("PUNKTLIG_AGENCY_DATABASE_URL", URL)
    told = database("agency")["default"]
    assert (told["HOST"], told["PORT"], told["NAME"]) == ("db.example", "6432", "agency se")
    assert (told["USER"], told["PASSWORD"]) == ("agency_app", "hem/lig")
    assert told["OPTIONS"]["sslmode"] == "verify-full"


def test_migrations_connect_as_the_owner_with_its_own_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUNKTLIG_ROLE", "owner")
    monkeypatch.setenv("PUNKTLIG_AGENCY_DATABASE_URL", URL)
    monkeypatch.setenv("PUNKTLIG_AGENCY_OWNER_PASSWORD", "annan")
    told = database("agency")["default"]
    assert (told["USER"], told["PASSWORD"]) == ("agency_owner", "annan")


def test_without_an_address_it_is_our_own_servers_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUNKTLIG_ROLE", raising=False)
    monkeypatch.delenv("PUNKTLIG_RECEIVABLES_DATABASE_URL", raising=False)
    monkeypatch.setenv("PUNKTLIG_SOCKETS", "/somewhere")
    told = database("receivables")["default"]
    assert (told["HOST"], told["NAME"], told["USER"]) == ("/somewhere", "receivables", "receivables_app")


def test_mail_about_accounts_goes_to_the_server_or_to_a_folder_instead(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PUNKTLIG_AGENCY_MAIL_FOLDER", raising=False)
    monkeypatch.setenv("PUNKTLIG_AGENCY_SMTP_HOST", "mail.example")
    told = mailers("agency")["default"]
    assert told["BACKEND"].endswith("smtp.EmailBackend")
    assert (told["OPTIONS"]["host"], told["OPTIONS"]["port"]) == ("mail.example", 25)
    monkeypatch.setenv("PUNKTLIG_AGENCY_MAIL_FOLDER", str(tmp_path))
    told = mailers("agency")["default"]
    assert told == {
        "BACKEND": "punktlig.tenancy.mail_folder.EmailBackend",
        "OPTIONS": {"file_path": str(tmp_path)},
    }
