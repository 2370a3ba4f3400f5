"""`python -m evaluation`: train, measure on the test set beside stock Rasa, write docs/evaluation.md.

The test set only measures: none of its texts is printed, and nothing is chosen by it. To look at mistakes, use
`--dev`, which measures on the dev set and prints them.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path

warnings.filterwarnings("ignore")

from bot import without_tensorflow  # noqa: E402

without_tensorflow.install()

from evaluation.measures import ENTITIES, Parsed, figures  # noqa: E402
from evaluation.models import DATA, Model, OurModel, StockModel  # noqa: E402
from evaluation.report import RETYPED, Measured, markdown, promises, verdict  # noqa: E402
from evaluation.retyping import in_traditional, with_slips, without_punctuation  # noqa: E402
from evaluation.samples import ROOT, Sample, dev_set, persona_dev_set, test_set  # noqa: E402
from evaluation.sampling import write_sample  # noqa: E402

SAMPLE = 2_000
REPORT = ROOT / "docs/evaluation.md"
_MEASURED = re.compile(r"(?<=<!-- measured -->\n).*(?=<!-- end of measured -->)", re.DOTALL)


def main() -> int:
    """Measure; with the test set also write the report. Exit status 1 where a promise is not kept."""
    arguments = _arguments()
    if arguments.dev:
        return _tune()
    samples = test_set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Training is timed: nothing of it may come from an earlier one.
        os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
        _say("training and measuring the product's model")
        measured = [_measure(OurModel(folder / "ours"), samples)]
        if not arguments.only_ours:
            number = write_sample(DATA, folder / "sample", arguments.sample)
            _say(
                f"training and measuring on a sample of {number} texts, for stock Rasa would need hours for all"
            )
            measured.append(
                _measure(OurModel(folder / "ours", folder / "sample", f"Suda, {number} texts"), samples)
            )
            _say("training and measuring stock Rasa on the same sample: half an hour")
            stock = StockModel(folder / "stock", folder / "sample", f"stock Rasa, {number} texts")
            measured.append(_measure(stock, samples))
    kept = promises(measured[0])
    text = f"{datetime.now(timezone.utc):%Y-%m-%d}, {len(samples)} texts.\n\n{verdict(kept)}\n\n{markdown(measured)}\n"
    print(text)
    if not arguments.only_ours:
        written = REPORT.read_text(encoding="utf-8")
        REPORT.write_text(_MEASURED.sub(lambda _: text, written), encoding="utf-8")
    return 0 if all(one.kept for one in kept) else 1


def _measure(model: Model, samples: Sequence[Sample]) -> Measured:
    ways: list[Callable[[str], str]] = [str, with_slips, in_traditional(), without_punctuation]
    found = {}
    times: list[float] = []
    for name, way in zip(RETYPED, ways, strict=True):
        understood = model.understand([way(sample.text) for sample in samples])
        found[name] = figures(samples, understood.parses)
        if name == "plain":
            times = sorted(understood.milliseconds)
    return Measured(
        model.name,
        found["plain"],
        found,
        p50_ms=times[len(times) // 2],
        p99_ms=times[int(len(times) * 0.99)],
        training_seconds=model.training_seconds,
        megabytes=model.megabytes,
    )


def _tune() -> int:
    """The dev sets: figures, then every mistake."""
    model = OurModel(ROOT / "models")
    for name, samples, entities in (
        ("dev set", dev_set(), ("merchant", "remedy")),
        ("personas", persona_dev_set(), ENTITIES),
    ):
        understood = model.understand([sample.text for sample in samples])
        found = figures(samples, understood.parses)
        print(
            f"== {name}: intents {found.intent:.3f} (also {found.intent_or_also:.3f}), asked instead "
            f"{found.asked_instead:.3f}, types {found.type_strict:.3f} (also {found.type_or_also:.3f}) of "
            f"{found.complaints}, false alarms {found.false_alarms:.3f} of {found.negatives}"
        )
        for entity in entities:
            print(entity, f"value F1 {found.by_value[entity].f1:.3f}", found.by_value[entity])
        for sample, parsed in zip(samples, understood.parses, strict=True):
            for mistake in _mistakes(sample, parsed, entities):
                print(f"{mistake} | {sample.text}")
    return 0


def _mistakes(sample: Sample, parsed: Parsed, entities: Sequence[str]) -> Iterator[str]:
    best, *_ = parsed["intent_ranking"]
    if best["name"] not in (sample.intent, *sample.also_intent):
        yield f"{sample.intent} → {best['name']} {best['confidence']:.2f}"
    kinds = {one["value"] for one in parsed["entities"] if one["entity"] == "complaint_type"}
    if sample.complaint_type and not kinds & {sample.complaint_type, *sample.also_type}:
        yield f"{sample.complaint_type} → {', '.join(kinds) or 'no type'}"
    for entity in entities:
        wanted = {span.value for span in sample.spans if span.entity == entity}
        given = {one["value"] for one in parsed["entities"] if one["entity"] == entity}
        if wanted != given:
            yield f"{entity}: missed {sorted(wanted - given)}, wrong {sorted(given - wanted)}"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__.splitlines()[0])
    parser.add_argument("--only-ours", action="store_true", help="leave stock Rasa out, write nothing")
    parser.add_argument(
        "--sample", type=int, default=SAMPLE, metavar="TEXTS",
        help=f"how many texts stock Rasa, and ours beside it, learn from ({SAMPLE})",
    )  # fmt: skip
    parser.add_argument("--dev", action="store_true", help="the dev set, with every mistake")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
