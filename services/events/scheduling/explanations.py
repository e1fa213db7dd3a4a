"""Why something cannot be scheduled, in sentences an organiser understands. No solver needed."""

from collections import Counter
from collections.abc import Iterator, Mapping

from services.events.scheduling.problem import Meeting, Problem
from services.events.scheduling.schedule import Reason
from services.events.scheduling.tables.eligibility import Places

Labels = Mapping[str, str]
NAMED = 3
"""How many of a group a reason names; the others are counted, so that a reason keeps within its length."""


def clashes(problem: Problem, label: Labels) -> tuple[Reason, ...]:
    """Every pair of hard rules about fixed meetings that contradict each other."""
    found: list[Reason] = []
    fixed = [meeting for meeting in problem.meetings if meeting.fixed is not None]
    slot_of = {meeting.id: meeting.fixed for meeting in fixed}
    for meeting in fixed:
        found.extend(_misfits(problem, meeting, label))
        for earlier in meeting.after:
            before, slot = slot_of.get(earlier), slot_of[meeting.id]
            if before is not None and slot is not None and before >= slot:
                found.append(_wrong_order(problem, meeting, earlier, label))
    taken = Counter((who, meeting.fixed) for meeting in fixed for who in meeting.participants)
    for (who, slot), count in taken.items():
        if count > 1:
            name = _name(label, who)
            found.append(
                Reason(
                    f"{name} ha {count} incontri fissati nello slot {slot}.",
                    f"{name} has {count} meetings fixed in slot {slot}.",
                )
            )
    for slot, count in Counter(meeting.fixed for meeting in fixed).items():
        if count > problem.tables:
            found.append(
                Reason(
                    f"Nello slot {slot} sono fissati {count} incontri e i tavoli sono {problem.tables}.",
                    f"{count} meetings are fixed in slot {slot}, where the number of tables is {problem.tables}.",
                )
            )
    return tuple(found)


def shortages(problem: Problem, label: Labels) -> tuple[Reason, ...]:
    """What makes it impossible to place every meeting by counting alone: one reason a participant, and the tables."""
    found = [reason for participant in problem.participants if (reason := _too_many(problem, participant.id, label)) is not None]
    places = _places(problem)
    if len(problem.meetings) > places:
        found.append(_too_few_places(problem, places))
    places_of = Places(problem)
    found.extend(reason for meeting in problem.meetings if (reason := _hopeless(problem, places_of, meeting, label)) is not None)
    return tuple(found)


def why_unplaced(
    problem: Problem,
    meeting: Meeting,
    slots: Mapping[str, int],
    proven: bool,
    label: Labels,
    begun: frozenset[int] | None = None,
) -> Reason:
    """Why this meeting has no slot while those in `slots` do. `proven`: no schedule places more meetings.

    In a repair, slots that have `begun` are no place for it any more, though people were free in them; and breaks may differ.
    """
    repaired, begun = begun is not None, begun or frozenset()
    hopeless = _hopeless(problem, Places(problem), meeting, label, begun)
    if hopeless is not None:
        return hopeless
    for who in meeting.participants:
        reason = _too_many(problem, who, label)
        if reason is not None:
            return reason
    places = _places(problem)
    if len(problem.meetings) > places:
        return _too_few_places(problem, places)
    names, names_en = _people(meeting, label)
    if not proven:
        return Reason(
            f"Non è stato trovato in tempo uno slot per {names}.",
            f"No slot for {names_en} was found in the time allowed.",
        )
    is_open = _is_open(problem, meeting, slots, begun)
    if is_open and repaired:
        return Reason(
            f"Un incontro tra {names} non rispetterebbe l'ordine degli incontri o le pause richieste.",
            f"A meeting of {names_en} would break the order of the meetings or the rests asked for.",
        )
    if is_open:
        return Reason(
            f"Un incontro tra {names} non rispetterebbe l'ordine degli incontri, le pause richieste "
            f"o la differenza massima di {problem.fairness} tra le pause dei partecipanti.",
            f"A meeting of {names_en} would break the order of the meetings, the rests asked for "
            f"or the largest difference of {problem.fairness} between the breaks of participants.",
        )
    return Reason(
        f"In ogni slot possibile per {names}, uno di loro è in un altro incontro o non resta un tavolo adatto.",
        f"In every slot possible for {names_en}, one is in another meeting or no table that fits is left.",
    )


def no_schedule(problem: Problem, all_placed: bool) -> Reason:
    """What is left to say when the solver has proven it and no simple count explains it."""
    what_it = f"tutti i {len(problem.meetings)} incontri" if all_placed else "gli incontri fissati"
    what_en = f"all {len(problem.meetings)} meetings" if all_placed else "the fixed meetings"
    return Reason(
        f"Nessuna agenda contiene {what_it} con questi slot, {problem.tables} tavoli, l'ordine richiesto "
        f"e una differenza massima di {problem.fairness} tra le pause dei partecipanti.",
        f"No schedule holds {what_en} with these slots, {problem.tables} tables, the order asked for "
        f"and a largest difference of {problem.fairness} between the breaks of participants.",
    )


def _misfits(problem: Problem, meeting: Meeting, label: Labels) -> Iterator[Reason]:
    slot = meeting.fixed
    for who in meeting.participants:
        if slot in problem.unavailable[who]:
            name = _name(label, who)
            yield Reason(
                f"{name} non è disponibile nello slot {slot}, dove è fissato il suo incontro.",
                f"{name} is not available in slot {slot}, where a meeting of theirs is fixed.",
            )
    if slot is not None and meeting.session not in (None, problem.slots[slot - 1].session):
        names, names_en = _people(meeting, label)
        yield Reason(
            f"L'incontro tra {names} è fissato nello slot {slot}, fuori dalla sessione {meeting.session}.",
            f"The meeting of {names_en} is fixed in slot {slot}, outside session {meeting.session}.",
        )


