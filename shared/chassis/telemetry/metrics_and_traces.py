"""Observability of a running service: Prometheus metrics, and traces that cross Kafka."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

_propagator = TraceContextTextMapPropagator()
BATCHES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Metrics:
    """The metrics of one service process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        registry = self.registry
        self.build = Info("distretti_build", "Version and commit that runs", registry=registry)
        self.lag = Gauge("distretti_consumer_lag", "Events a consumer has yet to handle", ["consumer"], registry=registry)
        self.handled = Counter("distretti_events_handled", "Events handled", ["consumer"], registry=registry)
        self.dropped = Counter("distretti_events_dropped", "Events known already", ["consumer"], registry=registry)
        self.unknown = Counter("distretti_events_unknown", "Events of a type not known", ["consumer"], registry=registry)
        self.waiting = Gauge(
            "distretti_events_waiting", "Events held, by kind; parked: dead letters", ["consumer", "kind"], registry=registry
        )
        self.waiting_age = Gauge("distretti_waiting_age_seconds", "Age of the oldest", ["consumer", "kind"], registry=registry)
        self.batch = Histogram("distretti_batch_events", "Events a batch", ["consumer"], buckets=BATCHES, registry=registry)
        self.handling = Histogram("distretti_handling_seconds", "Time to handle a batch", ["consumer"], registry=registry)
        self.relayed = Counter("distretti_events_relayed", "Events sent to Kafka", registry=registry)
        self.outbox_depth = Gauge("distretti_outbox_depth", "Events not yet sent", registry=registry)
        self.outbox_age = Gauge("distretti_outbox_age_seconds", "Age of the oldest event not yet sent", registry=registry)
        self.results = Counter(
            "distretti_worker_results", "Work of a worker, by its outcome", ["worker", "result"], registry=registry
        )
        self.stalled = Gauge("distretti_worker_stalled_seconds", "Seconds with work and none done", ["worker"], registry=registry)
        self.refused = Counter("distretti_http_refused", "Requests refused unserved", ["reason"], registry=registry)
        self.http_waiting = Gauge("distretti_http_waiting", "Requests that wait for something to change", registry=registry)
        self.requests = Histogram("distretti_http_seconds", "Time to answer", ["method", "route", "status"], registry=registry)


def tracing(service: str, processor: SpanProcessor | None) -> trace.Tracer:
    """Create the tracer of a service; without a processor its spans are not recorded but still carry context."""
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    if processor is not None:
        provider.add_span_processor(processor)
    return provider.get_tracer("distretti")


def current_traceparent() -> str | None:
    """Write the current span as a W3C traceparent, to travel with an event."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def span(tracer: trace.Tracer, name: str, traceparent: str | None, **attributes: str | int) -> Iterator[trace.Span]:
    """Work inside a span that continues the trace of `traceparent`."""
    parent = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    with tracer.start_as_current_span(name, context=parent, attributes=attributes) as started:
        yield started
