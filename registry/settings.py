"""Every setting of the product, read from the environment or a `.env` file."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, HttpUrl, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from registry.compatibility import Mode


class Settings(BaseSettings):
    """Settings by their environment variable's name, lower-cased; `.env.example` explains each."""

    model_config = SettingsConfigDict(
        env_file=".env",
        extra="ignore",
        env_ignore_empty=True,
        # An issuer is compared character by character: "https://issuer" must not gain a "/".
        url_preserve_empty_path=True,
    )

    database_url: SecretStr | None = None
    registry_data_dir: Path = Path(".data")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    run_projector: bool = True

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["auto", "console", "json"] = "auto"

    compatibility_mode: Mode = Mode.BACKWARD

    receipt_hours: Annotated[int, Field(ge=1, le=24 * 365)] = 24

    ledger_checkpoint_events: Annotated[int, Field(ge=1)] = 10_000
    ledger_checkpoint_seconds: Annotated[int, Field(ge=0)] = 600

    oauth_issuer: HttpUrl | None = None
    oauth_jwks_url: HttpUrl | None = None
    oauth_token_url: HttpUrl | None = None
    oauth_audience: str = "dataset-registry"
    oauth_client_id_claim: str = "client_id"
    oauth_leeway_seconds: Annotated[int, Field(ge=0, le=300)] = 30

    @field_validator("database_url")
    @classmethod
    def _is_a_postgres_url(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not url.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError(
                "must be a PostgreSQL URL such as postgresql://user@host:5432/registry"
            )
        return url

    @model_validator(mode="after")
    def _names_the_issuer_with_its_keys(self) -> Self:
        if (self.oauth_issuer is None) != (self.oauth_jwks_url is None):
            raise ValueError("set OAUTH_ISSUER and OAUTH_JWKS_URL together, or neither")
        return self


@lru_cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
