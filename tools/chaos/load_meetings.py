"""Commands of the events service: whole meeting days, from the announcement to the agenda."""

import asyncio
import random
from collections.abc import Sequence
from itertools import combinations

from services.events.meeting.queries import meeting_id
from services.events.registration.queries import registration_id
from shared.contracts import topics
from shared.contracts.events import (
    AgendaPublished,
    BrokerageEventAnnounced,
    BrokerageEventClosed,
    MeetingAccepted,
    MeetingDeclined,
    MeetingRequested,
    ParticipantRegistered,
    ParticipantWithdrew,
    RegistrationClosed,
    RegistrationOpened,
)
from tools.chaos.client import Commander, Unanswered
from tools.chaos.expectations import Effect, Member
from tools.demo.meeting_day import slots

PATH = "/events/v1/brokerage-events"
SLOTS, TABLES = 5, 4
COMPUTE_PATIENCE_SECONDS = 300


async def open_day(commander: Commander, id: str) -> None:
    """Announce a brokerage event and open its registration."""
    body = {
        "id": id, "title": {"it": f"Incontri {id}", "en": f"Meetings {id}"}, "districts": ["new-materials"], "modes": ["b2b"],
        "venue": "Fortezza da Basso, Firenze", "timezone": "Europe/Rome", "slots": slots()[:SLOTS], "tables": TABLES,
    }  # fmt: skip
    await commander.do("POST", PATH, body, topics.BROKERAGE, BrokerageEventAnnounced, id=id, mark=f"Incontri {id}")
    commander.ledger.brokerage[id] = "announced"
    await commander.do("POST", f"{PATH}/{id}/open", None, topics.BROKERAGE, RegistrationOpened, id=id)
    commander.ledger.brokerage[id] = "registration-open"


async def register(commander: Commander, day: str, member: Member, unavailable: Sequence[int] = (), update: bool = False) -> None:
    """Register a member, or `update` its registration, for which there is no message."""
    body = {"member_id": member.id, "unavailable": list(unavailable)}
    await commander.do(
        "POST", f"{PATH}/{day}/registrations", body, topics.REGISTRATIONS, ParticipantRegistered,
        id=registration_id(day, member.id), by=member.id, mark=member.id,
        messages=() if update else (("registration", member.id),),
    )  # fmt: skip


async def hold_day(commander: Commander, id: str, participants: Sequence[Member], draw: random.Random) -> None:
    """Hold a whole brokerage event: registrations, requests, answers, agenda."""
    await open_day(commander, id)
    await asyncio.gather(*(register(commander, id, member) for member in participants))
    await register(commander, id, participants[0], [1], update=True)
    withdrawn = participants[-1]
    await commander.do(
        "DELETE", f"{PATH}/{id}/registrations/{withdrawn.id}", None, topics.REGISTRATIONS, ParticipantWithdrew,
        id=registration_id(id, withdrawn.id), by=withdrawn.id, messages=(("withdrawal", withdrawn.id),),
    )  # fmt: skip
    pairs = list(combinations(participants[:-1], 2))
    requested = draw.sample(pairs, min(8, len(pairs)))
    accepted = [pair for n, pair in enumerate(requested) if n < 2 or draw.random() < 0.8]
    await asyncio.gather(*(_meet(commander, id, *pair, pair in accepted) for pair in requested))
    await commander.do("POST", f"{PATH}/{id}/close-registration", None, topics.BROKERAGE, RegistrationClosed, id=id)
    commander.ledger.brokerage[id] = "registration-closed"
    await _publish_agenda(commander, id, sorted({member.id for pair in accepted for member in pair}))
    if draw.random() < 0.5:
        # Closed before its last slot ends, so that all registered members are notified.
        messages = tuple(("event-closed", member.id) for member in participants[:-1])
        await commander.do("POST", f"{PATH}/{id}/close", None, topics.BROKERAGE, BrokerageEventClosed, id=id, messages=messages)
        commander.ledger.brokerage[id] = "closed"


async def _meet(commander: Commander, day: str, by: Member, towards: Member, accept: bool) -> None:
    id, topic = meeting_id(day, by.id, towards.id), topics.MEETINGS
    request = {"by": by.id, "towards": towards.id, "mode": "b2b"}
    messages = (("meeting-requested", towards.id),)
    await commander.do("POST", f"{PATH}/{day}/meetings", request, topic, MeetingRequested, id=id, by=by.id, messages=messages)
    answer = {"by": towards.id}
    path = f"/events/v1/meetings/{id}"
    if accept:
        messages = (("meeting-accepted", by.id),)
        await commander.do("POST", f"{path}/accept", answer, topic, MeetingAccepted, id=id, by=towards.id, messages=messages)
    else:
        answer["reason"] = f"No time, {towards.number}."
        messages = (("meeting-declined", by.id),)
        await commander.do("POST", f"{path}/decline", answer, topic, MeetingDeclined, id=id, by=towards.id, messages=messages)


async def _publish_agenda(commander: Commander, day: str, placed: Sequence[str]) -> None:
    """Compute the agenda until it is published: a computation that failed after too many interruptions is repeated."""
    path = f"{PATH}/{day}/agenda"
    end = asyncio.get_running_loop().time() + COMPUTE_PATIENCE_SECONDS
    computation = await commander.client.post(path, {"time_limit": 1})
    while computation["status"] != "published":
        if asyncio.get_running_loop().time() > end:
            commander.ledger.failures.append(f"no agenda of {day} within {COMPUTE_PATIENCE_SECONDS} s: {computation}")
            raise Unanswered(day)
        await asyncio.sleep(0.2)
        if computation["status"] == "failed":
            await commander.client.post(path, {"time_limit": 1})
        computation = await commander.client.get(f"{path}/computation")
    messages = tuple(("agenda", member) for member in placed)
    commander.ledger.acknowledge(Effect(topics.AGENDAS, day, computation["agenda_version"], (AgendaPublished,), day, messages))
