"""Cliques of the conflict graph: meetings that share a participant cannot be in one slot."""

from collections.abc import Sequence

from services.events.scheduling.problem import Meeting


def conflict_cliques(meetings: Sequence[Meeting]) -> list[list[Meeting]]:
    """Partition meetings into groups that share a participant, greedily: the busiest participants first."""
    remaining: dict[str, list[Meeting]] = {}
    for meeting in meetings:
        for participant_id in meeting.participants:
            remaining.setdefault(participant_id, []).append(meeting)
    cliques = []
    while remaining and remaining[busiest := max(remaining, key=lambda participant_id: len(remaining[participant_id]))]:
        clique = remaining.pop(busiest)
        cliques.append(clique)
        for meeting in clique:
            for participant_id in meeting.participants:
                if participant_id != busiest:
                    remaining[participant_id].remove(meeting)
    return cliques
