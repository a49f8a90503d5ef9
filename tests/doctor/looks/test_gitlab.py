"""What is seen of GitLab in a checkout."""

import pytest

from tests.doctor.repositories import checkout_of
from wharf.doctor.looks.gitlab import jobs, pipelines, runners
from wharf.doctor.looks.gitlab_docker import docker_uses
from wharf.formats.files import WrittenFiles

JOB = "build:\n  image: docker:27\n  services: [docker:27-dind]\n  script: [docker build .]\n"


def test_a_repository_without_a_pipeline_has_none() -> None:
    assert () == checkout_of(WrittenFiles({})).once(pipelines)


def test_a_broken_pipeline_is_a_problem_of_the_checkout() -> None:
    checkout = checkout_of(WrittenFiles({".gitlab-ci.yml": "a: [\n"}))

    assert () == checkout.once(pipelines)
    assert [".gitlab-ci.yml"] == [problem.file for problem in checkout.problems]


def test_a_broken_file_that_is_included_is_one_too() -> None:
    checkout = checkout_of(WrittenFiles({".gitlab-ci.yml": "include: a.yml\n" + JOB, "a.yml": "\t- x\n"}))
    checkout.once(pipelines)

    assert ["a.yml"] == [problem.file for problem in checkout.problems]


def test_jobs_are_seen_for_each_event_that_they_run_for() -> None:
    seen = checkout_of(WrittenFiles({".gitlab-ci.yml": JOB})).once(jobs)

    assert ["refs/heads/main", "refs/tags/v1.2.3", "refs/heads/feature/login"] == [each.event.ref for each in seen]
    assert [True, False, False] == [each.is_usual for each in seen]


def test_jobs_of_a_clock_are_seen_where_nothing_else_starts_them() -> None:
    files = WrittenFiles({".gitlab-ci.yml": JOB + "  only: [schedules]\n"})

    assert ["schedule"] == [each.event.name for each in checkout_of(files).once(jobs)]


def test_runners_are_seen_wherever_they_are_set_up() -> None:
    files = {"a/config.toml": "[[runners]]\nname = 'one'\n", "config.toml": "title = 'a site'\n"}

    assert ["a/config.toml"] == [each.file for each in checkout_of(WrittenFiles(files)).once(runners)]


@pytest.mark.parametrize(
    ("command", "is_a_use"),
    [
        ("docker build .", True),
        ("docker compose up", True),
        ("docker-compose up", True),
        ("docker login -u a", False),
        ("docker --context far ps", False),
        ("docker -H ssh://far ps", False),
        ("ssh far docker ps", False),
        ("docker buildx imagetools inspect x", False),
        ("echo docker build", False),
    ],
)
def test_which_commands_need_a_daemon(command: str, is_a_use: bool) -> None:
    files = WrittenFiles({".gitlab-ci.yml": f"build:\n  script:\n    - {command}\n"})

    assert is_a_use is bool(checkout_of(files).once(docker_uses))


@pytest.mark.parametrize(
    ("service", "variables", "expected"),
    [
        ("docker:27-dind", "{}", True),
        ("docker:18-dind", "{}", False),
        ("docker:dind", "{DOCKER_TLS_CERTDIR: ''}", False),
        ("docker:dind", "{DOCKER_TLS_CERTDIR: /certs}", True),
        ("{name: docker:dind, command: [--tls=false]}", "{}", None),
        ("{name: docker:dind, variables: {DOCKER_TLS_CERTDIR: ''}}", "{}", False),
        ("docker:dind", "{DOCKER_TLS_CERTDIR: $SOMEWHERE}", None),
    ],
)
def test_whether_a_daemon_speaks_tls(service: str, variables: str, expected: bool | None) -> None:
    main = f"build:\n  services:\n    - {service}\n  variables: {variables}\n  script: [docker info]\n"
    (use,) = checkout_of(WrittenFiles({".gitlab-ci.yml": main})).once(docker_uses)

    assert expected is use.speaks_tls
