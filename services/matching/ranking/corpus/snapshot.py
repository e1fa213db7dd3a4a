"""The snapshot of a full rebuild as bytes, so that another process can rank a list exactly as it was ranked then."""

import io
import json
from typing import Any

import numpy as np

from services.matching.ranking.rules.popularity import Popularity
from services.matching.ranking.shortlist_index import Snapshot
from services.matching.ranking.text.vectorizer import Vocabulary


def serialize(snapshot: Snapshot | None) -> bytes:
    """Write the words in the order of their columns, their weights, and the popularity of members. Empty for none."""
    if snapshot is None:
        return b""
    words, weights, unseen = snapshot.vocabulary.table()
    content = io.BytesIO()
    popularity = _json_array(snapshot.popularity.values)
    np.savez_compressed(content, words=_json_array(words), weights=weights, unseen=np.array(unseen), demand=popularity)
    return content.getvalue()


def restore(content: bytes) -> Snapshot | None:
    """Read what `serialize` wrote: it weighs every text alike. None for empty content; raises ValueError on other bytes."""
    if not content:
        return None
    arrays: Any = np.load(io.BytesIO(content), allow_pickle=False)
    vocabulary = Vocabulary.restore(_from_json(arrays["words"]), arrays["weights"], float(arrays["unseen"]))
    return Snapshot(vocabulary, Popularity(_from_json(arrays["demand"])))


def _json_array(value: Any) -> Any:
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), dtype=np.uint8)


def _from_json(array: Any) -> Any:
    return json.loads(array.tobytes())
