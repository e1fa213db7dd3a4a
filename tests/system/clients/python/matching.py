"""Read an introduction that does not exist, by the models generated from matching's document."""

import json
import sys

from connection import connect
from generated.matching import Problem

with connect() as http:
    problem = Problem.model_validate_json(http.get("/v1/introductions/none").content)
    status: int = problem.status
    sys.stdout.write(json.dumps([problem.type, status]))
