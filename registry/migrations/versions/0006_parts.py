"""Keep how far each part of a build has come that several processes share.

Revision ID: 0006
"""

from alembic import op

revision = "0006"
down_revision = "0005"

UPGRADE = """
CREATE TABLE projection_parts (
    name text NOT NULL,
    generation integer NOT NULL,
    part integer NOT NULL,
    parts integer NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (name, generation, part),
    FOREIGN KEY (name, generation) REFERENCES projection_generations ON DELETE CASCADE
) WITH (fillfactor = 50);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(UPGRADE)


def downgrade() -> None:
    """Drop the table."""
    op.execute("DROP TABLE projection_parts")
