"""What became of mails."""

from typing import Any

from hypothesis import strategies as st

from services.notifications.mail import rules
from services.notifications.mail.aggregate import DELIVERY
from shared.contracts.notifications import MessageFailed, MessageSent
from tests.system.properties.commands.id_pools import member_ids
from tests.system.properties.in_memory_world import Act
from tests.system.properties.value_strategies import model


@st.composite
def delivery_acts(draw: st.DrawFn) -> Act:
    """Tell what became of a mail."""
    id = draw(st.sampled_from(["d1", "d2"]))
    outcome: Any = draw(st.one_of(model(MessageSent, recipient=member_ids), model(MessageFailed, recipient=member_ids)))
    return lambda world: world.do(DELIVERY, id, lambda state: rules.settle(state, outcome))
