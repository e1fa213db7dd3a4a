"""Why meetings cannot be scheduled, in sentences for the organiser. Found by counting, without a solver."""

from collections import Counter
from collections.abc import Iterator, Mapping

from services.events.scheduling.problem import Meeting, Problem
from services.events.scheduling.schedule import Reason
from services.events.scheduling.tables.eligibility import TableEligibility

Names = Mapping[str, str]
MAX_NAMED = 3
"""Participants of a group that a reason names; the others are counted, so that a reason keeps within its length."""


def fixed_conflicts(problem: Problem, names: Names) -> tuple[Reason, ...]:
    """Every pair of hard constraints on fixed meetings that contradict each other."""
    reasons: list[Reason] = []
    fixed = [meeting for meeting in problem.meetings if meeting.fixed_slot is not None]
    slot_of = {meeting.id: meeting.fixed_slot for meeting in fixed}
    for meeting in fixed:
        reasons.extend(_slot_conflicts(problem, meeting, names))
        for predecessor in meeting.predecessors:
            earlier, slot = slot_of.get(predecessor), slot_of[meeting.id]
            if earlier is not None and slot is not None and earlier >= slot:
                reasons.append(_wrong_order(problem, meeting, predecessor, names))
    attendance = Counter((participant_id, meeting.fixed_slot) for meeting in fixed for participant_id in meeting.participants)
    for (participant_id, slot), count in attendance.items():
        if count > 1:
            name = _name(names, participant_id)
            reasons.append(
                Reason(
                    f"{name} ha {count} incontri fissati nello slot {slot}.",
                    f"{name} has {count} meetings fixed in slot {slot}.",
                )
            )
    for slot, count in Counter(meeting.fixed_slot for meeting in fixed).items():
        if count > problem.tables:
            reasons.append(
                Reason(
                    f"Nello slot {slot} sono fissati {count} incontri e i tavoli sono {problem.tables}.",
                    f"{count} meetings are fixed in slot {slot}, where the number of tables is {problem.tables}.",
                )
            )
    return tuple(reasons)


def shortages(problem: Problem, names: Names) -> tuple[Reason, ...]:
    """Why not every meeting can be placed, by counting alone: one reason per participant, one for the tables."""
    reasons = [reason for participant in problem.participants if (reason := _too_many(problem, participant.id, names)) is not None]
    capacity = _capacity(problem)
    if len(problem.meetings) > capacity:
        reasons.append(_too_few_places(problem, capacity))
    eligibility = TableEligibility(problem)
    reasons.extend(
        reason for meeting in problem.meetings if (reason := _impossible(problem, eligibility, meeting, names)) is not None
    )
    return tuple(reasons)


def why_unplaced(
    problem: Problem,
    meeting: Meeting,
    slots: Mapping[str, int],
    proven: bool,
    names: Names,
    begun: frozenset[int] | None = None,
) -> Reason:
    """Why this meeting has no slot beside those in `slots`. `proven`: no schedule places more meetings.

    `begun` are the slots of a repair that have begun and are no longer possible; a repair does not keep the fairness cap.
    """
    is_repair, begun = begun is not None, begun or frozenset()
    impossible = _impossible(problem, TableEligibility(problem), meeting, names, begun)
    if impossible is not None:
        return impossible
    for participant_id in meeting.participants:
        reason = _too_many(problem, participant_id, names)
        if reason is not None:
            return reason
    capacity = _capacity(problem)
    if len(problem.meetings) > capacity:
        return _too_few_places(problem, capacity)
    people_it, people_en = _people(meeting, names)
    if not proven:
        return Reason(
            f"Non è stato trovato in tempo uno slot per {people_it}.",
            f"No slot for {people_en} was found in the time allowed.",
        )
    has_opening = _has_opening(problem, meeting, slots, begun)
    if has_opening and is_repair:
        return Reason(
            f"Un incontro tra {people_it} non rispetterebbe l'ordine degli incontri o le pause richieste.",
            f"A meeting of {people_en} would break the order of the meetings or the rests asked for.",
        )
    if has_opening:
        return Reason(
            f"Un incontro tra {people_it} non rispetterebbe l'ordine degli incontri, le pause richieste "
            f"o la differenza massima di {problem.fairness} tra le pause dei partecipanti.",
            f"A meeting of {people_en} would break the order of the meetings, the rests asked for "
            f"or the largest difference of {problem.fairness} between the breaks of participants.",
        )
    return Reason(
        f"In ogni slot possibile per {people_it}, uno di loro è in un altro incontro o non resta un tavolo adatto.",
        f"In every slot possible for {people_en}, one is in another meeting or no table that fits is left.",
    )


