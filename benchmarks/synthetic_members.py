"""Seeded synthetic members with a Zipf-distributed vocabulary, like real texts."""

from collections.abc import Iterator

import numpy as np

from services.matching.ranking import Member, Need, Offer, Round, Ticket
from shared.contracts.registry import Kind, Nature, Stage
from shared.contracts.taxonomy import TOPICS

VOCABULARY = 60_000
WORDS, OWN_TOPICS = 18, 2
KINDS: tuple[Kind, ...] = ("sme", "innovative-startup", "large-firm", "research-organisation", "financial-operator")
SHARES = (0.55, 0.25, 0.05, 0.13, 0.02)
STAGES: tuple[Stage, ...] = ("pre-seed", "seed", "early", "growth", "later")
DISTRICTS = (
    "fashion", "interiors-design", "marble", "life-sciences", "new-materials", "nautical-ports", "railways", "energy-green",
)  # fmt: skip


def synthetic_members(members: int, seed: int = 7) -> Iterator[Member]:
    """Members with three offers and needs each, of `WORDS` words; topics have words of their own beside common ones."""
    draw = np.random.default_rng(seed)
    topics = list(TOPICS)
    ranks = np.arange(1, VOCABULARY + 1)
    common = np.cumsum(1.0 / (ranks + 20.0))
    common /= common[-1]
    for number in range(members):
        kind = KINDS[int(draw.choice(len(KINDS), p=SHARES))]
        own = draw.choice(len(topics), OWN_TOPICS, replace=False)
        # A topic permutes the frequencies: its frequent words are rare in others. A third of all words are common to all.
        words = np.searchsorted(common, draw.random((3, WORDS)))
        permuted = (words * 7919 + own[0] * 2003) % VOCABULARY
        texts = np.where(draw.random(words.shape) < 0.33, words, permuted)
        capital = kind == "financial-operator"
        items = [" ".join(f"w{word}" for word in text) for text in texts]
        nature: Nature = "capital" if capital else ("research" if kind == "research-organisation" else "technology")
        stage = STAGES[number % len(STAGES)]
        offers = [Offer("o1", nature, items[0], language="en", ticket=Ticket((stage,), 100_000, 2_000_000) if capital else None)]
        needs: list[Need] = []
        if kind == "innovative-startup" and number % 3 == 0:
            needs.append(Need("n1", "capital", items[1], language="en", round=Round(stage, 500_000)))
        else:
            needs.append(Need("n1", "technology", items[1], language="en"))
        if draw.random() < 0.5:
            offers.append(Offer("o2", nature, items[2], language="en", visibility="district" if number % 10 == 0 else "network"))
        else:
            needs.append(Need("n2", "technology", items[2], language="en"))
        yield Member(
            id=f"m{number:06}", name=f"Member {number}", kind=kind,
            districts=frozenset({DISTRICTS[int(draw.integers(len(DISTRICTS)))]}),
            topics=frozenset(topics[place] for place in own), nuts3=f"ITI1{int(draw.integers(1, 9))}",
            offers=tuple(offers), needs=tuple(needs), language="en",
        )  # fmt: skip
