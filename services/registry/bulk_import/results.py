"""What the bulk import answers, a line each."""

from services.registry.bulk_import.schemas import ImportedLine, ImportSummary, RejectedLine
from services.registry.texts import TEXTS
from shared.chassis.errors import FieldError
from shared.chassis.http.field_problems import FieldProblem, field_problems
from shared.chassis.texts import Message

ImportResult = ImportedLine | RejectedLine


def json_line(result: ImportResult | ImportSummary) -> str:
    """Write a result."""
    return result.model_dump_json() + "\n"


def invalid_line(number: int, errors: list[FieldError], uncounted: int = 0) -> RejectedLine:
    """A line that is wrong; `uncounted` errors were left out before."""
    fields = field_problems(errors, TEXTS, "en", uncounted)
    return RejectedLine(line=number, status="invalid", errors=fields.errors, more_errors=fields.more_errors)


def failed_line(number: int, rule: str, message: Message) -> RejectedLine:
    """A line that could not be imported."""
    problem = FieldProblem(field="line", rule=rule, message=TEXTS.write(message, "en"))
    return RejectedLine(line=number, status="failed", errors=[problem], more_errors=0)
