"""The registry, its read models and its scans on a real Postgres, in real processes."""
