"""The words that names may not use, and what to write instead. The project's glossary stands in CONTRIBUTING.md."""

from dataclasses import dataclass

# Refused as a whole name, underscores, case and PREFIXES aside: `told`, `_told`, `is_told`, `TOLD`; not `told_members`.
_PRONOUNS = """
    one ones other others another mine ours theirs yours his hers it this that these those they them
    who whom whose what which why how where
    something anything nothing everything somebody anybody nobody everybody someone anyone everyone
    some both each many few most such
"""
_ADVERBS = "here there again anyway away apart together"
_PARTICIPLES = "found told said kept asked heard wanted owed gone came come given taken known shown"
_VERBS = "tell tells telling say says ask asks asking hear hears hearing"
PRONOUNS, ADVERBS, PARTICIPLES, VERBS = (frozenset(words.split()) for words in (_PRONOUNS, _ADVERBS, _PARTICIPLES, _VERBS))
PREFIXES = frozenset(["is", "has", "was", "are", "the"])


@dataclass(frozen=True, slots=True)
class Retired:
    """A retired word (words are separated by spaces) and its successor.

    `prose`: refused in docstrings, comments and names of tests too. `whole`: refused as a whole name only.
    `kinds`: refused in these kinds of names only. `within`: refused below these paths only.
    """

    word: str
    instead: str
    prose: bool = False
    whole: bool = False
    kinds: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


_EVENTS = ("services/events", "tests/events")
_MATCHING = ("services/matching", "tests/matching")
_BENCHMARKS = ("benchmarks",)
_CLASS = ("class", "alias")

RETIRED = (
    # The chassis and its operators.
    Retired("lane", "stream (topic and key)", prose=True),
    Retired("lanes", "streams (topic and key)", prose=True),
    Retired("parked", "dead letter", prose=True),
    Retired("parking", "dead letters", prose=True),
    Retired("waiting room", "held events", prose=True),
    Retired("waiting rooms", "held events", prose=True),
    Retired("waits at once", "max_long_polls"),
    Retired("handover", "relay cache", prose=True),
    Retired("hand over", "relay cache"),
    Retired("stranger", "orphan (in a rebuild); outsider (a person)"),
    Retired("strangers", "orphans (in a rebuild); outsiders (people)"),
    Retired("takeover", "cutover", prose=True),
    Retired("footprint", "lineage"),
    Retired("refold", "shadow fold"),
    Retired("refolds", "shadow fold"),
    Retired("refolded", "shadow fold"),
    Retired("refolding", "shadow fold"),
    Retired("gate", "ReadOnlyMode (a service); ConcurrencyLimit (HTTP)"),
    Retired("drill", "chaos test; only the command is `distretti drill`"),
    Retired("journey", "demo", prose=True),
    Retired("watch", "progress listener", whole=True, kinds=_CLASS),
    # Brokerage events.
    Retired("upkeep", "periodic jobs: jobs/periodic_jobs", prose=True),
    Retired("duty", "Job"),
    Retired("duties", "jobs"),
    Retired("hand", "JobContext", whole=True, kinds=_CLASS),
    Retired("at each", "for_each"),
    Retired("called off", "cancelled", prose=True),
    Retired("call off", "cancel; cancel_appointments_of_withdrawn", prose=True),
    Retired("sign off", "withdraw_former_members"),
    Retired("off since", "cancelled_at"),
    Retired("move up", "promote"),
    Retired("away from", "no_shows", within=_EVENTS),
    Retired("hinders", "obstacle", prose=True),
    Retired("draft", "ProblemBuilder", whole=True, kinds=_CLASS),
    Retired("chance", "AppointmentContext", whole=True, kinds=_CLASS),
    Retired("facts", "MeetingContext", whole=True, kinds=_CLASS),
    Retired("turns", "calendar_sequence", within=_EVENTS),
    Retired("anyway", "override_availability"),
    Retired("enough", "stop (a computation)", whole=True),
    Retired("walks", "table_changes"),
    Retired("idle", "minimise_gaps", whole=True, kinds=("field",), within=_EVENTS),
    Retired("floors", "bounds (of a search); baselines (of a benchmark)"),
    Retired("rings", "neighbourhoods", within=_EVENTS),
    Retired("polish", "annealing", within=_EVENTS),
    Retired("vacancies", "openings", within=_EVENTS),
    Retired("wish", "SolverOptions, or what is wished for", whole=True, kinds=_CLASS),
    Retired("standing", "cancellations, or the state's own noun", whole=True, kinds=_CLASS),
    # Matching and notifications.
    Retired("burst", "batch", within=_MATCHING),
    Retired("thaw", "restore", within=_MATCHING),
    Retired("freeze", "snapshot", within=_MATCHING),
    Retired("dealings", "interactions"),
    Retired("dealing", "interaction"),
    Retired("closings", "meetings_held"),
    Retired("recomputing", "verification"),
    Retired("telling", "NotificationRule"),
    Retired("tellings", "RULES"),
    # Benchmarks.
    Retired("ground", "fixture", within=_BENCHMARKS),
    Retired("ends", "latency endpoints", whole=True, kinds=("class", "alias", "module"), within=_BENCHMARKS),
    Retired("crowd", "synthetic members", within=_BENCHMARKS),
)

# Refused in docstrings and comments beside the retired words marked so.
PHRASES = {
    "laid aside": "held",
    "lay aside": "hold",
    "lays aside": "holds",
    "comes to rest": "quiescence: becomes quiescent",
    "come to rest": "quiescence: become quiescent",
    "came to rest": "quiescence: became quiescent",
    "hand-over": "relay cache",
}
