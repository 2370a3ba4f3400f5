"""Understanding without a conversation: texts in, Rasa's parse results out, from a trained model.

Behind `suda parse`, evaluation and tests. Runs the understanding half of the model only; no tracker, no
action, no reply.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import without_tensorflow

if TYPE_CHECKING:
    from bot.speed import OrderedGraphRunner

NEWEST = Path("models")


class ModelNotFound(FileNotFoundError):
    """There is no trained model where one was looked for."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no trained model at {path}; train one with `make train`")


class Parser:
    """A loaded model's understanding. Not for use by several threads at once."""

    def __init__(self, runner: OrderedGraphRunner, target: str) -> None:
        self._runner = runner
        self._target = target

    def parse(self, text: str, at: datetime | None = None) -> dict[str, Any]:
        """Rasa's parse result of `text`; relative dates are resolved against `at`, or now.

        A leading `/` is text here, never Rasa's intent syntax. Offsets and `text` are those of the text as
        given.
        """
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
        from rasa.shared.core.trackers import DialogueStateTracker

        # The full-width slash has the same length and means nothing to Rasa.
        safe = f"／{text[1:]}" if text.startswith("/") else text
        message = UserMessage(safe, metadata={"time": at.isoformat()} if at else None)
        results = self._runner.run(
            inputs={
                PLACEHOLDER_MESSAGE: [message],
                PLACEHOLDER_TRACKER: DialogueStateTracker.from_events(message.sender_id, []),
            },
            targets=[self._target],
        )
        parsed: dict[str, Any] = {"text": "", "intent": {"name": None, "confidence": 0.0}, "entities": []}
        parsed.update(results[self._target][0].as_dict(only_output_properties=True))
        parsed["text"] = text
        return parsed

    def parse_lines(self, lines: Iterable[str], at: datetime | None = None) -> Iterator[dict[str, Any]]:
        """The parse result of each line, without its line end; an empty line gives a result too."""
        for line in lines:
            yield self.parse(line.rstrip("\r\n"), at)


def load_parser(model_path: Path = NEWEST) -> Parser:
    """Load the understanding of a model: an archive, or a folder's newest archive.

    Leaves TensorFlow out of the process where that is possible (`bot.without_tensorflow`).

    Raises:
        ModelNotFound: there is none.
    """
    archive = _archive(model_path)
    without_tensorflow.install()
    from rasa.engine.loader import load_predict_graph_runner
    from rasa.engine.runner.dask import DaskGraphRunner
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    from bot.speed import OrderedGraphRunner  # imports Rasa, so not before TensorFlow is left out

    with tempfile.TemporaryDirectory() as folder:
        metadata, runner = load_predict_graph_runner(
            Path(folder), archive, LocalModelStorage, DaskGraphRunner
        )
    parser = Parser(OrderedGraphRunner(runner), metadata.nlu_target)
    parser.parse("你好")  # the first message pays for tables and lazy imports
    return parser


def _archive(path: Path) -> Path:
    if path.is_file():
        return path
    archives = sorted(path.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime) if path.is_dir() else []
    if not archives:
        raise ModelNotFound(path)
    return archives[-1]
