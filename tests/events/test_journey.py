"""A whole event, with its mails: from the draft to the outcomes, with a no-show and a new version on the day."""

from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.local.issuer import Issuer
from services.events.main import SERVICE
from services.events.store import meeting_id
from services.notifications.main import SERVICE as NOTIFICATIONS
from shared.chassis.settings import Settings
from shared.contracts import topics
from shared.contracts.registry import ContactRecorded
from tests.events.making import announcement, computed, feed_members
from tests.feed import feed
from tests.notifications.post import Post, post_office
from tests.support import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"
MEMBERS = ["anna", "bruno", "carla", "dora"]
PAIRS = [("anna", "bruno"), ("carla", "dora"), ("anna", "carla"), ("bruno", "dora")]


def slots() -> list[dict[str, Any]]:
    """Four slots of an hour: the first has begun, the others are to come."""
    first = datetime.now(UTC) - timedelta(minutes=1)
    hours = [first + timedelta(hours=number) for number in range(4)]
    return [
        {"number": n, "starts": start.isoformat(), "ends": (start + timedelta(minutes=50)).isoformat()}
        for n, start in enumerate(hours, 1)
    ]


async def arrived(post: Post, **subjects: int) -> None:
    """Wait until each has just so many mails."""

    async def all_there() -> bool:
        return all(len(post.to(f"{member}@post.example")) == count for member, count in subjects.items())

    await eventually(all_there, 40)


