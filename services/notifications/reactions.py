"""What happened elsewhere becomes messages: one for each event and recipient."""

from collections.abc import Sequence

from services.notifications import ledger, store
from services.notifications.changes import in_agenda
from services.notifications.mailer import wake_mailer
from services.notifications.notices import TELLINGS, Known, brokerage_event_of
from shared.chassis.reaction import Enter, Reaction, Step
from shared.chassis.received import Received
from shared.chassis.service import Runtime
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished

HEARD = (topics.MEMBERS, topics.INTRODUCTIONS, topics.REGISTRATIONS, topics.MEETINGS, topics.AGENDAS)


def reactions(runtime: Runtime) -> Sequence[Reaction]:
    """Enter messages into the ledger. Names and times are resolved here, so that a message never changes."""
    mongo = runtime.mongo

    async def tell(received: Received, event: DomainEvent) -> Sequence[Step]:
        telling = TELLINGS[type(event)]
        before = await store.agenda_before(mongo, received.id, received.sequence) if isinstance(event, AgendaPublished) else None
        members = {*telling.members(received.id, event), *(in_agenda(before) if before else ())}
        names = await store.names_of(mongo, members)
        event_id = brokerage_event_of(event)
        known = Known(names, await store.brokerage(mongo, event_id) if event_id else {}, before)
        notices = telling.notices(received.id, received.sequence, event, known)
        now, limit = runtime.clock(), runtime.settings.historical_after
        messages = [ledger.entry(notice, received.envelope, now, limit) for notice in notices]
        return [Enter(ledger.MESSAGES, messages, lambda: wake_mailer(runtime))] if messages else []

    return [Reaction("notifications.messages", HEARD, tuple(TELLINGS), tell)]
