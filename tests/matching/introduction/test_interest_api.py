"""What one side may learn of the other from the answers to its own commands: nothing, until both are interested."""

from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer
from shared.chassis.config import Settings
from tests.lib.services import bearer, serving
from tests.matching.factories import ROUTES, put_member

PATHS = ("interests", "interests", "withdrawals", "withdrawals", "declines", "declines", "withdrawals")
CHANGING = {"date", "x-request-id", "x-correlation-id", "traceparent"}


async def test_answers_are_the_same_whether_the_other_side_spoke_or_not(settings: Settings, issuer: Issuer) -> None:
    async with serving(ROUTES, settings) as (runtime, http):
        for id in ("anna", "silent", "spoken", "wanted"):
            await put_member(runtime.mongo, id, name="One")

        async def post(path: str, by: str, towards: str, **headers: str) -> httpx2.Response:
            body: dict[str, Any] = {"mode": "b2b", "by": by, "towards": towards}
            if path == "declines":
                body["reason"] = "We know them."
            return await http.post(f"/v1/{path}", json=body, headers=bearer(issuer, "member", by) | headers)

        async def responses_about(partner: str) -> list[Any]:
            """Send every command, with and without conditions, and return all that comes back."""
            answers = [await post("declines", "anna", partner, **{"If-Match": version}) for version in ('"0"', '"1"', "*")]
            for number, path in enumerate(PATHS):
                key = {"Idempotency-Key": f"{partner}-{number}"}
                answers += [await post(path, "anna", partner, **key) for _ in range(2)]
            return [
                (
                    response.status_code,
                    {name: value for name, value in response.headers.items() if name not in CHANGING},
                    _plain(response, partner),
                )
                for response in answers
            ]

        assert (await post("declines", "spoken", "anna")).status_code == 201
        for _ in range(2):
            assert (await post("interests", "wanted", "anna")).status_code == 201
            assert (await post("withdrawals", "wanted", "anna")).status_code == 200
        unspoken = await responses_about("silent")
        assert await responses_about("spoken") == unspoken
        assert await responses_about("wanted") == unspoken
        assert {status for status, *_ in unspoken} == {200, 201, 409, 422}
        assert all("etag" not in headers for _, headers, _ in unspoken)


def _plain(answer: httpx2.Response, partner: str) -> Any:
    """Give an answer without what names the partner: its id, and that of the introduction computed from it."""
    body = answer.json()
    parts = {name: value for name, value in body.items() if name not in ("id", "members", "correlation", "instance")}
    return repr(parts).replace(partner, "partner")
