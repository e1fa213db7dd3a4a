"""What happened elsewhere becomes messages: one for each event and recipient."""

from collections.abc import Sequence

from services.notifications import message_queue, store
from services.notifications.broadcasts import Broadcaster, broadcast, is_history, missed
from services.notifications.mail_worker import Mailer
from services.notifications.notices.agenda_diff import in_agenda
from services.notifications.notices.catalogue import BROADCASTS, TELLINGS, broadcast_of, brokerage_event_of
from services.notifications.notices.context import Known, SlotUnknown, occasion
from shared.chassis.inbox.message import Received
from shared.chassis.reactions.reaction import Enter, Reaction, Step
from shared.chassis.runtime.runtime import Runtime
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.registry import MemberApproved

HEARD = (topics.MEMBERS, topics.INTRODUCTIONS, topics.BROKERAGE, topics.REGISTRATIONS, topics.MEETINGS, topics.AGENDAS)


def reactions(runtime: Runtime) -> Sequence[Reaction]:
    """Enter messages into the ledger. Names and times are resolved here, so that a message never changes."""
    mongo = runtime.mongo

    async def tell_some(received: Received, event: DomainEvent, event_id: str | None) -> Sequence[Step]:
        telling = TELLINGS[type(event)]
        version = telling.agenda(received.sequence, event)
        agenda = await store.agenda(mongo, received.id, version) if version else None
        meetings = await store.sides_of(mongo, telling.meetings(received.id, event))
        sides = {side for members in meetings.values() for side in members}
        members = {*telling.members(received.id, event), *sides, *(in_agenda(agenda) if agenda else ())}
        slot = await store.agreed_slot(mongo, received.id, received.sequence) if telling.agreed else None
        names = await store.names_of(mongo, members)
        known = Known(names, await store.brokerage(mongo, event_id) if event_id else {}, agenda, meetings, slot)
        try:
            notices = telling.notices(received.id, received.sequence, event, known)
        except SlotUnknown as unknown:
            raise await store.corrected(mongo, event_id or received.id, known.brokerage) from unknown
        origin = message_queue.Origin(received.envelope.id, received.envelope.correlation, received.envelope.time)
        now, limit = runtime.clock(), runtime.settings.historical_after
        messages = [message_queue.entry(notice, origin, now, limit) for notice in notices]
        if isinstance(event, MemberApproved):
            # Known first, looked for after: a broadcast that is entered in between finds the member on a page.
            member = await store.approved(mongo, received.id, received.sequence)
            messages += await missed(mongo, member, received.envelope.time, now, limit)
        return [Enter(message_queue.MESSAGES, messages, lambda: runtime.wake(Mailer))] if messages else []

    async def tell_all(received: Received, event: DomainEvent) -> Sequence[Step]:
        template = broadcast_of(event)
        if template is None or is_history(received.envelope, runtime.clock(), runtime.settings.historical_after):
            return []
        known = Known({}, await store.brokerage(mongo, received.id))
        entry = broadcast(template, known.brokerage["districts"], occasion(known), received.envelope, runtime.clock())
        return [Enter(message_queue.BROADCASTS, [entry], lambda: runtime.wake(Broadcaster))]

    async def tell(received: Received, event: DomainEvent) -> Sequence[Step]:
        if type(event) in BROADCASTS:
            return await tell_all(received, event)
        return await tell_some(received, event, brokerage_event_of(received.id, event))

    return [Reaction("notifications.messages", HEARD, (*TELLINGS, *BROADCASTS), tell)]
