"""Patterns for paths."""

import pytest

from wharf.formats.gitlab.glob import matching

PATHS = ["a.yml", "ci/a.yml", "ci/deep/b.yaml", "Dockerfile"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.yml", ["a.yml"]),
        ("ci/*", ["ci/a.yml"]),
        ("**/*.yml", ["a.yml", "ci/a.yml"]),
        ("ci/**", ["ci/a.yml", "ci/deep/b.yaml"]),
        ("**", PATHS),
        ("ci/**/*.{yml,yaml}", ["ci/a.yml", "ci/deep/b.yaml"]),
        ("Docker*", ["Dockerfile"]),
        ("*" * 50 + "x", []),
    ],
)
def test_matching(pattern: str, expected: list[str]) -> None:
    assert expected == matching(pattern, PATHS)
