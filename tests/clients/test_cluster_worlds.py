"""Clusters whose nodes get no image, and what kubectl shows the doctor of their pull secrets."""

import asyncio
import base64
import json
import socket
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from tests.client.peers import docker_registry
from tests.clients.conftest import need
from tests.clients.small_cluster import SmallCluster, kubeconfig
from tests.clients.test_logins import PASSWORDS
from tests.clients.test_logins import SECRET as PASSWORD
from tests.doctor.worlds.world import World, world_in
from wharf.cli.explain.asking import answered, diagnosed
from wharf.doctor.facts import FactName, Known
from wharf.doctor.language import Language
from wharf.doctor.origin import Place
from wharf.doctor.scene import Aim
from wharf.oci.reference import Reference

pytestmark = pytest.mark.slow

IMAGE = "ghcr.io/acme/hamalog-backend:1.0"
SECRET = "s3cr3t-of-a-robot"
ENTRY = {"auth": base64.b64encode(f"robot:{SECRET}".encode()).decode()}


@pytest.fixture
def cluster() -> SmallCluster:
    need("kubectl")
    return SmallCluster()


@pytest.fixture
def world(cluster: SmallCluster, tmp_path: Path) -> Iterator[World]:
    with cluster.served() as server:
        kubeconfig(tmp_path / ".kube" / "config", server)
        yield world_about(tmp_path, IMAGE)


def world_about(home: Path, image: str, log: str = "", **environ: str) -> World:
    reference = Reference.parse(image)
    aim = Aim(reference.registry, reference.repository, reference, log=log)
    return world_in(home, environ, aim=aim)


def fact(world: World, name: str) -> Known | None:
    seen = world.probed("kubernetes")
    assert SECRET not in repr(seen)
    assert ENTRY["auth"] not in repr(seen)
    return seen.facts.known.get(FactName(f"kubernetes.{name}"))


def test_a_secret_for_the_registry_is_fine(cluster: SmallCluster, world: World) -> None:
    cluster.secret("regcred", {"ghcr.io": ENTRY})
    assert "fine" == fact(world, "secret")


def test_nothing_is_kept_of_what_was_asked(cluster: SmallCluster, world: World) -> None:
    cluster.secret("regcred", {"ghcr.io": ENTRY})
    before = sorted(world.scene.home.rglob("*"))
    assert "answers" == fact(world, "outcome")
    assert before == sorted(world.scene.home.rglob("*"))


def test_a_namespace_without_a_secret_has_none(world: World) -> None:
    assert "absent" == fact(world, "secret")


def test_a_secret_in_another_namespace_is_found_there(cluster: SmallCluster, world: World) -> None:
    cluster.secret("regcred", {"ghcr.io": ENTRY}, namespace="production")
    assert "in-another-namespace" == fact(world, "secret")


def test_a_secret_for_another_registry_does_not_help(cluster: SmallCluster, world: World) -> None:
    cluster.secret("regcred", {"registry.example": ENTRY})
    assert "other-registry" == fact(world, "secret")


def test_a_secret_whose_key_has_a_port_that_the_image_has_not_is_told(cluster: SmallCluster, world: World) -> None:
    cluster.secret("regcred", {"https://ghcr.io:443": ENTRY})
    assert "key-of-another-form" == fact(world, "secret")


def test_a_secret_made_of_a_config_with_a_helper_has_no_credential(cluster: SmallCluster, world: World) -> None:
    cluster.secret("regcred", json.dumps({"auths": {"ghcr.io": {}}, "credsStore": "desktop"}).encode())
    assert "malformed" == fact(world, "secret")


def test_a_secret_that_is_no_list_of_credentials_is_malformed(cluster: SmallCluster, world: World) -> None:
    cluster.secret("regcred", b"ghcr.io: robot")
    assert "malformed" == fact(world, "secret")


def test_a_secret_of_the_general_type_is_of_the_wrong_one(cluster: SmallCluster, world: World) -> None:
    cluster.secret("regcred", {"ghcr.io": ENTRY}, kind="Opaque")
    assert "wrong-type" == fact(world, "secret")


def test_the_secret_that_the_text_names_is_the_one_that_counts(cluster: SmallCluster, tmp_path: Path) -> None:
    cluster.secret("regcred", {"ghcr.io": ENTRY})
    cluster.secret("old-cred", {"registry.example": ENTRY})
    log = "Unable to retrieve some image pull secrets (old-cred); attempting to pull the image may not succeed."
    with cluster.served() as server:
        kubeconfig(tmp_path / ".kube" / "config", server)
        assert "other-registry" == fact(world_about(tmp_path, IMAGE, log), "secret")


def test_the_namespace_that_the_text_names_is_the_one_that_counts(cluster: SmallCluster, tmp_path: Path) -> None:
    cluster.secret("regcred", {"ghcr.io": ENTRY}, namespace="production")
    with cluster.served() as server:
        kubeconfig(tmp_path / ".kube" / "config", server)
        assert "fine" == fact(world_about(tmp_path, IMAGE, "kubectl -n production get pods"), "secret")


ANONYMOUS = (
    'Failed to pull image "ghcr.io/acme/hamalog-backend:1.0": failed to pull and unpack image '
    '"ghcr.io/acme/hamalog-backend:1.0": failed to resolve reference "ghcr.io/acme/hamalog-backend:1.0": '
    "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to "
    "https://ghcr.io/token?scope=repository%3Aacme%2Fhamalog-backend%3Apull&service=ghcr.io: 401 Unauthorized"
)
UNRETRIEVED = "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed."


def of_another_namespace(cluster: SmallCluster) -> None:
    cluster.secret("regcred", {"ghcr.io": ENTRY}, namespace="staging")


