"""Audits: the past rebuilt from events alone, the log exported, and proof that it is unaltered."""
