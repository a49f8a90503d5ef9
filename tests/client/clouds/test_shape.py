"""What a secret looks like, without anything of it."""

import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest

from tests.client.tokens import written
from wharf.client.clouds.shape import Kind, shape_of
from wharf.credentials.secret import Secret

KEY = json.dumps({"type": "service_account", "client_email": "ci@p.iam", "private_key": "-----BEGIN…\n"}, indent=2)

ECR_DOCUMENT = {"payload": "p", "datakey": "d", "version": "2", "type": "DATA_KEY", "expiration": 1_700_000_000}
ECR_PASSWORD = b64encode(json.dumps(ECR_DOCUMENT).encode()).decode()
SOON = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ghp_" + "x" * 36, Kind.GITHUB_CLASSIC),
        ("github_pat_11AAA", Kind.GITHUB_FINE_GRAINED),
        ("ghs_abc", Kind.GITHUB_ACTIONS),
        ("gho_abc", Kind.GITHUB_OAUTH),
        ("dckr_pat_abc", Kind.DOCKER_PERSONAL),
        ("dckr_oat_abc", Kind.DOCKER_ORGANISATION),
        ("glpat-abc", Kind.GITLAB_PERSONAL),
        ("gldt-abc", Kind.GITLAB_DEPLOY),
        ("glcbt-64_abc", Kind.GITLAB_JOB),
        ("ya29.a0Abc", Kind.GOOGLE_ACCESS),
        ("wharf_pat_abc", Kind.WHARF),
        ("wharf_ci_abc", Kind.WHARF),
        ("AKIAIOSFODNN7EXAMPLE", Kind.AWS_KEY_ID),
        ("ASIAIOSFODNN7EXAMPLE", Kind.AWS_KEY_ID),
        (KEY, Kind.GOOGLE_KEY),
        (b64encode(KEY.encode()).decode(), Kind.GOOGLE_KEY_BASE64),
        (ECR_PASSWORD, Kind.AWS_ECR),
        (written(iss="https://sts.windows.net/t/", tid="t"), Kind.ENTRA_ACCESS),
        (written(iss="https://login.microsoftonline.com/t/v2.0"), Kind.ENTRA_ACCESS),
        (written(iss="Azure Container Registry", grant_type="refresh_token"), Kind.AZURE_REFRESH),
        ("AKIA is how my password begins", Kind.OTHER),
        ("correct horse battery staple", Kind.OTHER),
        ("{}", Kind.OTHER),
        ('{"type": "service_account"}', Kind.OTHER),
        ("{" * 100_000, Kind.OTHER),
        ("[" * 100_000, Kind.OTHER),
        ("", Kind.OTHER),
    ],
)
def test_kinds_are_told_by_their_beginning(text: str, kind: Kind) -> None:
    assert kind is shape_of(Secret(text)).kind


def test_a_line_break_at_the_end_does_not_hide_the_kind() -> None:
    shape = shape_of(Secret("ghp_abc\r\n"))
    assert (Kind.GITHUB_CLASSIC, True, 9) == (shape.kind, shape.padded, shape.length)


def test_a_key_names_its_account() -> None:
    assert "ci@p.iam" == shape_of(Secret(KEY)).account


@pytest.mark.parametrize(
    "text", ["hunter2-hunter2", "ghp_hunter2-hunter2", "x.hunter2-hunter2.y", KEY.replace("BEGIN", "hunter2")]
)
def test_nothing_of_the_secret_is_in_its_shape(text: str) -> None:
    assert "hunter2" not in repr(shape_of(Secret(text)))


@pytest.mark.parametrize("text", [ECR_PASSWORD, written(exp=1_700_000_000)])
def test_some_secrets_say_when_they_end(text: str) -> None:
    assert SOON == shape_of(Secret(text)).expires
