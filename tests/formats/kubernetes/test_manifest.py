"""Kubernetes manifests."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.errors import MalformedFile
from wharf.formats.kubernetes.manifest import KubernetesObject, parse_manifest
from wharf.formats.text import Text

POD = "{imagePullSecrets: [{name: ghcr}], containers: [{name: a, image: 'acme/app:1', imagePullPolicy: Always}]}"


def objects(content: str) -> tuple[KubernetesObject, ...]:
    return parse_manifest(Text.of_file("k8s.yaml", content), "k8s.yaml").objects


def images(content: str) -> list[str]:
    pods = [each.pod for each in objects(content) if each.pod]
    return [container.image.flat for pod in pods for container in pod.containers if container.image]


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Pod", f"spec: {POD}"),
        ("Deployment", f"spec: {{template: {{spec: {POD}}}}}"),
        ("StatefulSet", f"spec: {{template: {{spec: {POD}}}}}"),
        ("Job", f"spec: {{template: {{spec: {POD}}}}}"),
        ("CronJob", f"spec: {{jobTemplate: {{spec: {{template: {{spec: {POD}}}}}}}}}"),
    ],
)
def test_containers_stand_where_the_kind_has_them(kind: str, spec: str) -> None:
    assert ["acme/app:1"] == images(f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: a}}\n{spec}\n")


def test_a_knative_service_starts_pods_and_a_plain_one_does_not() -> None:
    spec = f"kind: Service\nspec: {{template: {{spec: {POD}}}}}\n"
    assert ["acme/app:1"] == images("apiVersion: serving.knative.dev/v1\n" + spec)
    assert [] == images("apiVersion: v1\n" + spec)


def test_pull_secrets_policy_name_and_namespace_are_known() -> None:
    found = objects(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: b}}\nspec: {POD}\n")[0]
    assert ("a", "b") == (found.name, found.namespace)
    assert found.pod
    assert ["ghcr"] == [secret.name.flat for secret in found.pod.pull_secrets]
    assert "Always" == str(found.pod.containers[0].pull_policy and found.pod.containers[0].pull_policy.flat)


def test_lists_of_objects_are_taken_apart() -> None:
    content = f"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec: {POD}\n"
    assert ["acme/app:1"] == images(content)


def test_documents_that_are_no_objects_are_passed_over() -> None:
    assert () == objects("a: 1\n---\n- b\n---\n")


@settings(max_examples=60)
@given(st.text(alphabet="kind: PodapVersn{}[]\n -!&*'\"", max_size=200))
def test_anything_is_read_or_malformed(content: str) -> None:
    with suppress(MalformedFile):
        objects("apiVersion: v1\n" + content)