def no_schedule(problem: Problem, all_placed: bool) -> Reason:
    """The reason where the solver proves that there is no schedule and no simple count explains it."""
    subject_it = f"tutti i {len(problem.meetings)} incontri" if all_placed else "gli incontri fissati"
    subject_en = f"all {len(problem.meetings)} meetings" if all_placed else "the fixed meetings"
    return Reason(
        f"Nessuna agenda contiene {subject_it} con questi slot, {problem.tables} tavoli, l'ordine richiesto "
        f"e una differenza massima di {problem.fairness} tra le pause dei partecipanti.",
        f"No schedule holds {subject_en} with these slots, {problem.tables} tables, the order asked for "
        f"and a largest difference of {problem.fairness} between the breaks of participants.",
    )


def _slot_conflicts(problem: Problem, meeting: Meeting, names: Names) -> Iterator[Reason]:
    """The reasons why a meeting cannot be in its fixed slot."""
    slot = meeting.fixed_slot
    for participant_id in meeting.participants:
        if slot in problem.unavailable[participant_id]:
            name = _name(names, participant_id)
            yield Reason(
                f"{name} non è disponibile nello slot {slot}, dove è fissato il suo incontro.",
                f"{name} is not available in slot {slot}, where a meeting of theirs is fixed.",
            )
    if slot is not None and meeting.session not in (None, problem.slots[slot - 1].session):
        people_it, people_en = _people(meeting, names)
        yield Reason(
            f"L'incontro tra {people_it} è fissato nello slot {slot}, fuori dalla sessione {meeting.session}.",
            f"The meeting of {people_en} is fixed in slot {slot}, outside session {meeting.session}.",
        )


def _wrong_order(problem: Problem, meeting: Meeting, predecessor_id: str, names: Names) -> Reason:
    predecessor = next(candidate for candidate in problem.meetings if candidate.id == predecessor_id)
    first, second = (" – ".join(_name(names, person) for person in pair.participants) for pair in (predecessor, meeting))
    return Reason(
        f"L'incontro {first} deve precedere {second}, ma gli slot fissati sono {predecessor.fixed_slot} e {meeting.fixed_slot}.",
        f"The meeting {first} must precede {second}, but their fixed slots are {predecessor.fixed_slot} and {meeting.fixed_slot}.",
    )


def _too_many(problem: Problem, participant_id: str, names: Names) -> Reason | None:
    """More meetings than a participant has free slots, over the event or in one session; or more than its limit."""
    free = [slot for slot in problem.slots if slot.number not in problem.unavailable[participant_id]]
    meetings = problem.meetings_of[participant_id]
    name = _name(names, participant_id)
    if len(meetings) > len(free):
        return _too_few_free_slots(name, len(meetings), len(free), None)
    limit = problem.participant_by_id[participant_id].max_meetings
    if limit is not None and len(meetings) > limit:
        # It may be a share of an organisation's limit: what its other representatives and its appointments leave.
        meetings_it, meetings_en = _accepted_meetings(len(meetings))
        return Reason(
            f"{name} ha {meetings_it} e il suo limite ne ammette {limit or 'nessuno'}.",
            f"{name} has {meetings_en}, and its limit leaves room for {limit or 'none'}.",
        )
    for session in sorted({meeting.session for meeting in meetings if meeting.session is not None}):
        bound_to_session = sum(meeting.session == session for meeting in meetings)
        free_in_session = sum(slot.session == session for slot in free)
        if bound_to_session > free_in_session:
            return _too_few_free_slots(name, bound_to_session, free_in_session, session)
    return None


def _accepted_meetings(count: int) -> tuple[str, str]:
    if count == 1:
        return "1 incontro accettato", "1 accepted meeting"
    return f"{count} incontri accettati", f"{count} accepted meetings"


