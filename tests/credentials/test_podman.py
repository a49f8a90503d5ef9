"""Logins that podman, skopeo and buildah do not see."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.credentials.stage import Home, auth
from wharf.credentials.credential import Password
from wharf.credentials.podman import unseen_login
from wharf.credentials.secret import Secret
from wharf.oci.strict_json import JsonValue

HERE = "registry.example"
ADA = Password("ada", Secret("open-sesame"))
KEPT: JsonValue = {HERE: {"auth": auth("ada", "open-sesame")}}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, XDG_RUNTIME_DIR=str(tmp_path / "run"))


def unseen(home: Home) -> str:
    return unseen_login(HERE, ADA, home.environ, home.path, "linux")


def first(home: Home, content: Mapping[str, JsonValue]) -> None:
    home.write(Path(home.environ["XDG_RUNTIME_DIR"]) / "containers" / "auth.json", content)


def test_what_stands_in_dockers_file_is_seen(home: Home) -> None:
    home.write_config({"auths": KEPT})
    assert "" == unseen(home)


def test_a_file_that_is_read_alone_hides_it(home: Home) -> None:
    home.environ["REGISTRY_AUTH_FILE"] = "/elsewhere/auth.json"
    assert "read /elsewhere/auth.json alone" in unseen(home)


@pytest.mark.parametrize(
    ("content", "hides"),
    [
        ({"auths": {HERE: {"auth": auth("ada", "older")}}}, True),
        ({"auths": KEPT}, False),
        ({"auths": {"other.example": {"auth": auth("ada", "older")}}}, False),
        ({"auths": {HERE: {}}}, False),
        ({"credHelpers": {HERE: "box"}}, True),
    ],
)
def test_a_file_that_is_read_first_hides_it_where_it_says_something_else(
    home: Home, content: Mapping[str, JsonValue], hides: bool
) -> None:
    home.write_config({"auths": KEPT})
    first(home, content)
    assert hides is unseen(home).endswith(f"podman logout {HERE}")


@pytest.mark.parametrize(
    ("config", "hides"),
    [({"credsStore": "box", "auths": {HERE: {}}}, True), ({"credsStore": "a", "credHelpers": {HERE: "box"}}, False)],
)
def test_a_store_for_all_registries_is_not_looked_into(
    home: Home, config: Mapping[str, JsonValue], hides: bool
) -> None:
    home.write_config(config)
    assert hides is ("do not look into the credsStore" in unseen(home))
