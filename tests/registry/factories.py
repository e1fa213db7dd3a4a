"""A district and an application as they are sent over HTTP."""

DISTRICT = {"id": "marble", "name": {"it": "Marmo", "en": "Marble"}, "theme": {"it": "Pietre", "en": "Stones"}}
PROFILE = {"summary": "Taglio", "language": "it", "topics": [], "website": None, "ateco": []}


def application(**changes: object) -> dict[str, object]:
    return {
        "name": "Esempio Marmi s.r.l.",
        "kind": "sme",
        "identifiers": [{"scheme": "vat", "value": "IT00743110157"}],
        "districts": ["marble"],
        "place": {"country": "IT", "nuts3": "ITI11", "city": "Carrara"},
        "profile": {"summary": "Taglio di precisione", "language": "it", "topics": []},
        **changes,
    }
