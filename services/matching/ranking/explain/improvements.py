"""Why a suggestion does not score higher, and what change to the profile would raise it."""

from collections.abc import Mapping, Set
from functools import lru_cache

from services.matching.ranking.explain.sentences import Bilingual

# By feature: the shortcoming, and what a member can do about it, None where it can do nothing. Facilities are left out: few
# have or need one, so their absence is no shortcoming.
SHORTCOMINGS: Mapping[str, tuple[Bilingual, Bilingual | None]] = {
    "their_offer": (
        ("Nessuna loro offerta risponde appieno alle vostre esigenze.", "No offer of theirs fully answers your needs."),
        ("Descrivete meglio ciò che cercate, o aggiungete un'esigenza.", "Describe what you look for more closely, or add a need."),
    ),
    "our_offer": (
        ("Nessuna vostra offerta risponde appieno alle loro esigenze.", "No offer of yours fully answers their needs."),
        ("Pubblicate un'offerta nel campo di cui hanno bisogno.", "Publish an offer in the field they have needs in."),
    ),
    "research_for_need": (
        ("La ricerca offerta risponde solo in parte all'esigenza.", "The research offered answers the need only in part."),
        ("Precisate l'esigenza o l'offerta di ricerca.", "State the need, or the research offered, more precisely."),
    ),
    "firm_for_research": (
        ("Ciò che l'impresa fa non serve, o poco, alla ricerca.", "What the firm makes serves the research little or not at all."),
        None,
    ),
    "field": (
        ("I campi di attività sono vicini solo in parte.", "The fields of work are near only in part."),
        ("Descrivete meglio la vostra attività nel profilo.", "Describe your work more fully in your profile."),
    ),
    "sector": (
        ("Il settore degli investimenti è vicino solo in parte.", "The sector invested in is near only in part."),
        ("Nominate i settori nel profilo o nell'offerta.", "Name the sectors in your profile or offer."),
    ),
    "topics": (
        ("Pochi temi in comune.", "Few topics in common."),
        ("Aggiungete al profilo i temi che mancano.", "Add the topics that are missing to your profile."),
    ),
    "maturity": (
        ("I livelli di maturità (TRL) sono lontani o non indicati.", "The readiness levels (TRL) are far apart or not stated."),
        ("Indicate il TRL di offerte ed esigenze.", "State the TRL of offers and needs."),
    ),
    "stage": (
        ("La fase non è tra quelle dell'operatore, o non è indicata.", "The stage is not among the operator's, or is not stated."),
        ("Indicate la fase.", "State the stage."),
    ),
    "ticket": (
        (
            "L'importo è fuori dai limiti dell'operatore, o non è indicato.",
            "The amount is out of the operator's range, or not stated.",
        ),
        ("Indicate l'importo.", "State the amount."),
    ),
    "experience": (("L'operatore ha pochi investimenti noti.", "The operator has few known investments."), None),
    "together": (("Non avete ancora lavorato insieme.", "You have not worked together yet."), None),
    "place": (("Siete in luoghi diversi.", "You are in different places."), None),
    "supply_chain": (
        ("I codici ATECO non dicono una filiera, o mancano.", "The ATECO codes tell of no supply chain, or are missing."),
        ("Indicate i codici ATECO nel profilo.", "State the ATECO codes in your profile."),
    ),
    "rights": (
        ("La ricerca offerta non ha brevetti, o non è detto.", "The research offered has no patent, or does not say so."),
        ("Indicate i brevetti delle offerte di ricerca.", "State the patents of research offers."),
    ),
    "seldom_shown": (("È già proposto a molti altri.", "It is already suggested to many others."), None),
    "size": (("Siete di dimensioni simili.", "You are of a similar size."), None),
}
COLLABORATION_FEATURES = frozenset({"experience", "together"})
"""Features that rest on collaborations: where none is known, they say nothing about a pair."""
MAX_NAMED = 2
NEGLIGIBLE = 0.005


def improvements(
    weights: Mapping[str, float], features: Mapping[str, float], unknown: Set[str] = frozenset()
) -> tuple[Bilingual, Bilingual]:
    """Explain why a pair does not score higher, and what would raise it: the `MAX_NAMED` features that lack most.

    Features are 0 to 1; those in `unknown` are not mentioned. Empty texts where nothing is lacking, or nothing can be done.
    """
    named = [name for name in weights if name in SHORTCOMINGS and name not in unknown]
    lacking = [(-weights[name] * (1.0 - features[name]), name) for name in named]
    return _texts(tuple(name for lack, name in sorted(lacking) if lack < -NEGLIGIBLE))


@lru_cache(maxsize=10_000)
def _texts(order: tuple[str, ...]) -> tuple[Bilingual, Bilingual]:
    """Give the texts for the features that lack, most first. Cached: the same orders recur all the time."""
    why_not = [SHORTCOMINGS[name][0] for name in order[:MAX_NAMED]]
    advice = [text for name in order if (text := SHORTCOMINGS[name][1])][:MAX_NAMED]
    return _joined(why_not), _joined(advice)


def _joined(texts: list[Bilingual]) -> Bilingual:
    return " ".join(it for it, _ in texts), " ".join(en for _, en in texts)
