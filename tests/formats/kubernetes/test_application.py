"""Images that Argo CD's applications and Flux's releases name."""

from wharf.formats.kubernetes.application import application_images
from wharf.formats.kubernetes.manifest import parse_manifest
from wharf.formats.text import Text


def images(kind: str, spec: str) -> list[str]:
    content = f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\nspec:\n{spec}"
    objects = parse_manifest(Text.of_file("a.yaml", content), "a.yaml").objects
    return [image.flat for each in objects for image in application_images(each)]


def test_images_of_kustomize_are_named_with_or_without_the_old_name() -> None:
    spec = "  source: {kustomize: {images: ['acme/app:1', 'old=acme/web@sha256:0', 'acme/none']}}\n"
    assert ["acme/app:1", "acme/web@sha256:0"] == images("Application", spec)


def test_parameters_of_helm_make_an_image_of_a_repository_and_a_tag() -> None:
    spec = """  sources:
    - helm:
        parameters:
          - {name: web.image.repository, value: acme/web}
          - {name: web.image.tag, value: '2'}
"""
    assert ["acme/web:2"] == images("Application", spec)


def test_values_that_are_written_as_text_are_read() -> None:
    spec = "  source:\n    helm:\n      values: |\n        image:\n          repository: acme/app\n          tag: x\n"
    assert ["acme/app:x"] == images("Application", spec)


def test_values_of_a_release_have_a_registry_of_their_own() -> None:
    spec = "  values: {image: {registry: ghcr.io, repository: acme/app, tag: '1'}, other: {repository: git}}\n"
    assert ["ghcr.io/acme/app:1"] == images("HelmRelease", spec)
