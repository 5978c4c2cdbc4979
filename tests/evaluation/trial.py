"""A trial: the catalogue in a database, requests put to it, and answers graded."""

from collections.abc import Iterator, Mapping, Sequence
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
from projections.recommendation.recommender import FITS, candidates_of, recommended, weigh
from projections.recommendation.signals import Candidate
from tests.benchmarks.history import write
from tests.evaluation.catalogue import Shelved, catalogue, history
from tests.evaluation.clients import requests
from tests.evaluation.judge import RIGHT, grade
from tests.evaluation.wish import Asked

LEARNING, HELD_OUT = 1_200, 900
"""How many requests are learnt from, and how many others are judged by."""

Answer = Sequence[tuple[str, float]]
"""The ids of templates, the best first, each with its confidence."""


class Result(NamedTuple):
    """How good answers were where something is right: nDCG@5, how often the first was right."""

    ndcg: float
    precision: float


class Honesty(NamedTuple):
    """How answers were where nothing is right.

    `misled` is the share of those that were told a confidence of 0.5 or more; `left_alone` is the
    share of those that got an empty list.
    """

    misled: float
    left_alone: float


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
        self.learning = requests(LEARNING, seed=5, half=0)
        self.held_out = requests(HELD_OUT, seed=6, half=1)

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
        """Yield what may be learnt from requests: the candidates shown of each, graded.

        Those further down are right more often at the same score, as many then are.
        """
        for number, each in enumerate(asked):
            reading, found = self.found(each)
            grades = self.grades(each)
            for one in weigh(reading, found, model)[:SHOWN]:
                right = grades[one.candidate.features["template_id"]] >= RIGHT
                yield Example(str(number), one.found, right)

    def learnt(self, model: Model) -> Fit:
        """Return what the product's own fitting makes of the requests to learn from.

        What may be shown depends on the model, so it is learnt twice.
        """
        first = fit(list(self.examples(self.learning, model)))
        return fit(list(self.examples(self.learning, Model(0, first.parameters))))

    def answers(self, model: Model) -> list[Answer]:
        """Return the answers to the requests held out, however unsure."""
        return [
            [
                (one.candidate.features["template_id"], one.confidence)
                for one in recommended(*self.found(asked), model, SHOWN)
            ]
            for asked in self.held_out
        ]

    def result(self, answers: Sequence[Answer]) -> Result:
        """Return how good answers to the requests held out are, of those that can be served."""
        gains, firsts = [], []
        for asked, answer in zip(self.held_out, answers, strict=True):
            grades = self.grades(asked)
            if max(grades.values()) >= RIGHT:
                gains.append(ndcg([grades[each] for each, _ in answer], grades.values()))
                firsts.append(bool(answer) and grades[answer[0][0]] >= RIGHT)
        return Result(fmean(gains), fmean(firsts))

    def hopeless(self, answers: Sequence[Answer]) -> Mapping[str, Sequence[Answer]]:
        """Return the answers to requests that nothing is right for, by the kind of request."""
        found: dict[str, list[Answer]] = {}
        for asked, answer in zip(self.held_out, answers, strict=True):
            if max(self.grades(asked).values()) < RIGHT:
                found.setdefault(asked.kind, []).append(answer)
        return dict(sorted(found.items()))

    def calibration_error(self, answers: Sequence[Answer]) -> float:
        """Return the expected calibration error of the confidences told."""
        told = [
            (confidence, self.grades(asked)[template] >= RIGHT)
            for asked, answer in zip(self.held_out, answers, strict=True)
            for template, confidence in answer
        ]
        return calibration_error(told)

    def by_kind(self, answers: Sequence[Answer]) -> dict[str, float]:
        """Return nDCG by the kind of request, of those that can be served."""
        gains: dict[str, list[float]] = {}
        for asked, answer in zip(self.held_out, answers, strict=True):
            grades = self.grades(asked)
            if max(grades.values()) >= RIGHT:
                gain = ndcg([grades[each] for each, _ in answer], grades.values())
                gains.setdefault(asked.kind, []).append(gain)
        return {kind: fmean(some) for kind, some in sorted(gains.items())}


def by_default(answers: Sequence[Answer]) -> list[Answer]:
    """Return what is shown of answers unless less sure templates are asked for."""
    return [answer if answer and answer[0][1] >= FITS else [] for answer in answers]


def honesty(answers: Sequence[Answer]) -> Honesty:
    """Return how honest answers are that had better be empty."""
    misled = (any(confidence >= 0.5 for _, confidence in answer) for answer in answers)
    return Honesty(fmean(misled), fmean(not answer for answer in answers))


def trial(url: str) -> tuple[Connection[Any], Trial]:
    """Return a trial in a fresh database, with its connection."""
    connection = psycopg.connect(url, autocommit=True)
    return connection, Trial(connection, url)
