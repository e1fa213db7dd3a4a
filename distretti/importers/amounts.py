"""Amounts of money as people type them: `1.250.000USD`, `€ 1,5 mln`, `750k`."""

import re

# The sources give no date for a round, so dollars and pounds become euros at one rough rate.
EUR_PER: dict[str, float] = {"EUR": 1.0, "€": 1.0, "USD": 0.92, "$": 0.92, "GBP": 1.17, "£": 1.17}
SCALES: dict[str, int] = {"": 1, "K": 10**3, "MILA": 10**3, "M": 10**6, "MLN": 10**6, "MIO": 10**6, "MILIONI": 10**6,
                          "BN": 10**9, "MLD": 10**9}  # fmt: skip
LONGEST = 40
"""Characters of an amount."""
SHAPE = re.compile(r"(?P<before>[A-Z€$£]*)(?P<number>\d[\d.,'’]*?)(?P<scale>[A-Z]*?)(?P<after>EUR|USD|GBP|€|\$|£)?")


class NotAnAmount(ValueError):
    """A text that says no amount of money in a known currency."""


def parse_amount(text: str) -> int:
    """Return an amount in whole EUR; without a currency it is taken as EUR. NotAnAmount when it can't be read."""
    packed = re.sub(r"\s+", "", text.upper())
    match = SHAPE.fullmatch(packed) if len(packed) <= LONGEST else None
    if match is None or match["scale"] not in SCALES:
        raise NotAnAmount(f"{text!r} is not an amount")
    currencies = [name for name in (match["before"], match["after"]) if name]
    if len(currencies) > 1 or any(name not in EUR_PER for name in currencies):
        raise NotAnAmount(f"{text!r} has no single known currency")
    rate = EUR_PER[currencies[0]] if currencies else 1.0
    return round(_number(match["number"], text) * SCALES[match["scale"]] * rate)


def _number(digits: str, text: str) -> float:
    """Dots and commas before groups of three digits separate thousands; else the last one is the decimal separator."""
    groups = re.split(r"[.,'’]", digits)
    if not all(group.isdigit() for group in groups):
        raise NotAnAmount(f"{text!r} is not an amount")
    if (all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3) or len(groups) == 1:
        return float("".join(groups))
    if all(len(group) == 3 for group in groups[1:-1]):
        return float("".join(groups[:-1]) + "." + groups[-1])
    raise NotAnAmount(f"{text!r} has separators that are neither thousands nor decimals")
