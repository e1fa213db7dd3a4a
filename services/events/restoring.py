"""Publishing an earlier version of an agenda again, where it still fits what is so now. Pure."""

from collections.abc import Mapping
from typing import Any

from services.events.domain.attendance import sides
from services.events.drafting import Draft, absent_from
from services.events.store import Gathered, input_of
from shared.chassis.errors import Refusal
from shared.contracts.base import LocalizedText
from shared.contracts.events import AgendaPublished, OwnTable, Placement, Unmet, Unplaced

LATER = LocalizedText(
    it="L'incontro non era in questa versione dell'agenda.", en="The meeting was not in this version of the agenda."
)


def restored(gathered: Gathered, newest: Mapping[str, Any], old: Mapping[str, Any], version: int, now: int) -> AgendaPublished:
    """Write an earlier version as a new one.

    Raises Refusal where a meeting is not agreed any more, somebody is gone or unavailable, a table is closed, or what has
    begun (before slot `now`) would change.
    """
    agreed = {one["_id"]: sides(one["state"]) for one in gathered.meetings if one["state"]["appointment"] is None}
    absent = absent_from(gathered)
    registered = [one["state"] for one in gathered.registrations if one["state"]["status"] == "registered"]
    here = {state["member_id"]: state for state in registered if state["member_id"] not in absent}
    if _begun(old, now) != _begun(newest, now):
        raise _refused("un incontro già cominciato cambierebbe", "a meeting that has begun would change")
    for one in old["placements"]:
        _check(one, agreed, here, gathered.event["state"], now)
    reasons = {one["meeting_id"]: LocalizedText(**one["reason"]) for one in old["unplaced"]}
    placed = {one["meeting_id"] for one in old["placements"]}
    digest = Draft(gathered, {}).digest()
    proven = input_of(old) == digest
    return AgendaPublished(
        event_id=gathered.event["_id"],
        placements=tuple(Placement.model_validate(one) for one in old["placements"]),
        unplaced=tuple(
            Unplaced(meeting_id=id, members=(members[0], members[1]), others=members[2:], reason=reasons.get(id, LATER))
            for id, members in sorted(agreed.items())
            if id not in placed
        ),
        status=old["status"] if proven else "feasible",
        breaks=old["breaks"],
        bound=old["bound"] if proven else 0,
        input=f"restored:{version}:{digest}",
        restores=version,
        own_tables=tuple(OwnTable.model_validate(one) for one in old.get("own_tables", ())),
        unmet=tuple(Unmet.model_validate(one) for one in old.get("unmet", ())),
    )


def _check(
    one: Mapping[str, Any], agreed: Mapping[str, tuple[str, ...]], here: Mapping[str, Any], event: Mapping[str, Any], now: int
) -> None:
    if one["slot"] < now:
        return
    where = f"slot {one['slot']}"
    if one["meeting_id"] not in agreed:
        raise _refused(f"un incontro nello {where} non è più concordato", f"a meeting in {where} is not agreed any more")
    for member in agreed[one["meeting_id"]]:
        if member not in here or one["slot"] in here[member]["unavailable"]:
            raise _refused(f"{member} non c'è nello {where}", f"{member} is not there in {where}")
    if one["table"] in event["closed_tables"]:
        raise _refused(f"il tavolo {one['table']} è chiuso", f"table {one['table']} is closed")


def _begun(agenda: Mapping[str, Any], now: int) -> set[tuple[str, int, int]]:
    return {(one["meeting_id"], one["slot"], one["table"]) for one in agenda["placements"] if one["slot"] < now}


def _refused(it: str, en: str) -> Refusal:
    return Refusal("version-does-not-fit", it=f"Non vale più: {it}.", en=f"It does not fit any more: {en}.")
