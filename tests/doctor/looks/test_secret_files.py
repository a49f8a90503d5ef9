"""Files that hold a secret, and files that only look as if they did."""

import pytest

from tests.doctor.repositories import checkout_of
from wharf.doctor.looks.secret_files import secret_files
from wharf.formats.files import WrittenFiles

KEY = "-----BEGIN RSA PRIVATE KEY-----\n"


def is_secret(path: str, content: str) -> bool:
    return path in checkout_of(WrittenFiles({path: content})).once(secret_files)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".env", "DB_PASSWORD=hT7vk2Qz9w\n"),
        ("app/.env.production", "export API_KEY='k-93jd82'\n"),
        ("deploy/id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----\n"),
        ("server.key", KEY),
        (".npmrc", "//registry.npmjs.example/:_authToken=npm_a8Qk2\n"),
        (".docker/config.json", '{"auths": {"ghcr.io": {"auth": "dXNlcjpwYXNz"}}}'),
        ("gcp/credentials.json", '{"private_key": "-----BEGIN"}'),
    ],
)
def test_a_secret_is_seen(path: str, content: str) -> None:
    assert is_secret(path, content)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".env", "PORT=8080\nTOKEN_URL=https://example.com\n"),
        (".env", "DB_PASSWORD=\nSECRET=${SECRET}\nTOKEN=<token>\n"),
        (".env", "DB_PASSWORD=changeme\nPOSTGRES_PASSWORD=postgres\n"),
        (".env.example", "DB_PASSWORD=hT7vk2Qz9w\n"),
        ("ca.pem", "-----BEGIN CERTIFICATE-----\n"),
        ("tests/fixtures/server.key", KEY),
        (".npmrc", "//registry.npmjs.example/:_authToken=${NPM_TOKEN}\n"),
        ("locale/en.key", "hello\n"),
        ("config.json", '{"auth": "dXNlcjpwYXNz"}'),
    ],
)
def test_what_is_none_is_left_in_peace(path: str, content: str) -> None:
    assert not is_secret(path, content)
