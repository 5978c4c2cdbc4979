"""Make the event store: events that can be added and never changed, and snapshots.

Revision ID: 0001
"""

from alembic import op

revision = "0001"
down_revision = None

# Tables, type and index have the names and shapes that the event-sourcing library expects.
# `recorded_at` is ours: taken under the writers' lock, so it rises with the position, and
# a moment can be turned into a position by an index.
UPGRADE = """
CREATE TYPE stored_event_uuid AS (
    originator_id uuid, originator_version bigint, topic text, state bytea
);

CREATE TABLE registry_events (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    notification_id bigserial NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (originator_id, originator_version)
) WITH (autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.01);
CREATE UNIQUE INDEX registry_events_notification_id_idx ON registry_events (notification_id);
CREATE INDEX registry_events_recorded_at_idx ON registry_events (recorded_at);

CREATE TABLE registry_snapshots (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (originator_id, originator_version)
);

-- The one way in. Writers wait for each other from here until they commit, so positions are taken
-- and become visible in one order, and a reader that follows the log misses nothing.
CREATE FUNCTION append_events(ids uuid[], versions bigint[], topics text[], states bytea[])
RETURNS SETOF bigint LANGUAGE plpgsql SET lock_timeout = '30s' AS $$
BEGIN
    LOCK TABLE registry_events IN EXCLUSIVE MODE;
    NOTIFY registry_events;
    RETURN QUERY
        INSERT INTO registry_events (originator_id, originator_version, topic, state)
        SELECT * FROM unnest(ids, versions, topics, states)
        RETURNING notification_id;
END $$;

CREATE FUNCTION refuse_to_alter_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of recorded events is refused: history is only ever added to', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER registry_events_are_final
    BEFORE UPDATE OR DELETE OR TRUNCATE ON registry_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_alter_history();
"""

DOWNGRADE = """
DROP TABLE registry_snapshots;
DROP TABLE registry_events;
DROP FUNCTION append_events;
DROP FUNCTION refuse_to_alter_history;
DROP TYPE stored_event_uuid;
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(UPGRADE)


def downgrade() -> None:
    """Drop the tables and every event in them."""
    op.execute(DOWNGRADE)
