"""A backup under live commands, restored on an empty system: nothing is missing or sent twice, and the system goes on."""

import asyncio
import shutil
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx2
import pytest

from distretti.client.api import Client, connect
from distretti.client.members import import_lines
from distretti.client.wait_until_idle import wait_until_idle
from distretti.devstack.stack import Stack
from distretti.ops.backup.connections import connected
from distretti.ops.backup.create import back_up
from distretti.ops.backup.errors import Damaged, NotEmpty
from distretti.ops.backup.manifest import MANIFEST, Manifest, files_of, read_checked
from distretti.ops.backup.restore import restore
from distretti.ops.services import audit_all
from shared.chassis.http.read_only_mode import READ_ONLY_LEASE
from shared.chassis.inbox.topic_ids import TOPIC_IDS
from shared.chassis.workers.lease import LEASES
from shared.contracts.topics import CONTACTS, MEMBERS
from tests.end_to_end.demo_run import NEW
from tests.lib.services import bearer, eventually
from tests.system.faults.publish_raw import put

DISTRETTI = Path(sys.executable).with_name("distretti")
pytestmark = pytest.mark.timeout(400)


def quiet(_name: str, _steps: int) -> Any:
    return lambda _done: None


@pytest.fixture(scope="module")
def first(demo_stack: Stack) -> Stack:
    """The system of the demo, with a few dead letters."""
    asyncio.run(put_unreadable_records(demo_stack))
    return demo_stack


async def put_unreadable_records(stack: Stack) -> None:
    await put(stack.settings(), MEMBERS, 3, b"nobody", b"{}", [("ce_id", None), ("other", b"\xff")])
    await put(stack.settings(), CONTACTS, 2, b"nobody", None, [])
    async with connect(stack.gateway_url, stack.issuer) as client:
        await wait_until_idle(client, stack.addresses())


@dataclass(frozen=True)
class LiveBackup:
    """A backup, and the answers to commands and reads while it was made."""

    directory: Path
    manifest: Manifest
    output: str
    commands: list[httpx2.Response]
    reads: list[httpx2.Response]


@pytest.fixture(scope="module")
def backup(first: Stack, tmp_path_factory: pytest.TempPathFactory) -> LiveBackup:
    """A backup of the first system, made while commands come in."""
    return asyncio.run(make_backup(first, tmp_path_factory.mktemp("backups") / "today"))


async def make_backup(stack: Stack, directory: Path) -> LiveBackup:
    async with live_load(stack) as (commands, reads):
        await eventually(lambda: answered(commands, 201), 60)
        output = await distretti("backup", str(directory), "--data-dir", str(stack.data_dir))
        before = len(commands)
        await eventually(lambda: answered(commands[before:], 201), 60)
    return LiveBackup(directory, await read_checked(directory), output, commands, reads)


@asynccontextmanager
async def live_load(stack: Stack) -> AsyncIterator[tuple[list[httpx2.Response], list[httpx2.Response]]]:
    """Send commands and reads one after the other until the block ends; gives their answers as they arrive."""
    commands: list[httpx2.Response] = []
    reads: list[httpx2.Response] = []
    headers = bearer(stack.issuer, "operator")

    async def work(http: httpx2.AsyncClient) -> None:
        number = 0
        while True:
            number += 1
            name = {"it": f"Distretto {number}", "en": f"District {number}"}
            commands.append(await http.post("/registry/v1/districts", json={"id": f"d-{number}", "name": name, "theme": name}))
            reads.append(await http.get("/registry/v1/districts?limit=1"))
            await asyncio.sleep(0.05)  # a steady load, that leaves the processor to what is tested

    async with httpx2.AsyncClient(base_url=stack.gateway_url, headers=headers, timeout=20) as http:
        task = asyncio.create_task(work(http))
        try:
            yield commands, reads
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def answered(answers: list[httpx2.Response], status: int) -> bool:
    return any(answer.status_code == status for answer in answers)


async def distretti(*words: str, status: int = 0) -> str:
    """Run a command to its end and return what it printed."""
    process = await asyncio.create_subprocess_exec(
        str(DISTRETTI), *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output = (await asyncio.wait_for(process.communicate(), 150))[0].decode()
    assert process.returncode == status, output
    return output


def test_commands_are_refused_while_it_is_made_and_reading_goes_on(backup: LiveBackup) -> None:
    assert [status for status, _ in groupby(answer.status_code for answer in backup.commands)] == [201, 503, 201]
    refused = next(answer for answer in backup.commands if answer.status_code == 503)
    assert refused.headers["Retry-After"] == "2"
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["X-Correlation-Id"]
    assert "backup is under way" in refused.json()["detail"]
    assert {answer.status_code for answer in backup.reads} == {200}


def test_only_its_owner_can_read_it(backup: LiveBackup) -> None:
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [backup.directory, *backup.directory.rglob("*")]}
    assert {path: mode for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}
    assert len(files_of(backup.directory, backup.manifest)) > 30
    assert [name for collections in backup.manifest.databases.values() for name in collections if name in (LEASES, TOPIC_IDS)] == []


