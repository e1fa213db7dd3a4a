"""What tests stand on: a real Kafka and a real MongoDB, started once, and a namespace of its own for each test."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from deploy.local import find
from deploy.local.background import in_background
from deploy.local.infrastructure import Infrastructure
from deploy.local.issuer import AUDIENCE, ISSUER, Issuer, open_issuer
from shared.chassis.settings import Settings

# Tests that bring up whole systems. Two workers have them, one after the other: three at once would starve each other.
SYSTEMS = {
    "guarantees/test_drill.py": "systems-1",
    "guarantees/test_rolling_restart.py": "systems-1",
    "local/test_replicas.py": "systems-1",
    "importers/test_b2b.py": "systems-1",
    "journeys/test_journey.py": "systems-2",
    "guarantees/test_backup.py": "systems-2",
    "chassis/test_outage.py": "systems-2",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: begun last, they would run alone."""
    items.sort(key=lambda item: _file(item.nodeid) not in SYSTEMS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Keep a file on one worker, and those that bring up systems on two."""
    return ByFile(config, log)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Gives whole files to workers, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        file = _file(nodeid)
        return SYSTEMS.get(file, file)


def _file(nodeid: str) -> str:
    return nodeid.split("::", maxsplit=1)[0].removeprefix("tests/")


def pytest_report_header() -> str:
    """Say which broker and database this run uses."""
    return f"real things: {find.describe()}"


@pytest.fixture(scope="session")
def infrastructure() -> Iterator[Infrastructure]:
    """MongoDB and Kafka as local processes, for the whole run."""
    with (
        tempfile.TemporaryDirectory(prefix="distretti-tests-") as directory,
        in_background(Infrastructure(Path(directory))) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    """Signs the tests' tokens."""
    with tempfile.TemporaryDirectory(prefix="distretti-issuer-") as directory:
        yield open_issuer(Path(directory))


@pytest.fixture
def settings(infrastructure: Infrastructure, issuer: Issuer) -> Settings:
    """Settings for one test: topics, groups and databases of its own on the shared processes."""
    return Settings(
        namespace=f"t{uuid.uuid4().hex[:8]}",
        mongo_url=infrastructure.mongo_url,
        kafka_bootstrap=infrastructure.kafka_bootstrap,
        kafka_session_timeout=6,
        auth_issuer=ISSUER,
        auth_audience=AUDIENCE,
        auth_jwks_url=issuer.jwks_url,
        grace=10,
        notice=0,
    )


# The same examples each time: a change is judged by what it changes. `--hypothesis-profile long` looks for new ones.
_quiet = [hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large]
hypothesis.settings.register_profile("house", deadline=None, database=None, derandomize=True, suppress_health_check=_quiet)
hypothesis.settings.register_profile("long", deadline=None, database=None, max_examples=2000, suppress_health_check=_quiet)
hypothesis.settings.load_profile("house")
