"""What the answers of mail servers mean, code by code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.mail.replies import BY_CODE, BY_DETAIL, BY_SUBJECT, SESSION, Verdict, codes, verdict, verdict_on_sender

ANSWERS: dict[Verdict, list[str]] = {
    "final": [
        "550 No such user here",
        "550 5.1.1 User unknown",
        "550 5.1.2 Bad destination system",
        "553 5.1.3 Bad syntax",
        "550 5.1.10 Recipient has null MX",
        "551 5.1.6 The user has moved",
        "553 Mailbox name not allowed",
        "556 Domain does not accept mail",
        "550 5.2.1 Mailbox disabled",
        "552 5.2.3 Message too long for this mailbox",
        "552 5.3.4 Message too big for the system",
        "550 5.4.4 Unable to route",
        "554 5.6.0 Bad content",
        "550 5.7.2 Not allowed to write to this list",
        "550 5.7.17 Mailbox has another owner",
    ],
    "later": [
        "450 Mailbox busy",
        "451 4.7.1 Greylisted",
        "452 4.2.2 Mailbox full",
        "552 5.2.2 Mailbox full",
        "550 5.2.2 Over quota",
        "552 Exceeded storage allocation",
        "552 5.5.3 Too many recipients",
        "554 5.3.0 Other mail system status",
        "550 5.3.1 Mail system full",
        "554 5.3.2 System not accepting messages",
        "550 5.4.1 No answer from host",
        "550 5.4.6 Routing loop",
    ],
    "sender": [
        "554 5.7.1 Relay access denied",
        "550 5.7.1 Unable to relay",
        "550 5.7.54 Unable to relay",
        "554 Transaction failed",
        "550 5.7.26 Unauthenticated mail is prohibited",
        "553 5.1.8 Sender domain does not exist",
        "503 5.5.1 Bad sequence",
        "500 Syntax error",
        "555 Unknown parameter",
        "599 Whatever",
    ],
    "session": [
        "421 4.3.2 Shutting down",
        "530 5.7.0 Must issue a STARTTLS command first",
        "535 5.7.8 Authentication credentials invalid",
        "534 Stronger mechanism needed",
        "538 5.7.11 Encryption required",
        "550 5.7.14 Trust relationship required",
        "521 No mail here",
        "250 What",
        "-1 Malformed",
    ],
}


@pytest.mark.parametrize(
    ("expected", "answer"), [(expected, answer) for expected, answers in ANSWERS.items() for answer in answers]
)
def test_each_code_means_what_the_standards_say(expected: Verdict, answer: str) -> None:
    code, _, words = answer.partition(" ")
    assert verdict(int(code), words) == expected


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ("final", "552 5.3.4 Message size exceeds limit"),
        ("final", "552 Message size exceeds limit"),
        ("session", "552 5.3.1 Disk full"),
        ("session", "550 5.7.1 Sender rejected"),
        ("session", "553 5.1.8 Sender domain does not exist"),
        ("session", "530 5.7.0 Authentication required"),
        ("session", "451 Later"),
    ],
)
def test_what_is_said_of_the_sender_is_of_all_mails_but_for_a_size(expected: Verdict, answer: str) -> None:
    code, _, words = answer.partition(" ")
    assert verdict_on_sender(int(code), words) == expected


@given(st.integers(-1, 999), st.text(max_size=20) | st.from_regex(r"\A[245]\.\d{1,3}\.\d{1,3} "))
def test_every_answer_has_a_meaning_and_no_5xx_is_final_by_default(code: int, words: str) -> None:
    meaning = verdict(code, words)
    assert meaning in ANSWERS
    if meaning == "final":
        assert 500 <= code < 600
    assert codes(code, words).split(" ")[0] == str(code)
    assert len(codes(code, words)) <= len("-999 5.999.999")


def test_the_table_has_no_row_that_changes_nothing() -> None:
    assert all(BY_SUBJECT[subject] != meaning for (subject, _), meaning in BY_DETAIL.items())
    assert not SESSION & BY_CODE.keys()
    assert "sender" not in BY_CODE.values()