def _wrong_order(problem: Problem, meeting: Meeting, earlier: str, label: Labels) -> Reason:
    before = next(one for one in problem.meetings if one.id == earlier)
    first, second = (" – ".join(_name(label, who) for who in one.participants) for one in (before, meeting))
    return Reason(
        f"L'incontro {first} deve precedere {second}, ma gli slot fissati sono {before.fixed} e {meeting.fixed}.",
        f"The meeting {first} must precede {second}, but their fixed slots are {before.fixed} and {meeting.fixed}.",
    )


def _too_many(problem: Problem, who: str, label: Labels) -> Reason | None:
    """More meetings than slots somebody can meet in, over the day or in one session; or than they wish to have."""
    free = [slot for slot in problem.slots if slot.number not in problem.unavailable[who]]
    meetings = problem.meetings_of[who]
    if len(meetings) > len(free):
        return _crowded(_name(label, who), len(meetings), len(free), None)
    most = problem.people[who].most
    if most is not None and len(meetings) > most:
        # It may be a share of what an organisation wishes for: what its other people and its appointments leave.
        return Reason(
            f"{_name(label, who)} ha {_meetings(len(meetings))[0]} e il suo limite ne ammette {most or 'nessuno'}.",
            f"{_name(label, who)} has {_meetings(len(meetings))[1]}, and its limit leaves room for {most or 'none'}.",
        )
    for session in sorted({meeting.session for meeting in meetings if meeting.session is not None}):
        bound = sum(meeting.session == session for meeting in meetings)
        room = sum(slot.session == session for slot in free)
        if bound > room:
            return _crowded(_name(label, who), bound, room, session)
    return None


def _meetings(count: int) -> tuple[str, str]:
    if count == 1:
        return "1 incontro accettato", "1 accepted meeting"
    return f"{count} incontri accettati", f"{count} accepted meetings"


def _crowded(name: str, meetings: int, free: int, session: int | None) -> Reason:
    met, met_en = _meetings(meetings)
    room = "1 slot libero" if free == 1 else f"{free} slot liberi"
    room_en = "1 free slot" if free == 1 else f"{free} free slots"
    where, where_en = _in_session(session)
    return Reason(f"{name} ha {met} e {room}{where}.", f"{name} has {met_en} and {room_en}{where_en}.")


def _places(problem: Problem) -> int:
    """Count the tables of all slots, without those that are closed."""
    return problem.tables * len(problem.slots) - sum(len(table.closed) for table in problem.special)


def _too_few_places(problem: Problem, places: int) -> Reason:
    count, tables, slots = len(problem.meetings), problem.tables, len(problem.slots)
    closed = tables * slots - places
    less, less_en = (f", chiusi o occupati {closed}", f", closed or taken {closed}") if closed else ("", "")
    return Reason(
        f"Gli incontri accettati sono {count} e i posti {places} (slot {slots}, tavoli {tables}{less}).",
        f"There are {count} accepted meetings and {places} places (slots {slots}, tables {tables}{less_en}).",
    )


def _hopeless(
    problem: Problem, places: Places, meeting: Meeting, label: Labels, begun: frozenset[int] = frozenset()
) -> Reason | None:
    """A meeting that would have no place even if it were the only one."""
    names, names_en = _people(meeting, label)
    where, where_en = _in_session(meeting.session)
    allowed = problem.allowed(meeting)
    if not allowed:
        return Reason(
            f"{names} non hanno slot liberi in comune{where}.",
            f"{names_en} have no free slot in common{where_en}.",
        )
    if begun.issuperset(allowed):
        all_it, all_en = ("entrambi", "both") if len(meeting.participants) == 2 else ("tutti", "all")
        return Reason(
            f"Gli slot{where} in cui {names} sono {all_it} liberi sono già cominciati.",
            f"The slots{where_en} in which {names_en} are {all_en} free have begun.",
        )
    if begun.issuperset(places.slots(meeting)):
        return Reason(
            f"Per {names} non c'è un tavolo adatto quando sono liberi{where}.",
            f"There is no table that fits {names_en} when they are free{where_en}.",
        )
    return None


def _is_open(problem: Problem, meeting: Meeting, slots: Mapping[str, int], begun: frozenset[int]) -> bool:
    """Is there a slot to come with a table in which both are free, as the schedule stands?"""
    places = Places(problem)
    busy = {slots[other.id] for who in meeting.participants for other in problem.meetings_of[who] if other.id in slots}
    pools = [pool for pool in places.pools() if meeting in pool.meetings]
    used = Counter((number, slots[other.id]) for number, pool in enumerate(pools) for other in pool.meetings if other.id in slots)
    room = {slot: all(used[number, slot] < pool.room[slot] for number, pool in enumerate(pools)) for slot in places.slots(meeting)}
    return any(slot not in busy | begun and free for slot, free in room.items())


def _in_session(session: int | None) -> tuple[str, str]:
    return ("", "") if session is None else (f" nella sessione {session}", f" in session {session}")


def _name(label: Labels, who: str) -> str:
    return label.get(who, who)


def _people(meeting: Meeting, label: Labels) -> tuple[str, str]:
    """The names of the participants, as a list in Italian and in English; of more than a few the rest is counted."""
    named = [_name(label, who) for who in meeting.participants]
    if len(named) > NAMED + 1:
        first, more = ", ".join(named[:NAMED]), len(named) - NAMED
        return f"{first} e altri {more}", f"{first} and {more} others"
    *others, last = named
    return f"{', '.join(others)} e {last}", f"{', '.join(others)} and {last}"
