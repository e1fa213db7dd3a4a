"""The small pools of ids that acts draw from, so that they meet each other."""

from hypothesis import strategies as st

DISTRICTS = ("marble", "fashion")
MEMBERS = ("m1", "m2", "m3")
EVENTS = ("e1", "e2")
OFFERS = ("o1", "o2", "n1")
TOPICS = ("ict-photonics/photonics", "smart-factory/robotics", "smart-factory/no-such")

district_ids = st.sampled_from(DISTRICTS)
member_ids = st.sampled_from(MEMBERS)
event_ids = st.sampled_from(EVENTS)
part_ids = st.sampled_from(OFFERS)
