"""A trial: the catalogue in a database, requests put to it, and answers graded."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection

from projections.projector import Projector
from projections.recommendation.candidates import candidates
from projections.recommendation.evaluation import SHOWN, calibration_error, ndcg
from projections.recommendation.fit import Example, Fit, fit
from projections.recommendation.model import Model
from projections.recommendation.reading import Reading, read
from projections.recommendation.recommender import candidates_of, recommended, weigh
from projections.recommendation.signals import Candidate
from tests.benchmarks.history import write
from tests.evaluation.catalogue import Shelved, catalogue, history
from tests.evaluation.clients import Asked, requests
from tests.evaluation.judge import RIGHT, grade

REQUESTS = 900
"""Half of them to learn from, half to judge by."""

LEARNT_FROM = 12
"""So many of the best candidates of each answer are learnt from: those that may be shown."""

Ranking = Callable[[Asked], Sequence[str]]
"""Returns the ids of templates for a request, the best first."""


class Result(NamedTuple):
    """How good answers were: nDCG@5, and how often the first was right where one could be."""

    ndcg: float
    precision: float


class Trial:
    """A catalogue with its requests, graded by the judge."""

    def __init__(self, connection: Connection[Any], url: str) -> None:
        self.connection = connection
        self.shelves: Mapping[str, Shelved] = {
            str(shelf.identity.template_id): shelf for shelf in catalogue()
        }
        write(url, history(list(self.shelves.values())))
        Projector(url).catch_up()
        connection.execute("ANALYZE")
        asked = requests(REQUESTS)
        self.learning, self.held_out = asked[::2], asked[1::2]

    def grades(self, asked: Asked) -> dict[str, int]:
        """Return the judge's grade of every template."""
        return {name: grade(asked.wish, shelf) for name, shelf in self.shelves.items()}

    def found(self, asked: Asked) -> tuple[Reading, list[Candidate]]:
        """Return what was understood, and the candidates."""
        reading = read(asked.needs)
        query = candidates(reading)
        row = self.connection.execute(query.sql, query.parameters, prepare=True).fetchone()
        assert row
        return reading, candidates_of(row[3] or [], row[2])

    def examples(self, asked: Sequence[Asked], model: Model) -> Iterator[Example]:
        """Yield what may be learnt from requests: the best candidates of each, graded."""
        for number, each in enumerate(asked):
            reading, found = self.found(each)
            grades = self.grades(each)
            for one in weigh(reading, found, model)[:LEARNT_FROM]:
                right = grades[one.candidate.features["template_id"]] >= RIGHT
                yield Example(str(number), one.found, right)

    def learnt(self, model: Model) -> Fit:
        """Return what the product's own fitting makes of the requests to learn from.

        What may be shown depends on the model, so it is learnt twice.
        """
        first = fit(list(self.examples(self.learning, model)))
        return fit(list(self.examples(self.learning, Model(0, first.parameters))))

    def answers(self, model: Model) -> list[list[tuple[str, float]]]:
        """Return the answers to the requests held out: ids and confidences, the best first."""
        return [
            [
                (one.candidate.features["template_id"], one.confidence)
                for one in recommended(*self.found(asked), model, SHOWN)
            ]
            for asked in self.held_out
        ]

    def result(self, answers: Sequence[Sequence[str]]) -> Result:
        """Return how good answers to the requests held out are."""
        gains, firsts = [], []
        for asked, answer in zip(self.held_out, answers, strict=True):
            grades = self.grades(asked)
            gains.append(ndcg([grades[each] for each in answer], grades.values()))
            if max(grades.values()) >= RIGHT:
                firsts.append(bool(answer) and grades[answer[0]] >= RIGHT)
        return Result(fmean(gains), fmean(firsts))

    def noise(self, answers: Sequence[Sequence[tuple[str, float]]]) -> float:
        """Return how many of the requests that nothing is right for got 0.5 or more."""
        tops = [
            max((confidence for _, confidence in answer), default=0.0)
            for asked, answer in zip(self.held_out, answers, strict=True)
            if max(self.grades(asked).values()) < RIGHT
        ]
        return fmean(top >= 0.5 for top in tops)

    def calibration_error(self, answers: Sequence[Sequence[tuple[str, float]]]) -> float:
        """Return the expected calibration error of the confidences told."""
        told = [
            (confidence, self.grades(asked)[template] >= RIGHT)
            for asked, answer in zip(self.held_out, answers, strict=True)
            for template, confidence in answer
        ]
        return calibration_error(told)

    def by_kind(self, answers: Sequence[Sequence[str]]) -> dict[str, float]:
        """Return nDCG by the kind of request."""
        gains: dict[str, list[float]] = {}
        for asked, answer in zip(self.held_out, answers, strict=True):
            grades = self.grades(asked)
            gain = ndcg([grades[each] for each in answer], grades.values())
            gains.setdefault(asked.kind, []).append(gain)
        return {kind: fmean(some) for kind, some in sorted(gains.items())}


def trial(url: str) -> tuple[Connection[Any], Trial]:
    """Return a trial in a fresh database, with its connection."""
    connection = psycopg.connect(url, autocommit=True)
    return connection, Trial(connection, url)
