"""Dialogues by kind: happy, corrections, cancellations, digressions, evidence, status, screening, emergency."""

from __future__ import annotations

from tests.journeys.dialogues.happy import HAPPY
from tests.journeys.played import Dialogue

DIALOGUES: tuple[Dialogue, ...] = (*HAPPY,)
