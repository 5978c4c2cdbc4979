"""The way out of what the engine cannot decide."""


class Undecided(Exception):
    """A part of a schema cannot be decided; the text names it."""

    @property
    def construct(self) -> str:
        """What cannot be decided."""
        return str(self)
