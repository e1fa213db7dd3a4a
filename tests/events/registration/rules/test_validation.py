"""How a member takes part: what must be right, and which field is named where it is not."""

from typing import Any

import pytest

from services.events.registration.rules.validation import check_participation
from shared.chassis.errors import Invalid
from shared.contracts.events import ParticipantRegistered, Preference, Representative
from tests.events.factories import event_state


def participation(**changes: Any) -> ParticipantRegistered:
    return ParticipantRegistered(event_id="e", member_id="anna", **changes)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unavailable": (0,)}, "unavailable.0"),
        ({"unavailable": (1, 4)}, "unavailable.1"),
        ({"unavailable": (3, 1, 3)}, "unavailable.2"),
        ({"representatives": tuple(Representative(id=id) for id in ("r1", "r2", "r1"))}, "representatives.2.id"),
        ({"preferences": tuple(Preference(member_id="bruno", wish=wish) for wish in ("must", "meet"))}, "preferences.1.member_id"),
        ({"preferences": (Preference(member_id="anna", wish="no-thanks"),)}, "preferences.0.member_id"),
        ({"attends": "virtual"}, "attends"),
        ({"languages": ("it", "zz")}, "languages.1"),
        ({"languages": ("it", "en", "it")}, "languages.2"),
    ],
)
def test_a_wrong_registration_names_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_participation(participation(**change), event_state())
    assert [error.field for error in refused.value.errors] == [field]


def test_all_slots_may_be_unavailable_in_any_order_and_online_is_where_the_event_is() -> None:
    check_participation(participation(unavailable=(3, 1, 2)), event_state())
    for format in ("hybrid", "virtual"):
        check_participation(participation(attends="virtual"), event_state(format=format))
