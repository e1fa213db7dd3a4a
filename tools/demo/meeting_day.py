"""A brokerage event: announcement, registrations, meeting requests, agenda."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from distretti.client.api import Client
from distretti.client.dates import next_day
from shared.chassis.progress import Advance
from tools.demo.matchmaking import Matches

ZONE = ZoneInfo("Europe/Rome")
SLOTS_A_SESSION = 8
SLOT = timedelta(minutes=20)
CHANGEOVER = timedelta(minutes=5)
AFTERNOON = timedelta(hours=5)
SOLVE_SECONDS = 20
COMPUTE_PATIENCE_SECONDS = 240


@dataclass
class MeetingDay:
    """A brokerage event, its participants, the counts of requests, and its agenda."""

    brokerage_event: str
    participants: list[str] = field(default_factory=list)
    requested: int = 0
    accepted: int = 0
    agenda: dict[str, Any] = field(default_factory=dict)


def slots() -> list[dict[str, Any]]:
    """Two sessions of twenty-minute slots, five minutes apart, on the next tenth of March."""
    morning = datetime.combine(next_day(3, 10, datetime.now(ZONE).date()), time(9), ZONE)
    starts = [
        (session, morning + (session - 1) * AFTERNOON + number * (SLOT + CHANGEOVER))
        for session in (1, 2)
        for number in range(SLOTS_A_SESSION)
    ]
    return [
        {"number": number, "session": session, "starts": start.isoformat(), "ends": (start + SLOT).isoformat()}
        for number, (session, start) in enumerate(starts, 1)
    ]


async def announce(client: Client, districts: list[str], tables: int) -> MeetingDay:
    """Announce the event and open its registration."""
    announced = await client.post(
        "/events/v1/brokerage-events",
        {
            "title": {"it": "Incontri tecnologici della Toscana", "en": "Tuscan technology meetings"},
            "districts": districts,
            "modes": ["b2b", "r2b", "f2b"],
            "venue": "Fortezza da Basso, Firenze",
            "timezone": "Europe/Rome",
            "slots": slots(),
            "tables": tables,
        },
    )
    await client.post(f"/events/v1/brokerage-events/{announced['id']}/open")
    return MeetingDay(announced["id"])


async def register(client: Client, day: MeetingDay, members: Iterable[str], step: Advance) -> None:
    """Register members; every ninth is unavailable in the first two slots."""

    async def register_member(number: int, member: str) -> None:
        body = {"member_id": member, "unavailable": [1, 2] if number % 9 == 8 else []}
        await client.post(f"/events/v1/brokerage-events/{day.brokerage_event}/registrations", body, member)
        day.participants.append(member)
        step(1)

    await asyncio.gather(*(register_member(number, member) for number, member in enumerate(members)))


async def request_meetings(
    client: Client, day: MeetingDay, matches: Matches, pairs: list[tuple[str, str, str]], step: Advance
) -> None:
    """Request a meeting for every pair, with its introduction where there is one; every tenth is declined."""

    async def request(number: int, by: str, towards: str, mode: str) -> None:
        body = {"by": by, "towards": towards, "mode": mode}
        if (by, towards, mode) in matches.introduced:
            body["introduction_id"] = matches.introduced[by, towards, mode]
        meeting = await client.post(f"/events/v1/brokerage-events/{day.brokerage_event}/meetings", body, by)
        day.requested += 1
        if number % 10 == 9:
            declined = {"by": towards, "reason": "Agenda già piena / agenda already full"}
            await client.post(f"/events/v1/meetings/{meeting['id']}/decline", declined, towards)
        else:
            await client.post(f"/events/v1/meetings/{meeting['id']}/accept", {"by": towards}, towards)
            day.accepted += 1
        step(1)

    await asyncio.gather(*(request(number, *pair) for number, pair in enumerate(_distinct(pairs))))


def _distinct(pairs: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The first mode of each pair: two members meet once."""
    first_modes: dict[tuple[str, str], str] = {}
    for member, partner, mode in pairs:
        first_modes.setdefault((member, partner), mode)
    return [(member, partner, mode) for (member, partner), mode in first_modes.items()]


async def publish_agenda(client: Client, day: MeetingDay) -> None:
    """Compute the agenda and wait until it is published. Raises RuntimeError where the computation fails."""
    path = f"/events/v1/brokerage-events/{day.brokerage_event}/agenda"
    await client.post(f"/events/v1/brokerage-events/{day.brokerage_event}/close-registration")
    await client.post(path, {"time_limit": SOLVE_SECONDS})
    end = asyncio.get_running_loop().time() + COMPUTE_PATIENCE_SECONDS
    while (computation := await client.get(f"{path}/computation"))["status"] in ("queued", "running"):
        if asyncio.get_running_loop().time() > end:
            raise TimeoutError(f"no agenda within {COMPUTE_PATIENCE_SECONDS} s: {computation}")
        await asyncio.sleep(0.1)
    if computation["status"] != "published":
        raise RuntimeError(f"the agenda was not published: {computation}")
    day.agenda = await client.get(path)


async def agenda_of_the_busiest(client: Client, day: MeetingDay, names: Mapping[str, str]) -> dict[str, Any]:
    """The agenda of the participant with most meetings; ties go by name."""
    meetings: dict[str, int] = {}
    for placement in day.agenda["placements"]:
        for member in placement["members"]:
            meetings[member] = meetings.get(member, 0) + 1
    busiest = min(meetings, key=lambda member: (-meetings[member], names[member]))
    return {
        "name": names[busiest],
        **await client.get(f"/events/v1/brokerage-events/{day.brokerage_event}/agenda/{busiest}", busiest),
    }
