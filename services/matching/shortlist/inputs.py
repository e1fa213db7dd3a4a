"""What shortlists are made of: approved members, and what each knows of others from past interactions."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import permutations

from services.matching.projections.interactions import INTRODUCTIONS, MEETINGS, IntroductionRow, MeetingRow
from services.matching.projections.meetings_held import MEETINGS_HELD
from services.matching.projections.members import MEMBERS
from services.matching.queries import approved_members, parse_member
from services.matching.ranking import Member
from services.matching.ranking.rules.past_interactions import Interaction
from services.matching.ranking.shortlist_index import ShortlistIndex, Snapshot
from shared.chassis.mongo import Document, Mongo, Session
from shared.chassis.projections.projection import DIRTY

DirtySet = Mapping[str, str]
"""What changed (a member, or an aggregate that names members), and the event that changed it last."""
InteractionsByMember = Mapping[str, tuple[Interaction, ...]]


@dataclass(frozen=True)
class Inputs:
    """Members and interactions at one moment."""

    members: Mapping[str, Member]
    interactions_by_member: InteractionsByMember

    @property
    def interactions(self) -> Iterable[Interaction]:
        """All interactions."""
        return (interaction for group in self.interactions_by_member.values() for interaction in group)


def index_of(inputs: Inputs, snapshot: Snapshot | None = None) -> ShortlistIndex:
    """Index all members, with the weights of a snapshot or anew."""
    return ShortlistIndex(inputs.members.values(), interactions=inputs.interactions, snapshot=snapshot)


@dataclass(frozen=True)
class Change:
    """Inputs after a batch: whose profiles changed, and whose interactions."""

    inputs: Inputs
    profiles: frozenset[str]
    interacted: frozenset[str]


async def read_all(mongo: Mongo) -> tuple[DirtySet, Inputs]:
    """Read the dirty set and all inputs, as they were at one moment."""
    async with mongo.snapshot() as session:
        return await read_dirty_set(mongo, session), await read_inputs(mongo, session)


async def read_inputs(mongo: Mongo, session: Session) -> Inputs:
    """Read all inputs."""
    members = {member.id: member async for member in approved_members(mongo, session=session)}
    return Inputs(members, await _read_interactions(mongo, {}, session))


async def read_dirty(mongo: Mongo, before: Inputs) -> tuple[DirtySet, Change]:
    """Read the dirty set and the inputs it names, as they were at one moment; the rest is as `before`."""
    async with mongo.snapshot() as session:
        dirty = await read_dirty_set(mongo, session)
        ids = list(dirty)
        documents = mongo[MEMBERS.collection].find({"_id": {"$in": ids}}, session=session)
        changed = {member.id: member async for member in (parse_member(document) async for document in documents)}
        interacted = await _interacted(mongo, ids, session)
        query = {"members": {"$in": sorted(interacted)}}
        interactions = await _read_interactions(mongo, query, session) if interacted else {}
    members = {id: member for id, member in before.members.items() if id not in changed}
    members |= {id: member for id, member in changed.items() if member.approved}
    profiles = frozenset(id for id in changed if before.members.get(id) != members.get(id))
    unchanged = {id: group for id, group in before.interactions_by_member.items() if id not in interacted}
    updated = {id: interactions[id] for id in interacted if id in interactions}
    return dirty, Change(Inputs(members, {**unchanged, **updated}), profiles, frozenset(interacted))


async def read_pair(mongo: Mongo, member: str, partner: str) -> Inputs:
    """Read two members and their interactions. Raises KeyError where one of them is not approved."""
    async with mongo.snapshot() as session:
        members = {profile.id: profile async for profile in approved_members(mongo, [member, partner], session)}
        interactions = await _read_interactions(mongo, {"members": {"$all": [member, partner]}}, session)
    return Inputs({id: members[id] for id in (member, partner)}, interactions)


async def read_dirty_set(mongo: Mongo, session: Session | None = None) -> DirtySet:
    """Read the dirty set."""
    return {mark["_id"]: mark["by"] async for mark in mongo[DIRTY].find(session=session)}


async def _interacted(mongo: Mongo, dirty: list[str], session: Session) -> set[str]:
    """Name the members of dirty introductions and meetings, and of the meetings of dirty events that are closed."""
    closed = mongo[MEETINGS_HELD.collection].find({"_id": {"$in": dirty}, "closed": {"$ne": None}}, {"_id": 1}, session=session)
    of_closed_events = {"event_id": {"$in": [document["_id"] async for document in closed]}, "agreed": True}
    by_id = {"_id": {"$in": dirty}}
    queries = ((INTRODUCTIONS.collection, by_id), (MEETINGS.collection, by_id), (MEETINGS.collection, of_closed_events))
    return {
        member
        for collection, query in queries
        async for document in mongo[collection].find(query, {"members": 1}, session=session)
        for member in document["members"]
    }


async def _read_interactions(mongo: Mongo, query: Document, session: Session) -> InteractionsByMember:
    documents = mongo[INTRODUCTIONS.collection].find(query, session=session).sort("_id")
    introductions = [INTRODUCTIONS.read(document) async for document in documents]
    documents = mongo[MEETINGS.collection].find({**query, "agreed": True}, session=session).sort("_id")
    meetings = {document["_id"]: MEETINGS.read(document) async for document in documents}
    unrecorded = {id: meeting.event_id for id, meeting in meetings.items() if meeting.held is None}
    events = {"_id": {"$in": sorted(set(unrecorded.values()))}, "closed": {"$ne": None}}
    documents = mongo[MEETINGS_HELD.collection].find(events, session=session)
    closed = {document["_id"]: MEETINGS_HELD.read(document) async for document in documents}
    held = frozenset[str]().union(*(row.held for row in closed.values()))
    complete = {event for event, row in closed.items() if row.is_complete}
    never_held = {meeting for meeting, event in unrecorded.items() if event in complete} - held
    return interactions_from(introductions, meetings, held, never_held)


def interactions_from(
    introductions: Iterable[IntroductionRow],
    meetings: Mapping[str, MeetingRow],
    held: Container[str] = frozenset(),
    never_held: Container[str] = frozenset(),
) -> InteractionsByMember:
    """Derive what each member knows of others, from introductions and from agreed meetings by id.

    Of meetings without recorded attendance, those in `held` were held, and those in `never_held` count as if never agreed.
    Who was absent from one that was held has met nobody there.
    """
    interactions: dict[tuple[str, str], Interaction] = {}
    for introduction in introductions:
        for by, towards in permutations(introduction.members, 2):
            interaction = interactions.get((by, towards), Interaction(by, towards))
            declined = introduction.declined.get(by, interaction.declined)
            arranged = interaction.arranged or introduction.introduced
            interactions[by, towards] = replace(interaction, declined=declined, arranged=arranged)
    for id, meeting in meetings.items():
        if meeting.held is None and id in never_held:
            continue
        was_held = id in held if meeting.held is None else meeting.held
        present = set(meeting.members) - set(meeting.absent) if was_held else set()
        for by, towards in permutations(meeting.members, 2):
            interaction = interactions.get((by, towards), Interaction(by, towards))
            outcomes = (meeting.outcomes.get(by),) if present >= {by, towards} else ()
            interactions[by, towards] = replace(interaction, arranged=True, outcomes=interaction.outcomes + outcomes)
    by_member: dict[str, list[Interaction]] = defaultdict(list)
    for interaction in interactions.values():
        by_member[interaction.by].append(interaction)
    return {by: tuple(group) for by, group in by_member.items()}
