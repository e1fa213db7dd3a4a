"""The addresses of calendars: given out to who may have them, and taken back."""

import pytest

from distretti.devstack.token_issuer import Issuer
from services.events.calendar.subscriptions import ACTS, ADDRESSES, INDEXES, Addressee, CalendarAddresses
from services.events.main import SERVICE
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Mongo, ensure_indexes
from tests.events.factories import agree, feed_members
from tests.lib.services import bearer, serving

EVENT = "/v1/brokerage-events/fair"


async def test_an_address_is_the_members_own_and_can_be_taken_back(
    settings: Settings, issuer: Issuer, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno"])
        await agree(runtime, "fair", [("anna", "bruno")])
        anna, bruno = bearer(issuer, "member", "anna"), bearer(issuer, "member", "bruno")
        manager, outsider = bearer(issuer, "manager", districts=["marble"]), bearer(issuer, "manager", districts=["fashion"])
        address = f"{EVENT}/agenda/anna/calendar-address"
        for headers, status in (({}, 401), (bruno, 403), (outsider, 403)):
            for method in ("GET", "POST", "DELETE"):
                assert (await http.request(method, address, headers=headers)).status_code == status
        assert (await http.get(address, headers=anna)).json()["type"] == "urn:distretti:problem:address-unknown"
        unregistered = await http.post(f"{EVENT}/agenda/zeno/calendar-address", headers=manager)
        assert unregistered.json()["type"] == "urn:distretti:problem:not-registered"

        first_path = (await http.post(address, headers=anna)).json()["path"]
        assert (await http.get(first_path)).status_code == 200
        second_path = (await http.post(address, headers=manager)).json()["path"]
        assert (await http.get(first_path)).status_code == 404
        assert (await http.get(second_path)).status_code == 200
        assert (await http.get(second_path.replace(".ics", "x.ics"))).status_code == 404
        for _ in range(2):
            assert (await http.delete(address, headers=anna)).json()["revoked"]
        revoked = await http.get(second_path)
        assert (revoked.status_code, revoked.json()["type"]) == (404, "urn:distretti:problem:calendar-unknown")
        third_path = (await http.post(address, headers=anna)).json()["path"]
        assert (await http.get(third_path)).status_code == 200

        # Who did what is kept; the address is not, nor is it in a log or a metric.
        acts = (await http.get(address, headers=manager)).json()["acts"]
        assert [(act["act"], act["by"]) for act in acts] == [
            ("opened", "member:anna"),
            ("opened", "manager:test"),
            ("revoked", "member:anna"),
            ("opened", "member:anna"),
        ]
        records = str([await runtime.mongo[name].find({}).to_list(None) for name in (ADDRESSES, ACTS)])
        seen = records + (await http.get("/metrics")).text + "".join(capsys.readouterr())
        for path in (first_path, second_path, third_path):
            secret = path.rpartition("/")[2].removesuffix(".ics")
            assert len(secret) == 43
            assert secret not in seen


async def test_ids_with_colons_name_no_address_of_another_event(settings: Settings) -> None:
    mongo = Mongo(settings.mongo_url, settings.named("addresses"), settings.mongo_timeout)
    await ensure_indexes(mongo, INDEXES)
    addresses = CalendarAddresses(mongo, utc_now)
    own, alike = Addressee("fair:spring", "anna"), Addressee("fair", "spring:anna")
    secret = await addresses.open(own, "anna")
    with pytest.raises(NotFound, match="address-unknown"):
        await addresses.revoke(alike, "somebody")
    await addresses.open(alike, "somebody")
    assert await addresses.find(secret) == own
    assert [act.by for act in (await addresses.read(own)).acts] == ["anna"]
    mongo.close()
