"""SMTP: a letter becomes an RFC 5322 mail and is sent to the mail server."""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.errors import MessageError
from email.headerregistry import Address
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime, parseaddr

import aiosmtplib

from services.notifications.mail.headers import mailbox, unstructured
from shared.chassis.config import Settings

POLICY = compat32.clone(linesep="\r\n")
QUOTED_PRINTABLE = Charset("utf-8")
QUOTED_PRINTABLE.body_encoding = QP
ENHANCED_CODE = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")


class DeliveryFailure(Exception):
    """A mail that was not accepted. The reason has no personal data: it is published and logged."""


class PermanentFailure(DeliveryFailure):
    """The server will never accept this mail (5xx)."""


class TransientFailure(DeliveryFailure):
    """The server may accept this mail later (4xx)."""


class ServerUnavailable(DeliveryFailure):
    """The server cannot be reached or accepts nothing from us, whatever the mail."""


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


class MailServer:
    """A pool of connections to one server, opened when needed and reused until `close`."""

    def __init__(self, settings: Settings, connections: int = 4) -> None:
        self._settings = settings
        self._free: asyncio.LifoQueue[aiosmtplib.SMTP] = asyncio.LifoQueue()
        for _ in range(connections):
            self._free.put_nowait(self._new())

    async def send(self, mail: Message) -> None:
        """Send a mail within `smtp_timeout`. Raises PermanentFailure, TransientFailure or ServerUnavailable."""
        client = await self._free.get()
        try:
            async with asyncio.timeout(self._settings.smtp_timeout):
                if not client.is_connected:
                    await client.connect()
                await client.send_message(mail)
        except BaseException as error:
            failure = _failure(error)
            if not isinstance(failure, PermanentFailure | TransientFailure):
                client.close()
                client = self._new()
            if failure is None:
                raise
            # Without the server's own words: they often repeat the address.
            raise failure from None
        finally:
            self._free.put_nowait(client)

    async def close(self) -> None:
        """Close the connections that are not in use."""
        clients = [self._free.get_nowait() for _ in range(self._free.qsize())]
        for client in clients:
            if client.is_connected:
                try:
                    await client.quit(timeout=2)
                except (aiosmtplib.SMTPException, OSError):
                    client.close()
            self._free.put_nowait(client)

    def _new(self) -> aiosmtplib.SMTP:
        settings = self._settings
        return aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            timeout=settings.smtp_timeout,
            local_hostname=domain_of(settings.mail_from),
        )


def _failure(error: BaseException) -> DeliveryFailure | None:
    """The failure that an error means for the mail; None for an error of our own."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError) and error.code != 421:
        kind = TransientFailure if error.code < 500 else PermanentFailure
        enhanced = ENHANCED_CODE.match(error.message)
        return kind(f"the mail server answered {error.code}{' ' + enhanced[0] if enhanced else ''}")
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return PermanentFailure("the mail server takes no address like this")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return ServerUnavailable(f"the mail server answered {error.code}")
    if isinstance(error, aiosmtplib.SMTPException | OSError):
        return ServerUnavailable(f"the mail server cannot be reached: {type(error).__name__}")
    return None
