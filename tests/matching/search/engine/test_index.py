"""The search index: suppliers for a text, and partners among some members."""

from datetime import UTC, datetime

import pytest

from services.matching.ranking import Interaction, ShortlistIndex
from services.matching.search.engine.index import SearchIndex, Unready
from services.matching.search.engine.protocol import PartnerQuestion, SupplierQuestion
from services.matching.shortlist.inputs import Inputs
from tests.matching.ranking.factories import firm, need, offer

NOW = datetime(2027, 3, 10, tzinfo=UTC)
SEEKER = firm("seeker", needs=(need("Laser cutting of marble"),))
MAKERS = [firm(id, offers=(offer("Laser cutting of marble slabs"),)) for id in ("anna", "bruno")]
INPUTS = Inputs(
    {member.id: member for member in (SEEKER, *MAKERS)}, {"seeker": (Interaction("seeker", "bruno", declined="competitor"),)}
)
AMONG_ALL = frozenset({"anna", "bruno"})


def index(with_snapshot: bool = True) -> SearchIndex:
    snapshot = ShortlistIndex(INPUTS.members.values()).snapshot if with_snapshot else None
    return SearchIndex(INPUTS, snapshot, NOW)


def test_suppliers_leave_out_whom_the_seeker_declined_for_its_own_question_alone() -> None:
    question = SupplierQuestion(text="Laser cutting", language="en", seeker="seeker", limit=5)
    assert [supplier.partner for supplier in index().reply(question).suppliers] == ["anna"]
    for_a_manager = question.model_copy(update={"by_itself": False})
    assert {supplier.partner for supplier in index().reply(for_a_manager).suppliers} == {"anna", "bruno"}


def test_partners_score_as_in_the_shortlists() -> None:
    reply = index().reply(PartnerQuestion(member="seeker", candidates=AMONG_ALL, limit=5))
    explained = ShortlistIndex(INPUTS.members.values()).explain("seeker", "anna")
    assert explained is not None
    assert [(suggestion.partner, suggestion.score) for suggestion in reply.lists["b2b"]] == [("anna", explained.score)]
    excluded = index().reply(PartnerQuestion(member="seeker", candidates=AMONG_ALL, excluded=frozenset({"anna"}), limit=5))
    assert excluded.lists["b2b"] == ()


def test_it_is_unready_for_unknown_members_and_before_the_first_rebuild() -> None:
    with pytest.raises(Unready):
        index().reply(PartnerQuestion(member="nobody", candidates=AMONG_ALL, limit=5))
    with pytest.raises(Unready):
        index().reply(SupplierQuestion(text="laser", language="it", seeker="nobody", limit=1))
    with pytest.raises(Unready):
        index(with_snapshot=False).reply(PartnerQuestion(member="seeker", candidates=AMONG_ALL, limit=5))
