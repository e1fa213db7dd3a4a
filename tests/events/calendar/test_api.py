"""Calendar feeds over HTTP through the versions of an agenda; who gets an address, and that it can be taken back."""

from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules import publication as agendas
from services.events.calendar.history import CALENDARS
from services.events.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.contracts import topics
from shared.contracts.events import (
    AgendaPublished,
)
from shared.contracts.registry import ContactRecorded
from tests.events.calendar.rfc5545 import Calendar
from tests.events.calendar.test_history import version
from tests.events.factories import CAUSE, agree, event_state, feed_members, meeting_id
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"


async def publish(runtime: Runtime, agenda: AgendaPublished) -> None:
    """Publish a version by the rules, and wait until calendars know it."""
    written = await runtime.write.execute(AGENDA, "fair", lambda state: agendas.publish(state, agenda, event_state()), CAUSE)

    async def calendar_row() -> Any:
        return await runtime.mongo[CALENDARS.collection].find_one({"_id": "fair", "version": written.version})

    await eventually(calendar_row)


def summaries(calendar: Calendar) -> list[tuple[str, str, str]]:
    return [tuple(event[name][2] for name in ("SUMMARY", "STATUS", "SEQUENCE")) for event in calendar.events]  # type: ignore[misc]


async def test_a_calendar_follows_the_versions_of_the_agenda(settings: Settings, issuer: Issuer) -> None:
    behind_a_gateway = settings.model_copy(update={"root_path": "/events"})
    async with serving(SERVICE, behind_a_gateway) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla", "dora"])
        await agree(runtime, "fair", [("anna", "bruno"), ("anna", "carla"), ("anna", "dora")])
        anna = bearer(issuer, "member", "anna")
        address = f"{EVENT}/agenda/anna/calendar-address"
        opened = await http.post(address, headers=anna)
        assert (opened.status_code, opened.headers["cache-control"]) == (201, "no-store")
        assert opened.json()["path"].startswith("/events/v1/calendars/")
        path = opened.json()["path"].removeprefix("/events")

        async def read(**headers: str) -> httpx2.Response:
            answer = await http.get(path, headers=headers)
            assert answer.status_code in (200, 304), answer.text
            return answer

        # Before the first version the calendar is empty, and one can subscribe to it already.
        empty = await read()
        assert empty.headers["content-type"] == "text/calendar; charset=utf-8"
        assert Calendar(empty.content).events == []
        assert (await http.head(path)).headers["etag"] == empty.headers["etag"]

        # Asked for in no language, it speaks the contact's.
        contact = ContactRecorded(member_id="anna", name="Anna", email="anna@post.example", language="it")
        await feed(settings, topics.CONTACTS, "anna", 1, contact)

        async def speaks_italian() -> bool:
            return (await read()).headers["content-language"] == "it"

        await eventually(speaks_italian)
        assert (await read(**{"Accept-Language": "en-GB"})).headers["content-language"] == "en"
        assert (await http.get(f"{path}?lang=en")).headers["content-language"] == "en"

        with_bruno, with_carla, with_dora = ("ab", ("anna", "bruno")), ("ac", ("anna", "carla")), ("ad", ("anna", "dora"))
        await publish(runtime, version(1, (*with_bruno, 1, 1), (*with_carla, 2, 1), (*with_dora, 3, 1)))
        first = await read()
        assert summaries(Calendar(first.content)) == [
            ("Firm bruno", "CONFIRMED", "1"),
            ("Firm carla", "CONFIRMED", "1"),
            ("Firm dora", "CONFIRMED", "1"),
        ]
        assert (await read(**{"If-None-Match": first.headers["etag"]})).status_code == 304

        # Carla moves, Dora falls out: only these two change.
        await publish(runtime, version(2, (*with_bruno, 1, 1), (*with_carla, 3, 2), unplaced=[with_dora]))
        second = await read(**{"If-None-Match": first.headers["etag"], "Accept-Language": "it"})
        assert second.status_code == 200
        assert sorted(summaries(Calendar(second.content))) == [
            ("Annullato: Firm dora", "CANCELLED", "2"),
            ("Firm bruno", "CONFIRMED", "1"),
            ("Firm carla", "CONFIRMED", "2"),
        ]
        english = await http.get(path, params={"lang": "en"}, headers={"Accept-Language": "it"})
        assert "Cancelled: Firm dora" in english.text

        # Back in the agenda, and in the calendar.
        await publish(runtime, version(3, (*with_bruno, 1, 1), (*with_carla, 3, 2), (*with_dora, 2, 1)))
        assert sorted(summaries(Calendar((await read()).content)))[2] == ("Firm dora", "CONFIRMED", "3")


async def test_a_cancelled_meeting_or_one_whose_side_withdrew_comes_back(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno"])
        await agree(runtime, "fair", [("anna", "bruno")])
        id = meeting_id("fair", "anna", "bruno")
        await publish(runtime, version(1, (id, ("anna", "bruno"), 1, 1)))
        manager = bearer(issuer, "manager", districts=["marble"])
        path = (await http.post(f"{EVENT}/agenda/anna/calendar-address", headers=manager)).json()["path"]

        stamps: list[str] = []

        async def calendar_events() -> list[tuple[str, str, str]]:
            calendar = Calendar((await http.get(path)).content)
            stamps.extend(event["DTSTAMP"][2] for event in calendar.events)
            return summaries(calendar)

        async def do(path: str, **body: str) -> None:
            answer = await http.post(path, json=body, headers=manager)
            assert answer.is_success, answer.text

        assert await calendar_events() == [("Firm bruno", "CONFIRMED", "1")]
        await do(f"/v1/meetings/{id}/cancel", by="anna", reason="ill")
        assert await calendar_events() == [("Cancelled: Firm bruno", "CANCELLED", "2")]
        await do(f"{EVENT}/meetings", by="anna", towards="bruno", mode="b2b")
        assert await calendar_events() == [("Cancelled: Firm bruno", "CANCELLED", "2")]
        await do(f"/v1/meetings/{id}/accept", by="bruno")
        assert await calendar_events() == [("Firm bruno", "CONFIRMED", "3")]

        # A side withdraws and comes back, twice: each time calendars have it anew.
        for sequence in ("5", "7"):
            assert (await http.delete(f"{EVENT}/registrations/bruno", headers=manager)).is_success
            assert await calendar_events() == [("Cancelled: Firm bruno", "CANCELLED", str(int(sequence) - 1))]
            await do(f"{EVENT}/registrations", member_id="bruno")
            assert await calendar_events() == [("Firm bruno", "CONFIRMED", sequence)]
        assert stamps == sorted(stamps)
