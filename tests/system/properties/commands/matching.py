"""Interests and introductions."""

from typing import Any

from hypothesis import strategies as st

from services.matching.introduction import rules
from services.matching.introduction.aggregate import INTRODUCTION
from services.matching.introduction.schemas import Decline, Interest
from shared.contracts.matching import Evidence
from tests.system.properties.commands.id_pools import member_ids
from tests.system.properties.in_memory_world import Act
from tests.system.properties.value_strategies import model

named = st.dictionaries(st.sampled_from(["text", "topics"]), st.floats(0, 1), max_size=2)
"""What a ranking gave each feature: its names are the house's own."""


@st.composite
def introduction_acts(draw: st.DrawFn) -> Act:
    """Express interest, decline, or take back what was said."""
    kind = draw(st.sampled_from(["express", "decline", "withdraw"]))
    if kind != "decline":
        interest: Any = draw(model(Interest, by=member_ids, towards=member_ids))
        seen = draw(st.none() | model(Evidence, score=st.floats(0, 1), contributions=named, features=named))
        id = rules.introduction_id(interest.mode, interest.by, interest.towards)
        if kind == "withdraw":
            return lambda world: world.do(
                INTRODUCTION, id, lambda state: rules.withdraw(state, interest.mode, interest.by, interest.towards)
            )
        return lambda world: world.do(
            INTRODUCTION, id, lambda state: rules.express(state, interest.mode, interest.by, interest.towards, seen)
        )
    no: Any = draw(model(Decline, by=member_ids, towards=member_ids))
    id = rules.introduction_id(no.mode, no.by, no.towards)
    return lambda world: world.do(
        INTRODUCTION, id, lambda state: rules.decline(state, no.mode, no.by, no.towards, no.reason, no.code)
    )
