"""Reads and asks in the services' stores; the running services do what is asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from distretti.devstack.errors import LocalError
from distretti.ops.services import declarations
from shared.chassis.config import Settings
from shared.chassis.dead_letters import entries, operator_actions
from shared.chassis.dead_letters.entries import Entry, NoSuchEntry
from shared.chassis.dead_letters.operator_actions import ACTS, INDEXES, Act, AlreadyAsked
from shared.chassis.mongo import Document, Mongo, ensure_indexes
from shared.chassis.runtime.service import Runtime, Service


class NotFound(LocalError):
    """No service, or nothing parked, by the name that was given."""


class Pending(LocalError):
    """The same entry was asked for before and is not done yet."""


@dataclass(frozen=True)
class Found:
    """A parked entry, its document, and what waits behind it."""

    service: Service
    entry: Entry
    document: Document
    behind: list[Entry]


@dataclass(frozen=True)
class Done:
    """How an act ended; `well` where it is as it was asked."""

    id: str
    outcome: str
    said: str
    well: bool


async def listed(settings: Settings, only: str | None, consumer: str | None, held: bool) -> list[tuple[str, Entry]]:
    """List entries of one service or of all."""
    found: list[tuple[str, Entry]] = []
    for service in _services(only):
        async with _store(service, settings) as mongo:
            found += [(service.name, entry) for entry in await entries.entries(mongo, consumer, held)]
    return found


async def listed_acts(settings: Settings, only: str | None) -> list[Document]:
    """List acts of one service or of all, the newest first."""
    found: list[Document] = []
    for service in _services(only):
        async with _store(service, settings) as mongo:
            found += [{"service": service.name, **act} for act in await operator_actions.acts(mongo)]
    return sorted(found, key=lambda act: act["_id"], reverse=True)


async def looked_at(settings: Settings, id: str, by: tuple[str, str] | None) -> Found:
    """Find an entry. `by`, who and why, is noted where people's data is shown."""
    found = await _find(settings, id)
    if by is not None:
        async with _store(found.service, settings) as mongo:
            await operator_actions.ask(mongo, "look", found.entry, found.document, *by, datetime.now(UTC))
    return found


async def rehearsed(settings: Settings, id: str) -> Done:
    """Say what a retry would do, by the code of this process; nothing is written."""
    found = await _find(settings, id)
    runtime = Runtime(found.service, settings)
    try:
        consumer = next((one for one in runtime.consumers if one.name == found.entry.consumer), None)
        if consumer is None:
            raise NotFound(f"{found.service.name} has no consumer {found.entry.consumer} any more")
        told = await consumer.rehearse(found.document)
    finally:
        runtime.mongo.close()
    return Done(found.entry.id, f"would be {told.outcome}", "; ".join(told.says), told.outcome == "applied")


async def asked(settings: Settings, act: Act, id: str, who: str, why: str, wait: float) -> Done:
    """Write what is asked, and wait up to `wait` seconds for the service to do it."""
    found = await _find(settings, id)
    async with _store(found.service, settings) as mongo:
        await ensure_indexes(mongo, {ACTS: INDEXES})
        try:
            act_id = await operator_actions.ask(mongo, act, found.entry, found.document, who, why, datetime.now(UTC))
        except AlreadyAsked:
            raise Pending(f"{found.entry.id} was asked for before and is not done yet: see `distretti parked acts`.") from None
        end = asyncio.get_running_loop().time() + wait
        while (state := await operator_actions.act_by_id(mongo, act_id))["status"] != "done":
            if asyncio.get_running_loop().time() > end:
                said = f"{found.service.name} did not do it within {wait:g} s; it will when it runs: see `distretti parked acts`"
                return Done(found.entry.id, "pending", said, False)
            await asyncio.sleep(0.05)
    return Done(found.entry.id, state["outcome"], state["said"], state["outcome"] in ("applied", "dropped"))


async def _find(settings: Settings, id: str) -> Found:
    matching: list[Found] = []
    for service in _services(None):
        async with _store(service, settings) as mongo:
            try:
                entry, document = await entries.find_entry(mongo, id)
            except NoSuchEntry as error:
                if error.count:
                    raise NotFound(str(error)) from None
                continue
            matching.append(Found(service, entry, document, [behind async for behind in entries.behind(mongo, entry)]))
    if len(matching) == 1:
        return matching[0]
    raise NotFound(f"{len(matching) or 'No'} parked events are named {id}: see `distretti parked list`.")


def _services(only: str | None) -> list[Service]:
    known = declarations()
    found = [service for service in known if only in (None, service.name)]
    if not found:
        raise NotFound(f"There is no service {only}: {', '.join(service.name for service in known)}.")
    return found


@asynccontextmanager
async def _store(service: Service, settings: Settings) -> AsyncIterator[Mongo]:
    mongo = Mongo(settings.mongo_url, settings.named(service.name), settings.mongo_timeout)
    try:
        yield mongo
    finally:
        mongo.close()
