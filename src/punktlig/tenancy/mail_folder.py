"""E-mail laid in a folder instead of being sent, as text that a person can read and follow a link in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.mail.backends import filebased

if TYPE_CHECKING:
    from django.core.mail import EmailMessage


class EmailBackend(filebased.EmailBackend):
    """Django's own, which writes what would travel: long links broken in two and letters as numbers."""

    stream: Any

    def write_message(self, message: EmailMessage) -> None:
        """Write who it is from and to, its subject and its text."""
        head = {"From": message.from_email, "To": ", ".join(message.to), "Subject": message.subject}
        lines = [f"{name}: {value}" for name, value in head.items()]
        self.stream.write("\n".join([*lines, "", str(message.body), "", "-" * 79, ""]).encode())
