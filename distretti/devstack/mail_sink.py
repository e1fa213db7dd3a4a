"""An SMTP server that stores every mail and delivers none: `python -m distretti.devstack.mail_sink`."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session

from distretti.devstack.mail_ui import create_app
from distretti.devstack.mailbox import Mailbox
from distretti.devstack.ports import HOST


class _Sink:
    """Handler of aiosmtpd."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answer 250 only after the mail is in its file."""
        content = envelope.content or b""
        whole = content if isinstance(content, bytes) else content.encode()
        sender = envelope.mail_from or ""
        mail = self._mailbox.store(whole, sender, envelope.rcpt_tos, datetime.now(UTC))
        return f"250 stored as {mail.number}"


async def serve(directory: Path, smtp_port: int, http_port: int) -> None:
    """Receive by SMTP and show over HTTP until SIGTERM or SIGINT."""
    mailbox = Mailbox(directory)
    sink = _Sink(mailbox)
    loop = asyncio.get_running_loop()
    receiver = await loop.create_server(lambda: SMTP(sink, enable_SMTPUTF8=True, hostname="local-sink"), host=HOST, port=smtp_port)
    async with receiver:
        pages = uvicorn.Config(create_app(mailbox), host=HOST, port=http_port, log_level="warning", access_log=False)
        await uvicorn.Server(pages).serve()


def main() -> None:
    """Parse the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--directory", type=Path, required=True, help="where mails are stored")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.directory, arguments.smtp_port, arguments.http_port))


if __name__ == "__main__":
    main()
