"""What a mail server says, and what that means for a letter: it left, it did not, it never will, or nobody knows."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from punktlig.agency.gateways import email_gateway
from punktlig.agency.gateways.email_gateway import CaughtEmail, Sender, SmtpEmail, SmtpServer
from punktlig.agency.gateways.email_message import email_message
from punktlig.agency.records.handing_over import Answer, DrawnLetter, DueLetter, Verdict
from tests.agency.gateways.mail_server import HANG_UP, mail_server
from tests.core.letter.cases import CASES

if TYPE_CHECKING:
    from email.message import EmailMessage

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
SENDER = Sender("Ekviken Ombud AB", "hej@ekviken.example")
PDF = b"%PDF-1.7 not drawn here"


def letter(recipient: str = "anna@example.com", case: str = "consumer-fee-two-rates") -> DrawnLetter:
    due = DueLetter(
        delivery_id=uuid4(),
        letter_id=uuid4(),
        claim_number="12345678",
        content=CASES[case].content().to_json(),
        recipient=recipient,
    )
    return DrawnLetter(due=due, pdf=PDF, pages=1, sha256=hashlib.sha256(PDF).hexdigest())


def send(port: int, *letters: DrawnLetter) -> list[Answer]:
    gateway = SmtpEmail(SmtpServer("localhost", port), SENDER)
    return list(gateway.hand_over(letters, batch_id=UUID(int=0), at=AT))


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_letter_that_the_server_takes_is_accepted_with_its_words_and_the_message_id() -> None:
    drawn = letter()
    with mail_server(end="250 queued as 77") as server:
        (answer,) = send(server.port, drawn)
    assert (answer.verdict, answer.code) == (Verdict.ACCEPTED, "")
    assert answer.evidence == {
        "recipient": "anna@example.com",
        "message_id": f"<{drawn.due.delivery_id}@ekviken.example>",
        "answer": "250 queued as 77",
    }
    message = message_from_bytes(server.messages[0], policy=policy.default)
    assert message["Message-ID"] == answer.evidence["message_id"]
    (attachment,) = message.iter_attachments()
    assert attachment.get_content() == PDF
    assert attachment.get_filename() == "paminnelse-12345678.pdf"


def test_many_letters_go_over_one_connection() -> None:
    with mail_server() as server:
        answers = send(server.port, *(letter() for _ in range(5)))
    assert [answer.verdict for answer in answers] == [Verdict.ACCEPTED] * 5
    assert (server.connections, len(server.messages)) == (1, 5)


@pytest.mark.parametrize(
    ("said", "verdict", "code"),
    [
        ({"rcpt": "550 no such user"}, Verdict.REFUSED, "email_address_refused"),
        ({"rcpt": "451 greylisted"}, Verdict.NOT_YET, "email_try_later"),
        ({"mail": "530 log in first"}, Verdict.NOT_YET, "email_try_later"),
        ({"data": "451 too busy"}, Verdict.NOT_YET, "email_try_later"),
        ({"data": "554 no"}, Verdict.REFUSED, "email_message_refused"),
        ({"end": "552 too large"}, Verdict.REFUSED, "email_message_refused"),
        ({"end": "452 disk full"}, Verdict.NOT_YET, "email_try_later"),
        ({"mail": HANG_UP}, Verdict.NOT_YET, "email_connection_lost"),
        ({"rcpt": HANG_UP}, Verdict.NOT_YET, "email_connection_lost"),
        ({"end": HANG_UP}, Verdict.UNKNOWN, "email_connection_lost"),
    ],
)
def test_each_answer_means_what_smtp_says_it_means(said: dict[str, str], verdict: Verdict, code: str) -> None:
    with mail_server(**said) as server:
        (answer,) = send(server.port, letter())
    assert (answer.verdict, answer.code) == (verdict, code)
    assert not answer.for_good


def test_one_refused_address_does_not_stop_the_next_letter() -> None:
    with mail_server(**{"rcpt_at_gone@example.com": "550 gone"}) as server:
        server.said = {"RCPT gone@example.com": "550 gone"}
        answers = send(server.port, letter("gone@example.com"), letter())
    assert [answer.verdict for answer in answers] == [Verdict.REFUSED, Verdict.ACCEPTED]
    assert len(server.messages) == 1


@pytest.mark.parametrize("recipient", ["'.@[\t", "broken@example.com"])
def test_a_message_that_cannot_be_made_does_not_leave_the_others_without_their_answer(
    recipient: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made(letter: DrawnLetter, **rest: Any) -> EmailMessage:
        if letter.due.recipient.startswith("broken"):
            raise RuntimeError("a fault of ours")
        return email_message(letter, **rest)

    monkeypatch.setattr(email_gateway, "email_message", made)
    with mail_server() as server:
        answers = send(server.port, letter(), letter(recipient), letter())
    assert [answer.verdict for answer in answers] == [Verdict.ACCEPTED, Verdict.REFUSED, Verdict.ACCEPTED]
    assert not answers[1].for_good, "it goes on paper"
    assert len(server.messages) == 2


@pytest.mark.parametrize(("said", "verdict"), [("end", Verdict.UNKNOWN), ("mail", Verdict.NOT_YET)])
def test_after_a_lost_connection_the_other_letters_are_not_even_asked_for(said: str, verdict: Verdict) -> None:
    letters = iter([letter(), letter(), letter()])
    with mail_server(**{said: HANG_UP}) as server:
        gateway = SmtpEmail(SmtpServer("localhost", server.port), SENDER)
        answers = list(gateway.hand_over(letters, batch_id=UUID(int=0), at=AT))
    assert [answer.verdict for answer in answers] == [verdict]
    assert len(list(letters)) == 2


def test_when_no_server_answers_nothing_has_left() -> None:
    with mail_server() as server:
        port = server.port
    (answer,) = send(port, letter())
    assert (answer.verdict, answer.code) == (Verdict.NOT_YET, "email_server_unreachable")


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "anna",
        "anna@",
        "anna@example.com\r\nBcc: all@example.com",
        "anna@example.com, b@example.com",
        "å@example.com",
        # On these the library itself stumbles.
        "'.@[\t",
        "\t'@[_a:'",
    ],
)
def test_what_is_no_plain_address_is_refused_without_asking_the_server(recipient: str) -> None:
    with mail_server() as server:
        (answer,) = send(server.port, letter(recipient))
    assert (answer.verdict, answer.code) == (Verdict.REFUSED, "email_address_unusable")
    assert server.messages == []


def test_the_same_letter_again_is_the_same_message() -> None:
    drawn = letter()
    first, second = (email_message(drawn, sender_name=SENDER.name, sender=SENDER.address, at=AT) for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"]
    assert _text(first) == _text(second)


@pytest.mark.parametrize("case", CASES)
def test_neither_subject_nor_file_name_tells_whose_debt_it_is(case: str) -> None:
    drawn = letter(case=case)
    message = email_message(drawn, sender_name=SENDER.name, sender=SENDER.address, at=AT)
    content = CASES[case].content()
    for line in content.recipient:
        assert line not in str(message["Subject"])
    assert content.payment.amount.value in _text(message)
    assert message["Content-Language"] == content.language
    assert message["Auto-Submitted"] == "auto-generated"


def test_caught_mail_is_the_message_that_would_have_gone() -> None:
    drawn = letter()
    (answer,) = CaughtEmail(SENDER).hand_over([drawn], batch_id=UUID(int=0), at=AT)
    assert answer.caught is not None
    message = message_from_bytes(answer.caught.message, policy=policy.default)
    assert (message["To"], message["Subject"]) == ("anna@example.com", answer.caught.subject)
    (refused,) = CaughtEmail(SENDER).hand_over([letter("no address")], batch_id=UUID(int=0), at=AT)
    assert (refused.verdict, refused.caught) == (Verdict.REFUSED, None)
