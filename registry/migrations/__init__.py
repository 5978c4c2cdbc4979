"""The tables that cannot be rebuilt from anything else, versioned by Alembic."""
