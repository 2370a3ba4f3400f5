"""The models under measurement: this project's, and stock Rasa's default pipeline on the same training data.

Stock Rasa has no component for a label of the whole text, so a second stock model learns the complaint types as
intents, from the same grievances.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader, RasaYAMLWriter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bench.stock_side import PROJECT, install_stock, stock_environment
from bot.parse import load_parser
from evaluation.measures import TYPE, Parsed
from evaluation.samples import GRIEVANCE, ROOT, SPOKEN_AT
from server import training

DATA = ROOT / "bot/data"
STOCK = Path(__file__).parent / "stock"
_TRAIN_SECONDS = 5_400


@dataclass(frozen=True, slots=True)
class Understood:
    """What a model made of texts, and how long each took, in milliseconds."""

    parses: list[Parsed]
    milliseconds: list[float]


class Model(Protocol):
    """A trained model."""

    name: str
    training_seconds: float | None
    megabytes: float

    def understand(self, texts: Sequence[str]) -> Understood: ...


class OurModel:
    """The model that the product runs; with `data`, one of the same pipeline that learnt from that folder."""

    def __init__(self, folder: Path, data: Path | None = None, name: str = "Suda") -> None:
        self.name = name
        began = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)
        path = (
            training.train_on(data, folder, "sample", quiet=True)
            if data
            else training.train(folder, quiet=True)
        )
        self.training_seconds: float | None = time.monotonic() - began
        self.megabytes = path.stat().st_size / 1e6
        self._parser = load_parser(path)

    def understand(self, texts: Sequence[str]) -> Understood:
        parses, milliseconds = [], []
        for text in texts:
            began = time.perf_counter()
            parses.append(self._parser.parse(text, SPOKEN_AT))
            milliseconds.append((time.perf_counter() - began) * 1000)
        return Understood(parses, milliseconds)


class StockModel:
    """Jieba and DIET: one model for intents and entities, one for complaint types."""

    def __init__(self, folder: Path, data: Path, name: str = "stock Rasa (Jieba + DIET)") -> None:
        self.name = name
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        install_stock(folder / "stock.log")
        began = time.monotonic()
        self._intents = self._train(data / "nlu", "intents")
        self._types = self._train(_types_as_intents(data / "nlu", folder / "types.yml"), "types")
        self.training_seconds: float | None = time.monotonic() - began
        self.megabytes = sum(path.stat().st_size for path in (self._intents, self._types)) / 1e6

    def understand(self, texts: Sequence[str]) -> Understood:
        parses, milliseconds = [], []
        for (parsed, took), (typed, took_too) in zip(
            self._parse(self._intents, texts), self._parse(self._types, texts), strict=True
        ):
            if parsed["intent"]["name"] == GRIEVANCE:
                kind = typed["intent"]
                parsed["entities"].append(
                    {"entity": TYPE, "value": kind["name"], "confidence_entity": kind["confidence"]}
                )
            parses.append(parsed)
            milliseconds.append(took + took_too)
        return Understood(parses, milliseconds)

    def _train(self, data: Path, name: str) -> Path:
        with (self._folder / "stock.log").open("ab") as log:
            subprocess.run(
                [
                    *(PROJECT / ".venv/bin/rasa", "train", "nlu", "--config", STOCK / "config.yml"),
                    *("--nlu", data, "--out", self._folder, "--fixed-model-name", name),
                ],
                cwd=self._folder, env=stock_environment(), check=True, timeout=_TRAIN_SECONDS,
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        return self._folder / f"{name}.tar.gz"

    def _parse(self, model: Path, texts: Sequence[str]) -> list[tuple[Parsed, float]]:
        source, target = self._folder / "texts.json", self._folder / "parses.json"
        source.write_text(json.dumps(list(texts), ensure_ascii=False), encoding="utf-8")
        with (self._folder / "stock.log").open("ab") as log:
            subprocess.run(
                [PROJECT / ".venv/bin/python", STOCK / "parse.py", model, source, target],
                cwd=self._folder, env=stock_environment(), check=True, timeout=_TRAIN_SECONDS,
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        found: list[tuple[Parsed, float]] = json.loads(target.read_text(encoding="utf-8"))
        return found


def _types_as_intents(data: Path, path: Path) -> Path:
    """Every training grievance, with its complaint type as the intent."""
    examples = []
    for file in sorted(data.glob("complaint_*.yml")):
        for message in RasaYAMLReader().read(str(file)).training_examples:
            kind = (message.get("metadata") or {}).get("example", {}).get(TYPE)
            if kind:
                examples.append(Message.build(text=message.get("text"), intent=kind))
    path.write_text(RasaYAMLWriter().dumps(TrainingData(training_examples=examples)), encoding="utf-8")
    return path
