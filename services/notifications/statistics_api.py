"""Statistics over HTTP, for operators."""

from fastapi import APIRouter

from services.notifications.broadcasts.ledger import count_open
from services.notifications.mail.mail_queue import MailCounts, count_mails
from services.notifications.messages.schemas import Statistics
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Store
from shared.chassis.http.permissions import require_operator
from shared.chassis.mongo import Mongo

router = APIRouter(tags=["operations"])


async def count(mongo: Mongo) -> MailCounts:
    """Count messages, and mails by status."""
    return await count_mails(mongo, await count_open(mongo))


@router.get("/statistics", response_model=Statistics)
async def read_statistics(principal: CurrentPrincipal, store: Store) -> MailCounts:
    """Count messages, and mails by status. Every mail that can be sent is sent when `queued` is 0."""
    require_operator(principal)
    return await count(store)
