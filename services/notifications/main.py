"""Notifications, wired."""

from services.notifications import message_queue
from services.notifications.api import router
from services.notifications.broadcasts import Broadcaster
from services.notifications.mail_worker import Mailer
from services.notifications.projections import AGENDAS, BROKERAGE, CONTACTS, MEETINGS, MEMBERS
from services.notifications.reactions import reactions
from services.notifications.store import DELIVERY, INDEXES
from services.notifications.texts import TEXTS
from shared.chassis.runtime.service import Service

SERVICE = Service(
    "notifications",
    router,
    texts=TEXTS,
    aggregates=(DELIVERY,),
    projections=(MEMBERS, CONTACTS, BROKERAGE, MEETINGS, AGENDAS),
    reactions=reactions,
    workers=lambda runtime: [Mailer(runtime), Broadcaster(runtime)],
    indexes=INDEXES,
    due=message_queue.to_do,
)
