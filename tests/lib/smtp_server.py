"""A real SMTP server in the test's own loop, which keeps what it takes and answers as it is told."""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Post:
    """What has arrived. `answers` are given to an address's RCPT first, one each, before it is accepted."""

    def __init__(self) -> None:
        self.port = 0
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, list[str]] = defaultdict(list)
        self.connections = 0
        self.logins = 0
        self.silent = asyncio.Event()
        self.unanswered = 0

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to an address, in the order of arrival."""
        return [mail for mail in self.mails if mail["To"].addresses[0].addr_spec == address]

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:
        if self.answers[address]:
            return self.answers[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.silent.is_set():
            self.unanswered += 1
            await asyncio.Event().wait()
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=SMTP_POLICY)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 taken"


@asynccontextmanager
async def post_office(
    starttls: ssl.SSLContext | None = None, implicit_tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None
) -> AsyncIterator[Post]:
    """Run the server until the block ends. Where it has STARTTLS or asks for a login it takes no mail without."""
    post = Post()

    def authenticated(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
        post.logins += 1
        assert isinstance(data, LoginPassword)
        return AuthResult(success=login == (data.login.decode(), data.password.decode()), handled=False)

    def accept() -> SMTP:
        post.connections += 1
        return SMTP(
            post,
            enable_SMTPUTF8=True,
            hostname="post.example",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=authenticated,
            auth_required=login is not None,
            auth_require_tls=implicit_tls is None and starttls is not None,
        )

    server = await asyncio.get_running_loop().create_server(accept, "127.0.0.1", 0, ssl=implicit_tls)
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        server.close()
