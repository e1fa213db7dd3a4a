"""The topic catalogue: one topic per aggregate kind, keyed by aggregate id, made from here alone."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.contracts import events, matching, notifications, registry
from shared.contracts.base import DomainEvent


@dataclass(frozen=True)
class Topic:
    """A topic: its events, its partitions (fixed for life: keys would move), who may read it."""

    name: str
    events: tuple[type[DomainEvent], ...]
    partitions: int
    readers: tuple[str, ...]
    compacted: bool = False
    """Personal data lives on compacted topics: each event is the whole state, older ones vanish."""

    @property
    def settings(self) -> dict[str, str]:
        """Kafka's settings: kept for ever, or compacted within two days so that erasure works."""
        if not self.compacted:
            return {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
        day = "86400000"
        return {"cleanup.policy": "compact", "max.compaction.lag.ms": day, "segment.ms": day}

    @property
    def producer(self) -> str:
        """The one service that writes this topic."""
        return self.name.partition(".")[0]


DISTRICTS = Topic("registry.districts", (registry.DistrictOpened,), 1, ("matching", "events", "notifications"))
MEMBERS = Topic(
    "registry.members",
    (
        registry.MemberApplied,
        registry.MemberApproved,
        registry.MemberRefused,
        registry.MemberProfileRevised,
        registry.MemberWithdrawn,
        registry.OfferPublished,
        registry.OfferWithdrawn,
        registry.NeedPublished,
        registry.NeedWithdrawn,
    ),
    12,
    ("matching", "events", "notifications"),
)
CONTACTS = Topic("registry.contacts", (registry.ContactRecorded,), 6, ("events", "notifications"), compacted=True)
INTRODUCTIONS = Topic(
    "matching.introductions",
    (
        matching.InterestExpressed,
        matching.InterestDeclined,
        matching.InterestWithdrawn,
        matching.DeclineWithdrawn,
        matching.IntroductionMade,
    ),
    12,
    ("events", "matching", "notifications"),
)
BROKERAGE = Topic(
    "events.brokerage",
    (
        events.BrokerageEventAnnounced,
        events.BrokerageEventDrafted,
        events.BrokerageEventCorrected,
        events.RegistrationOpened,
        events.RegistrationClosed,
        events.BrokerageEventStarted,
        events.TablesClosed,
        events.BrokerageEventClosed,
    ),
    3,
    ("matching", "notifications"),
)
REGISTRATIONS = Topic(
    "events.registrations",
    (
        events.ParticipantRegistered,
        events.ParticipantPutOnStandby,
        events.ParticipantWithdrew,
        events.AvailabilityChanged,
        events.ParticipantCheckedIn,
        events.CheckInUndone,
        events.RequestsExpired,
    ),
    6,
    ("matching", "notifications"),
)
MEETINGS = Topic(
    "events.meetings",
    (
        events.MeetingRequested,
        events.MeetingAccepted,
        events.MeetingJoined,
        events.MeetingDeclined,
        events.MeetingExpired,
        events.MeetingCancelled,
        events.AppointmentProposed,
        events.AppointmentMade,
        events.AppointmentDropped,
        events.MeetingHeld,
        events.MeetingMissed,
        events.OutcomeRecorded,
        events.FeedbackGiven,
    ),
    6,
    ("matching", "notifications"),
)
AGENDAS = Topic("events.agendas", (events.AgendaPublished,), 3, ("events", "matching", "notifications"))
DELIVERIES = Topic("notifications.deliveries", (notifications.MessageSent, notifications.MessageFailed), 12, ())

CATALOGUE: Final = (
    DISTRICTS,
    MEMBERS,
    CONTACTS,
    INTRODUCTIONS,
    BROKERAGE,
    REGISTRATIONS,
    MEETINGS,
    AGENDAS,
    DELIVERIES,
)
EVENT_TYPES: Final = MappingProxyType({kind.TYPE: kind for topic in CATALOGUE for kind in topic.events})
