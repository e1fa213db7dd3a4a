"""A scheduling instance becomes an event in a running system, once."""

import asyncio
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from distretti.cli.main import app
from distretti.client.api import Client, all_pages, connect
from distretti.client.brokerage_event import EVENTS, make_event
from distretti.devstack.stack import Stack
from distretti.importers.dzn_event import read_b2b
from tests.importers.test_dzn_event import DAY, SMALL


async def state_of(client: Client, brokerage_event: str) -> tuple[Any, ...]:
    path = f"{EVENTS}/{brokerage_event}"
    registrations = await all_pages(client, f"{path}/registrations")
    meetings = await all_pages(client, f"{path}/meetings")
    by_id = itemgetter("id")
    return await client.get(path), sorted(registrations, key=by_id), sorted(meetings, key=by_id)


async def make_twice(file: Path, stack: Stack) -> None:
    instance = read_b2b(file, DAY)
    steps: dict[str, list[int]] = {}

    def begin(name: str, total: int) -> Any:
        steps[name] = [total, 0]

        def step(done: int) -> None:
            steps[name][1] += done

        return step

    async with connect(stack.gateway_url, stack.issuer) as client:
        brokerage_event = await make_event(client, instance, begin)
        assert steps == {"members": [4, 4], "registrations": [4, 4], "meetings": [3, 3]}
        announced, registrations, meetings = first = await state_of(client, brokerage_event)
        assert announced["status"] == "registration-open"
        assert (len(registrations), len(meetings)) == (4, 3)
        assert sorted(registration["unavailable"] for registration in registrations) == [[], [], [1, 2], [4]]
        assert {meeting["status"] for meeting in meetings} == {"accepted"}

        # The same import by the command line changes nothing, and reports unsupported constraints.
        command = ["import", "b2b", str(file), "--data-dir", str(stack.data_dir)]
        result = await asyncio.to_thread(CliRunner().invoke, app, command)
        assert result.exit_code == 0, result.output
        assert f"POST {EVENTS}/{brokerage_event}/agenda" in result.output
        assert "meetings tied to one session: 2" in result.output
        assert await state_of(client, brokerage_event) == first

        # Another event by the same name is refused.
        result = await asyncio.to_thread(CliRunner().invoke, app, [*command, "--fairness", "1"])
        assert result.exit_code == 1
        assert "event-exists" in result.stderr

        path = f"{EVENTS}/{brokerage_event}/agenda"
        await client.post(path, {"time_limit": 5})
        while (computation := await client.get(f"{path}/computation"))["status"] in ("queued", "running"):
            await asyncio.sleep(0.1)
        assert computation["status"] == "published", computation
        assert len((await client.get(path))["placements"]) == 3


@pytest.mark.timeout(400)
def test_the_event_is_made_once_however_often_it_is_imported(demo_stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "small.one.dzn").write_text(SMALL)
    asyncio.run(make_twice(tmp_path / "small.one.dzn", demo_stack))
