"""The kinds of source that can be scanned: one module each, all of them listed in `sources`."""
