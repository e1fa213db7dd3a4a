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


async def register(commander: Commander, day: str, member: Member, unavailable: Sequence[int] = (), again: bool = False) -> None:
    """Register a member, or say `again` how it takes part, of which it is not told."""
    body = {"member_id": member.id, "unavailable": list(unavailable)}
    await commander.do(
        "POST", f"{PATH}/{day}/registrations", body, topics.REGISTRATIONS, ParticipantRegistered,
        id=registration_id(day, member.id), by=member.id, mark=member.id,
        tells=() if again else (("registration", member.id),),
    )  # fmt: skip


async def hold_day(commander: Commander, id: str, coming: Sequence[Member], draw: random.Random) -> None:
    """Hold a whole day: registrations, requests, answers, the agenda."""
    await open_day(commander, id)
    await asyncio.gather(*(register(commander, id, member) for member in coming))
    await register(commander, id, coming[0], [1], again=True)
    away = coming[-1]
    await commander.do(
        "DELETE", f"{PATH}/{id}/registrations/{away.id}", None, topics.REGISTRATIONS, ParticipantWithdrew,
        id=registration_id(id, away.id), by=away.id, tells=(("withdrawal", away.id),),
    )  # fmt: skip
    pairs = list(combinations(coming[:-1], 2))
    asked = draw.sample(pairs, min(8, len(pairs)))
    accepted = [pair for n, pair in enumerate(asked) if n < 2 or draw.random() < 0.8]
    await asyncio.gather(*(_meet(commander, id, *pair, pair in accepted) for pair in asked))
    await commander.do("POST", f"{PATH}/{id}/close-registration", None, topics.BROKERAGE, RegistrationClosed, id=id)
    commander.ledger.brokerage[id] = "registration-closed"
    await _publish_agenda(commander, id, sorted({member.id for pair in accepted for member in pair}))
    if draw.random() < 0.5:
        # Before its time, so that all who are registered are told.
        tells = tuple(("event-closed", member.id) for member in coming[:-1])
        await commander.do("POST", f"{PATH}/{id}/close", None, topics.BROKERAGE, BrokerageEventClosed, id=id, tells=tells)
        commander.ledger.brokerage[id] = "closed"


async def _meet(commander: Commander, day: str, by: Member, towards: Member, accept: bool) -> None:
    id, topic = meeting_id(day, by.id, towards.id), topics.MEETINGS
    asked = {"by": by.id, "towards": towards.id, "mode": "b2b"}
    told = (("meeting-requested", towards.id),)
    await commander.do("POST", f"{PATH}/{day}/meetings", asked, topic, MeetingRequested, id=id, by=by.id, tells=told)
    answer = {"by": towards.id}
    path = f"/events/v1/meetings/{id}"
    if accept:
        told = (("meeting-accepted", by.id),)
        await commander.do("POST", f"{path}/accept", answer, topic, MeetingAccepted, id=id, by=towards.id, tells=told)
    else:
        answer["reason"] = f"No time, {towards.number}."
        told = (("meeting-declined", by.id),)
        await commander.do("POST", f"{path}/decline", answer, topic, MeetingDeclined, id=id, by=towards.id, tells=told)


async def _publish_agenda(commander: Commander, day: str, meeting: Sequence[str]) -> None:
    """Ask for the agenda until it is published: a computation that was broken off too often is asked for again."""
    path = f"{PATH}/{day}/agenda"
    end = asyncio.get_running_loop().time() + COMPUTE_PATIENCE_SECONDS
    asked = await commander.client.post(path, {"time_limit": 1})
    while asked["status"] != "published":
        if asyncio.get_running_loop().time() > end:
            commander.ledger.surprises.append(f"no agenda of {day} within {COMPUTE_PATIENCE_SECONDS} s: {asked}")
            raise Unanswered(day)
        await asyncio.sleep(0.2)
        if asked["status"] == "failed":
            await commander.client.post(path, {"time_limit": 1})
        asked = await commander.client.get(f"{path}/computation")
    tells = tuple(("agenda", member) for member in meeting)
    commander.ledger.acknowledge(Effect(topics.AGENDAS, day, asked["agenda_version"], (AgendaPublished,), day, tells))
