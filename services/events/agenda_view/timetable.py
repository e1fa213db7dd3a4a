"""What the pages are made of: an event, and one version of its agenda."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from services.events.agenda.state import Placement, Unplaced
from services.events.brokerage.rooms import TableRoom, tables_of
from services.events.brokerage.state import BrokerageEvent
from services.events.plain_text import clean
from shared.chassis.texts import LANGUAGES
from shared.contracts.base import LocalizedText


@dataclass(frozen=True)
class Slot:
    """A time for one meeting, in the event's own zone."""

    number: int
    session: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Occasion:
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

    def others(self, members: Sequence[str], member: str | None = None, people: Sequence[str] = ()) -> str:
        """Name those who meet, without `member`, and by whom each is represented."""
        pairs = zip(members, people or members, strict=True)
        return ", ".join(self.seated(side, person) for side, person in pairs if side != member)

    def seated(self, member: str, person: str) -> str:
        """Name a member, and who of it comes where it has several."""
        return self.name(member) if person == member else f"{self.name(member)} ({self.label(member, person)})"

    def called(self, people: Sequence[str]) -> list[str | None]:
        """Give the labels of those who come, in their order; None for one that has none."""
        return [self.labels.get(person) for person in people]

    def label(self, member: str, person: str) -> str:
        """Say what a representative is called, by its id where it has no label; nothing for a member that has none."""
        return self.labels.get(person) or person.removeprefix(member).removeprefix(":")

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms, in the order of their first table."""
        return tuple(dict.fromkeys(table.room for table in self.tables.values()))


@dataclass(frozen=True)
class Sitting:
    """A meeting that has its place. `people` are who comes for each member, where one has several representatives."""

    meeting_id: str
    members: tuple[str, ...]
    slot: Slot
    table: TableRoom
    people: tuple[str, ...] = ()

    def person(self, member: str) -> str:
        """Say who comes for a member: a representative, or itself."""
        return dict(zip(self.members, self.people, strict=False)).get(member, member)


@dataclass(frozen=True)
class Missing:
    """A meeting that has none, and why, by language."""

    meeting_id: str
    members: tuple[str, ...]
    reason: Mapping[str, str]


@dataclass(frozen=True)
class Day:
    """One version of an agenda, sittings in the order of time and table."""

    occasion: Occasion
    version: int
    sittings: tuple[Sitting, ...]
    missing: tuple[Missing, ...]

    @cached_property
    def of_member(self) -> Mapping[str, tuple[tuple[Sitting, ...], tuple[Missing, ...]]]:
        """What each participant has, with a place and without."""
        meetings: dict[str, tuple[list[Sitting], list[Missing]]] = defaultdict(lambda: ([], []))
        for sitting in self.sittings:
            for member in sitting.members:
                meetings[member][0].append(sitting)
        for missing in self.missing:
            for member in missing.members:
                meetings[member][1].append(missing)
        return {member: (tuple(placed), tuple(not_placed)) for member, (placed, not_placed) in meetings.items()}


def occasion_of(event: BrokerageEvent, names: Mapping[str, str], labels: Mapping[str, str] | None = None) -> Occasion:
    """Read the state of a brokerage event. A table without a label of its own stands in the venue, a virtual one is online."""
    zone = ZoneInfo(event.timezone)
    slots = (Slot(slot.number, slot.session, slot.starts.astimezone(zone), slot.ends.astimezone(zone)) for slot in event.slots)
    return Occasion(
        title={"it": clean(event.title.it), "en": clean(event.title.en)},
        venue=clean(event.venue),
        zone=zone,
        slots={slot.number: slot for slot in slots},
        tables=tables_of(event),
        names={member: clean(name) for member, name in names.items()},
        labels={person: clean(label) for person, label in (labels or {}).items()},
    )


def day_of(occasion: Occasion, placements: Iterable[Placement], unplaced: Iterable[Unplaced], version: int) -> Day:
    """Join a version of an agenda with its event."""
    sittings = (
        Sitting(meeting.meeting_id, meeting.sides, occasion.slots[meeting.slot], occasion.tables[meeting.table], meeting.people)
        for meeting in placements
    )
    missing = (Missing(meeting.meeting_id, meeting.sides, _clean(meeting.reason)) for meeting in unplaced)
    ordered = sorted(sittings, key=lambda sitting: (sitting.slot.number, sitting.table.number))
    return Day(occasion, version, tuple(ordered), tuple(missing))


def _clean(reason: LocalizedText) -> Mapping[str, str]:
    return {language: clean(reason.in_(language)) for language in LANGUAGES}
