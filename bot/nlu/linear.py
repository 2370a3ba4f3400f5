"""A linear text classifier with calibrated confidence, quick to train and quicker to ask.

One linear support vector machine a label (machines.py) on tf-idf of the text's features and, where it is given one, on a
dense vector of what the text means. Confidences are the softmax of the scores, made honest
by a temperature found on texts held out. It knows nothing of Rasa nor of what the labels mean. A stored model is
numbers and strings only: loading one runs no code of the file's.
"""

from __future__ import annotations

import json
import math
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, vstack
from sklearn.model_selection import StratifiedKFold

from bot.nlu import machines
from bot.nlu.features import Features
from bot.nlu.machines import Machines, Rows
from bot.nlu.shares import in_shares

Floats = npt.NDArray[np.float32]
Counts = tuple[list[str], npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is trained."""

    features: Features = field(default_factory=Features)
    fewest_texts: int = 2  # what fewer training texts hold is not a feature
    inverse_regularisation: float = 1.0
    dense_weight: float = 0.7  # length of the dense vector, beside features of length 1 together
    folds: int = 5  # one of them is held out to find the temperature; 0: none is
    seed: int = 13


class LinearModel:
    """A trained classifier. `labels` are in the order of every array of confidences."""

    def __init__(
        self, labels: Sequence[str], vocabulary: dict[str, int], idf: Floats, weights: Floats, bias: Floats,
        temperature: float, features: Features, middle: Floats, dense_weight: float = 0.0,
    ) -> None:  # fmt: skip
        self.labels = list(labels)
        self.temperature = temperature
        self._vocabulary = vocabulary
        self._idf = idf
        self._weights = weights  # one row a feature: asking sums the rows of a text
        self._bias = bias
        self._features = features
        self._middle = (
            middle  # of the dense vectors, to which the last rows of the weights belong; may be empty
        )
        self._dense_weight = dense_weight

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        settings: Settings | None = None,
        meanings: Sequence[Floats | None] | None = None,
    ) -> LinearModel:
        """Train on texts and their labels; `meanings`: a dense vector a text, all or none.

        Raises:
            ValueError: fewer than two different labels.
        """
        settings = settings or Settings()
        names = sorted(set(labels))
        if len(names) < 2:
            raise ValueError("a classifier needs examples of at least two labels")
        targets = np.array([names.index(label) for label in labels], dtype=np.int64)
        vocabulary, idf, matrix = _vectorised(tuple(texts), settings.features, settings.fewest_texts)
        middle, dense = np.zeros(0, np.float32), np.zeros((len(texts), 0), np.float32)
        if meanings and all(one is not None for one in meanings):
            vectors = np.stack([one for one in meanings if one is not None])
            middle = np.asarray(vectors.mean(axis=0), dtype=np.float32)
            dense = np.asarray(_apart(vectors, middle) * settings.dense_weight, dtype=np.float32)
        learnt = _fit(matrix, dense, targets, settings)
        temperature = _temperature(matrix, dense, targets, settings)
        weights = np.concatenate((learnt.sparse, learnt.dense))
        return cls(
            names, vocabulary, idf, weights, learnt.bias, temperature, settings.features, middle,
            settings.dense_weight,
        )  # fmt: skip

    def confidences(self, text: str, meaning: Floats | None = None) -> Floats:
        """The probability of each label for `text`; they sum to one. `meaning`: if the model was trained with it."""
        columns, values = _vector(_counts_of(self._features, text), self._vocabulary, self._idf)
        scores = self._bias + values @ self._weights[columns]
        if len(self._middle) and meaning is not None:
            apart = _apart(meaning, self._middle) * self._dense_weight
            scores = scores + apart @ self._weights[-len(self._middle) :]
        scores = scores / self.temperature
        exponents = np.exp(scores - scores.max())
        return np.asarray(exponents / exponents.sum(), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the model into an existing folder."""
        np.savez(
            folder / "weights.npz", weights=self._weights.astype(np.float16), bias=self._bias, idf=self._idf,
            middle=self._middle,
        )  # fmt: skip
        described = {
            "labels": self.labels,
            "vocabulary": list(self._vocabulary),
            "temperature": self.temperature,
            "features": asdict(self._features),
            "dense_weight": self._dense_weight,
        }
        (folder / "model.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Read a model that `save` wrote.

        Raises:
            FileNotFoundError: there is none in the folder.
        """
        described = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            weights = arrays["weights"].astype(np.float32)
            bias, idf, middle = arrays["bias"], arrays["idf"], arrays["middle"]
        vocabulary = {feature: index for index, feature in enumerate(described["vocabulary"])}
        return cls(
            described["labels"],
            vocabulary,
            idf,
            weights,
            bias,
            described["temperature"],
            Features(**described["features"]),
            middle,
            described["dense_weight"],
        )


@lru_cache(maxsize=1)
def _vectorised(
    texts: tuple[str, ...], features: Features, fewest: int
) -> tuple[dict[str, int], Floats, csr_matrix]:
    """Vocabulary, idf and matrix of texts; kept, for the classifiers of a pipeline learn from the same ones."""
    shares = in_shares(partial(_counted, features), texts)
    document_counts: Counter[str] = Counter()
    for names, _, columns, _ in shares:
        document_counts.update(
            dict(zip(names, np.bincount(columns, minlength=len(names)).tolist(), strict=True))
        )
    fewest = fewest if len(texts) >= 200 else 1
    known = sorted(feature for feature, number in document_counts.items() if number >= fewest)
    vocabulary = {feature: index for index, feature in enumerate(known)}
    idf = np.array(
        [1 + math.log((1 + len(texts)) / (1 + document_counts[feature])) for feature in known],
        dtype=np.float32,
    )
    return vocabulary, idf, csr_matrix(vstack([_matrix(share, vocabulary, idf) for share in shares]))


@lru_cache(maxsize=2)
def _counts_of(features: Features, text: str) -> Counter[str]:
    """How often a text has each feature; kept, for several classifiers ask of the same text one after the other."""
    return Counter(features.of(text))


def _counted(features: Features, texts: Sequence[str]) -> Counts:
    """The features of texts, and how often each text has each: starts, columns and numbers of a sparse matrix."""
    places: dict[str, int] = {}
    starts, columns, numbers = [0], array("i"), array("i")
    for text in texts:
        for feature, number in Counter(features.of(text)).items():
            columns.append(places.setdefault(feature, len(places)))
            numbers.append(number)
        starts.append(len(columns))
    return list(places), np.array(starts), np.frombuffer(columns, np.int32), np.frombuffer(numbers, np.int32)


def _apart(vectors: Floats, middle: Floats) -> Floats:
    """Dense vectors as seen from their middle, of unit length: what tells them from each other."""
    apart = vectors - middle
    length = np.linalg.norm(apart, axis=-1, keepdims=True)
    return np.asarray(apart / np.maximum(length, 1e-6), dtype=np.float32)


def _vector(
    count: Counter[str], vocabulary: dict[str, int], idf: Floats
) -> tuple[npt.NDArray[np.int32], Floats]:
    known = [(vocabulary[feature], number) for feature, number in count.items() if feature in vocabulary]
    columns = np.array([column for column, _ in known], dtype=np.int32)
    values = (1 + np.log(np.array([number for _, number in known], dtype=np.float32))) * idf[columns]
    norm = float(np.sqrt(values @ values))
    return columns, np.asarray(values / norm if norm else values, dtype=np.float32)


def _matrix(counts: Counts, vocabulary: dict[str, int], idf: Floats) -> csr_matrix:
    """tf-idf of texts in rows of length 1; the same as `_vector` of each."""
    names, starts, columns, numbers = counts
    known = np.array([vocabulary.get(name, -1) for name in names], dtype=np.int64)[columns]
    texts = np.repeat(np.arange(len(starts) - 1), np.diff(starts))[known >= 0]
    values = (1 + np.log(numbers[known >= 0].astype(np.float32))) * idf[known[known >= 0]]
    length = np.sqrt(np.bincount(texts, values * values, minlength=len(starts) - 1))
    values = np.asarray(values / np.maximum(length, 1e-9)[texts], dtype=np.float32)
    return csr_matrix((values, (texts, known[known >= 0])), shape=(len(starts) - 1, len(vocabulary)))


def _fit(matrix: csr_matrix, dense: Floats, targets: npt.NDArray[np.int64], settings: Settings) -> Machines:
    rows = Rows(
        np.asarray(matrix.indptr, np.int64), np.asarray(matrix.indices, np.int32), np.asarray(matrix.data, np.float32),
        matrix.shape[1], dense,
    )  # fmt: skip
    costs = settings.inverse_regularisation * _class_weights(targets)
    return machines.learn(
        rows, targets, costs, settings.inverse_regularisation, machines.Settings(seed=settings.seed)
    )


def _class_weights(targets: npt.NDArray[np.int64]) -> Floats:
    """Between none and balanced: rare labels count more, and the frequent one keeps its prior."""
    numbers = np.bincount(targets)
    return np.asarray(np.sqrt(len(targets) / len(numbers) / numbers), dtype=np.float32)


def _temperature(
    matrix: csr_matrix, dense: Floats, targets: npt.NDArray[np.int64], settings: Settings
) -> float:
    """What to divide scores by so that confidence matches accuracy on texts the model has not seen."""
    if settings.folds < 2 or np.bincount(targets).min() < settings.folds:
        return 1.0
    # One fold is held out, not each in turn: one number needs no more, and training stays short.
    folds = StratifiedKFold(settings.folds, shuffle=True, random_state=settings.seed)
    seen, held_out = next(folds.split(matrix, targets))
    learnt = _fit(matrix[seen], dense[seen], targets[seen], settings)
    scores = matrix[held_out] @ learnt.sparse + dense[held_out] @ learnt.dense + learnt.bias
    wanted = targets[held_out]

    def loss(temperature: float) -> float:
        cooled = scores / temperature
        cooled = cooled - cooled.max(axis=1, keepdims=True)
        normaliser = np.log(np.exp(cooled).sum(axis=1))
        return float((normaliser - cooled[np.arange(len(wanted)), wanted]).mean())

    return float(minimize_scalar(loss, bounds=(0.02, 10.0), method="bounded").x)
