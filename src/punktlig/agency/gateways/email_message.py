"""A letter as an e-mail: what it asks for as text, and the letter itself attached.

Nothing in subject or file name tells a stranger whose debt it is. The Message-ID is the delivery's, so the same letter
sent twice is one message to a mail program that has both.
"""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from punktlig.core.letter.content import LetterContent
from punktlig.core.letter.stored_form import read_stored

if TYPE_CHECKING:
    from datetime import datetime

    from punktlig.agency.records.handing_over import DrawnLetter

_SUBJECT = {"sv": "Påminnelse om betalning, ärende {number}", "en": "Payment reminder, case {number}"}
_ATTACHED = {
    "sv": "Hela brevet med beräkningen finns bifogat.",
    "en": "The whole letter with the calculation is attached.",
}
_FILE = {"sv": "paminnelse-{number}.pdf", "en": "reminder-{number}.pdf"}


def email_message(letter: DrawnLetter, *, sender_name: str, sender: str, at: datetime) -> EmailMessage:
    """Return the message. Raises ValueError when the recipient's address cannot stand in a message."""
    due = letter.due
    content = read_stored(LetterContent, due.content)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _SUBJECT[content.language].format(number=due.claim_number)
    message["From"] = Address(display_name=sender_name, addr_spec=sender)
    message["To"] = _address(due.recipient)
    message["Date"] = at
    message["Message-ID"] = f"<{due.delivery_id}@{sender.rpartition('@')[2]}>"
    # RFC 3834: no answering machine is to answer a letter.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(content))
    message.add_attachment(
        letter.pdf,
        maintype="application",
        subtype="pdf",
        filename=_FILE[content.language].format(number=due.claim_number),
    )
    # Last: what is set before an attachment belongs to the text alone.
    message["Content-Language"] = content.language
    return message


def _address(written: str) -> Address:
    if not written.isascii():
        # Needs SMTPUTF8 of every server on the way; on paper the letter surely arrives.
        raise ValueError(f"the address {written!r} has letters that not every mail server takes")
    try:
        return Address(addr_spec=written)
    except (MessageError, AttributeError, LookupError, UnboundLocalError) as problem:
        # The library's own faults with what is no address at all, such as `@[` and a tab.
        raise ValueError(f"{written!r} is no e-mail address") from problem


def _text(content: LetterContent) -> str:
    payment = content.payment
    paragraphs = [
        "\n".join(content.heading),
        *("".join(run.text for run in runs) for runs in content.lead),
        "\n".join(f"{field.label}: {field.value}" for field in (payment.amount, payment.last_day, *payment.fields)),
        content.otherwise,
        _ATTACHED[content.language],
        "\n".join(f"{field.label}: {field.value}" if field.label else field.value for field in content.contact),
        content.author,
    ]
    return "\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph.strip()) + "\n"
