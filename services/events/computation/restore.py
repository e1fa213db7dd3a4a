"""Publishing an earlier version of an agenda again, where it still fits what is so now. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from services.events.agenda.rules.publication import input_of
from services.events.computation.problem_builder import Draft, booked
from services.events.computation.scheduling_input import Gathered
from services.events.meeting.rules.representatives import people_of
from services.events.meeting.state import sides
from shared.chassis.errors import Refusal
from shared.contracts.base import LocalizedText
from shared.contracts.events import AgendaPublished, OwnTable, Placement, Unmet, Unplaced

LATER = LocalizedText(
    it="L'incontro non era in questa versione dell'agenda.", en="The meeting was not in this version of the agenda."
)


def restored(
    gathered: Gathered, names: Mapping[str, str], newest: Mapping[str, Any], old: Mapping[str, Any], version: int, now: int
) -> AgendaPublished:
    """Write an earlier version as a new one.

    Raises Refusal where a meeting is not agreed any more or has become an appointment, somebody is gone, unavailable, sends
    other people or wants fewer meetings, a table is closed, or what has begun (before slot `now`) would change.
    """
    fitting = _Fitting(gathered, names, now)
    if _begun(old, now) != _begun(newest, now):
        raise _refused("un incontro già cominciato cambierebbe", "a meeting that has begun would change")
    for one in old["placements"]:
        fitting.check(one)
    fitting.check_most(old["placements"])
    reasons = {one["meeting_id"]: LocalizedText(**one["reason"]) for one in old["unplaced"]}
    placed = {one["meeting_id"] for one in old["placements"]}
    digest = Draft(gathered, {}).digest()
    proven = input_of(old) == digest
    return AgendaPublished(
        event_id=gathered.event["_id"],
        placements=tuple(Placement.model_validate(one) for one in old["placements"]),
        unplaced=tuple(
            Unplaced(meeting_id=id, members=(members[0], members[1]), others=members[2:], reason=reasons.get(id, LATER))
            for id, members in sorted(fitting.agreed.items())
            if id not in placed
        ),
        status=old["status"] if proven else "feasible",
        breaks=old["breaks"],
        bound=old["bound"] if proven else 0,
        input=f"restored:{version}:{digest}",
        restores=version,
        own_tables=tuple(OwnTable.model_validate(one) for one in old.get("own_tables", ())),
        unmet=tuple(Unmet.model_validate(one) for one in old.get("unmet", ())),
        appointments=booked(gathered, now),
    )


class _Fitting:
    """What is so now, for placements of before to be held against."""

    def __init__(self, gathered: Gathered, names: Mapping[str, str], now: int) -> None:
        registered = [one["state"] for one in gathered.registrations if one["state"]["status"] == "registered"]
        self.agreed = {one["_id"]: sides(one["state"]) for one in gathered.meetings if one["state"]["appointment"] is None}
        self._booked = {one["_id"]: sides(one["state"]) for one in gathered.meetings if one["state"]["appointment"] is not None}
        self._here = {state["member_id"]: state for state in registered}
        self._away = gathered.away
        self._closed = gathered.event["state"]["closed_tables"]
        self._names = names
        self._now = now

    def check(self, one: Mapping[str, Any]) -> None:
        """Raise unless a placement can still be as it was; one that has begun is past checking."""
        if one["slot"] < self._now:
            return
        slot = f"slot {one['slot']}"
        if one["meeting_id"] in self._booked:
            raise _refused(f"un incontro nello {slot} è ora un appuntamento", f"a meeting in {slot} is an appointment now")
        if one["meeting_id"] not in self.agreed:
            raise _refused(f"un incontro nello {slot} non è più concordato", f"a meeting in {slot} is not agreed any more")
        members = self.agreed[one["meeting_id"]]
        for member in members:
            name = self._names.get(member, member)
            if member not in self._here or one["slot"] in {*self._here[member]["unavailable"], *self._away.get(member, ())}:
                raise _refused(f"{name} non c'è nello {slot}", f"{name} is not there in {slot}")
            if not set(people_of(self._here[member])) & set(one.get("people") or members):
                raise _refused(f"nello {slot} {name} manda altri", f"{name} sends somebody else in {slot}")
        if one["table"] in self._closed:
            raise _refused(f"il tavolo {one['table']} è chiuso", f"table {one['table']} is closed")

    def check_most(self, placements: Sequence[Mapping[str, Any]]) -> None:
        """Raise where somebody would have more meetings than it wants by now, its appointments among them."""
        met = [(*one["members"], *one["others"]) for one in placements if one["meeting_id"] in self.agreed]
        counts = Counter(member for members in (*met, *self._booked.values()) for member in members)
        for member, state in self._here.items():
            most = state["most_meetings"]
            if most is not None and counts[member] > most:
                name = self._names.get(member, member)
                raise _refused(f"{name} vuole al massimo {most} incontri", f"{name} wants at most {most} meetings")


def _begun(agenda: Mapping[str, Any], now: int) -> set[tuple[str, int, int]]:
    return {(one["meeting_id"], one["slot"], one["table"]) for one in agenda["placements"] if one["slot"] < now}


def _refused(it: str, en: str) -> Refusal:
    return Refusal("version-does-not-fit", it=f"Non vale più: {it}.", en=f"It does not fit any more: {en}.")
