"""Domain events of other services become messages: one for each event and recipient."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from services.notifications import queries
from services.notifications.broadcasts.ledger import BROADCASTS, is_historical, missed_messages, new_broadcast
from services.notifications.broadcasts.worker import Broadcaster
from services.notifications.mail.worker import Mailer
from services.notifications.messages.ledger import MESSAGES, About, Message, Origin, new_message
from services.notifications.notices.context import Context, Notice, SlotUnknown, details
from services.notifications.notices.rules.agenda_diff import participants
from services.notifications.notices.rules.catalogue import BROADCASTS as BROADCAST_TEMPLATES
from services.notifications.notices.rules.catalogue import RULES, NotificationRule, broadcast_template, brokerage_event_of
from shared.chassis.documents import to_entry
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Mongo
from shared.chassis.reactions.reaction import Enter, Reaction, Step
from shared.chassis.runtime.runtime import Runtime
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved

E = TypeVar("E", bound=DomainEvent)
TOPICS = (topics.MEMBERS, topics.INTRODUCTIONS, topics.BROKERAGE, topics.REGISTRATIONS, topics.MEETINGS, topics.AGENDAS)


def reactions(runtime: Runtime) -> Sequence[Reaction]:
    """Declare the reaction that enters messages and broadcasts into their ledgers."""
    mongo, historical_after = runtime.mongo, runtime.settings.historical_after

    async def enter_broadcast(received: Received, template: str) -> Sequence[Step]:
        now = runtime.clock()
        if is_historical(received.envelope, now, historical_after):
            return []
        brokerage_event = await queries.announced_event(mongo, received.id)
        broadcast = new_broadcast(template, brokerage_event.districts, details(brokerage_event), received.envelope, now)
        return [Enter(BROADCASTS, [to_entry(broadcast)], lambda: runtime.wake(Broadcaster))]

    async def enter_messages(received: Received, event: DomainEvent) -> Sequence[Step]:
        now = runtime.clock()
        origin = Origin(received.envelope.id, received.envelope.correlation, received.envelope.time, about_of(received, event))
        messages = [new_message(notice, origin, now, historical_after) for notice in await notices_of(mongo, received, event)]
        if isinstance(event, MemberApproved):
            messages += await missed_broadcasts(mongo, received, now, historical_after)
        return [Enter(MESSAGES, [to_entry(message) for message in messages], lambda: runtime.wake(Mailer))] if messages else []

    async def report(received: Received, event: DomainEvent) -> Sequence[Step]:
        if type(event) in BROADCAST_TEMPLATES:
            template = broadcast_template(event)
            return [] if template is None else await enter_broadcast(received, template)
        return await enter_messages(received, event)

    return [Reaction("notifications.messages", TOPICS, (*RULES, *BROADCAST_TEMPLATES), report)]


def about_of(received: Received, event: DomainEvent) -> About:
    """Say what the messages of an event are about."""
    is_of_meeting = type(event) in topics.MEETINGS.events
    return About(
        brokerage_event=brokerage_event_of(received.id, event),
        meeting=received.id if is_of_meeting else None,
        members=event.members if isinstance(event, IntroductionMade) else (),
        sender=getattr(event, "by", None) if is_of_meeting else None,
        sequence=received.sequence,
    )


async def notices_of(mongo: Mongo, received: Received, event: DomainEvent) -> Sequence[Notice]:
    """Make the notices of an event. Names and times are looked up now, so that a message never changes. Raises NotYet."""
    rule = RULES[type(event)]
    context = await context_of(mongo, received, event, rule)
    try:
        return rule.notices(received.id, received.sequence, event, context)
    except SlotUnknown as unknown:
        brokerage_event_id = brokerage_event_of(received.id, event) or received.id
        raise await queries.next_correction(mongo, brokerage_event_id, context.event) from unknown


async def context_of(mongo: Mongo, received: Received, event: E, rule: NotificationRule[E]) -> Context:
    """Look up what a rule needs. Raises NotYet."""
    version = rule.agenda(received.sequence, event)
    agenda = await queries.agenda_version(mongo, received.id, version) if version else None
    slot = await queries.requested_slot(mongo, received.id, received.sequence) if rule.slot_requested else None
    meetings = await queries.meetings_by_id(mongo, rule.meetings(received.id, event))
    in_meetings = {member for meeting in meetings.values() for member in meeting.members}
    members = {*rule.members(received.id, event), *in_meetings, *(participants(agenda) if agenda else ())}
    names = await queries.names_of(mongo, members)
    brokerage_event_id = brokerage_event_of(received.id, event)
    brokerage_event = await queries.announced_event(mongo, brokerage_event_id) if brokerage_event_id else None
    return Context(
        names,
        brokerage_event,
        agenda,
        meetings={id: meeting.members for id, meeting in meetings.items()},
        slot=slot,
        unwilling={id: meeting.unwilling for id, meeting in meetings.items()},
        labels=await queries.labels_of(mongo, brokerage_event_id, members) if brokerage_event_id else {},
    )


async def missed_broadcasts(mongo: Mongo, received: Received, now: datetime, historical_after: float) -> list[Message]:
    """Make the messages of broadcasts that a member's approval arrived too late for. Raises NotYet."""
    # The approval is folded before broadcasts are looked for: one that is entered in between has the member on a page.
    member = await queries.approved_member(mongo, received.id, received.sequence)
    return await missed_messages(mongo, received.id, member, received.envelope.time, now, historical_after)
