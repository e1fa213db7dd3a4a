"""Results of the scheduling benchmark beside the published ones."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from benchmarks.scheduling_instances.run import Result


def table_of(results: Sequence[Result], order: int) -> Table:
    """A line for each instance."""
    names = ("instance", "d", "status", "breaks", "published", "seconds", "cpu", "theirs", "equal", "changes", "bound")
    table = Table(title=f"Order {order}; seconds on one core; table changes, and the fewest for these slots")
    for name in names:
        table.add_column(name, justify="left" if name in ("instance", "status") else "right")
    for result in results:
        case = result.case
        changes = (result.table_changes, result.table_changes_bound)
        table.add_row(
            case.name,
            str(case.fairness),
            result.status,
            "" if result.breaks is None else str(result.breaks),
            case.published or "",
            f"{result.seconds:.2f}",
            f"{result.cpu:.2f}",
            "" if case.published_seconds is None else f"{case.published_seconds:g}",
            escape("; ".join(result.faults)) or ("yes" if result.equal else "no"),
            *("" if number is None else str(number) for number in changes),
        )
    return table


def totals(results: Sequence[Result]) -> str:
    """One sentence on all instances; processor time of the original ones only."""
    real = [result for result in results if result.case.is_original]
    proven, equal = sum(result.proven for result in results), sum(result.equal for result in results)
    seconds = [result.seconds for result in results]
    return (
        f"{len(results)} cases: {proven} proven, {equal} equal, {sum(seconds):.1f} s, the longest {max(seconds):.1f} s; "
        f"the {len(real)} originals {sum(result.seconds for result in real):.1f} s, "
        f"{sum(result.cpu for result in real):.1f} s of processor time."
    )
