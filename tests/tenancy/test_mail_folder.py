"""E-mail that is laid in a folder can be read there, and its link followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMessage

from punktlig.tenancy.mail_folder import EmailBackend

if TYPE_CHECKING:
    from pathlib import Path

LINK = f"http://localhost:8000/accounts/password/reset/key/{'a1b2c3' * 20}/"


def test_a_message_is_one_file_with_its_words_and_its_link_whole(tmp_path: Path) -> None:
    backend: Any = EmailBackend(alias="default", file_path=str(tmp_path / "mail"))
    message = EmailMessage(
        "Välj ett nytt lösenord", f"Hej!\n\n{LINK}\n", "punktlig@localhost", ["maja@x.example", "jonas@x.example"]
    )
    assert backend.send_messages([message]) == 1
    (file,) = (tmp_path / "mail").iterdir()
    text = file.read_text()
    assert text.startswith(
        "From: punktlig@localhost\nTo: maja@x.example, jonas@x.example\nSubject: Välj ett nytt lösenord\n\nHej!\n\n"
    )
    assert f"\n{LINK}\n" in text
