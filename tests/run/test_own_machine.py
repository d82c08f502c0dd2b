"""What the folder of `punktlig run` says to the processes of the sites. The command itself is run by the journeys."""

from __future__ import annotations

import os
import stat
import tarfile
from io import BytesIO
from pathlib import Path
from typing import IO, cast

import pytest

from punktlig.run.backup import write_backup
from punktlig.run.databases import prepare
from punktlig.run.own_machine import OwnMachine, environment_in
from punktlig.run.postgres import AlreadyRunning, Postgres
from punktlig.run.refusals import DatabaseIsNamed, FolderIsTheDemos, SecretsAreGone, SitesDoNotRun
from punktlig.tenancy.real_use import AddressIsNotSafe, SettingIsTheDemos, refuse_demo_defaults
from tests.run.running import EXAMPLES, run

PORTS = {"receivables": 8000, "agency": 8001}


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:

    for name in [name for name in os.environ if name.startswith("PUNKTLIG_")]:
        monkeypatch.delenv(name)
    # As in the tests themselves: nothing of it may reach the sites.
    monkeypatch.setenv("PUNKTLIG_TESTS", "1")


@pytest.fixture
def machine(tmp_path: Path) -> OwnMachine:
    folder = tmp_path / "data"
    folder.mkdir()
    text = (EXAMPLES / "agency.toml").read_text("utf-8")
    (folder / "agency.toml").write_text(
        text.replace("559870-2149", "556012-5790").replace('brand = "Ekviken Ombud"', 'brand = "Norrsken"'), "utf-8"
    )
    return made(OwnMachine(folder, dict(PORTS), {}))  # type: ignore[arg-type]


def made(it: OwnMachine) -> OwnMachine:
    it.make()
    return it


def test_the_sites_are_told_everything_that_real_use_needs(machine: OwnMachine) -> None:
    machine.refuse_demo_defaults()
    agency, receivables = machine.environment("agency"), machine.environment("receivables")
    assert agency["PUNKTLIG_AGENCY_EMAIL_GATEWAY"] == "none"
    assert agency["PUNKTLIG_AGENCY_PRINT_FOLDER"] == str(machine.folder / "print")
    assert (agency["PUNKTLIG_TESTS"], agency["PUNKTLIG_DEMO"]) == ("", "")
    assert receivables["PUNKTLIG_RECEIVABLES_AGENCY_NAME"] == "Norrsken"
    assert receivables["PUNKTLIG_RECEIVABLES_HOSTS"] == "localhost,127.0.0.1"
    assert agency["PUNKTLIG_AGENCY_SECRET_KEY"] != receivables["PUNKTLIG_RECEIVABLES_SECRET_KEY"]


def test_secrets_are_made_once_and_are_for_their_owner_alone(machine: OwnMachine) -> None:
    before = machine.secrets_file.read_text()
    again = made(OwnMachine(machine.folder, dict(PORTS), {}))  # type: ignore[arg-type]
    assert again.secrets_file.read_text() == before
    again.keep({**again.secrets, "api_key": "a.b"})
    assert stat.S_IMODE(machine.secrets_file.stat().st_mode) == 0o600
    assert again.environment("receivables")["PUNKTLIG_RECEIVABLES_AGENCY_API_KEY"] == "a.b"


