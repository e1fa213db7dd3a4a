"""How past interactions of two members change a member's list. The only place with these rules.

A list uses what its own member stated, and what both know: that they were introduced, agreed to meet, met. What the other
side stated (a decline, an outcome) never changes it, nor do interactions of others: neither shows in a list or a score.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import get_args

from services.matching.ranking.explain.bilingual import Bilingual, bilingual
from shared.chassis.texts import text
from shared.contracts.events import OutcomeKind
from shared.contracts.matching import DeclineCode

LOWERING_DECLINES: frozenset[DeclineCode] = frozenset({"not-now"})
"""A decline with one of these codes lowers the partner; one with any other code, or in free words, removes it."""
EXCLUDING_DECLINES: frozenset[DeclineCode] = frozenset(get_args(DeclineCode)) - LOWERING_DECLINES

MEETING_HELD = 1.0
"""Value of a held meeting; `features.FULL_CLOSENESS` of these are full closeness, as collaborations are."""
OUTCOMES: Mapping[OutcomeKind, float] = {
    "nothing": -MEETING_HELD,
    "follow-up": 1.0,
    "nda": 1.0,
    "funding-application": 2.0,
    "licence": 2.0,
    "agreement": 2.0,
    "joint-project": 2.0,
}
"""What an outcome adds to the value of its meeting."""

PENALTIES: Mapping[str, float] = {"met_before": -0.3, "put_off": -0.5}
"""Weights that take away a part of the score the rule of the mode gives; their sum is below 1, so a score stays above 0.

`met_before`: introduced or to meet, without a result yet; lists are for new partners. `put_off`: declined for now.
"""


@dataclass(frozen=True)
class Interaction:
    """What `by` knows of `towards` from past interactions.

    `declined` is the code of a decline of `by` that is still valid; `arranged` tells whether the two were introduced or
    agreed to meet; `outcomes` has one entry a held meeting, None where `by` recorded no outcome.
    """

    by: str
    towards: str
    declined: DeclineCode | None = None
    arranged: bool = False
    outcomes: tuple[OutcomeKind | None, ...] = ()

    @property
    def excluded(self) -> bool:
        """Whether the partner is removed from the list of `by`."""
        return self.declined in EXCLUDING_DECLINES

    @property
    def value(self) -> float:
        """Value of the held meetings and their outcomes."""
        return sum(MEETING_HELD + (OUTCOMES[outcome] if outcome else 0.0) for outcome in self.outcomes)

    @property
    def penalties(self) -> tuple[str, ...]:
        """Name those of `PENALTIES` that apply."""
        met_before = (self.arranged or bool(self.outcomes)) and self.value == 0
        put_off = self.declined in LOWERING_DECLINES
        return tuple(name for name, applies in (("met_before", met_before), ("put_off", put_off)) if applies)

    def reasons(self) -> Iterable[Bilingual]:
        """Give the reason in favour of the partner: the meetings that were held."""
        if self.value > 0:
            yield bilingual(text("reason-meetings", n=len(self.outcomes)))


class Interactions:
    """Interactions by member."""

    def __init__(self, interactions: Iterable[Interaction] = ()) -> None:
        """Read interactions; of two with the same sides the later one counts."""
        self._of: dict[str, dict[str, Interaction]] = {}
        self._with: dict[str, set[str]] = {}
        for interaction in interactions:
            self._of.setdefault(interaction.by, {})[interaction.towards] = interaction
            self._with.setdefault(interaction.towards, set()).add(interaction.by)

    def of(self, member: str) -> Mapping[str, Interaction]:
        """Give a member's interactions by partner."""
        return self._of.get(member, {})

    def with_(self, member: str) -> Set[str]:
        """List who has interactions with a member."""
        return self._with.get(member, frozenset())
