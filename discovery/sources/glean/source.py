"""Glean as a source: its datasources, each with its object types and its health."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Final, Self
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import Field, model_validator

from discovery.files import NoSuchSource
from discovery.sources.source import Names, Source

if TYPE_CHECKING:
    from discovery.sources.glean.access import Access
    from discovery.sources.glean.find import GleanDatasource

ALL: Final = "*"
"""Stands for all datasources that can be searched."""

_FORM: Final = re.compile(r"glean(\+https?)?://|https://[\w-]+-be\.glean\.com(?=[/?]|$)")
_INSTANCE: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_VARIABLE: Final = r"^[A-Za-z_][A-Za-z0-9_]*$"
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Glean(Source):
    """Datasources of Glean, custom and native: a template for each object type, and a connector.

    Which ones: `datasources`, or `?datasource=a,b` in the address; by default all that can be
    searched. Custom ones that nobody can search have to be named: `?datasource=a,b,*` is those and
    all the others.
    """

    FORM: ClassVar = "glean://INSTANCE, glean+https://HOST; ?datasource=a,b for some"
    NEEDS: ClassVar = (
        "GLEAN_CLIENT_TOKEN (search, documents), GLEAN_INDEXING_TOKEN (custom datasources), or one"
        " of them; --industry"
    )

    datasources: Names = Field([], description="datasources to look at; * for all others")
    indexing_token: str = Field(
        "GLEAN_INDEXING_TOKEN",
        pattern=_VARIABLE,
        description="environment variable that holds the token of the indexing API",
    )
    client_token: str = Field(
        "GLEAN_CLIENT_TOKEN",
        pattern=_VARIABLE,
        description="environment variable that holds the token of the client API",
    )
    act_as: str = Field("", description="e-mail address of the user a global client token acts as")
    seconds: float = Field(30, gt=0, le=600, description="seconds that an answer may take")

    @classmethod
    def takes(cls, text: str) -> bool:
        """Tell whether a text is an address of Glean."""
        return bool(_FORM.match(text))

    @model_validator(mode="after")
    def _is_an_address(self) -> Self:
        url = self._url
        if url.username or url.password or "@" in url.netloc:
            raise ValueError("an address of Glean holds no token: put it into GLEAN_CLIENT_TOKEN")
        if url.path.strip("/") or url.fragment:
            raise ValueError("an address of Glean has no path: glean://INSTANCE?datasource=a,b")
        if unknown := parse_qs(url.query, keep_blank_values=True).keys() - {"datasource"}:
            raise ValueError(f"an address of Glean may have ?datasource=a,b but no {min(unknown)}")
        if url.scheme == "glean" and not _INSTANCE.fullmatch(url.netloc):
            raise ValueError(
                "INSTANCE in glean://INSTANCE is a name such as acme; for a host,"
                " write glean+https://HOST"
            )
        if not url.hostname:
            raise ValueError("an address of Glean names a host: glean+https://HOST")
        if url.scheme == "glean+http" and url.hostname not in _LOOPBACK:
            raise ValueError("a token is not sent without encryption: use glean+https://")
        return self

    @property
    def place(self) -> str:
        """The address of the backend, whatever datasources are looked at there."""
        return self.base_url

    @property
    def _url(self) -> SplitResult:
        return urlsplit(self.text)

    @property
    def base_url(self) -> str:
        """The address of the instance's backend."""
        if self._url.scheme == "glean":
            return f"https://{self._url.netloc}-be.glean.com"
        return f"{self._url.scheme.removeprefix('glean+')}://{self._url.netloc}"

    @property
    def instance(self) -> str:
        """The name of the instance, or its host."""
        return self._url.netloc.removesuffix("-be.glean.com")

    def finds(self) -> "Iterator[GleanDatasource]":
        """Yield each datasource, in the order of their names.

        Raises:
            NoSuchSource: there is no token, Glean cannot be reached, or there is no datasource.
        """
        from discovery.sources.glean.access import Access  # and the libraries that speak HTTP
        from discovery.sources.glean.client import GleanFailure
        from discovery.sources.glean.find import GleanDatasource

        access = Access(
            base_url=self.base_url,
            indexing_token=self.indexing_token,
            client_token=self.client_token,
            act_as=self.act_as,
            seconds=self.seconds,
        )
        try:
            names = self._names(access)
        except GleanFailure as failure:
            raise NoSuchSource(f"{self.text}: {failure}") from None
        for name in sorted(names):
            yield GleanDatasource(access=access, instance=self.instance, name=name)

    def _names(self, access: "Access") -> set[str]:
        given = parse_qs(self._url.query).get("datasource", [])
        named = {name for text in given for name in text.split(",") if name} | {*self.datasources}
        with access.apis() as apis:
            if not (apis.client or apis.indexing):
                raise NoSuchSource(
                    f"{self.text} needs a token: set {self.client_token} or {self.indexing_token}"
                )
            if named and ALL not in named:
                return named
            if apis.client is None:
                raise NoSuchSource(
                    f"{self.text}: without {self.client_token}, name the custom datasources:"
                    " ?datasource=a,b"
                )
            names = {*apis.client.datasources(), *named} - {ALL}
        if not names:
            raise NoSuchSource(
                f"{self.text}: no datasource can be searched; name custom ones by ?datasource=a,b"
            )
        return names