def test_what_somebody_has_decided_goes_before_what_the_folder_says(
    machine: OwnMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUNKTLIG_AGENCY_EMAIL_GATEWAY", "smtp")
    monkeypatch.setenv("PUNKTLIG_AGENCY_SMTP_HOST", "smtp.example.se")
    monkeypatch.setenv("PUNKTLIG_AGENCY_FROM_EMAIL", "brev@example.se")
    monkeypatch.setenv("PUNKTLIG_RECEIVABLES_AGENCY_API_KEY", "of.another")
    machine.urls = {"receivables": "https://fakturor.example.se", "agency": "https://ombud.example.se"}
    machine.refuse_demo_defaults()
    agency, receivables = machine.environment("agency"), machine.environment("receivables")
    assert agency["PUNKTLIG_AGENCY_EMAIL_GATEWAY"] == "smtp"
    assert "PUNKTLIG_AGENCY_MAIL_FOLDER" not in agency
    assert agency["PUNKTLIG_PROXIES"] == "1"
    assert receivables["PUNKTLIG_RECEIVABLES_AGENCY_URL"] == "https://ombud.example.se"
    # The folder's own key is the only one that the agency in the folder knows.
    assert receivables["PUNKTLIG_RECEIVABLES_AGENCY_API_KEY"] == ""


def test_a_moved_clock_and_an_address_that_is_open_are_refused(
    machine: OwnMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.urls = {"agency": "http://192.168.1.10:8001"}
    with pytest.raises(AddressIsNotSafe):
        machine.refuse_demo_defaults()
    machine.urls = {}
    monkeypatch.setenv("PUNKTLIG_CLOCK_FILE", "/somewhere")
    with pytest.raises(SettingIsTheDemos):
        refuse_demo_defaults("agency", machine.environment("agency"))


def test_neither_the_demos_folder_nor_a_database_of_ones_own_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "filled").touch()
    with pytest.raises(FolderIsTheDemos):
        made(OwnMachine(tmp_path, dict(PORTS), {}))  # type: ignore[arg-type]
    monkeypatch.setenv("PUNKTLIG_AGENCY_DATABASE_URL", "postgresql://db.example/agency")
    with pytest.raises(DatabaseIsNamed):
        made(OwnMachine(tmp_path / "new", dict(PORTS), {}))  # type: ignore[arg-type]
    assert not (tmp_path / "new").exists()


def test_a_command_beside_the_sites_finds_their_database_wherever_its_socket_lies(
    machine: OwnMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SitesDoNotRun):
        environment_in(machine.folder, "agency")

    (machine.folder / "filled").touch()
    with pytest.raises(FolderIsTheDemos):
        environment_in(machine.folder, "agency")
    (machine.folder / "filled").unlink()

    def runs(self: Postgres) -> None:
        raise AlreadyRunning(self.data, 1, Path("/run/punktlig/elsewhere"))

    monkeypatch.setattr(Postgres, "refuse_a_second_server", runs)
    assert environment_in(machine.folder, "agency")["PUNKTLIG_SOCKETS"] == "/run/punktlig/elsewhere"


def test_there_is_nothing_to_back_up_in_an_empty_folder_and_only_a_backup_is_restored(tmp_path: Path) -> None:
    ran = run("backup", "--data", tmp_path / "none", tmp_path / "b.tar")
    assert (ran.status, "nothing_to_back_up" in ran.err) == (2, True)

    with tarfile.open(tmp_path / "other.tar", "w") as other:
        other.add(EXAMPLES / "agency.toml", "agency.toml")
    ran = run("restore", "--data", tmp_path / "new", tmp_path / "other.tar")
    assert (ran.status, "backup_is_not_ours" in ran.err) == (2, True)
    (tmp_path / "text.tar").write_text("no archive")
    assert "backup_is_not_ours" in run("restore", "--data", tmp_path / "new", tmp_path / "text.tar").err
    cut_off = backup_of_nonsense(tmp_path / "cut.tar")
    cut_off.write_bytes(cut_off.read_bytes()[:12_000])
    assert "backup_is_not_ours" in run("restore", "--data", tmp_path / "new", cut_off).err
    assert not (tmp_path / "new").exists()


def test_half_a_restore_is_never_run_as_if_nothing_were_missing(tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert run("restore", "--data", new, backup_of_nonsense(tmp_path / "bad.tar")).status == 1
    assert [path.name for path in new.iterdir()] == ["database"]
    with pytest.raises(SecretsAreGone):
        made(OwnMachine(new, dict(PORTS), {}))  # type: ignore[arg-type]
    assert [path.name for path in new.iterdir()] == ["database"]


def test_a_backup_is_its_owners_alone_whatever_lay_beside_it(
    machine: OwnMachine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "us.toml"
    elsewhere.write_text("# Who we are.")
    monkeypatch.setenv("PUNKTLIG_AGENCY_FILE", str(elsewhere))
    trap = tmp_path / "kept.tar.new"
    trap.touch()
    trap.chmod(0o666)
    with machine.postgres:
        prepare(machine.postgres.sockets)
        write_backup(machine, tmp_path / "kept.tar")
    assert stat.S_IMODE((tmp_path / "kept.tar").stat().st_mode) == 0o600
    assert trap.read_bytes() == b""
    with tarfile.open(tmp_path / "kept.tar") as kept:
        assert set(kept.getnames()) == {"receivables.dump", "agency.dump", "secrets.json", "agency.toml"}
        assert cast("IO[bytes]", kept.extractfile("agency.toml")).read() == b"# Who we are."


def backup_of_nonsense(file: Path) -> Path:
    with tarfile.open(file, "w") as archive:
        for name in ("receivables.dump", "agency.dump", "secrets.json"):
            told = tarfile.TarInfo(name)
            told.size = 7_000
            archive.addfile(told, BytesIO(b"garbage" * 1_000))
    return file
