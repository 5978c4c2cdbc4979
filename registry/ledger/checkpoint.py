"""Checkpoints: signed statements that the chain had a certain hash at a certain position.

Whoever can write to the database can alter events and compute every hash after them anew, but not
sign the result: the key is kept elsewhere. What is signed (Ed25519, RFC 8032) is

    "dataset-registry checkpoint 1" ‖ position ‖ hash ‖ signed at

as 8, 32 and 8 bytes, with integers and the moment written as in the chain's canonical form.
"""

import struct
from datetime import datetime
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Meta

from registry.ledger.chain import Link, microseconds

Int64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Moment = Annotated[datetime, Meta(tz=True)]

_STATEMENT = struct.Struct(">29sq32sq")


class Checkpoint(msgspec.Struct, frozen=True):
    """A signed place in the chain; the raw public key, 32 bytes, is also the key's name."""

    position: Int64
    hash: bytes
    signed_at: Moment
    public_key: bytes
    signature: bytes

    @property
    def is_genuine(self) -> bool:
        """Whether the signature was made with the key it names."""
        statement = statement_of(Link(self.position, self.hash), self.signed_at)
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(self.signature, statement)
        except (InvalidSignature, ValueError):
            return False
        return True


def statement_of(link: Link, signed_at: datetime) -> bytes:
    """Return the bytes that a signature is made of."""
    return _STATEMENT.pack(
        b"dataset-registry checkpoint 1", link.position, link.hash, microseconds(signed_at)
    )
