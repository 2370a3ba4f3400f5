"""The linear machines: they learn what scikit-learn's solver learns, whatever the number of labels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import csr_matrix, hstack, random
from sklearn.svm import LinearSVC

from bot.nlu.machines import Machines, Rows, Settings, learn

_EXACTLY = Settings(passes=1_000, tolerance=1e-4)


def _rows(number: int, dense: int) -> tuple[Rows, csr_matrix]:
    chance = np.random.default_rng(5)
    sparse = csr_matrix(random(number, 40, 0.2, random_state=7, dtype=np.float32))
    vectors = np.asarray(chance.normal(size=(number, dense)) / 4, dtype=np.float32)
    rows = Rows(sparse.indptr.astype(np.int64), sparse.indices, sparse.data, 40, vectors)
    return rows, csr_matrix(hstack([sparse, csr_matrix(vectors)]))


def _scores(machines: Machines, rows: Rows) -> npt.NDArray[np.float32]:
    sparse = csr_matrix((rows.values, rows.columns, rows.starts), (len(rows.dense), rows.width))
    return np.asarray(sparse @ machines.sparse + rows.dense @ machines.dense + machines.bias)


@pytest.mark.parametrize(("labels", "dense"), [(2, 0), (3, 6), (11, 6), (20, 0)])
def test_scores_are_those_of_liblinear(labels: int, dense: int) -> None:
    rows, matrix = _rows(400, dense)
    targets = np.arange(400) % labels
    costs = np.linspace(0.5, 2.0, labels, dtype=np.float32)
    scores = _scores(learn(rows, targets, costs, 0.7, _EXACTLY), rows)
    for label in range(labels):
        reference = LinearSVC(
            C=1.0, class_weight={0: 0.7, 1: float(costs[label])}, tol=1e-6, max_iter=100_000
        )
        reference.fit(matrix, (targets == label).astype(int))
        assert np.allclose(scores[:, label], reference.decision_function(matrix), atol=0.01)


def test_learning_again_gives_the_same() -> None:
    rows, _ = _rows(300, 4)
    targets, costs = np.arange(300) % 9, np.ones(9, np.float32)
    first, second = (learn(rows, targets, costs, 1.0, Settings()) for _ in range(2))
    assert np.array_equal(first.sparse, second.sparse)
    assert np.array_equal(first.dense, second.dense)
    assert np.array_equal(first.bias, second.bias)
