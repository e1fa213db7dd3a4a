"""Makes a brokerage event of a scheduling instance, through the public API. The same one again changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from distretti.client.api import Client, Refused
from distretti.client.members import import_lines, open_districts
from distretti.importers.dzn_event import Instance

EVENTS = "/events/v1/brokerage-events"
PATIENCE_SECONDS = 60
"""How long a new district or member may be unknown to the other services."""
NOT_HEARD = {"district", "member-not-approved"}

Begin = Callable[[str, int], Callable[[int], None]]


async def make_event(client: Client, instance: Instance, begin: Begin) -> str:
    """Import the members, announce the event, register all and agree on the meetings; return the event's id.

    Raises Refused, above all where another event has this id.
    """
    ids = await _members(client, instance, begin("members", len(instance.members)))
    event: str = (await _once_known(lambda: client.post(EVENTS, instance.event)))["id"]
    await client.post(f"{EVENTS}/{event}/open")

    async def register(number: str) -> None:
        body = {"member_id": ids[number], "unavailable": instance.unavailable[number]}
        await _once_known(lambda: client.post(f"{EVENTS}/{event}/registrations", body))

    async def agree(pair: tuple[str, str]) -> None:
        by, towards = (ids[number] for number in pair)
        for one, other in ((by, towards), (towards, by)):  # asking back is accepting
            await client.post(f"{EVENTS}/{event}/meetings", {"by": one, "towards": other, "mode": "b2b"})

    await _each(register, instance.members, begin("registrations", len(instance.members)))
    await _each(agree, instance.pairs, begin("meetings", len(instance.pairs)))
    return event


async def _members(client: Client, instance: Instance, step: Callable[[int], None]) -> dict[str, str]:
    """Import the members; return their ids by their number in the instance."""
    await open_districts(client)
    lines = [line.model_dump_json() for line in instance.members.values()]
    imported = await import_lines(client, lines, step)
    if imported.refused:
        raise RuntimeError(f"members were refused: {imported.refused[:3]}")
    of_name = {name: id for id, name in imported.members.items()}
    return {number: of_name[line.name] for number, line in instance.members.items()}


async def _each(do: Callable[[Any], Awaitable[None]], items: Iterable[Any], step: Callable[[int], None]) -> None:
    async def one(item: Any) -> None:
        await do(item)
        step(1)

    await asyncio.gather(*(one(item) for item in items))


async def _once_known(command: Callable[[], Awaitable[Any]]) -> Any:
    """Do a command again while the service has not heard yet of the district, or that the member was approved."""
    end = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        try:
            return await command()
        except Refused as refused:
            if not refused.rules & NOT_HEARD or asyncio.get_running_loop().time() > end:
                raise
        await asyncio.sleep(0.2)
