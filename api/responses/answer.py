"""What all answers have in common."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """The base of all answers, which are exactly as they are described."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Link(Answer):
    """Where to go from here, relative to this server."""

    href: str


Links = dict[str, Link]


class Pagination(Answer):
    """Where a page stands among the pages."""

    page: int
    per_page: int
    total_count: int
    total_pages: int
