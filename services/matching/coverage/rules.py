"""When a member or a need is covered. Pure."""

from dataclasses import dataclass
from typing import get_args

from shared.contracts.matching import Mode
from shared.contracts.modes import modes_between
from shared.contracts.registry import Kind, Nature

MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True)
class NeedCoverage:
    """A need, the modes in which it could be answered, and those in which it is."""

    id: str
    title: str
    nature: Nature
    modes: tuple[Mode, ...]
    answered: tuple[Mode, ...]

    def lacks(self, mode: Mode | None) -> bool:
        """Whether it has no answer in a mode; without one, in any. A need that no mode could answer lacks nothing."""
        return bool(self.modes) and not self.answered if mode is None else mode in self.modes and mode not in self.answered


@dataclass(frozen=True)
class MemberCoverage:
    """A member, the modes open to it, those in which it has suggestions, and its needs."""

    id: str
    name: str
    kind: Kind
    modes: tuple[Mode, ...]
    suggested: tuple[Mode, ...]
    needs: tuple[NeedCoverage, ...]

    def lacks(self, mode: Mode | None) -> bool:
        """Whether it has no suggestion in a mode; without one, in any."""
        return not self.suggested if mode is None else mode in self.modes and mode not in self.suggested


def open_modes(kind: Kind, natures: set[Nature]) -> tuple[Mode, ...]:
    """List the modes open to a member. Finance is open to a firm only where it needs capital."""
    possible = {mode for partner_kind in get_args(Kind) for mode in modes_between(kind, partner_kind)}
    needs_no_capital = kind != "financial-operator" and "capital" not in natures
    return tuple(mode for mode in MODES if mode in possible and not (mode == "f2b" and needs_no_capital))


def answering_modes(kind: Kind, nature: Nature) -> tuple[Mode, ...]:
    """List the modes in which a need could be answered: capital by finance alone, all else by firms and research."""
    return tuple(mode for mode in open_modes(kind, {nature}) if (mode == "f2b") == (nature == "capital"))
