"""Why something cannot be scheduled, in sentences an organiser understands. No solver needed."""

from collections import Counter
from collections.abc import Iterator, Mapping

from services.events.scheduling.problem import Meeting, Problem
from services.events.scheduling.schedule import Reason

Labels = Mapping[str, str]


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
    places = problem.tables * len(problem.slots)
    if len(problem.meetings) > places:
        found.append(_too_few_places(problem, places))
    hopeless = (meeting for meeting in problem.meetings if not problem.allowed(meeting))
    found.extend(_no_common_slot(problem, meeting, label) for meeting in hopeless)
    return tuple(found)


def why_unplaced(problem: Problem, meeting: Meeting, slots: Mapping[str, int], proven: bool, label: Labels) -> Reason:
    """Why this meeting has no slot while those in `slots` do. `proven`: no schedule places more meetings."""
    if not problem.allowed(meeting):
        return _no_common_slot(problem, meeting, label)
    for who in meeting.participants:
        reason = _too_many(problem, who, label)
        if reason is not None:
            return reason
    places = problem.tables * len(problem.slots)
    if len(problem.meetings) > places:
        return _too_few_places(problem, places)
    first, second = (_name(label, who) for who in meeting.participants)
    if not proven:
        return Reason(
            f"Non è stato trovato in tempo uno slot per {first} e {second}.",
            f"No slot for {first} and {second} was found in the time allowed.",
        )
    if _is_open(problem, meeting, slots):
        return Reason(
            f"Un incontro tra {first} e {second} non rispetterebbe l'ordine degli incontri "
            f"o la differenza massima di {problem.fairness} tra le pause dei partecipanti.",
            f"A meeting of {first} and {second} would break the order of the meetings "
            f"or the largest difference of {problem.fairness} between the breaks of participants.",
        )
    return Reason(
        f"In ogni slot possibile per {first} e {second}, uno dei due è in un altro incontro o i tavoli sono finiti.",
        f"In every slot possible for {first} and {second}, one is in another meeting or no table is left.",
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
        first, second = (_name(label, who) for who in meeting.participants)
        yield Reason(
            f"L'incontro tra {first} e {second} è fissato nello slot {slot}, fuori dalla sessione {meeting.session}.",
            f"The meeting of {first} and {second} is fixed in slot {slot}, outside session {meeting.session}.",
        )


def _wrong_order(problem: Problem, meeting: Meeting, earlier: str, label: Labels) -> Reason:
    before = next(one for one in problem.meetings if one.id == earlier)
    first, second = (" – ".join(_name(label, who) for who in one.participants) for one in (before, meeting))
    return Reason(
        f"L'incontro {first} deve precedere {second}, ma gli slot fissati sono {before.fixed} e {meeting.fixed}.",
        f"The meeting {first} must precede {second}, but their fixed slots are {before.fixed} and {meeting.fixed}.",
    )


def _too_many(problem: Problem, who: str, label: Labels) -> Reason | None:
    """More meetings than slots somebody can meet in, over the day or in one session."""
    free = [slot for slot in problem.slots if slot.number not in problem.unavailable[who]]
    meetings = problem.meetings_of[who]
    if len(meetings) > len(free):
        return _crowded(_name(label, who), len(meetings), len(free), None)
    for session in sorted({meeting.session for meeting in meetings if meeting.session is not None}):
        bound = sum(meeting.session == session for meeting in meetings)
        room = sum(slot.session == session for slot in free)
        if bound > room:
            return _crowded(_name(label, who), bound, room, session)
    return None


def _crowded(name: str, meetings: int, free: int, session: int | None) -> Reason:
    met = "1 incontro accettato" if meetings == 1 else f"{meetings} incontri accettati"
    room = "1 slot libero" if free == 1 else f"{free} slot liberi"
    met_en = "1 accepted meeting" if meetings == 1 else f"{meetings} accepted meetings"
    room_en = "1 free slot" if free == 1 else f"{free} free slots"
    where, where_en = _in_session(session)
    return Reason(f"{name} ha {met} e {room}{where}.", f"{name} has {met_en} and {room_en}{where_en}.")


def _too_few_places(problem: Problem, places: int) -> Reason:
    count, tables, slots = len(problem.meetings), problem.tables, len(problem.slots)
    return Reason(
        f"Gli incontri accettati sono {count} e i posti {places} (slot {slots}, tavoli {tables}).",
        f"There are {count} accepted meetings and {places} places (slots {slots}, tables {tables}).",
    )


def _no_common_slot(problem: Problem, meeting: Meeting, label: Labels) -> Reason:
    first, second = (_name(label, who) for who in meeting.participants)
    where, where_en = _in_session(meeting.session)
    return Reason(
        f"{first} e {second} non hanno slot liberi in comune{where}.",
        f"{first} and {second} have no free slot in common{where_en}.",
    )


def _is_open(problem: Problem, meeting: Meeting, slots: Mapping[str, int]) -> bool:
    """Is there a slot with a table in which both are free, as the schedule stands?"""
    used = Counter(slots.values())
    busy = {slots[other.id] for who in meeting.participants for other in problem.meetings_of[who] if other.id in slots}
    return any(slot not in busy and used[slot] < problem.tables for slot in problem.allowed(meeting))


def _in_session(session: int | None) -> tuple[str, str]:
    return ("", "") if session is None else (f" nella sessione {session}", f" in session {session}")


def _name(label: Labels, who: str) -> str:
    return label.get(who, who)
