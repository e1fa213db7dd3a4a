"""What rules make notices of: the names, times and members that an event refers to. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from services.notifications.notices.facts import AboutEvent, EventDetails, MessageFacts, Place, RoomDetails
from services.notifications.read_models import Agenda, BrokerageEvent, PlacedMeeting, Slot, UnplacedMeeting
from shared.contracts.events import Occasion, Placement, Unplaced


@dataclass(frozen=True)
class Notice:
    """One message to one member: a template and the facts it names."""

    template: str
    recipient: str
    facts: MessageFacts


@dataclass(frozen=True)
class Context:
    """What a rule may refer to: names by member, the brokerage event, a version of its agenda, members by meeting.

    `slot` is the one that a meeting that is now agreed on was requested for. `unwilling` are, by meeting, those who were not told
    that it was requested. `labels` are those of representatives, by person; some have none.
    """

    names: Mapping[str, str]
    brokerage_event: BrokerageEvent | None = None
    agenda: Agenda | None = None
    meetings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    slot: int | None = None
    unwilling: Mapping[str, Collection[str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def event(self) -> BrokerageEvent:
        """The brokerage event, for rules that are about one."""
        assert self.brokerage_event is not None, "the rule is about no brokerage event"
        return self.brokerage_event


class SlotUnknown(Exception):
    """An event names a slot that the brokerage event does not have yet: slots may be added."""


def details(brokerage_event: BrokerageEvent | Occasion) -> EventDetails:
    """Describe a brokerage event."""
    return EventDetails(
        title=brokerage_event.title,
        venue=brokerage_event.venue,
        timezone=brokerage_event.timezone,
        starts=min(slot.starts for slot in brokerage_event.slots),
        ends=max(slot.ends for slot in brokerage_event.slots),
    )


def about_event(member: str, context: Context) -> AboutEvent:
    """Describe the brokerage event to a member."""
    return AboutEvent(context.names[member], details(context.event))


def slot_of(context: Context, number: int) -> Slot:
    """Look a slot up. Raises SlotUnknown."""
    for slot in context.event.slots:
        if slot.number == number:
            return slot
    raise SlotUnknown(number)


def place_of(context: Context, number: int, table: int | None = None) -> Place:
    """Describe when and where a meeting is. Raises SlotUnknown."""
    slot = slot_of(context, number)
    rooms = {room.number: RoomDetails(room.label, room.virtual) for room in context.event.rooms}
    return Place(slot.starts, slot.ends, table, None if table is None else rooms.get(table))


def partners(members: Sequence[str], member: str, context: Context, people: Sequence[str] = ()) -> str:
    """Name all members of a meeting but one, with the labels of the representatives they send."""
    sent = zip(members, people or members, strict=True)
    return ", ".join(_with_representative(partner, person, context) for partner, person in sent if partner != member)


def _with_representative(member: str, person: str, context: Context) -> str:
    name, label = context.names[member], representative(person, context)
    return f"{name} ({label})" if label else name


def representative(person: str, context: Context) -> str:
    """Name a representative, `member:representative`, by its label; empty for one without, as an id says nothing to others."""
    return context.labels.get(person, "")


def people_of(members: Iterable[str], people: Sequence[str]) -> tuple[str, ...]:
    """Give for each member its representative among `people`, else the member itself."""
    return tuple(next((person for person in people if person.startswith(f"{member}:")), member) for member in members)


def members_of(meeting: Placement | Unplaced | PlacedMeeting | UnplacedMeeting) -> tuple[str, ...]:
    """Give all members of a meeting, of two or of a group."""
    return (*meeting.members, *meeting.others)
