"""Who could supply this? Asked of the service, answered by its process."""

import time
from types import SimpleNamespace
from typing import Any, cast

import psutil
import pytest

from distretti.devstack.token_issuer import Issuer
from services.matching.search.engine.index import Corpus
from services.matching.search.engine.protocol import Asked, Reply, Supply
from services.matching.search.engine.reasons import NONE, SAID, reasons
from services.matching.search.engine.server import Answerer
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo
from tests.lib.services import bearer, eventually, serving
from tests.matching.factories import put_member
from tests.matching.search.client import ANSWERING, answered

OFFER = {"nature": "technology", "title": "Laser cutting of marble slabs", "text": "", "language": "en", "visibility": "network"}
NEED = {"nature": "technology", "title": "Taglio di lastre di marmo con il laser", "text": "", "language": "it"}
WISH = {"text": "Cerchiamo chi tagli lastre di marmo con il laser", "language": "it"}


async def test_a_free_text_finds_who_offers_it_and_nothing_hidden(settings: Settings, issuer: Issuer) -> None:
    async with serving(ANSWERING, settings) as (runtime, http):
        mongo, operator = runtime.mongo, bearer(issuer, "operator")
        await put_member(mongo, "anna", needs={"n": NEED})
        await put_member(mongo, "bruno", offers={"o": OFFER})
        await put_member(mongo, "carla", offers={"o": {**OFFER, "visibility": "district"}})
        await put_member(mongo, "dora", offers={"o": OFFER}, status="applied")
        await put_member(mongo, "emma", offers={"o": {**OFFER, "title": "Woollen yarn on fine looms"}})

        found = await answered(http, WISH, operator | {"Accept-Language": "it"}, {"bruno"})
        [one] = found["answers"]
        assert (one["name"], one["best"], one["modes"]) == ("Firm bruno", OFFER["title"], [])
        assert "«Laser cutting of marble slabs»" in one["why"]
        assert one["score"] == pytest.approx(sum(one["contributions"].values()), abs=1e-5)
        assert found["rule"].startswith("partners-")
        assert found["member"] is None

        mine = bearer(issuer, "member", "anna")
        asked = await http.post("/v1/answers", json=WISH, headers=mine)
        assert [(one["partner"], one["modes"]) for one in asked.json()["answers"]] == [("bruno", ["b2b"])]
        assert "“Laser cutting of marble slabs”" in asked.json()["answers"][0]["why"]
        of_need = await http.get("/v1/members/anna/needs/n/suggestions", headers=mine)
        assert [one["partner"] for one in of_need.json()["answers"]] == ["bruno"]
        assert (await http.post("/v1/answers", json={**WISH, "member": "bruno"}, headers=mine)).status_code == 403
        assert (await http.get("/v1/members/anna/needs/x/suggestions", headers=mine)).status_code == 404
        assert (await http.get("/v1/members/anna/needs/n/suggestions", headers=bearer(issuer, "member", "emma"))).status_code == 403
        assert (await http.post("/v1/answers", json=WISH, headers=bearer(issuer, "partner"))).status_code == 403

        # Members change, and so do the answers; nothing else is asked for it.
        await mongo["members"].update_one({"_id": "dora"}, {"$set": {"status": "approved"}})
        await mongo["members"].update_one({"_id": "bruno"}, {"$set": {"offers": {}}})
        await answered(http, WISH, operator, {"dora"})

        # Whom a member has declined is no answer to it, and is again once that is taken back.
        decline = {"mode": "b2b", "by": "anna", "towards": "dora"}
        said = await http.post("/v1/declines", json={**decline, "reason": "We know them."}, headers=mine)
        assert said.status_code == 201
        await answered(http, WISH, mine, set())
        assert (await http.post("/v1/withdrawals", json=decline, headers=mine)).status_code == 200
        await answered(http, WISH, mine, {"dora"})


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "text"),
    ({"text": "   ", "language": "it"}, "", "text"),
    ({"text": "x" * 10_001}, "", "text"),
    ({"text": "laser", "language": "de"}, "", "language"),
    ({"text": "laser", "member": "../x"}, "", "member"),
    ({"text": "laser", "size": 3}, "", "size"),
    ({"text": "laser"}, "?limit=51", "limit"),
]


async def test_bad_questions_are_told_by_field(settings: Settings, issuer: Issuer) -> None:
    async with serving(ANSWERING, settings) as (_, http):
        for body, query, field in BAD:
            answer = await http.post(f"/v1/answers{query}", json=body, headers=bearer(issuer, "operator"))
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_killed_process_is_started_again_and_ends_with_its_service(settings: Settings, issuer: Issuer) -> None:
    def children() -> list[psutil.Process]:
        alive = [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]
        return [one for one in alive if "services.matching.search.engine" in one.cmdline()]

    async with serving(ANSWERING, settings) as (runtime, http):
        await put_member(runtime.mongo, "bruno", offers={"o": OFFER})
        operator = bearer(issuer, "operator")
        early = await http.post("/v1/answers", json=WISH, headers=operator)
        assert (early.status_code, early.headers["retry-after"]) == (503, "2")
        assert early.json()["type"] == "urn:distretti:problem:answers-unavailable"
        await answered(http, WISH, operator, {"bruno"})
        [child] = children()
        child.kill()

        async def another() -> bool:
            return any(one.pid != child.pid for one in children())

        await eventually(another, 30)
        await answered(http, WISH, operator, {"bruno"})
    assert children() == []


async def test_what_nobody_waits_for_any_more_is_not_worked_out() -> None:
    answered: list[Any] = []
    answerer = Answerer(cast(Mongo, None), utc_now)
    answerer._corpus = cast(Corpus, SimpleNamespace(reply=lambda question: answered.append(question) or Reply()))
    question = Supply(text="laser", language="it", limit=1)
    for until, is_gone, ready in ((60, False, True), (-1, False, False), (60, True, False)):
        line = Asked(until=time.monotonic() + until, question=question).model_dump_json().encode()
        reply = await answerer._reply(line, lambda is_gone=is_gone: is_gone)  # type: ignore[misc]
        assert reply.unready is not ready
    assert answered == [question]


def test_reasons_are_said_the_weightiest_first_and_never_what_speaks_against() -> None:
    said = reasons({"text": 0.5, "words": 0.4, "small": 0.2, "name": 3.0, "active": -1.0, "together": 0.0}, "Fibre sensors")
    assert said.en == "The text names the organisation or its city. It is near to “Fibre sensors”. It is a small firm."
    assert said.it == "Il testo nomina l'organizzazione o la sua città. È vicino a «Fibre sensors». È una piccola impresa."
    assert reasons({"active": 2.0}, None).it == NONE[0]
    everything = reasons({"text": 1.0, **dict.fromkeys(SAID, 1.0)}, "x" * 4000)
    assert max(len(everything.it), len(everything.en)) < 500
