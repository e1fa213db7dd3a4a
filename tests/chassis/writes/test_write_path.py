"""The write path under contention, on a real MongoDB: every command once, in order; one holder of a claim."""

import asyncio
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from pymongo.errors import AutoReconnect, OperationFailure, ServerSelectionTimeoutError

from services.registry.member import rules
from services.registry.member.aggregate import MEMBER
from services.registry.member.state import Member
from shared.chassis.config import Settings
from shared.chassis.errors import Claimed, Refusal, StaleVersion
from shared.chassis.mongo import Session, is_outage, is_transient
from shared.chassis.outbox.cause import Cause
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.writes.aggregate import Command, Written
from shared.chassis.writes.claims import CLAIMS
from shared.chassis.writes.write_path import WritePath
from shared.contracts.base import DomainEvent
from shared.contracts.registry import Offer, OfferPublished, Profile
from tests.chassis.write_path_fixture import applied, outbox_of, writing

CAUSE = Cause("test")


async def apply(write: WritePath, id: str, pic: str) -> Written[Member]:
    return await write.execute(MEMBER, id, lambda state: rules.apply(state, applied(id, pic)), CAUSE)


async def admit(write: WritePath, id: str, pic: str) -> Written[Member]:
    return await write.execute(MEMBER, id, lambda state: rules.admit(state, applied(id, pic), {}, {}), CAUSE)


async def revise(write: WritePath, id: str, summary: str, expected: int | None = None) -> Written[Member]:
    profile = Profile(summary=summary)
    return await write.execute(MEMBER, id, lambda state: rules.revise_profile(state, profile), CAUSE, expected=expected)


async def test_fifty_commands_at_once_all_land_once_and_in_order(settings: Settings) -> None:
    commits: list[None] = []
    async with writing(settings, commits) as write:
        await apply(write, "m", "100000001")
        written = await asyncio.gather(*(revise(write, "m", f"s{number}") for number in range(50)))

        outbox = await outbox_of(write.mongo, "m")
        assert [document["sequence"] for document in outbox] == list(range(1, 52))
        assert [document["headers"]["ce_sequence"] for document in outbox] == [str(number) for number in range(1, 52)]
        assert sorted(result.version for result in written) == list(range(2, 52))
        times = [document["created"] for document in outbox]
        assert all(earlier < later for earlier, later in itertools.pairwise(times))
        published = [Profile.model_validate_json(document["value"][len('{"profile":') : -1]) for document in outbox[1:]]
        assert sorted(profile.summary for profile in published) == sorted(f"s{number}" for number in range(50))
        by_version = {result.version: result.state.profile.summary for result in written}
        assert [profile.summary for profile in published] == [by_version[version] for version in range(2, 52)]
        stored = await write.mongo[MEMBER.collection].find_one({"_id": "m"})
        assert stored is not None
        assert (stored["version"], stored["state"]["profile"]["summary"]) == (51, published[-1].summary)
        assert len(commits) == 51


async def test_ids_rise_with_the_sequence_though_the_clock_goes_back(settings: Settings) -> None:
    start = datetime(2026, 11, 22, 9, tzinfo=UTC)
    times = (start - timedelta(seconds=number) for number in itertools.count())
    async with writing(settings) as made:
        write = WritePath(made.mongo, "/distretti/writing", lambda: next(times), lambda _: None)
        await apply(write, "m", "100000002")
        for number in range(10):
            await revise(write, "m", f"s{number}")
        assert [document["sequence"] for document in await outbox_of(write.mongo, "m")] == list(range(1, 12))


async def test_the_events_of_one_command_are_versions_in_a_row(settings: Settings) -> None:
    offers = {f"o{number}": Offer(nature="product", title=f"Offer {number}") for number in range(20)}
    async with writing(settings) as write:
        admitted = applied("m")
        written = await write.execute(MEMBER, "m", lambda state: rules.admit(state, admitted, offers, {}), CAUSE)
        outbox = await outbox_of(write.mongo, "m")
        assert written.version == len(outbox) == 22
        assert [document["sequence"] for document in outbox] == list(range(1, 23))
        published = [OfferPublished.model_validate_json(document["value"]).offer_id for document in outbox[2:]]
        assert published == list(offers)


