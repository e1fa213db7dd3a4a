"""Mails received by the local SMTP sink: a file per mail, and an index in memory."""

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
    """The index entry of a mail; `number` counts from 1 in the order of arrival."""

    number: int
    message_id: str
    to: str
    subject: str
    received: datetime


class Mailbox:
    """Mails in `directory` as `000001.eml`, ...; opening it reads the mails of earlier processes."""

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
        """Number of distinct mails; each mail without a Message-ID counts as distinct."""
        ids = {mail.message_id for mail in self._mails if mail.message_id}
        return len(ids) + sum(not mail.message_id for mail in self._mails)

    def store(self, content: bytes, sender: str, recipients: Sequence[str], now: datetime) -> Received:
        """Write a mail to its file, with the trace headers of a mail server (RFC 5321, 4.4); return its index entry."""
        number = self._mails[-1].number + 1 if self._mails else 1
        trace = (
            f"Return-Path: <{sender}>\r\nDelivered-To: {', '.join(recipients)}\r\n"
            f"Received: by local-sink;\r\n {format_datetime(now)}\r\n"
        )
        partial = self._directory / f"{uuid.uuid4().hex}.part"
        partial.write_bytes(trace.encode() + content)
        file = partial.replace(self._directory / f"{number:06d}.eml")
        mail = _entry(file)
        self._mails.append(mail)
        return mail

    def read(self, number: int) -> EmailMessage:
        """The whole mail. Raises FileNotFoundError for an unknown number."""
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
