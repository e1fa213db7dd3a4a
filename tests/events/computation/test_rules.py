"""When an agenda can be computed."""

import pytest

from services.events.computation.rules import check_computable
from shared.chassis.errors import Refusal
from tests.events.factories import event_state


@pytest.mark.parametrize(("accepted", "published"), [(1, False), (0, True), (3, True)])
def test_what_is_accepted_or_was_published_once_is_computed(accepted: int, published: bool) -> None:
    check_computable(event_state("running"), accepted, published)


def test_where_nobody_ever_agreed_there_is_nothing_to_compute() -> None:
    with pytest.raises(Refusal, match="no-accepted-meetings"):
        check_computable(event_state(), 0, published=False)


def test_a_closed_event_is_computed_no_more() -> None:
    with pytest.raises(Refusal, match="event-closed"):
        check_computable(event_state("closed"), 3, published=True)
