"""Operators' access to dead letters: read from the services' stores; actions are requested there and executed by the services."""

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
from shared.chassis.dead_letters.operator_actions import ACTIONS, INDEXES, Action, ActionPending
from shared.chassis.mongo import Document, Mongo, ensure_indexes
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service


class NotFound(LocalError):
    """No service or dead letter has this name."""


class Pending(LocalError):
    """An action on the same entry is pending."""


@dataclass(frozen=True)
class DeadLetter:
    """An entry, its stored document, and the events held behind it."""

    service: Service
    entry: Entry
    document: Document
    behind: list[Entry]


@dataclass(frozen=True)
class Request:
    """An action that an operator requests, and the reason for it."""

    act: Action
    operator: str
    reason: str


@dataclass(frozen=True)
class Result:
    """How an action ended. `successful`: the requested outcome."""

    id: str
    outcome: str
    detail: str
    successful: bool


async def list_entries(settings: Settings, only: str | None, consumer: str | None, held: bool) -> list[tuple[str, Entry]]:
    """Entries of one service or of all, each with its service; with `held`, also held events."""
    listed: list[tuple[str, Entry]] = []
    for service in _services(only):
        async with _store(service, settings) as mongo:
            listed += [(service.name, entry) for entry in await entries.entries(mongo, consumer, held)]
    return listed


async def list_actions(settings: Settings, only: str | None) -> list[Document]:
    """Actions of one service or of all, the newest first."""
    actions: list[Document] = []
    for service in _services(only):
        async with _store(service, settings) as mongo:
            actions += [{"service": service.name, **act} for act in await operator_actions.list_actions(mongo)]
    return sorted(actions, key=lambda act: act["_id"], reverse=True)


async def show(settings: Settings, id: str, access: tuple[str, str] | None) -> DeadLetter:
    """One entry. `access`, operator and reason, is recorded where personal data is shown."""
    dead_letter = await _find(settings, id)
    if access is not None:
        async with _store(dead_letter.service, settings) as mongo:
            await operator_actions.request_action(
                mongo, "look", dead_letter.entry, dead_letter.document, *access, datetime.now(UTC)
            )
    return dead_letter


async def dry_run(settings: Settings, id: str) -> Result:
    """What a retry would do, by the code of this process. Nothing is written."""
    dead_letter = await _find(settings, id)
    name, entry = dead_letter.service.name, dead_letter.entry
    runtime = Runtime(dead_letter.service, settings)
    try:
        consumer = next((consumer for consumer in runtime.consumers if consumer.name == entry.consumer), None)
        if consumer is None:
            raise NotFound(f"{name} has no consumer {entry.consumer} any more")
        outcome = await consumer.dry_run(dead_letter.document)
    finally:
        runtime.mongo.close()
    return Result(entry.id, f"would be {outcome.outcome}", "; ".join(outcome.effects), outcome.outcome == "applied")


async def request_action(settings: Settings, request: Request, id: str, wait: float) -> Result:
    """Request an action and wait up to `wait` seconds for the service to execute it. Raises Pending."""
    dead_letter = await _find(settings, id)
    entry, document = dead_letter.entry, dead_letter.document
    async with _store(dead_letter.service, settings) as mongo:
        await ensure_indexes(mongo, {ACTIONS: INDEXES})
        try:
            now = datetime.now(UTC)
            act_id = await operator_actions.request_action(
                mongo, request.act, entry, document, request.operator, request.reason, now
            )
        except ActionPending:
            raise Pending(f"{entry.id} has a pending action: see `distretti dead-letters acts`.") from None
        end = asyncio.get_running_loop().time() + wait
        while (state := await operator_actions.find_action(mongo, act_id))["status"] != "done":
            if asyncio.get_running_loop().time() > end:
                detail = (
                    f"{dead_letter.service.name} did not execute it within {wait:g} s; it will when it runs: "
                    "see `distretti dead-letters acts`"
                )
                return Result(entry.id, "pending", detail, False)
            await asyncio.sleep(0.05)
    return Result(entry.id, state["outcome"], state["said"], state["outcome"] in ("applied", "dropped"))


async def _find(settings: Settings, id: str) -> DeadLetter:
    matching: list[DeadLetter] = []
    for service in _services(None):
        async with _store(service, settings) as mongo:
            try:
                entry, document = await entries.find_entry(mongo, id)
            except NoSuchEntry as error:
                if error.count:
                    raise NotFound(str(error)) from None
                continue
            matching.append(DeadLetter(service, entry, document, [held async for held in entries.behind(mongo, entry)]))
    if len(matching) == 1:
        return matching[0]
    raise NotFound(f"{len(matching) or 'No'} dead letters are named {id}: see `distretti dead-letters list`.")


def _services(only: str | None) -> list[Service]:
    services = declarations()
    chosen = [service for service in services if only in (None, service.name)]
    if not chosen:
        raise NotFound(f"There is no service {only}: {', '.join(service.name for service in services)}.")
    return chosen


@asynccontextmanager
async def _store(service: Service, settings: Settings) -> AsyncIterator[Mongo]:
    mongo = Mongo(settings.mongo_url, settings.named(service.name), settings.mongo_timeout)
    try:
        yield mongo
    finally:
        mongo.close()
