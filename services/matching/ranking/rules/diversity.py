"""Places among the first for small firms, which learned scores crowd out."""

from dataclasses import dataclass

import numpy as np

from services.matching.ranking.arrays import Bools, Ints


@dataclass(frozen=True)
class Exposure:
    """At least `small` small firms among the first `of` of a list, as far as the list has any."""

    small: int = 1
    of: int = 10


def promote_small_firms(order: Ints, small: Bools, exposure: Exposure) -> Ints:
    """Move the best small firms of an order up into the last of its first places, until there are enough.

    `small` marks members by the numbers that `order` holds. Those moved down keep their order among themselves.
    """
    first, rest = order[: exposure.of], order[exposure.of :]
    missing = exposure.small - int(small[first].sum())
    promoted = rest[small[rest]][: max(missing, 0)]
    if not len(promoted):
        return order
    # The last ones that are not small themselves give way.
    demoted = np.flatnonzero(~small[first])[-len(promoted) :]
    return np.concatenate([np.delete(first, demoted), promoted, first[demoted], rest[~np.isin(rest, promoted)]])
