"""Make the ledger: the hash of every event, chained, and signed checkpoints of the chain.

Revision ID: 0005
"""

from alembic import op

revision = "0005"
down_revision = "0004"

UPGRADE = """
CREATE TABLE ledger (
    position bigint PRIMARY KEY,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE TABLE ledger_checkpoints (
    position bigint PRIMARY KEY,
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    signed_at timestamptz NOT NULL,
    public_key bytea NOT NULL,
    signature bytea NOT NULL
);

CREATE FUNCTION refuse_to_alter_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of the ledger is refused: it is only ever added to', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_is_final
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_alter_ledger();
CREATE TRIGGER ledger_checkpoints_are_final
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_alter_ledger();
"""

DOWNGRADE = """
DROP TABLE ledger_checkpoints;
DROP TABLE ledger;
DROP FUNCTION refuse_to_alter_ledger;
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(UPGRADE)


def downgrade() -> None:
    """Drop the tables, and with them the proof that history was not altered."""
    op.execute(DOWNGRADE)
