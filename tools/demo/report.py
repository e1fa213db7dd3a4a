"""The report of a demo: figures as JSON, a summary for people."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from shared.chassis.audit.run import Audit


@dataclass
class Report:
    """Figures of a demo; `messages_repeated` counts mails that arrived twice under one Message-ID."""

    members: int = 0
    suggestions: dict[str, int] = field(default_factory=dict)
    introductions: int = 0
    meetings_requested: int = 0
    meetings_scheduled: int = 0
    meetings_unplaced: int = 0
    messages_sent: int = 0
    messages_seen_by_smtp: int = 0
    messages_repeated: int = 0
    messages_in_app: int = 0
    domain_events: int = 0
    audit: dict[str, int] = field(default_factory=dict)
    suggestions_recomputed: int = 0
    suggestions_differing: list[str] = field(default_factory=list)
    seconds: float = 0
    differences: list[dict[str, Any]] = field(default_factory=list)
    refused_lines: list[dict[str, Any]] = field(default_factory=list)
    skipped_rows: int = 0

    def add_audit(self, audit: Audit) -> None:
        """Add the audit's counts, and each difference in full."""
        counts = {"aggregates": audit.aggregates, "projections": audit.projections, "differences": len(audit.differences)}
        self.audit = {**counts, "waiting": audit.waiting}
        self.differences = [asdict(difference) for difference in audit.differences]

    @property
    def sound(self) -> bool:
        """No differences, no held events, every mail delivered once, every suggestion recomputed as stored."""
        complete = self.messages_seen_by_smtp == self.messages_sent and not self.audit.get("waiting")
        equal = not self.differences and not self.suggestions_differing and self.suggestions_recomputed > 0
        return complete and equal and self.introductions > 0 and self.meetings_scheduled > 0


def show(console: Console, report: Report, suggestions: list[dict[str, Any]], agenda: dict[str, Any]) -> None:
    """Print the summary: figures, three suggestions with their reasons, one participant's agenda."""
    figures = Table("What", "How many", title="The demo / La dimostrazione", title_justify="left")
    for name, value in asdict(report).items():
        if isinstance(value, int | float):
            figures.add_row(name.replace("_", " "), f"{value:,}")
        elif isinstance(value, dict):
            figures.add_row(name.replace("_", " "), "  ".join(f"{key} {count:,}" for key, count in value.items()))
    console.print(figures)
    for item in suggestions:
        title = f"{item['mode']}: {item['member']} → {item['name']}  ({item['score']:.2f})"
        console.print(Panel(Text(f"{item['why_it']}\n\n{item['why']}"), title=Text(title), title_align="left"))
    table = Table("Ora / Time", "Tavolo / Table", "Con / With", title=f"Agenda: {agenda['name']}", title_justify="left")
    for meeting in agenda["meetings"]:
        starts = datetime.fromisoformat(meeting["starts"]).astimezone(ZoneInfo(agenda["timezone"]))
        table.add_row(f"{starts:%H:%M}", str(meeting["table"]), meeting["with"]["name"])
    console.print(table)
    for differing in report.suggestions_differing[:20]:
        console.print(f"[red]recomputed differently[/red]: {differing}")
    for difference in report.differences[:20]:
        console.print(f"[red]{difference['service']} {difference['kind']} {difference['id']}[/red]: {difference['what']}")
