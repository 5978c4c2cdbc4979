"""Which templates fit what a client needs, how sure that is, and why."""