def test_what_is_there_is_not_overwritten(backup: LiveBackup, first: Stack) -> None:
    with pytest.raises(NotEmpty, match="is not empty"):
        asyncio.run(back_up(first.settings(), backup.directory, quiet))
    with pytest.raises(NotEmpty, match="services stopped"):
        asyncio.run(restore(first.settings(), backup.directory, backup.manifest, quiet))


@pytest.mark.parametrize("damage", ["changed", "cut", "missing", "manifest"])
def test_a_damaged_backup_is_refused_before_anything_is_written(damage: str, backup: LiveBackup, tmp_path: Path) -> None:
    shutil.copytree(backup.directory, tmp_path / "copy")
    largest = max(files_of(tmp_path / "copy", backup.manifest), key=lambda path: path.stat().st_size)
    file = tmp_path / "copy" / MANIFEST if damage == "manifest" else largest
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content if damage in ("changed", "manifest") else content[:-1])
    if damage == "missing":
        file.unlink()

    with pytest.raises(Damaged, match=file.name):
        asyncio.run(read_checked(tmp_path / "copy"))
    if damage == "changed":
        output = asyncio.run(distretti("restore", str(tmp_path / "copy"), "--data-dir", str(tmp_path / "system"), status=1))
        assert "does not match its checksum" in output.replace("\n", " ")
        assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_a_backup_that_is_killed_leaves_the_system_to_open_by_itself(first: Stack, tmp_path: Path) -> None:
    async def kill_backup() -> None:
        words = ("backup", str(tmp_path / "never"), "--data-dir", str(first.data_dir))
        async with connected(first.settings()) as system, live_load(first) as (commands, _):
            process = await asyncio.create_subprocess_exec(str(DISTRETTI), *words, stdout=asyncio.subprocess.DEVNULL)
            await eventually(lambda: system.stores["registry"][LEASES].find_one({"_id": READ_ONLY_LEASE}), 60)
            await eventually(lambda: answered(commands, 503))
            assert process.returncode is None, "the backup was over before it could be killed"
            process.kill()
            await process.wait()
            before = len(commands)
            await eventually(lambda: answered(commands[before:], 201), 60)
        assert not (tmp_path / "never").exists()

    asyncio.run(kill_backup())


def test_it_is_restored_whole_sends_nothing_again_and_life_goes_on(backup: LiveBackup, tmp_path: Path) -> None:
    asyncio.run(restored(backup, tmp_path / "second"))


async def restored(backup: LiveBackup, data_dir: Path) -> None:
    await distretti("restore", str(backup.directory), "--data-dir", str(data_dir))
    stack = Stack(data_dir)
    async with stack, connect(stack.gateway_url, stack.issuer) as client:
        await wait_until_idle(client, stack.addresses())
        audit = await audit_all(stack.settings())
        assert audit.differences == []
        assert audit.aggregates > 50
        assert audit.waiting == backup.manifest.waiting > 0
        assert await counted(stack) == (
            {
                service: {name: collection.documents for name, collection in collections.items()}
                for service, collections in backup.manifest.databases.items()
            },
            backup.manifest.records,
        )
        assert (await client.get(f"{stack.mail_url}/messages"))["count"] == 0
        await life_goes_on(stack, client)


async def counted(stack: Stack) -> tuple[dict[str, dict[str, int]], int]:
    async with connected(stack.settings()) as system:
        documents = {
            service: {
                name: await store[name].count_documents({})
                for name in sorted(await store.database.list_collection_names())
                if name not in (LEASES, TOPIC_IDS)
            }
            for service, store in system.stores.items()
        }
        return documents, sum((await system.ends()).values())


async def life_goes_on(stack: Stack, client: Client) -> None:
    """An existing member publishes a need and a new one is imported: all services apply it, and no mail is sent twice."""
    member = (await client.get("/registry/v1/members?limit=1"))["items"][0]
    need = {"title": "A test bench for motors", "nature": "technology"}
    published = await client.post(f"/registry/v1/members/{member['id']}/needs", need, member["id"])
    assert published["version"] == member["version"] + 1
    before = (await client.get("/matching/v1/ranking"))["members"]
    imported = await import_lines(client, [NEW])
    assert imported.created == 1
    await wait_until_idle(client, stack.addresses())
    mails = await client.get(f"{stack.mail_url}/messages")
    assert (mails["count"], mails["repeated"]) == (1, 0)
    ranking = await client.get("/matching/v1/ranking")
    assert ranking["members"] == before + 1
    assert (await audit_all(stack.settings())).differences == []
