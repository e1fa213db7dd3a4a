"""A whole event, with its mails: from the draft to the closing, with a no-show, a late arrival and repairs on the day."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from services.events.meeting.queries import meeting_id
from services.notifications.main import SERVICE as NOTIFICATIONS
from shared.chassis.config import Settings
from shared.contracts import topics
from shared.contracts.registry import ContactRecorded
from tests.events.factories import Clock, announcement, computed, draft_by_id, feed_members, midday
from tests.events.jobs.test_auto_repair import at_once
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving
from tests.lib.smtp_server import Post, post_office

EVENT = "/v1/brokerage-events/fair"
LANGUAGES = {"anna": "it", "bruno": "en", "carla": "it", "dora": "en", "elio": "it", "zeno": "en"}
MEMBERS = list(LANGUAGES)
PAIRS = [("anna", "bruno"), ("carla", "dora"), ("anna", "carla"), ("bruno", "dora"), ("dora", "elio")]
FAIR = {"it": "Incontri del marmo", "en": "Marble meetings"}
SUBJECTS = {
    "welcome": ("Benvenuti nei distretti tecnologici della Toscana", "Welcome to Tuscany's technology districts"),
    "announced": ("Nuovo evento di incontri: {fair}", "A new brokerage event: {fair}"),
    "open": ("Iscrizione aperta: {fair}", "Registration is open: {fair}"),
    "registered": ("Iscrizione confermata: {fair}", "Registration confirmed: {fair}"),
    "standby": ("Siete in lista d'attesa: {fair}", "You are on the waiting list: {fair}"),
    "withdrawn": ("Iscrizione ritirata: {fair}", "Registration withdrawn: {fair}"),
    "corrected": ("Evento aggiornato: {fair}", "Event updated: {fair}"),
    "requested": ("{partner} vi chiede un incontro", "{partner} asks you for a meeting"),
    "accepted": ("{partner} ha accettato l'incontro", "{partner} has accepted your meeting"),
    "declined": ("{partner} ha declinato l'incontro", "{partner} has declined your meeting"),
    "expired": ("Richieste senza risposta: {fair}", "Requests without an answer: {fair}"),
    "agenda": ("La vostra agenda: {fair}", "Your agenda: {fair}"),
    "changed": ("La vostra agenda è cambiata: {fair}", "Your agenda has changed: {fair}"),
    "checked in": ("Benvenuti: {fair}", "Welcome: {fair}"),
    "missed": ("Incontro mancato: {partner}", "Missed meeting: {partner}"),
    "cancelled": ("Incontro annullato: {partner}", "Meeting cancelled: {partner}"),
    "outcome": ("Esito dell'incontro: {partner}", "Outcome of your meeting: {partner}"),
    "closed": ("Grazie: {fair}", "Thank you: {fair}"),
}


class Steps:
    """What has come by mail, step by step."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._expected: Counter[tuple[str, str, str]] = Counter()

    async def follows(self, step: str, *members: str, partner: str = "") -> None:
        """Expect one more mail for each of these, with the subject of this step, in the member's language; wait for it."""
        for member in members:
            language = LANGUAGES[member]
            subject = SUBJECTS[step][language == "en"].format(fair=FAIR[language], partner=f"Firm {partner}")
            self._expected[member, subject, language] += 1

        async def all_there() -> bool:
            return not self._expected - self.arrived()

        await eventually(all_there, 60)

    def arrived(self) -> Counter[tuple[str, str, str]]:
        return Counter(
            (str(mail["To"].addresses[0].addr_spec).partition("@")[0], str(mail["Subject"]), str(mail["Content-Language"]))
            for mail in self._post.mails
        )

    def nothing_else(self) -> None:
        """Each step was followed by its mails and no others, each under a Message-ID of its own."""
        assert self.arrived() == self._expected
        assert len({mail["Message-ID"] for mail in self._post.mails}) == len(self._post.mails)


def slots(first: datetime) -> list[dict[str, Any]]:
    """Four slots of an hour."""
    hours = [first + timedelta(hours=number) for number in range(4)]
    return [
        {"number": n, "session": 1, "starts": start.isoformat(), "ends": (start + timedelta(minutes=50)).isoformat()}
        for n, start in enumerate(hours, 1)
    ]


