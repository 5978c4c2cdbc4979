"""The commands of `python -m projections` on builds and on dead letters."""
