"""What is deleted goes, with its bytes; what shares bytes with it, or hangs on what stays, is pulled as before."""

import subprocess
import sys

from tests.clients.layouts import Layout, image_files, many_platforms
from tests.clients.programs import Home
from tests.clients.registry_view import RegistryView
from tests.clients.tools import Docker, Podman, Skopeo
from wharf.testing.registry_process import RegistryProcess


def collect_garbage(registry: RegistryProcess) -> None:
    """Take at once whatever nothing names, and every manifest that nothing keeps, while the registry serves."""
    command = [sys.executable, "-m", "wharf", "admin", "gc", "--data", str(registry.data)]
    terms = ("--grace", "0s", "--untagged", "0s", "--keep-deleted", "0s")
    subprocess.run([*command, *terms], check=True, capture_output=True)


def test_a_deleted_image_goes_with_its_bytes_and_its_sibling_is_pulled_and_run(
    own_registry: RegistryProcess, skopeo: Skopeo, docker: Docker, podman: Podman, home: Home
) -> None:
    view = RegistryView(own_registry.url)
    for tag in ("old", "new"):
        layout = Layout(home.folder())
        shared = layout.gzipped_layer({"shared": b"by both"})
        layout.publish(layout.image([shared, layout.gzipped_layer(image_files(f"the {tag} one"))]))
        skopeo.push(layout, f"{own_registry.host}/crew/siblings:{tag}")
    old, new = view.manifest("crew/siblings", "old"), view.manifest("crew/siblings", "new")
    skopeo.program.run("delete", "--tls-verify=false", f"docker://{own_registry.host}/crew/siblings:old")
    collect_garbage(own_registry)
    assert [view.has_blob("crew/siblings", blob) for blob in (old.config, *old.layers)] == [False, True, False]
    assert docker.pull(f"{own_registry.host}/crew/siblings:new").digest == new.digest
    assert docker.run(f"{own_registry.host}/crew/siblings:new") == "the new one"
    assert podman.pull(f"{own_registry.host}/crew/siblings:new").image_id == new.config


def test_the_children_of_an_index_stay_as_long_as_its_tag_and_go_with_it(
    own_registry: RegistryProcess, skopeo: Skopeo, podman: Podman, home: Home
) -> None:
    view = RegistryView(own_registry.url)
    target = f"{own_registry.host}/crew/lands:1.0"
    skopeo.push(many_platforms(home.folder(), "lands", ["amd64", "arm64"]), target, "--all")
    children = view.manifest("crew/lands", "1.0").architectures
    collect_garbage(own_registry)
    arm64 = view.manifest("crew/lands", children["arm64"])
    assert podman.pull(target, "--arch=arm64").image_id == arm64.config
    view.delete_manifest("crew/lands", "1.0")
    collect_garbage(own_registry)
    assert [view.has_manifest("crew/lands", child) for child in children.values()] == [False, False]
    assert not view.has_blob("crew/lands", arm64.config)


def test_a_tag_that_is_deleted_leaves_the_image_to_its_other_tag(
    own_registry: RegistryProcess, skopeo: Skopeo, docker: Docker
) -> None:
    view = RegistryView(own_registry.url)
    pushed = skopeo.make_and_push("two names", f"{own_registry.host}/crew/names:1.0")
    view.tag("crew/names", "1.0", ["latest"])
    view.delete_manifest("crew/names", "1.0")
    collect_garbage(own_registry)
    assert view.tags("crew/names") == ["latest"]
    assert "manifest unknown" in docker.program.fail("pull", f"{own_registry.host}/crew/names:1.0")
    assert docker.pull(f"{own_registry.host}/crew/names:latest").digest == pushed
