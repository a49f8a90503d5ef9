"""curl at a registry with accounts: the token flow step by step as the specification has it, and the short ways."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.clients.authority import Authority, Credential
from tests.clients.layouts import small_image
from tests.clients.programs import Home, Program
from tests.clients.tools import Skopeo

QUIET = ("--silent", "--show-error", "--max-time", "20")


class Curl:
    def __init__(self, home: Home, host: str) -> None:
        self.program = Program("curl", *QUIET, environment=home.environment)
        self.url = f"http://{host}"

    def status(self, path: str, *flags: str) -> int:
        return int(self.program.run("--output", "/dev/null", "--write-out", "%{http_code}", *flags, self.url + path))

    def challenge(self, path: str, *flags: str) -> dict[str, str]:
        head = self.program.run("--dump-header", "-", "--output", "/dev/null", *flags, self.url + path)
        line = next(line for line in head.splitlines() if line.lower().startswith("www-authenticate:"))
        assert "Bearer " in line
        return dict(re.findall(r'(\w+)="([^"]*)"', line))

    def document(self, path: str, *flags: str) -> Any:  # JSON of whatever was asked
        return json.loads(self.program.run(*flags, self.url + path))


def user(login: Credential) -> tuple[str, str]:
    return ("--user", f"{login.name}:{login.password}")


def bearer(token: str) -> tuple[str, str]:
    return ("--header", f"Authorization: Bearer {token}")


@pytest.fixture
def curl(home: Home, authority: Authority) -> Curl:
    return Curl(home, authority.host)


@pytest.fixture
def manifest(skopeo: Skopeo, home: Home, authority: Authority, crew: str) -> str:
    """The address of an image that a writer has pushed."""
    writer = authority.somebody(crew, "writer")
    creds = f"--dest-creds={writer.name}:{writer.password}"
    skopeo.push(small_image(home.folder(), "of the crew"), f"{authority.host}/{crew}/app:1.0", creds)
    return f"/v2/{crew}/app/manifests/1.0"


def test_the_flow_of_the_specification(curl: Curl, authority: Authority, crew: str, manifest: str) -> None:
    asked = curl.challenge(manifest)
    assert f"repository:{crew}/app:pull" == asked["scope"]

    wishes = ("--get", "--data-urlencode", f"service={asked['service']}", "--data-urlencode", f"scope={asked['scope']}")
    place = asked["realm"].removeprefix(curl.url)
    given = curl.document(place, *wishes, *user(authority.somebody(crew)))

    assert given["token"] == given["access_token"]
    assert 200 == curl.status(manifest, *bearer(given["token"]))


def test_a_token_of_nobody_opens_nothing_private(curl: Curl, manifest: str) -> None:
    scope = curl.challenge(manifest)["scope"]
    given = curl.document(f"/token?scope={scope}")

    assert 401 == curl.status(manifest, *bearer(given["token"]))


def test_a_token_of_nobody_opens_what_is_public(curl: Curl, authority: Authority, crew: str, manifest: str) -> None:
    authority.make_public(f"{crew}/app")
    given = curl.document(f"/token?scope=repository:{crew}/app:pull,push")

    assert f"repository:{crew}/app:pull" == given["scope"]
    assert 200 == curl.status(manifest, *bearer(given["token"]))
    assert 200 == curl.status(manifest)
    assert 401 == curl.status(f"/v2/{crew}/app/blobs/uploads/", "--request", "POST", *bearer(given["token"]))


def test_a_token_is_asked_for_what_it_does_not_hold(curl: Curl, authority: Authority, crew: str, manifest: str) -> None:
    """It was given for pulling, to somebody who may push: the refusal says which scope to ask for."""
    login = user(authority.somebody(crew, "writer"))
    given = curl.document(f"/token?scope=repository:{crew}/app:pull", *login)

    asked = curl.challenge(f"/v2/{crew}/app/blobs/uploads/", "--request", "POST", *bearer(given["token"]))

    assert ("insufficient_scope", f"repository:{crew}/app:pull,push") == (asked["error"], asked["scope"])


def test_a_password_and_a_token_open_it_straight_away(
    curl: Curl, authority: Authority, crew: str, manifest: str
) -> None:
    somebody = authority.somebody(crew)
    token = authority.token(somebody.name)

    assert [200, 200, 200] == [
        curl.status(manifest, *user(somebody)),
        curl.status(manifest, *user(token)),
        curl.status(manifest, *bearer(token.password)),
    ]
    assert [401, 401] == [
        curl.status(manifest, *user(Credential(somebody.name, "another word"))),
        curl.status(manifest, *bearer(token.password[:-1])),
    ]


def test_what_is_kept_buys_new_tokens_again_and_again(
    curl: Curl, authority: Authority, crew: str, manifest: str, folder: Path
) -> None:
    somebody = authority.somebody(crew)
    form = folder / "form"
    form.write_text(f"grant_type=password&client_id=curl&access_type=offline&username={somebody.name}")
    (folder / "password").write_text(somebody.password)
    sent = ("--data", f"@{form}", "--data-urlencode", f"password@{folder / 'password'}")
    kept = curl.document("/token", *sent, "--data", f"scope=repository:{crew}/app:pull")["refresh_token"]

    for _ in range(2):
        renewed = ("--data", "grant_type=refresh_token", "--data", f"refresh_token={kept}")
        given = curl.document("/token", *renewed, "--data", f"scope=repository:{crew}/app:pull")
        assert 200 == curl.status(manifest, *bearer(given["access_token"]))

    authority.revoke_all(somebody.name)
    assert 401 == curl.status("/token", *renewed)
    assert 401 == curl.status(manifest, *bearer(given["access_token"]))


def test_curl_finds_its_login_in_netrc_and_shows_it_to_nobody_else(
    curl: Curl, home: Home, authority: Authority, crew: str, manifest: str
) -> None:
    service = authority.token(authority.somebody(crew).name)
    netrc = home.root / ".netrc"
    netrc.write_text(f"machine 127.0.0.1 login {service.name} password {service.password}\n")
    packages = f"/orgs/{crew}/packages?package_type=container"

    assert [200, 200, 401] == [
        curl.status(manifest, "--netrc"),
        curl.status(packages, "--netrc"),
        curl.status(packages),
    ]
    assert ["app"] == [package["name"] for package in curl.document(packages, "--netrc")]
    assert service.password not in authority.registry.log.read_text()
