"""Commands are refused while the outbox is full, and taken again as soon as it is not."""

import pytest

from shared.chassis.errors import Unavailable
from shared.chassis.outbox.backpressure import Backpressure


def test_commands_are_refused_from_the_limit_on() -> None:
    backpressure = Backpressure(3)
    backpressure.check()
    for unsent in (3, 4):
        backpressure.unsent = unsent
        with pytest.raises(Unavailable) as refusal:
            backpressure.check()
        assert (refusal.value.code, refusal.value.reason) == ("outbox-full", "outbox")
    backpressure.unsent = 2
    backpressure.check()
