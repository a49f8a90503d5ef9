"""Passwords that stand in a pipeline, and those that do not."""

import pytest

from tests.doctor.repositories import checkout_of
from wharf.doctor.examine import examine, known_rules
from wharf.formats.files import WrittenFiles

RULE = [rule for rule in known_rules() if rule.id == "gitlab-password-in-file"]


def lines(main: str) -> list[int]:
    found = examine(checkout_of(WrittenFiles({".gitlab-ci.yml": main})), RULE).found
    return [each.finding.span.line for each in found]


@pytest.mark.parametrize(
    "variable",
    [
        "DOCKER_HUB_PASSWORD: mypassword123",
        "REGISTRY_TOKEN: 'hunter22'",
        "ANYTHING: glpat-abcdefghij0123456789",
        "AWS_SECRET_ACCESS_KEY: abcdef0123456789",
    ],
)
def test_a_password_is_found_where_it_stands(variable: str) -> None:
    assert [2] == lines(f"variables:\n  {variable}\nbuild:\n  script: [make]\n")


@pytest.mark.parametrize(
    "variable",
    [
        "DOCKER_HUB_PASSWORD: $DOCKER_HUB_PASSWORD",
        "POSTGRES_PASSWORD: postgres",
        "MYSQL_ROOT_PASSWORD: root",
        "DOCKER_TLS_CERTDIR: /certs",
        "REGISTRY_TOKEN: ''",
        "DEPLOY_TOKEN: https://example.com/token",
        "REGISTRY_PASSWORD: /run/secrets/registry",
    ],
)
def test_what_is_no_password_is_left(variable: str) -> None:
    assert [] == lines(f"variables:\n  {variable}\nbuild:\n  script: [make]\n")


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("docker login -u a -p hunter2 example.com", [5]),
        ("echo hunter2 | docker login -u a --password-stdin", [5]),
        ("docker login -u a -p $KEY", [2]),
        ("docker login -u a -p $ELSEWHERE", []),
        ("docker login -u test -p test localhost:5000", []),
        ("echo $CI_JOB_TOKEN | docker login -u a --password-stdin $CI_REGISTRY", []),
        ("docker login -u a --password-stdin < key.txt", []),
    ],
)
def test_a_password_of_a_login(command: str, found: list[int]) -> None:
    assert found == lines(f"variables:\n  KEY: hunter2\nbuild:\n  script:\n    - {command}\n")
