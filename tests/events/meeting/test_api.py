"""Meetings over HTTP: who reads one, and the ETag that commands take."""

import asyncio

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from shared.chassis.config import Settings
from tests.events.factories import agree, feed_members, meeting_id
from tests.lib.services import bearer, serving

EVENT = "/v1/brokerage-events/fair"


async def test_a_meeting_is_read_by_its_sides_and_managers(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await agree(runtime, "fair", [("anna", "bruno")])
        id = meeting_id("fair", "anna", "bruno")
        anna, manager = bearer(issuer, "member", "anna"), bearer(issuer, "manager", districts=["marble"])
        for headers in (anna, bearer(issuer, "member", "bruno"), manager, bearer(issuer, "operator")):
            answer = await http.get(f"/v1/meetings/{id}", headers=headers)
            assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
        listed = (await http.get(f"{EVENT}/meetings?member=anna", headers=anna)).json()["items"]
        assert [answer.json()] == listed
        for headers, status in (
            ({}, 401),
            (bearer(issuer, "member", "carla"), 404),
            (bearer(issuer, "manager", districts=["wood"]), 404),
        ):
            assert (await http.get(f"/v1/meetings/{id}", headers=headers)).status_code == status
        unknown = await http.get("/v1/meetings/none", headers=anna)
        assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:distretti:problem:meeting-unknown")

        # Its ETag is what commands expect.
        for etag, status in (('"1"', 412), (answer.headers["etag"], 200)):
            off = await http.post(f"/v1/meetings/{id}/cancel", json={"reason": "ill"}, headers={**manager, "If-Match": etag})
            assert off.status_code == status
        assert (await http.get(f"/v1/meetings/{id}", headers=anna)).headers["etag"] == off.headers["etag"]


async def test_two_who_request_the_same_slot_of_each_other_at_once_agree(settings: Settings, issuer: Issuer) -> None:
    manager = bearer(issuer, "manager", districts=["marble"])
    pairs = [("anna", "bruno"), ("carla", "dora"), ("elio", "fede")]
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, [member for pair in pairs for member in pair])
        await agree(runtime, "fair", [("anna", "carla"), ("bruno", "dora"), ("elio", "anna"), ("fede", "carla")], tables=3)
        availability = f"{EVENT}/registrations/anna/availability"
        assert (await http.put(availability, json={"unavailable": [3]}, headers=manager)).is_success
        anna = {"by": "anna", "towards": "fede", "mode": "b2b", "slot": 3}
        for caller in (manager, bearer(issuer, "operator")):
            silent = await http.post(f"{EVENT}/meetings", json=anna, headers=caller)
            assert silent.json()["type"] == "urn:distretti:problem:not-available"
        overriding = await http.post(f"{EVENT}/meetings", json=anna | {"override_availability": True}, headers=manager)
        assert (overriding.status_code, overriding.json()["slot"]) == (201, 3)
        id = meeting_id("fair", "anna", "dora")
        await http.post(f"{EVENT}/meetings", json=anna | {"by": "dora", "towards": "anna"}, headers=manager)
        for override, code in ((False, "not-available"), (True, None)):
            body = {"by": "anna", "override_availability": override}
            accepted = await http.post(f"/v1/meetings/{id}/accept", json=body, headers=manager)
            assert accepted.json().get("type") == (code and f"urn:distretti:problem:{code}")
        assert accepted.json()["appointment"]["override_availability"] == ["anna"]

        requests = [
            {"by": by, "towards": towards, "mode": "b2b", "slot": 2} for pair in pairs for by, towards in (pair, pair[::-1])
        ]
        answers = await asyncio.gather(*(http.post(f"{EVENT}/meetings", json=body, headers=manager) for body in requests))
        assert [answer.status_code for answer in answers] == [201] * 6, [answer.text for answer in answers]
        for pair in pairs:
            meeting = (await http.get(f"/v1/meetings/{meeting_id('fair', *pair)}", headers=manager)).json()
            assert (meeting["status"], meeting["appointment"]["slot"]) == ("accepted", 2)
