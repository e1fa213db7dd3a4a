"""What a request for a meeting says: how it is asked for, who is to come, which introduction it follows."""

from collections.abc import Mapping
from typing import Any

from services.events.errors import invalid, refused
from shared.chassis.errors import Refusal
from shared.contracts.events import MeetingRequested


def wish(request: Mapping[str, Any]) -> tuple[Any, ...]:
    """Say how a meeting is asked for: what may differ between two requests of the same member to the same."""
    people = sorted(request.get("people") or ())
    return request["mode"], request["introduction_id"], request["slot"], request["table"], people


def check_same_place(meeting: Mapping[str, Any], asked: MeetingRequested) -> None:
    """Raise Refusal where a slot or a table is asked for that the meeting, asked for or agreed already, does not have."""
    there = meeting["appointment"] or {"slot": meeting["slot"], "table": meeting["table"]}
    if asked.slot is None or (asked.slot == there["slot"] and asked.table in (None, there["table"])):
        return
    if meeting["status"] == "accepted":
        it = "L'incontro è già concordato: se non ha un posto, proporre un appuntamento; altrimenti annullarlo e richiederlo."
        en = "The meeting is agreed on already: where it has no place, propose an appointment; else call it off and ask again."
    else:
        it = "L'incontro è già stato chiesto a un'altra ora o a un altro tavolo: accettarlo, o declinarlo e chiederne un altro."
        en = "The meeting was asked for at another time or table: accept it, or decline it and ask for another."
    raise refused("asked-otherwise", "slot", it=it, en=en)


def check_unchanged(meeting: Mapping[str, Any], seen: Mapping[str, Any] | None) -> None:
    """Raise Refusal where who asked has asked for another slot or table since the request was `seen`: nobody agrees unseen."""
    if seen is not None and (seen["slot"], seen["table"]) != (meeting["slot"], meeting["table"]):
        it = "Intanto l'incontro è stato chiesto a un'altra ora o a un altro tavolo: rileggerlo."
        raise refused("asked-otherwise", "slot", it=it, en="It was asked for at another time or table meanwhile: read it again.")


def own(asked: MeetingRequested) -> str | None:
    """Name the representative that who asks sends itself."""
    return next((person for person in asked.people if person.rpartition(":")[0] == asked.by), None)


def named(state: Mapping[str, Any], by: str, person: str | None) -> list[str]:
    """Name the representatives a meeting is asked for, with the one that side `by` sends instead of its own."""
    people = list(state.get("people") or ())
    return people if person is None else [*(one for one in people if one.rpartition(":")[0] != by), person]


def no_representative(field: str, person: str) -> Refusal:
    """Say that somebody is no representative of a participant."""
    return refused(
        "representative-unknown",
        field,
        it=f"{person} non è un rappresentante indicato nell'iscrizione.",
        en=f"{person} is no representative named in the registration.",
    )


def check_introduction(asked: MeetingRequested, introduction: Mapping[str, Any] | None) -> None:
    """Raise unless the introduction was made between these two, in this mode."""
    field = "introduction_id"
    if introduction is None or not introduction["introduced"]:
        raise refused(
            "introduction-unknown",
            field,
            it="Qui non è nota alcuna presentazione con questo id; se è appena avvenuta, riprovare.",
            en="No introduction by this id is known here; if it was made just now, try again.",
        )
    if set(introduction["members"]) != {asked.by, asked.towards} or introduction["mode"] != asked.mode:
        it = "la presentazione è di altri membri o in un'altra modalità"
        raise invalid(field, "introduction", it=it, en="the introduction is of other members or in another mode")
