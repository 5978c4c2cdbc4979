"""How good recommendations are, beside two plain ways of ranking, and how fast among many."""

import itertools
import random
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid5

import httpx
import msgspec
import psycopg
from psycopg import Connection

from api.caller import Scope
from api.issuer import DevelopmentIssuer
from projections.copy_lines import copy_lines
from projections.generation import Generation
from projections.projector import Projector
from projections.recommendation.features import TEMPLATE_FEATURES, registered, row
from projections.recommendation.model import shipped_model
from registry.inquiry import RECOMMENDATIONS
from registry.store import RecordedEvent
from tests.benchmarks.history import client, write_history
from tests.benchmarks.servers import postgres, service
from tests.evaluation.catalogue import FIELDS, PURPOSES, SCENES, Shelved, catalogue
from tests.evaluation.clients import requests
from tests.evaluation.report import report
from tests.evaluation.trial import SHOWN, Trial, trial
from tests.evaluation.wish import Asked

TEMPLATES = 100_000
TIMED = 300
DISTINCT = 3_000

_TEXTS = """
    CREATE TABLE texts AS
    SELECT template_id, to_tsvector('english', replace(concat_ws(' ', document ->> 'name',
        document ->> 'description', document ->> 'tags', industry, use_case, dataset_type,
        document -> 'schema' -> 'properties'), '_', ' ')) AS words
    FROM read_models.templates
"""

_BY_TEXT = """
    SELECT template_id::text FROM texts,
        to_tsquery('english', replace(plainto_tsquery('english', %(words)s)::text, '&', '|'))
            AS asked
    WHERE words @@ asked ORDER BY ts_rank(words, asked) DESC, template_id LIMIT %(shown)s
"""

_BY_FILTER = """
    SELECT template_id::text FROM read_models.templates
    WHERE (%(industry)s::text IS NULL OR industry = %(industry)s)
      AND (%(use_case)s::text IS NULL OR use_case = %(use_case)s)
      AND (%(types)s::text[] = '{}' OR dataset_type ~ any(%(types)s))
    ORDER BY document ->> 'name' LIMIT %(shown)s
"""


def measure() -> Iterator[str]:
    """Grade the answers to requests that nothing was learnt from; then time many."""
    with postgres() as (url, _):
        connection, judged = trial(url)
        with connection:
            yield from _quality(connection, judged)
    with postgres() as (url, data_dir):
        times = sorted(_times(url, data_dir))
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    yield f"{TEMPLATES} templates, over HTTP: p50 {p50:.1f} ms, p95 {p95:.1f} ms   (goal < 40 ms)"


def _quality(connection: Connection[Any], judged: Trial) -> Iterator[str]:
    answers = judged.answers(shipped_model())
    yield from report(judged, answers)
    connection.execute(_TEXTS)
    text, by_filter = (
        judged.result([[(name, 0.0) for name in ranking(connection, a)] for a in judged.held_out])
        for ranking in (_by_text, _by_filter)
    )
    better = max(text.ndcg, by_filter.ndcg)
    yield f"nDCG@{SHOWN} beside the better of two plain ways:"
    yield f"  {judged.result(answers).ndcg / better:.2f} ×   (goal ≥ 1.2 ×)"
    yield f"  full text     {text.ndcg:.3f}   first right {text.precision:.3f}"
    yield f"  exact filters {by_filter.ndcg:.3f}   first right {by_filter.precision:.3f}"


def _by_text(connection: Connection[Any], asked: Asked) -> Sequence[str]:
    """Rank by full text as Postgres does, any of the words being enough."""
    found = connection.execute(_BY_TEXT, {"words": asked.words, "shown": SHOWN})
    return [template for (template,) in found]


def _by_filter(connection: Connection[Any], asked: Asked) -> Sequence[str]:
    """Take what has exactly what was asked for, by name."""
    needs = asked.needs
    if not (needs.industry or needs.use_case or needs.tools):
        return []
    wanted = {
        "industry": needs.industry and _slug(needs.industry),
        "use_case": needs.use_case and _slug(needs.use_case),
        "types": [f"^{_slug(tool)}_" for tool in needs.tools],
        "shown": SHOWN,
    }
    return [template for (template,) in connection.execute(_BY_FILTER, wanted)]


def _slug(text: str) -> str:
    return text.lower().replace(" ", "_").replace("-", "_")


def _times(url: str, data_dir: Path) -> Iterator[float]:
    """Yield how long each of many requests takes, in milliseconds."""
    write_history(url, 100)
    Projector(url).catch_up()
    with psycopg.connect(url, autocommit=True) as connection:
        _fill(connection)
        connection.execute("VACUUM ANALYZE")
    token = DevelopmentIssuer(data_dir).token(client(0), [Scope.DATASETS_READ])
    asked = [msgspec.to_builtins(each.needs) for each in requests(TIMED, seed=23)]
    headers = {"Authorization": f"Bearer {token}"}
    with (
        service(url, data_dir) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers) as caller,
    ):
        for number, needs in enumerate(itertools.chain(asked[:30], asked)):
            started = time.perf_counter()
            answer = caller.post("/v1/dataops/templates/recommend", json=needs)
            took = (time.perf_counter() - started) * 1000
            assert answer.status_code == 200, answer.text
            if number >= 30:
                yield took


def _fill(connection: Connection[Any]) -> None:
    """Write the features of many templates, as their events would have led to them."""
    table = "read_models.template_features_1"
    indexes = "SELECT indexname FROM pg_indexes WHERE tablename = 'template_features_1'"
    for (index,) in connection.execute(indexes + " AND indexname !~ 'pkey'").fetchall():
        connection.execute(f'DROP INDEX read_models."{index}"')
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
        for lines in copy_lines((*row(each), 1) for each in _features()):
            copy.write(lines)
    live = Generation.find_live(connection, TEMPLATE_FEATURES)
    assert live
    live.add_indexes(connection)


def _features() -> Iterator[dict[str, Any]]:
    dice = random.Random(3)
    industries = [*PURPOSES, *(f"industry_{number}" for number in range(60))]
    use_cases = [*SCENES, *(f"use_case_{number}" for number in range(100))]
    types = sorted({kind for kinds in SCENES.values() for some in kinds for kind in some})
    types += [f"system_{number}_records" for number in range(40)]
    shelves = catalogue()
    names = sorted({name for some in FIELDS.values() for name in some})
    names += [f"{one}_{other}" for one, other in itertools.permutations(names, 2)]
    now = datetime.now(UTC)
    known = [_described(dice, names, dice.choice(shelves), now) for _ in range(DISTINCT)]
    identities = dice.sample(range(len(industries) * len(use_cases) * len(types)), TEMPLATES)
    for number in identities:
        rest, industry = divmod(number, len(industries))
        use_case, kind = divmod(rest, len(types))
        yield {
            **dice.choice(known),
            "template_id": str(uuid5(RECOMMENDATIONS, str(number))),
            "industry": industries[industry],
            "use_case": use_cases[use_case],
            "dataset_type": types[kind],
        }


def _described(
    dice: random.Random, names: list[str], shelf: Shelved, now: datetime
) -> dict[str, Any]:
    """Return the features of a template like one of the catalogue's, with fields of its own."""
    definition = msgspec.to_builtins(shelf.definition)
    definition["schema"] = {"properties": {name: {} for name in dice.sample(names, 20)}}
    template_id = shelf.identity.template_id
    facts = {"template_id": "", "definition": definition, "timestamp": now.isoformat()}
    return registered({}, RecordedEvent(1, template_id, 1, "DatasetTemplateRegistered", now, facts))
