"""A command is done once for each Idempotency-Key, shown on the registry."""

import asyncio

import pytest

from distretti.devstack.token_issuer import Issuer
from shared.chassis.config import Settings
from shared.chassis.errors import Invalid
from shared.chassis.http.commands import expected_version
from shared.chassis.outbox.outbox import OUTBOX
from shared.contracts.topics import MEMBERS
from tests.chassis.registry_service import registry, summary
from tests.lib.services import bearer
from tests.registry.factories import PROFILE, application


async def test_one_key_does_a_command_once_however_many_send_it(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings, issuer) as (runtime, http, operator):
        headers = operator | {"Idempotency-Key": "once"}
        answers = await asyncio.gather(*(http.post("/v1/members", json=application(), headers=headers) for _ in range(10)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.text for answer in answers}) == 1
        assert {answer.headers["etag"] for answer in answers} == {'"1"'}
        assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
        assert await runtime.mongo[OUTBOX].count_documents({"topic": MEMBERS.name}) == 1

        second = await http.post("/v1/members", json=application(name="Altro"), headers=headers)
        assert summary(second) == (422, "idempotency-key-reused", ["Idempotency-Key"])
        elsewhere = await http.post(f"/v1/members/{answers[0].json()['id']}/approve", headers=headers)
        assert summary(elsewhere) == (422, "idempotency-key-reused", ["Idempotency-Key"])
        twice = await http.post(
            "/v1/members", json=application(), headers=[*operator.items(), *(("Idempotency-Key", key) for key in "ab")]
        )
        assert summary(twice) == (422, "invalid", ["Idempotency-Key"])
        somebody_else = bearer(issuer, "member") | {"Idempotency-Key": "once"}
        foreign = await http.post("/v1/members", json=application(), headers=somebody_else)
        assert foreign.status_code == 201
        assert "idempotency-replayed" not in foreign.headers


async def test_a_repeat_is_answered_by_the_state_as_it_is_now_and_executes_nothing(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings, issuer) as (_, http, operator):
        path = f"/v1/members/{(await http.post('/v1/members', json=application(), headers=operator)).json()['id']}"
        first = operator | {"If-Match": '"1"', "Idempotency-Key": "approve"}
        approved = await http.post(f"{path}/approve", headers=first)
        owner = bearer(issuer, "operator")
        await http.put(
            f"{path}/profile", json=PROFILE | {"summary": "Nuovo"}, headers=owner | {"If-Match": approved.headers["etag"]}
        )
        stale = await http.put(f"{path}/profile", json=PROFILE | {"summary": "Vecchio"}, headers=owner | {"If-Match": '"2"'})
        assert summary(stale) == (412, "stale-version", [])
        for written in ('"""1"', "1", '"01"', '"1" "2"'):
            malformed = await http.post(f"{path}/approve", headers=operator | {"If-Match": written})
            assert summary(malformed)[1:] == ("if-match-malformed", ["If-Match"]), written
        repeated = await http.post(f"{path}/approve", headers=first)
        assert repeated.headers["idempotency-replayed"] == "true"
        now = await http.get(path, headers=operator)
        assert (repeated.status_code, repeated.text, repeated.headers["etag"]) == (200, now.text, '"3"')
        assert (now.json()["status"], now.json()["profile"]["summary"]) == ("approved", "Nuovo")


@pytest.mark.parametrize("if_match", ['"3"', 'W/"3"'])
def test_a_version_is_read_of_a_tag(if_match: str) -> None:
    assert expected_version([if_match]) == 3


@pytest.mark.parametrize("if_match", [[], ["*"]])
def test_no_version_is_expected_where_any_will_do(if_match: list[str]) -> None:
    assert expected_version(if_match) is None


@pytest.mark.parametrize(
    "if_match",
    [[""], ["3"], ['""3""'], ['"3'], ['3"'], ['"03"'], ['"+3"'], ['"\u0663"'], ['"3", "4"'], ['"*"'], ["9" * 16], ['"3"', '"4"']],
)
def test_what_is_no_version_is_refused(if_match: list[str]) -> None:
    with pytest.raises(Invalid, match="if-match-malformed"):
        expected_version(if_match)
