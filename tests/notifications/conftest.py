"""A mail server, and members to write to."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from services.notifications.statistics_api import count
from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo
from shared.contracts import topics
from tests.lib.publish_event import feed
from tests.lib.services import bearer
from tests.lib.smtp_server import Post, post_office
from tests.notifications.factories import applied, contact


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with post_office() as running:
        yield running


@pytest.fixture
def mailing(settings: Settings, post: Post) -> Settings:
    return settings.model_copy(update={"smtp_port": post.port, "smtp_timeout": 5})


async def member(settings: Settings, id: str, *, with_contact: bool = True) -> None:
    """A member that has applied, and whom to write to."""
    await feed(settings, topics.MEMBERS, id, 1, applied(f"Org {id}"))
    if with_contact:
        await feed(settings, topics.CONTACTS, id, 1, contact(id))


def counted(mongo: Mongo, **expected: int) -> Callable[[], Awaitable[bool]]:
    """Ask whether the ledger counts so many."""

    async def probe() -> bool:
        counts = await count(mongo)
        return all(getattr(counts, name) == number for name, number in expected.items())

    return probe


async def inbox(http: httpx2.AsyncClient, issuer: Issuer, id: str, language: str = "en", **query: str | int) -> httpx2.Response:
    headers = bearer(issuer, "member", id) | {"Accept-Language": language}
    return await http.get(f"/v1/members/{id}/messages", params=query, headers=headers)
