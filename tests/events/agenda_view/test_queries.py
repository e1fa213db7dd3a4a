"""An agenda as it takes place: with appointments, without what was cancelled since it was published."""

from dataclasses import replace

import pytest

from services.events.agenda.state import Unplaced
from services.events.agenda_view.queries import read_current_agenda, read_timetable
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Mongo
from shared.contracts.base import LocalizedText
from tests.events.computation.factories import agreed, appointed, newest, registered
from tests.events.factories import event_state
from tests.events.stored import put_agenda, put_event, put_meetings, put_member, put_registrations

REASON = LocalizedText(it="-", en="-")
PAIRS = {"ab": ("anna", "bruno"), "ac": ("anna", "carla"), "ad": ("anna", "dora"), "bd": ("bruno", "dora")}
AGENDA = replace(
    newest({"ab": (PAIRS["ab"], 1, 1), "ac": (PAIRS["ac"], 2, 1), "bd": (PAIRS["bd"], 3, 1)}),
    unplaced=(Unplaced("ad", PAIRS["ad"], REASON),),
)


async def test_without_an_agenda_there_are_the_appointments_alone(mongo: Mongo) -> None:
    event = await put_event(mongo, event_state())
    with pytest.raises(NotFound):
        await read_current_agenda(mongo, event)
    await put_meetings(mongo, agreed("ab", PAIRS["ab"], appointment=appointed(1, 1, PAIRS["ab"])))
    current = await read_current_agenda(mongo, event, "carla")
    assert (current.version, current.placements, current.appointments) == (0, (), ()), "hers are none, and it is no error"
    current = await read_current_agenda(mongo, event)
    assert [placement.meeting_id for placement in current.appointments] == ["ab"]
    assert current.sides == {"anna", "bruno"}


async def test_appointments_are_shown_where_they_take_place_and_cancelled_meetings_nowhere(mongo: Mongo) -> None:
    event = await put_event(mongo, event_state())
    await put_agenda(mongo, AGENDA)
    cancelled = agreed("ac", PAIRS["ac"])
    meetings = [
        agreed("ab", PAIRS["ab"], appointment=appointed(3, 2, PAIRS["ab"])),
        replace(cancelled, state=replace(cancelled.state, status="cancelled")),
        agreed("ad", PAIRS["ad"]),
        agreed("bd", PAIRS["bd"]),
    ]
    await put_meetings(mongo, *meetings)
    await put_registrations(mongo, *(registered(member) for member in ("anna", "bruno", "carla", "dora")))
    whole = await read_current_agenda(mongo, event)
    assert [placement.meeting_id for placement in whole.placements] == ["bd"]
    assert [(placement.meeting_id, placement.slot, placement.table) for placement in whole.appointments] == [("ab", 3, 2)]
    assert [meeting.meeting_id for meeting in whole.unplaced] == ["ad"]
    own = await read_current_agenda(mongo, event, "dora")
    assert ([placement.meeting_id for placement in own.placements], own.appointments) == (["bd"], ())

    await put_registrations(mongo, registered("dora", status="withdrawn"))
    assert (await read_current_agenda(mongo, event)).placements == ()


async def test_a_timetable_names_everybody_as_they_are_known(mongo: Mongo) -> None:
    event = await put_event(mongo, event_state())
    await put_agenda(mongo, AGENDA)
    await put_meetings(mongo, *(agreed(id, pair) for id, pair in PAIRS.items()))
    await put_member(mongo, "anna")
    timetable = await read_timetable(mongo, event)
    assert [meeting.meeting_id for meeting in timetable.meetings] == ["ab", "ac", "bd"]
    assert [meeting.meeting_id for meeting in timetable.unscheduled] == ["ad"]
    assert timetable.event.partners(("anna", "bruno")) == "Firm anna, bruno", "by its id where its name is not known"
