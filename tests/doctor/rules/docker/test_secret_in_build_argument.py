"""Of names that look like those of secrets, which ones are told of, and how gravely."""

import pytest

from tests.doctor.repositories import checkout_of
from wharf.doctor.rules.docker.secret_in_build_argument import RULE
from wharf.formats.files import WrittenFiles


def severities(dockerfile: str) -> list[str]:
    found = RULE.check(checkout_of(WrittenFiles({"Dockerfile": dockerfile})))
    return [(finding.severity or RULE.severity).name for finding in found]


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        ("FROM a\nARG NPM_TOKEN\n", ["WARNING"]),
        ("FROM a AS base\nENV API_KEY=$K\nFROM base\n", ["WARNING"]),
        ("FROM a AS build\nARG NPM_TOKEN\nFROM b\n", ["NOTE"]),
        ("FROM a\nENV SECRET_KEY=build-only-dummy\n", ["NOTE"]),
        ('FROM a\nENV NEXTAUTH_SECRET=""\n', ["NOTE"]),
        ("FROM a\nARG VITE_MAPS_KEY\nARG REACT_APP_API_KEY\nARG NEXT_PUBLIC_API_KEY\nARG ANON_KEY\n", []),
    ],
)
def test_what_stays_in_the_image_is_told_most_gravely(dockerfile: str, expected: list[str]) -> None:
    assert expected == severities(dockerfile)
