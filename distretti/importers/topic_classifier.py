"""Classifies an Italian or English text into the taxonomy's topics by keywords.

A keyword is the beginning of a word, without accents; one that ends in `!` is a whole word.
"""

import re
from collections.abc import Mapping

from distretti.importers.import_line import fold

TOPIC_WORDS: dict[str, tuple[str, ...]] = {
    "ict-photonics/photonics": (
        "photonic", "fotonic", "laser", "optic", "ottic", "optoelectr", "spectral imag", "hyperspectral", "iperspettr",
        "infrared", "lidar", "quantum", "quantist", "led!",
    ),
    "ict-photonics/artificial-intelligence": (
        "artificial intelligence", "intelligenza artificiale", "machine learning", "deep learning", "neural network",
        "reti neurali", "ai!", "computer vision", "machine vision", "natural language", "knowledge graph", "chatbot",
        "decision support", "decision intelligence", "predictive model", "algoritm", "algorithm",
    ),
    "ict-photonics/data-cloud": (
        "big data", "cloud", "software", "saas!", "database", "data management", "data infrastructure",
        "e-infrastructure", "linked data", "open source", "high performance comput", "hpc!", "platform", "piattaform",
        "app!", "digitalis", "digitalizz", "digitization", "digitisation", "data analy", "data mining", "edge comput",
    ),
    "ict-photonics/internet-of-things": (
        "internet of things", "internet delle cose", "iot!", "embedded", "microelectronic", "electronic", "elettronic",
        "semiconduct", "cyber-physical", "smart object", "wearable", "indossabil", "mems!", "smart city", "domotic",
    ),
    "ict-photonics/connectivity": (
        "5g!", "6g!", "broadband", "telecom", "wireless", "sdn!", "future internet", "antenna", "radar",
        "network function", "optical network", "radio frequency", "radiofrequenz",
    ),
    "ict-photonics/cybersecurity": (
        "cybersecur", "cyber secur", "cybercrim", "sicurezza informatica", "encrypt", "cryptograph", "crittogra",
        "blockchain", "distributed ledger", "privacy", "speaker identification", "authentication", "traceability",
        "tracciabil", "anti-counterfeit", "anticontraffaz",
    ),
    "ict-photonics/earth-observation": (
        "earth observation", "osservazione della terra", "satellit", "copernicus", "remote sensing", "telerilevament",
        "spacecraft", "space station", "aerospace", "aerospazi", "meteorolog", "climate model", "drone", "uav!", "gis!",
        "gravitational wave", "astrophys", "galileo!", "gnss!",
    ),
    "ict-photonics/digital-health": (
        "ehealth", "e-health", "mhealth", "telemedicin", "digital health", "medical device", "dispositivi medici",
        "healthtech", "patient", "pazient", "clinical", "clinic", "rehabilit", "riabilitaz", "prosthe", "protes",
        "surgic", "surgery", "chirurg", "diagnostic imaging", "active ageing", "assisted living", "neurodegenerat",
        "physiolog", "medical imag",
    ),
    "ict-photonics/digital-heritage": (
        "cultural heritage", "beni culturali", "patrimonio culturale", "museum", "musei", "museo", "archaeolog",
        "archeolog", "virtual reality", "augmented reality", "realta virtuale", "realta aumentata", "touris", "turis",
        "gaming", "videogame", "immersive",
    ),
    "smart-factory/robotics": (
        "robot", "mechatronic", "meccatronic", "exoskeleton", "esoscheletr", "grasping", "manipulation",
        "autonomous vehicle", "actuator", "attuator",
    ),
    "smart-factory/automation": (
        "automation", "automazione", "automated", "smart factor", "industry 4", "industria 4", "manufactur",
        "manifattur", "machinery", "macchinari", "mechanical", "meccanic", "plc!", "production process",
        "production optimi", "injection mold", "machine tool",
    ),
    "smart-factory/additive-manufacturing": (
        "additive manufact", "manifattura additiva", "3d print", "stampa 3d", "selective laser melting", "bioprint",
    ),
    "smart-factory/digital-twin": (
        "digital twin", "gemello digitale", "gemelli digitali", "simulation", "simulazion", "multiphysics",
        "computational fluid", "bim!", "hbim!", "finite element",
    ),
    "smart-factory/monitoring": (
        "predictive maintenance", "manutenzione predittiva", "sensor", "monitoring", "monitoraggio", "fault detect",
        "non-destructive", "non distruttiv", "structural health", "quality control", "controllo qualita", "inspection",
        "ispezion",
    ),
    "smart-factory/energy-systems": (
        "energy efficien", "efficienza energetica", "smart grid", "energy management", "geotherm", "geoterm",
        "heat pump", "pompe di calore", "power plant", "hvdc", "turbine", "turbin", "cogenerat", "wind energy",
        "wave energy", "energy communit", "comunita energetic", "energy saving", "energy system", "energy storage",
        "low carbon energy", "renewable", "rinnovabil", "district heating",
    ),
    "smart-factory/circular-production": (
        "circular econom", "economia circolare", "circularity", "circular design", "recycl", "ricicl", "waste",
        "rifiut", "scart", "reuse", "riuso", "eco-innovation", "eco-design", "life cycle assessment", "upcycl",
        "secondary raw material", "remanufactur", "esg!",
    ),
    "smart-factory/mobility-logistics": (
        "mobility", "mobilita", "transport", "trasport", "logistic", "vehicle", "veicol", "automotive", "railway",
        "ferrovi", "aircraft", "aviation", "avionic", "shipping", "naval", "navale", "port!", "ports!", "porti!",
        "traffic", "electric motor", "container",
    ),
    "smart-factory/design-work": (
        "design thinking", "industrial design", "product design", "business model", "workplace", "worker", "lavorator",
        "skills", "competenze", "training course", "coaching", "organisational innovation", "crowdsourc",
        "open innovation", "e-learning", "social impact",
    ),
    "chemistry-nanotech/nanomaterials": (
        "nano", "graphene", "grafene", "quantum dot", "supramolecul", "carbon nanotube", "2d material",
    ),
    "chemistry-nanotech/polymers-composites": (
        "polymer", "polimer", "plastic", "composite", "compositi", "textile", "tessil", "fibre!", "fibres", "fiber",
        "rubber", "gomma", "leather", "tanning", "concia", "conceri", "packaging", "bamboo", "resin",
    ),
    "chemistry-nanotech/surfaces-coatings": (
        "coating", "rivestiment", "surface treatment", "thin film", "film sottili", "ceramic", "corrosion", "metallurg",
        "alloy", "steel", "acciai", "welding", "saldatur", "glass", "crystal", "cristall", "marble", "marmo",
        "stone!", "cement", "concrete", "mineral", "clay",
    ),
    "chemistry-nanotech/green-chemistry": (
        "green chemistr", "chimica verde", "bio-based", "biobased", "bioeconom", "biomass", "biogas", "biomethane",
        "biofuel", "biorefin", "bioraffin", "fermentat", "enzym", "microalga", "catalys", "ferment", "biochar",
    ),
    "chemistry-nanotech/energy-materials": (
        "batter", "hydrogen", "idrogeno", "fuel cell", "celle a combustibile", "electroly", "elettroli", "photovolt",
        "fotovolt", "solar", "perovskite", "supercapacitor", "thermal energy storage", "superconduct",
    ),
    "chemistry-nanotech/pharma-biotech": (
        "vaccin", "drug", "farmac", "pharma", "biotech", "gene therap", "cell therap", "therap", "terapi", "cancer",
        "oncolog", "tumor", "immun", "antibod", "anticorp", "genom", "protein", "molecular biolog", "rna!", "mrna!",
        "bacteri", "antimicrob", "stem cell", "disease", "malatti", "receptor", "nmr!", "structural biology",
    ),
    "chemistry-nanotech/biomaterials": (
        "biomaterial", "tissue engineering", "scaffold", "regenerative medic", "medicina rigenerativa", "bone graft",
        "implant", "nanomedicin", "drug deliver", "wound", "hydrogel", "organ-on", "biocompatib",
    ),
    "chemistry-nanotech/analysis": (
        "biosensor", "biomarker", "spectroscop", "spettroscop", "chromatograph", "cromatograf", "mass spectrom",
        "lab-on-a-chip", "analytical", "microfluidic", "assay", "in-vitro diagnostic", "contaminant", "toxic",
        "microscop",
    ),
    "chemistry-nanotech/agri-food": (
        "agri-food", "agrifood", "agroaliment", "agricult", "agricolt", "agritech", "foodtech", "food", "aliment",
        "nutrition", "nutriz", "nutraceut", "crop", "coltur", "farm!", "farms!", "farming", "livestock", "fisher",
        "olive", "vineyard", "wine!", "dairy", "seed diversity", "agrobiodivers",
    ),
    "chemistry-nanotech/water-environment": (
        "water", "acqua", "acque", "soil", "suolo", "remediation", "bonifica", "pollution", "inquinament",
        "microplastic", "air quality", "qualita dell'aria", "ecosystem", "biodivers", "aquifer", "forest", "forestal",
        "emission", "environmental monitoring", "marine environment",
    ),
}  # fmt: skip


def word_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern that finds `words` in a folded text."""
    parts = (re.escape(word[:-1]) + r"\b" if word.endswith("!") else re.escape(word) for word in words)
    return re.compile(r"\b(?:" + "|".join(parts) + ")")


def count_words(patterns: Mapping[str, re.Pattern[str]], text: str) -> dict[str, int]:
    """Return how many different words of each pattern occur in `text`, leaving out the ones without any."""
    folded = fold(text)
    counts = {key: len(set(pattern.findall(folded))) for key, pattern in patterns.items()}
    return {key: count for key, count in counts.items() if count}


_PATTERNS = {topic: word_pattern(words) for topic, words in TOPIC_WORDS.items()}


def find_topics(text: str, limit: int = 4) -> tuple[str, ...]:
    """At most `limit` topic ids of `text`, by number of matching words, ties in the taxonomy's order."""
    counts = count_words(_PATTERNS, text)
    return tuple(sorted(counts, key=lambda topic: -counts[topic])[:limit])
