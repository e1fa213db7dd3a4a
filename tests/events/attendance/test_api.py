"""The day itself over HTTP: checked in by QR code, meetings held and missed, outcomes, feedback."""

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules import publication as agendas
from services.events.main import SERVICE
from services.events.meeting.queries import meeting_id
from shared.chassis.config import Settings
from shared.contracts.events import Absence, AgendaPublished, BrokerageEventClosed, Placement, Slot
from tests.events.factories import CAUSE, agree, event_state, midday, publish
from tests.events.lifecycle.test_closing_report import sent
from tests.lib.services import bearer, serving

EVENT = "/v1/brokerage-events/fair"


def running_slots(begun: int, to_come: int) -> tuple[Slot, ...]:
    """Slots of an hour: so many have begun, the last of them just now."""
    first = datetime.now(UTC) - timedelta(hours=begun - 1, minutes=1)
    hours = [first + timedelta(hours=number) for number in range(begun + to_come)]
    return tuple(Slot(number=n, starts=start, ends=start + timedelta(minutes=50)) for n, start in enumerate(hours, 1))


async def test_check_in_attendance_outcome_and_feedback(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await agree(runtime, "fair", [("anna", "bruno"), ("carla", "dora")], slots=running_slots(1, 0), timezone=midday())
        today = datetime.now(ZoneInfo(midday())).date().isoformat()
        manager = bearer(issuer, "manager", districts=["marble"])
        anna, bruno = bearer(issuer, "member", "anna"), bearer(issuer, "member", "bruno")

        async def post(path: str, body: Any, headers: dict[str, str]) -> httpx2.Response:
            return await http.post(path, json=body, headers=headers)

        # Checked in by the code in the QR picture, which only the participant and managers see.
        desk = f"{EVENT}/registrations/anna/check-in"
        assert (await http.get(desk, headers=bruno)).status_code == 403
        code = (await http.get(desk, headers=anna)).json()
        assert code["text"] == f"distretti:check-in/fair/anna/{code['code']}"
        picture = await http.get(f"{desk}.svg", headers=anna)
        assert picture.headers["content-type"].startswith("image/svg+xml")
        assert ElementTree.fromstring(picture.text).tag == "{http://www.w3.org/2000/svg}svg"
        bruno_code = (await http.get(f"{EVENT}/registrations/bruno/check-in", headers=bruno)).json()["code"]
        assert bruno_code != code["code"]
        assert (await post(desk, {"code": bruno_code}, manager)).json()["errors"][0]["field"] == "code"
        assert (await post(desk, {"code": code["code"]}, anna)).status_code == 403
        for _ in range(2):
            checked_in = await post(desk, {"code": code["code"]}, manager)
            assert (checked_in.status_code, checked_in.headers["etag"]) == (200, '"2"')
            assert (checked_in.json()["checked_in"], checked_in.json()["checked_in_on"]) == (True, [today])

        # Held or missed, once the meeting has a place and has begun.
        meeting = f"/v1/meetings/{meeting_id('fair', 'anna', 'bruno')}"
        early = await post(f"{meeting}/held", {"by": "anna"}, anna)
        assert (early.status_code, early.json()["type"]) == (409, "urn:distretti:problem:meeting-not-placed")
        await publish(runtime, "fair", {("anna", "bruno"): (1, 1), ("carla", "dora"): (1, 2)})
        missed = await post(f"{meeting}/missed", {"by": "anna"}, anna)
        assert missed.json()["attendance"] == {"held": False, "by": "anna", "absent": ["bruno"]}
        assert (await post(f"{meeting}/held", {"by": "bruno"}, bruno)).status_code == 409
        assert (await post(f"{meeting}/held", {}, bruno)).status_code == 403
        refused = await post(f"{meeting}/missed", {}, manager)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "absent"), "not everybody is absent for that"
        assert (await post(f"{meeting}/missed", {}, bruno)).status_code == 403
        assert (await post(f"{meeting}/held", {}, manager)).json()["attendance"]["held"]

        # What came of it, also after the event; feedback is for the managers and who gave it.
        assert (await post(f"{EVENT}/close", None, manager)).status_code == 200
        outcome = {"by": "bruno", "outcome": "joint-project", "value": 50000, "on": "2027-05-04"}
        assert (await post(f"{meeting}/outcome", outcome, bruno)).json()["outcomes"] == [outcome]
        assert (await post(f"{meeting}/outcome", {**outcome, "on": "2027-02-30"}, bruno)).status_code == 422
        for day in ("2099-01-01", "1999-01-01", 1_700_000_000, "2027-05-04T00:00:00Z", "20270504"):
            assert (await post(f"{meeting}/outcome", {**outcome, "on": day}, bruno)).status_code == 422
        feedback = {"by": "bruno", "rating": 4, "text": "Utile"}
        assert (await post(f"{meeting}/feedback", feedback, anna)).status_code == 403
        rating = await post(f"{meeting}/feedback", feedback, bruno)
        assert (rating.json()["feedback"], rating.json()["version"], rating.headers.get("etag")) == ([feedback], None, None)
        read = {reader: await http.get(meeting, headers=headers) for reader, headers in (("anna", anna), ("manager", manager))}
        assert (read["anna"].json()["version"], read["anna"].headers.get("etag")) == (None, None), "it would count the feedback"
        newest = read["manager"].headers["etag"]
        follow_up = {"by": "anna", "outcome": "follow-up"}
        guesses = [await post(f"{meeting}/outcome", follow_up, anna | {"If-Match": tag}) for tag in (newest, '"1"')]
        assert {(guess.status_code, guess.json()["type"]) for guess in guesses} == {
            (422, "urn:distretti:problem:if-match-impossible")
        }

        # Of the other meeting nobody had said a word when the event was closed: who was there says it now.
        silent = f"/v1/meetings/{meeting_id('fair', 'carla', 'dora')}"
        carla = bearer(issuer, "member", "carla")
        assert (await post(f"{silent}/outcome", {"by": "carla", "outcome": "nda"}, carla)).status_code == 409
        assert (await post(f"{silent}/held", {"by": "carla"}, carla)).json()["attendance"]["held"]
        assert (await post(f"{silent}/outcome", {"by": "carla", "outcome": "nda"}, carla)).is_success
        for headers, seen in ((manager, [feedback]), (bruno, [feedback]), (anna, [])):
            listed = await http.get(
                f"{EVENT}/meetings", params={"member": "anna" if headers is not bruno else "bruno"}, headers=headers
            )
            assert [entry["feedback"] for entry in listed.json()["items"]] == [seen]


