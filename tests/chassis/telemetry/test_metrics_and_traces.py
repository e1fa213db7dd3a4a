"""One trace from the HTTP request, over Kafka, to what another service does about it."""

from collections.abc import Sequence

import pytest
from fastapi import APIRouter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from distretti.devstack.token_issuer import Issuer
from services.registry.main import SERVICE as REGISTRY
from shared.chassis.config import Settings
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.runtime.service import Service
from tests.chassis.sample_service import GREETER
from tests.lib.services import bearer, eventually, serving
from tests.registry.factories import DISTRICT, application

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def named(spans: Sequence[ReadableSpan], text: str) -> ReadableSpan:
    matching = [span for span in spans if text in span.name]
    assert len(matching) == 1, [span.name for span in spans]
    return matching[0]


async def test_a_trace_crosses_kafka(settings: Settings, issuer: Issuer) -> None:
    registry_spans, greeter_spans = InMemorySpanExporter(), InMemorySpanExporter()
    async with (
        serving(REGISTRY, settings, SimpleSpanProcessor(registry_spans)) as (_, http),
        serving(GREETER, settings, SimpleSpanProcessor(greeter_spans)) as (consuming, _),
    ):
        operator = bearer(issuer, "operator")
        await http.post("/v1/districts", json=DISTRICT, headers=operator)
        id = (await http.post("/v1/members", json=application(), headers=operator)).json()["id"]
        traced = operator | {"traceparent": f"00-{TRACE}-{CALLER}-01"}
        (await http.post(f"/v1/members/{id}/approve", headers=traced)).raise_for_status()

        async def reacted() -> bool:
            return any("hearing.greet" in span.name for span in greeter_spans.get_finished_spans())

        await eventually(reacted)
        request, reaction = (
            named(registry_spans.get_finished_spans(), "/approve"),
            named(greeter_spans.get_finished_spans(), "hearing.greet"),
        )
        assert request.context is not None
        assert request.parent is not None
        assert reaction.context is not None
        assert reaction.parent is not None
        assert f"{request.context.trace_id:032x}" == f"{reaction.context.trace_id:032x}" == TRACE
        assert f"{request.parent.span_id:016x}" == CALLER
        assert reaction.parent.span_id == request.context.span_id
        assert (request.resource.attributes["service.name"], reaction.resource.attributes["service.name"]) == (
            "registry",
            "hearing",
        )
        # What the reaction emits goes on in the same trace, under the reaction.
        greeting = await consuming.mongo[OUTBOX].find_one({"key": id})
        assert greeting is not None
        assert greeting["headers"]["traceparent"] == f"00-{TRACE}-{reaction.context.span_id:016x}-01"


async def test_a_malformed_traceparent_starts_a_new_trace(settings: Settings) -> None:
    spans = InMemorySpanExporter()
    async with serving(REGISTRY, settings, SimpleSpanProcessor(spans)) as (_, http):
        for wrong in (b"nonsense", f"00-{'0' * 32}-{CALLER}-01".encode(), b"ff-x-y-z", "é".encode()):
            assert (await http.get("/v1/districts", headers={b"traceparent": wrong})).status_code == 200
    assert [span.parent for span in spans.get_finished_spans()] == [None] * 4


async def test_spans_and_log_lines_name_the_route_and_not_what_was_asked_for(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    router = APIRouter()

    @router.get("/doors/{secret}")
    async def door(secret: str) -> None:
        if secret.startswith("broken"):
            raise ZeroDivisionError

    spans = InMemorySpanExporter()
    async with serving(Service("doors", router), settings, SimpleSpanProcessor(spans)) as (_, http):
        for secret in ("sesame", "broken-sesame"):
            await http.get(f"/v1/doors/{secret}")
        await http.get("/v1/sesame/nowhere")
        exposed = (await http.get("/metrics")).text
    names = [span.name for span in spans.get_finished_spans()]
    assert names[:3] == ["GET /doors/{secret}", "GET /doors/{secret}", "GET unmatched"]
    printed = [line for line in capsys.readouterr().out.splitlines() if "request_failed" in line]
    assert len(printed) == 1
    attributes = [str(span.attributes) for span in spans.get_finished_spans()]
    assert "sesame" not in "".join([*printed, *attributes, exposed])
