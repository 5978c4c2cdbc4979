"""Read models: events folded into query tables, rebuilt at will."""
