"""Where a Glean instance is, and in which environment variables its tokens are."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from discovery.sources.glean.apis import ClientApi, IndexingApi
from discovery.sources.glean.client import Client, GleanFailure


class Apis(NamedTuple):
    """The two APIs of an instance, each None without a token for it."""

    indexing: IndexingApi | None
    client: ClientApi | None


@dataclass(frozen=True, kw_only=True)
class Access:
    """How to reach an instance. It names tokens, and holds none.

    Attributes:
        base_url: the address of its backend.
        indexing_token: the environment variable with the token of the indexing API.
        client_token: the environment variable with the token of the client API.
        act_as: the e-mail address of the user for whom a global client token asks.
        seconds: how long an answer may take.
    """

    base_url: str
    indexing_token: str
    client_token: str
    act_as: str = ""
    seconds: float = 30

    @contextmanager
    def apis(self) -> Iterator[Apis]:
        """Yield the APIs for which there are tokens, until the context is left.

        Raises:
            GleanFailure: a token is none.
        """
        with ExitStack() as stack:
            indexing = self._client(stack, self.indexing_token, "")
            client = self._client(stack, self.client_token, self.act_as)
            yield Apis(
                IndexingApi(indexing) if indexing else None,
                ClientApi(client) if client else None,
            )

    def _client(self, stack: ExitStack, variable: str, act_as: str) -> Client | None:
        token = os.environ.get(variable, "").strip()
        if not token:
            return None
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise GleanFailure("holds no token: it has characters that no token has", variable)
        return stack.enter_context(
            Client(self.base_url, token, variable, act_as=act_as, seconds=self.seconds)
        )
