"""Classifies an organisation into the eight districts by its own description.

First by words of the districts' themes; where none occurs, by the district nearest to its topics; where it has no
topic either, by a default. None of the eight is about ICT alone, so those guesses are the weakest.
"""

from collections import Counter
from collections.abc import Iterable

from distretti.importers.topic_classifier import count_words, word_pattern
from shared.contracts.taxonomy import priority_of

DISTRICT_WORDS: dict[str, tuple[str, ...]] = {
    "fashion": (
        "fashion", "moda!", "textile", "tessil", "cloth", "abbigliament", "garment", "leather", "pelle!", "pelletter",
        "tanning", "conceri", "footwear", "shoe", "calzatur", "jewel", "gioiell", "orefic", "luxury", "yarn", "knitwear",
        "wool!", "fabrics",
    ),
    "interiors-design": (
        "furniture", "furnish", "arredo", "arredament", "mobile e dell", "interior", "industrial design", "architect",
        "architett", "lighting", "cultural heritage", "beni culturali", "museum", "archaeolog", "building design",
        "home automation", "domotic", "touris",
    ),
    "marble": ("marble", "marmo", "stone!", "stones!", "pietre", "pietra", "quarry", "cave di", "mining", "granite"),
    "life-sciences": (
        "medic", "health", "salute", "sanita", "pharma", "farmac", "drug", "vaccin", "biotech", "therap", "terapi",
        "clinic", "patient", "pazient", "disease", "cancer", "surg", "chirurg", "hospital", "ospedal", "diagnos",
        "biolog", "genom", "rehabilit", "biomark", "prosthe", "ortoped", "neuro", "molecular", "biomed", "tissue",
    ),
    "new-materials": (
        "nano", "graphene", "polymer", "composite", "coating", "ceramic", "advanced material", "nuovi materiali",
        "plastic", "semiconduct", "photonic", "crystal", "alloy", "additive manufact", "3d print", "superconduct",
        "quantum",
    ),
    "nautical-ports": (
        "nautic", "yacht", "boat", "ship!", "ships!", "shipping", "naval", "navale", "marine", "maritim", "marittim",
        "harbour", "ports!", "port!", "underwater", "offshore", "ocean", "coast", "fisher", "pesca!", "sea!", "vessel",
    ),
    "railways": (
        "railway", "ferrovi", "train!", "trains!", "rolling stock", "tramway", "transport", "trasport", "mobility",
        "mobilita", "vehicle", "veicol", "automotive", "traffic", "logistic", "aerospace", "aircraft", "aviation",
    ),
    "energy-green": (
        "energy", "energi", "geotherm", "geoterm", "renewable", "rinnovabil", "solar", "photovolt", "hydrogen",
        "idrogeno", "biogas", "biomass", "circular econom", "recycl", "waste", "rifiut", "environmental", "ambiental",
        "climate", "agricult", "agricol", "agroforest", "forest", "water", "biodivers", "agri-food",
        "soil", "farm",
    ),
}  # fmt: skip

TOPIC_DISTRICT: dict[str, str] = {
    "ict-photonics/digital-health": "life-sciences",
    "ict-photonics/digital-heritage": "interiors-design",
    "ict-photonics/earth-observation": "energy-green",
    "ict-photonics/connectivity": "railways",
    "smart-factory/energy-systems": "energy-green",
    "smart-factory/circular-production": "energy-green",
    "smart-factory/mobility-logistics": "railways",
    "chemistry-nanotech/pharma-biotech": "life-sciences",
    "chemistry-nanotech/biomaterials": "life-sciences",
    "chemistry-nanotech/analysis": "life-sciences",
    "chemistry-nanotech/green-chemistry": "energy-green",
    "chemistry-nanotech/energy-materials": "energy-green",
    "chemistry-nanotech/agri-food": "energy-green",
    "chemistry-nanotech/water-environment": "energy-green",
}
PRIORITY_DISTRICT: dict[str, str] = {
    "ict-photonics": "new-materials",
    "smart-factory": "interiors-design",
    "chemistry-nanotech": "new-materials",
}
LAST_RESORT = "interiors-design"

_PATTERNS = {district: word_pattern(words) for district, words in DISTRICT_WORDS.items()}


def find_districts(text: str, topics: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """Return one to `limit` district ids, the best guess first.

    Besides the best one, districts with at least half as many matching words are returned.
    """
    counts = Counter(count_words(_PATTERNS, text)) or Counter(_nearest(topic) for topic in topics)
    if not counts:
        return (LAST_RESORT,)
    ranked = counts.most_common(limit)
    return tuple(district for district, count in ranked if 2 * count >= ranked[0][1])


def _nearest(topic: str) -> str:
    return TOPIC_DISTRICT.get(topic) or PRIORITY_DISTRICT[priority_of(topic)]
