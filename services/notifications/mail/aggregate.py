"""The aggregate of mails: deliveries."""

from services.notifications.mail.rules import Delivery, evolve_delivery
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

DELIVERY = Aggregate("delivery", topics.DELIVERIES, "deliveries", evolve_delivery, state=Delivery)
