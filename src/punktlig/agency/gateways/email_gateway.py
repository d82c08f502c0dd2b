"""Letters by e-mail, through an SMTP server or caught for the demo.

The steps of SMTP are taken one by one, since they say what is certain. Before the message itself is sent nothing has
left. After it, a lost connection leaves us not knowing: the same message is sent again with the same Message-ID, and
the recipient may have it twice. That window is the only one, and it is as narrow as SMTP lets it be.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from punktlig.agency.gateways.email_message import email_message
from punktlig.agency.records.handing_over import NO_EMAIL, Answer, Caught, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from email.message import EmailMessage
    from uuid import UUID

    from punktlig.agency.records.handing_over import DrawnLetter

log = logging.getLogger(__name__)

ADDRESS_UNUSABLE = "email_address_unusable"
ADDRESS_REFUSED = "email_address_refused"
MESSAGE_REFUSED = "email_message_refused"
# A fault of ours with one letter, which then goes on paper.
MESSAGE_NOT_MADE = "email_message_not_made"
SERVER_UNREACHABLE = "email_server_unreachable"
TRY_LATER = "email_try_later"
CONNECTION_LOST = "email_connection_lost"

_OK = 250
_WILL_FORWARD = 251
_PERMANENT = 500
_TIMEOUT = 30


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is given away; without a user nobody logs in."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose name and address stand in From, and get what bounces."""

    name: str
    address: str


class CaughtEmail:
    """Catches every e-mail instead of sending it; the message is kept with the delivery."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def hand_over(self, letters: Iterable[DrawnLetter], *, batch_id: UUID, at: datetime) -> list[Answer]:  # noqa: ARG002
        """Return every message as accepted, with its bytes."""
        return [_catch(letter, self._sender, at) for letter in letters]


class NoEmail:
    """Sends nothing: letters that were queued while the agency still sent e-mail go on paper."""

    def hand_over(self, letters: Iterable[DrawnLetter], *, batch_id: UUID, at: datetime) -> list[Answer]:  # noqa: ARG002
        """Return every letter as refused this way."""
        return [_answer(letter, Verdict.REFUSED, NO_EMAIL) for letter in letters]


class SmtpEmail:
    """Sends each letter as a message of its own over one connection."""

    def __init__(self, server: SmtpServer, sender: Sender) -> None:
        self._server = server
        self._sender = sender

    def hand_over(self, letters: Iterable[DrawnLetter], *, batch_id: UUID, at: datetime) -> Iterator[Answer]:  # noqa: ARG002
        """Yield what the server said of each as soon as it has; those after a lost connection are not asked for."""
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as problem:
            yield from (_not_yet(letter, SERVER_UNREACHABLE, problem) for letter in letters)
            return
        try:
            for letter in letters:
                answer = self._send(connection, letter, at)
                yield answer
                if answer.code == CONNECTION_LOST:
                    return
        finally:
            _leave(connection)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT)
        try:
            if server.starttls:
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
            connection.ehlo_or_helo_if_needed()
        except BaseException:
            connection.close()
            raise
        return connection

    def _send(self, connection: smtplib.SMTP, letter: DrawnLetter, at: datetime) -> Answer:
        made = _made(letter, self._sender, at)
        if isinstance(made, Answer):
            return made
        message, data = made
        try:
            early = self._envelope(connection, letter)
        except (OSError, smtplib.SMTPException) as problem:
            return _not_yet(letter, CONNECTION_LOST, problem)
        if early is not None:
            return early
        said: bytes | str
        try:
            code, said = connection.data(data)
        except smtplib.SMTPDataError as problem:
            # The server would not even begin to take the message.
            code, said = problem.smtp_code, problem.smtp_error
        except (OSError, smtplib.SMTPException) as problem:
            return _answer(letter, Verdict.UNKNOWN, CONNECTION_LOST, answer=str(problem))
        if code == _OK:
            return _answer(
                letter, Verdict.ACCEPTED, message_id=str(message["Message-ID"]), answer=f"{code} {_text(said)}"
            )
        verdict, name = (Verdict.REFUSED, MESSAGE_REFUSED) if code >= _PERMANENT else (Verdict.NOT_YET, TRY_LATER)
        return _answer(letter, verdict, name, answer=f"{code} {_text(said)}")

    def _envelope(self, connection: smtplib.SMTP, letter: DrawnLetter) -> Answer | None:
        """Tell the server from whom and to whom; return the answer when it will not have it."""
        code, said = connection.mail(self._sender.address)
        if code != _OK:
            # It refuses us, not the debtor: somebody has to mend the settings, and the letter waits.
            connection.rset()
            return _answer(letter, Verdict.NOT_YET, TRY_LATER, answer=f"{code} {_text(said)}")
        code, said = connection.rcpt(letter.due.recipient)
        if code in (_OK, _WILL_FORWARD):
            return None
        connection.rset()
        if code >= _PERMANENT:
            return _answer(letter, Verdict.REFUSED, ADDRESS_REFUSED, answer=f"{code} {_text(said)}")
        return _answer(letter, Verdict.NOT_YET, TRY_LATER, answer=f"{code} {_text(said)}")


def _made(letter: DrawnLetter, sender: Sender, at: datetime) -> tuple[EmailMessage, bytes] | Answer:
    """Return the message and its bytes, or the refusal when it cannot be made.

    Whatever goes wrong concerns this letter alone. Others of its batch may have left before it: raised, it would leave
    them without an answer, and they would be sent again and again.
    """
    try:
        message = email_message(letter, sender_name=sender.name, sender=sender.address, at=at)
        return message, message.as_bytes()
    except ValueError as problem:
        return _answer(letter, Verdict.REFUSED, ADDRESS_UNUSABLE, answer=str(problem))
    except Exception:
        log.exception("no e-mail could be made of letter %s", letter.due.letter_id)
        return _answer(letter, Verdict.REFUSED, MESSAGE_NOT_MADE)


def _catch(letter: DrawnLetter, sender: Sender, at: datetime) -> Answer:
    made = _made(letter, sender, at)
    if isinstance(made, Answer):
        return made
    message, data = made
    return Answer(
        delivery_id=letter.due.delivery_id,
        verdict=Verdict.ACCEPTED,
        evidence={"message_id": str(message["Message-ID"]), "caught": "yes"},
        pdf_sha256=letter.sha256,
        pages=letter.pages,
        caught=Caught(subject=str(message["Subject"]), message=data),
    )


def _answer(letter: DrawnLetter, verdict: Verdict, code: str = "", **evidence: str) -> Answer:
    return Answer(
        delivery_id=letter.due.delivery_id,
        verdict=verdict,
        code=code,
        evidence={"recipient": letter.due.recipient, **evidence},
        pdf_sha256=letter.sha256,
        pages=letter.pages,
    )


def _not_yet(letter: DrawnLetter, code: str, problem: Exception) -> Answer:
    return _answer(letter, Verdict.NOT_YET, code, answer=str(problem))


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _leave(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()
