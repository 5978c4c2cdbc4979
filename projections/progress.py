"""How far the read models have come, measured against the head of the log itself."""

from collections.abc import Mapping

from projections.catalogue import READ_MODELS
from projections.query import Query
from registry.store import EVENTS_TABLE

MAX_LAG_SECONDS = 30
"""A read model that has been behind for longer than this is out of order."""

PROGRESS = Query(
    f"""
    WITH log AS (SELECT coalesce(max(notification_id), 0) AS head FROM {EVENTS_TABLE}),
    progress AS (
        SELECT name, generation, version, position,
               greatest(head - position, 0) AS lag_events,
               coalesce(extract(epoch FROM clock_timestamp() - (
                   SELECT recorded_at FROM {EVENTS_TABLE}
                   WHERE notification_id > position ORDER BY notification_id LIMIT 1
               )), 0)::float AS lag_seconds,
               (SELECT count(*) FROM dead_letters
                WHERE (dead_letters.name, dead_letters.generation)
                      = (projection_generations.name, projection_generations.generation)
               ) AS dead_letters
        FROM projection_generations, log WHERE live
    )
    SELECT (SELECT head FROM log),
           (SELECT max(version_num) FROM alembic_version),
           (SELECT json_agg(progress ORDER BY name) FROM progress)
    """,  # noqa: S608 - made of constants
    {},
)
"""One row: the log's head, the migration, and each live read model's progress as a JSON array.

The lag in seconds is the age of the oldest event not yet projected, so a projector that stands
still is seen to fall behind, and one that has nothing to do is not. Dead letters are no lag: all
that does not wait for them goes on.
"""


def shortcomings(lag_seconds: Mapping[str, float]) -> list[str]:
    """Return what is out of order, given for how long each live read model has been behind."""
    missing = sorted(READ_MODELS.keys() - lag_seconds.keys())
    late = {name: lag for name, lag in lag_seconds.items() if lag > MAX_LAG_SECONDS}
    return [
        *(f"{name} is not built yet: is a projector running?" for name in missing),
        *(f"{name} has been behind for {lag:.0f} s" for name, lag in late.items()),
    ]
