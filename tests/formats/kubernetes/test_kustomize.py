"""What kustomize makes of images."""

from wharf.formats.kubernetes.kustomization import Kustomization, parse_kustomization
from wharf.formats.kubernetes.kustomize import Built, Kustomize, Sources
from wharf.formats.kubernetes.manifest import parse_manifest
from wharf.formats.text import Text

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec: {template: {spec: {containers: [{name: app, image: acme/app:1}]}}}
"""


def built(files: dict[str, str], folder: str) -> Built:
    texts = {path: Text.of_file(path, content) for path, content in files.items()}
    kustomizations: dict[str, Kustomization] = {}
    for path, text in texts.items():
        if path.endswith("kustomization.yaml") and (found := parse_kustomization(text, path)):
            kustomizations[found.folder] = found
    manifests = {path: parse_manifest(text, path) for path, text in texts.items() if path.endswith("app.yaml")}
    patches = {
        patch: parse_manifest(texts[patch.path or ""], patch.path or "")
        for each in kustomizations.values()
        for patch in each.patches
    }
    return Kustomize(Sources(kustomizations, manifests, patches)).build(kustomizations[folder])


def images(files: dict[str, str], folder: str) -> list[str]:
    return [image.image.flat for image in built(files, folder).images]


BASE = {"base/kustomization.yaml": "resources: [app.yaml]\n", "base/app.yaml": DEPLOYMENT}


def over(content: str) -> dict[str, str]:
    return {**BASE, "prod/kustomization.yaml": "resources: [../base]\n" + content}


def test_images_of_a_base_are_taken() -> None:
    assert ["acme/app:1"] == images(over(""), "prod")


def test_a_new_tag_stands_instead_of_the_old_one() -> None:
    assert ["acme/app:2"] == images(over("images: [{name: acme/app, newTag: '2'}]\n"), "prod")


def test_a_new_name_keeps_the_tag() -> None:
    assert ["ghcr.io/acme/app:1"] == images(over("images: [{name: acme/app, newName: ghcr.io/acme/app}]\n"), "prod")


def test_a_digest_stands_instead_of_the_tag() -> None:
    assert ["acme/app@sha256:0"] == images(over("images: [{name: acme/app, digest: 'sha256:0'}]\n"), "prod")


def test_a_change_of_an_image_that_nothing_has_is_unused() -> None:
    made = built(over("images: [{name: app, newTag: '2'}]\n"), "prod")
    assert ["app"] == [change.name.flat for change in made.unused]


def test_a_patch_lays_its_image_over() -> None:
    files = {**over("patches: [{path: p.yaml}]\n"), "prod/p.yaml": DEPLOYMENT.replace("acme/app:1", "acme/app:9")}
    assert ["acme/app:9"] == images(files, "prod")


def test_a_component_changes_what_was_taken_before() -> None:
    component = "kind: Component\nimages: [{name: acme/app, newTag: c}]\n"
    assert ["acme/app:c"] == images({**over("components: [../c]\n"), "c/kustomization.yaml": component}, "prod")


def test_what_lies_elsewhere_is_not_known() -> None:
    assert built(over("components: ['https://example.com/x']\n"), "prod").is_partly_unknown


def test_kustomizations_that_take_each_other_end() -> None:
    files = {"a/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../a]\n"}
    assert built(files, "a").is_partly_unknown