async def test_an_event_from_its_draft_to_its_outcomes(settings: Settings, issuer: Issuer) -> None:
    async with post_office() as post:
        ours = settings.model_copy(update={"smtp_port": post.port})
        async with serving(SERVICE, ours) as (runtime, http), serving(NOTIFICATIONS, ours):
            await feed_members(ours, runtime, MEMBERS)
            for member in MEMBERS:
                contact = {"member_id": member, "name": "Zoë Verdi", "email": f"{member}@post.example", "language": "en"}
                await feed(ours, topics.CONTACTS, member, 1, ContactRecorded.model_validate(contact))
            await arrived(post, anna=1, bruno=1, carla=1, dora=1)  # welcome
            manager = bearer(issuer, "manager", districts=["marble"])

            async def do(path: str, body: Any = None, method: str = "POST", who: dict[str, str] = manager) -> Any:
                answer = await http.request(method, path, json=body, headers=who)
                assert answer.is_success, f"{path}: {answer.text}"
                return answer.json()

            async def publish(version: int) -> None:
                await do(f"{EVENT}/agenda", {"time_limit": 5})
                ended = await computed(http, "fair", manager)
                assert (ended["status"], ended["agenda_version"]) == ("published", version), ended

            await do("/v1/brokerage-events", announcement(id="fair", draft=True, slots=slots()))
            for step in ("announce", "open"):
                await do(f"{EVENT}/{step}")
            for member in MEMBERS:
                await do(
                    f"{EVENT}/registrations", {"member_id": member, "unavailable": [3, 4]}, who=bearer(issuer, "member", member)
                )
            await arrived(post, anna=2, dora=2)  # registered
            for by, towards in PAIRS:
                await do(f"{EVENT}/meetings", {"by": by, "towards": towards, "mode": "b2b"})
                await do(f"/v1/meetings/{meeting_id('fair', by, towards)}/accept", {"by": towards})
            await arrived(post, anna=4, bruno=4, carla=4, dora=4)  # a request or an answer for each of two meetings
            await do(f"{EVENT}/close-registration")
            await publish(1)
            assert (await do(EVENT, method="GET"))["phase"] == "published"
            await arrived(post, anna=5, bruno=5, carla=5, dora=5)  # the agenda
            first = await do(f"{EVENT}/agenda", method="GET")
            begun = [one for one in first["placements"] if one["slot"] == 1]
            assert len(first["placements"]) == 4
            assert len(begun) == 2, "four meetings of four members, two at a time, in the first two slots"

            # On paper, and in a calendar program that knows only an address.
            sheet = await http.get(f"{EVENT}/agenda/pages/participants/dora?lang=it", headers=bearer(issuer, "member", "dora"))
            assert (sheet.status_code, "Firm carla" in sheet.text) == (200, True)
            picture = await http.get(f"{EVENT}/agenda/pages/day.svg", headers=manager)
            assert picture.text.count("Firm dora") >= 2
            address = (await do(f"{EVENT}/agenda/dora/calendar-address"))["path"]

            async def in_calendar(confirmed: int, cancelled: int) -> None:
                async def shown() -> bool:
                    calendar = (await http.get(address)).text
                    return (calendar.count("BEGIN:VEVENT"), calendar.count("STATUS:CANCELLED")) == (
                        confirmed + cancelled,
                        cancelled,
                    )

                await eventually(shown)

            await in_calendar(confirmed=2, cancelled=0)

            await do(f"{EVENT}/start")
            code = await do(f"{EVENT}/registrations/anna/check-in", method="GET")
            assert (await do(f"{EVENT}/registrations/anna/check-in", {"code": code["code"]}))["checked_in"]

            # Dora did not come: her meetings are missed or called off, and only her partner of the next is told.
            absent = next(one for one in begun if "dora" in one["members"])
            await do(f"/v1/meetings/{absent['meeting_id']}/missed", {"absent": ["dora"]})
            await do(f"{EVENT}/registrations/dora/availability", {"unavailable": [1, 2, 3, 4]}, "PUT")
            await publish(2)
            second = await do(f"{EVENT}/agenda", method="GET")
            assert (second["repaired"], second["status"]) == (True, "optimal")
            assert [one for one in second["placements"] if one["slot"] == 1] == begun, "what has begun stays"
            versions = f"{EVENT}/agenda/versions"

            async def two_versions() -> bool:
                return len((await do(versions, method="GET"))["items"]) == 2

            await eventually(two_versions)
            changed = await do(f"{versions}/1/differences/2", method="GET")
            [gone] = changed["removed"]
            assert "dora" in gone["members"]
            assert (changed["added"], changed["moved"], changed["members"]) == ([], [], sorted(gone["members"]))
            told = {member: 6 if member in gone["members"] else 5 for member in MEMBERS}
            await arrived(post, **told)
            [partner] = [member for member in gone["members"] if member != "dora"]
            mail = post.to(f"{partner}@post.example")[-1]
            assert mail["Subject"] == "Your agenda has changed: Marble meetings"
            text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
            assert "called off: Firm dora" in text

            await in_calendar(confirmed=1, cancelled=1)

            # The version before does not fit any more: Dora is not there.
            refused = await http.post(f"{versions}/1/restore", headers=manager)
            assert (refused.status_code, refused.json()["type"]) == (409, "urn:distretti:problem:version-does-not-fit")
            await do(f"{EVENT}/registrations/dora/availability", {"unavailable": [1, 3, 4]}, "PUT")
            again = await do(f"{versions}/1/restore")
            assert (again["version"], again["restores"], again["placements"]) == (3, 1, first["placements"])
            await arrived(post, **{member: told[member] + (member in gone["members"]) for member in MEMBERS})

            await in_calendar(confirmed=2, cancelled=0)

            # What came of the meeting that took place, also after the event.
            held = next(one for one in begun if "dora" not in one["members"])
            side = held["members"][0]
            await do(f"/v1/meetings/{held['meeting_id']}/held", {"by": side})
            await do(f"{EVENT}/close")
            outcome = {"by": side, "outcome": "follow-up"}
            assert (await do(f"/v1/meetings/{held['meeting_id']}/outcome", outcome))["outcomes"][0]["outcome"] == "follow-up"
            assert (await do(EVENT, method="GET"))["phase"] == "closed"
