"""Keep old generations for a while, set poisoned events aside, and take orders to rebuild.

Revision ID: 0004
"""

from alembic import op

revision = "0004"
down_revision = "0003"

UPGRADE = """
ALTER TABLE projection_generations
    ADD COLUMN switched_at timestamptz,
    ADD COLUMN differences_accepted integer;
UPDATE projection_generations SET switched_at = created_at WHERE live;

CREATE TABLE dead_letters (
    name text NOT NULL,
    generation integer NOT NULL,
    key text NOT NULL,
    position bigint NOT NULL,
    topic text NOT NULL,
    error text,
    set_aside_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, generation, position),
    FOREIGN KEY (name, generation) REFERENCES projection_generations ON DELETE CASCADE
);
CREATE INDEX dead_letters_key_idx ON dead_letters (name, generation, key, position);

CREATE TABLE projection_rebuilds (
    rebuild_id uuid PRIMARY KEY,
    name text NOT NULL,
    verify boolean NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    generation integer,
    error text
);
CREATE UNIQUE INDEX projection_rebuilds_open_idx ON projection_rebuilds (name)
    WHERE finished_at IS NULL;
"""

DOWNGRADE = """
DROP TABLE projection_rebuilds;
DROP TABLE dead_letters;
ALTER TABLE projection_generations DROP COLUMN switched_at, DROP COLUMN differences_accepted;
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(UPGRADE)


def downgrade() -> None:
    """Drop the tables."""
    op.execute(DOWNGRADE)
