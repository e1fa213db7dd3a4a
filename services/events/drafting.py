"""From accepted meetings to a scheduling problem, and from its solution to an agenda. Pure."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from services.events.domain.attendance import sides
from services.events.people import people_of, shared_out, shares
from services.events.solver import Answer, Meeting, Participant, Placed, Published, Slot, Table, Task
from services.events.store import Gathered
from shared.contracts.base import LocalizedText
from shared.contracts.events import AgendaPublished, Placement, Unplaced

LONGEST_NAME = 80
"""Characters of a name inside a reason: it names four people at most, and keeps within its length."""
LONGEST_REASON = 500


class Draft:
    """The problem of an event as it is: every accepted meeting of members that are there, and no appointments.

    Slots before `now` have begun. Where `newest` is given, the agenda published last, it is repaired: meetings before slot
    `now` stay, whoever is gone. A member is gone that withdrew, and one that did not come (`absent_from`).
    """

    def __init__(self, gathered: Gathered, names: Mapping[str, str], newest: Mapping[str, Any] | None = None, now: int = 1) -> None:
        self._gathered = gathered
        self._names = names
        self._newest = newest
        self._now = now
        self._event = gathered.event["state"]
        self._members = {document["state"]["member_id"]: document["state"] for document in gathered.registrations}
        registered = {member for member, state in self._members.items() if state["status"] == "registered"}
        self._absent = registered & absent_from(gathered)
        self._here = registered - self._absent
        placed = newest["placements"] if newest else []
        self._begun = {one["meeting_id"] for one in placed if one["slot"] < now}
        self._sides = {one["_id"]: sides(one["state"]) for one in gathered.meetings if one["state"]["appointment"] is None}
        self._gone = {id: [side for side in members if side not in self._here] for id, members in self._sides.items()}
        kept = [one for one in gathered.meetings if not self._gone.get(one["_id"], ["x"]) or one["_id"] in self._begun]
        people = {member: people_of(state) for member, state in self._members.items()}
        self._people = shared_out(kept, people, {one["meeting_id"]: one["people"] for one in placed})
        self._most = self._limits(people)

    def task(self, time_limit: float) -> Task:
        """Write the problem. `time_limit` is in seconds."""
        busy = sorted({person for people in self._people.values() for person in people})
        own = self._own_tables()
        return Task(
            participants=tuple(self._participant(person, own) for person in busy),
            meetings=tuple(self._meeting(id, people) for id, people in sorted(self._people.items())),
            slots=_slots(self._event),
            tables=self._event["tables"],
            fairness=self._event["fairness"],
            time_limit=time_limit,
            names={person: self._label(person) for person in busy},
            special=self._special(),
            published=self._published(),
        )

    def digest(self) -> str:
        """Name the exact input of an agenda by all that decides it: 32 hexadecimal digits of a SHA-256."""
        task = self.task(0).model_dump(exclude={"time_limit", "names", "published"})
        parts = [task, sorted((id, gone) for id, gone in self._gone.items() if gone)]
        return hashlib.sha256(json.dumps(parts, default=sorted).encode()).hexdigest()[:32]

    def written(self, answer: Answer, input: str) -> AgendaPublished:
        """Write the agenda from the solver's answer. Meetings of members that withdrew are told as unplaced."""
        left_out = {
            one.meeting_id: LocalizedText(it=_short(one.it, LONGEST_REASON), en=_short(one.en, LONGEST_REASON))
            for one in answer.unplaced
        }
        placed = {one.meeting_id for one in answer.placements}
        left_out |= {id: self._why_gone(gone[0]) for id, gone in self._gone.items() if gone and id not in placed}
        return AgendaPublished(
            event_id=self._gathered.event["_id"],
            placements=tuple(self._placement(one) for one in answer.placements),
            unplaced=tuple(
                Unplaced(meeting_id=id, members=_two(self._sides[id]), others=self._sides[id][2:], reason=reason)
                for id, reason in left_out.items()
            ),
            status=answer.status,
            breaks=answer.breaks,
            bound=answer.bound,
            input=input,
            repaired=self._newest is not None,
        )

    def _placement(self, one: Placed) -> Placement:
        members, people = self._sides[one.meeting_id], self._people[one.meeting_id]
        return Placement(
            meeting_id=one.meeting_id,
            members=_two(members),
            slot=one.slot,
            table=one.table,
            others=members[2:],
            people=people if people != members else (),
        )

    def _participant(self, person: str, own: Mapping[str, int]) -> Participant:
        member = self._member_of(person)
        state = self._members[member]
        appointed = {one["slot"] for one in self._appointments() if person in one["people"]}
        every = range(1, len(self._event["slots"]) + 1)
        # A repair knows what has begun; a first agenda must not use it.
        begun = frozenset(range(1, self._now)) if self._newest is None else frozenset()
        return Participant(
            id=person,
            unavailable=frozenset(state["unavailable"] if member in self._here else every) | appointed | begun,
            most=self._most.get(person),
            rest=state["min_break"],
            table=own.get(member),
            stays=state["fixed_table"] and member in own,
        )

    def _limits(self, people: Mapping[str, Sequence[str]]) -> dict[str, int | None]:
        given = Counter(person for several in self._people.values() for person in several)
        return {
            person: most
            for member, several in people.items()
            for person, most in zip(
                several, shares(self._members[member]["most_meetings"], [given[one] for one in several]), strict=True
            )
        }

    def _why_gone(self, member: str) -> LocalizedText:
        name = _name(self._names, member)
        if member in self._absent:
            return LocalizedText(it=f"{name} non si è presentato.", en=f"{name} did not come.")
        return LocalizedText(it=f"{name} si è ritirato dall'evento.", en=f"{name} has withdrawn from the event.")

    def _meeting(self, id: str, people: tuple[str, ...]) -> Meeting:
        states = [self._members[member] for member in self._sides[id]]
        wanted = {
            (state["member_id"], one["member_id"]) for state in states for one in state["preferences"] if one["wish"] == "must"
        }
        return Meeting(
            id=id,
            participants=people,
            must=not wanted.isdisjoint(self._sides[id]),
            virtual=self._event["format"] == "hybrid" and any(state["attends"] == "virtual" for state in states),
        )

    def _own_tables(self) -> dict[str, int]:
        """The tables members have to themselves: those the event fixes, and one for each who needs one and is here."""
        special = self._event["special_tables"]
        own = {one["member_id"]: one["number"] for one in special if one["kind"] == "fixed" and one["member_id"] in self._here}
        taken = {one["number"] for one in special} | set(self._event["closed_tables"])
        free = [number for number in range(self._event["tables"], 0, -1) if number not in taken]
        for member in sorted(self._here - own.keys()):
            if self._members[member]["fixed_table"] and len(free) > 1:
                own[member] = free.pop(0)
        return own

    def _special(self) -> tuple[Table, ...]:
        """Tables with seats of their own, virtual rooms, and where closed tables and appointments leave no place."""
        every = frozenset(range(1, len(self._event["slots"]) + 1))
        told = {one["number"]: one for one in self._event["special_tables"]}
        taken: dict[int, frozenset[int]] = dict.fromkeys(self._event["closed_tables"], every)
        for one in self._appointments():
            taken[one["table"]] = taken.get(one["table"], frozenset()) | {one["slot"]}
        hybrid = self._event["format"] == "hybrid"
        return tuple(
            Table(
                number=number,
                seats=told.get(number, {}).get("seats"),
                virtual=hybrid and told.get(number, {}).get("kind") == "virtual",
                closed=taken.get(number, frozenset()),
            )
            for number in sorted(told.keys() | taken.keys())
        )

    def _appointments(self) -> list[Mapping[str, Any]]:
        return [one["state"]["appointment"] for one in self._gathered.meetings if one["state"]["appointment"] is not None]

    def _published(self) -> Published | None:
        if self._newest is None:
            return None
        known = {one["meeting_id"] for one in (*self._newest["placements"], *self._newest["unplaced"])}
        return Published(
            placements=tuple(
                Placed(meeting_id=one["meeting_id"], slot=one["slot"], table=one["table"]) for one in self._newest["placements"]
            ),
            now=self._now,
            fresh=frozenset(self._people.keys() - known),
        )

    def _member_of(self, person: str) -> str:
        return person if person in self._members else person.rpartition(":")[0]

    def _label(self, person: str) -> str:
        member = self._member_of(person)
        labels = {one["id"]: one["label"] or one["id"] for one in self._members[member]["representatives"]}
        name = _name(self._names, member)
        return name if person == member else _short(f"{name} ({labels[person.removeprefix(f'{member}:')]})")


