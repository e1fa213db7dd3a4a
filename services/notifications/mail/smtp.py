"""SMTP: mails are sent to the mail server, encrypted and logged in as the settings say."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message

import aiosmtplib

from services.notifications.mail.failures import (
    DeliveryFailure,
    PermanentFailure,
    SenderRefused,
    ServerUnavailable,
    TransientFailure,
)
from services.notifications.mail.letters import domain_of
from services.notifications.mail.replies import Verdict, codes, verdict, verdict_on_sender
from shared.chassis.config import Settings

FAILURES: dict[Verdict, type[DeliveryFailure]] = {
    "final": PermanentFailure,
    "later": TransientFailure,
    "sender": SenderRefused,
    "session": ServerUnavailable,
}


class MailServer:
    """A pool of connections to one server, opened when needed and reused until `close`."""

    def __init__(self, settings: Settings, connections: int = 4) -> None:
        self._settings = settings
        self._tls = tls_context(settings)
        self._free: asyncio.LifoQueue[aiosmtplib.SMTP] = asyncio.LifoQueue()
        for _ in range(connections):
            self._free.put_nowait(self._new())

    async def send(self, mail: Message) -> None:
        """Send a mail within `smtp_timeout`. Raises DeliveryFailure."""
        client = await self._free.get()
        try:
            async with asyncio.timeout(self._settings.smtp_timeout):
                if not client.is_connected:
                    await self._connect(client)
                await client.send_message(mail)
        except BaseException as error:
            failure = _failure(error)
            if not isinstance(failure, PermanentFailure | TransientFailure):
                client.close()
                client = self._new()
            if failure is None:
                raise
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
            use_tls=settings.smtp_tls == "implicit",
            start_tls=False,
            tls_context=self._tls,
        )

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        settings = self._settings
        with _unavailable("cannot be reached"):
            await client.connect()
            await client.ehlo()
        if settings.smtp_tls == "starttls" or (settings.smtp_tls == "opportunistic" and client.supports_extension("starttls")):
            with _unavailable("does not encrypt as is asked"):
                await client.starttls()
        if settings.smtp_user:
            with _unavailable("refuses the login"):
                await client.login(settings.smtp_user, settings.smtp_password)


def tls_context(settings: Settings) -> ssl.SSLContext:
    """How a connection is encrypted: to a server that proves its name, but where any is taken (RFC 7435)."""
    context = ssl.create_default_context(cafile=settings.smtp_ca_file or None)
    if settings.smtp_tls == "opportunistic":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def _unavailable(failure: str) -> Iterator[None]:
    """Raise ServerUnavailable, named `failure`, for whatever goes wrong."""
    try:
        yield
    except (aiosmtplib.SMTPException, OSError) as error:
        raise ServerUnavailable(f"the mail server {failure}: {_words(error)}") from None


def _words(error: Exception) -> str:
    """Say what failed, without the words of the mail server."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return codes(error.code, error.message)
    cause = error.__cause__ or error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"certificate not accepted, {cause.verify_message}"
    if isinstance(cause, ssl.SSLError):
        return cause.reason or type(cause).__name__
    return type(cause).__name__ if isinstance(cause, OSError) else str(error)


def _failure(error: BaseException) -> DeliveryFailure | None:
    """The failure that an error means for the mail; None for an error of our own."""
    if isinstance(error, DeliveryFailure):
        return error
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return PermanentFailure("the mail server takes no address like this")
    if isinstance(error, aiosmtplib.SMTPResponseException):
        judge = verdict if isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError) else verdict_on_sender
        return FAILURES[judge(error.code, error.message)](f"the mail server answered {codes(error.code, error.message)}")
    if isinstance(error, aiosmtplib.SMTPException | OSError):
        return ServerUnavailable(f"the mail server cannot be reached: {type(error).__name__}")
    return None
