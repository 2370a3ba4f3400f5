"""Dialogues by kind: happy, corrections, cancellations, digressions, evidence, status, screening, emergency."""

from __future__ import annotations

from tests.journeys.dialogues.cancellations import CANCELLATIONS
from tests.journeys.dialogues.corrections import CORRECTIONS
from tests.journeys.dialogues.digressions import DIGRESSIONS
from tests.journeys.dialogues.emergency import EMERGENCY
from tests.journeys.dialogues.evidence import EVIDENCE
from tests.journeys.dialogues.happy import HAPPY
from tests.journeys.dialogues.screening import SCREENING
from tests.journeys.dialogues.status import STATUS
from tests.journeys.played import Dialogue

DIALOGUES: tuple[Dialogue, ...] = (
    *HAPPY,
    *CORRECTIONS,
    *CANCELLATIONS,
    *DIGRESSIONS,
    *EVIDENCE,
    *STATUS,
    *SCREENING,
    *EMERGENCY,
)
