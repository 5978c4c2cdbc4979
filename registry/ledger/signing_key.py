"""The key that checkpoints are signed with."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from registry.ledger.chain import Link
from registry.ledger.checkpoint import Checkpoint, statement_of


class UnusableKey(ValueError):
    """The file holds no key of the kind that is needed."""


class SigningKey:
    """An Ed25519 key in `ledger/key.pem` under a data directory, readable by its owner alone.

    It does its work only where the database's administrators cannot read it. Every process that
    uses the same directory signs with the same key.
    """

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()

    @classmethod
    def kept_in(cls, data_dir: Path) -> Self:
        """Return the key of a data directory, making it first if there is none."""
        path = _path(data_dir)
        if not path.exists():
            key = Ed25519PrivateKey.generate()
            create_once(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return cls(_read_private(path))

    @classmethod
    def found_in(cls, data_dir: Path) -> Self | None:
        """Return the key of a data directory, None if there is none."""
        path = _path(data_dir)
        return cls(_read_private(path)) if path.exists() else None

    def sign(self, link: Link) -> Checkpoint:
        """Return a checkpoint of a place in the chain, signed now."""
        now = datetime.now(UTC)
        signature = self._private.sign(statement_of(link, now))
        return Checkpoint(*link, now, self.public, signature)

    @property
    def public_pem(self) -> str:
        """The public half, for whoever checks what was signed."""
        public = self._private.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_public_key(path: Path) -> bytes:
    """Return the raw public key in a PEM file.

    Raises:
        OSError: the file cannot be read.
        UnusableKey: it holds no public Ed25519 key.
    """
    with suppress(ValueError, UnsupportedAlgorithm):
        key = load_pem_public_key(path.read_bytes())
        if isinstance(key, Ed25519PublicKey):
            return key.public_bytes_raw()
    raise UnusableKey(f"{path} holds no public Ed25519 key in PEM form")


def create_once(path: Path, secret: bytes) -> None:
    """Write a secret for its owner alone, complete at once, unless the file is there already."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{uuid4()}.pem")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(secret)
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename, a link never replaces what is there
    finally:
        draft.unlink()


def _path(data_dir: Path) -> Path:
    return data_dir / "ledger" / "key.pem"


def _read_private(path: Path) -> Ed25519PrivateKey:
    with suppress(ValueError, TypeError, UnsupportedAlgorithm):
        key = load_pem_private_key(path.read_bytes(), password=None)
        if isinstance(key, Ed25519PrivateKey):
            return key
    raise UnusableKey(f"{path} holds no private Ed25519 key in PEM form")
