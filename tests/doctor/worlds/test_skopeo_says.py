"""What skopeo itself says in failing worlds, and what the doctor makes of it, with nothing but those words to go by."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.client.certificates import Authority
from tests.client.raw_server import RawServer, Talk
from tests.client.token_service import Account, House, serving
from tests.doctor.worlds.around_a_registry import logged_in
from tests.doctor.worlds.said import said
from tests.doctor.worlds.shelf import Shelf
from tests.doctor.worlds.world import World, world_in
from wharf.testing.registry_process import RegistryProcess, free_port

pytestmark = pytest.mark.slow

HERE = "127.0.0.1"
PLAIN = "--tls-verify=false"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.create(tmp_path / "authority")


@pytest.fixture
def shelf() -> Shelf:
    filled = Shelf()
    filled.image("team/app", "sha-453a654")
    return filled


@pytest.fixture
def world(tmp_path: Path) -> World:
    return world_on(tmp_path)


def world_on(home: Path, **environ: str) -> World:
    built = world_in(home, {"XDG_RUNTIME_DIR": str(home), **environ})
    return World(replace(built.scene, root=home))


def causes(world: World, image: str, *flags: str) -> tuple[str, list[str]]:
    return world.causes_of(said(world, "skopeo", "--command-timeout=10s", "inspect", *flags, f"docker://{image}"))


@pytest.mark.parametrize(
    ("names", "begins", "ends", "expected"),
    [
        ([HERE], -9, -1, ("tls-certificate-out-of-date", ["expired"])),
        ([HERE], 1, 9, ("tls-certificate-out-of-date", ["not-yet-valid"])),
        ([], -1, 9, ("tls-common-name-only", ["certificate-without-names"])),
        (["registry.test"], -1, 9, ("tls-address-not-in-certificate", ["no-address-in-san"])),
        (["127.0.0.2"], -1, 9, ("tls-name-not-in-certificate", ["name-not-in-san"])),
        ([HERE], -1, 9, ("tls-unknown-authority", ["authority-not-known-here"])),
    ],
)
def test_of_certificates(
    world: World,
    authority: Authority,
    names: list[str],
    begins: int,
    ends: int,
    expected: tuple[str, list[str]],
) -> None:
    identity = authority.issue(*names, common_name=HERE, begins=timedelta(days=begins), ends=timedelta(days=ends))

    with RawServer(dated, identity.server_context()) as server:
        assert expected == causes(world, f"{server.host}/team/app:1.0")


def test_of_a_registry_that_wants_a_client_certificate(tmp_path: Path, authority: Authority) -> None:
    context = authority.issue(HERE).server_context(clients_signed_by=authority.file)
    world = world_on(tmp_path, SSL_CERT_FILE=str(authority.file))

    with RawServer(dated, context) as server:
        # In TLS 1.3 a client may be told by a reset before it reads why: then it cannot say so.
        tries = (causes(world, f"{server.host}/team/app:1.0") for _ in range(5))
        assert ("tls-client-certificate-refused", ["none-given"]) in tries


def test_of_a_port_that_nobody_listens_at(world: World) -> None:
    assert ("registry-connection-refused", ["nobody-listens"]) == causes(world, f"{HERE}:{free_port()}/team/app:1.0")


def test_of_a_tag_with_a_prefix(world: World, shelf: Shelf) -> None:
    with RawServer(shelf.behave) as server:
        assert ("manifest-unknown", ["tag-with-prefix-or-suffix"]) == causes(
            world, f"{server.host}/team/app:453a654", PLAIN
        )


def test_of_a_repository_that_is_not_there(world: World, shelf: Shelf) -> None:
    with RawServer(shelf.behave) as server:
        assert ("repository-unknown", ["path-wrong-or-never-pushed"]) == causes(
            world, f"{server.host}/others/api:1.0", PLAIN
        )


def test_of_wharf_s_own_registry(tmp_path: Path, world: World) -> None:
    with RegistryProcess(tmp_path / "data") as registry:
        assert ("repository-unknown", ["path-wrong-or-never-pushed"]) == causes(
            world, f"{registry.host}/team/app:1.0", PLAIN
        )


def test_of_a_registry_that_wants_to_know_who_asks(tmp_path: Path, world: World, shelf: Shelf) -> None:
    house = House({"someone": Account("a-secret-word", {"team/*": frozenset({"pull"})})}, answer=shelf.answer)
    with serving(house) as host:
        logged_in(tmp_path, host, password="another-word")

        assert ("login-refused", ["refused"]) == causes(world, f"{host}/team/app:1.0", PLAIN)


def dated(talk: Talk) -> None:
    talk.say(200, b"{}", date=f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT")
