"""From accepted meetings to a scheduling problem, and from its solution to an agenda. Pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from services.events.solver import Answer, Meeting, Participant, Slot, Task
from services.events.store import Gathered
from shared.contracts.base import LocalizedText
from shared.contracts.events import AgendaPublished, Placement, Unplaced

LONGEST_NAME = 100
"""Characters of a name inside a reason, so that a reason with two of them keeps within its 500."""


def digest(gathered: Gathered) -> str:
    """Name the exact input of an agenda by the versions of all it is made of: 32 hexadecimal digits of a SHA-256."""
    parts = [(document["_id"], document["version"]) for document in (gathered.event, *gathered.registrations, *gathered.meetings)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def draft(gathered: Gathered, names: Mapping[str, str], time_limit: float) -> Task:
    """Write the problem: every accepted meeting of two members that are still registered. `time_limit` is in seconds."""
    event = gathered.event["state"]
    here = _registered(gathered)
    kept = [meeting for meeting in gathered.meetings if set(_sides(meeting)) <= here.keys()]
    busy = sorted({side for meeting in kept for side in _sides(meeting)})
    return Task(
        participants=tuple(Participant(id=member, unavailable=frozenset(here[member])) for member in busy),
        meetings=tuple(Meeting(id=meeting["_id"], participants=_sides(meeting)) for meeting in kept),
        slots=tuple(Slot(number=slot["number"], session=slot["session"]) for slot in event["slots"]),
        tables=event["tables"],
        fairness=event["fairness"],
        time_limit=time_limit,
        names={member: _name(names, member) for member in busy},
    )


def written(gathered: Gathered, answer: Answer, names: Mapping[str, str]) -> AgendaPublished:
    """Write the agenda from the solver's answer. Meetings of members that withdrew are told as unplaced."""
    here = _registered(gathered)
    sides = {meeting["_id"]: _sides(meeting) for meeting in gathered.meetings}
    gone = {id: [side for side in pair if side not in here] for id, pair in sides.items()}
    left_out = {unplaced.meeting_id: LocalizedText(it=unplaced.it, en=unplaced.en) for unplaced in answer.unplaced}
    left_out |= {id: _withdrew(_name(names, members[0])) for id, members in gone.items() if members}
    return AgendaPublished(
        event_id=gathered.event["_id"],
        placements=tuple(
            Placement(meeting_id=placed.meeting_id, members=sides[placed.meeting_id], slot=placed.slot, table=placed.table)
            for placed in answer.placements
        ),
        unplaced=tuple(Unplaced(meeting_id=id, members=sides[id], reason=reason) for id, reason in left_out.items()),
        status=answer.status,
        breaks=answer.breaks,
        bound=answer.bound,
        input=digest(gathered),
    )


def _registered(gathered: Gathered) -> dict[str, Any]:
    """The slots each registered member is unavailable in."""
    states = (document["state"] for document in gathered.registrations)
    return {state["member_id"]: state["unavailable"] for state in states if state["status"] == "registered"}


def _sides(meeting: Mapping[str, Any]) -> tuple[str, str]:
    return meeting["state"]["by"], meeting["state"]["towards"]


def _name(names: Mapping[str, str], member: str) -> str:
    name = names.get(member, member)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _withdrew(name: str) -> LocalizedText:
    return LocalizedText(it=f"{name} si è ritirato dall'evento.", en=f"{name} has withdrawn from the event.")
