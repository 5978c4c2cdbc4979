"""No secret gets into an event, nor into what is said about it."""

import pytest
from given import configuration
from pydantic import ValidationError

from registry.commands import RegisterConnector, ReviseConnector
from registry.connector import AuthMethod

SECRET = "Tr0ub4dor&3"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
GITHUB_TOKEN = "ghp_" + 6 * "16c7E4"

TELLING_KEYS = [
    "password",
    "Password",
    "PASSWORD",
    "dbPassword",
    "DB_PASS",
    "pwd",
    "passphrase",
    "password2",
    "password ",
    "Ｐassword",
    "api_key",
    "api-key",
    "apiKey",
    "APIKey",
    "X-API-Key",
    "client.secret",
    "clientSecret",
    "client_secret_value",
    "secret_key",
    "aws_secret_access_key",
    "accountKey",
    "signing_key",
    "Ocp-Apim-Subscription-Key",
    "accessTOKEN",
    "refresh token",
    "tokens",
    "jwt",
    "cookie",
    "credentials",
    "Authorization",
]
SECRET_VALUES = [
    JWT,
    f"Bearer {JWT}",
    "Bearer 0a1b2c3d4e",
    "Authorization: Basic dXNlcjpwYXNz",
    GITHUB_TOKEN,
    f"clone with {GITHUB_TOKEN}",
    "glpat-" + 4 * "x1Y2z",
    "xoxb-1234567890-abcdef",
    "sk-" + 8 * "a1B2c3",
    "AKIAIOSFODNN7EXAMPLE",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----",
    f"postgresql://registry:{SECRET}@db.test/data",
    f"jdbc:postgresql://registry:{SECRET}@db.test/data",
    f"redis://:{SECRET}@cache.test",
    "https://user:pass#word@wiki.test",
    f"https://wiki.test/?api_key={SECRET}",
    f"Server=db.test;User=sa;Password={SECRET};",
    f"host=db.test password='{SECRET}'",
]
HARMLESS = [
    {"token_url": "https://login.test/token"},
    {"password_policy": "strong"},
    {"secret_name": "jira/production"},
    {"token_type": "bearer", "max_tokens": 4096},
    {"api_key_header": "X-Api-Key"},
    {"private_key_path": "/run/keys/jira.pem", "public_key": "MFkwEwYH"},
    {"project_key": "OPS", "primary_key": "id", "sort_key": "created"},
    {"use_token": True, "password": None, "secrets": [], "cookie": ""},
    {"bypass": "cache", "compass": "north", "author": "me"},
    {"oauth": {"token_endpoint_auth_method": "private_key_jwt", "client_id": "registry"}},
    {"credentials": {"client_id": "registry", "secret_ref": "jira"}},
    {"description": "Basic authentication", "scheme": "Bearer token"},
    {"locale": "sk-SK", "library": "sk-learn-pipelines", "region": "ASIA-PACIFIC-1"},
    {"jql": "project = OPS AND updated >= -1d"},
    {"url": "https://wiki.test:8080?owner=me@corp.test"},
    {"url": "https://wiki.test?filter=x:y@corp.test"},
    {"url": "ssh://git@code.test:22/a@b", "remote": "git@code.test:team/code.git"},
    {"url": "https://[::1]:5432/a@b"},
    {"unparsable": "https://[::1"},
    {"pages": [1, 2.5, None, True, {"depth": 3}]},
]
REFERENCES = [
    {"password": "env:JIRA_PASSWORD"},
    {"token": "vault:secret/jira#token"},
    {"api_keys": ["file:/run/secrets/first", "k8s:jira/second"]},
    {"Authorization": "Bearer ${TOKEN}", "note": "Bearer env:TOKEN1"},
    {"password": {"value": "${JIRA_PASSWORD}"}},
    {"headers": [{"name": "X-Api-Key", "value": "aws-sm:jira/key"}]},
    {"url": "https://${USER}:${PASSWORD}@wiki.test/?api_key=${KEY}&page=2"},
]
NESTED = [
    ({"smtp": {"pass": SECRET}}, "/config/smtp/pass"),
    ({"tokens": ["env:FIRST", SECRET]}, "/config/tokens/1"),
    ({"password": {"value": SECRET}}, "/config/password/value"),
    ({"headers": [{"name": "X-Api-Key", "value": SECRET}]}, "/config/headers/0/value"),
    ({"a/b": {"~c": [{"secret": SECRET}]}}, "/config/a~1b/~0c/0/secret"),
    ({"pin": {"password": 20241231}}, "/config/pin/password"),
    ({"by_token": {GITHUB_TOKEN: {"password": SECRET}}}, "/config/by_token"),
]


def refusal(**parts):
    """Return all that is said about a configuration that is refused."""
    with pytest.raises(ValidationError) as refused:
        RegisterConnector(name="Jira", configuration={"connector_type": "jira", **parts})
    return f"{refused.value} {refused.value!r} {refused.value.errors(include_input=False)}"


@pytest.mark.parametrize("key", TELLING_KEYS)
def test_the_value_of_a_telling_key_is_refused(key):
    said = refusal(config={key: SECRET})

    assert f"what looks like a secret at /config/{key}. " in said
    assert SECRET not in said


@pytest.mark.parametrize("value", SECRET_VALUES)
def test_what_has_the_form_of_a_secret_is_refused_under_any_key(value):
    for said in (refusal(config={"note": value}), refusal(config={value: 1})):
        assert "looks like a secret at /config" in said
        assert value not in said
        assert SECRET not in said


@pytest.mark.parametrize("value", SECRET_VALUES)
def test_an_endpoint_holds_no_secret(value):
    said = refusal(endpoint=value)

    assert "looks like a secret at /endpoint. " in said
    assert value not in said


@pytest.mark.parametrize(("config", "place"), NESTED)
def test_the_place_of_a_secret_is_told_and_not_the_secret(config, place):
    said = refusal(config=config)

    assert f"looks like a secret at {place}. " in said
    assert not any(secret in said for secret in (SECRET, GITHUB_TOKEN, "20241231"))


@pytest.mark.parametrize("config", HARMLESS + REFERENCES)
def test_references_and_harmless_values_are_let_through(config):
    command = RegisterConnector(
        name="Jira", configuration=configuration(endpoint="https://jira.test", config=config)
    )
    assert command.configuration.config == config


@pytest.mark.parametrize("method", AuthMethod)
def test_the_name_of_a_method_is_no_secret(method):
    settings = configuration(auth_method=method, config={"auth": {"method": str(method)}})
    assert ReviseConnector(configuration=settings).configuration == settings


def test_a_revision_is_looked_at_as_well():
    with pytest.raises(ValidationError, match="looks like a secret at /config/password"):
        ReviseConnector(configuration=configuration(config={"password": SECRET}))


@pytest.mark.parametrize(
    "parts",
    [
        {"auth_method": SECRET},
        {"endpoint": [SECRET]},
        {"config": SECRET},
        {"password": SECRET},
        {"connector_type": SECRET},
        {"endpoint": SECRET + "\0"},
        {"config": {"note": SECRET + "\0"}},
    ],
)
def test_errors_of_other_kinds_do_not_repeat_what_was_given(parts):
    assert SECRET not in refusal(**parts)
