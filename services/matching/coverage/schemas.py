"""The coverage of a district as it is answered."""

from shared.chassis.http.answers import Answer
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind, Nature


class MemberCount(Answer):
    """How many members there are, and how many of them have no suggestion."""

    total: int
    without_suggestion: int


class MemberCounts(MemberCount):
    """The same, also by mode."""

    by_mode: dict[Mode, MemberCount]


class NeedCount(Answer):
    """How many needs there are, and how many of them have no answer."""

    total: int
    without_answer: int


class NeedCounts(NeedCount):
    """The same, also by mode."""

    by_mode: dict[Mode, NeedCount]


class CoverageAnswer(Answer):
    """The coverage of a district."""

    district: str
    min_score: float
    members: MemberCounts
    needs: NeedCounts


class MemberWithoutSuggestion(Answer):
    """A member, and the modes open to it in which it has no suggestion."""

    member: str
    name: str
    kind: Kind
    modes: list[Mode]


class NeedWithoutAnswer(Answer):
    """A need, and the modes in which it could have an answer and has none."""

    member: str
    name: str
    need: str
    title: str
    nature: Nature
    modes: list[Mode]
