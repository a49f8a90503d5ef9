from datetime import UTC, datetime

import pytest

from wharf.doctor.check.berth import Berth, earlier_tags, usual_namespace
from wharf.oci.reference import Tag

NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)


def test_the_image_lies_below_the_namespace() -> None:
    berth = Berth.new("registry.example", "team/app", NOON)
    assert ("team/app/wharf-check", "team/app") == (str(berth.repository), berth.namespace)


def test_without_a_namespace_it_lies_at_the_top() -> None:
    berth = Berth.new("registry.example", "", NOON)
    assert ("wharf-check", "") == (str(berth.repository), berth.namespace)


def test_no_two_runs_share_a_tag() -> None:
    one, other = (Berth.new("registry.example", "", NOON).tag for _ in range(2))
    assert one != other
    assert str(one).startswith("check-20261121-120000-")


def test_tags_of_checks_long_ago_are_known() -> None:
    """Those of the last hour may belong to a check that still goes on."""
    own = Tag("check-20261121-120000-00000000")
    names = [
        "check-20261121-105959-1a2b3c4d",
        "check-20261121-115900-1a2b3c4d",
        "check-20269999-000000-1a2b3c4d",
        "1.0",
    ]
    assert (Tag(names[0]),) == earlier_tags([*map(Tag, names), own], own)


@pytest.mark.parametrize(
    ("registry", "environ", "expected"),
    [
        ("ghcr.io", {"GITHUB_ORG": "Acme", "GITHUB_USERNAME": "octo"}, "acme"),
        ("ghcr.io", {"GITHUB_REPOSITORY_OWNER": "acme"}, "acme"),
        ("ghcr.io", {"GITHUB_USERNAME": "Octo"}, "octo"),
        ("ghcr.io", {}, "somebody"),
        ("docker.io", {"DOCKERHUB_USERNAME": "octo"}, "octo"),
        ("registry.gitlab.example", {"CI_REGISTRY": "registry.gitlab.example", "CI_PROJECT_PATH": "A/b"}, "a/b"),
        ("registry.example", {"GITHUB_ORG": "acme", "CI_PROJECT_PATH": "a/b"}, ""),
    ],
)
def test_the_usual_namespace(registry: str, environ: dict[str, str], expected: str) -> None:
    assert expected == usual_namespace(registry, environ, "Somebody")