async def test_an_event_from_its_draft_to_its_closing(settings: Settings, issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once(monkeypatch)
    clock = Clock()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    async with post_office() as post:
        mail_settings = settings.model_copy(update={"smtp_port": post.port})
        steps = Steps(post)
        async with serving(SERVICE, mail_settings, clock=clock) as (runtime, http), serving(NOTIFICATIONS, mail_settings):
            await feed_members(mail_settings, runtime, MEMBERS)
            for member, language in LANGUAGES.items():
                contact = {"member_id": member, "name": "Zoë Verdi", "email": f"{member}@post.example", "language": language}
                await feed(mail_settings, topics.CONTACTS, member, 1, ContactRecorded.model_validate(contact))
            await steps.follows("welcome", *MEMBERS)
            manager = bearer(issuer, "manager", districts=["marble"])

            async def do(path: str, body: Any = None, method: str = "POST", headers: dict[str, str] = manager) -> Any:
                answer = await http.request(method, path, json=body, headers=headers)
                assert answer.is_success, f"{path}: {answer.text}"
                return answer.json()

            async def version(number: int) -> Any:
                async def published() -> Any:
                    agenda = await http.get(f"{EVENT}/agenda", headers=manager)
                    listed = (await http.get(f"{EVENT}/agenda/versions", headers=manager)).json()["items"]
                    return agenda.json() if len(listed) == agenda.json().get("version") == number else None

                return await eventually(published, 60)

            # A draft is nobody's business; then everybody in the districts is told.
            answers_until = tomorrow - timedelta(hours=2)
            until = answers_until.isoformat()
            fair = announcement(timezone=midday(), slots=slots(tomorrow), places=5, requests_until=until)
            await draft_by_id(runtime, "fair", fair)
            await do(f"{EVENT}/announce")
            await steps.follows("announced", *MEMBERS)
            await do(f"{EVENT}/open")
            await steps.follows("open", *MEMBERS)

            for member in ("zeno", "anna", "bruno", "carla", "dora", "elio"):
                free = [4] if member in ("dora", "elio") else [3, 4]
                registration = {"member_id": member, "unavailable": free}
                await do(f"{EVENT}/registrations", registration, headers=bearer(issuer, "member", member))
            await steps.follows("registered", "zeno", "anna", "bruno", "carla", "dora")
            await steps.follows("standby", "elio")

            # Another hall: who takes part or waits for it is told, and once.
            for _ in range(2):
                assert (await do(EVENT, {**fair, "venue": "Carrara, sala grande"}, "PUT"))["version"] == 4
            await steps.follows("corrected", *MEMBERS)
            assert (await do(EVENT, {**fair, "venue": "Carrara, sala grande", "tables": 3}, "PUT"))["version"] == 5
            await do(f"{EVENT}/registrations/zeno", method="DELETE")
            await steps.follows("withdrawn", "zeno")
            await steps.follows("registered", "elio")

            for by, towards in PAIRS:
                await do(f"{EVENT}/meetings", {"by": by, "towards": towards, "mode": "b2b"})
                await steps.follows("requested", towards, partner=by)
                await do(f"/v1/meetings/{meeting_id('fair', by, towards)}/accept", {"by": towards})
                await steps.follows("accepted", by, partner=towards)
            for towards in ("anna", "bruno", "carla"):
                await do(f"{EVENT}/meetings", {"by": "elio", "towards": towards, "mode": "b2b"})
                await steps.follows("requested", towards, partner="elio")
            no = {"by": "anna", "reason": "Agenda piena"}
            await do(f"/v1/meetings/{meeting_id('fair', 'elio', 'anna')}/decline", no)
            await steps.follows("declined", "elio", partner="anna")
            await do(f"{EVENT}/close-registration")

            # The time for answers is over: one mail for two requests.
            clock.ahead = timedelta(hours=23)
            await steps.follows("expired", "elio")
            text = post.to("elio@post.example")[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
            assert ("Firm bruno" in text, "Firm carla" in text) == (True, True)

            await do(f"{EVENT}/agenda", {"time_limit": 60})
            ended = await computed(http, "fair", manager)
            assert (ended["status"], ended["agenda_version"]) == ("published", 1), ended
            assert (await do(EVENT, method="GET"))["phase"] == "published"
            participants = ("anna", "bruno", "carla", "dora", "elio")
            await steps.follows("agenda", *participants)
            first = await version(1)
            assert len(first["placements"]) == 5

            # On paper, and in a calendar program that knows only an address.
            sheet = await http.get(f"{EVENT}/agenda/pages/participants/dora?lang=it", headers=bearer(issuer, "member", "dora"))
            assert (sheet.status_code, "Firm carla" in sheet.text) == (200, True)
            picture = await http.get(f"{EVENT}/agenda/pages/day.svg", headers=manager)
            assert picture.text.count("Firm dora") >= 2
            address = (await do(f"{EVENT}/agenda/dora/calendar-address"))["path"]

            async def in_calendar(confirmed: int, cancelled: int) -> None:
                expected_counts = (confirmed + cancelled, cancelled)

                async def up_to_date() -> bool:
                    calendar = (await http.get(address)).text
                    return (calendar.count("BEGIN:VEVENT"), calendar.count("STATUS:CANCELLED")) == expected_counts

                await eventually(up_to_date)

            await in_calendar(confirmed=3, cancelled=0)

            # The day begins. Dora does not come, and nobody has to ask for the repair.
            clock.ahead = timedelta(days=1, minutes=5)
            begun = [placement for placement in first["placements"] if placement["slot"] == 1]
            missing = next(placement for placement in begun if "dora" in placement["members"])
            [waiting] = [member for member in missing["members"] if member != "dora"]
            await do(f"{EVENT}/start")

            async def check_in(member: str) -> None:
                code = await do(f"{EVENT}/registrations/{member}/check-in", method="GET")
                assert (await do(f"{EVENT}/registrations/{member}/check-in", {"code": code["code"]}))["checked_in"]
                await steps.follows("checked in", member)

            for member in ("anna", "bruno", "carla", "elio"):
                await check_in(member)
            await do(f"/v1/meetings/{missing['meeting_id']}/missed", {"by": waiting})
            await steps.follows("missed", "dora", partner=waiting)
            # A partner's word counts when a third of the slot is over.
            clock.ahead = timedelta(days=1, minutes=20)
            second = await version(2)
            assert (second["repaired"], second["status"]) == (True, "optimal")
            assert [placement for placement in second["placements"] if placement["slot"] == 1] == begun, "what has begun stays"
            changed = await do(f"{EVENT}/agenda/versions/1/differences/2", method="GET")
            assert len(changed["removed"]) == 2
            assert all("dora" in removed["members"] for removed in changed["removed"])
            assert (changed["added"], changed["moved"]) == ([], [])
            await steps.follows("changed", *changed["members"])
            mail_text = post.to("elio@post.example")[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
            assert "annullato: Firm dora" in mail_text
            await in_calendar(confirmed=1, cancelled=2)

            # The version before does not fit while she is away. She comes late, and has her other meetings again.
            refused = await http.post(f"{EVENT}/agenda/versions/1/restore", headers=manager)
            assert (refused.status_code, refused.json()["type"]) == (409, "urn:distretti:problem:version-does-not-fit")
            await check_in("dora")
            third = await version(3)
            assert len(third["placements"]) == 5
            await steps.follows("changed", *changed["members"])
            await in_calendar(confirmed=3, cancelled=0)

            # One more is cancelled; all others keep theirs.
            off = {"by": "elio", "reason": "Devo partire"}
            await do(f"/v1/meetings/{meeting_id('fair', 'dora', 'elio')}/cancel", off)
            await steps.follows("cancelled", "dora", partner="elio")
            await version(4)
            await steps.follows("changed", "dora", "elio")
            await in_calendar(confirmed=2, cancelled=1)

            # What came of the meeting that took place, also after the event.
            held = next(placement for placement in begun if "dora" not in placement["members"])
            side, counterpart = held["members"]
            await do(f"/v1/meetings/{held['meeting_id']}/held", {"by": side})
            clock.ahead = timedelta(days=1, hours=6)
            await do(f"{EVENT}/close")
            await steps.follows("closed", "anna", "bruno", "carla", "dora")
            thanks = post.to(f"{waiting}@post.example")[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
            assert "Firm dora" not in thanks, "what was missed is no meeting"
            outcome = {"by": side, "outcome": "follow-up"}
            assert (await do(f"/v1/meetings/{held['meeting_id']}/outcome", outcome))["outcomes"][0]["outcome"] == "follow-up"
            await steps.follows("outcome", counterpart, partner=side)
            assert (await do(EVENT, method="GET"))["phase"] == "closed"
            steps.nothing_else()
