"""Commands of every service as acts in a world, made from the models their APIs take."""

from services.events.agenda.aggregate import AGENDA
from services.events.brokerage.aggregate import BROKERAGE
from services.events.meeting.aggregate import MEETING
from services.events.registration.aggregate import REGISTRATION
from services.matching.introduction.aggregate import INTRODUCTION
from services.notifications.mail.aggregate import DELIVERY
from services.registry.contact.aggregate import CONTACT
from services.registry.district.aggregate import DISTRICT
from services.registry.member.aggregate import MEMBER
from tests.system.properties.commands.brokerage_events import brokerage_acts, registration_acts
from tests.system.properties.commands.deliveries import delivery_acts
from tests.system.properties.commands.matching import introduction_acts
from tests.system.properties.commands.meetings import agenda_acts, meeting_acts
from tests.system.properties.commands.registry import contact_acts, district_acts, member_acts

ACTS = {
    DISTRICT.topic.name: district_acts(),
    MEMBER.topic.name: member_acts(),
    CONTACT.topic.name: contact_acts(),
    INTRODUCTION.topic.name: introduction_acts(),
    BROKERAGE.topic.name: brokerage_acts(),
    REGISTRATION.topic.name: registration_acts(),
    MEETING.topic.name: meeting_acts(),
    AGENDA.topic.name: agenda_acts(),
    DELIVERY.topic.name: delivery_acts(),
}
"""Acts by the topic of the aggregate they are on."""
