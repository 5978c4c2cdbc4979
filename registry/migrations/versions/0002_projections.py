"""Make the book of projections: which generations exist and how far each has come.

Revision ID: 0002
"""

from alembic import op

revision = "0002"
down_revision = "0001"

# The tables of the read models themselves live in the schema `read_models` and are made by the
# projections, which can build them anew at any time.
UPGRADE = """
CREATE SCHEMA read_models;

CREATE TABLE projection_generations (
    name text NOT NULL,
    generation integer NOT NULL,
    version text NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    live boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    advanced_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, generation)
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX projection_generations_live_idx ON projection_generations (name) WHERE live;
"""

DOWNGRADE = """
DROP TABLE projection_generations;
DROP SCHEMA read_models CASCADE;
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(UPGRADE)


def downgrade() -> None:
    """Drop the book and every read model."""
    op.execute(DOWNGRADE)
