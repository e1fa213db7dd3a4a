"""What a run of requests came to."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Figures:
    """The operations that were asked, the answers by the class of their status, and the bytes of the largest refusal."""

    operations: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    largest_refusal: int = 0

    def add(self, status: int, size: int) -> None:
        """Count an answer."""
        self.answers[f"{status // 100}xx"] += 1
        if status >= 400:
            self.largest_refusal = max(self.largest_refusal, size)

    def __str__(self) -> str:
        counts = ", ".join(f"{name}: {count}" for name, count in sorted(self.answers.items()))
        requests = f"{len(self.operations)} operations, {self.answers.total()} requests"
        return f"{requests} ({counts}); largest refusal {self.largest_refusal} bytes"
