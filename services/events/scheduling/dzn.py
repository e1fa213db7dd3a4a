"""The text format of the published benchmark (Bofill et al., JAIR 74, 2022) as a problem."""

import re

from services.events.scheduling.problem import Meeting, Participant, Problem, ProblemError, Slot

ANY_SESSION = 3
# A comment without an end goes on to the end of the text: looking for it once is enough.
COMMENT = re.compile(r"%[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
NUMBER = re.compile(r"[0-9]{1,6}")
SET = re.compile(r"\s*(?:\{([^{}]*)\}|([^{},]*))\s*(?:,|$)")
RANGE = re.compile(r"([0-9]{1,6})\s*\.\.\s*([0-9]{1,6})")
MAX_QUOTED = 30
"""Characters of a wrong value that an error message quotes."""


def parse_dzn(text: str, fairness: int = 2) -> Problem:
    """Parse one instance. Participants, meetings and slots are numbered from 1; ids are those numbers as text.

    Only fields that define the problem are read: the others are derived from them. Raises ProblemError.
    """
    text = COMMENT.sub(" ", text)
    slot_count = _number(text, "nTotalSlots")
    morning = _number(text, "nMorningSlots")
    if morning > slot_count:
        raise ProblemError("nMorningSlots", f"must be {slot_count} at most, as nTotalSlots says, not {morning}")
    meetings = _number(text, "nMeetings")
    rows = _rows(text, "requested")
    _check_length("requested", len(rows), meetings)
    forbidden = _sets(text, "forbidden", slot_count)
    _check_length("forbidden", len(forbidden), _number(text, "nBusiness"))
    fixed = _numbers("fixed", "the list", _content(text, "fixed", "a list such as [0, 0, 3]"))
    _check_length("fixed", len(fixed), meetings)
    precedences = _sets(text, "precedences", meetings)
    _check_length("precedences", len(precedences), meetings)
    return Problem(
        participants=tuple(Participant(str(number), frozenset(slots)) for number, slots in enumerate(forbidden, start=1)),
        meetings=tuple(
            Meeting(
                id=str(number),
                participants=(str(first), str(second)),
                session=None if session == ANY_SESSION else session,
                fixed_slot=slot or None,
                predecessors=tuple(str(earlier) for earlier in sorted(predecessors)),
            )
            for number, ((first, second, session), slot, predecessors) in enumerate(
                zip(rows, fixed, precedences, strict=True), start=1
            )
        ),
        slots=tuple(Slot(number, 1 if number <= morning else 2) for number in range(1, slot_count + 1)),
        tables=_number(text, "nTables"),
        fairness=fairness,
    )


def _field(text: str, name: str) -> str:
    assignments = [statement.partition("=") for statement in text.split(";")[:-1]]
    values = [value for left, equals, value in assignments if equals and left.split()[-1:] == [name]]
    if not values:
        raise ProblemError(name, "is missing")
    if len(values) > 1:
        raise ProblemError(name, f"is given {len(values)} times instead of once")
    return values[0].strip()


def _number(text: str, name: str) -> int:
    value = _field(text, name)
    if not NUMBER.fullmatch(value):
        raise ProblemError(name, f"must be a whole number of six digits at most, not {_quoted(value)}")
    return int(value)


def _rows(text: str, name: str) -> list[list[int]]:
    """The rows of a matrix of three columns."""
    description = "rows of three numbers such as [|1, 2, 3,|4, 5, 3|]"
    content = _content(text, name, description)
    if content and (len(content) < 2 or not (content.startswith("|") and content.endswith("|"))):
        raise ProblemError(name, f"must be {description}, not {_quoted(content)}")
    inner = content[1:-1].strip()
    parts = inner.split("|") if inner else []
    rows = [_numbers(name, f"row {number}", part) for number, part in enumerate(parts, start=1)]
    for number, row in enumerate(rows, start=1):
        if len(row) != 3:
            raise ProblemError(name, f"row {number} has {len(row)} numbers instead of 3")
    return rows


def _sets(text: str, name: str, largest: int) -> list[set[int]]:
    """A list of sets of numbers up to `largest`. The format pads empty sets with a zero, which is dropped."""
    content = _content(text, name, "a list of sets such as [{0}, {1, 4}, {2..3}]")
    sets: list[set[int]] = []
    position = 0
    while position < len(content):
        place = f"set {len(sets) + 1}"
        match = SET.match(content, position)
        if match is None or (match[1] is None and not RANGE.fullmatch(match[2].strip())):
            raise ProblemError(name, f"{place} must be such as {{0}}, {{1, 4}} or {{2..3}}, not {_quoted(content[position:])}")
        sets.append(_set(name, place, match[1] if match[1] is not None else match[2], largest))
        position = match.end()
    return sets


def _set(name: str, place: str, content: str, largest: int) -> set[int]:
    """One set: numbers, and ranges that include both ends."""
    members: set[int] = set()
    for item in _items(content):
        ends = RANGE.fullmatch(item)
        first, last = map(int, ends.groups()) if ends else (_whole(name, place, item),) * 2
        if last > largest:
            raise ProblemError(name, f"{place} holds {last}, and {largest} is the last there is")
        members.update(range(first, last + 1))
    return members - {0}


def _content(text: str, name: str, description: str) -> str:
    """The text between the brackets of a field."""
    value = _field(text, name)
    if len(value) < 2 or not (value.startswith("[") and value.endswith("]")):
        raise ProblemError(name, f"must be {description}, not {_quoted(value)}")
    return value[1:-1].strip()


def _numbers(name: str, place: str, content: str) -> list[int]:
    return [_whole(name, place, item) for item in _items(content)]


def _whole(name: str, place: str, item: str) -> int:
    if not NUMBER.fullmatch(item):
        raise ProblemError(name, f"{place} must hold whole numbers of six digits at most, not {_quoted(item)}")
    return int(item)


def _items(content: str) -> list[str]:
    """The items between commas; a trailing comma is allowed."""
    items = [item.strip() for item in content.split(",")]
    return items if items[-1] else items[:-1]


def _quoted(value: str) -> str:
    return repr(value if len(value) <= MAX_QUOTED else f"{value[:MAX_QUOTED]}...")


def _check_length(name: str, length: int, expected: int) -> None:
    if length != expected:
        raise ProblemError(name, f"has {length} entries instead of {expected}")
