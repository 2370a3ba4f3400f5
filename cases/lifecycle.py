"""The moves of a case: the only table that knows them, and the two questions asked of it.

Pure: what may follow what, by whom, and what must be on the table first. It changes no row, tells nobody,
and reads no clock of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from cases.types import Stage

REOPEN_WITHIN = timedelta(days=15)
"""How long after closing the complainant may take a case up again."""


class Actor(str, Enum):
    """Who moves a case. A supervisor may do what an agent may."""

    USER = "user"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


class Need(str, Enum):
    """What must be there before a move. All but team and first contact are words that come with the move."""

    TEAM = "team"
    FIRST_CONTACT = "first_contact"
    GROUND = "ground"
    NOTE = "note"
    QUESTION = "question"
    FINDINGS = "findings"
    PROPOSAL = "proposal"
    REASON = "reason"
    RESULT = "result"

    @property
    def is_words(self) -> bool:
        """Is it given as the words of the move's note?"""
        return self not in (Need.TEAM, Need.FIRST_CONTACT)

    @property
    def asked(self) -> str:
        """What the one who moves is asked for, in a sentence."""
        return _ASKED[self]


_ASKED = {
    Need.TEAM: "请先指定负责的团队",
    Need.FIRST_CONTACT: "请先联系用户：在会话里回复，或登记一次电话联系",
    Need.GROUND: "请写明不予受理的理由，以及用户还可以找谁",
    Need.NOTE: "请写明原因",
    Need.QUESTION: "请写明需要用户补充什么",
    Need.FINDINGS: "请写明核实到的情况",
    Need.PROPOSAL: "请写明处理方案：措施、金额、依据",
    Need.REASON: "请写明原因",
    Need.RESULT: "请写明处理结果：做了什么、原因、改进",
}


class Effect(str, Enum):
    """What a move brings with it beside the new stage."""

    OBJECTION = "objection"
    CONSENT = "consent"
    REOPENING = "reopening"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table."""

    sources: frozenset[Stage]
    to: Stage
    actors: frozenset[Actor]
    need: Need | None = None
    effect: Effect | None = None
    within: timedelta | None = None
    """How long after closing the user may still make it; for others there is no limit."""


class MoveRefused(Exception):
    """A move that cannot be made now."""


class IllegalMove(MoveRefused):
    """The table does not know the move. `legal` are the stages that the actor may move the case to."""

    def __init__(self, stage: Stage, to: Stage, legal: tuple[Stage, ...]) -> None:
        names = "、".join(f"「{other.shown}」" for other in legal)
        offer = f"现在可以改为：{names}" if legal else "现在没有可以做的变更"
        super().__init__(f"「{stage.shown}」不能改为「{to.shown}」，{offer}")
        self.stage = stage
        self.to = to
        self.legal = legal


class NeedMissing(MoveRefused):
    """The move is legal, but something must be there first."""

    def __init__(self, need: Need) -> None:
        super().__init__(need.asked)
        self.need = need


def _from(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_STAFF = frozenset({Actor.AGENT, Actor.SUPERVISOR})
_USER = frozenset({Actor.USER})
_OPEN = frozenset(stage for stage in Stage if stage.is_open)

MOVES: tuple[Move, ...] = (
    Move(_from(Stage.SUBMITTED), Stage.ACCEPTED, _STAFF | {Actor.SYSTEM}, Need.TEAM),
    Move(_from(Stage.SUBMITTED, Stage.ACCEPTED), Stage.REJECTED, _STAFF, Need.GROUND),
    Move(_from(Stage.REJECTED), Stage.ACCEPTED, _USER | {Actor.SUPERVISOR}, Need.NOTE, Effect.APPEAL),
    Move(_from(Stage.ACCEPTED), Stage.VERIFYING, _STAFF, Need.FIRST_CONTACT),
    Move(_from(Stage.VERIFYING), Stage.WAITING_USER, _STAFF, Need.QUESTION),
    Move(_from(Stage.WAITING_USER), Stage.VERIFYING, _STAFF | _USER),
    Move(_from(Stage.VERIFYING), Stage.PROPOSING, _STAFF, Need.FINDINGS),
    Move(_from(Stage.PROPOSING), Stage.AWAITING_CONSENT, _STAFF, Need.PROPOSAL),
    Move(_from(Stage.AWAITING_CONSENT), Stage.RESOLVING, _STAFF | _USER, effect=Effect.CONSENT),
    Move(_from(Stage.AWAITING_CONSENT), Stage.PROPOSING, _USER, Need.REASON, Effect.OBJECTION),
    Move(_from(Stage.RESOLVING, Stage.ACCEPTED, Stage.VERIFYING), Stage.CONFIRMING, _STAFF, Need.RESULT),
    Move(_from(Stage.CONFIRMING), Stage.CLOSED, _USER | {Actor.SYSTEM}),
    Move(_from(Stage.CONFIRMING), Stage.VERIFYING, _USER, Need.REASON, Effect.REOPENING),
    Move(
        _from(Stage.CLOSED),
        Stage.VERIFYING,
        _USER | {Actor.SUPERVISOR},
        Need.REASON,
        Effect.REOPENING,
        within=REOPEN_WITHIN,
    ),
    Move(_OPEN, Stage.WITHDRAWN, _USER),
)


def legal_moves(stage: Stage, actor: Actor, *, since_closed: timedelta | None = None) -> tuple[Stage, ...]:
    """The stages that `actor` may move a case in `stage` to, in the table's order.

    `since_closed` is how long ago the case was closed; None counts as just now.
    """
    return tuple(move.to for move in MOVES if _allows(move, stage, actor, since_closed))


def check_move(
    stage: Stage,
    to: Stage,
    actor: Actor,
    *,
    given: Collection[Need] = (),
    since_closed: timedelta | None = None,
) -> Move:
    """The line of the table for this move.

    Raises `IllegalMove` (which names the legal ones) or `NeedMissing`.
    """
    for move in MOVES:
        if move.to is to and _allows(move, stage, actor, since_closed):
            if move.need is not None and move.need not in given:
                raise NeedMissing(move.need)
            return move
    raise IllegalMove(stage, to, legal_moves(stage, actor, since_closed=since_closed))


def need_of(stage: Stage, to: Stage, actor: Actor) -> Need | None:
    """What the move asks for, so that a form can ask for it; None also where the move is not legal."""
    for move in MOVES:
        if move.to is to and _allows(move, stage, actor, None):
            return move.need
    return None


def escalation_after_objection(level: int, objections: int) -> int:
    """The level (0 handler, 1 supervisor, 2 outside) after the user's `objections`-th objection to a plan."""
    return max(level, 1) if objections >= 2 else level


def _allows(move: Move, stage: Stage, actor: Actor, since_closed: timedelta | None) -> bool:
    if stage not in move.sources or actor not in move.actors:
        return False
    too_late = move.within is not None and since_closed is not None and since_closed > move.within
    return not (too_late and actor is Actor.USER)
