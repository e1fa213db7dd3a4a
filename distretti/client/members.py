"""Opens districts and imports members through the public API."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from distretti.client.api import Client
from distretti.devstack.errors import LocalError
from shared.chassis.progress import Advance

SEED = Path(__file__).parents[2] / "services" / "registry" / "seed" / "districts.json"
LINES_A_REQUEST = 20
TRIES = 20


class ImportIncomplete(LocalError):
    """Lines of an import have no result, however often they were sent."""


@dataclass
class Imported:
    """Result of an import: names of members by id, and the refused lines."""

    members: dict[str, str] = field(default_factory=dict)
    created: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)


async def open_districts(client: Client) -> int:
    """Open the districts of the registry's seed. Idempotent. Return their number."""
    opening = districts()
    await asyncio.gather(*(client.post("/registry/v1/districts", district) for district in opening))
    return len(opening)


def districts() -> list[dict[str, Any]]:
    """The districts of the registry's seed, as request bodies."""
    read: list[dict[str, Any]] = json.loads(SEED.read_text())
    return read


async def import_lines(client: Client, lines: Sequence[str], step: Advance = lambda _: None) -> Imported:
    """Import members, LINES_A_REQUEST lines per request; `step` gets the number of imported lines. Idempotent."""
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
    """Send lines until each has its result: a service that stops during the import leaves its answer incomplete."""
    for _ in range(TRIES):
        answer = await client.lines("/registry/v1/members/import", "\n".join(part))
        results = whole_results(answer, sum(bool(line.encode().strip()) for line in part))
        if results is not None and not any(result["status"] == "failed" for result in results):
            return results
        await asyncio.sleep(0.5)
    raise ImportIncomplete(
        f"The import of {len(part)} lines was answered by {len(answer)} lines, {TRIES} times, the last of them: {answer[-1:]}. "
        "Repeat the command: what was imported stays as it is."
    )


def whole_results(answer: Sequence[str], sent: int) -> list[dict[str, Any]] | None:
    """The results of an answer to the bulk import; None where it ended early, with another last line than the summary."""
    try:
        *results, last = [json.loads(line) for line in answer]
    except ValueError:
        return None
    return results if last.get("status") == "complete" and last.get("lines") == len(results) == sent else None
