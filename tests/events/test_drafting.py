"""From what is agreed to a problem and back, without a store and mostly without a solver."""

from services.events.drafting import LONGEST_NAME, Draft
from services.events.solver import Answer, LeftOut, solve
from tests.events.gathering import agreed, gathered, registered
from tests.events.making import slots

TIME = 20.0


def test_a_group_with_long_names_and_no_place_is_told_in_a_few_words() -> None:
    group = [f"member-{number}" for number in range(10)]
    names = {member: f"{member} {'x' * 200}" for member in group}
    free = [registered(member, unavailable=[1] if member == group[0] else [2, 3]) for member in group]
    draft = Draft(gathered([agreed("m", group)], free), names)
    outcome = solve(draft.task(TIME))
    assert outcome.answer is not None
    reason = draft.written(outcome.answer, "i").unplaced[0].reason
    assert reason.en.endswith("… and 7 others have no free slot in common.")
    assert reason.it.endswith("… e altri 7 non hanno slot liberi in comune.")
    assert reason.en.count("…") == 3
    assert len(reason.en) < 4 * LONGEST_NAME


def test_the_longest_reason_keeps_within_its_length() -> None:
    four = [f"member-{number}" for number in range(4)]
    named = {member: "y" * 300 for member in four}
    draft = Draft(gathered([agreed("m", four)], [registered(member) for member in four], slots=slots(2)), named)
    left_out = LeftOut(meeting_id="m", it="z" * 900, en="z" * 900)
    answer = Answer(placements=(), unplaced=(left_out,), status="feasible", breaks=0, bound=0)
    reason = draft.written(answer, "i").unplaced[0].reason
    assert (len(reason.it), len(reason.en)) == (500, 500)
