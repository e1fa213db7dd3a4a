"""The agenda of one participant over HTTP, as data."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from services.events.agenda_view.queries import agenda_or_appointments
from services.events.agenda_view.schemas import ParticipantAgenda
from services.events.agenda_view.timetable import occasion_of
from services.events.brokerage.queries import brokerage_event
from services.events.brokerage.rooms import where
from services.events.meeting.cancellations import called_off, placed
from services.events.meeting.queries import appointments, as_placement
from services.events.permissions import EventId, may_act_at
from services.events.projections import names
from services.events.registration.queries import labels
from services.events.schemas import gives
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Store, encode
from shared.chassis.http.etag import UNCHANGED, IfNoneMatch, is_known, tag_of
from shared.contracts.base import Id

router = APIRouter(prefix="/brokerage-events/{id}/agenda", tags=["agendas"])


@router.get("/{member}", responses=gives(ParticipantAgenda) | UNCHANGED)
async def read_agenda_of(id: EventId, member: Id, who: Who, store: Store, if_none_match: IfNoneMatch = None) -> Response:
    """Read the agenda of one participant, in order of time, without what was called off since; the member itself or a manager.

    Before the first version (`version` 0) it has the appointments that were made. `room` is the label of the table, else the
    venue; `labels` say what the `people` who come are called, in their order. The ETag is another whenever any of it is.
    """
    event = await brokerage_event(store, id)
    may_act_at(who, event, member)
    found = await agenda_or_appointments(store, id)
    booked = [{**as_placement(one), "appointment": True} for one in await appointments(store, id, member)]
    placed_since = {one["meeting_id"] for one in booked}
    scheduled, missing = (
        [one for one in found["state"][part] if member in _all(one) and one["meeting_id"] not in placed_since]
        for part in ("placements", "unplaced")
    )
    mine = [*({**one, "appointment": False} for one in scheduled), *booked]
    off = await called_off(store, event, map(placed, (*mine, *missing)))
    mine, missing = ([one for one in several if one["meeting_id"] not in off] for several in (mine, missing))
    involved = {side for one in (*mine, *missing) for side in _all(one)} | {member}
    known = await names(store, involved)
    occasion = occasion_of(event["state"], known, await labels(store, id, involved))
    slots = {slot["number"]: slot for slot in event["state"]["slots"]}

    def partners(meeting: Mapping[str, Any]) -> dict[str, Any]:
        first, *more = [{"id": side, "name": known.get(side)} for side in _all(meeting) if side != member]
        return {"with": first, "others": more}

    shows = {
        "event_id": id,
        "version": found["version"],
        "title": event["state"]["title"],
        "venue": event["state"]["venue"],
        "timezone": event["state"]["timezone"],
        "member": {"id": member, "name": known.get(member)},
        "meetings": [
            {
                "meeting_id": one["meeting_id"],
                **partners(one),
                "slot": one["slot"],
                "starts": slots[one["slot"]]["starts"],
                "ends": slots[one["slot"]]["ends"],
                "table": one["table"],
                **where(occasion.tables[one["table"]]),
                "people": one["people"],
                "labels": occasion.called(one["people"]),
                "appointment": one["appointment"],
            }
            for one in sorted(mine, key=lambda one: one["slot"])
        ],
        "unplaced": [{"meeting_id": one["meeting_id"], **partners(one), "reason": one["reason"]} for one in missing],
    }
    answer = JSONResponse(encode(shows), headers={"Cache-Control": "private, no-cache"})
    answer.headers["ETag"] = tag_of(answer.body)
    if is_known(if_none_match, answer.headers["ETag"]):
        return Response(status_code=304, headers={name: answer.headers[name] for name in ("ETag", "Cache-Control")})
    return answer


def _all(meeting: Mapping[str, Any]) -> tuple[str, ...]:
    return (*meeting["members"], *meeting["others"])
