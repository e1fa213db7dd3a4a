"""What became of meetings: whose word stands, and that nothing contradictory is ever recorded."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.events.attendance.rules import recording as attendance
from services.events.meeting import state as meeting_state
from shared.chassis.errors import Invalid, Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    FeedbackGiven,
    MeetingAccepted,
    MeetingHeld,
    MeetingJoined,
    MeetingMissed,
    MeetingRequested,
    OutcomeRecorded,
)
from tests.events.folding import Rule, folded, run, same

REQUEST = MeetingRequested(event_id="e", mode="b2b", by="anna", towards="bruno")
ACCEPTED = MeetingAccepted(event_id="e", by="bruno", towards="anna")


def agreed(*events: DomainEvent) -> Any:
    """A meeting of Anna and Bruno that is agreed on, after what was said."""
    return folded(meeting_state.evolve, [REQUEST, ACCEPTED, *events])


def group(*events: DomainEvent) -> Any:
    """The same of Anna, Bruno and Carla."""
    request = REQUEST.model_copy(update={"others": ("carla",)})
    return folded(meeting_state.evolve, [request, MeetingJoined(event_id="e", by="carla", towards="anna"), ACCEPTED, *events])


def held(by: str | None, *absent: str) -> MeetingHeld:
    return MeetingHeld(event_id="e", by=by, absent=absent)


def missed(by: str | None, *absent: str) -> MeetingMissed:
    return MeetingMissed(event_id="e", by=by, absent=absent)


def outcome(by: str, value: int | None = None) -> OutcomeRecorded:
    return OutcomeRecorded(event_id="e", by=by, outcome="nda", value=value)


def record(state: Any, report: MeetingHeld | MeetingMissed, begun: bool | None = True) -> Sequence[DomainEvent]:
    return attendance.record_attendance(state, report, begun)


def refusal(rule: Any) -> str:
    with pytest.raises(Refusal) as refused:
        rule()
    return refused.value.code


def test_the_first_word_stands_and_a_manager_decides() -> None:
    assert record(agreed(), held("anna")) == [held("anna")]
    meeting = agreed(missed("anna", "bruno"))
    assert record(meeting, missed("bruno", "bruno")) == [], "who agrees adds nothing"
    assert refusal(lambda: record(meeting, held("bruno"))) == "attendance-told"
    assert refusal(lambda: record(meeting, missed("bruno", "anna"))) == "attendance-told"
    assert record(meeting, held("anna")) == [held("anna")], "one may change one's own word"
    assert record(meeting, held(None)) == [held(None)]
    decided = agreed(missed("anna", "bruno"), held(None))
    assert refusal(lambda: record(decided, missed("anna", "bruno"))) == "attendance-told"
    assert record(decided, missed(None, "bruno")) == [missed(None, "bruno")]


def test_only_a_side_tells_of_an_agreed_meeting_that_has_begun() -> None:
    assert refusal(lambda: record(folded(meeting_state.evolve, [REQUEST]), held("anna"))) == "meeting-not-accepted"
    assert refusal(lambda: record(agreed(), held("carla"))) == "not-a-side"
    assert refusal(lambda: record(agreed(), held("anna"), begun=None)) == "meeting-not-placed"
    assert refusal(lambda: record(agreed(), held("anna"), begun=False)) == "meeting-not-begun"
    for absent in (["carla"], ["bruno", "bruno"]):
        with pytest.raises(Invalid) as refused:
            record(agreed(), missed("anna", *absent))
        assert refused.value.errors[0].field.startswith("absent.")


def test_an_outcome_is_of_a_held_meeting_and_keeps_it_held() -> None:
    assert refusal(lambda: attendance.record_outcome(agreed(), outcome("anna"))) == "meeting-not-held"
    assert refusal(lambda: attendance.record_outcome(agreed(missed("anna", "bruno")), outcome("anna"))) == "meeting-not-held"
    recorded = agreed(held("anna"), outcome("bruno", 1000))
    assert attendance.record_outcome(recorded, outcome("bruno", 1000)) == []
    assert attendance.record_outcome(recorded, outcome("bruno", 2000)) == [outcome("bruno", 2000)]
    assert refusal(lambda: record(recorded, missed("anna", "bruno"))) == "has-outcome"


def test_a_manager_decides_also_against_an_outcome_which_counts_again_where_it_was_right() -> None:
    recorded = [held("anna"), outcome("anna")]
    assert record(agreed(*recorded), missed(None, "bruno")) == [missed(None, "bruno")]
    decided = agreed(*recorded, missed(None, "bruno"))
    assert not decided.attended("anna")
    assert refusal(lambda: record(decided, held("anna"))) == "attendance-told"
    assert refusal(lambda: attendance.record_outcome(decided, outcome("anna"))) == "meeting-not-held"
    right = agreed(*recorded, missed(None, "bruno"), held(None))
    assert right.attended("anna")
    assert attendance.record_outcome(right, outcome("anna")) == []


def test_a_group_meets_without_one_of_it_and_never_alone() -> None:
    assert record(group(), held("anna", "carla")) == [held("anna", "carla")]
    for absent in (["bruno", "carla"], ["dora"], ["carla", "carla"]):
        with pytest.raises(Invalid) as refused:
            record(group(), held("anna", *absent))
        assert refused.value.errors[0].field.startswith("absent")
    with pytest.raises(Invalid):
        record(agreed(), held("anna", "bruno"))
    without = group(held("anna", "carla"))
    assert attendance.record_outcome(without, outcome("bruno")) == [outcome("bruno")]
    assert refusal(lambda: attendance.record_outcome(without, outcome("carla"))) == "was-absent"
    assert record(without, held("bruno", "carla")) == [], "who agrees adds nothing"
    assert refusal(lambda: record(without, held("carla"))) == "attendance-told"
    meeting = group(held("anna"), outcome("bruno"))
    assert record(meeting, held("anna", "carla")) == [held("anna", "carla")], "nobody's outcome is contradicted"
    assert refusal(lambda: record(meeting, held("anna", "bruno"))) == "has-outcome"


people: st.SearchStrategy[str] = st.sampled_from(["anna", "bruno", "carla"])


@st.composite
def commands(draw: st.DrawFn) -> Rule:
    by, person = draw(st.none() | people), draw(people)
    report = draw(st.sampled_from([held(by), held(by, person), missed(by, person)]))
    feedback = FeedbackGiven(event_id="e", by=person, rating=draw(st.integers(1, 5)))
    recorded = outcome(person, draw(st.none() | st.integers(0, 3)))
    rules: list[Rule] = [
        lambda state: record(state, report),
        lambda state: attendance.give_feedback(state, feedback),
        lambda state: attendance.record_outcome(state, recorded),
    ]
    return draw(st.sampled_from(rules))


@given(st.lists(commands(), max_size=12))
def test_what_became_of_a_meeting_is_what_its_domain_events_tell(rules: list[Rule]) -> None:
    request = REQUEST.model_copy(update={"others": ("carla",)})
    state, emitted = run(meeting_state.evolve, [lambda _: [request], lambda state: [] if state is None else [ACCEPTED], *rules])
    assert same(state, folded(meeting_state.evolve, emitted))
    counted: set[str] = set()
    for number, event in enumerate(emitted, 1):
        after = folded(meeting_state.evolve, emitted[:number])
        before, counted = counted, {result.by for result in after.outcomes if after.attended(result.by)}
        assert before <= counted or getattr(event, "by", "") is None, "only a manager says that somebody was not there after all"
    if state.outcomes or state.feedback:
        assert state.attendance is not None
    for part in (state.outcomes, state.feedback):
        sides = [entry.by for entry in part]
        assert sides == sorted(set(sides) & {"anna", "bruno", "carla"}), "one for each side"


def test_what_nothing_came_of_has_no_value() -> None:
    meeting, fruitless = agreed(held(None)), outcome("anna").model_copy(update={"outcome": "nothing"})
    assert attendance.record_outcome(meeting, fruitless) == [fruitless]
    with pytest.raises(Invalid) as refused:
        attendance.record_outcome(meeting, fruitless.model_copy(update={"value": 5}))
    assert [error.field for error in refused.value.errors] == ["value"]
