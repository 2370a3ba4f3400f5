"""The modules whose rules a trained component depends on, for its fingerprint."""

from __future__ import annotations

from types import ModuleType

from bot.nlu import (
    amounts,
    bare_sums,
    counted,
    days,
    lunar_feasts,
    merchants,
    messages,
    numerals,
    phones,
    reading,
    references,
    remedies,
    spans,
    text,
    times,
    words,
)
from bot.nlu.fingerprint import source_fingerprint

RULES: tuple[ModuleType, ...] = (
    amounts, bare_sums, counted, days, lunar_feasts, merchants, messages, numerals, phones, reading,
    references, remedies, spans, text, times, words,
)  # fmt: skip


def rules_fingerprint(*others: ModuleType) -> str:
    """A digest of every rule's source and of `others`."""
    return source_fingerprint(*RULES, *others)
