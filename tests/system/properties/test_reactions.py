"""Every reaction has each effect once, however its topics are delivered and whoever else takes the same events."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.events.brokerage.aggregate import BROKERAGE
from services.notifications import projections
from services.notifications.broadcasts.ledger import BROADCASTS
from services.notifications.broadcasts.worker import Broadcaster
from services.notifications.main import SERVICE
from services.notifications.messages.ledger import MESSAGES
from services.registry.member import rules
from services.registry.member.aggregate import MEMBER
from shared.chassis.audit.compare import canonical, first_difference
from shared.chassis.config import Settings
from shared.chassis.inbox.handler import Handler
from shared.chassis.inbox.message import Received
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.projections.handler import ProjectionHandler
from shared.chassis.reactions.handler import ReactionHandler
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.contracts.registry import MemberProfileRevised, Profile
from tests.chassis.sample_service import GREETER, GREETING
from tests.events.factories import announced, member
from tests.system.properties.event_histories import Disorder, disorders, histories, on
from tests.system.properties.example_counts import examples
from tests.system.properties.in_memory_delivery import Ground, deliver, everywhere, ground, until_done
from tests.system.properties.in_memory_world import MORNING, PublishedEvent, received

MOST_REDRIVES = 50


class ServiceConsumers:
    """A service's consumers, several of each, on a database of their own."""

    def __init__(self, service: Service, settings: Settings, stage: Ground) -> None:
        # Never started: nothing here talks to Kafka.
        self.runtime = Runtime(service, settings, clock=lambda: MORNING + timedelta(hours=1))
        self.stage = stage
        self.service = service

    def handlers(self) -> list[Handler]:
        runtime = self.runtime
        return [
            *(
                ProjectionHandler(runtime.mongo, projection, runtime.clock, runtime.metrics)
                for projection in self.service.projections
            ),
            *(
                ReactionHandler(runtime.write, reaction, runtime.clock, runtime.metrics, runtime.tracer)
                for reaction in self.service.reactions(runtime)
            ),
        ]

    async def consume(self, history: Sequence[Received], mix: Sequence[Disorder | None]) -> None:
        """Hand all of it to every consumer, once for each of `mix`, all at once; then redrive until nothing awaits."""
        groups = [(handler, disorder) for disorder in mix for handler in self.handlers()]
        work = []
        for handler, disorder in groups:
            events = on(handler.topics, history)
            batches = disorder.of(events) if disorder else [[event] for event in events]
            work.append(deliver(handler, batches, redrive=True))
        await asyncio.gather(*work)
        for _ in range(MOST_REDRIVES):
            for handler, _ in groups:
                await until_done(lambda handler=handler: handler.redrive(everywhere(handler)))  # type: ignore[misc]
            if not await self.runtime.mongo["waiting"].count_documents({}):
                break
        for worker in self.runtime.workers:
            while isinstance(worker, Broadcaster) and await worker.round():
                pass

    async def sent(self) -> int:
        """How many events the commands emitted."""
        return int(await self.runtime.mongo[OUTBOX].count_documents({}))

    async def outcome(self, *collections: str) -> dict[str, Any]:
        """What is in these collections, where every consumer stands, and what still waits."""
        outcome = {name: {doc["_id"]: doc async for doc in self.runtime.mongo[name].find()} for name in collections}
        names = [handler.name for handler in self.handlers()]
        return canonical(
            outcome
            | {f"positions of {name}": await self.stage.positions(name) for name in names}
            | {
                f"waiting for {name}": {str(document["_id"]): document for document in await self.stage.waiting(name)}
                for name in names
            }
        )


def stage(settings: Settings, service: Service, run: Callable[[Any], Any], *collections: str) -> ServiceConsumers:
    own = run(ground(settings, service.name, *collections))

    async def made() -> ServiceConsumers:
        return ServiceConsumers(service, settings, own)

    return run(made())


def required_outcome(outcome: dict[str, Any]) -> dict[str, Any]:
    """What must be the same. Who left is told of an event or not, by which was heard first."""
    left = {id for id, member in outcome[projections.MEMBERS.collection].items() if member["status"] != "approved"}
    to_all = {broadcast["cause"] for broadcast in outcome[BROADCASTS].values()}
    required = {
        id: message
        for id, message in outcome[MESSAGES].items()
        if not (message["cause"] in to_all and message["recipient"] in left)
    }
    return {**outcome, MESSAGES: required}


def test_any_delivery_enters_each_message_once(settings: Settings) -> None:
    with asyncio.Runner() as runner:
        run = runner.run
        consumers = stage(settings, SERVICE, run, MESSAGES, BROADCASTS)
        collections = (
            MESSAGES,
            BROADCASTS,
            *(projection.collection for projection in (projections.MEMBERS, projections.CONTACTS, projections.BROKERAGE)),
        )

        @examples(usual=5, extended=80)
        @given(histories(), st.lists(disorders, min_size=1, max_size=2))
        def hold(history: list[Received], mix: list[Disorder]) -> None:
            run(consumers.stage.clear())
            run(consumers.consume(history, [None]))
            plain = required_outcome(run(consumers.outcome(*collections)))
            assert plain[MESSAGES], "the members of the prologue are welcomed"
            run(consumers.stage.clear())
            run(consumers.consume(history, mix))
            assert first_difference(required_outcome(run(consumers.outcome(*collections))), plain) is None

        hold()


def greeted(revisions: Sequence[int]) -> list[Received]:
    """Members that are approved and revise their profiles, one of them late; and the fair that the late one waits for."""
    events_of_all = []
    for number, count in enumerate(revisions):
        id = f"late{number}" if number == 0 else f"m{number}"
        events: list[Any] = list(rules.admit(None, member(id), {}, {}))
        events += [MemberProfileRevised(profile=Profile(summary=str(number))) for number in range(count)]
        events_of_all += [PublishedEvent(MEMBER, id, sequence, event) for sequence, event in enumerate(events, 1)]
    events_of_all.append(PublishedEvent(BROKERAGE, "fair", 1, announced()))
    return [received(event, number) for number, event in enumerate(events_of_all, 1)]


def test_any_delivery_does_each_command_once(settings: Settings) -> None:
    with asyncio.Runner() as runner:
        run = runner.run
        consumers = stage(settings, GREETER, run, GREETING.collection)

        @examples(usual=5, extended=80)
        @given(st.lists(st.integers(0, 2), min_size=1, max_size=3), st.lists(disorders, min_size=1, max_size=2))
        def hold(revisions: list[int], mix: list[Disorder]) -> None:
            run(consumers.stage.clear())
            run(consumers.consume(greeted(revisions), mix))
            outcome = run(consumers.outcome(GREETING.collection))
            counts = {id: document["state"]["greetings"] for id, document in outcome[GREETING.collection].items()}
            assert counts.pop("everybody") == len(revisions)
            assert set(counts.values()) == {1}
            assert len(counts) == len(revisions)
            assert not any(waiting for name, waiting in outcome.items() if name.startswith("waiting"))
            assert run(consumers.sent()) == 2 * len(revisions)

        hold()
