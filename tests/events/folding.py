"""What rules emit, folded to a state: helpers of the tests of rules."""

import json
from collections.abc import Callable, Sequence
from dataclasses import is_dataclass
from typing import Any

import bson
from bson.codec_options import CodecOptions
from hypothesis import strategies as st

from services.events.brokerage.state import Status
from shared.chassis.documents import parse, to_document
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent

Rule = Callable[[Any], Sequence[DomainEvent]]


def as_stored(state: Any) -> Any:
    """A state as the store gives it back."""
    if is_dataclass(state) and not isinstance(state, type):
        stored = bson.decode(bson.encode({"state": to_document(state)}), codec_options=CodecOptions(tz_aware=True))
        return parse(type(state), stored["state"])
    return json.loads(json.dumps(state, default=str)) if state is not None else None


def run(evolve: Callable[[Any, DomainEvent], Any], rules: Sequence[Rule]) -> tuple[Any, list[DomainEvent]]:
    """Give commands one after the other; refusals change nothing. Return the state and everything emitted."""
    state: Any = None
    emitted: list[DomainEvent] = []
    for rule in rules:
        try:
            events = rule(as_stored(state))
        except Refusal:
            continue
        for event in events:
            state = evolve(state, event)
        emitted += events
    return state, emitted


def folded(evolve: Callable[[Any, DomainEvent], Any], events: Sequence[DomainEvent]) -> Any:
    """Fold events as they are read from their topic."""
    state = None
    for event in events:
        state = evolve(state, type(event).model_validate_json(event.model_dump_json()))
    return state


def same(first: Any, second: Any) -> bool:
    return bool(as_stored(first) == as_stored(second))


statuses: st.SearchStrategy[Status] = st.sampled_from(
    ["announced", "registration-open", "registration-open", "registration-closed", "running", "closed"]
)
"""Statuses of an announced event, open ones more often."""
