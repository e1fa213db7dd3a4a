"""Read the statistics, by the models generated from notifications' document."""

import json
import sys

from connection import connect
from generated.notifications import Statistics

with connect() as http:
    statistics = Statistics.model_validate_json(http.get("/v1/statistics").raise_for_status().content)
    queued: int = statistics.queued
    sys.stdout.write(json.dumps([statistics.messages, queued]))
