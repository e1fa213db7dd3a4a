"""What shortlists are made of: approved members, and what each knows of others from dealing with them."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import permutations

from services.matching.projections.interactions import MEETINGS_SEEN, STANDS
from services.matching.projections.meetings_held import CLOSINGS, held_at, is_told
from services.matching.projections.members import PROFILES
from services.matching.ranking import Member, member_from_view
from services.matching.ranking.rules.past_interactions import Interaction
from shared.chassis.mongo import Document, Mongo, Session
from shared.chassis.projections.projection import DIRTY

Marks = Mapping[str, str]
"""What changed, a member or an aggregate that names members, and the event that last did it."""
Known = Mapping[str, tuple[Interaction, ...]]
"""Dealings by who looks."""


@dataclass(frozen=True)
class Inputs:
    """Members and dealings at one moment."""

    members: Mapping[str, Member]
    known: Known

    @property
    def interactions(self) -> Iterable[Interaction]:
        """All dealings."""
        return (interaction for some in self.known.values() for interaction in some)


@dataclass(frozen=True)
class Change:
    """Inputs after some marks: whose profile is another one, and who dealt with somebody."""

    inputs: Inputs
    profiles: frozenset[str]
    dealt: frozenset[str]


async def read_all(mongo: Mongo) -> tuple[Marks, Inputs]:
    """Read the marks and everything, as they were at one moment."""
    async with mongo.snapshot() as session:
        return await _marks(mongo, session), await read_inputs(mongo, session)


async def read_inputs(mongo: Mongo, session: Session) -> Inputs:
    """Read everything that lists are made of."""
    views = mongo[PROFILES.collection].find({"status": "approved"}, session=session)
    members = {view["_id"]: member_from_view(view["_id"], view) async for view in views}
    return Inputs(members, await _known(mongo, {}, session))


async def read_marked(mongo: Mongo, before: Inputs) -> tuple[Marks, Change]:
    """Read the marks and what they are about, as they were at one moment; the rest is as `before`."""
    async with mongo.snapshot() as session:
        marks = await _marks(mongo, session)
        ids = list(marks)
        views = {view["_id"]: view async for view in mongo[PROFILES.collection].find({"_id": {"$in": ids}}, session=session)}
        dealt = await _dealt(mongo, ids, session)
        known = await _known(mongo, {"members": {"$in": sorted(dealt)}}, session) if dealt else {}
    members = dict(before.members)
    for id, view in views.items():
        members.pop(id, None)
        if view["status"] == "approved":
            members[id] = member_from_view(id, view)
    profiles = frozenset(id for id in views if before.members.get(id) != members.get(id))
    kept = {id: some for id, some in before.known.items() if id not in dealt}
    fresh = {id: known[id] for id in dealt if id in known}
    return marks, Change(Inputs(members, {**kept, **fresh}), profiles, frozenset(dealt))


async def read_pair(mongo: Mongo, member: str, partner: str) -> Inputs:
    """Read two members and what is between them. Raises KeyError where one of them is not approved."""
    async with mongo.snapshot() as session:
        query = {"_id": {"$in": [member, partner]}, "status": "approved"}
        views = {view["_id"]: view async for view in mongo[PROFILES.collection].find(query, session=session)}
        known = await _known(mongo, {"members": {"$all": [member, partner]}}, session)
    return Inputs({id: member_from_view(id, views[id]) for id in (member, partner)}, known)


async def any_marks(mongo: Mongo) -> Marks:
    """Read the marks there are."""
    return await _marks(mongo, None)


async def _marks(mongo: Mongo, session: Session | None) -> Marks:
    return {mark["_id"]: mark["by"] async for mark in mongo[DIRTY].find(session=session)}


async def _dealt(mongo: Mongo, marked: list[str], session: Session) -> set[str]:
    """Name who dealt with somebody by what is marked: introductions, meetings, and events that are closed."""
    over = mongo[CLOSINGS.collection].find({"_id": {"$in": marked}, "closed": {"$ne": None}}, {"_id": 1}, session=session)
    at = {"event_id": {"$in": [closing["_id"] async for closing in over]}, "agreed": True}
    queries = ((STANDS, {"_id": {"$in": marked}}), (MEETINGS_SEEN, {"_id": {"$in": marked}}), (MEETINGS_SEEN, at))
    return {
        member
        for projection, query in queries
        async for found in mongo[projection.collection].find(query, {"members": 1}, session=session)
        for member in found["members"]
    }


async def _known(mongo: Mongo, query: Document, session: Session) -> Known:
    found = mongo[STANDS.collection].find(query, session=session).sort("_id")
    stands = [document async for document in found]
    found = mongo[MEETINGS_SEEN.collection].find({**query, "agreed": True}, session=session).sort("_id")
    meetings = [document async for document in found]
    untold = {meeting["_id"]: meeting["event_id"] for meeting in meetings if meeting["held"] is None}
    events = sorted(set(untold.values()))
    found = mongo[CLOSINGS.collection].find({"_id": {"$in": events}, "closed": {"$ne": None}}, session=session)
    over = [closing async for closing in found]
    held = frozenset[str]().union(*map(held_at, over))
    told = {closing["_id"] for closing in over if is_told(closing)}
    off = {meeting for meeting, event in untold.items() if event in told} - held
    return known_from(stands, meetings, held, off)


def known_from(
    stands: Iterable[Document],
    meetings: Iterable[Document],
    held: Container[str] = frozenset(),
    off: Container[str] = frozenset(),
) -> Known:
    """Say what each member knows of others, from introductions and from the meetings that were agreed on.

    Of those that nobody told of, the ones in `held` were, and the ones that are `off` never will be: as if never agreed. Who
    was absent from one that was held has met nobody there.
    """
    interactions: dict[tuple[str, str], Interaction] = {}
    for stand in stands:
        for by, towards in permutations(stand["members"], 2):
            interaction = interactions.get((by, towards), Interaction(by, towards))
            declined = stand["declined"].get(by, interaction.declined)
            arranged = interaction.arranged or stand["introduced"]
            interactions[by, towards] = replace(interaction, declined=declined, arranged=arranged)
    for meeting in meetings:
        if meeting["held"] is None and meeting["_id"] in off:
            continue
        was_held = meeting["_id"] in held if meeting["held"] is None else meeting["held"]
        met = set(meeting["members"]) - set(meeting.get("absent", ())) if was_held else set()
        for by, towards in permutations(meeting["members"], 2):
            interaction = interactions.get((by, towards), Interaction(by, towards))
            told = (meeting["outcomes"].get(by),) if met >= {by, towards} else ()
            interactions[by, towards] = replace(interaction, arranged=True, outcomes=interaction.outcomes + told)
    known: dict[str, list[Interaction]] = defaultdict(list)
    for interaction in interactions.values():
        known[interaction.by].append(interaction)
    return {by: tuple(some) for by, some in known.items()}
