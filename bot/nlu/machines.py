"""Linear support vector machines, one a label against all others, learnt side by side.

The dual coordinate descent of LIBLINEAR (Hsieh et al., ICML 2008; squared hinge loss) with one change: a row's features are
read once for eight labels together, whose weights lie beside each other. LIBLINEAR reads all rows anew for each label, and
spends its time on waiting for memory: on what the assistant learns from it takes two to four times as long.
Compiled by Numba when it is first called, in training alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from bot.nlu.shares import PROCESSORS

Floats = npt.NDArray[np.float32]

_SIDE_BY_SIDE = 8  # labels: as many numbers as a processor multiplies at once
_NOBODY = -1  # a label that no row has, where there are fewer
_FEW_ROWS = 50_000  # below so many the rows are gone over again, until they have been read about as often
_MOST_PASSES = 1_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Examples: of each its few features among many, as of a sparse matrix (CSR), and those that every one has."""

    starts: npt.NDArray[np.int64]  # one more than there are rows
    columns: npt.NDArray[np.int32]
    values: Floats
    width: int  # how many columns there are
    dense: Floats  # one line a row; may have no columns


@dataclass(frozen=True, slots=True)
class Settings:
    """How the machines learn."""

    passes: int = 15  # over all rows, at most
    tolerance: float = 0.1  # the largest projected gradient at which they are done
    seed: int = 13


@dataclass(frozen=True, slots=True)
class Machines:
    """What was learnt: weights of one column a label, and biases."""

    sparse: Floats
    dense: Floats
    bias: Floats


def learn(
    rows: Rows, targets: npt.NDArray[np.int64], costs: Floats, cost_of_others: float, settings: Settings
) -> Machines:
    """A machine for each label 0, 1, …: `targets` is each row's, `costs` what an error on a row of a label costs its
    machine, `cost_of_others` what one on any other row does."""
    # Columns that occur often lie beside each other, so that they stay in the processor's cache.
    often_first = np.argsort(-np.bincount(rows.columns, minlength=rows.width), kind="stable")
    place = np.empty(rows.width, np.int32)
    place[often_first] = np.arange(rows.width, dtype=np.int32)
    columns = place[rows.columns]
    # Two chunks at least, on whatever machine: what is learnt must not depend on how many processors there are.
    chunks = np.array_split(np.arange(len(costs)), max(2, -(-len(costs) // _SIDE_BY_SIDE)))
    fit = partial(_fit, rows, columns, targets, costs, cost_of_others, settings)
    learnt = Parallel(n_jobs=PROCESSORS, prefer="threads")(delayed(fit)(chunk) for chunk in chunks)
    sparse, dense, bias = (np.concatenate(parts, axis=-1) for parts in zip(*learnt, strict=True))
    unsorted = np.empty_like(sparse)
    unsorted[often_first] = sparse
    return Machines(unsorted, dense, bias)


def _fit(
    rows: Rows, columns: npt.NDArray[np.int32], targets: npt.NDArray[np.int64], costs: Floats, cost_of_others: float,
    settings: Settings, chunk: npt.NDArray[np.int64],
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    labels = np.full(_SIDE_BY_SIDE, _NOBODY, np.int64)
    labels[: len(chunk)] = chunk
    costs_of_chunk = np.ones(_SIDE_BY_SIDE, np.float32)
    costs_of_chunk[: len(chunk)] = costs[chunk]
    sparse = np.zeros((rows.width, _SIDE_BY_SIDE), np.float32)
    dense = np.zeros((rows.dense.shape[1], _SIDE_BY_SIDE), np.float32)
    bias = np.zeros(_SIDE_BY_SIDE, np.float32)
    number = len(rows.starts) - 1
    passes = max(settings.passes, min(_MOST_PASSES, _FEW_ROWS // max(number, 1)))
    _descent()(
        rows.starts, columns, rows.values, rows.dense, targets, labels, costs_of_chunk, np.float32(cost_of_others),
        passes, np.float32(settings.tolerance), settings.seed, sparse, dense, bias,
    )  # fmt: skip
    return sparse[:, : len(chunk)], dense[:, : len(chunk)], bias[: len(chunk)]


@lru_cache(maxsize=1)
def _descent() -> Callable[..., Any]:
    import numba  # a second of the start, which only training needs

    compiled: Callable[..., Any] = numba.njit(nogil=True, fastmath=True)(_descend)
    return compiled


def _descend(  # type: ignore[no-untyped-def]
    starts, columns, values, dense, targets, labels, costs, cost_of_others, passes, tolerance, seed,
    weights, dense_weights, bias,
):  # fmt: skip
    """Write into `weights`, `dense_weights` and `bias` what the rows teach. Every row has a constant feature of 1.

    A row that changes nothing is left out of the next passes, of ever more of them up to fifteen.
    """
    number, width = len(starts) - 1, dense.shape[1]
    zero, one, half = np.float32(0), np.float32(1), np.float32(0.5)
    multipliers = np.zeros((number, _SIDE_BY_SIDE), np.float32)
    squares = np.empty(number, np.float32)
    for row in range(number):
        square = one
        for at in range(starts[row], starts[row + 1]):
            square += values[at] * values[at]
        for at in range(width):
            square += dense[row, at] * dense[row, at]
        squares[row] = square
    order = np.arange(number)
    idle, rests = np.zeros(number, np.uint8), np.zeros(number, np.uint8)
    scores, steps = np.empty(_SIDE_BY_SIDE, np.float32), np.empty(_SIDE_BY_SIDE, np.float32)
    np.random.seed(seed)
    for _ in range(passes):
        for last in range(number - 1, 0, -1):
            other = np.random.randint(0, last + 1)
            order[last], order[other] = order[other], order[last]
        worst = zero
        for row in order:
            if rests[row] > 0:
                rests[row] -= 1
                continue
            for label in range(_SIDE_BY_SIDE):
                scores[label] = bias[label]
            for at in range(starts[row], starts[row + 1]):
                value, column = values[at], columns[at]
                for label in range(_SIDE_BY_SIDE):
                    scores[label] += value * weights[column, label]
            for at in range(width):
                value = dense[row, at]
                for label in range(_SIDE_BY_SIDE):
                    scores[label] += value * dense_weights[at, label]
            moved = False
            for label in range(_SIDE_BY_SIDE):
                its_own = targets[row] == labels[label]
                sign = one if its_own else -one
                slack = half / (costs[label] if its_own else cost_of_others)
                multiplier = multipliers[row, label]
                gradient = sign * scores[label] - one + slack * multiplier
                steps[label] = zero
                if multiplier > 0 or gradient < 0:
                    worst = max(worst, abs(gradient))
                    multipliers[row, label] = max(zero, multiplier - gradient / (squares[row] + slack))
                    steps[label] = (multipliers[row, label] - multiplier) * sign
                    moved = moved or abs(steps[label]) > 1e-6
            if not moved:
                idle[row] = min(idle[row] + 1, 4)
                rests[row] = (1 << idle[row]) - 1
                continue
            idle[row] = 0
            for at in range(starts[row], starts[row + 1]):
                value, column = values[at], columns[at]
                for label in range(_SIDE_BY_SIDE):
                    weights[column, label] += value * steps[label]
            for at in range(width):
                value = dense[row, at]
                for label in range(_SIDE_BY_SIDE):
                    dense_weights[at, label] += value * steps[label]
            for label in range(_SIDE_BY_SIDE):
                bias[label] += steps[label]
        if worst < tolerance:
            break
