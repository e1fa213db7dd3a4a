"""What a notice is made of: who is told, by which template, with which facts. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from shared.contracts.events import Placement, Unplaced

Facts: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Notice:
    """One message to one member: a template and the facts it names, in no language yet."""

    template: str
    recipient: str
    facts: Facts


@dataclass(frozen=True)
class Known:
    """The facts a notice may name: organisations by id, the brokerage event it is about, a version of its agenda, who is in
    the meetings it is about, and for which slot the one that is agreed on was asked for."""

    names: Mapping[str, str]
    brokerage: Mapping[str, Any]
    agenda: Mapping[str, Any] | None = None
    meetings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    slot: int | None = None


def no_agenda(_version: int, _event: Any) -> int | None:
    """Need no version of an agenda."""
    return None


def no_meetings(_id: str, _event: Any) -> Iterable[str]:
    """Be about no meeting."""
    return ()


@dataclass(frozen=True)
class Telling:
    """What is told of one type of event: the members that are named, and the notices made of it.

    Both get the aggregate's id and the event, the notices its version too. `meetings` are those it is about, in which all are
    named. `agenda` says from version and event which version of the agenda must be known, of the event the aggregate is named for.
    With `agreed` it agrees on a meeting, and the slot that was asked for must be known.
    """

    members: Callable[[str, Any], Iterable[str]]
    notices: Callable[[str, int, Any, Known], Sequence[Notice]]
    meetings: Callable[[str, Any], Iterable[str]] = no_meetings
    agenda: Callable[[int, Any], int | None] = no_agenda
    agreed: bool = False


def occasion(known: Known) -> Facts:
    """Say which brokerage event, where, and from when to when."""
    event = known.brokerage
    return {
        "title": event["title"],
        "venue": event["venue"],
        "timezone": event["timezone"],
        "starts": min(slot["starts"] for slot in event["slots"]),
        "ends": max(slot["ends"] for slot in event["slots"]),
    }


def addressed(member: str, known: Known) -> Facts:
    """Say to whom, and about which brokerage event."""
    return {"name": known.names[member], **occasion(known)}


def others(members: Sequence[str], member: str, known: Known, people: Sequence[str] = ()) -> str:
    """Name everybody in a meeting but one, with the representatives that come."""
    seats = zip(members, people or members, strict=True)
    return ", ".join(_seated(other, person, known) for other, person in seats if other != member)


def _seated(member: str, person: str, known: Known) -> str:
    return known.names[member] if person == member else f"{known.names[member]} ({representative(member, person)})"


def representative(member: str, person: str) -> str:
    """Say which representative of a member comes; nothing where it is the member itself."""
    return person.removeprefix(member).removeprefix(":")


def seats(members: Sequence[str], people: Sequence[str]) -> tuple[str, ...]:
    """Say who comes for each member: the representative that is among these people, else the member itself."""
    return tuple(next((one for one in people if one.startswith(f"{member}:")), member) for member in members)


def each(meeting: Placement | Unplaced, known: Known) -> Sequence[tuple[str, str]]:
    """Everybody in a meeting, with the names of the others."""
    members = (*meeting.members, *meeting.others)
    people = meeting.people if isinstance(meeting, Placement) else ()
    return [(member, others(members, member, known, people)) for member in members]


class SlotUnknown(Exception):
    """A slot is named that the brokerage event, as it is known, does not have yet: slots may be added."""


def slot_times(known: Known, number: int) -> Facts:
    """Say when a slot begins and ends. Raises SlotUnknown."""
    slot = next((slot for slot in known.brokerage["slots"] if slot["number"] == number), None)
    if slot is None:
        raise SlotUnknown(number)
    return {"starts": slot["starts"], "ends": slot["ends"]}


def place(known: Known, slot: int, table: int | None) -> Facts:
    """Say when a slot begins and ends, at which table, and in which room that is where it has one of its own or is online."""
    rooms = {room["number"]: {"label": room["label"], "virtual": room["virtual"]} for room in known.brokerage.get("rooms", ())}
    return {**slot_times(known, slot), "table": table, "room": rooms.get(table)}
