"""The OpenAPI documents that clients are generated from, and the services that clients call."""

import asyncio
import json
import os
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from distretti.devstack.token_issuer import Issuer
from distretti.ops.services import declarations
from shared.chassis.config import Settings
from shared.chassis.http.openapi import describe_problems
from shared.chassis.runtime.service import Service
from tests.lib.services import serving

SERVICES = {service.name: service for service in declarations()}


def write_documents(folder: Path) -> list[Path]:
    """Write the document of every service to a folder; return the files."""
    return [_write_document(folder, service) for service in SERVICES.values()]


def _write_document(folder: Path, service: Service) -> Path:
    app = FastAPI(title=service.name)
    app.include_router(service.router, prefix="/v1")
    describe_problems(app)
    path = folder / f"{service.name}.json"
    path.write_text(json.dumps(app.openapi()), encoding="utf-8")
    return path


def run(command: Sequence[str | Path], cwd: Path) -> None:
    """Run a command to its end; its output is in the failure."""
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"


def generate_all(commands: Sequence[Sequence[str | Path]], cwd: Path) -> None:
    """Run the generators, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, commands, [cwd] * len(commands)))


async def call_service(service: str, command: Sequence[str], cwd: Path, settings: Settings, issuer: Issuer) -> Any:
    """Run a client against the running service; return the JSON that it prints."""
    async with serving(SERVICES[service], settings) as (_, http):
        now = datetime.now(UTC)
        token = issuer.token(
            subject="member:m1", roles=["member", "operator"], now=now, lifetime=timedelta(minutes=10), member="m1", manages=()
        )
        address = {"BASE_URL": str(http.base_url).rstrip("/"), "TOKEN": token}
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=cwd,
            env={**os.environ, **address},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return json.loads(output)
