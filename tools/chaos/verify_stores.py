"""Verifies databases against the ledger: versions of aggregates, read models, positions, outboxes, held events."""

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
from tools.chaos.findings import Finding, Violation

Views = Mapping[tuple[str, str], Mapping[str, Mapping[str, Any]]]
"""Expected fields by (service, collection) and document."""


async def check_stores(ledger: Ledger, settings: Settings, groups: Groups) -> list[Finding]:
    """Check aggregates, read models, positions, outboxes and held events of every service."""
    findings: list[Finding] = []
    newest = ledger.newest()
    views = expected_views(ledger)
    for service in declarations():
        mongo = Mongo(settings.mongo_url, settings.named(service.name), settings.mongo_timeout)
        try:
            for aggregate in service.aggregates:
                stored = {document["_id"]: document["version"] async for document in mongo[aggregate.collection].find()}
                if aggregate.topic != DELIVERIES:
                    expected = {id: version for (topic, id), version in newest.items() if topic == aggregate.topic.name}
                    findings += _versions(f"{service.name}.{aggregate.collection}", expected, stored)
            for (name, collection), view in views.items():
                if name == service.name:
                    documents = {document["_id"]: document async for document in mongo[collection].find()}
                    findings += compare_views(f"{name}.{collection}", view, documents)
            positions = {document["_id"]: document["sequence"] async for document in mongo[POSITIONS].find()}
            findings += _positions(newest, groups[service.name], positions)
            async for document in mongo[OUTBOX].find(UNSENT):
                findings.append(Finding("stuck", f"{service.name}.{OUTBOX}", f"{document['topic']} {document['key']}"))
            async for entry in mongo[WAITING].find():
                description = f"{entry['_id']}: {entry['kind']}, {entry['reason']}"
                findings.append(Finding("stuck", f"{service.name}.{WAITING}", description))
        finally:
            mongo.close()
    return findings


def expected_views(ledger: Ledger) -> Views:
    """What each service's read models must hold of the other services' aggregates."""
    members = ledger.members
    return {
        ("matching", "members"): {id: _profile(member) for id, member in members.items()},
        ("events", "members"): {id: {"name": member.name, "status": member.status} for id, member in members.items()},
        ("notifications", "known_members"): {id: {"name": member.name, "status": member.status} for id, member in members.items()},
        ("notifications", "known_contacts"): {id: {"email": member.email} for id, member in members.items() if member.email},
        ("events", "introductions"): {id: {"introduced": introduced} for id, introduced in ledger.introductions.items()},
        ("events", "districts"): {id: {} for id in ledger.districts},
        ("notifications", "known_brokerage"): {id: {"status": status} for id, status in ledger.brokerage.items()},
    }


def _profile(member: Member) -> dict[str, Any]:
    parts = {"offers": set(member.offers), "needs": set(member.needs)}
    return {"status": member.status, "profile": {"summary": member.summary}, **parts}


def compare_views(
    collection: str, expected: Mapping[str, Mapping[str, Any]], documents: Mapping[str, Mapping[str, Any]]
) -> Iterator[Finding]:
    """Compare the expected fields; a set is compared with the keys of a stored mapping."""
    for id in documents.keys() - expected.keys():
        yield Finding("duplicated", f"{collection} {id}", "it results from no command")
    for id, fields in expected.items():
        if id not in documents:
            yield Finding("lost", f"{collection} {id}", "the document is missing")
            continue
        for name, value in fields.items():
            yield from _compare(f"{collection} {id} {name}", value, documents[id].get(name))


def _compare(location: str, expected: Any, actual: Any) -> Iterator[Finding]:
    if isinstance(expected, set):
        parts = set(actual or ())
        yield from (Finding("duplicated", location, f"{part} is present and must not be") for part in parts - expected)
        yield from (Finding("lost", location, f"{part} is missing") for part in expected - parts)
    elif isinstance(expected, dict):
        for name, value in expected.items():
            yield from _compare(f"{location}.{name}", value, (actual or {}).get(name))
    elif expected != actual:
        yield Finding("lost", location, f"expected {expected!r}, is {actual!r}")


def _versions(collection: str, acknowledged: Mapping[str, int], stored: Mapping[str, int]) -> Iterator[Finding]:
    for id in sorted(acknowledged.keys() | stored.keys()):
        expected, actual = acknowledged.get(id, 0), stored.get(id, 0)
        if expected != actual:
            violation: Violation = "lost" if actual < expected else "duplicated"
            yield Finding(violation, f"{collection} {id}", f"version {expected} was acknowledged, {actual} is stored")


def _positions(
    newest: Mapping[tuple[str, str], int], groups: Mapping[str, Sequence[Any]], positions: Mapping[str, int]
) -> Iterator[Finding]:
    """Every consumer must have applied the newest version of every aggregate of its topics."""
    for group, topics in groups.items():
        names = {topic.name for topic in topics}
        for (topic, id), version in newest.items():
            reached = positions.get(f"{group}|{topic}|{id}", 0)
            if topic in names and reached != version:
                violation: Violation = "lost" if reached < version else "duplicated"
                yield Finding(violation, f"{group} {topic} {id}", f"it has applied {reached} of {version}")
