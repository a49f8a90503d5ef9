"""An image on its way between two registries with accounts, each of which has a login of its own, by skopeo."""

import secrets
from collections.abc import Iterator

import pytest

from tests.clients.authority import Authority, Credential
from tests.clients.conftest import need
from tests.clients.layouts import many_platforms
from tests.clients.programs import Home
from tests.clients.tools import Skopeo
from wharf.testing.registry_process import RegistryProcess


@pytest.fixture(scope="module")
def elsewhere(registry_is_ours: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    data = tmp_path_factory.mktemp("elsewhere") / "data"
    with RegistryProcess(data, admin_password=secrets.token_urlsafe()) as registry:
        yield Authority(registry)


@pytest.fixture
def crews(authority: Authority, elsewhere: Authority) -> tuple[str, str]:
    return authority.organisation(), elsewhere.organisation()


@pytest.fixture
def source(skopeo: Skopeo, home: Home, authority: Authority, crews: tuple[str, str]) -> str:
    image = f"{authority.host}/{crews[0]}/app:1.0"
    layout = many_platforms(home.folder(), "from here to there", ["amd64", "arm64"])
    skopeo.push(layout, image, "--all", shown("dest", authority.administrator))
    return image


@pytest.fixture
def target(elsewhere: Authority, crews: tuple[str, str]) -> str:
    return f"{elsewhere.host}/{crews[1]}/app:1.0"


def shown(end: str, login: Credential) -> str:
    return f"--{end}-creds={login.name}:{login.password}"


def test_each_end_gets_its_own_login(
    skopeo: Skopeo, authority: Authority, elsewhere: Authority, crews: tuple[str, str], source: str, target: str
) -> None:
    reader, writer = authority.somebody(crews[0]), elsewhere.service(crews[1], f"{crews[1]}/app")

    skopeo.copy(source, target, "--all", shown("src", reader), shown("dest", writer))

    assert authority.digest(f"{crews[0]}/app", "1.0") == elsewhere.digest(f"{crews[1]}/app", "1.0")


def test_a_login_is_good_at_its_own_end_only(
    skopeo: Skopeo, authority: Authority, elsewhere: Authority, crews: tuple[str, str], source: str, target: str
) -> None:
    """The administrator of each is a stranger at the other one."""
    here, there = authority.administrator, elsewhere.administrator
    both = ("copy", "--all", "--src-tls-verify=false", "--dest-tls-verify=false")

    said = skopeo.program.fail(*both, shown("src", there), shown("dest", there), f"docker://{source}", "dir:/tmp/none")
    assert "unauthorized" in said
    said = skopeo.program.fail(
        *both, shown("src", here), shown("dest", here), f"docker://{source}", f"docker://{target}"
    )
    assert "unauthorized" in said


def test_a_token_of_the_other_registry_opens_nothing(
    skopeo: Skopeo, authority: Authority, elsewhere: Authority, source: str
) -> None:
    need("skopeo")
    foreign = elsewhere.token(elsewhere.administrator.name)

    said = skopeo.program.fail(
        "inspect", "--tls-verify=false", f"--creds={foreign.name}:{foreign.password}", f"docker://{source}"
    )

    assert "unauthorized" in said
