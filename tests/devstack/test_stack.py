"""The real thing: MongoDB, Kafka, mail sink and gateway as child processes, without services."""

import smtplib
import stat
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import AsyncMongoClient

from distretti.devstack.backends import Infrastructure
from distretti.devstack.errors import AlreadyRunning, NotRunning
from distretti.devstack.programs import service_names
from distretti.devstack.stack import Stack
from distretti.devstack.state_file import find_running
from distretti.devstack.sync_context import in_background


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with in_background(Stack(tmp_path_factory.mktemp("stack"), services=())) as stack:
        yield stack


def test_the_gateway_shows_where_to_look(stack: Stack) -> None:
    page = httpx2.get(stack.gateway_url)

    assert page.status_code == 200
    for service in service_names():
        assert f'href="{service}/docs"' in page.text
        assert f'href="{service}/asyncapi.json"' in page.text
    assert "://" not in page.text.replace(f"{stack.gateway_url}/registry/v1", "")


@pytest.mark.parametrize(
    ("language", "detail"), [("en", "There is nothing"), ("it-IT,it;q=0.9", "non c'è nulla"), ("", "There is")]
)
def test_an_error_of_the_gateway_is_a_problem_with_its_detail(stack: Stack, language: str, detail: str) -> None:
    answer = httpx2.get(f"{stack.gateway_url}/nothing", headers={"Accept-Language": language})

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    problem = answer.json()
    assert {name: problem[name] for name in ("type", "title", "status")} == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
    }
    assert detail in problem["detail"]
    assert httpx2.post(stack.gateway_url, headers={"Accept-Language": language}).json()["detail"]
    assert httpx2.head(stack.gateway_url).status_code == 200


def test_other_commands_find_what_runs(stack: Stack, tmp_path: Path) -> None:
    running = find_running(stack.data_dir)

    assert running.mongo_url == stack.mongo_url
    assert running.kafka_bootstrap == stack.kafka_bootstrap
    assert {name: child.pid for name, child in stack.supervisor.children().items()} == {
        name: process.pid for name, process in running.processes.items()
    }
    with pytest.raises(NotRunning, match="distretti up"):
        find_running(tmp_path)


def test_its_data_is_its_owners_alone(stack: Stack) -> None:
    _send(stack, "<private@distretti.example>")
    assert stat.S_IMODE(stack.data_dir.stat().st_mode) == 0o700
    written = [path for kind in ("log", "mail", "kafka", "mongo") for path in (stack.data_dir / kind).rglob("*") if path.is_file()]
    assert written
    # Kafka's settings are the repository's.
    readable = [path for path in written if path.stat().st_mode & 0o077 and path.suffix != ".properties"]
    assert readable == []


async def test_a_data_directory_is_used_by_one_system_at_a_time(stack: Stack) -> None:
    with pytest.raises(AlreadyRunning, match="--data-dir"):
        async with Infrastructure(stack.data_dir):
            pass
    assert find_running(stack.data_dir)


async def test_transactions_outlive_a_kill_of_mongodb(stack: Stack) -> None:
    async with AsyncMongoClient[dict[str, str]](stack.mongo_url, timeoutMS=20_000) as client:
        things = client["local_test"]["things"]
        async with client.start_session() as session, await session.start_transaction():
            await things.insert_one({"_id": "kept"}, session=session)

        stack.kill("mongod")
        await stack.until_ready("mongod")

        assert await things.find_one() == {"_id": "kept"}


async def test_records_outlive_a_kill_of_kafka(stack: Stack) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("things", 1, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap) as producer:
        await producer.send_and_wait("things", b"kept")

    stack.kill("kafka")
    await stack.until_ready("kafka")

    consumer = AIOKafkaConsumer("things", bootstrap_servers=stack.kafka_bootstrap, auto_offset_reset="earliest")
    async with consumer:
        assert (await consumer.getone()).value == b"kept"


async def test_mail_outlives_a_kill_of_the_sink(stack: Stack) -> None:
    _send(stack, "<one@distretti.example>")

    stack.kill("mail")
    await stack.until_ready("mail")
    _send(stack, "<one@distretti.example>")
    _send(stack, "<two@distretti.example>")

    async with httpx2.AsyncClient() as client:
        seen = (await client.get(f"{stack.mail_url}/messages")).json()
    assert seen["repeated"] == 1
    assert [mail["message_id"] for mail in seen["messages"]][-3:] == [
        "<one@distretti.example>", "<one@distretti.example>", "<two@distretti.example>"
    ]  # fmt: skip


def _send(stack: Stack, message_id: str) -> None:
    mail = EmailMessage()
    mail["Message-ID"], mail["From"], mail["To"] = message_id, "a@distretti.example", "b@distretti.example"
    mail["Subject"] = "Prova"
    mail.set_content("Perché no?\n")
    with smtplib.SMTP("127.0.0.1", stack.ports.smtp, timeout=10) as server:
        server.send_message(mail)
