"""What operators and readers of the documentation find on every service."""

import re
from importlib.metadata import version
from urllib.parse import urljoin

import httpx2

from shared.chassis.config import Settings
from shared.contracts.topics import MEMBERS
from tests.chassis.consumers.test_consumer import APPLIED, seen
from tests.chassis.sample_service import GREETER
from tests.lib.publish_event import feed
from tests.lib.services import eventually, serving

METRICS = (
    "distretti_build_info",
    "distretti_consumer_lag",
    "distretti_events_handled_total",
    "distretti_events_dropped_total",
    "distretti_events_unknown_total",
    "distretti_events_waiting",
    "distretti_waiting_age_seconds",
    "distretti_batch_events_count",
    "distretti_handling_seconds_count",
    "distretti_events_relayed_total",
    "distretti_outbox_depth",
    "distretti_outbox_age_seconds",
    "distretti_http_seconds_count",
)


async def test_every_promised_metric_is_there(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, http):
        await feed(settings, MEMBERS, "m", 1, APPLIED)
        await feed(settings, MEMBERS, "m", 3, APPLIED)
        await seen(runtime, "m", 1)

        settled = (
            'distretti_events_waiting{consumer="hearing.members",kind="gap"} 1.0',
            'distretti_events_handled_total{consumer="hearing.members"} 2.0',
            'distretti_consumer_lag{consumer="hearing.members"} 0.0',
        )

        async def measured() -> str:
            text = (await http.get("/metrics")).text
            return text if all(line in text for line in settled) else ""

        text = await eventually(measured)
        assert [name for name in METRICS if not re.search(rf"^(# TYPE )?{name}[ {{]", text, re.MULTILINE)] == []


async def test_health_answers_and_a_metric_name_version_and_commit(settings: Settings) -> None:
    async with serving(GREETER, settings.model_copy(update={"commit": "c0ffee"})) as (runtime, http):
        for path in ("live", "ready", "accepting", "progress"):
            answer = (await http.get(f"/health/{path}")).json()
            assert (answer["version"], answer["commit"]) == (version("distretti"), "c0ffee"), path
        metrics = (await http.get("/metrics")).text
        assert f'distretti_build_info{{commit="c0ffee",version="{version("distretti")}"}} 1.0' in metrics

        async def ready() -> bool:
            return (await http.get("/health/ready")).status_code == 200

        await eventually(ready)
        # Alive, however long ago the last event was.
        runtime.consumers[0].last_progress -= 3600
        assert (await http.get("/health/live")).json()["stuck"] == []


async def test_a_consumer_that_does_not_get_on_is_named(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, http):
        consumer = next(consumer for consumer in runtime.consumers if consumer.name == "hearing.members")
        await feed(settings, MEMBERS, "m", 1, APPLIED)
        await seen(runtime, "m", 1)

        async def at_rest() -> bool:
            return await consumer.lag() == 0

        await eventually(at_rest)
        # Whoever holds its turn keeps it from applying, as a fold that never ends would.
        async with consumer.membership.turn:
            await feed(settings, MEMBERS, "m", 2, APPLIED)

            async def behind() -> bool:
                return bool(await consumer.lag())

            await eventually(behind)
            assert (await http.get("/health/live")).status_code == 200
            consumer.last_progress -= 3600
            stuck = await http.get("/health/live")
            assert (stuck.status_code, stuck.json()["stuck"]) == (503, ["hearing.members"])
        await seen(runtime, "m", 2)
        assert (await http.get("/health/live")).status_code == 200


async def loads(http: httpx2.AsyncClient, page: str, prefix: str = "") -> list[str]:
    """Load everything a page asks for, as a browser behind a gateway that strips `prefix` would; the paths asked for."""
    answer = await http.get(page)
    assert answer.status_code == 200, answer.text
    assets = re.findall(r"""(?:src|href)=["']([^"']+)["']""", answer.text) + re.findall(r"url: '([^']+)'", answer.text)
    for asset in assets:
        path = urljoin(f"{prefix}{page}", asset)
        assert path.startswith(f"{prefix}/"), f"{asset} is asked for outside of {prefix or 'here'}"
        loaded = await http.get(path.removeprefix(prefix))
        assert loaded.status_code == 200, f"{path}: {loaded.status_code}"
        assert loaded.content
    return assets


async def test_the_documents_need_nothing_from_elsewhere(settings: Settings) -> None:
    async with serving(GREETER, settings) as (_, http):
        page = (await http.get("/docs")).text
        assert re.findall(r"https?://|[\"']//", page) == []
        assets = await loads(http, "/docs")
        assert [name for name in (".js", ".css", "openapi.json") if not any(asset.endswith(name) for asset in assets)] == []
        described = (await http.get("/openapi.json")).json()
        assert described["openapi"].startswith("3.")
        assert "/health/ready" in described["paths"]
        assert (await http.get("/asyncapi.json")).json()["asyncapi"] == "3.0.0"
