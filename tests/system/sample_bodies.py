"""A fitting body for each operation that takes one, with every field that it may have."""

from collections.abc import Mapping
from typing import Any

from tests.events.factories import announcement
from tests.registry.factories import DISTRICT, PROFILE, application

PART = {
    "nature": "capital",
    "title": "Lastre",
    "text": "Taglio",
    "language": "it",
    "topics": ["ict-photonics/photonics"],
    "trl": 7,
    "visibility": "public",
    "facility": False,
}
OFFER = {**PART, "ticket": {"stages": ["seed"], "minimum": 1, "maximum": 2}, "ipr": "filed"}
NEED = {**PART, "round": {"stage": "seed", "amount": 1}}
CONTACT = {"name": "R", "email": "r@post.example", "language": "it"}
WHOLE_PROFILE = {**PROFILE, "topics": PART["topics"], "website": "https://esempio.example", "ateco": ["23.70"]}
APPLICATION = application(profile=WHOLE_PROFILE)
OCCASION = announcement(
    format="on-site",
    languages=["it"],
    special_tables=[{"number": 1, "kind": "shared", "member_id": None, "seats": 4, "label": "Sala"}],
    places=9,
    quotas=[{"kind": "sme", "most": 5}],
    requests_until="2027-03-12T08:00:00.000Z",
)
REASON = {"reason": "x"}


def sample_bodies(first: str, second: str, third: str) -> Mapping[str, Any]:
    """The bodies by method and path, about three members; what a side states is stated by the first."""
    interest = {"mode": "b2b", "by": first, "towards": second}
    by = {"by": first}
    registration = {
        "member_id": first,
        "unavailable": [2],
        "representatives": [{"id": "r1", "label": "Vendite"}],
        "attends": "on-site",
        "languages": ["it"],
        "most_meetings": 3,
        "min_break": 1,
        "preferences": [{"member_id": second, "wish": "meet"}],
        "fixed_table": False,
    }
    request = {**interest, "introduction_id": "i", "others": [third], "slot": 1, "table": 1, "representatives": {first: "r1"}}
    appointment = {**by, "slot": 1, "table": 1, "override_availability": False, "override_wishes": False}
    event, meeting = "/v1/brokerage-events/{id}", "/v1/meetings/{id}"
    registered = f"{event}/registrations/{{member}}"
    return {
        "POST /v1/brokerage-events": {**OCCASION, "id": "new", "draft": False},
        f"PUT {event}/draft": OCCASION,
        f"PUT {event}": OCCASION,
        f"PUT {event}/closed-tables": {"tables": [2]},
        f"POST {event}/registrations": registration,
        f"PUT {registered}/availability": {"unavailable": [2]},
        f"POST {registered}/check-in": {"code": "0" * 24},
        f"POST {event}/meetings": request,
        f"POST {event}/agenda": {"time_limit": 1.5, "repair": False, "minimise_gaps": False},
        f"POST {meeting}/accept": {**by, "representative": "r1"},
        f"POST {meeting}/cancel": {**by, **REASON},
        f"POST {meeting}/decline": {**by, **REASON},
        f"PUT {meeting}/appointment": appointment,
        f"POST {meeting}/held": {**by, "absent": [third]},
        f"POST {meeting}/missed": {**by, "absent": [second]},
        f"POST {meeting}/outcome": {**by, "outcome": "agreement", "value": 5, "on": "2026-03-12"},
        f"POST {meeting}/feedback": {**by, "rating": 5, "text": "x"},
        "POST /v1/answers": {"text": "sensors", "language": "en", "member": first},
        "POST /v1/interests": interest,
        "POST /v1/declines": {**interest, **REASON, "code": "other"},
        "POST /v1/withdrawals": interest,
        "POST /v1/members/import": {**APPLICATION, "offers": [OFFER], "needs": [NEED], "contact": CONTACT},
        "POST /v1/districts": DISTRICT,
        "POST /v1/members": APPLICATION,
        "POST /v1/members/{id}/refuse": REASON,
        "POST /v1/members/{id}/withdraw": REASON,
        "PUT /v1/members/{id}/profile": WHOLE_PROFILE,
        "POST /v1/members/{id}/offers": OFFER,
        "POST /v1/members/{id}/needs": NEED,
        "PUT /v1/members/{id}/contact": CONTACT,
    }
