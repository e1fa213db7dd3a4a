"""What every service answers over HTTP, shown on the registry: problems, languages, pages, what is sent."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from fastapi import APIRouter
from starlette.requests import Request

from distretti.devstack.token_issuer import AUDIENCE, ISSUER, Issuer
from services.registry.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.http.problems import language_of
from shared.chassis.mongo import Conflict
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.runtime.service import Service
from tests.chassis.registry_service import registry, summary
from tests.lib.services import bearer, eventually, serving
from tests.registry.factories import DISTRICT, application


async def test_wrong_requests_are_answered_with_a_problem(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings, issuer) as (_, http, operator):

        async def sent(content: bytes | str, **headers: str | bytes) -> tuple[int, str, list[str]]:
            all_headers: Any = operator | {"Content-Type": "application/json"} | headers
            return summary(await http.post("/v1/members", content=content, headers=all_headers))

        good = json.dumps(application())
        assert await sent("{not json") == (400, "malformed", ["1"])
        assert await sent(b'{"name": "\xff"}') == (400, "http", [])
        assert await sent("[" * 20_000) == (400, "http", [])
        assert await sent("") == (422, "invalid", ["body"])
        assert await sent("[]") == (422, "invalid", ["body"])
        assert await sent(good, **{"Content-Type": "text/plain"}) == (422, "invalid", ["body"])
        assert await sent(json.dumps(application(colour="white"))) == (422, "invalid", ["colour"])
        assert await sent(json.dumps(application(name=7, kind=None))) == (422, "invalid", ["name", "kind"])
        assert await sent(json.dumps(application(name="\ud800"))) == (422, "invalid", ["name"])
        assert await sent(json.dumps({"name": "A"})) == (422, "invalid", ["kind", "identifiers", "districts", "place"])
        assert await sent(good, **{"If-Match": "abc"}) == (422, "if-match-malformed", ["If-Match"])
        assert await sent(good, **{"If-Match": '"²"'.encode("latin-1")}) == (422, "if-match-malformed", ["If-Match"])
        assert await sent(good, **{"If-Match": "9" * 5000}) == (422, "if-match-malformed", ["If-Match"])
        assert await sent(good, **{"Idempotency-Key": "k" * 201}) == (422, "invalid", ["Idempotency-Key"])

        assert summary(await http.get("/v1/nowhere")) == (404, "http", [])
        assert summary(await http.get("/v1/members/nobody", headers=operator)) == (404, "member-unknown", [])
        wrong_method = await http.put("/v1/districts", headers=operator)
        assert summary(wrong_method) == (405, "http", [])
        assert wrong_method.headers["allow"] == "GET, HEAD, POST"
        assert summary(await http.get("/v1/members?limit=0", headers=operator)) == (422, "invalid", ["limit"])
        assert summary(await http.get("/v1/members?limit=many", headers=operator)) == (422, "invalid", ["limit"])


async def test_a_wrong_method_is_answered_by_all_that_the_path_takes(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings, issuer) as (_, http, operator):
        for template, operations in (await http.get("/openapi.json")).json()["paths"].items():
            path = re.sub(r"\{.*?\}", "x", template)
            refused = await http.request("TRACE", path, headers=operator)
            assert summary(refused) == (405, "http", [])
            allowed = set(refused.headers["allow"].split(", "))
            assert allowed >= {method.upper() for method in operations}, path
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
                assert ((await http.request(method, path, headers=operator)).status_code != 405) == (method in allowed), (
                    method,
                    path,
                )
        mounted = await http.post("/static-offline-docs/none.css", headers=operator)
        assert (mounted.status_code, mounted.headers["allow"]) == (405, "GET, HEAD")


async def test_missing_rights_are_answered_with_a_problem(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings, issuer) as (_, http, _):
        day = timedelta(days=1)
        expired = issuer.token(subject="u", roles=["operator"], now=datetime.now(UTC) - day, lifetime=day / 2)
        for headers, code in [
            ({}, "token-missing"),
            ({"Authorization": "Basic dTpw"}, "token-missing"),
            ({"Authorization": "Bearer"}, "token-missing"),
            ({"Authorization": "Bearer nonsense"}, "token-refused"),
            ({"Authorization": f"Bearer {expired}"}, "token-refused"),
        ]:
            answer = await http.get("/v1/members", headers=headers)
            assert summary(answer) == (401, code, [])
            assert answer.headers["www-authenticate"] == "Bearer"
        assert "expired" in answer.json()["detail"]
        refused = await http.post("/v1/districts", json=DISTRICT, headers=bearer(issuer, "member"))
        assert summary(refused) == (403, "not-allowed", [])


async def test_a_claim_of_a_wrong_type_is_told_as_a_problem(settings: Settings, issuer: Issuer) -> None:
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u", "exp": 4_000_000_000, "roles": {"operator": False}}
    token = jwt.encode(claims, issuer.key, algorithm="ES256", headers={"kid": issuer.kid})
    async with serving(SERVICE, settings) as (_, http):
        answer = await http.post("/v1/districts", json=DISTRICT, headers={"Authorization": f"Bearer {token}"})
        assert summary(answer) == (401, "token-claims", ["roles"])
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_without_the_issuers_keys_the_answer_is_try_again(settings: Settings, issuer: Issuer) -> None:
    unreachable = settings.model_copy(update={"auth_jwks_url": "http://127.0.0.1:9/jwks.json"})
    async with serving(SERVICE, unreachable) as (_, http):
        answer = await http.get("/v1/members", headers=bearer(issuer, "operator"))
        assert summary(answer) == (503, "keys-unavailable", [])
        assert answer.headers["retry-after"]


@pytest.mark.parametrize(
    ("accept_language", "language"),
    [
        ("it", "it"),
        ("it-IT,it;q=0.9,en;q=0.8", "it"),
        ("de,it;q=0.7", "it"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("", "en"),
        ("en;q=0.2,it;q=0.9", "it"),
        ("it;q=0,en;q=0.5", "en"),
        (";;q=,", "en"),
    ],
)
def test_the_language_is_the_one_preferred(accept_language: str, language: str) -> None:
    request = Request({"type": "http", "headers": [(b"accept-language", accept_language.encode())]})
    assert language_of(request) == language


async def test_problems_are_in_the_language_asked_for(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings, issuer) as (_, http, operator):
        path = "/v1/members/nobody"
        italian = await http.get(path, headers=operator | {"Accept-Language": "it"})
        english = await http.get(path, headers=operator | {"Accept-Language": "en"})
        assert italian.json()["detail"] == "Non c'è nessun membro con questo id."
        assert english.json()["detail"] == "There is no member with this id."
        wrong = [await http.post("/v1/members", json={}, headers=operator | {"Accept-Language": tag}) for tag in ("it", "en")]
        assert [answer.json()["title"] for answer in wrong] == ["La richiesta non è valida", "The request is not valid"]
        by_rule = await http.post("/v1/members", json=application(districts=["none"]), headers=operator | {"Accept-Language": "it"})
        assert (by_rule.status_code, by_rule.json()["type"]) == (422, wrong[0].json()["type"])
        assert by_rule.json()["title"] == wrong[0].json()["title"]
        assert italian.json()["title"] == "Non trovato"
        messages = [
            {field_error["field"]: field_error["message"] for field_error in answer.json()["errors"]}["name"] for answer in wrong
        ]
        assert messages == ["campo obbligatorio", "required field"]
        assert "name: campo obbligatorio" in wrong[0].json()["detail"]


async def test_a_failure_is_a_problem_that_can_be_found_in_the_log(
    settings: Settings, issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    router = APIRouter()

    @router.get("/broken")
    async def broken() -> None:
        raise ZeroDivisionError("secret")

    @router.get("/contended")
    async def contended() -> None:
        raise Conflict

    async with serving(Service("broken", router), settings) as (_, http):
        answer = await http.get("/v1/broken", headers={"X-Correlation-Id": "find-me"})
        assert summary(answer) == (500, "failed", [])
        assert "secret" not in answer.text
        assert answer.headers["x-correlation-id"] == "find-me"
        lines = [line for line in capsys.readouterr().out.splitlines() if "request_failed" in line]
        assert len(lines) == 1
        assert "find-me" in lines[0]
        metrics = (await http.get("/metrics")).text
        assert 'distretti_http_seconds_count{method="GET",route="/broken",status="500"} 1.0' in metrics
        busy = await http.get("/v1/contended")
        assert summary(busy) == (503, "unavailable", [])


async def test_pages_walk_everything_once_while_the_list_grows(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings, issuer) as (_, http, operator):

        async def add(number: int) -> str:
            body = application(identifiers=[{"scheme": "pic", "value": f"{number:09}"}])
            id: str = (await http.post("/v1/members", json=body, headers=operator)).json()["id"]
            return id

        async def read(cursor: str | None, limit: int) -> dict[str, Any]:
            params = {"status": "applied", "limit": str(limit)} | ({"cursor": cursor} if cursor else {})
            page: dict[str, Any] = (await http.get("/v1/members", params=params, headers=operator)).json()
            return page

        before = [await add(number) for number in range(10)]
        page = await read(None, 4)
        walked = [item["id"] for item in page["items"]]
        assert len(walked) == 4
        after = await add(10)
        while page["next"]:
            page = await read(page["next"], 4)
            walked += [item["id"] for item in page["items"]]
        assert walked == [*before, after]
        assert (await read(None, 11))["next"] is None

        def cursor(value: object) -> str:
            return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()

        for bad in ("!!", "abc", "%FF", cursor(7), cursor(None), cursor({"$gt": ""}), cursor("\ud800"), "è"):
            answer = await http.get("/v1/members", params={"status": "applied", "cursor": bad}, headers=operator)
            assert summary(answer) == (422, "cursor-malformed", ["cursor"]), bad


async def test_what_was_committed_is_sent_and_marked(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings, issuer) as (runtime, http, operator):
        await http.post("/v1/members", json=application(), headers=operator)

        async def sent() -> list[Any]:
            documents = await runtime.mongo[OUTBOX].find({"status": "sent"}).to_list(None)
            return documents if len(documents) == 2 else []

        assert all(document["sent"] >= document["created"] for document in await eventually(sent))
        assert (await http.get("/health/progress")).json()["unsent"] == 0
