"""Time zones that an event can be in: those of places, by the one name that IANA's table of places has for each."""

from functools import cache
from importlib.resources import files

TABLES = ("zone.tab", "zone1970.tab")


@cache
def place_zones() -> frozenset[str]:
    """Read the names, such as Europe/Rome, from the tables of the package tzdata.

    Neither `UTC`, `Etc/GMT-1` and `EST5EDT`, which are no place and have no summer time, nor `localtime` and `posix/Europe/Rome`,
    which mean another time on another machine or none, nor former names such as `Asia/Calcutta`.
    """
    tables = (files("tzdata").joinpath("zoneinfo", table).read_text(encoding="utf-8") for table in TABLES)
    rows = (line.split("\t") for table in tables for line in table.splitlines() if not line.startswith("#"))
    return frozenset(row[2] for row in rows)