async def test_one_of_many_gets_a_claim_and_the_others_learn_who(settings: Settings) -> None:
    async with writing(settings) as write:
        results = await asyncio.gather(*(admit(write, f"m{number}", "200000002") for number in range(20)), return_exceptions=True)
        won = [result for result in results if isinstance(result, Written)]
        lost = [result for result in results if isinstance(result, Claimed)]
        assert (len(won), len(lost)) == (1, 19)
        assert {(refusal.claim, refusal.holder) for refusal in lost} == {("pic:200000002", won[0].id)}
        assert await write.mongo[MEMBER.collection].count_documents({}) == 1
        assert await write.mongo[OUTBOX].count_documents({}) == 2

        await write.execute(MEMBER, won[0].id, lambda state: rules.withdraw(state, "moved"), CAUSE)
        assert await write.mongo[CLAIMS].count_documents({}) == 0
        await admit(write, "later", "200000002")
        held = await write.mongo[CLAIMS].find_one({"_id": "pic:200000002"})
        assert held == {"_id": "pic:200000002", "aggregate": "member", "holder": "later"}


async def test_a_claim_passes_from_one_aggregate_to_another_in_one_transaction_or_stays(settings: Settings) -> None:
    async with writing(settings) as write:
        await admit(write, "m", "200000002")
        await admit(write, "other", "200000003")
        gives_up = Command(MEMBER, "m", lambda state: rules.withdraw(state, "moved"))

        async def take(pic: str) -> Written[Member]:
            return await write.execute(
                MEMBER, "n", lambda state: rules.admit(state, applied("n", pic), {}, {}), CAUSE, first=gives_up
            )

        with pytest.raises(Claimed) as refused:
            await take("200000003")
        assert (refused.value.holder, len(await outbox_of(write.mongo, "m"))) == ("other", 2)
        assert (await take("200000002")).version == 2
        held = await write.mongo[CLAIMS].find_one({"_id": "pic:200000002"})
        assert held == {"_id": "pic:200000002", "aggregate": "member", "holder": "n"}
        assert [document["sequence"] for document in await outbox_of(write.mongo, "m")] == [1, 2, 3]
        gives_up = Command(MEMBER, "other", gives_up.decide)
        await write.execute(MEMBER, "n", lambda state: [], CAUSE, first=gives_up)
        assert len(await outbox_of(write.mongo, "other")) == 2, "nothing is done before nothing"


async def test_a_stale_version_changes_nothing(settings: Settings) -> None:
    async with writing(settings) as write:
        await apply(write, "m", "300000003")
        await revise(write, "m", "second", expected=1)
        with pytest.raises(StaleVersion, match="'actual': 2"):
            await revise(write, "m", "third", expected=1)
        assert len(await outbox_of(write.mongo, "m")) == 2


async def test_of_two_who_read_the_same_version_one_wins(settings: Settings) -> None:
    async with writing(settings) as write:
        await apply(write, "m", "300000004")
        results = await asyncio.gather(*(revise(write, "m", f"s{n}", expected=1) for n in range(10)), return_exceptions=True)
        assert sum(isinstance(result, Written) for result in results) == 1
        assert sum(isinstance(result, StaleVersion) for result in results) == 9
        assert len(await outbox_of(write.mongo, "m")) == 2


async def test_a_rule_that_emits_nothing_makes_no_version(settings: Settings) -> None:
    commits: list[None] = []
    async with writing(settings, commits) as write:
        await apply(write, "m", "400000004")
        written = await revise(write, "m", "")
        assert (written.version, list(written.events)) == (1, [])
        assert len(await outbox_of(write.mongo, "m")) == len(commits) == 1


async def test_what_is_refused_leaves_nothing(settings: Settings) -> None:
    async with writing(settings) as write:

        def refuse(_state: Member | None) -> Sequence[DomainEvent]:
            raise Refusal("no")

        with pytest.raises(Refusal):
            await write.execute(MEMBER, "m", refuse, CAUSE)

        async def fail(session: Session, written: Written[Member]) -> None:
            await write.mongo[CLAIMS].insert_one({"_id": "alongside"}, session=session)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await write.execute(MEMBER, "m", lambda state: rules.apply(state, applied()), CAUSE, alongside=fail)
        for collection in (MEMBER.collection, OUTBOX, CLAIMS):
            assert await write.mongo[collection].count_documents({}) == 0


def test_an_outage_is_waited_for_and_a_lost_race_is_run_again() -> None:
    lost, cut, absent = OperationFailure("conflict"), AutoReconnect("cut"), ServerSelectionTimeoutError("nobody")
    for error in (lost, cut, absent):
        error._add_error_label("TransientTransactionError")
    assert [is_transient(error) for error in (lost, cut, absent)] == [True, True, False]
    assert [is_outage(error) for error in (lost, cut, absent)] == [False, True, True]
