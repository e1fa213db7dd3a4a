"""Notifications, wired."""

from services.notifications import ledger
from services.notifications.api import router
from services.notifications.broadcasts import Broadcaster
from services.notifications.mailer import Mailer
from services.notifications.projections import AGENDAS, BROKERAGE, CONTACTS, MEETINGS, MEMBERS
from services.notifications.reactions import reactions
from services.notifications.store import DELIVERY, INDEXES
from shared.chassis.service import Service

SERVICE = Service(
    "notifications",
    router,
    aggregates=(DELIVERY,),
    projections=(MEMBERS, CONTACTS, BROKERAGE, MEETINGS, AGENDAS),
    reactions=reactions,
    workers=lambda runtime: [Mailer(runtime), Broadcaster(runtime)],
    indexes=INDEXES,
    due=ledger.to_do,
)
