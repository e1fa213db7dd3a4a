"""What stays from one full pass to the next, as bytes: so that a list can be made again as it was, also by another process."""

import io
import json
from typing import Any

import numpy as np

from services.matching.ranking.rules.popularity import Demand
from services.matching.ranking.shortlist_index import Frozen
from services.matching.ranking.text.vectorizer import Vocabulary


def freeze(frozen: Frozen | None) -> bytes:
    """Write down the words in the order of their columns, their weights, and the demand. Empty for none."""
    if frozen is None:
        return b""
    words, weights, unseen = frozen.words.table()
    content = io.BytesIO()
    np.savez_compressed(content, words=_bytes(words), weights=weights, unseen=np.array(unseen), demand=_bytes(frozen.demand.values))
    return content.getvalue()


def thaw(content: bytes) -> Frozen | None:
    """Read what `freeze` wrote: it weighs every text alike. Raises ValueError on other bytes.

    None for nothing, and for what earlier code wrote, that gave no weight to new words.
    """
    if not content:
        return None
    read: Any = np.load(io.BytesIO(content), allow_pickle=False)
    if "unseen" not in read:
        return None
    words = Vocabulary.known(_read(read["words"]), read["weights"], float(read["unseen"]))
    return Frozen(words, Demand(_read(read["demand"])))


def _bytes(value: Any) -> Any:
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), dtype=np.uint8)


def _read(array: Any) -> Any:
    return json.loads(array.tobytes())
