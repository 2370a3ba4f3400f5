"""Trains the assistant: `rasa train` without TensorFlow, which the pipeline does not use (half the time, a fifth of
the memory). `rasa train` itself gives the same model."""

from __future__ import annotations

import argparse
import copy
import gc
import hashlib
import pickle
import re
import sys
import warnings
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

_NLU_FILE = re.compile(r"version: \S+\s+(?:#.*\s+)*nlu:\s")


def spare_rasa_the_rereading() -> None:
    """Of tens of thousands of texts Rasa makes much: a minute before it learns anything.

    It reads and checks all NLU files anew for each of its steps that needs them, parses each of them twice, in Python,
    copies every example deeply each time that it merges what several importers bring, and takes digests of all that the
    examples hold, as JSON, to see whether it has them already and which steps must be done again. `rasa data validate`,
    which CI runs, checks the files as Rasa does.
    """
    import yaml
    from rasa.engine.storage import local_model_storage
    from rasa.shared.importers import rasa as file_importer
    from rasa.shared.nlu.training_data import training_data
    from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData
    from rasa.shared.utils import io

    read = file_importer.utils.training_data_from_paths
    read_yaml = io.read_yaml
    known: dict[tuple[str, ...], TrainingData] = {}

    def read_once(paths: Iterable[str], language: str) -> TrainingData:
        files = tuple(paths)
        if files not in known:
            known[files] = read(files, language)
        return TrainingData().merge(known[files])  # a copy, for the steps write into what they get

    def quickly_parsed(content: str, *arguments: Any, **options: Any) -> Any:
        if not _NLU_FILE.match(content):
            return read_yaml(content, *arguments, **options)
        return yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe

    packer = local_model_storage.TarSafe

    def quickly_packed(name: Any, mode: str = "r", **options: Any) -> Any:
        return packer.open(name, mode, **options, **({"compresslevel": 1} if mode == "w:gz" else {}))

    local_model_storage.TarSafe = SimpleNamespace(open=quickly_packed)
    file_importer.utils.training_data_from_paths = read_once
    training_data.copy = SimpleNamespace(copy=copy.copy, deepcopy=quick_copy)
    io.read_yaml = quickly_parsed
    RasaYAMLReader.validate = lambda self, content: None
    Message.__hash__ = lambda self: hash((self.data.get("text"), self.data.get("intent")))
    Message.fingerprint = quick_fingerprint


def quick_fingerprint(message: Any) -> str:
    """A digest of all that a training example holds."""
    digest = hashlib.md5(usedforsecurity=False)
    for key in sorted(message.data):
        digest.update(f"{key}\0".encode())
        digest.update(_bytes_of(message.data[key]))
    digest.update(_bytes_of(message.features))
    return digest.hexdigest()


def _bytes_of(value: Any) -> bytes:
    if hasattr(value, "tobytes"):
        return bytes(value.tobytes())
    if isinstance(value, list):
        return b"\0".join(map(_bytes_of, value))
    if hasattr(value, "fingerprint"):  # tokens, features
        return bytes(value.fingerprint(), "ascii")
    return repr(value).encode("utf-8", "surrogatepass")


def quick_copy(value: Any) -> Any:
    """A deep copy, quicker than `copy.deepcopy`'s; of training examples, one of all that a step of training changes."""
    if isinstance(value, list) and value and hasattr(value[0], "output_properties"):
        return [_copied(message) for message in value]
    return pickle.loads(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))  # noqa: S301 - bytes of our own, made just now


def _copied(message: Any) -> Any:
    copied = object.__new__(type(message))  # what copy.copy does, at a fifth of its time
    copied.__dict__.update(message.__dict__)
    copied.data = {
        key: [dict(one) if isinstance(one, dict) else one for one in kept] if isinstance(kept, list) else kept
        for key, kept in message.data.items()
    }
    copied.features = list(message.features)
    copied.output_properties = set(message.output_properties)
    return copied


def main() -> int:
    """Train from the given files; exit status 0 if there is a model."""
    parser = argparse.ArgumentParser(description="train the assistant")
    parser.add_argument("--config", required=True)
    parser.add_argument("--domain", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--name", required=True)
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")

    from bot import without_tensorflow

    without_tensorflow.install()
    import rasa

    spare_rasa_the_rereading()
    gc.disable()  # millions of small objects, hardly a cycle among them: looking for some takes a tenth of the time
    result = rasa.train(
        domain=arguments.domain,
        config=arguments.config,
        training_files=[arguments.data],
        output=arguments.out,
        fixed_model_name=arguments.name,
        force_training=False,
    )
    return 0 if result.model else 1


if __name__ == "__main__":
    sys.exit(main())
