"""What the answers of a mail server mean for a mail: codes of RFC 5321, enhanced codes of RFC 3463 and of IANA's registry.

The enhanced code decides where there is one that is known: its first number only repeats the code's.
"""

import re
from collections.abc import Mapping
from typing import Literal

Verdict = Literal["final", "later", "sender", "session"]
"""`final`: this mail has failed. `later`: it waits for its recipient. `sender`: it waits, as the server refuses it for what we are.
`session`: nothing can be sent now."""

ENHANCED_CODE = re.compile(r"[245]\.(\d{1,3})\.(\d{1,3})\b")

SESSION = frozenset({421, 521, 523, 525, 530, 534, 535, 538})
"""Closing (RFC 5321), no mail here (RFC 7504), and encryption or a login that is missing (RFC 4954, RFC 5248)."""

BY_CODE: Mapping[int, Verdict] = {
    550: "final",  # mailbox unavailable
    551: "final",  # user not local
    552: "later",  # storage exceeded: RFC 5321, 4.5.3.1.10, takes it for 452 where there are too many recipients
    553: "final",  # mailbox name not allowed
    556: "final",  # the domain takes no mail (RFC 7504)
}
"""Without an enhanced code; what is not here is of the sender: wrong commands (500 to 504, 555), "transaction failed" (554)."""

BY_SUBJECT: Mapping[int, Verdict] = {
    1: "final",  # address
    2: "final",  # mailbox
    3: "later",  # mail system of the recipient
    4: "later",  # network and routing
    5: "sender",  # protocol
    6: "final",  # content
    7: "sender",  # security and policy
}

BY_DETAIL: Mapping[tuple[int, int], Verdict] = {
    (1, 7): "sender",  # our address is malformed
    (1, 8): "sender",  # our domain does not exist
    (2, 2): "later",  # mailbox full
    (2, 4): "later",  # mailing list cannot be expanded
    (3, 3): "final",  # not capable of what the mail needs
    (3, 4): "final",  # too large for the system
    (4, 4): "final",  # no route to the domain
    (5, 3): "later",  # too many recipients
    (7, 2): "final",  # not allowed to write to this list
    (7, 8): "session",  # wrong password
    (7, 9): "session",  # a stronger login is asked for
    (7, 10): "session",  # encryption is asked for
    (7, 11): "session",  # encryption is asked for by this kind of login
    (7, 12): "session",  # the password must be changed
    (7, 13): "session",  # our account is disabled
    (7, 14): "session",  # no trust relationship with us
    (7, 17): "final",  # the mailbox has another owner now
    (7, 18): "final",  # the domain has another owner now
}
"""Where it differs from the rest of its subject."""

TOO_LARGE = frozenset({None, (2, 3), (3, 4)})


def verdict(code: int, words: str) -> Verdict:
    """Judge an answer to RCPT or DATA. `words` are what follows the code."""
    if code in SESSION or not 400 <= code < 600:
        return "session"
    if code < 500:
        return "later"
    detail = enhanced(words)
    if detail is None or detail[0] not in BY_SUBJECT:
        return BY_CODE.get(code, "sender")
    return BY_DETAIL.get(detail, BY_SUBJECT[detail[0]])


def verdict_on_sender(code: int, words: str) -> Verdict:
    """Judge an answer to MAIL: of the mail where it is too large (RFC 1870), else of all that we send."""
    return "final" if code == 552 and enhanced(words) in TOO_LARGE else "session"


def enhanced(words: str) -> tuple[int, int] | None:
    """Read subject and detail of an enhanced code; None where there is none."""
    match = ENHANCED_CODE.match(words)
    return match and (int(match[1]), int(match[2]))


def codes(code: int, words: str) -> str:
    """Write the codes of an answer without its words, which often repeat the address."""
    match = ENHANCED_CODE.match(words)
    return f"{code} {match[0]}" if match else str(code)
