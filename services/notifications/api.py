"""Notifications over HTTP: a member's inbox, and what operators watch."""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Path, Request

from services.notifications import message_queue
from services.notifications.rendering import Rendered, render
from services.notifications.store import message
from shared.chassis.http.auth import Principal, Who, require
from shared.chassis.http.commands import Store, encode
from shared.chassis.http.pagination import Cursor, Limit, Page, page
from shared.chassis.http.problems import language_of
from shared.chassis.mongo import Document
from shared.contracts.base import Id

log = structlog.get_logger()
router = APIRouter()
UNREADABLE = {
    "it": Rendered("Messaggio non leggibile", "Questo messaggio non può essere mostrato: avvisare un operatore.\n"),
    "en": Rendered("Unreadable message", "This message cannot be shown: tell an operator.\n"),
}
MessageId = Annotated[Id, Path(description="The message's id.")]


def may_read(who: Principal, member: str) -> None:
    """Raise Forbidden unless `who` acts for this member."""
    require(who.acts_for(member), it="Può farlo solo il destinatario.", en="Only the recipient may do this.")


def shown(document: Document, language: str) -> dict[str, Any]:
    """Show a message as its recipient reads it."""
    try:
        rendered = render(document["template"], document["facts"], language)
    except Exception as error:
        # One that cannot be shown must not hide the others of its page.
        log.error("message_unreadable", message=document["_id"], template=document["template"], error=type(error).__name__)
        rendered = UNREADABLE[language]
    return {
        "id": document["_id"],
        "recipient": document["recipient"],
        "template": document["template"],
        "subject": rendered.subject,
        "text": rendered.text,
        "created": encode(document["created"]),
        "read": document["read"],
        "mail": document["mail"]["status"],
    }


@router.get("/members/{id}/messages", tags=["messages"])
async def inbox(
    id: Annotated[Id, Path(description="The member's id.")],
    who: Who,
    request: Request,
    store: Store,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Any]:
    """List a member's messages, the newest first, in the language of Accept-Language."""
    may_read(who, id)
    language = language_of(request)
    return await page(
        store[message_queue.MESSAGES],
        {"recipient": id},
        limit,
        cursor,
        lambda found: shown(found, language),
        newest_first=True,
        key="order",
    )


@router.get("/messages/{id}", tags=["messages"])
async def read_message(id: MessageId, who: Who, request: Request, store: Store) -> dict[str, Any]:
    """Read one message."""
    found = await message(store, id)
    may_read(who, found["recipient"])
    return shown(found, language_of(request))


@router.post("/messages/{id}/read", tags=["messages"])
async def mark_read(id: MessageId, who: Who, request: Request, store: Store) -> dict[str, Any]:
    """Note that the message was read; again changes nothing."""
    found = await message(store, id)
    may_read(who, found["recipient"])
    await message_queue.mark_read(store, id)
    return shown({**found, "read": True}, language_of(request))


@router.get("/statistics", tags=["operations"])
async def statistics(who: Who, store: Store) -> dict[str, int]:
    """Count messages, and mails by what became of them. Every mail that can go out is out when `queued` is 0."""
    require("operator" in who.roles, it="Può farlo un operatore.", en="An operator may do this.")
    return await message_queue.count(store)
