"""A timetable: an event, and one version of its agenda with all appointments, ready to be shown in the event's own time zone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from services.events.agenda.state import Placement, Unplaced
from services.events.brokerage.rooms import TableRoom, tables_of
from services.events.brokerage.state import BrokerageEvent
from shared.chassis.plain_text import clean


@dataclass(frozen=True)
class Slot:
    """A time for one meeting, in the event's own zone."""

    number: int
    session: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class EventDetails:
    """An event as far as its agenda is concerned; every text in it is clean.

    `names` holds members by id, `labels` what their representatives are called.
    """

    title: Mapping[str, str]
    venue: str
    zone: ZoneInfo
    slots: Mapping[int, Slot]
    tables: Mapping[int, TableRoom]
    names: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)

    def name(self, member: str) -> str:
        """Name a member, by its id where its name is not known."""
        return self.names.get(member) or member

    def partners(self, sides: Sequence[str], member: str | None = None, people: Sequence[str] = ()) -> str:
        """Name those who meet, without `member`, and by whom each is represented."""
        pairs = zip(sides, people or sides, strict=True)
        return ", ".join(self.side(side, person) for side, person in pairs if side != member)

    def side(self, member: str, person: str) -> str:
        """Name a member, and who of it comes where it has several representatives."""
        return self.name(member) if person == member else f"{self.name(member)} ({self.representative(member, person)})"

    def labels_of(self, people: Sequence[str]) -> list[str | None]:
        """Return the labels of those who come, in their order; None for one that has none."""
        return [self.labels.get(person) for person in people]

    def representative(self, member: str, person: str) -> str:
        """Name a representative, by its id where it has no label; empty for a member that has none."""
        return self.labels.get(person) or person.removeprefix(member).removeprefix(":")

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms, in the order of their first table."""
        return tuple(dict.fromkeys(table.room for table in self.tables.values()))


@dataclass(frozen=True)
class ScheduledMeeting:
    """A meeting that has its place. `people` are who comes for each side, where one has several representatives."""

    meeting_id: str
    sides: tuple[str, ...]
    slot: Slot
    table: TableRoom
    people: tuple[str, ...] = ()

    def person(self, member: str) -> str:
        """Return who comes for a member: a representative, or itself."""
        return dict(zip(self.sides, self.people, strict=False)).get(member, member)


@dataclass(frozen=True)
class UnscheduledMeeting:
    """A meeting that has no place, and why, by language."""

    meeting_id: str
    sides: tuple[str, ...]
    reason: Mapping[str, str]


@dataclass(frozen=True)
class Timetable:
    """One version of an agenda; meetings in the order of time and table."""

    event: EventDetails
    version: int
    meetings: tuple[ScheduledMeeting, ...]
    unscheduled: tuple[UnscheduledMeeting, ...]

    @cached_property
    def of_member(self) -> Mapping[str, tuple[tuple[ScheduledMeeting, ...], tuple[UnscheduledMeeting, ...]]]:
        """The meetings of each participant, with a place and without."""
        own: dict[str, tuple[list[ScheduledMeeting], list[UnscheduledMeeting]]] = defaultdict(lambda: ([], []))
        for scheduled in self.meetings:
            for side in scheduled.sides:
                own[side][0].append(scheduled)
        for unscheduled in self.unscheduled:
            for side in unscheduled.sides:
                own[side][1].append(unscheduled)
        return {member: (tuple(placed), tuple(unplaced)) for member, (placed, unplaced) in own.items()}


def details_of(brokerage_event: BrokerageEvent, names: Mapping[str, str], labels: Mapping[str, str] | None = None) -> EventDetails:
    """Make the details of an event. A table without a label of its own stands in the venue, a virtual one is online."""
    zone = ZoneInfo(brokerage_event.timezone)
    slots = (
        Slot(slot.number, slot.session, slot.starts.astimezone(zone), slot.ends.astimezone(zone)) for slot in brokerage_event.slots
    )
    return EventDetails(
        title={"it": clean(brokerage_event.title.it), "en": clean(brokerage_event.title.en)},
        venue=clean(brokerage_event.venue),
        zone=zone,
        slots={slot.number: slot for slot in slots},
        tables=tables_of(brokerage_event),
        names={member: clean(name) for member, name in names.items()},
        labels={person: clean(label) for person, label in (labels or {}).items()},
    )


def timetable_of(event: EventDetails, placements: Iterable[Placement], unplaced: Iterable[Unplaced], version: int) -> Timetable:
    """Make the timetable of a version of an agenda."""
    meetings = (
        ScheduledMeeting(
            placement.meeting_id,
            placement.sides,
            event.slots[placement.slot],
            event.tables[placement.table],
            placement.people,
        )
        for placement in placements
    )
    return Timetable(
        event,
        version,
        tuple(sorted(meetings, key=lambda meeting: (meeting.slot.number, meeting.table.number))),
        tuple(
            UnscheduledMeeting(
                meeting.meeting_id,
                meeting.sides,
                {language: clean(text) for language, text in meeting.reason.model_dump().items()},
            )
            for meeting in unplaced
        ),
    )
