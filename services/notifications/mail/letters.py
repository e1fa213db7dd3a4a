"""A letter becomes a mail (RFC 5322)."""

from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.errors import MessageError
from email.headerregistry import Address
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime, parseaddr

from services.notifications.mail.failures import PermanentFailure
from services.notifications.mail.headers import mailbox, unstructured

POLICY = compat32.clone(linesep="\r\n")
QUOTED_PRINTABLE = Charset("utf-8")
QUOTED_PRINTABLE.body_encoding = QP


@dataclass(frozen=True)
class Letter:
    """A text and its recipient. `id` is the message's and makes the Message-ID."""

    id: str
    name: str
    address: str
    language: str
    subject: str
    text: str


def compose(letter: Letter, sender: str, now: datetime) -> Message:
    """Make the mail. The same letter always has the same Message-ID. Raises PermanentFailure for an invalid address.

    Headers use the older classes of `email`: the newer ones parse their input, at ten times the cost.
    """
    mail = Message(policy=POLICY)
    mail["From"] = mailbox("From", *parseaddr(sender))
    mail["To"] = mailbox("To", letter.name, _checked(letter.address))
    mail["Subject"] = unstructured("Subject", letter.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{letter.id}@{domain_of(sender)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = letter.language
    mail["MIME-Version"] = "1.0"
    mail.set_payload(letter.text, QUOTED_PRINTABLE)
    return mail


def _checked(address: str) -> str:
    if not address.isascii():
        raise PermanentFailure("the address has letters outside ASCII")
    try:
        return Address(addr_spec=address).addr_spec
    except (ValueError, IndexError, MessageError) as error:
        raise PermanentFailure("the address is malformed") from error


def domain_of(sender: str) -> str:
    """Give the domain of `a@b.example` or `Name <a@b.example>`."""
    return parseaddr(sender)[1].rpartition("@")[2]
