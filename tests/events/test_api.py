"""Brokerage events over HTTP, on a real MongoDB and a real Kafka: from the announcement to the published agenda."""

from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from services.events.projections import INTRODUCTIONS
from shared.chassis.config import Settings
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.writes.claims import CLAIMS
from shared.contracts import topics
from shared.contracts.events import AgendaPublished, BrokerageEventClosed
from shared.contracts.matching import InterestExpressed, IntroductionMade
from tests.events.factories import announcement, computed, feed_members
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"


def fields(answer: httpx2.Response) -> list[str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return [error["field"] for error in answer.json().get("errors", [])]


async def test_from_the_announcement_to_the_agenda(settings: Settings, issuer: Issuer) -> None:
    behind_a_gateway = settings.model_copy(update={"root_path": "/events"})
    async with serving(SERVICE, behind_a_gateway) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla", "dora"])
        manager = bearer(issuer, "manager", districts=["marble"])
        anna, bruno = bearer(issuer, "member", "anna"), bearer(issuer, "member", "bruno")

        async def post(path: str, body: dict[str, Any] | None = None, headers: dict[str, str] = manager) -> httpx2.Response:
            return await http.post(path, json=body, headers=headers)

        # Announced, and open for registration.
        assert (await post("/v1/brokerage-events", announcement(id="fair"))).status_code == 201
        repeated = await post("/v1/brokerage-events", announcement(id="fair"))
        assert (repeated.status_code, repeated.headers["etag"]) == (201, '"1"')
        assert (await post("/v1/brokerage-events", announcement(id="fair", tables=9))).status_code == 409
        assert (await post(f"{EVENT}/registrations", {"member_id": "anna"})).status_code == 409
        assert (await post(f"{EVENT}/open", headers=anna)).status_code == 403
        assert (await post(f"{EVENT}/open")).json()["status"] == "registration-open"

        # Registered.
        registering = {"member_id": "anna", "unavailable": [1]}
        assert (await post(f"{EVENT}/registrations", registering, bruno)).status_code == 403
        assert (await post(f"{EVENT}/registrations", registering, anna)).status_code == 201
        for member in ("bruno", "carla", "dora"):
            assert (await post(f"{EVENT}/registrations", {"member_id": member})).status_code == 201
        unknown = await post(f"{EVENT}/registrations", {"member_id": "zeno"})
        assert (unknown.status_code, fields(unknown)) == (409, ["member_id"])
        first = (await http.get(f"{EVENT}/registrations", params={"limit": 3}, headers=anna)).json()
        rest = (await http.get(f"{EVENT}/registrations", params={"limit": 3, "cursor": first["next"]}, headers=anna)).json()
        assert sorted(registration["member_id"] for registration in first["items"] + rest["items"]) == [
            "anna",
            "bruno",
            "carla",
            "dora",
        ]

        # Meetings asked for: after an introduction, directly, from both sides.
        assert (await post(f"{EVENT}/agenda")).json()["type"] == "urn:distretti:problem:no-accepted-meetings"
        await feed(settings, topics.INTRODUCTIONS, "i1", 1, InterestExpressed(mode="b2b", by="bruno", towards="anna"))
        await feed(settings, topics.INTRODUCTIONS, "i1", 2, IntroductionMade(mode="b2b", members=("bruno", "anna")))

        async def introduced() -> Any:
            return await runtime.mongo[INTRODUCTIONS.collection].find_one({"_id": "i1", "introduced": True})

        await eventually(introduced)
        request = {"by": "anna", "towards": "bruno", "mode": "b2b", "introduction_id": "i1"}
        assert fields(await post(f"{EVENT}/meetings", {**request, "introduction_id": "i2"}, anna)) == ["introduction_id"]
        assert (await post(f"{EVENT}/meetings", request, bruno)).status_code == 403
        meeting = (await post(f"{EVENT}/meetings", request, anna)).json()
        assert (meeting["status"], meeting["version"]) == ("requested", 1)
        own = await post(f"/v1/meetings/{meeting['id']}/accept", {"by": "anna"}, anna)
        assert (own.status_code, fields(own)) == (409, ["by"])
        assert (await post(f"/v1/meetings/{meeting['id']}/accept", {"by": "bruno"}, bruno)).json()["status"] == "accepted"
        among_firms = await post(f"{EVENT}/meetings", {"by": "anna", "towards": "carla", "mode": "r2b"})
        assert (among_firms.status_code, fields(among_firms)) == (422, ["mode"])
        for by, towards in (("anna", "carla"), ("carla", "anna"), ("dora", "bruno"), ("bruno", "dora"), ("carla", "dora")):
            answer = await post(f"{EVENT}/meetings", {"by": by, "towards": towards, "mode": "b2b"})
            assert answer.status_code == 201, answer.text
        declined = await post(f"/v1/meetings/{answer.json()['id']}/decline", {"by": "dora", "reason": "Già visti"})
        assert (declined.json()["status"], declined.json()["reason"]) == ("declined", "Già visti")
        meetings = (await http.get(f"{EVENT}/meetings", params={"member": "anna"}, headers=anna)).json()["items"]
        assert {(entry["by"], entry["towards"], entry["status"]) for entry in meetings} == {
            ("anna", "bruno", "accepted"),
            ("anna", "carla", "accepted"),
        }
        assert (await http.get(f"{EVENT}/meetings", headers=anna)).status_code == 403

        # The agenda, computed and published.
        accepted = await post(f"{EVENT}/agenda", {"time_limit": 5})
        assert accepted.status_code == 202
        assert accepted.headers["location"] == f"/events{EVENT}/agenda/computation"
        ended = await computed(http, "fair", manager)
        assert (ended["status"], ended["agenda_version"], ended["reason"]) == ("published", 1, None)
        answer = await http.get(f"{EVENT}/agenda", headers=manager)
        agenda = answer.json()
        assert (answer.headers["etag"], agenda["status"], agenda["unplaced"], agenda["breaks"]) == ('"1"', "optimal", [], 0)
        assert len(agenda["placements"]) == 3
        expected = set()
        for placement in agenda["placements"]:
            expected |= {f"fair:{placement['slot']}:person:{member}" for member in placement["members"]}
            expected.add(f"fair:{placement['slot']}:table:{placement['table']}")
        assert len(expected) == 9
        assert set(await runtime.mongo[CLAIMS].distinct("_id", {"holder": "fair"})) == expected

        anna_agenda = (await http.get(f"{EVENT}/agenda/anna", headers=anna)).json()
        assert [(entry["slot"], entry["starts"]) for entry in anna_agenda["meetings"]] == [
            (2, "2027-03-12T08:50:00.000Z"),
            (3, "2027-03-12T09:10:00.000Z"),
        ]
        assert {entry["with"]["name"] for entry in anna_agenda["meetings"]} == {"Firm bruno", "Firm carla"}
        assert (await http.get(f"{EVENT}/agenda/anna", headers=bruno)).status_code == 403

        # The same input changes nothing; a withdrawal does.
        assert (await post(f"{EVENT}/agenda")).status_code == 202
        assert (await computed(http, "fair", manager))["agenda_version"] == 1
        assert await runtime.mongo[OUTBOX].count_documents({"headers.ce_type": {"$regex": AgendaPublished.TYPE}}) == 1
        assert (await http.delete(f"{EVENT}/registrations/dora", headers=manager)).json()["status"] == "withdrawn"
        assert (await post(f"{EVENT}/agenda")).status_code == 202
        assert (await computed(http, "fair", manager))["agenda_version"] == 2
        bruno_agenda = (await http.get(f"{EVENT}/agenda/bruno", headers=bruno)).json()
        assert [entry["with"]["name"] for entry in bruno_agenda["meetings"]] == ["Firm anna"]
        assert [entry["reason"]["en"] for entry in bruno_agenda["unplaced"]] == ["Firm dora has withdrawn from the event."]
        assert await runtime.mongo[CLAIMS].count_documents({"holder": "fair"}) == 6

        # Closed before its day: what was to come is cancelled, and nothing changes any more.
        assert len((await http.get(f"{EVENT}/agenda/anna", headers=anna)).json()["meetings"]) == 2
        assert (await post(f"{EVENT}/close")).json()["status"] == "closed"
        assert (await http.get(f"{EVENT}/agenda/anna", headers=anna)).json()["meetings"] == []
        late = await post(f"/v1/meetings/{meeting['id']}/missed", {"by": "anna"}, anna)
        assert (late.status_code, late.json()["type"]) == (409, "urn:distretti:problem:meeting-called-off")
        sent = await runtime.mongo[OUTBOX].find_one({"headers.ce_type": {"$regex": BrokerageEventClosed.TYPE}})
        assert sent is not None
        closed = BrokerageEventClosed.model_validate_json(sent["value"])
        agreed = {placement["meeting_id"] for placement in agenda["placements"] if "dora" not in placement["members"]}
        assert set(closed.called_off) == agreed
        assert set(closed.not_held) == {entry["meeting_id"] for entry in bruno_agenda["meetings"]} | agreed
        for path, body in (("agenda", None), ("registrations", {"member_id": "dora"}), ("open", None)):
            assert (await post(f"{EVENT}/{path}", body)).json()["type"] == "urn:distretti:problem:event-closed"

        async def all_sent() -> bool:
            return not await runtime.mongo[OUTBOX].count_documents({"status": "unsent"})

        await eventually(all_sent)


async def test_bad_input_is_named(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno"])
        operator = bearer(issuer, "operator")
        for path, body in (
            ("/v1/brokerage-events", announcement(id="fair")),
            (f"{EVENT}/open", None),
            (f"{EVENT}/registrations", {"member_id": "anna"}),
        ):
            assert (await http.post(path, json=body, headers=operator)).is_success
        slot = announcement()["slots"][0]
        meeting = {"by": "anna", "towards": "bruno", "mode": "b2b"}
        cases: list[tuple[str, Any, int, list[str]]] = [
            ("brokerage-events", announcement(districts=["marble", "atlantis"]), 422, ["districts.1"]),
            ("brokerage-events", announcement(timezone="Europe/Atlantis"), 422, ["timezone"]),
            ("brokerage-events", announcement(timezone="Europe"), 422, ["timezone"]),
            ("brokerage-events", announcement(modes=["b2b", "b2c"]), 422, ["modes.1"]),
            ("brokerage-events", announcement(slots=[]), 422, ["slots"]),
            ("brokerage-events", announcement(slots=[{**slot, "number": 2}]), 422, ["slots.0.number"]),
            ("brokerage-events", announcement(slots=[slot, {**slot, "starts": "2027-03-12T08:30:00"}]), 422, ["slots.1.starts"]),
            ("brokerage-events", announcement(tables=0, venue=""), 422, ["venue", "tables"]),
            ("brokerage-events", announcement(id="a:b"), 422, ["id"]),
            ("brokerage-events", announcement(colour="white"), 422, ["colour"]),
            ("brokerage-events/fair/registrations", {"member_id": "anna", "unavailable": [1, 4]}, 422, ["unavailable.1"]),
            ("brokerage-events/fair/registrations", {"member_id": "anna", "unavailable": [1, 1]}, 422, ["unavailable.1"]),
            ("brokerage-events/none/registrations", {"member_id": "anna"}, 404, []),
            ("brokerage-events/fair/meetings", {**meeting, "mode": "f2b"}, 422, ["mode"]),
            ("brokerage-events/fair/meetings", {**meeting, "towards": "anna"}, 422, ["towards"]),
            ("brokerage-events/fair/meetings", meeting, 409, ["towards"]),
            ("meetings/none/accept", {"by": "anna"}, 404, []),
            ("meetings/none/decline", {"by": "anna"}, 422, ["reason"]),
            ("brokerage-events/fair/agenda", {"time_limit": 301}, 422, ["time_limit"]),
            ("brokerage-events/none/agenda", None, 404, []),
        ]
        for path, body, status, named in cases:
            answer = await http.post(f"/v1/{path}", json=body, headers=operator)
            assert (answer.status_code, fields(answer)) == (status, named), f"{path} {body}: {answer.text}"
        assert (await http.post("/v1/brokerage-events", json=announcement())).status_code == 401
        assert (await http.get(f"{EVENT}/agenda", headers=operator)).status_code == 404
        assert (await http.get(f"{EVENT}/agenda/computation", headers=operator)).status_code == 404
        broken = await http.get("/v1/brokerage-events", params={"cursor": "!"})
        assert (broken.status_code, fields(broken)) == (422, ["cursor"])
