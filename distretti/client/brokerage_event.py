"""Creates a brokerage event from a scheduling instance, through the public API. Idempotent."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from distretti.client.api import Client, Refused
from distretti.client.members import import_lines, open_districts
from distretti.importers.dzn_event import Instance
from shared.chassis.progress import Advance, Begin

EVENTS = "/events/v1/brokerage-events"
PATIENCE_SECONDS = 60
"""How long a new district or member may be unknown to the other services."""
NOT_YET_PROJECTED = {"district", "member-not-approved"}


async def make_event(client: Client, instance: Instance, begin: Begin) -> str:
    """Import the members, announce the event, register all members and accept all meetings; return the event's id.

    Raises Refused, for example where another event has this id.
    """
    ids = await _import_members(client, instance, begin("members", len(instance.members)))
    brokerage_event: str = (await _retry_until_projected(lambda: client.post(EVENTS, instance.brokerage_event)))["id"]
    await client.post(f"{EVENTS}/{brokerage_event}/open")

    async def register(number: str) -> None:
        body = {"member_id": ids[number], "unavailable": instance.unavailable[number]}
        await _retry_until_projected(lambda: client.post(f"{EVENTS}/{brokerage_event}/registrations", body))

    async def accept(pair: tuple[str, str]) -> None:
        first, second = (ids[number] for number in pair)
        for by, towards in ((first, second), (second, first)):  # a request in the other direction accepts the meeting
            await client.post(f"{EVENTS}/{brokerage_event}/meetings", {"by": by, "towards": towards, "mode": "b2b"})

    await _for_each(register, instance.members, begin("registrations", len(instance.members)))
    await _for_each(accept, instance.pairs, begin("meetings", len(instance.pairs)))
    return brokerage_event


async def _import_members(client: Client, instance: Instance, step: Advance) -> dict[str, str]:
    """Import the members; return their ids by their number in the instance."""
    await open_districts(client)
    lines = [line.model_dump_json() for line in instance.members.values()]
    imported = await import_lines(client, lines, step)
    if imported.refused:
        raise RuntimeError(f"members were refused: {imported.refused[:3]}")
    of_name = {name: id for id, name in imported.members.items()}
    return {number: of_name[line.name] for number, line in instance.members.items()}


async def _for_each(do: Callable[[Any], Awaitable[None]], items: Iterable[Any], step: Advance) -> None:
    async def do_and_step(item: Any) -> None:
        await do(item)
        step(1)

    await asyncio.gather(*(do_and_step(item) for item in items))


async def _retry_until_projected(command: Callable[[], Awaitable[Any]]) -> Any:
    """Retry a command while the service's projections do not have the district or the member's approval yet."""
    end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        try:
            return await command()
        except Refused as refused:
            if not refused.rules & NOT_YET_PROJECTED or asyncio.get_running_loop().time() > end:
                raise
        await asyncio.sleep(0.2)
