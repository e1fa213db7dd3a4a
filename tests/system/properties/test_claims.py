"""Whatever commands come at once: a claim has one holder, and follows from the states; every event is in the outbox."""

import asyncio
import itertools
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules import publication as agendas
from services.registry.member import rules
from services.registry.member.aggregate import MEMBER
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.errors import Refusal
from shared.chassis.mongo import Document
from shared.chassis.outbox.cause import Cause
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.writes.aggregate import Aggregate
from shared.chassis.writes.claims import CLAIMS, holders
from shared.chassis.writes.write_path import WritePath
from shared.contracts.events import AgendaPublished, Placement
from shared.contracts.registry import Identifier, MemberApplied, Place, Profile
from tests.events.factories import event_state
from tests.system.properties.example_counts import examples
from tests.system.properties.in_memory_delivery import Ground, ground

AGGREGATES: tuple[Aggregate[Any], ...] = (MEMBER, AGENDA)
CAUSE = Cause("test")
Command = tuple[Aggregate[Any], str, Any]

numbers = st.lists(st.sampled_from(["1", "2", "3"]), min_size=1, max_size=2)
scheme = st.sampled_from(["vat", "vat", "name", "fiscal-code", "pic"])


@st.composite
def member_commands(draw: st.DrawFn) -> Command:
    """A few organisations want the same identifiers, give them up, and want them again."""
    id = draw(st.sampled_from(["m1", "m2", "m3", "m4"]))
    rule = draw(st.sampled_from([rules.approve, rules.refuse, rules.withdraw, rules.apply, rules.admit, rules.admit, rules.admit]))
    if rule is rules.approve:
        return MEMBER, id, rules.approve
    if rule in (rules.refuse, rules.withdraw):
        return MEMBER, id, lambda state: rule(state, "why")
    identifiers = tuple(Identifier(scheme=draw(scheme), value=value) for value in draw(numbers))
    applied = MemberApplied(
        name=id, kind="sme", identifiers=identifiers, districts=("marble",), place=Place(country="IT"), profile=Profile()
    )
    return MEMBER, id, lambda state: rules.apply(state, applied) if rule is rules.apply else rules.admit(state, applied, {}, {})


@st.composite
def agenda_commands(draw: st.DrawFn) -> Command:
    """Versions of two events' agendas with the same people at the same tables."""
    id = draw(st.sampled_from(["e1", "e2"]))
    pairs = st.sampled_from([("anna", "bruno"), ("bruno", "carla"), ("carla", "dora")])
    place = st.builds(Placement, meeting_id=st.just("m"), members=pairs, slot=st.integers(1, 3), table=st.integers(1, 2))
    placements = tuple(draw(st.lists(place, max_size=3)))
    input = draw(st.sampled_from("abcd"))
    made = AgendaPublished(event_id=id, placements=placements, status="optimal", breaks=0, bound=0, input=input)
    return AGENDA, id, lambda state: agendas.publish(state, made, event_state())


commands = st.lists(member_commands() | agenda_commands(), min_size=2, max_size=24)


async def do(write: WritePath, command: Command) -> None:
    aggregate, id, decide = command
    try:
        await write.execute(aggregate, id, decide, CAUSE)
    except Refusal:
        return


async def look(stage: Ground, collection: str) -> list[Document]:
    return await stage.mongo[collection].find().sort("_id", 1).to_list(None)


async def check(stage: Ground) -> None:
    """Claims are those of the states, shared only by those told apart; each aggregate's events are dense and tell its state."""
    expected: dict[str, list[str]] = {}
    sharing: dict[str, list[Any]] = {}
    events: dict[tuple[str, str], list[Document]] = {}
    for sent in await look(stage, OUTBOX):
        events.setdefault((sent["topic"], sent["key"]), []).append(sent)
    for aggregate in AGGREGATES:
        for document in await look(stage, aggregate.collection):
            state = aggregate.read(document).state
            for claim in set(aggregate.claims(document["_id"], state)):
                assert claim not in expected, f"{claim} is held by {expected[claim]} and {document['_id']}"
                expected[claim] = [document["_id"]]
            for claim in set(aggregate.shared_claims(document["_id"], state)):
                assert all(aggregate.distinct(state, sharer) for sharer in sharing.get(claim, ())), f"{claim} is shared by the same"
                sharing.setdefault(claim, []).append(state)
                expected.setdefault(claim, []).append(document["_id"])
            emitted = events.pop((aggregate.topic.name, document["_id"]))
            assert [event["sequence"] for event in emitted] == list(range(1, document["version"] + 1))
            assert all(event["_id"] < following["_id"] for event, following in itertools.pairwise(emitted))
    assert not events, "an event of an aggregate that is not there"
    held = await look(stage, CLAIMS)
    assert {claim["_id"]: sorted(holders(claim)) for claim in held} == expected
    assert max(Counter(claim["_id"] for claim in held).values(), default=1) == 1


def test_commands_at_once_never_break_a_claim(settings: Settings) -> None:
    with asyncio.Runner() as runner:
        stage = runner.run(ground(settings, "claims", *(aggregate.collection for aggregate in AGGREGATES)))
        replicas = [WritePath(stage.mongo, "/distretti/claims", utc_now, lambda _: None) for _ in range(2)]

        async def at_once(commands: list[Command]) -> None:
            await stage.clear()
            await asyncio.gather(*(do(replicas[number % 2], command) for number, command in enumerate(commands)))
            await check(stage)

        @examples(usual=12, extended=200)
        @given(commands)
        def hold(batch: list[Command]) -> None:
            runner.run(at_once(batch))

        hold()
        stage.mongo.close()
