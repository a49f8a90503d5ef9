"""Which secret helps a node with which image, by the kubelet's rules."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.doctor.clusters.pull_secret import LEGACY_TYPE, TYPE, Help, Image, PullSecret, read, takes
from wharf.oci.reference import RepositoryName

APP = Image("ghcr.io", RepositoryName("acme/hamalog-backend"))
HUB = Image("docker.io", RepositoryName("library/nginx"))
WITH_PORT = Image("registry.example:5000", RepositoryName("crew/app"))
ENTRY = {"auth": base64.b64encode(b"robot:s3cr3t").decode()}


def secret(held: object, kind: str = TYPE, place: str = ".dockerconfigjson") -> PullSecret:
    raw = held if isinstance(held, bytes) else json.dumps(held).encode()
    return PullSecret("regcred", "default", kind, {place: base64.b64encode(raw).decode()})


@pytest.mark.parametrize(
    ("key", "image"),
    [
        ("ghcr.io", APP),
        ("https://ghcr.io", APP),
        ("https://ghcr.io/", APP),
        ("https://ghcr.io/v2/", APP),
        ("https://ghcr.io/v1/acme", APP),
        ("ghcr.io/acme", APP),
        ("*.io", APP),
        ("registry.example:5000", WITH_PORT),
        ("*.example:5000", WITH_PORT),
        ("https://index.docker.io/v1/", HUB),
        ("docker.io", HUB),
    ],
)
def test_a_key_that_the_kubelet_takes(key: str, image: Image) -> None:
    assert takes(key, image)


@pytest.mark.parametrize(
    ("key", "image"),
    [
        ("ghcr.io:443", APP),
        ("https://ghcr.io/v2", APP),
        ("GHCR.IO", APP),
        ("ghcr.io ", APP),
        ("ghcr.io/other", APP),
        ("*", APP),
        ("registry.example", WITH_PORT),
        ("http://registry.example:80", WITH_PORT),
        ("https://registry-1.docker.io", HUB),
        ("", APP),
    ],
)
def test_a_key_that_the_kubelet_passes_by(key: str, image: Image) -> None:
    assert not takes(key, image)


@pytest.mark.parametrize(
    ("given_secret", "expected"),
    [
        (secret({"auths": {"ghcr.io": ENTRY}}), Help.FINE),
        (secret({"ghcr.io": ENTRY}, LEGACY_TYPE, ".dockercfg"), Help.FINE),
        (secret({"auths": {"ghcr.io": {}}}), Help.WITHOUT_CREDENTIAL),
        (secret({"auths": {"ghcr.io:443": ENTRY}}), Help.KEY_OF_ANOTHER_FORM),
        (secret({"auths": {"registry.example": ENTRY}}), Help.OTHER_REGISTRY),
        (secret({"auths": {}}), Help.MALFORMED),
        (secret(b"not json"), Help.MALFORMED),
        (secret({"auths": {"ghcr.io": ENTRY}}, "Opaque"), Help.WRONG_TYPE),
        (PullSecret("regcred", "default", TYPE, {".dockerconfigjson": "***"}), Help.MALFORMED),
        (PullSecret("regcred", "default", TYPE, {}), Help.MALFORMED),
    ],
)
def test_a_secret_helps_or_it_is_told_why_not(given_secret: PullSecret, expected: Help) -> None:
    assert expected is read(given_secret, APP).help


def test_nothing_secret_is_shown_of_a_secret() -> None:
    reading = read(secret({"auths": {"ghcr.io": ENTRY}}), APP)
    assert "s3cr3t" not in repr(reading)
    assert ENTRY["auth"] not in repr(reading)


@settings(max_examples=60)
@given(st.binary(max_size=200), st.text(max_size=40))
def test_no_content_and_no_key_is_too_strange(held: bytes, key: str) -> None:
    assert read(secret(held), APP).help in Help
    assert takes(key, APP) in {True, False}
