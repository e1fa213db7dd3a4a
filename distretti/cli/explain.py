"""`distretti explain`: why a partner is suggested to a member, or why not, recomputed from stored evidence."""

import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from distretti.cli.errors import exit_on_error
from distretti.cli.options import DEFAULT_DATA_DIR, DataDir
from distretti.devstack.errors import LocalError
from shared.contracts.base import Language
from shared.contracts.matching import Mode

if TYPE_CHECKING:
    from shared.chassis.config import Settings

LABELS = {
    "it": {
        "place": "Posto nella lista",
        "why": "Perché",
        "why_not": "Perché non più in alto",
        "raise": "Che cosa lo alzerebbe",
        "passages": "Passi che combaciano",
    },
    "en": {
        "place": "Place in the list",
        "why": "Why",
        "why_not": "Why not higher",
        "raise": "What would raise it",
        "passages": "Passages that match",
    },
}
TEXT_FIELDS = {"why": "reasons", "why_not": "shortcomings", "raise": "advice"}
NO_EVIDENCE = {
    "it": "Tra i due non c'è nulla che la regola veda: nessuna offerta risponde a un'esigenza, nessun tema in comune.",
    "en": "There is nothing between the two that a rule sees: no offer answers a need, no topic in common.",
}

DECLINED = {
    "it": "Il membro l'ha rifiutato ({reason}): non compare più nella sua lista, finché non esprime interesse o ritira il rifiuto.",
    "en": "The member declined it ({reason}): its list has it no more, until it expresses interest or takes the decline back.",
}


def explain(
    member: Annotated[str, typer.Argument(help="The member whose list it is.")],
    partner: Annotated[str, typer.Argument(help="The partner.")],
    mode: Annotated[Mode | None, typer.Option(help="Only where this is the mode between the two.")] = None,
    language: Annotated[Language, typer.Option(help="it or en.")] = "it",
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON alone, with both languages.")] = False,
) -> None:
    """Show the score of each feature, the matching passages, why not higher and what would raise it."""
    from distretti.devstack.state_file import find_running

    with exit_on_error():
        explanation = asyncio.run(load_explanation(find_running(data_dir.resolve()).settings(), member, partner))
        if mode and explanation["suggestion"] and explanation["suggestion"]["mode"] != mode:
            raise LocalError(f"Between these two the mode is {explanation['suggestion']['mode']}.")
    if as_json:
        typer.echo(json.dumps(explanation, indent=2, ensure_ascii=False))
    else:
        show(Console(), explanation, language)


async def load_explanation(settings: "Settings", member: str, partner: str) -> dict[str, Any]:
    """Explain a pair in both languages. Raises LocalError where a member is unknown, not ranked yet, or named twice."""
    from services.matching.shortlist.verification import NotRanked
    from services.matching.shortlist.verification import explain as recompute_explanation
    from shared.chassis.mongo import Mongo

    if member == partner:
        raise LocalError("A member is never suggested to itself: name two members.")
    mongo = Mongo(settings.mongo_url, settings.named("matching"), settings.mongo_timeout)
    try:
        explanation = asdict(await recompute_explanation(mongo, member, partner))
        suggestion = explanation["suggestion"] and _with_texts(explanation["suggestion"])
        return {"member": member, "partner": partner, **explanation, "suggestion": suggestion}
    except KeyError as unknown:
        raise LocalError(f"{unknown.args[0]} is no approved member known to matching.") from None
    except NotRanked:
        raise LocalError(f"{member} has no list yet: retry when it has been ranked.") from None
    finally:
        mongo.close()


def _with_texts(suggestion: dict[str, Any]) -> dict[str, Any]:
    """Give the texts of a suggestion a field for each language."""
    texts = {name: suggestion.pop(field) for name, field in TEXT_FIELDS.items()}
    return suggestion | {f"{name}_{language}": getattr(text, language) for name, text in texts.items() for language in LABELS}


def show(console: Console, explanation: dict[str, Any], language: Language) -> None:
    """Print an explanation for a person."""
    suggestion, labels = explanation["suggestion"], LABELS[language]
    if suggestion is None:
        declined = explanation["declined"]
        console.print(DECLINED[language].format(reason=declined) if declined else NO_EVIDENCE[language])
        return
    title = f"{explanation['member']} → {explanation['partner']}"
    table = Table("", "0–1", suggestion["rule"], title=title, title_justify="left")
    for name, contribution in sorted(suggestion["contributions"].items(), key=lambda item: -abs(item[1])):
        table.add_row(name, f"{suggestion['features'][name]:.6f}", f"{contribution:+.6f}")
    table.add_row("", "", f"{suggestion['score']:.6f}", style="bold")
    console.print(table)
    console.print(_place(explanation)[language])
    for part in TEXT_FIELDS:
        if sentence := suggestion[f"{part}_{language}"]:
            console.print(f"{labels[part]}: {sentence}", markup=False)
    for passage in suggestion["passages"]:
        console.print(f"{labels['passages']} ({passage['feature']}): {passage['yours']} | {passage['theirs']}", markup=False)


def _place(explanation: dict[str, Any]) -> dict[Language, str]:
    """The place in the list; outside it, whether it is full and with which score it ends."""
    place, of, last = explanation["place"], explanation["of"], explanation["last_score"]
    if place:
        return {"it": f"Nella lista: {place} / {of}", "en": f"In the list: {place} / {of}"}
    if explanation["full"]:
        return {
            "it": f"Fuori dalla lista, che è piena: ha {of} partner, e l'ultimo ha {last:.6f}.",
            "en": f"Outside the list, which is full: it has {of} partners, and the last has {last:.6f}.",
        }
    return {
        "it": f"Non ancora nella lista, che ha {of} partner: è stata calcolata prima.",
        "en": f"Not in the list yet, which has {of} partners: it was ranked before.",
    }
