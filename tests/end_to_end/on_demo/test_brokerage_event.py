"""A scheduling instance becomes an event in a running system, once."""

import asyncio
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


async def state_of(client: Client, event: str) -> tuple[Any, ...]:
    path = f"{EVENTS}/{event}"
    registrations = await all_pages(client, f"{path}/registrations")
    meetings = await all_pages(client, f"{path}/meetings")
    key = {"key": lambda one: one["id"]}
    return await client.get(path), sorted(registrations, **key), sorted(meetings, **key)


async def make_twice(file: Path, stack: Stack) -> None:
    instance = read_b2b(file, DAY)
    steps: dict[str, list[int]] = {}

    def begin(name: str, total: int) -> Any:
        steps[name] = [total, 0]

        def step(done: int) -> None:
            steps[name][1] += done

        return step

    async with connect(stack.gateway_url, stack.issuer) as client:
        event = await make_event(client, instance, begin)
        assert steps == {"members": [4, 4], "registrations": [4, 4], "meetings": [3, 3]}
        first = await state_of(client, event)
        assert first[0]["status"] == "registration-open"
        assert [len(found) for found in first[1:]] == [4, 3]
        assert sorted(one["unavailable"] for one in first[1]) == [[], [], [1, 2], [4]]
        assert {one["status"] for one in first[2]} == {"accepted"}

        # By the command line, again: nothing changes, and what is left out is told.
        command = ["import", "b2b", str(file), "--data-dir", str(stack.data_dir)]
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


@pytest.mark.timeout(400)
def test_the_event_is_made_once_however_often_it_is_imported(walked: Stack, tmp_path: Path) -> None:
    (tmp_path / "small.one.dzn").write_text(SMALL)
    asyncio.run(make_twice(tmp_path / "small.one.dzn", walked))
