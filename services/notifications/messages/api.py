"""Messages over HTTP: a member's inbox."""

from dataclasses import replace
from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Request

from services.notifications.messages import ledger
from services.notifications.messages.ledger import MESSAGES, Message, parse_message
from services.notifications.messages.rendering import Rendered, render
from services.notifications.messages.schemas import MessageAnswer
from services.notifications.queries import require_known_member
from services.notifications.texts import TEXTS
from shared.chassis.errors import NotFound
from shared.chassis.http.auth import CurrentPrincipal, Principal, require
from shared.chassis.http.commands import Store
from shared.chassis.http.pagination import Cursor, Limit, Page, page
from shared.chassis.http.problems import language_of
from shared.chassis.texts import text
from shared.contracts.base import Id, Language

log = structlog.get_logger()
router = APIRouter(tags=["messages"])
MessageId = Annotated[Id, Path(description="The message's id.")]
MemberId = Annotated[Id, Path(description="The member's id.")]


def require_recipient(principal: Principal, member: str) -> None:
    """Raise Forbidden unless the principal acts for this member."""
    require(principal.acts_for(member), text("only-the-recipient"))


async def own_message(store: Store, principal: Principal, id: str) -> Message:
    """Read a message for whoever acts for its recipient. Raises NotFound, for everybody else as if there were none."""
    message = await ledger.read_message(store, id)
    if not principal.acts_for(message.recipient):
        raise NotFound("message-unknown")
    return message


def message_answer(message: Message, language: Language) -> MessageAnswer:
    """Show a message as its recipient reads it."""
    try:
        rendered = render(message.template, message.facts, language)
    except Exception as error:
        # A message that cannot be rendered must not hide the others of its page.
        log.error("message_unreadable", message=message.id, template=message.template, error=type(error).__name__)
        rendered = Rendered(*(TEXTS.write(text(key), language) for key in ("unreadable-subject", "unreadable-text")))
    return MessageAnswer(
        id=message.id,
        recipient=message.recipient,
        template=message.template,
        subject=rendered.subject,
        text=rendered.text,
        created=message.created,
        read=message.read,
        mail=message.mail.status,
    )


@router.get("/members/{id}/messages")
async def read_inbox(
    id: MemberId, principal: CurrentPrincipal, request: Request, store: Store, limit: Limit = 50, cursor: Cursor = None
) -> Page[MessageAnswer]:
    """List a member's messages, the newest first, in the language of Accept-Language."""
    require_recipient(principal, id)
    # Its own list is empty until the member itself has been received.
    if not principal.is_member(id):
        await require_known_member(store, id)
    language = language_of(request)
    return await page(
        store[MESSAGES],
        {"recipient": id},
        limit,
        cursor,
        lambda document: message_answer(parse_message(document), language),
        newest_first=True,
        key="order",
    )


@router.get("/messages/{id}")
async def read_message(id: MessageId, principal: CurrentPrincipal, request: Request, store: Store) -> MessageAnswer:
    """Read one message."""
    message = await own_message(store, principal, id)
    return message_answer(message, language_of(request))


@router.post("/messages/{id}/read")
async def mark_read(id: MessageId, principal: CurrentPrincipal, request: Request, store: Store) -> MessageAnswer:
    """Record that the message was read; a repetition changes nothing."""
    message = await own_message(store, principal, id)
    await ledger.mark_read(store, id)
    return message_answer(replace(message, read=True), language_of(request))
