"""Notifications, wired."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter

from services.notifications import projections, statistics_api
from services.notifications.broadcasts import ledger as broadcasts
from services.notifications.broadcasts.worker import Broadcaster
from services.notifications.mail.aggregate import DELIVERY
from services.notifications.mail.mail_queue import being_sent
from services.notifications.mail.worker import Mailer
from services.notifications.messages import api
from services.notifications.messages import ledger as messages
from services.notifications.reactions import reactions
from services.notifications.texts import TEXTS
from shared.chassis.mongo import Document
from shared.chassis.runtime.service import Service

router = APIRouter()
router.include_router(api.router)
router.include_router(statistics_api.router)


def pending_work(now: datetime) -> Mapping[str, Document]:
    """What its workers do while the service is read-only: mails being sent, broadcasts. Queued mails wait."""
    return {messages.MESSAGES: being_sent(now), broadcasts.BROADCASTS: {"done": False}}


SERVICE = Service(
    "notifications",
    router,
    texts=TEXTS,
    aggregates=(DELIVERY,),
    projections=projections.PROJECTIONS,
    reactions=reactions,
    workers=lambda runtime: [Mailer(runtime), Broadcaster(runtime)],
    indexes={**messages.INDEXES, **broadcasts.INDEXES, **projections.INDEXES},
    due=pending_work,
)
