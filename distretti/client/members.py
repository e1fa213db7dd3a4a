"""The first leg: districts are opened and members taken in, through the public API."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from distretti.client.api import Client

SEED = Path(__file__).parents[2] / "services" / "registry" / "seed" / "districts.json"
LINES_A_REQUEST = 20
TRIES = 20


@dataclass
class Imported:
    """What became of the lines: members by id with their names, and the lines that were refused."""

    members: dict[str, str] = field(default_factory=dict)
    created: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)


async def open_districts(client: Client) -> int:
    """Open the districts of the mission; those that are open already stay as they are."""
    opening = districts()
    await asyncio.gather(*(client.post("/registry/v1/districts", district) for district in opening))
    return len(opening)


def districts() -> list[dict[str, Any]]:
    """Read the districts of the mission, as they are opened."""
    read: list[dict[str, Any]] = json.loads(SEED.read_text())
    return read


async def import_lines(client: Client, lines: Sequence[str], step: Callable[[int], None] = lambda _: None) -> Imported:
    """Take members in, some lines a request; `step` hears how many lines were done. The same lines again are safe."""
    imported = Imported()

    async def send(start: int) -> None:
        part = lines[start : start + LINES_A_REQUEST]
        for result in await _results(client, part):
            line = json.loads(part[result["line"] - 1]) if result["status"] in ("created", "exists") else {}
            if line:
                imported.members[result["id"]] = line["name"]
                imported.created += result["status"] == "created"
            else:
                imported.refused.append({**result, "line": start + result["line"]})
        step(len(part))

    await asyncio.gather(*(send(start) for start in range(0, len(lines), LINES_A_REQUEST)))
    return imported


async def _results(client: Client, part: Sequence[str]) -> list[dict[str, Any]]:
    """Send lines until each has its result: a service that ends in the middle leaves an answer cut short."""
    for _ in range(TRIES):
        answer = await client.lines("/registry/v1/members/import", "\n".join(part))
        if len(answer) == len(part) and answer[-1].endswith("}"):
            results = [json.loads(line) for line in answer]
            if not any(result["status"] == "failed" for result in results):
                return results
        await asyncio.sleep(0.5)
    raise RuntimeError(f"the import gave {len(answer)} results for {len(part)} lines, {TRIES} times: {answer[-1:]}")
