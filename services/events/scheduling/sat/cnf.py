"""Clauses over numbered variables, and the counting they are built from."""

from collections.abc import Sequence

FEW = 6


class Formula:
    """A conjunction of clauses. A literal is a variable's number, negative where it is denied."""

    def __init__(self) -> None:
        self.clauses: list[list[int]] = []
        self._variables = 0

    def new(self) -> int:
        """Make a variable."""
        self._variables += 1
        return self._variables

    def add(self, *literals: int) -> None:
        """Add a clause: one of these holds. None at all is a contradiction."""
        self.clauses.append(list(literals))

    def any_of(self, literals: Sequence[int]) -> int:
        """A literal that holds when one of these does; at least one must be given."""
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
        """No two of these hold."""
        while len(literals) > FEW:
            rest = self.new()
            self._exclude([*literals[: FEW - 2], rest])
            literals = [-rest, *literals[FEW - 2 :]]
        self._exclude(literals)

    def _exclude(self, literals: Sequence[int]) -> None:
        self.clauses += [[-one, -other] for position, one in enumerate(literals) for other in literals[:position]]

    def count(self, literals: Sequence[int], most: int | None = None, exact: bool = True) -> list[int]:
        """Literals of which the n-th (from 0) holds when more than n of these do, both ways: a totalizer.

        Bailleux and Boufkhad, CP 2003. With `most`, counting stops there: the result has that many literals at most.
        Unless it is `exact`, a literal may hold where fewer do: enough for a limit, at half the clauses.
        """
        if len(literals) <= 1:
            return list(literals)
        half = len(literals) // 2
        size = len(literals) if most is None else min(len(literals), most)
        return self.joined(self.count(literals[:half], most, exact), self.count(literals[half:], most, exact), size, exact)

    def joined(self, left: Sequence[int], right: Sequence[int], size: int, exact: bool = True) -> list[int]:
        """The count of what two counts have counted, up to this size."""
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
