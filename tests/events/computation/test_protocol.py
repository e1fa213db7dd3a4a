"""The messages between the service and its solver: one line each, whatever is in them, and nothing that is unknown."""

import pytest
from hypothesis import given
from pydantic import ValidationError

from services.events.computation.protocol import (
    Meeting,
    MeetingPlacement,
    Participant,
    PublishedSchedule,
    Slot,
    SolverMessage,
    SolverTask,
    Table,
)
from tests.events.printing.factories import texts

TASK = SolverTask(
    participants=(
        Participant(id="anna:r1", unavailable=frozenset({1, 3}), own_table=2),
        Participant(id="bruno", unavailable=frozenset()),
    ),
    meetings=(Meeting(id="m", participants=("anna:r1", "bruno"), mandatory=True),),
    slots=(Slot(number=1, session=1), Slot(number=2, session=2, day=2)),
    tables=2,
    fairness=1,
    time_limit=1.5,
    names={},
    special_tables=(Table(number=2, seats=4, closed_slots=frozenset({2})),),
    published=PublishedSchedule(
        placements=(MeetingPlacement(meeting_id="m", slot=2, table=1),), next_slot=2, new_meetings=frozenset({"n"})
    ),
)


@given(texts.map(lambda text: text.encode(errors="replace").decode()))
def test_a_task_is_one_line_and_is_read_as_it_was_written(name: str) -> None:
    task = TASK.model_copy(update={"names": {"anna": name}})
    line = task.model_dump_json()
    assert "\n" not in line
    assert SolverTask.model_validate_json(line) == task


def test_what_the_other_side_does_not_know_is_refused() -> None:
    with pytest.raises(ValidationError, match="colour"):
        SolverMessage.model_validate_json('{"progress": {"placed": 1, "breaks": 0, "colour": "white"}}')