def _too_few_free_slots(name: str, meetings: int, free: int, session: int | None) -> Reason:
    meetings_it, meetings_en = _accepted_meetings(meetings)
    free_it = "1 slot libero" if free == 1 else f"{free} slot liberi"
    free_en = "1 free slot" if free == 1 else f"{free} free slots"
    session_it, session_en = _in_session(session)
    return Reason(f"{name} ha {meetings_it} e {free_it}{session_it}.", f"{name} has {meetings_en} and {free_en}{session_en}.")


def _capacity(problem: Problem) -> int:
    """The tables of all slots, without closed ones."""
    return problem.tables * len(problem.slots) - sum(len(table.closed_slots) for table in problem.special_tables)


def _too_few_places(problem: Problem, capacity: int) -> Reason:
    count, tables, slots = len(problem.meetings), problem.tables, len(problem.slots)
    closed = tables * slots - capacity
    closed_it, closed_en = (f", chiusi o occupati {closed}", f", closed or taken {closed}") if closed else ("", "")
    return Reason(
        f"Gli incontri accettati sono {count} e i posti {capacity} (slot {slots}, tavoli {tables}{closed_it}).",
        f"There are {count} accepted meetings and {capacity} places (slots {slots}, tables {tables}{closed_en}).",
    )


def _impossible(
    problem: Problem, eligibility: TableEligibility, meeting: Meeting, names: Names, begun: frozenset[int] = frozenset()
) -> Reason | None:
    """Why a meeting would have no place even if it were the only one."""
    people_it, people_en = _people(meeting, names)
    session_it, session_en = _in_session(meeting.session)
    available = problem.available_slots(meeting)
    if not available:
        return Reason(
            f"{people_it} non hanno slot liberi in comune{session_it}.",
            f"{people_en} have no free slot in common{session_en}.",
        )
    if begun.issuperset(available):
        all_it, all_en = ("entrambi", "both") if len(meeting.participants) == 2 else ("tutti", "all")
        return Reason(
            f"Gli slot{session_it} in cui {people_it} sono {all_it} liberi sono già cominciati.",
            f"The slots{session_en} in which {people_en} are {all_en} free have begun.",
        )
    if begun.issuperset(eligibility.slots(meeting)):
        return Reason(
            f"Per {people_it} non c'è un tavolo adatto quando sono liberi{session_it}.",
            f"There is no table that fits {people_en} when they are free{session_en}.",
        )
    return None


def _has_opening(problem: Problem, meeting: Meeting, slots: Mapping[str, int], begun: frozenset[int]) -> bool:
    """Whether a slot that has not begun has a table in which all participants are free, given these slots."""
    eligibility = TableEligibility(problem)
    busy = {
        slots[attended.id]
        for participant_id in meeting.participants
        for attended in problem.meetings_of[participant_id]
        if attended.id in slots
    }
    pools = [pool for pool in eligibility.pools() if meeting in pool.meetings]
    used = Counter(
        (number, slots[member.id]) for number, pool in enumerate(pools) for member in pool.meetings if member.id in slots
    )
    return any(
        slot not in busy | begun and all(used[number, slot] < pool.capacity[slot] for number, pool in enumerate(pools))
        for slot in eligibility.slots(meeting)
    )


def _in_session(session: int | None) -> tuple[str, str]:
    return ("", "") if session is None else (f" nella sessione {session}", f" in session {session}")


def _name(names: Names, participant_id: str) -> str:
    return names.get(participant_id, participant_id)


def _people(meeting: Meeting, names: Names) -> tuple[str, str]:
    """The names of the participants as a list in Italian and in English; of a large group, a few names and a number."""
    named = [_name(names, participant_id) for participant_id in meeting.participants]
    if len(named) > MAX_NAMED + 1:
        first, unnamed = ", ".join(named[:MAX_NAMED]), len(named) - MAX_NAMED
        return f"{first} e altri {unnamed}", f"{first} and {unnamed} others"
    first, last = ", ".join(named[:-1]), named[-1]
    return f"{first} e {last}", f"{first} and {last}"
