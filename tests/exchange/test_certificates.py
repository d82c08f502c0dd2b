"""What every client trusts: read once, and as strict as what a client reads by itself."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from punktlig.exchange.certificates import trusted_certificates

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_certificates_are_read_once_and_bind_a_server_to_its_name() -> None:
    trusted = trusted_certificates()
    assert trusted_certificates() is trusted
    assert trusted.verify_mode is ssl.CERT_REQUIRED
    assert trusted.check_hostname
    assert trusted.cert_store_stats()["x509_ca"] > 0


def test_no_variable_of_the_environment_adds_an_authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    trusted_certificates.cache_clear()
    assert trusted_certificates().cert_store_stats()["x509_ca"] > 0
