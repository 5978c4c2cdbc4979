"""Fits the model that ships to the requests to learn from: `python -m tests.evaluation`."""

import sys
from pathlib import Path

import msgspec

import projections.recommendation
from projections.recommendation.model import Model, shipped_model
from tests.benchmarks.servers import postgres
from tests.evaluation.report import report
from tests.evaluation.trial import trial


def main() -> None:
    """Write the parameters into the package, and print how they do on the requests held out."""
    with postgres() as (url, _):
        connection, judged = trial(url)
        with connection:
            fitted = judged.learnt(shipped_model())
            answers = judged.answers(Model(0, fitted.parameters))
            sys.stdout.write(
                f"{len(judged.shelves)} templates, {fitted.examples} examples\n"
                f"{fitted.evaluation}\n" + "\n".join(report(judged, answers)) + "\n"
            )
    path = Path(projections.recommendation.__file__).parent / "model_0.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(fitted.parameters), indent=1) + b"\n")


if __name__ == "__main__":
    main()
