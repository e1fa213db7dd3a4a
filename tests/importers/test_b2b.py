"""A scheduling instance becomes an event in a running system; what the API cannot carry is told."""

import asyncio
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.importers.b2b import read_b2b
from deploy.journey.b2b import EVENTS, make_event
from deploy.journey.client import Client, all_pages, connect
from deploy.local.stack import Stack
from services.events.announcement import Announcement
from services.events.scheduling.problem import ProblemError

SMALL = """
nBusiness = 4;
nMeetings = 4;
nTables = 2;
nTotalSlots = 4;
nMorningSlots = 2;
requested = [|1, 2, 1,
|3, 1, 3,
|4, 2, 2,
|2, 1, 3|];
forbidden = [{0, 4}, {0}, {0, 1, 2}, {0}];
fixed = [2, 0, 0, 0];
precedences = [{0}, {0, 1}, {0}, {0}];
"""
DAY = date(2027, 6, 10)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "small.one.dzn").write_text(SMALL)
    return tmp_path / "small.one.dzn"


def test_an_instance_is_read_the_same_each_time(file: Path) -> None:
    instance = read_b2b(file, DAY)
    assert instance == read_b2b(file, DAY)
    assert Announcement.model_validate(instance.event).id == "b2b-small-one"
    assert instance.pairs == (("1", "2"), ("1", "3"), ("2", "4"))
    assert instance.unavailable == {"1": [4], "2": [], "3": [1, 2], "4": []}
    assert (
        len({line.name for line in instance.members.values()}) == len({line.identifiers for line in instance.members.values()}) == 4
    )


def test_slots_lie_in_one_day_with_lunch_between_the_sessions(file: Path) -> None:
    slots = read_b2b(file, DAY).event["slots"]
    times = [(datetime.fromisoformat(slot["starts"]), datetime.fromisoformat(slot["ends"])) for slot in slots]
    assert [slot["session"] for slot in slots] == [1, 1, 2, 2]
    assert {starts.date() for starts, _ in times} == {DAY}
    assert all(ends < starts for (_, ends), (starts, _) in pairwise(times))
    assert times[2][0] - times[1][1] >= timedelta(hours=1)


def test_what_a_request_cannot_say_is_told(file: Path) -> None:
    assert read_b2b(file, DAY).untold == (
        "meetings tied to one session: 2",
        "meetings fixed in a slot: 1",
        "orders between two meetings: 1",
        "further meetings of the same two: 1",
    )


def test_a_file_that_is_no_instance_is_refused(tmp_path: Path) -> None:
    (tmp_path / "wrong.dzn").write_text("nBusiness = 4;")
    with pytest.raises(ProblemError, match="nTotalSlots: is missing"):
        read_b2b(tmp_path / "wrong.dzn", DAY)


async def state_of(client: Client, event: str) -> tuple[Any, ...]:
    path = f"{EVENTS}/{event}"
    registrations = await all_pages(client, f"{path}/registrations")
    meetings = await all_pages(client, f"{path}/meetings")
    key = {"key": lambda one: one["id"]}
    return await client.get(path), sorted(registrations, **key), sorted(meetings, **key)


async def make_twice(file: Path, directory: Path) -> None:
    instance = read_b2b(file, DAY)
    stack = Stack(directory)
    steps: dict[str, list[int]] = {}

    def begin(name: str, total: int) -> Any:
        steps[name] = [total, 0]

        def step(done: int) -> None:
            steps[name][1] += done

        return step

    async with stack, connect(stack.gateway_url, stack.issuer) as client:
        event = await make_event(client, instance, begin)
        assert steps == {"members": [4, 4], "registrations": [4, 4], "meetings": [3, 3]}
        first = await state_of(client, event)
        assert first[0]["status"] == "registration-open"
        assert [len(found) for found in first[1:]] == [4, 3]
        assert sorted(one["unavailable"] for one in first[1]) == [[], [], [1, 2], [4]]
        assert {one["status"] for one in first[2]} == {"accepted"}

        # By the command line, again: nothing changes, and what is left out is told.
        command = ["import", "b2b", str(file), "--data-dir", str(directory)]
        result = await asyncio.to_thread(CliRunner().invoke, app, command)
        assert result.exit_code == 0, result.output
        assert f"POST {EVENTS}/{event}/agenda" in result.output
        assert "meetings tied to one session: 2" in result.output
        assert await state_of(client, event) == first

        # Another event by the same name is refused.
        result = await asyncio.to_thread(CliRunner().invoke, app, [*command, "--fairness", "1"])
        assert result.exit_code == 1
        assert "event-exists" in result.stderr

        path = f"{EVENTS}/{event}/agenda"
        await client.post(path, {"time_limit": 5})
        while (computation := await client.get(f"{path}/computation"))["status"] in ("queued", "running"):
            await asyncio.sleep(0.1)
        assert computation["status"] == "published", computation
        assert len((await client.get(path))["placements"]) == 3


def test_the_event_is_made_once_however_often_it_is_imported(file: Path, tmp_path: Path) -> None:
    asyncio.run(make_twice(file, tmp_path / "var"))
