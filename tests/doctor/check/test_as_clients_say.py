import pytest

from wharf.doctor.check.as_clients_say import NOT_TAKEN, rights_as_clients_say, status_as_clients_say
from wharf.doctor.check.berth import Berth
from wharf.doctor.check.step import Step
from wharf.errors import (
    DigestMismatch,
    EngineUnreachable,
    RemoteAnswered,
    RemoteDenied,
    RemoteUnauthenticated,
    Unreachable,
    WharfError,
)
from wharf.oci.reference import RepositoryName, Tag

BERTH = Berth("registry.example", RepositoryName("team/wharf-check"), Tag("check-1"))
ADDRESS = "https://registry.example/v2/team/wharf-check"


def answered(status: int, did: str = "take the blob", *said: str) -> RemoteAnswered:
    kind = {401: RemoteUnauthenticated, 403: RemoteDenied}.get(status, RemoteAnswered)
    return kind("registry.example", did, status, said)


@pytest.mark.parametrize(
    ("step", "error", "expected"),
    [
        (Step.ENVIRONMENT, answered(502), "received unexpected HTTP status: 502 Bad Gateway"),
        (Step.ENVIRONMENT, answered(599), "received unexpected HTTP status: 599"),
        (
            Step.PUSH,
            answered(503),
            f"unexpected status from POST request to {ADDRESS}/blobs/uploads/: 503 Service Unavailable",
        ),
        (
            Step.PUSH,
            answered(500, "take the manifest"),
            f"unexpected status from PUT request to {ADDRESS}/manifests/check-1: 500 Internal Server Error",
        ),
        (Step.PULL, answered(404), f"unexpected status from GET request to {ADDRESS}/blobs/: 404 Not Found"),
        (
            Step.LOGIN,
            answered(500, "give a token"),
            (
                "token auth attempt for registry https://registry.example/v2/: "
                "request failed with status: 500 Internal Server Error"
            ),
        ),
        (Step.API, answered(500), ""),
        (
            Step.PULL,
            DigestMismatch("sha256:a", "sha256:b"),
            "unexpected commit digest sha256:b, expected sha256:a: failed precondition",
        ),
        (Step.PUSH, Unreachable("registry.example", "nobody listens there"), ""),
    ],
)
def test_a_status_in_the_words_of_clients(step: Step, error: WharfError, expected: str) -> None:
    assert expected == status_as_clients_say(error, step, BERTH)


def test_a_push_that_is_denied() -> None:
    assert "denied: requested access" in status_as_clients_say(answered(403), Step.PUSH, BERTH)


def test_a_token_without_the_right_to_push() -> None:
    only_pull = answered(401, "take the blob", "the token grants: repository:team/wharf-check:pull")
    assert "push access denied" in rights_as_clients_say(only_pull, Step.PUSH, BERTH)


def test_a_token_with_the_right_to_push_says_nothing_of_rights() -> None:
    all_of_it = answered(401, "take the blob", "the token grants: repository:team/wharf-check:pull,push")
    assert "" == rights_as_clients_say(all_of_it, Step.PUSH, BERTH)


def test_a_token_that_may_push_and_not_pull_says_nothing_of_pushing() -> None:
    only_push = answered(401, "take the blob", "the token grants: repository:team/wharf-check:push")
    assert "" == rights_as_clients_say(only_push, Step.PUSH, BERTH)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("no such file or directory", "Cannot connect to the Docker daemon at unix:///run/x. Is the docker"),
        ("permission denied", "permission denied while trying to connect to the Docker daemon socket at unix:///run/x"),
    ],
)
def test_an_engine_that_does_not_answer(reason: str, expected: str) -> None:
    said = status_as_clients_say(EngineUnreachable("unix:///run/x", reason), Step.ENVIRONMENT, BERTH)
    assert said.startswith(expected)


def test_a_token_that_is_not_taken() -> None:
    refused = answered(401, "let this account in").seen_at(NOT_TAKEN)
    assert "error authorizing context: invalid token" == rights_as_clients_say(refused, Step.LOGIN, BERTH)
