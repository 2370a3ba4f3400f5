"""Leaving TensorFlow out changes no parse, and a component that needs it says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import without_tensorflow
from tests.rasa.test_nlu_pipeline import DATA, ROOT, train

TEXTS = [
    "你们这破手机用三天就黑屏 1299呢",
    "查一下进度",
    "在果然鲜买的 要求退款",
    "訂單號JD2024ABC-99",
    "早上好",
    "快递丢了",
]

_PARSE = """
import json, sys
from datetime import datetime
from pathlib import Path
from bot.parse import load_parser
parser = load_parser(Path(sys.argv[1]))
import tensorflow
real = hasattr(tensorflow, "__version__")
parsed = [parser.parse(line, datetime(2025, 3, 12, 15, 30)) for line in json.loads(sys.argv[2])]
print("RESULT" + json.dumps({"real": real, "parsed": parsed}))
"""


def _parse(model: Path, tensorflow: str) -> dict[str, object]:
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _PARSE, str(model), json.dumps(TEXTS)],
        env={**os.environ, without_tensorflow.SWITCH: tensorflow},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=280,
    )
    line = next(one for one in answer.stdout.splitlines() if one.startswith("RESULT"))
    found: dict[str, object] = json.loads(line.removeprefix("RESULT"))
    return found


@pytest.mark.timeout(600)
def test_parses_are_the_same_with_and_without_tensorflow(tmp_path: Path) -> None:
    train(tmp_path, DATA / "nlu_small")
    without, with_it = _parse(tmp_path / "model.tar.gz", "0"), _parse(tmp_path / "model.tar.gz", "1")
    assert (without["real"], with_it["real"]) == (False, True)
    assert without["parsed"] == with_it["parsed"]


def test_a_neural_component_fails_loudly_where_tensorflow_is_left_out() -> None:
    assert without_tensorflow.install()
    assert without_tensorflow.in_force()
    import tensorflow
    from rasa.utils.tensorflow.models import RasaModel

    with pytest.raises(without_tensorflow.TensorFlowLeftOut, match="RasaModel"):
        RasaModel()
    with pytest.raises(without_tensorflow.TensorFlowLeftOut, match="constant"):
        tensorflow.constant(1)


def test_installing_twice_is_installing_once() -> None:
    without_tensorflow.install()
    finders = len(sys.meta_path)
    assert without_tensorflow.install()
    assert len(sys.meta_path) == finders
