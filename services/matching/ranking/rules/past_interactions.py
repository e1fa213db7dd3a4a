"""The rules of acquaintance: what it does to a member's list that it dealt with another before. Here and nowhere else.

A list uses what its own member said, and what both know: that they were introduced, agreed to meet, met. What the other side
said (a decline, an outcome) never touches it, nor does what others did: so nobody can read it off a list or a score.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import get_args

from services.matching.ranking.explain.sentences import Said
from shared.contracts.events import OutcomeKind
from shared.contracts.matching import DeclineCode

LOWERING_DECLINES: frozenset[DeclineCode] = frozenset({"not-now"})
"""Who is declined for these is shown lower; for any other reason, one in free words included, not at all."""
EXCLUDING_DECLINES: frozenset[DeclineCode] = frozenset(get_args(DeclineCode)) - LOWERING_DECLINES

MEETING_HELD = 1.0
"""What a held meeting is worth; `pairs.KNOWN` of these make two members old acquaintances, as works together do."""
OUTCOMES: Mapping[OutcomeKind, float] = {
    "nothing": -MEETING_HELD,
    "follow-up": 1.0,
    "nda": 1.0,
    "funding-application": 2.0,
    "licence": 2.0,
    "agreement": 2.0,
    "joint-project": 2.0,
}
"""What an outcome adds to its meeting."""

WEIGHTS: Mapping[str, float] = {"met_before": -0.3, "put_off": -0.5}
"""Parts of a score that are taken away, of what the rule of the mode gives: so a score stays above 0.

`met_before`: introduced or to meet, and nothing has come of it; the list is for what is new. `put_off`: declined for now.
"""

SAID: Mapping[str, tuple[Said, Said]] = {
    "met_before": (
        ("Vi conoscete già: la presentazione o l'appuntamento c'è.", "You know each other: you were introduced, or will meet."),
        ("Incontratevi, e dite com'è andata.", "Meet, and say what came of it."),
    ),
    "put_off": (
        ("Avete risposto che ora non è il momento.", "You answered that this is not the time."),
        ("Esprimete interesse quando è il momento.", "Express interest when the time has come."),
    ),
}
"""Why a partner is not higher, and what would raise it."""


@dataclass(frozen=True)
class Dealing:
    """What `by` knows of `towards` from dealing with it.

    `declined` is the reason `by` gave, where it declined and has not taken that back; `arranged` says that the two were
    introduced or agreed to meet; `outcomes` has one entry a held meeting, None where `by` told no outcome.
    """

    by: str
    towards: str
    declined: DeclineCode | None = None
    arranged: bool = False
    outcomes: tuple[OutcomeKind | None, ...] = ()

    @property
    def excluded(self) -> bool:
        """Whether `by` is not shown the other any more."""
        return self.declined in EXCLUDING_DECLINES

    @property
    def worth(self) -> float:
        """Measure what came of it: held meetings and their outcomes."""
        return sum(MEETING_HELD + (OUTCOMES[outcome] if outcome else 0.0) for outcome in self.outcomes)

    @property
    def lowered(self) -> tuple[str, ...]:
        """Name the parts of `WEIGHTS` that apply."""
        known = (self.arranged or bool(self.outcomes)) and self.worth == 0
        put_off = self.declined in LOWERING_DECLINES
        return tuple(name for name, applies in (("met_before", known), ("put_off", put_off)) if applies)

    def reasons(self) -> Iterable[Said]:
        """Say what speaks for the other side: the meetings that were held."""
        count = len(self.outcomes)
        if count == 1 and self.worth > 0:
            yield "Vi siete già incontrati una volta.", "You have met once before."
        elif self.worth > 0:
            yield f"Vi siete già incontrati {count} volte.", f"You have met {count} times before."


class Dealings:
    """Who dealt with whom, by who looks."""

    def __init__(self, dealings: Iterable[Dealing] = ()) -> None:
        """Read dealings; of two with the same sides the later one counts."""
        self._of: dict[str, dict[str, Dealing]] = {}
        self._with: dict[str, set[str]] = {}
        for dealing in dealings:
            self._of.setdefault(dealing.by, {})[dealing.towards] = dealing
            self._with.setdefault(dealing.towards, set()).add(dealing.by)

    def of(self, member: str) -> Mapping[str, Dealing]:
        """Give a member's dealings by the other side."""
        return self._of.get(member, {})

    def with_(self, member: str) -> Set[str]:
        """Name those who dealt with a member."""
        return self._with.get(member, frozenset())
