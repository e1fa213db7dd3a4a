"""Whether an agenda is current: until anything changes that it was computed from."""

from dataclasses import replace

from services.events.computation.problem_builder import digest_of
from services.events.computation.queries import is_current
from services.events.computation.scheduling_input import read_scheduling_input
from shared.chassis.mongo import Mongo
from tests.events.computation.factories import agreed, newest, registered
from tests.events.factories import MORNING, event_state
from tests.events.stored import put_agenda, put_event, put_meetings, put_registrations


async def test_an_agenda_is_current_until_somebody_agrees_or_takes_part_otherwise(mongo: Mongo) -> None:
    await put_event(mongo, event_state())
    await put_meetings(mongo, agreed("m", ("anna", "bruno")))
    await put_registrations(mongo, registered("anna"), registered("bruno"))
    assert await is_current(mongo, "e", MORNING) is None, "there is none"
    digest = digest_of(await read_scheduling_input(mongo, "e", MORNING))
    for input in (digest, f"minimise_gaps:{digest}", f"restored:3:{digest}"):
        await put_agenda(mongo, replace(newest({}), input=input))
        assert await is_current(mongo, "e", MORNING) is True
    await put_event(mongo, event_state(venue="Massa"))
    assert await is_current(mongo, "e", MORNING) is True, "a venue is no matter of the agenda"

    await put_registrations(mongo, registered("bruno", unavailable=(2,)))
    assert await is_current(mongo, "e", MORNING) is False
    await put_registrations(mongo, registered("bruno"))
    assert await is_current(mongo, "e", MORNING) is True, "as it was"
    await put_meetings(mongo, agreed("n", ("anna", "carla")))
    assert await is_current(mongo, "e", MORNING) is False
