"""What strangers send takes a line of the log, whatever it is."""

from __future__ import annotations

import io
import logging

import pytest
from django.test import Client

from punktlig.tenancy.log_lines import ClientsFaultsInALine


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the site writes to standard error."""
    written = io.StringIO()
    (ours,) = [
        one for one in logging.getLogger().handlers if any(isinstance(f, ClientsFaultsInALine) for f in one.filters)
    ]
    monkeypatch.setattr(ours, "stream", written)
    return written


@pytest.mark.parametrize("host", ["evil.example", "a b", "localhost:1:2"])
@pytest.mark.parametrize("path", ["/accounts/login/", "/api/v1/events", "/hooks/agency"])
def test_a_request_for_another_host_is_a_400_and_a_line(log: io.StringIO, host: str, path: str) -> None:
    answer = Client(raise_request_exception=False).get(path, HTTP_HOST=host)
    assert answer.status_code == 400
    lines = log.getvalue().splitlines()
    assert len(lines) == 1
    assert "WARNING django.security.DisallowedHost Invalid HTTP_HOST header" in lines[0]


def test_a_fault_of_ours_keeps_its_traceback(log: io.StringIO) -> None:
    logging.getLogger("django.request").error("Internal Server Error", exc_info=ValueError("ours"))
    assert log.getvalue().splitlines()[1:] == ["ValueError: ours"]
