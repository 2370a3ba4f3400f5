"""Where words begin and end, by jieba's dictionary and its model of unknown words: a feature, never the truth."""

from __future__ import annotations

import logging
from functools import lru_cache

import jieba

from bot.nlu.spans import Found

WORD = "token"


@lru_cache(maxsize=1)
def _segmenter() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.WARNING)  # it would tell of its dictionary, twice, where the product starts
    segmenter = jieba.Tokenizer()
    segmenter.initialize()
    return segmenter


@lru_cache(maxsize=8)  # the classifiers and the tagger ask of one text after the other
def words_of(text: str) -> tuple[Found, ...]:
    """The words of the text one after the other, spaces and signs included."""
    return tuple(Found(start, end, WORD) for word, start, end in _segmenter().tokenize(text) if word)
