"""The mails the local SMTP sink has received: one file each, and an index in memory."""

import email.policy
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

_POLICY = email.policy.SMTP


@dataclass(frozen=True)
class Received:
    """What the index knows of one mail; `number` counts from 1 in the order of arrival."""

    number: int
    message_id: str
    to: str
    subject: str
    received: datetime


class Mailbox:
    """Mails in `directory` as `000001.eml`, ...; opening it reads back what an earlier process kept."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self._mails = list(_read_all(directory))

    def __len__(self) -> int:
        return len(self._mails)

    @property
    def mails(self) -> Sequence[Received]:
        """All mails, the oldest first."""
        return self._mails

    @property
    def distinct_message_ids(self) -> int:
        """How many different mails there are; one without a Message-ID is different from every other."""
        named = {mail.message_id for mail in self._mails if mail.message_id}
        return len(named) + sum(not mail.message_id for mail in self._mails)

    def keep(self, content: bytes, sender: str, recipients: Sequence[str], now: datetime) -> Received:
        """Writes a mail down, with the trace headers of a mail server (RFC 5321, 4.4), and returns its entry."""
        number = self._mails[-1].number + 1 if self._mails else 1
        trace = (
            f"Return-Path: <{sender}>\r\nDelivered-To: {', '.join(recipients)}\r\n"
            f"Received: by local-sink;\r\n {format_datetime(now)}\r\n"
        )
        draft = self._directory / f"{uuid.uuid4().hex}.part"
        draft.write_bytes(trace.encode() + content)
        file = draft.replace(self._directory / f"{number:06d}.eml")
        mail = _entry(file)
        self._mails.append(mail)
        return mail

    def read(self, number: int) -> EmailMessage:
        """The whole mail. Raises FileNotFoundError for a number that was never given."""
        content = (self._directory / f"{number:06d}.eml").read_bytes()
        return message_from_bytes(content, policy=_POLICY)


def _read_all(directory: Path) -> Iterator[Received]:
    for file in sorted(directory.glob("*.eml"), key=lambda file: int(file.stem)):
        yield _entry(file)


def _entry(file: Path) -> Received:
    with file.open("rb") as content:
        headers = BytesHeaderParser(policy=_POLICY).parse(content)
    arrival = str(headers["Received"]).rpartition(";")[2].strip()
    return Received(
        number=int(file.stem),
        message_id=str(headers["Message-ID"] or "").strip(),
        to=str(headers["To"] or headers["Delivered-To"]),
        subject=str(headers["Subject"] or ""),
        received=parsedate_to_datetime(arrival).astimezone(UTC),
    )
