"""What the rules of a meeting know beside its state: who is registered, whom they send, and who does not want to meet."""

from dataclasses import replace

from services.events.meeting.read_context import SpokenFor, read_context
from services.events.meeting.rules.context import Place
from services.events.meeting.rules.wishes import Overrides
from services.events.meeting.state import Meeting
from services.events.projections import INTRODUCTIONS
from services.events.rows import Introduction
from shared.chassis.mongo import Mongo
from shared.contracts.events import Preference
from tests.events.computation.factories import agreed, appointed, registered
from tests.events.factories import MORNING, event_state
from tests.events.stored import put_event, put_meetings, put_member, put_registrations

MEMBERS = ("anna", "bruno", "carla", "dora")
NO_THANKS, MUST = (Preference(member_id="anna", wish=wish) for wish in ("no-thanks", "must"))


async def test_registrations_are_read_as_who_requests_meets_them(mongo: Mongo) -> None:
    event = await put_event(mongo, event_state())
    await put_registrations(
        mongo,
        registered("anna", ["r1", "r2"]),
        registered("bruno", preferences=(NO_THANKS,), unavailable=(2,)),
        registered("carla", preferences=(MUST,), unavailable=(1,)),
        registered("dora", status="withdrawn"),
        registered("elio"),
    )
    await put_member(mongo, "elio", "withdrawn")
    requested = replace(agreed("m", ("anna", "bruno")).state, slot=2)
    place = Place(1, ("anna:r1", "bruno"))
    context = await read_context(mongo, event, (*MEMBERS, "elio"), MORNING, place=place, request_seen=requested, by_manager=True)
    assert context.registered == {"anna", "bruno", "carla"}, "who withdrew, or left the registry, is not"
    assert context.people == {"anna": ("anna:r1", "anna:r2")}
    assert (context.unwilling, context.unavailable, context.by_manager) == ({"bruno"}, {"bruno"}, True)
    assert (context.place, context.now, context.introduction) == (place, MORNING, None)
    back = await read_context(mongo, event, ("bruno", "anna"), MORNING, place=None, request_seen=None)
    assert (back.unwilling, back.unavailable) == (frozenset(), frozenset()), "who does not want to be asked may ask"


async def test_for_a_manager_that_speaks_for_a_side_its_other_meetings_are_read(mongo: Mongo) -> None:
    event = await put_event(mongo, event_state())
    await put_registrations(
        mongo, registered("anna"), registered("bruno", most_meetings=1, min_break=1, unavailable=(2, 3)), registered("carla")
    )
    met = agreed("other", ("bruno", "carla"))
    await put_meetings(mongo, replace(met, state=replace(met.state, event_id="e", appointment=appointed(1, 1, ("bruno", "carla")))))
    requested = replace(agreed("m", ("anna", "bruno")).state, slot=2)

    async def obstacles(slot: int | None, seen: Meeting | None, place: Place | None = None) -> list[frozenset[str]]:
        spoken_for = SpokenFor("bruno", slot, (), Overrides(override_wishes=True))
        pair = ("bruno", "anna")
        context = await read_context(mongo, event, pair, MORNING, place=place, request_seen=seen, spoken_for=spoken_for)
        assert context.in_name_of == spoken_for.overrides
        return [context.unavailable, context.at_limit, context.without_break]

    bruno = frozenset({"bruno"})
    assert await obstacles(None, requested, Place(1, ("anna", "bruno"))) == [bruno, bruno, bruno]
    assert await obstacles(2, None) == [bruno, bruno, bruno]
    assert await obstacles(3, requested, Place(1, ("anna", "bruno"))) == [bruno, bruno, frozenset()], "a request for another slot"
    assert await obstacles(None, None) == [frozenset()] * 3


async def test_the_introduction_that_a_request_names_is_read(mongo: Mongo) -> None:
    event = await put_event(mongo, event_state())
    made = Introduction(("anna", "bruno"), "b2b", introduced=True)
    await mongo[INTRODUCTIONS.collection].insert_one({"_id": "i", **INTRODUCTIONS.dump(made)})
    for id, introduction in (("i", made), ("other", None), (None, None)):
        context = await read_context(mongo, event, ("anna", "bruno"), MORNING, place=None, request_seen=None, introduction_id=id)
        assert context.introduction == introduction
