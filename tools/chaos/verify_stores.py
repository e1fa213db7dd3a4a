"""The ledger against the databases: each aggregate at its version, and the views of other services as they must be."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from distretti.ops.services import declarations
from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.mongo import Mongo
from shared.chassis.outbox.outbox import OUTBOX, UNSENT
from shared.contracts.topics import DELIVERIES
from tools.chaos.consumer_groups import Groups
from tools.chaos.expectations import Ledger, Member
from tools.chaos.findings import Finding, Wrong

Views = Mapping[tuple[str, str], Mapping[str, Mapping[str, Any]]]
"""Fields that must be seen, by service and collection, and document."""


async def check_stores(ledger: Ledger, settings: Settings, groups: Groups) -> list[Finding]:
    """Check own states, views, positions, outboxes and waiting rooms."""
    findings: list[Finding] = []
    newest = ledger.newest()
    views = expected_views(ledger)
    for service in declarations():
        mongo = Mongo(settings.mongo_url, settings.named(service.name), settings.mongo_timeout)
        try:
            for aggregate in service.aggregates:
                stored = {document["_id"]: document["version"] async for document in mongo[aggregate.collection].find()}
                if aggregate.topic != DELIVERIES:
                    owed = {id: version for (topic, id), version in newest.items() if topic == aggregate.topic.name}
                    findings += _versions(f"{service.name}.{aggregate.collection}", owed, stored)
            for (name, collection), owed_views in views.items():
                if name == service.name:
                    seen = {document["_id"]: document async for document in mongo[collection].find()}
                    findings += compare_views(f"{name}.{collection}", owed_views, seen)
            positions = {document["_id"]: document["sequence"] async for document in mongo[POSITIONS].find()}
            findings += _positions(newest, groups[service.name], positions)
            async for document in mongo[OUTBOX].find(UNSENT):
                findings.append(Finding("stuck", f"{service.name}.{OUTBOX}", f"{document['topic']} {document['key']}"))
            async for entry in mongo[WAITING].find():
                what = f"{entry['_id']}: {entry['kind']}, {entry['reason']}"
                findings.append(Finding("stuck", f"{service.name}.{WAITING}", what))
        finally:
            mongo.close()
    return findings


def expected_views(ledger: Ledger) -> Views:
    """Say what each service must have heard of the others."""
    members = ledger.members
    return {
        ("matching", "members"): {id: _profile(member) for id, member in members.items()},
        ("events", "members"): {id: {"name": member.name, "status": member.status} for id, member in members.items()},
        ("notifications", "known_members"): {id: {"name": each.name, "status": each.status} for id, each in members.items()},
        ("notifications", "known_contacts"): {id: {"email": each.email} for id, each in members.items() if each.email},
        ("events", "introductions"): {id: {"introduced": made} for id, made in ledger.introductions.items()},
        ("events", "districts"): {id: {} for id in ledger.districts},
        ("notifications", "known_brokerage"): {id: {"status": status} for id, status in ledger.brokerage.items()},
    }


def _profile(member: Member) -> dict[str, Any]:
    parts = {"offers": set(member.offers), "needs": set(member.needs)}
    return {"status": member.status, "profile": {"summary": member.summary}, **parts}


def compare_views(place: str, owed: Mapping[str, Mapping[str, Any]], seen: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Compare the fields that are owed; a set is compared with the keys that are there."""
    for id in seen.keys() - owed.keys():
        yield Finding("duplicated", f"{place} {id}", "it follows from no command")
    for id, fields in owed.items():
        if id not in seen:
            yield Finding("lost", f"{place} {id}", "it was never heard of")
            continue
        for name, value in fields.items():
            yield from _compare(f"{place} {id} {name}", value, seen[id].get(name))


def _compare(place: str, owed: Any, seen: Any) -> Iterator[Finding]:
    if isinstance(owed, set):
        there = set(seen or ())
        yield from (Finding("duplicated", place, f"{part} is there and should be gone") for part in there - owed)
        yield from (Finding("lost", place, f"{part} is not there") for part in owed - there)
    elif isinstance(owed, dict):
        for name, value in owed.items():
            yield from _compare(f"{place}.{name}", value, (seen or {}).get(name))
    elif owed != seen:
        yield Finding("lost", place, f"it should be {owed!r} and is {seen!r}")


def _versions(place: str, owed: Mapping[str, int], stored: Mapping[str, int]) -> Iterator[Finding]:
    for id in sorted(owed.keys() | stored.keys()):
        wanted, there = owed.get(id, 0), stored.get(id, 0)
        if there < wanted:
            yield Finding("lost", f"{place} {id}", f"version {wanted} was acknowledged, {there} is stored")
        elif there > wanted:
            yield Finding("duplicated", f"{place} {id}", f"version {wanted} was acknowledged, {there} is stored")


def _positions(
    newest: Mapping[tuple[str, str], int], groups: Mapping[str, Sequence[Any]], positions: Mapping[str, int]
) -> Iterator[Finding]:
    """Every inbox must have come to the newest version of every aggregate it hears of."""
    for group, topics in groups.items():
        names = {topic.name for topic in topics}
        for (topic, id), version in newest.items():
            reached = positions.get(f"{group}|{topic}|{id}", 0)
            if topic in names and reached != version:
                wrong: Wrong = "lost" if reached < version else "duplicated"
                yield Finding(wrong, f"{group} {topic} {id}", f"it has applied {reached} of {version}")
