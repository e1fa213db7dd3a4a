"""The text format of the published benchmark (Bofill et al., JAIR 74, 2022) as a problem."""

import re

from services.events.scheduling.problem import Meeting, Participant, Problem, ProblemError, Slot

ANY_SESSION = 3
COMMENT = re.compile(r"%[^\n]*|/\*.*?\*/", re.DOTALL)
NUMBER = re.compile(r"[0-9]{1,6}")
ROWS = re.compile(r"\[\s*(?:\|(.*)\|)?\s*\]", re.DOTALL)
LIST = re.compile(r"\[(.*)\]", re.DOTALL)
SET = re.compile(r"\s*(?:\{([^{}]*)\}|([^{},]*))\s*(?:,|$)")
RANGE = re.compile(r"([0-9]{1,6})\s*\.\.\s*([0-9]{1,6})")
SHOWN = 30
"""Of a value that is wrong, as many characters are told."""


def parse_dzn(text: str, fairness: int = 2) -> Problem:
    """Read one instance. Participants, meetings and slots are numbered from 1; ids are those numbers as text.

    Only what defines the problem is read: the format repeats itself in other fields. Raises ProblemError.
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
    fixed = _numbers("fixed", "the list", _inside(text, "fixed", LIST, "a list such as [0, 0, 3]"))
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
    found = re.findall(rf"\b{name}\s*=([^;]*);", text)
    if not found:
        raise ProblemError(name, "is missing")
    if len(found) > 1:
        raise ProblemError(name, f"is given {len(found)} times instead of once")
    return str(found[0]).strip()


def _number(text: str, name: str) -> int:
    value = _field(text, name)
    if not NUMBER.fullmatch(value):
        raise ProblemError(name, f"must be a whole number of six digits at most, not {_shown(value)}")
    return int(value)


def _rows(text: str, name: str) -> list[list[int]]:
    """The rows of a matrix of three columns."""
    inside = _inside(text, name, ROWS, "rows of three numbers such as [|1, 2, 3,|4, 5, 3|]")
    parts = inside.split("|") if inside else []
    rows = [_numbers(name, f"row {number}", part) for number, part in enumerate(parts, start=1)]
    for number, row in enumerate(rows, start=1):
        if len(row) != 3:
            raise ProblemError(name, f"row {number} has {len(row)} numbers instead of 3")
    return rows


def _sets(text: str, name: str, most: int) -> list[set[int]]:
    """A list of sets of numbers up to `most`; zeros are only there so that no set is empty."""
    inside = _inside(text, name, LIST, "a list of sets such as [{0}, {1, 4}, {2..3}]")
    sets: list[set[int]] = []
    at = 0
    while at < len(inside):
        where = f"set {len(sets) + 1}"
        found = SET.match(inside, at)
        if found is None or (found[1] is None and not RANGE.fullmatch(found[2].strip())):
            raise ProblemError(name, f"{where} must be such as {{0}}, {{1, 4}} or {{2..3}}, not {_shown(inside[at:])}")
        sets.append(_set(name, where, found[1] if found[1] is not None else found[2], most))
        at = found.end()
    return sets


def _set(name: str, where: str, inside: str, most: int) -> set[int]:
    """One set: numbers, and ranges that hold both their ends."""
    members: set[int] = set()
    for item in _items(inside):
        ends = RANGE.fullmatch(item)
        first, last = map(int, ends.groups()) if ends else (_whole(name, where, item),) * 2
        if last > most:
            raise ProblemError(name, f"{where} holds {last}, and {most} is the last there is")
        members.update(range(first, last + 1))
    return members - {0}


def _inside(text: str, name: str, form: re.Pattern[str], wanted: str) -> str:
    """What is between the brackets of a field."""
    value = _field(text, name)
    found = form.fullmatch(value)
    if found is None:
        raise ProblemError(name, f"must be {wanted}, not {_shown(value)}")
    return (found[1] or "").strip()


def _numbers(name: str, where: str, inside: str) -> list[int]:
    return [_whole(name, where, item) for item in _items(inside)]


def _whole(name: str, where: str, item: str) -> int:
    if not NUMBER.fullmatch(item):
        raise ProblemError(name, f"{where} must hold whole numbers of six digits at most, not {_shown(item)}")
    return int(item)


def _items(inside: str) -> list[str]:
    """What commas part; one more comma may come at the end."""
    items = [item.strip() for item in inside.split(",")]
    return items if items[-1] else items[:-1]


def _shown(value: str) -> str:
    return repr(value if len(value) <= SHOWN else f"{value[:SHOWN]}...")


def _check_length(name: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise ProblemError(name, f"has {found} entries instead of {wanted}")
