"""Under which names a job reaches its services."""

import pytest

from wharf.formats.gitlab.hosts import host_names, names_from_image
from wharf.formats.gitlab.pipeline import Service
from wharf.formats.hole import Unknown
from wharf.formats.span import Span
from wharf.formats.text import Text


@pytest.mark.parametrize(
    ("image", "names"),
    [
        ("docker:27-dind", ("docker",)),
        ("docker", ("docker",)),
        ("tutum/wordpress:latest", ("tutum__wordpress", "tutum-wordpress")),
        (
            "registry.example.com:5000/ci/docker:dind",
            ("registry.example.com__ci__docker", "registry.example.com-ci-docker"),
        ),
        ("postgres@sha256:" + "a" * 64, ("postgres",)),
    ],
)
def test_names_are_made_from_the_image(image: str, names: tuple[str, ...]) -> None:
    assert names == names_from_image(image)


def test_an_alias_is_one_more_name() -> None:
    service = Service(Text.known("acme/docker:dind"), Span.at("x"), (Text.known("docker"),))

    assert ("docker", "acme__docker", "acme-docker") == host_names(service.name, service)


def test_names_from_an_unknown_image_are_not_known() -> None:
    image = Text.unknown(Unknown.VARIABLE, "IMAGE")

    assert host_names(image, Service(image, Span.at("x"))) is None
