"""What RFC 5545 demands of a calendar, checked on its bytes; shares nothing with the writer."""

import re
from datetime import datetime, timedelta

LONGEST = 75
TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "NAME", "X-WR-CALNAME", "COMMENT", "TZNAME"}
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "LOCATION", "DESCRIPTION", "TRANSP"}
Line = tuple[str, dict[str, str], str]


def lines(data: bytes) -> list[Line]:
    """Unfold and part content lines (3.1): name, parameters, value."""
    assert data.endswith(b"\r\n")
    physical = data[:-2].split(b"\r\n")
    for line in physical:
        assert len(line) <= LONGEST, line
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line), line
        line.decode("utf-8")  # no sign is cut in two by a fold
    content_lines: list[Line] = []
    for line in re.sub(rb"\r\n[ \t]", b"", data[:-2]).decode("utf-8").split("\r\n"):
        match = re.fullmatch(r"([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(.*)", line, re.DOTALL)
        assert match, line
        parameters = dict(part.split("=", 1) for part in match[2].split(";")[1:])
        content_lines.append((match[1].upper(), parameters, match[3]))
    return content_lines


def text(value: str) -> str:
    """Read a TEXT (3.3.11); what must be escaped and is not fails."""
    assert re.fullmatch(r"(?:[^\\,;]|\\[\\,;nN])*", value), value
    return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] in "nN" else escape[1], value)


class Calendar:
    """A calendar that was found right."""

    def __init__(self, data: bytes) -> None:
        self.events: list[dict[str, Line]] = []
        self.zones: dict[str, list[dict[str, str]]] = {}
        self.properties: dict[str, str] = {}
        open_: list[str] = []
        zone: str = ""
        for name, parameters, written in lines(data):
            value = text(written) if name in TEXTS else written
            if name == "BEGIN":
                open_.append(value)
                if value == "VEVENT":
                    assert open_ == ["VCALENDAR", "VEVENT"]
                    self.events.append({})
                if value in ("STANDARD", "DAYLIGHT"):
                    self.zones[zone].append({})
            elif name == "END":
                assert open_.pop() == value
            elif open_[-1] == "VEVENT":
                assert not (name in ONCE and name in self.events[-1]), name
                self.events[-1][name] = (name, parameters, value)
            elif open_[-1] == "VTIMEZONE" and name == "TZID":
                zone = value
                assert zone not in self.zones
                self.zones[zone] = []
            elif open_[-1] in ("STANDARD", "DAYLIGHT"):
                self.zones[zone][-1][name] = value
            elif open_ == ["VCALENDAR"]:
                assert name not in self.properties
                self.properties[name] = value
        assert open_ == []
        self._check()

    def _check(self) -> None:
        assert self.properties["VERSION"] == "2.0"
        assert self.properties["PRODID"]
        assert self.events or self.zones, "a calendar holds at least one component (3.6)"
        for event in self.events:
            assert {"UID", "DTSTAMP", "DTSTART", "DTEND"} <= event.keys()
            for name in ("DTSTAMP", "LAST-MODIFIED"):
                assert re.fullmatch(r"\d{8}T\d{6}Z", event[name][2])
            for name in ("DTSTART", "DTEND"):
                assert re.fullmatch(r"\d{8}T\d{6}Z?", event[name][2])
                named = "TZID" in event[name][1]
                assert named != event[name][2].endswith("Z"), "a time is either in UTC or in a zone, and a zone is written out"
                assert not named or event[name][1]["TZID"].strip('"') in self.zones
            assert self.instant(event, "DTEND") > self.instant(event, "DTSTART")
            assert event["STATUS"][2] in ("CONFIRMED", "CANCELLED", "TENTATIVE")
            assert int(event["SEQUENCE"][2]) >= 0
        assert len({event["UID"][2] for event in self.events}) == len(self.events)
        for rules in self.zones.values():
            assert rules
            for rule in rules:
                assert {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"} <= rule.keys()

    def instant(self, event: dict[str, Line], name: str) -> datetime:
        """Read a local time by the calendar's own VTIMEZONE (3.6.5): the last onset not after it holds. Without zone, in UTC."""
        _, parameters, value = event[name]
        local = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")
        return local if value.endswith("Z") else local - self.offset(parameters["TZID"].strip('"'), local)

    def offset(self, zone: str, local: datetime) -> timedelta:
        """Find the offset from UTC that holds at a local time."""
        onsets = [(_moment(rule), index) for index, rule in enumerate(self.zones[zone])]
        holds = max((onset, index) for onset, index in onsets if onset <= local)[1]
        return _offset(self.zones[zone][holds]["TZOFFSETTO"])


def _moment(rule: dict[str, str]) -> datetime:
    return datetime.strptime(rule["DTSTART"], "%Y%m%dT%H%M%S")


def _offset(text: str) -> timedelta:
    assert re.fullmatch(r"[+-]\d{4}(\d{2})?", text), text
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]), seconds=int(text[5:7] or 0))
