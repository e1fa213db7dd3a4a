"""What an agenda is computed from: what is agreed, by whom, and who did not come."""

from datetime import timedelta

import pytest

from services.events.computation.scheduling_input import read_scheduling_input
from services.events.meeting.state import Attendance
from services.events.registration.queries import registration_id
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Mongo
from tests.events.computation.factories import agreed, newest, registered
from tests.events.factories import MORNING, event_state
from tests.events.stored import put_agenda, put_event, put_meetings, put_registrations

NOON = MORNING + timedelta(hours=3)
PAIR, MISSED = ("anna", "bruno"), Attendance(held=False, by=None, absent=("anna",))


async def test_only_what_is_agreed_is_read_with_the_registrations_of_its_sides(mongo: Mongo) -> None:
    with pytest.raises(NotFound):
        await read_scheduling_input(mongo, "e", NOON)
    await put_event(mongo, event_state())
    await put_meetings(mongo, agreed("n", PAIR), agreed("m", ("anna", "carla")))
    await put_registrations(
        mongo, *(registered(member) for member in ("anna", "bruno", "dora")), registered("carla", status="withdrawn")
    )
    read = await read_scheduling_input(mongo, "e", NOON)
    assert [meeting.id for meeting in read.meetings] == ["m", "n"]
    ids = sorted(registration_id("e", member) for member in ("anna", "bruno", "carla"))
    assert [registration.id for registration in read.registrations] == ids, "also of who withdrew: its meetings are unplaced"
    assert read.no_shows == {}


async def test_who_did_not_come_is_named_by_the_slot_that_the_agenda_gave_it(mongo: Mongo) -> None:
    await put_event(mongo, event_state("running"))
    await put_meetings(mongo, agreed("m", PAIR, attendance=MISSED))
    await put_registrations(mongo, registered("anna"), registered("bruno", checked_in=True, checked_in_on=("2027-03-12",)))
    assert (await read_scheduling_input(mongo, "e", NOON)).no_shows == {}, "it had no place where anybody was missed"
    await put_agenda(mongo, newest({"m": (PAIR, 1, 1)}))
    assert (await read_scheduling_input(mongo, "e", NOON)).no_shows == {"anna": {1, 2, 3}}
