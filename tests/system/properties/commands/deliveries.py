"""What became of mails."""

from typing import Any

from hypothesis import strategies as st

from services.notifications import domain
from services.notifications.store import DELIVERY
from shared.contracts.notifications import MessageFailed, MessageSent
from tests.guarantees.acts.pools import member_ids
from tests.guarantees.values import model
from tests.guarantees.world import Act


@st.composite
def delivery_acts(draw: st.DrawFn) -> Act:
    """Tell what became of a mail."""
    id = draw(st.sampled_from(["d1", "d2"]))
    outcome: Any = draw(st.one_of(model(MessageSent, recipient=member_ids), model(MessageFailed, recipient=member_ids)))
    return lambda world: world.do(DELIVERY, id, lambda state: domain.settle(state, outcome))
