"""What a client says it needs, and the id under which a recommendation can be named again."""

import base64
import binascii
import zlib
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID, uuid5

import msgspec
from pydantic import Field, TypeAdapter, ValidationError

from registry.dataset import Stage
from registry.errors import InvalidValue
from registry.text import Name, Text

RECOMMENDATIONS = UUID("b7c1d3c6-50a8-5f53-9a35-2d7f0c6f1e94")
"""The namespace (RFC 9562, version 5) of the ids of recommendations."""

MAX_BYTES = 4_096
"""How long what was asked may be as JSON, so that an id of it fits into any URL."""

Phrase = Annotated[Name, Field(max_length=100)]
"""A few words."""

RecommendationId = Annotated[str, Field(max_length=6_000, pattern=r"^[A-Za-z0-9_-]+$")]
"""The id of a recommendation, as `Inquiry.id` gives it."""


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a client knows about itself and wants; everything may be left out.

    Industry, use case, tools and the rest are in the client's own words; `record_count` is how
    many records it expects.
    """

    industry: Phrase | None = None
    sub_industry: Phrase | None = None
    use_case: Phrase | None = None
    description: Annotated[Text, Field(max_length=2_000)] = ""
    tools: Annotated[list[Phrase], Field(max_length=20)] = field(default_factory=list)
    dataset_types: Annotated[list[Phrase], Field(max_length=20)] = field(default_factory=list)
    fields: Annotated[list[Phrase], Field(max_length=100)] = field(default_factory=list)
    record_count: Annotated[int, Field(strict=True, ge=0, le=2**53)] | None = None
    region: Phrase | None = None
    compliance: Annotated[list[Phrase], Field(max_length=10)] = field(default_factory=list)
    stage: Stage | None = None


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """What was asked, and on which state of the registry it was answered.

    `client_id` is the client whose registry took part. The same inquiry has the same answer for
    ever, so its id says all of it and nothing has to be kept for it.
    """

    needs: Needs
    limit: Annotated[int, Field(ge=1, le=50)]
    position: Annotated[int, Field(ge=0, lt=2**63)]
    model_version: Annotated[int, Field(ge=0, lt=2**31)]
    client_id: UUID | None = None

    @property
    def id(self) -> str:
        """The id of the recommendation that answers it: the inquiry itself, packed for a URL.

        Raises:
            InvalidValue: the inquiry is longer than `MAX_BYTES`.
        """
        told = msgspec.json.encode(self)
        if len(told) > MAX_BYTES:
            reason = f"together these are {len(told)} bytes; at most {MAX_BYTES} are taken"
            raise InvalidValue(place="the needs", reason=reason)
        return base64.urlsafe_b64encode(zlib.compress(told, 9)).decode().rstrip("=")

    @classmethod
    def of(cls, recommendation_id: str) -> "Inquiry":
        """Return the inquiry that a recommendation answered.

        Raises:
            InvalidValue: no recommendation has that id.
        """
        try:
            packed = base64.b64decode(
                recommendation_id + "=" * (-len(recommendation_id) % 4), b"-_", validate=True
            )
            unpacked = zlib.decompressobj()
            told = unpacked.decompress(packed, MAX_BYTES)
            if not unpacked.eof or unpacked.unused_data:
                raise ValueError("it is too long, or cut off")
            return _INQUIRY.validate_json(told)
        except (ValueError, binascii.Error, zlib.error, ValidationError):
            reason = "no recommendation has this id; send it as it was told"
            raise InvalidValue(place="recommendation_id", reason=reason) from None


_INQUIRY = TypeAdapter(Inquiry)


def stream_of(recommendation_id: str, client_id: UUID) -> UUID:
    """Return the id of the aggregate that keeps what a client says of a recommendation."""
    return uuid5(RECOMMENDATIONS, f"{client_id} {recommendation_id}")
