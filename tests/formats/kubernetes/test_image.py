"""Image references of manifests, and what is put in before they are used."""

import pytest

from wharf.formats.kubernetes.image import parts_of, with_gaps
from wharf.formats.text import Text


@pytest.mark.parametrize(
    ("image", "name", "tag", "digest"),
    [
        ("nginx", "nginx", None, None),
        ("nginx:1", "nginx", "1", None),
        ("localhost:5000/app", "localhost:5000/app", None, None),
        ("localhost:5000/app:1", "localhost:5000/app", "1", None),
        ("a/b@sha256:00", "a/b", None, "sha256:00"),
        ("a/b:1@sha256:00", "a/b", "1", "sha256:00"),
        ("a/b:", "a/b", "", None),
    ],
)
def test_an_image_has_parts(image: str, name: str, tag: str | None, digest: str | None) -> None:
    parts = parts_of(Text.known(image))
    assert (name, tag, digest) == (
        parts.name.flat,
        None if parts.tag is None else parts.tag.flat,
        None if parts.digest is None else parts.digest.flat,
    )
    assert image == parts.whole.flat


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        ("ghcr.io/acme/app:$TAG", "ghcr.io/acme/app:‹TAG›"),
        ("ghcr.io/acme/app:${TAG}", "ghcr.io/acme/app:‹TAG›"),
        ("ghcr.io/acme/app:<tag>", "ghcr.io/acme/app:‹tag›"),
        ("ghcr.io/acme/app:IMAGE_TAG", "ghcr.io/acme/app:‹IMAGE_TAG›"),
        ("ghcr.io/acme/app:__TAG__", "ghcr.io/acme/app:‹TAG›"),
        ("IMAGE_PLACEHOLDER", "‹IMAGE_PLACEHOLDER›"),
        ("ghcr.io/acme/app:1.2", "ghcr.io/acme/app:1.2"),
        ("ghcr.io/acme/app:V1", "ghcr.io/acme/app:V1"),
    ],
)
def test_what_is_put_in_later_is_open(image: str, shown: str) -> None:
    assert shown == with_gaps(Text.known(image)).shown
