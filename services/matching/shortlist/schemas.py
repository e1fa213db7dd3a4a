"""The progress of the ranking as it is answered."""

from shared.chassis.http.answers import Answer
from shared.contracts.matching import Mode


class RankingStatusAnswer(Answer):
    """How many approved members, shortlists, members still to be ranked, and suggestions by mode there are."""

    members: int
    lists: int
    dirty: int
    suggestions: dict[Mode, int]
