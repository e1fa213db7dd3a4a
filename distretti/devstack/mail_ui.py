"""HTTP pages of the SMTP sink: received mails as JSON and as HTML."""

from dataclasses import asdict
from email.message import EmailMessage
from pathlib import Path

from fastapi import FastAPI, HTTPException
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from distretti.devstack.mailbox import Mailbox
from distretti.devstack.ports import HOST

_PAGE = 200
_PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True)


def create_app(mailbox: Mailbox) -> FastAPI:
    """The pages of one mailbox. Links are relative, so that they work behind any prefix."""
    app = FastAPI(title="Distretti: received mail", openapi_url=None)
    # A page of somebody else could name itself by a host that leads here (DNS rebinding) and read the mails.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])

    @app.get("/messages")
    async def messages() -> dict[str, object]:
        """Every mail, the oldest first, and counts; `repeated` counts mails with the Message-ID of an earlier one."""
        distinct = mailbox.distinct_message_ids
        return {
            "count": len(mailbox),
            "distinct_message_ids": distinct,
            "repeated": len(mailbox) - distinct,
            "messages": [asdict(mail) for mail in mailbox.mails],
        }

    @app.get("/", response_class=HTMLResponse)
    async def newest(before: int | None = None) -> str:
        """A page of mails, the newest first."""
        older = [mail for mail in mailbox.mails if before is None or mail.number < before]
        page = older[-_PAGE:][::-1]
        following = page[-1].number if len(older) > len(page) else None
        return _PAGES.get_template("mails.html").render(count=len(mailbox), mails=page, following=following)

    @app.get("/messages/{number}", response_class=HTMLResponse)
    async def message(number: int) -> str:
        """One mail; its HTML part, if it has one, in a frame that runs no script and loads nothing."""
        try:
            mail = mailbox.read(number)
        except FileNotFoundError:
            raise HTTPException(404, f"No mail has the number {number}.") from None
        return _PAGES.get_template("mail.html").render(
            number=number,
            headers=[(name, str(value)) for name, value in mail.items()],
            text=_part(mail, "plain"),
            html=_part(mail, "html"),
        )

    return app


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""
