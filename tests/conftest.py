"""What tests stand on: a real Kafka and a real MongoDB, started once, and a namespace of its own for each test."""

import asyncio
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from xdist.scheduler import LoadScopeScheduling

from distretti.devstack import binaries
from distretti.devstack.backends import Infrastructure
from distretti.devstack.sync_context import in_background
from distretti.devstack.token_issuer import AUDIENCE, ISSUER, Issuer, open_issuer
from shared.chassis.config import Settings

# Tests that bring up whole systems, in their order. Two workers have them: three at once would starve each other.
SYSTEMS = {
    "system/faults/test_chaos.py": "systems-1",
    "system/faults/test_replicas.py": "systems-1",
    "end_to_end/on_demo/": "systems-2",
    "end_to_end/test_demo_with_kills.py": "systems-2",
    "chassis/runtime/test_outage.py": "systems-2",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: begun last, it would run alone."""
    order = list(SYSTEMS)
    items.sort(key=lambda item: order.index(system) if (system := _system(item.nodeid)) else len(order))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Keep a file on one worker, and those that bring up systems on two."""
    return ByFile(config, log)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Gives whole files to workers, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return SYSTEMS.get(_system(nodeid) or "", nodeid.split("::", maxsplit=1)[0])


def _system(nodeid: str) -> str | None:
    """Tell which of the systems' files or folders a test is in, if in any."""
    return next((place for place in SYSTEMS if nodeid.removeprefix("tests/").startswith(place)), None)


def pytest_report_header() -> str:
    """Say which broker and database this run uses."""
    return f"real things: {binaries.describe()}"


@dataclass(frozen=True)
class Addresses:
    """Where the database and the broker of a run are."""

    mongo_url: str
    kafka_bootstrap: str


ADDRESSES = pytest.StashKey[Addresses]()


def _started(config: pytest.Config) -> Addresses:
    """MongoDB and Kafka as local processes, started when first asked for and stopped when the run ends."""
    if ADDRESSES not in config.stash:
        life = ExitStack()
        config.add_cleanup(life.close)
        directory = life.enter_context(tempfile.TemporaryDirectory(prefix="distretti-tests-"))
        running = life.enter_context(in_background(Infrastructure(Path(directory))))
        config.stash[ADDRESSES] = Addresses(running.mongo_url, running.kafka_bootstrap)
    return config.stash[ADDRESSES]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give every worker the same servers: a broker and a database for each would cost more than most tests."""
    node.workerinput["addresses"] = asdict(_started(node.config))


@pytest.fixture(scope="session")
def infrastructure(pytestconfig: pytest.Config) -> Addresses:
    """The MongoDB and the Kafka of this run, which all workers share."""
    worker_input = getattr(pytestconfig, "workerinput", None)
    return Addresses(**worker_input["addresses"]) if worker_input else _started(pytestconfig)


@pytest.fixture(scope="session")
def reports() -> dict[str, dict[str, Any]]:
    """Reports of the demos of this run, by the disturbance."""
    return {}


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    """Signs the tests' tokens."""
    with tempfile.TemporaryDirectory(prefix="distretti-issuer-") as directory:
        yield open_issuer(Path(directory))


@pytest.fixture
def settings(infrastructure: Addresses, issuer: Issuer) -> Iterator[Settings]:
    """Settings for one test: topics, groups and databases of its own on the shared processes."""
    namespace = f"t{uuid.uuid4().hex[:8]}"
    yield Settings(
        namespace=namespace,
        mongo_url=infrastructure.mongo_url,
        kafka_bootstrap=infrastructure.kafka_bootstrap,
        kafka_session_timeout=6,
        auth_issuer=ISSUER,
        auth_audience=AUDIENCE,
        auth_jwks_url=issuer.jwks_url,
        grace=10,
        notice=0,
        mail_pause=1,
    )
    asyncio.run(delete_topics(infrastructure.kafka_bootstrap, namespace))


async def delete_topics(bootstrap: str, namespace: str) -> None:
    """Delete what a test left on the broker: with the topics of a thousand tests it would answer too late."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        if topics := [name for name in await admin.list_topics() if name.startswith(f"{namespace}-")]:
            await admin.delete_topics(topics)
    finally:
        await admin.close()


# The same examples each time: a change is judged by what it changes. `--hypothesis-profile long` looks for new ones.
_quiet = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large]
hypothesis.settings.register_profile("house", deadline=None, database=None, derandomize=True, suppress_health_check=_quiet)
hypothesis.settings.register_profile("long", deadline=None, database=None, max_examples=2000, suppress_health_check=_quiet)
hypothesis.settings.load_profile("house")