def of_another_registry(cluster: SmallCluster) -> None:
    cluster.secret("regcred", {"registry.example": ENTRY})


def of_another_form(cluster: SmallCluster) -> None:
    cluster.secret("regcred", {"https://ghcr.io/v2": ENTRY})


def of_another_type(cluster: SmallCluster) -> None:
    cluster.secret("regcred", {"ghcr.io": ENTRY}, kind="Opaque")


def not_named(cluster: SmallCluster) -> None:
    cluster.secret("regcred", {"ghcr.io": ENTRY})
    cluster.account()
    cluster.pod("backend-1", IMAGE)


def nowhere(cluster: SmallCluster) -> None:
    cluster.account()


@pytest.mark.parametrize(
    ("build", "text", "cause"),
    [
        (nowhere, ANONYMOUS, "no-secret"),
        (of_another_namespace, ANONYMOUS, "secret-in-another-namespace"),
        (of_another_registry, ANONYMOUS, "secret-for-another-host"),
        (of_another_form, ANONYMOUS, "key-of-another-form"),
        (of_another_type, ANONYMOUS, "secret-malformed"),
        (not_named, ANONYMOUS, "secret-not-named"),
        (nowhere, UNRETRIEVED, "nowhere"),
        (of_another_namespace, UNRETRIEVED, "in-another-namespace"),
    ],
)
def test_the_one_cause_of_a_pull_that_fails_on_a_node_is_named(
    cluster: SmallCluster, tmp_path: Path, build: Callable[[SmallCluster], None], text: str, cause: str
) -> None:
    """The registry itself is out of reach here, by a proxy that is not there: what is asked is the cluster."""
    build(cluster)
    with cluster.served() as server:
        kubeconfig(tmp_path / ".kube" / "config", server)
        world = world_in(tmp_path, {"HTTPS_PROXY": "http://127.0.0.1:9"})
        assert cause in world.causes_of(text)[1]
        assert 1 == len(world.causes_of(text)[1])


def test_pods_that_name_no_secret_pull_as_nobody(cluster: SmallCluster, world: World) -> None:
    cluster.secret("regcred", {"ghcr.io": ENTRY})
    cluster.pod("backend-1", IMAGE)
    cluster.pod("other", "ghcr.io/acme/other:1.0", "regcred")
    assert fact(world, "pod_names_secret") is False


def test_pods_that_name_a_secret_are_told(cluster: SmallCluster, world: World) -> None:
    cluster.secret("regcred", {"ghcr.io": ENTRY})
    cluster.pod("backend-1", IMAGE, "regcred")
    assert fact(world, "pod_names_secret") is True


@pytest.mark.parametrize(("named", "expected"), [(("regcred",), True), ((), False)])
def test_a_service_account_names_the_secret_or_does_not(
    cluster: SmallCluster, world: World, named: tuple[str, ...], expected: bool
) -> None:
    cluster.secret("regcred", {"ghcr.io": ENTRY})
    cluster.account(*named)
    assert expected is fact(world, "secret_of_account")


def test_without_the_right_to_read_secrets_that_is_what_is_known(tmp_path: Path) -> None:
    need("kubectl")
    with SmallCluster(refuses=True).served() as server:
        kubeconfig(tmp_path / ".kube" / "config", server)
        assert "forbidden" == fact(world_about(tmp_path, IMAGE), "outcome")


def test_a_cluster_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    need("kubectl")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kubeconfig(tmp_path / ".kube" / "config", f"http://127.0.0.1:{port}")
    assert "unreachable" == fact(world_about(tmp_path, IMAGE), "outcome")


def test_a_cluster_that_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    need("kubectl")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        kubeconfig(tmp_path / ".kube" / "config", f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert fact(world_about(tmp_path, IMAGE), "outcome") in {"hung", "unreachable"}


def test_without_a_context_there_is_no_cluster(tmp_path: Path) -> None:
    need("kubectl")
    assert "no-context" == fact(world_about(tmp_path, IMAGE), "outcome")


def test_without_kubectl_nothing_is_known_of_clusters(tmp_path: Path) -> None:
    assert "no-kubectl" == fact(world_about(tmp_path, IMAGE, PATH=str(tmp_path)), "outcome")


@pytest.mark.parametrize(("password", "expected"), [(PASSWORD, "accepted"), ("of last year", "refused")])
def test_the_registry_is_asked_whether_it_takes_the_credential(
    cluster: SmallCluster, folder: Path, password: str, expected: str
) -> None:
    (folder / "users").write_text(PASSWORDS)
    with (
        docker_registry(folder, f"auth: {{htpasswd: {{realm: here, path: {folder / 'users'}}}}}\n") as host,
        cluster.served() as server,
    ):
        cluster.secret("regcred", {host: {"auth": base64.b64encode(f"alice:{password}".encode()).decode()}})
        kubeconfig(folder / ".kube" / "config", server)
        assert expected == fact(world_about(folder, f"{host}/crew/app:1.0"), "credential")


def test_a_text_of_a_node_is_decided_by_the_cluster_that_kubectl_reaches(cluster: SmallCluster, tmp_path: Path) -> None:
    nowhere(cluster)
    with cluster.served() as server:
        kubeconfig(tmp_path / ".kube" / "config", server)
        scene = world_in(tmp_path, {"HTTPS_PROXY": "http://127.0.0.1:9"}).scene
        found = diagnosed(BytesIO(f"Warning  Failed  12s  kubelet  {ANONYMOUS}".encode()), scene)
        assert Place.KUBERNETES is (found.origin and found.origin.place)
        told = asyncio.run(answered(found, scene, Language.ENGLISH, offline=False, progress=lambda _: None))
    assert ["no-secret"] == [cause.id for cause in told.failures[0].explanation.holding]
