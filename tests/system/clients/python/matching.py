"""List a member's introductions, by the models generated from matching's document."""

import json
import sys

from connection import connect
from generated.matching import PageIntroductionAnswer

with connect() as http:
    answer = http.get("/v1/members/m1/introductions").raise_for_status()
    page = PageIntroductionAnswer.model_validate_json(answer.content)
    partners: list[str] = [introduction.id for introduction in page.items]
    sys.stdout.write(json.dumps([partners, page.next]))
