"""Tamper evidence: a chain of hashes over the log, signed from time to time, and its checking.

Nothing here knows a database, so an export can be checked on a machine that has none.
"""
