"""The three technology priorities and their sub-topics, with labels in Italian and English.

A topic's id is `<priority>/<topic>`. Ids are published: a label may change, an id is never used again for another thing.
"""

from shared.contracts.base import LocalizedText


def _label(it: str, en: str) -> LocalizedText:
    return LocalizedText(it=it, en=en)


PRIORITIES: dict[str, LocalizedText] = {
    "ict-photonics": _label("ICT e fotonica", "ICT and photonics"),
    "smart-factory": _label("Fabbrica intelligente", "Smart factory"),
    "chemistry-nanotech": _label("Chimica e nanotecnologie", "Chemistry and nanotechnology"),
}

TOPICS: dict[str, LocalizedText] = {
    "ict-photonics/photonics": _label("Fotonica, laser e ottica", "Photonics, lasers and optics"),
    "ict-photonics/artificial-intelligence": _label("Intelligenza artificiale", "Artificial intelligence"),
    "ict-photonics/data-cloud": _label("Dati, software e cloud", "Data, software and cloud"),
    "ict-photonics/internet-of-things": _label("Elettronica e Internet delle cose", "Electronics and Internet of Things"),
    "ict-photonics/connectivity": _label("Reti e telecomunicazioni", "Networks and telecommunications"),
    "ict-photonics/cybersecurity": _label("Sicurezza informatica e blockchain", "Cybersecurity and blockchain"),
    "ict-photonics/earth-observation": _label("Spazio, osservazione della Terra e clima", "Space, Earth observation and climate"),
    "ict-photonics/digital-health": _label("Salute digitale e dispositivi medici", "Digital health and medical devices"),
    "ict-photonics/digital-heritage": _label(
        "Realtà virtuale, cultura e turismo digitali", "Virtual reality, digital culture and tourism"
    ),
    "smart-factory/robotics": _label("Robotica e meccatronica", "Robotics and mechatronics"),
    "smart-factory/automation": _label("Automazione e macchine avanzate", "Automation and advanced machinery"),
    "smart-factory/additive-manufacturing": _label("Manifattura additiva", "Additive manufacturing"),
    "smart-factory/digital-twin": _label("Simulazione e gemello digitale", "Simulation and digital twin"),
    "smart-factory/monitoring": _label(
        "Sensori, diagnostica e manutenzione predittiva", "Sensors, diagnostics and predictive maintenance"
    ),
    "smart-factory/energy-systems": _label("Sistemi energetici ed efficienza", "Energy systems and efficiency"),
    "smart-factory/circular-production": _label("Produzione circolare e sostenibile", "Circular and sustainable production"),
    "smart-factory/mobility-logistics": _label("Mobilità, trasporti e logistica", "Mobility, transport and logistics"),
    "smart-factory/design-work": _label("Progettazione, organizzazione e competenze", "Design, organisation and skills"),
    "chemistry-nanotech/nanomaterials": _label("Nanomateriali e grafene", "Nanomaterials and graphene"),
    "chemistry-nanotech/polymers-composites": _label("Polimeri, tessili e compositi", "Polymers, textiles and composites"),
    "chemistry-nanotech/surfaces-coatings": _label(
        "Superfici, metalli, ceramiche e rivestimenti", "Surfaces, metals, ceramics and coatings"
    ),
    "chemistry-nanotech/green-chemistry": _label("Chimica verde e bioeconomia", "Green chemistry and bioeconomy"),
    "chemistry-nanotech/energy-materials": _label(
        "Materiali per l'energia: batterie, idrogeno, solare", "Energy materials: batteries, hydrogen, solar"
    ),
    "chemistry-nanotech/pharma-biotech": _label("Farmaci e biotecnologie", "Pharmaceuticals and biotechnology"),
    "chemistry-nanotech/biomaterials": _label("Biomateriali e nanomedicina", "Biomaterials and nanomedicine"),
    "chemistry-nanotech/analysis": _label("Analisi chimica e biosensori", "Chemical analysis and biosensors"),
    "chemistry-nanotech/agri-food": _label("Agroalimentare e nutrizione", "Agri-food and nutrition"),
    "chemistry-nanotech/water-environment": _label(
        "Acqua, suolo e risanamento ambientale", "Water, soil and environmental remediation"
    ),
}


def priority_of(topic: str) -> str:
    """Return the priority id of a topic id: `ict-photonics/photonics` gives `ict-photonics`."""
    return topic.partition("/")[0]


def topics_of(priority: str) -> tuple[str, ...]:
    """Return the topic ids of one priority in their published order; empty when it is unknown."""
    return tuple(topic for topic in TOPICS if priority_of(topic) == priority)


def label(identifier: str, language: str) -> str:
    """Return the label of a priority or topic in `language` (`it` or `en`); KeyError when the id is unknown."""
    return (TOPICS.get(identifier) or PRIORITIES[identifier]).in_(language)
