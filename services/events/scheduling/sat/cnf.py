"""Formulas in conjunctive normal form, with the cardinality constraints they are built from."""

from collections.abc import Sequence

MAX_PAIRWISE = 6
"""Literals up to which at-most-one is written pair by pair."""


class Formula:
    """A conjunction of clauses. A literal is a variable's number, negative where it is negated."""

    def __init__(self) -> None:
        self.clauses: list[list[int]] = []
        self._variables = 0

    def new(self) -> int:
        """A new variable."""
        self._variables += 1
        return self._variables

    def add(self, *literals: int) -> None:
        """Add a clause: at least one of these holds. Without literals it is a contradiction."""
        self.clauses.append(list(literals))

    def any_of(self, literals: Sequence[int]) -> int:
        """A literal that holds when at least one of these does; they must not be empty."""
        if len(literals) == 1:
            return literals[0]
        result = self.new()
        self.clauses += [[-literal, result] for literal in literals]
        self.add(-result, *literals)
        return result

    def all_of(self, literals: Sequence[int]) -> int:
        """A literal that holds when all of these do."""
        return -self.any_of([-literal for literal in literals])

    def at_most_one(self, literals: Sequence[int]) -> None:
        """No two of these hold. Long lists are split by auxiliary variables."""
        while len(literals) > MAX_PAIRWISE:
            rest = self.new()
            self._exclude_pairs([*literals[: MAX_PAIRWISE - 2], rest])
            literals = [-rest, *literals[MAX_PAIRWISE - 2 :]]
        self._exclude_pairs(literals)

    def _exclude_pairs(self, literals: Sequence[int]) -> None:
        self.clauses += [[-later, -earlier] for position, later in enumerate(literals) for earlier in literals[:position]]

    def count(self, literals: Sequence[int], size: int | None = None, exact: bool = True) -> list[int]:
        """A totalizer (Bailleux and Boufkhad, CP 2003): its n-th literal, from 0, holds when more than n of these do.

        It has `size` literals at most. Unless `exact`, a literal may hold where fewer do: enough for an upper limit, at half the
        clauses.
        """
        if len(literals) <= 1:
            return list(literals)
        half = len(literals) // 2
        total = len(literals) if size is None else min(len(literals), size)
        return self.merged_counts(self.count(literals[:half], size, exact), self.count(literals[half:], size, exact), total, exact)

    def merged_counts(self, left: Sequence[int], right: Sequence[int], size: int, exact: bool = True) -> list[int]:
        """The totalizer of two totalizers together, up to `size` literals."""
        if not left or not right:
            return [*left, *right][:size]
        result = [self.new() for _ in range(size)]
        for i in range(len(left) + 1):
            for j in range(len(right) + 1):
                if 0 < i + j <= size:
                    self.add(*(-left[i - 1],) * (i > 0), *(-right[j - 1],) * (j > 0), result[i + j - 1])
                if exact and i + j < size:
                    self.add(*left[i : i + 1], *right[j : j + 1], -result[i + j])
        return result
