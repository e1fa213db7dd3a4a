"""Who is told what when something happens. Pure: facts come in, notices go out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from services.notifications.changes import Change, changes
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    AgendaPublished,
    MeetingAccepted,
    MeetingDeclined,
    MeetingRequested,
    ParticipantPutOnStandby,
    ParticipantRegistered,
    Placement,
    Unplaced,
)
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved

Facts: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Notice:
    """One message to one member: a template and the facts it names, in no language yet."""

    template: str
    recipient: str
    facts: Facts


@dataclass(frozen=True)
class Known:
    """The facts a notice may name: organisations by id, the brokerage event it is about, the version of its agenda before."""

    names: Mapping[str, str]
    brokerage: Mapping[str, Any]
    agenda: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Telling:
    """What is told of one type of event: the members that are named, and the notices made of it.

    Both get the aggregate's id, its version and the event.
    """

    members: Callable[[str, Any], Iterable[str]]
    notices: Callable[[str, int, Any, Known], Sequence[Notice]]


def welcome(id: str, _version: int, _event: MemberApproved, known: Known) -> Sequence[Notice]:
    """Welcome the member."""
    return [Notice("welcome", id, {"name": known.names[id]})]


def introduction(_id: str, _version: int, event: IntroductionMade, known: Known) -> Sequence[Notice]:
    """Introduce the two to each other."""
    first, second = event.members
    return [
        Notice("introduction", member, {"name": known.names[member], "partner": known.names[partner], "mode": event.mode})
        for member, partner in ((first, second), (second, first))
    ]


def registration(_id: str, _version: int, event: ParticipantRegistered, known: Known) -> Sequence[Notice]:
    """Confirm to the participant."""
    return [Notice("registration", event.member_id, {"name": known.names[event.member_id], **occasion(known)})]


def standby(_id: str, _version: int, event: ParticipantPutOnStandby, known: Known) -> Sequence[Notice]:
    """Tell who must wait for a place."""
    return [Notice("standby", event.member_id, {"name": known.names[event.member_id], **occasion(known)})]


def request(_id: str, _version: int, event: MeetingRequested, known: Known) -> Sequence[Notice]:
    """Tell those that are asked."""
    return [
        Notice("meeting-requested", member, {**_between("", event, known).facts, "name": known.names[member], "mode": event.mode})
        for member in (event.towards, *event.others)
    ]


def acceptance(_id: str, _version: int, event: MeetingAccepted, known: Known) -> Sequence[Notice]:
    """Tell the one that asked: an answer goes from who answers towards it."""
    return [_between("meeting-accepted", event, known)]


def refusal(_id: str, _version: int, event: MeetingDeclined, known: Known) -> Sequence[Notice]:
    """Tell the one that asked, with the reason."""
    return [_between("meeting-declined", event, known, reason=event.reason)]


def agenda(_id: str, version: int, event: AgendaPublished, known: Known) -> Sequence[Notice]:
    """Give each participant its own agenda, and what there was no place for; no one two notices.

    Of a later version only those are told whose agenda changes, with what changes.
    """
    slots = {slot["number"]: slot for slot in known.brokerage["slots"]}
    changed = changes(known.agenda, event.model_dump(include={"placements", "unplaced"})) if known.agenda else {}
    placed: dict[str, list[Facts]] = {}
    unplaced: dict[str, list[Facts]] = {}
    for placement in event.placements:
        slot = slots[placement.slot]
        for member, partner in _each(placement, known):
            meeting = {"starts": slot["starts"], "ends": slot["ends"], "table": placement.table, "partner": partner}
            placed.setdefault(member, []).append(meeting)
    for left in event.unplaced:
        for member, partner in _each(left, known):
            unplaced.setdefault(member, []).append({"partner": partner, "reason": left.reason.model_dump()})
    return [
        Notice(
            "agenda",
            member,
            {
                "name": known.names[member],
                **occasion(known),
                "version": version,
                "meetings": sorted(placed.get(member, []), key=lambda meeting: meeting["starts"]),
                "unplaced": unplaced.get(member, []),
                "changes": [_told(change, member, slots, known) for change in changed.get(member, [])],
            },
        )
        for member in sorted(placed.keys() | unplaced.keys() if known.agenda is None else changed.keys())
    ]


def _told(change: Change, member: str, slots: Mapping[int, Any], known: Known) -> Facts:
    """Say what became of a meeting: where it is now, or was."""
    seat = change.after if change.after and change.after.slot is not None else change.before or change.after
    assert seat is not None, "a change has one of the two"
    partner = ", ".join(known.names[other] for other in seat.members if other != member)
    starts = slots[seat.slot]["starts"] if seat.slot is not None else None
    return {"what": change.what, "partner": partner, "starts": starts, "table": seat.table}


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


def _between(template: str, event: MeetingRequested | MeetingAccepted | MeetingDeclined, known: Known, **facts: str) -> Notice:
    names = {"name": known.names[event.towards], "partner": known.names[event.by]}
    return Notice(template, event.towards, {**names, **occasion(known), **facts})


def _each(meeting: Placement | Unplaced, known: Known) -> Sequence[tuple[str, str]]:
    """Everybody in a meeting, with the names of the others."""
    members = (*meeting.members, *meeting.others)
    return [(member, ", ".join(known.names[other] for other in members if other != member)) for member in members]


def _by_and_towards(_id: str, event: MeetingRequested | MeetingAccepted | MeetingDeclined) -> Iterable[str]:
    return (event.by, event.towards, *(event.others if isinstance(event, MeetingRequested) else ()))


TELLINGS: Mapping[type[DomainEvent], Telling] = {
    MemberApproved: Telling(lambda id, _: (id,), welcome),
    IntroductionMade: Telling(lambda _, event: event.members, introduction),
    ParticipantRegistered: Telling(lambda _, event: (event.member_id,), registration),
    ParticipantPutOnStandby: Telling(lambda _, event: (event.member_id,), standby),
    MeetingRequested: Telling(_by_and_towards, request),
    MeetingAccepted: Telling(_by_and_towards, acceptance),
    MeetingDeclined: Telling(_by_and_towards, refusal),
    AgendaPublished: Telling(
        lambda _, event: {member for one in (*event.placements, *event.unplaced) for member in (*one.members, *one.others)}, agenda
    ),
}


def brokerage_event_of(event: DomainEvent) -> str | None:
    """Say which brokerage event it is about: every one that has an `event_id` is about that."""
    return getattr(event, "event_id", None)
