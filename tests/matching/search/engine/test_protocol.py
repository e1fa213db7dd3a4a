"""Questions to the search engine and its replies: one line each, read as what they were."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from services.matching.search.engine.protocol import PartnerQuestion, Reply, Supplier, SupplierQuestion, TimedQuestion
from shared.contracts.base import LocalizedText


@pytest.mark.parametrize(
    "question",
    [
        SupplierQuestion(text="laser\n\u2028 «marmo»", language="it", seeker="anna", by_itself=False, limit=5),
        PartnerQuestion(member="anna", candidates=frozenset({"b", "c"}), within=frozenset(), limit=3),
        PartnerQuestion(member="anna", candidates=frozenset(), limit=3),
    ],
)
def test_a_question_is_one_line_and_read_as_its_kind(question: SupplierQuestion | PartnerQuestion) -> None:
    line = TimedQuestion(deadline=1.5, question=question).model_dump_json()
    assert "\n" not in line
    read = TimedQuestion.model_validate_json(line).question
    assert (type(read), read) == (type(question), question)


def test_for_managers_of_no_district_is_not_for_the_member_itself() -> None:
    by_itself = PartnerQuestion(member="anna", candidates=frozenset(), limit=1)
    assert by_itself.within is None
    assert by_itself != by_itself.model_copy(update={"within": frozenset()})


def test_a_reply_is_read_as_it_was_written() -> None:
    reasons = LocalizedText(it="«Laser»", en="“Laser”")
    supplier = Supplier(partner="b", score=0.5, contributions={"text": 0.5}, features={"text": 1.0}, best=None, reasons=reasons)
    reply = Reply(computed=datetime(2027, 3, 10, tzinfo=UTC), rule="partners-1", suppliers=(supplier,), lists={"b2b": ()})
    assert Reply.model_validate_json(reply.model_dump_json()) == reply


def test_a_question_of_no_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match="kind"):
        TimedQuestion.model_validate_json('{"deadline": 1, "question": {"kind": "all", "limit": 1}}')
