"""The development issuer: access tokens for a service that has no OAuth issuer configured."""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

ISSUER = "urn:dataset-registry:development-issuer"
AUDIENCE = "dataset-registry"
CLIENT_ID_CLAIM = "client_id"


class DevelopmentIssuer:
    """Issues tokens signed with a key of its own, and vouches for that key to the verifier.

    Whoever can read the key can call the service as anybody, so only the owner of the data
    directory can, and the service must listen on loopback alone. Every process that uses the
    same directory uses the same key.

    Args:
        data_dir: The data directory of the service; the key is kept in ``issuer/key.pem``.
    """

    def __init__(self, data_dir: Path) -> None:
        path = data_dir / "issuer" / "key.pem"
        if not path.exists():
            _create_key(path)
        self._key = ECKey.import_key(path.read_bytes())
        self._public = KeySet([ECKey.import_key(self._key.as_dict(private=False))])

    def token(
        self,
        client_id: UUID,
        scopes: Iterable[str],
        *,
        subject: str = "developer",
        lifetime: timedelta = timedelta(hours=1),
    ) -> str:
        """Return an access token (RFC 9068) of that client, valid from now on."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject,
            CLIENT_ID_CLAIM: str(client_id),
            "scope": " ".join(scopes),
            "iat": now,
            "exp": now + int(lifetime.total_seconds()),
            "jti": str(uuid4()),
        }
        header = {"alg": "ES256", "typ": "at+jwt", "kid": self._key.thumbprint()}
        return jwt.encode(header, claims, self._key)

    async def current(self) -> KeySet:
        """Return the one public key there is."""
        return self._public

    async def renewed(self) -> KeySet:
        """Return the same key: it does not change while the service runs."""
        return self._public


def _create_key(path: Path) -> None:
    """Put a new key at the path, complete at once, unless another process does so first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{uuid4()}.pem")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(ECKey.generate_key("P-256").as_pem(private=True))
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename, a link never replaces what is there
    finally:
        draft.unlink()
