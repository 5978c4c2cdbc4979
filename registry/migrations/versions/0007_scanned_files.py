"""Remember which files were scanned, so that those that did not change are not read again.

Revision ID: 0007
"""

from alembic import op

revision = "0007"
down_revision = "0006"

# It can be lost without harm: then every file is read once more.
UPGRADE = """
CREATE TABLE scanned_files (
    scan bytea NOT NULL,
    path text NOT NULL,
    findings jsonb NOT NULL,
    PRIMARY KEY (scan, path)
);
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(UPGRADE)


def downgrade() -> None:
    """Drop the table."""
    op.execute("DROP TABLE scanned_files")
