"""Which organisations are the same: they have an identifier in common, and none that contradicts.

A fiscal code, an LEI, a PIC and an entry in a register are one organisation's alone. A VAT number may be that of a group (article
70-bis of DPR 633/1972), and names occur twice: they are shared by organisations that another identifier tells apart.
"""

from collections.abc import Iterable, Sequence

from stdnum.ie import vat as ireland

from services.registry.identity.state import Identifier

Subjects = dict[str, frozenset[str]]
"""Identifiers by what they number: an organisation has one number for each subject."""
ITALIAN_VAT = "vat:IT"


def exclusive_claims(identifiers: Iterable[Identifier]) -> Iterable[str]:
    """What one organisation alone may have."""
    return (f"{identifier.scheme}:{identifier.value}" for identifier in identifiers if identifier.scheme not in ("vat", "name"))


def shared_claims(identifiers: Iterable[Identifier]) -> Iterable[str]:
    """What organisations that contradict each other may have in common.

    An Italian fiscal code is also the VAT number that its organisation has if it has no other.
    """
    for identifier in identifiers:
        if identifier.scheme == "vat":
            yield f"vat:{vat_number(identifier.value)}"
        elif identifier.scheme == "fiscal-code":
            yield f"vat:IT{identifier.value}"
        elif identifier.scheme == "name":
            yield f"name:{identifier.value}"


def vat_number(value: str) -> str:
    """The part of a VAT number that tells organisations apart.

    Without the check characters of a French and a Spanish one, which are letters or digits, and the branch of a Northern Irish
    one; an Irish one in the form of today.
    """
    match value[:2]:
        case "ES":
            return value[:-1]
        case "FR":
            return f"FR{value[4:]}"
        case "IE":
            return f"IE{ireland.convert(value[2:])}"
        case "XI":
            return value[:11]
    return value


def contradict(identifiers: Iterable[Identifier], candidate: Iterable[Identifier]) -> bool:
    """Whether an identifier tells two organisations apart: both have one for the same subject, and none in common.

    Names contradict nothing: an organisation is written in several ways.
    """
    subjects, candidate_subjects = _subjects(identifiers), _subjects(candidate)
    return any(_differ(subject, subjects, candidate_subjects) for subject in subjects.keys() & candidate_subjects.keys())


def common_claim(identifiers: Sequence[Identifier], candidate: Sequence[Identifier]) -> str | None:
    """The first identifier for which two organisations cannot both be members; None where they can."""
    exclusive, shared = (set(claims(identifiers)) & set(claims(candidate)) for claims in (exclusive_claims, shared_claims))
    return min(exclusive if contradict(identifiers, candidate) else exclusive | shared, default=None)


def _differ(subject: str, subjects: Subjects, candidate_subjects: Subjects) -> bool:
    if subjects[subject] & candidate_subjects[subject]:
        return False
    if subject != ITALIAN_VAT:
        return True
    # A number that was a firm's own stays its fiscal code when it joins a group.
    fiscal_code, candidate_fiscal_code = (numbers.get("fiscal-code", frozenset()) for numbers in (subjects, candidate_subjects))
    return not (subjects[subject] & candidate_fiscal_code or candidate_subjects[subject] & fiscal_code)


def _subjects(identifiers: Iterable[Identifier]) -> Subjects:
    numbers: dict[str, set[str]] = {}
    for identifier in identifiers:
        if identifier.scheme == "vat":
            number = vat_number(identifier.value)
            numbers.setdefault(f"vat:{number[:2]}", set()).add(number[2:])
        elif identifier.scheme == "register":
            source, _, id = identifier.value.partition(":")
            numbers.setdefault(f"register:{source}", set()).add(id)
        elif identifier.scheme != "name":
            numbers.setdefault(identifier.scheme, set()).add(identifier.value)
    return {subject: frozenset(values) for subject, values in numbers.items()}
