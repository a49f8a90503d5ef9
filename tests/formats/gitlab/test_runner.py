"""Runners as their configuration sets them up."""

from textwrap import dedent

from wharf.formats.gitlab.runner import Runners, is_about_runners, parse_runners
from wharf.formats.text import Text


def runners(content: str) -> Runners:
    return parse_runners(Text.of_file("config.toml", dedent(content)))


def test_what_a_runner_may_do() -> None:
    (found,) = runners(
        """
        concurrent = 4
        [[runners]]
          name = "one"
          executor = "docker"
          environment = ["DOCKER_TLS_CERTDIR="]
          [runners.docker]
            privileged = true
            volumes = ["/certs/client", "/cache"]
        """
    ).runners

    assert ("one", "docker", True, True, False) == (
        found.name,
        found.executor,
        found.is_privileged,
        found.shares_certificates,
        found.binds_socket,
    )
    assert ("DOCKER_TLS_CERTDIR=",) == found.environment


def test_a_socket_that_is_bound() -> None:
    (found,) = runners(
        '[[runners]]\n[runners.docker]\nvolumes = ["/var/run/docker.sock:/var/run/docker.sock"]\n'
    ).runners

    assert (True, False, True) == (found.binds_socket, found.is_privileged, found.is_of_docker)


def test_each_runner_has_its_own_settings() -> None:
    found = runners(
        "[[runners]]\n[runners.docker]\nprivileged = true\n[[runners]]\n[runners.docker]\nprivileged = false\n"
    )

    assert [True, False] == [runner.is_privileged for runner in found.runners]
    assert () == found.repeated


def test_a_part_of_a_file_is_one_runner() -> None:
    found = runners("[runners.docker]\n  privileged = true\n  tls_verify = false\n  tls_verify = false\n")

    assert [True] == [runner.is_privileged for runner in found.runners]
    assert [(3, 4)] == [(each.first.span.line, each.second.span.line) for each in found.repeated]


def test_other_programs_have_such_files_too() -> None:
    assert not is_about_runners(Text.of_file("config.toml", 'baseURL = "https://example.com"\n'))
    assert is_about_runners(Text.of_file("config.toml", "concurrent = 1\n\n[[runners]]\n"))