async def test_a_group_meets_without_one_of_it_and_a_manager_decides_against_an_outcome(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await agree(runtime, "fair", [("anna", "bruno"), ("carla", "dora")], slots=running_slots(1, 0))
        manager = bearer(issuer, "manager", districts=["marble"])

        async def post(path: str, body: Any) -> httpx2.Response:
            return await http.post(path, json=body, headers=manager)

        id = meeting_id("fair", "anna", "bruno", "carla")
        request = {"by": "anna", "towards": "bruno", "others": ["carla"], "mode": "b2b"}
        assert (await post(f"{EVENT}/meetings", request)).json()["id"] == id
        for by in ("bruno", "carla"):
            assert (await post(f"/v1/meetings/{id}/accept", {"by": by})).is_success
        place = Placement(meeting_id=id, members=("anna", "bruno"), others=("carla",), slot=1, table=1)
        made = AgendaPublished(event_id="fair", placements=(place,), status="feasible", breaks=0, bound=0, input="by hand")
        await runtime.write.execute(AGENDA, "fair", lambda before: agendas.publish(before, made, event_state()), CAUSE)

        alone = await post(f"/v1/meetings/{id}/held", {"by": "anna", "absent": ["bruno", "carla"]})
        assert (alone.status_code, alone.json()["errors"][0]["field"]) == (422, "absent")
        met = await post(f"/v1/meetings/{id}/held", {"by": "anna", "absent": ["carla"]})
        assert met.json()["attendance"] == {"held": True, "by": "anna", "absent": ["carla"]}
        assert (await post(f"/v1/meetings/{id}/outcome", {"by": "carla", "outcome": "nda"})).json()["type"].endswith(":was-absent")
        recorded = {"by": "bruno", "outcome": "nda", "value": None, "on": None}
        assert (await post(f"/v1/meetings/{id}/outcome", recorded)).json()["outcomes"] == [recorded]
        assert (await post(f"/v1/meetings/{id}/feedback", {"by": "bruno", "rating": 3})).is_success

        # It was another meeting, a side may not say any more; what was recorded is shown again where the manager was wrong.
        contradiction = await post(f"/v1/meetings/{id}/missed", {"by": "anna", "absent": ["bruno"]})
        assert contradiction.json()["type"] == "urn:distretti:problem:has-outcome"
        for path, absent, count in (("missed", ["anna", "bruno"], 0), ("held", ["carla"], 1), ("held", ["bruno"], 0)):
            answer = (await post(f"/v1/meetings/{id}/{path}", {"absent": absent})).json()
            assert (len(answer["outcomes"]), len(answer["feedback"])) == (count, count)
            listed = (await http.get(f"{EVENT}/meetings", params={"member": "carla"}, headers=manager)).json()["items"]
            assert [len(entry["outcomes"]) for entry in listed if entry["id"] == id] == [count]

        assert (await post(f"{EVENT}/close", None)).is_success
        (closed,) = await sent(runtime.mongo, BrokerageEventClosed)
        assert (closed.not_held, closed.absences) == ((), (Absence(meeting_id=id, members=("bruno",)),))
