"""The commands of `python -m discovery` that take more than a few lines, a module each."""
