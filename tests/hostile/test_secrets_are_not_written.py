"""Nothing secret is written down: not in the log, not in the database, not in what administrators read of the past.

But for what the registry itself must say later: the secret of a webhook, which signs, and its address. These stand in
the database alone.
"""

import base64
import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.oidc_issuer import AUDIENCE, oidc_issuer
from wharf.testing.registry import basic
from wharf.testing.registry_process import RegistryProcess

pytestmark = pytest.mark.slow

OWN = "/api/wharf/v1"
FIRST = "first password of admin"
SECOND = "second password of mara"
THIRD = "third password of mara"
WRONG = "wrong password of mara"
HOOK = "secret of a webhook"
NEXT_HOOK = "next secret of a webhook"
KEY_OF_HOOK = "k3y-in-the-address-of-a-webhook"
NEXT_KEY_OF_HOOK = "k3y-in-the-next-address-of-a-webhook"
OF_HOOKS = (HOOK, NEXT_HOOK, KEY_OF_HOOK, NEXT_KEY_OF_HOOK)
NAMES = ("admin", "mara")


class Visitor:
    """Does all that somebody can do with secrets, and keeps them, to look for them afterwards."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.secrets = [FIRST, SECOND, THIRD, WRONG]

    def ask(self, method: str, path: str, who: str = "", body: object = None) -> Any:
        return self._sent(method, path, who, None if body is None else json.dumps(body))

    def fill_in(self, form: dict[str, str]) -> Any:
        return self._sent("POST", "/token", "", urlencode(form))

    def _sent(self, method: str, path: str, who: str, body: str | None) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=120)
        connection.request(method, path, body, {"Authorization": who} if who else {})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return json.loads(text) if text else {}

    def keep(self, answer: Any, name: str = "token") -> str:
        secret = str(answer[name])
        self.secrets.append(secret)
        return secret


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RegistryProcess, Visitor]]:
    folder = tmp_path_factory.mktemp("secrets")
    with RegistryProcess(folder / "data", "--workers", "2", admin_password=FIRST) as registry, oidc_issuer() as issuer:
        visitor = Visitor(registry.port)
        admin, mara = basic("admin", FIRST), basic("mara", SECOND)
        visitor.ask("POST", f"{OWN}/users", admin, {"login": "mara", "password": SECOND})
        visitor.ask("GET", "/user", basic("mara", WRONG))
        made = visitor.ask("POST", f"{OWN}/tokens", mara, {"label": "l", "scopes": ["admin"], "expires_in": 3600})
        personal = visitor.keep(made)
        visitor.keep(visitor.ask("POST", f"{OWN}/tokens/{made['id']}/rotate", mara, {"overlap_seconds": 60}))
        docker = visitor.ask("GET", "/token?scope=repository:mara/app:pull&offline_token=true", mara)
        short, kept = visitor.keep(docker), visitor.keep(docker, "refresh_token")
        form = {"grant_type": "password", "username": "mara", "password": SECOND}
        visitor.keep(visitor.fill_in(form))
        form = {"grant_type": "refresh_token", "refresh_token": kept}
        visitor.keep(visitor.fill_in(form))
        for credential in (f"Bearer {short}", f"Bearer {personal}", f"token {personal}", basic("mara", personal)):
            visitor.ask("GET", "/v2/mara/app/manifests/v1", credential)
            visitor.ask("GET", "/v2/mara/app/manifests/v1", credential[:-1])
        rule = {"label": "ci", "issuer": issuer.url, "audience": AUDIENCE, "subject": "repo:crew/*", "account": "mara"}
        visitor.ask("POST", f"{OWN}/identity-rules", admin, {**rule, "scopes": ["read:packages"]})
        identity = issuer.token()
        visitor.secrets.append(identity)
        visitor.keep(visitor.ask("POST", f"{OWN}/exchange", "", {"token": identity}))
        visitor.ask("POST", f"{OWN}/exchange", "", {"token": identity})
        hook = {"url": f"http://127.0.0.1:9/{KEY_OF_HOOK}", "events": ["*"], "secret": HOOK}
        number = visitor.ask("POST", f"{OWN}/owners/-/webhooks", admin, hook)["id"]
        edit = {"url": f"http://127.0.0.1:9/{NEXT_KEY_OF_HOOK}", "secret": NEXT_HOOK}
        visitor.ask("PATCH", f"{OWN}/owners/-/webhooks/{number}", admin, edit)
        visitor.ask("POST", f"{OWN}/owners/-/webhooks/{number}/pings", admin)
        visitor.ask("PATCH", f"{OWN}/users/mara", mara, {"password": THIRD, "old_password": SECOND})
        visitor.ask("PATCH", f"{OWN}/users/mara", admin, {"password": THIRD})
        yield registry, visitor


def test_none_is_in_the_log(visited: tuple[RegistryProcess, Visitor]) -> None:
    registry, visitor = visited
    log = registry.log.read_bytes()
    secrets = [*visitor.secrets, *OF_HOOKS]
    assert [] == [secret for secret in secrets for form in forms(secret) if form in log]


def test_none_is_in_the_files_of_the_registry(visited: tuple[RegistryProcess, Visitor]) -> None:
    registry, visitor = visited
    written = [path.read_bytes() for path in sorted(Path(registry.data).rglob("*")) if path.is_file()]
    found = [secret for secret in visitor.secrets for form in forms(secret) if any(form in each for each in written)]
    assert [] == found


def test_none_is_in_what_is_told_of_the_past(visited: tuple[RegistryProcess, Visitor]) -> None:
    _, visitor = visited
    told = json.dumps(visitor.ask("GET", f"{OWN}/audit?per_page=100", basic("admin", FIRST)))
    assert "token.exchange" in told
    assert "webhook.edit" in told
    assert [] == [secret for secret in (*visitor.secrets, *OF_HOOKS) if secret in told]


def test_there_were_secrets_of_each_kind(visited: tuple[RegistryProcess, Visitor]) -> None:
    _, visitor = visited
    for beginning in ("wharf_pat_", "wharf_ref_", "wharf_ci_", "eyJ"):
        assert any(secret.startswith(beginning) for secret in visitor.secrets)


def forms(secret: str) -> list[bytes]:
    """As it is, and as it stands in an address, a form, and a header."""
    pairs = [base64.b64encode(f"{name}:{secret}".encode()) for name in NAMES]
    return [secret.encode(), quote(secret).encode(), urlencode({"": secret})[1:].encode(), *pairs]
