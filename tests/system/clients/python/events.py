"""List brokerage events, by the models generated from the events' document."""

import json
import sys

from connection import connect
from generated.events import PageBrokerageEventAnswer

with connect() as http:
    answer = http.get("/v1/brokerage-events", params={"limit": 10}).raise_for_status()
    page = PageBrokerageEventAnswer.model_validate_json(answer.content)
    titles: list[str] = [event.title.en for event in page.items]
    sys.stdout.write(json.dumps([titles, page.next]))
