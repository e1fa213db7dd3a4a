"""Open a district, by the models generated from the registry's document."""

import json
import sys

from connection import connect
from generated.registry import DistrictOpening, LocalizedText, OpenedDistrict

with connect() as http:
    opening = DistrictOpening(
        id="marble", name=LocalizedText(it="Marmo", en="Marble"), theme=LocalizedText(it="Pietre", en="Stones")
    )
    answer = http.post("/v1/districts", json=opening.model_dump(mode="json")).raise_for_status()
    district = OpenedDistrict.model_validate_json(answer.content)
    version: int = district.version
    sys.stdout.write(json.dumps([district.id, district.name.en, version]))
