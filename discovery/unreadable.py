"""What cannot be read, wherever it was found."""


class Unreadable(Exception):
    """What gives nothing, with the place in it (such as "line 3, column 5") and the reason."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.reason = reason
        self.place = place