def _slots(event: Mapping[str, Any]) -> tuple[Slot, ...]:
    """The slots, with the day each is on where the event takes place."""
    zone = ZoneInfo(event["timezone"])
    days = sorted({slot["starts"].astimezone(zone).date() for slot in event["slots"]})
    return tuple(
        Slot(number=one["number"], session=one["session"], day=days.index(one["starts"].astimezone(zone).date()) + 1)
        for one in event["slots"]
    )


def _two(members: Sequence[str]) -> tuple[str, str]:
    return members[0], members[1]


def _name(names: Mapping[str, str], member: str) -> str:
    return _short(names.get(member, member))


def _short(text: str, longest: int = LONGEST_NAME) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def absent_from(gathered: Gathered) -> frozenset[str]:
    """Name who did not come, at an event that checks people in.

    It was absent from a meeting, is not checked in, and was in no meeting that was held.
    """
    checked_in = {one["state"]["member_id"] for one in gathered.registrations if one["state"]["checked_in"]}
    told = [one["state"] for one in gathered.meetings if one["state"]["attendance"] is not None]
    missed = {member for state in told for member in state["attendance"]["absent"]}
    held = {member for state in told if state["attendance"]["held"] for member in sides(state)}
    return frozenset(missed - held - checked_in) if checked_in else frozenset()
