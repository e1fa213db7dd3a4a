"""The demo, step by step."""

import time
from dataclasses import dataclass, field
from typing import Any

from distretti.client import members
from distretti.client.api import Client
from distretti.client.sources import Source
from distretti.client.wait_until_idle import wait_until_idle
from distretti.devstack.stack import Stack
from distretti.ops.services import audit_all, count_events, recompute_suggestions
from shared.chassis.progress import Begin
from tools.demo import matchmaking, meeting_day
from tools.demo.matchmaking import Matches
from tools.demo.report import Report

MOST_PARTICIPANTS = 120
"""Opens a progress bar by name and number of steps; the returned function advances it."""


@dataclass
class Demo:
    """A demo on a running stack."""

    stack: Stack
    client: Client
    begin: Begin
    source: Source
    report: Report = field(default_factory=Report)
    names: dict[str, str] = field(default_factory=dict)
    matches: Matches = field(default_factory=Matches)
    examples: list[dict[str, Any]] = field(default_factory=list)

    async def run(self) -> None:
        """Run every step and fill in the report."""
        started = time.monotonic()
        await self._members()
        pairs = await self._matchmaking()
        await self._meeting_day(pairs)
        await self._outcome()
        self.report.seconds = round(time.monotonic() - started, 1)

    async def _wait_until_idle(self) -> None:
        await wait_until_idle(self.client, self.stack.addresses())

    async def _members(self) -> None:
        await members.open_districts(self.client)
        step = self.begin("members", len(self.source.lines))
        imported = await members.import_lines(self.client, self.source.lines, step)
        self.names = imported.members
        self.report.members = len(imported.members)
        self.report.refused_lines = imported.refused
        self.report.skipped_rows = len(self.source.skipped)

    async def _matchmaking(self) -> list[tuple[str, str, str]]:
        await self._wait_until_idle()
        ranking = await self.client.get("/matching/v1/ranking")
        self.report.suggestions = ranking["suggestions"]
        step = self.begin("suggestions", len(self.names))
        self.matches = await matchmaking.read_suggestions(self.client, self.names, step)
        # Before any interest is expressed, which changes the lists.
        self.examples = await self.read_examples()
        pairs = matchmaking.choose_pairs(self.matches, self.names)
        step = self.begin("interests", len(pairs))
        await matchmaking.express_interests(self.client, self.matches, pairs, step)
        await self._wait_until_idle()
        self.report.introductions = len(self.matches.introduced)
        return pairs

    async def _meeting_day(self, pairs: list[tuple[str, str, str]]) -> None:
        members_of_pairs = {member for first, second, _ in pairs for member in (first, second)}
        participants = sorted(members_of_pairs, key=lambda member: self.names[member])[:MOST_PARTICIPANTS]
        districts = (await self.client.get("/registry/v1/districts"))["items"]
        ids = [district["id"] for district in districts]
        self.day = await meeting_day.announce(self.client, ids, tables=max(2, len(participants) // 3))
        step = self.begin("registrations", len(participants))
        await meeting_day.register(self.client, self.day, participants, step)
        present = set(participants)
        requests = [pair for pair in pairs if {pair[0], pair[1]} <= present]
        step = self.begin("meetings", len(requests))
        await meeting_day.request_meetings(self.client, self.day, self.matches, requests, step)
        await self._wait_until_idle()
        step = self.begin("agenda", 1)
        await meeting_day.publish_agenda(self.client, self.day)
        step(1)
        self.report.meetings_requested = self.day.requested
        self.report.meetings_scheduled = len(self.day.agenda["placements"])
        self.report.meetings_unplaced = len(self.day.agenda["unplaced"])

    async def _outcome(self) -> None:
        await self._wait_until_idle()
        statistics = await self.client.get("/notifications/v1/statistics")
        mail = await self.client.get(f"{self.stack.mail_url}/messages")
        self.report.messages_sent = statistics["sent"]
        self.report.messages_in_app = statistics["messages"]
        self.report.messages_seen_by_smtp = mail["distinct_message_ids"]
        self.report.messages_repeated = mail["repeated"]
        step = self.begin("audit", 1)
        self.report.add_audit(await audit_all(self.stack.settings()))
        recomputed = await recompute_suggestions(self.stack.settings())
        self.report.suggestions_recomputed = recomputed.suggestions
        self.report.suggestions_differing = recomputed.differing
        self.report.domain_events = await count_events(self.stack.settings())
        step(1)

    async def read_examples(self) -> list[dict[str, Any]]:
        """The best suggestion of each mode with its reasons in both languages; ties go by name."""
        examples = []
        for mode in matchmaking.MODES:
            best = {member: lists[mode][0] for member, lists in self.matches.suggestions.items() if lists.get(mode)}
            member = min(best, key=lambda member: (-best[member]["score"], self.names[member]))
            path = f"/matching/v1/members/{member}/suggestions?mode={mode}"
            listed = (await self.client.get(path, member, "it"))["suggestions"][mode]
            italian = next(item["why"] for item in listed if item["partner"] == best[member]["partner"])
            examples.append({"mode": mode, "member": self.names[member], **best[member], "why_it": italian})
        return examples
