"""Fixtures of all benchmarks: a real Kafka and MongoDB, and interleaved runs, so that noise affects both sides alike."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from distretti.devstack.backends import Infrastructure
from distretti.devstack.token_issuer import AUDIENCE, ISSUER, Issuer
from shared.chassis.config import Settings
from shared.chassis.kafka.topics import create_topics

Tick = Callable[[], None]
"""Called after each step, for the progress bar."""
Side = Callable[[str], Awaitable[float]]
"""One side of a comparison: runs once, under a name of its own, and returns its measurement."""


@dataclass(frozen=True)
class Fixtures:
    """The servers, a token issuer, and a temporary folder."""

    infrastructure: Infrastructure
    issuer: Issuer
    directory: Path

    async def settings(self, namespace: str) -> Settings:
        """Production settings, with topics of their own."""
        settings = Settings(
            namespace=namespace,
            mongo_url=self.infrastructure.mongo_url,
            kafka_bootstrap=self.infrastructure.kafka_bootstrap,
            auth_issuer=ISSUER,
            auth_audience=AUDIENCE,
            auth_jwks_url=self.issuer.jwks_url,
            log_level="WARNING",
        )
        await create_topics(settings.kafka_bootstrap, namespace)
        return settings


async def interleaved(sides: Mapping[str, Side], rounds: int, tick: Tick) -> dict[str, list[float]]:
    """Run the sides one after the other, `rounds` times, in alternating order, after an uncounted warm-up round."""
    measured: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        order = list(sides)[:: 1 if number % 2 else -1]
        for name in order:
            value = await sides[name](f"{name}{number}")
            if number:
                measured[name].append(value)
            tick()
    return measured


def steps(sides: int, rounds: int) -> int:
    """Number of ticks of `interleaved`."""
    return sides * (rounds + 1)
