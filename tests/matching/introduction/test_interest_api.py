"""What one side may learn of the other from the answers to its own words: nothing, until both are interested."""

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

        async def say(what: str, by: str, towards: str, **headers: str) -> httpx2.Response:
            said: dict[str, Any] = {"mode": "b2b", "by": by, "towards": towards}
            if what == "declines":
                said["reason"] = "We know them."
            return await http.post(f"/v1/{what}", json=said, headers=bearer(issuer, "member", by) | headers)

        async def told(partner: str) -> list[Any]:
            """Say all there is to say, with and without conditions, and keep whatever comes back."""
            answers = [await say("declines", "anna", partner, **{"If-Match": version}) for version in ('"0"', '"1"', "*")]
            for number, what in enumerate(PATHS):
                key = {"Idempotency-Key": f"{partner}-{number}"}
                answers += [await say(what, "anna", partner, **key) for _ in range(2)]
            return [
                (
                    one.status_code,
                    {name: value for name, value in one.headers.items() if name not in CHANGING},
                    _plain(one, partner),
                )
                for one in answers
            ]

        assert (await say("declines", "spoken", "anna")).status_code == 201
        for _ in range(2):
            assert (await say("interests", "wanted", "anna")).status_code == 201
            assert (await say("withdrawals", "wanted", "anna")).status_code == 200
        unspoken = await told("silent")
        assert await told("spoken") == unspoken
        assert await told("wanted") == unspoken
        assert {status for status, *_ in unspoken} == {200, 201, 409, 422}
        assert all("etag" not in headers for _, headers, _ in unspoken)


def _plain(answer: httpx2.Response, partner: str) -> Any:
    """Give an answer without what names the partner: its id, and that of the introduction computed from it."""
    body = answer.json()
    parts = {name: value for name, value in body.items() if name not in ("id", "members", "correlation", "instance")}
    return repr(parts).replace(partner, "partner")
