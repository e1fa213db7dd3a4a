"""Cliques are a partition of meetings, each with a participant in all of them."""

from hypothesis import given

from services.events.scheduling import Problem
from services.events.scheduling.conflict_cliques import conflict_cliques
from tests.events.scheduling.problems import problems


@given(problems())
def test_every_meeting_is_in_one_clique_with_a_common_participant(problem: Problem) -> None:
    cliques = conflict_cliques(problem.meetings)
    assert sorted(meeting.id for clique in cliques for meeting in clique) == sorted(meeting.id for meeting in problem.meetings)
    assert all(set.intersection(*(set(meeting.participants) for meeting in clique)) for clique in cliques)
    assert len(cliques[0]) == max(map(len, problem.meetings_of.values()))
