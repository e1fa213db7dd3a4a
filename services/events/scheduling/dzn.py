"""The text format of the published benchmark (Bofill et al., JAIR 74, 2022) as a problem."""

import re

from services.events.scheduling.problem import Meeting, Participant, Problem, ProblemError, Slot

ANY_SESSION = 3


def parse_dzn(text: str, fairness: int = 2) -> Problem:
    """Read one instance. Participants, meetings and slots are numbered from 1; ids are those numbers as text.

    Only what defines the problem is read: the format repeats itself in other fields. Raises ProblemError.
    """
    slot_count = _number(text, "nTotalSlots")
    morning = _number(text, "nMorningSlots")
    rows = [tuple(map(int, re.findall(r"\d+", row))) for row in _field(text, "requested").split("|") if "," in row]
    forbidden = _sets(text, "forbidden")
    fixed = [int(number) for number in re.findall(r"\d+", _field(text, "fixed"))]
    precedences = _sets(text, "precedences")
    _check_length("requested", len(rows), _number(text, "nMeetings"))
    _check_length("forbidden", len(forbidden), _number(text, "nBusiness"))
    _check_length("fixed", len(fixed), len(rows))
    _check_length("precedences", len(precedences), len(rows))
    return Problem(
        participants=tuple(Participant(str(number), frozenset(slots)) for number, slots in enumerate(forbidden, start=1)),
        meetings=tuple(
            Meeting(
                id=str(number),
                participants=(str(first), str(second)),
                session=None if session == ANY_SESSION else session,
                fixed=slot or None,
                after=tuple(str(earlier) for earlier in sorted(before)),
            )
            for number, ((first, second, session), slot, before) in enumerate(zip(rows, fixed, precedences, strict=True), start=1)
        ),
        slots=tuple(Slot(number, 1 if number <= morning else 2) for number in range(1, slot_count + 1)),
        tables=_number(text, "nTables"),
        fairness=fairness,
    )


def _field(text: str, name: str) -> str:
    found = re.search(rf"\b{name}\s*=([^;]*);", text)
    if found is None:
        raise ProblemError(name, "is missing")
    return found.group(1)


def _number(text: str, name: str) -> int:
    value = _field(text, name).strip()
    if not value.isdecimal():
        raise ProblemError(name, f"must be a whole number, not {value!r}")
    return int(value)


def _sets(text: str, name: str) -> list[set[int]]:
    """A list of sets; zeros are only there so that no set is empty."""
    return [set(map(int, re.findall(r"\d+", group))) - {0} for group in re.findall(r"\{([^}]*)\}", _field(text, name))]


def _check_length(name: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise ProblemError(name, f"has {found} entries instead of {wanted}")
