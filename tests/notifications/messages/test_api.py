"""Messages over HTTP: a member's inbox, and who may read it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from distretti.devstack.token_issuer import Issuer
from services.notifications.main import SERVICE
from services.notifications.messages.api import message_answer, require_recipient
from services.notifications.messages.ledger import Origin, new_message
from services.notifications.notices.context import Notice
from services.notifications.notices.facts import MessageFacts
from shared.chassis.config import Settings
from shared.chassis.errors import Forbidden
from shared.chassis.http.auth import Principal
from shared.contracts import topics
from shared.contracts.base import LocalizedText
from shared.contracts.events import (
    AgendaPublished,
    Placement,
    Unplaced,
)
from shared.contracts.registry import MemberApproved
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving
from tests.lib.smtp_server import Post
from tests.notifications.conftest import counted, inbox, member
from tests.notifications.factories import ANNOUNCED

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


async def test_an_agenda_is_one_message_for_each_participant(mailing: Settings, issuer: Issuer, post: Post) -> None:
    async with serving(SERVICE, mailing) as (runtime, http):
        for id in "abc":
            await member(mailing, id)
        published = AgendaPublished(
            event_id="e",
            placements=(
                Placement(meeting_id="m1", members=("a", "b"), slot=2, table=1),
                Placement(meeting_id="m2", members=("a", "c"), slot=1, table=3),
            ),
            unplaced=(Unplaced(meeting_id="m3", members=("b", "c"), reason=LocalizedText(it="nessuno slot", en="no slot")),),
            status="optimal",
            breaks=0,
            bound=0,
            input="i",
        )
        await feed(mailing, topics.AGENDAS, "e", 1, published)
        await feed(mailing, topics.BROKERAGE, "e", 1, ANNOUNCED.model_copy(update={"districts": ("fashion",)}))
        await feed(mailing, topics.MEMBERS, "a", 2, MemberApproved(), time=datetime.now(UTC) + timedelta(seconds=1))
        await eventually(counted(runtime.mongo, messages=4, sent=4))
        [own] = [mail for mail in post.to("a@post.example") if "agenda" in mail["Subject"]]
        text = own.get_content()
        assert text.index("09:30-09:50  tavolo 3  Org c") < text.index("09:50-10:10  tavolo 1  Org b")
        assert "nessuno slot" not in text
        assert "Org c: nessuno slot" in post.to("b@post.example")[0].get_content()

        newest = (await inbox(http, issuer, "a", limit=1)).json()
        assert [item["template"] for item in newest["items"]] == ["welcome"]
        older = (await inbox(http, issuer, "a", limit=1, cursor=newest["next"])).json()
        assert [item["template"] for item in older["items"]] == ["agenda"]
        assert older["next"] is None
        path = f"/v1/messages/{older['items'][0]['id']}"
        recipient, outsider = bearer(issuer, "member", "a"), bearer(issuer, "member", "b")
        assert (await http.get(path, headers=recipient)).json()["read"] is False
        assert (await http.post(f"{path}/read", headers=recipient)).json()["read"] is True
        assert (await http.get(path, headers=recipient)).json()["read"] is True
        for refused in (await http.get(path, headers=outsider), await http.post(f"{path}/read", headers=outsider)):
            assert refused.status_code == 404
        assert (await http.get("/v1/members/a/messages", headers=outsider)).status_code == 403
        unknown = await http.get("/v1/members/nobody/messages", headers=bearer(issuer, "operator"))
        assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:distretti:problem:member-unknown")
        assert (await http.get("/v1/messages/none", headers=recipient)).status_code == 404
        assert (await http.get("/v1/statistics", headers=recipient)).status_code == 403
        counts = (await http.get("/v1/statistics", headers=bearer(issuer, "operator"))).json()
        assert counts == {"messages": 4, "queued": 0, "waiting_for_contact": 0, "sent": 4, "failed": 0, "historical": 0}


def test_a_message_is_shown_in_the_language_of_its_reader() -> None:
    welcome = new_message(Notice("welcome", "a", MessageFacts("Marmi Anna")), Origin("e", "c", NOW), NOW, 86_400)
    italian, english = (message_answer(welcome, language) for language in ("it", "en"))
    assert "Marmi Anna" in italian.text
    assert "Marmi Anna" in english.text
    assert italian.subject != english.subject
    same = {"subject", "text"}
    assert italian.model_dump(exclude=same) == english.model_dump(exclude=same)
    assert (italian.id, italian.recipient, italian.read, italian.mail) == (welcome.id, "a", False, "queued")


def test_a_message_that_cannot_be_read_says_so_and_hides_no_other() -> None:
    welcome = new_message(Notice("welcome", "a", MessageFacts("Marmi Anna")), Origin("e", "c", NOW), NOW, 86_400)
    for broken in (replace(welcome, template="no-more"), replace(welcome, facts={})):
        answer = message_answer(broken, "it")
        assert (answer.subject, answer.id) == ("Messaggio non leggibile", welcome.id)
        assert answer.text


def test_an_inbox_is_its_members_own() -> None:
    require_recipient(Principal("s", frozenset({"member"}), "a", frozenset()), "a")
    for role, id in (("member", "b"), ("manager", None), ("partner", "a")):
        with pytest.raises(Forbidden):
            require_recipient(Principal("s", frozenset({role}), id, frozenset({"marble"})), "a")
