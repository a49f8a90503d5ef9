"""Logging in to clouds with what a person has, against servers on this machine that answer as documented."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.desk import Desk
from tests.client.cloud_hosts import Answer, Answering, Asked, cloud, plain_server
from tests.client.tokens import written

pytestmark = pytest.mark.slow

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
ECR_PASSWORD = "made-by-aws-" + "x" * 1800
GUID = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    assert desk.never_said("made-by-aws", "hunter2", "AKIDEXAMPLE", "refresh-of-acr")


def auths(desk: Desk) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(desk.home.config.read_text())["auths"]
    return found


def basic(username: str, password: str) -> str:
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode()


def guarded(username: str, password: str) -> Answering:
    """A registry that wants name and password with each request, as ECR does."""

    def answering(asked: Asked) -> Answer:
        if asked.headers.get("authorization") == basic(username, password):
            return 200, {}, "{}"
        return 401, {"WWW-Authenticate": f'Basic realm="https://{ECR}/",service="ecr.amazonaws.com"'}, "Not Authorized"

    return answering


# --- Amazon ------------------------------------------------------------------------------------------------------


def aws_answering(document: Mapping[str, object], status: int = 200) -> Answering:
    def answering(asked: Asked) -> Answer:
        assert asked.headers["x-amz-target"].endswith(".GetAuthorizationToken")
        assert "Credential=AKIDEXAMPLE/" in asked.headers["authorization"]
        return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(document)

    return answering


def authorization(password: str) -> dict[str, object]:
    soon = datetime.now(UTC) + timedelta(hours=12)
    token = b64encode(f"AWS:{password}".encode()).decode()
    return {"authorizationToken": token, "expiresAt": soon.timestamp(), "proxyEndpoint": f"https://{ECR}"}


def with_aws(desk: Desk, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: AWS's library reads the environment of the process it is in."""
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "hunter2-of-aws", "PATH": "/usr/bin:/bin",
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1", "NO_PROXY": "127.0.0.1"}  # fmt: skip
    given = {name: value for name, value in {**desk.home.environ, **keys, **environ}.items() if value}
    done = subprocess.run([sys.executable, "-m", "wharf", *words], env=given, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60, check=False)  # fmt: skip
    desk.said += [done.stdout, done.stderr]
    return done


def test_ecr_is_entered_with_the_aws_credentials_of_this_machine(desk: Desk, tmp_path: Path) -> None:
    answer = aws_answering({"authorizationData": [authorization(ECR_PASSWORD)]})
    with cloud(tmp_path, ECR, guarded("AWS", ECR_PASSWORD)) as here, plain_server(answer) as aws:
        endpoint = f"http://127.0.0.1:{aws}"
        done = with_aws(desk, "login", ECR, "--ca-file", str(here.ca_file), HTTPS_PROXY=here.proxy,
                        AWS_ENDPOINT_URL=endpoint)  # fmt: skip
    assert (0, f"logged in to {ECR} as AWS") == (done.returncode, (done.stdout + done.stderr).splitlines()[0])
    assert "the AWS credentials of this machine (env)" in done.stdout
    assert " hours from now" in done.stdout
    assert {ECR: {"auth": b64encode(f"AWS:{ECR_PASSWORD}".encode()).decode()}} == auths(desk)


def test_public_ecr_has_a_service_of_its_own(desk: Desk, tmp_path: Path) -> None:
    answer = aws_answering({"authorizationData": authorization(ECR_PASSWORD)})
    with cloud(tmp_path, "public.ecr.aws", guarded("AWS", ECR_PASSWORD)) as here, plain_server(answer) as aws:
        endpoint = f"http://127.0.0.1:{aws}"
        done = with_aws(desk, "login", "public.ecr.aws", "--ca-file", str(here.ca_file), HTTPS_PROXY=here.proxy,
                        AWS_ENDPOINT_URL=endpoint)  # fmt: skip
    assert 0 == done.returncode, done.stderr


@pytest.mark.parametrize(
    ("code", "message", "said"),
    [
        ("AccessDeniedException", "is not authorized to perform: ecr:GetAuthorizationToken", "on resource *"),
        ("ExpiredTokenException", "The security token included in the request is expired", "aws sso login"),
        ("UnrecognizedClientException", "The security token is invalid.", "AWS_ACCESS_KEY_ID"),
        ("InvalidSignatureException", "does not match\n\nx-amz-security-token:hunter2", "clock"),
    ],
)
def test_what_aws_refuses_is_explained(desk: Desk, code: str, message: str, said: str) -> None:
    with plain_server(aws_answering({"__type": code, "message": message}, 400)) as aws:
        done = with_aws(desk, "login", ECR, AWS_ENDPOINT_URL=f"http://127.0.0.1:{aws}")
    assert (11, True) == (done.returncode, said in " ".join(done.stderr.split())), done.stderr
    assert not desk.has_config


@pytest.mark.parametrize("document", [{}, {"authorizationData": []}, {"authorizationData": [{"expiresAt": 1}]}])
def test_an_answer_of_another_form_is_refused(desk: Desk, document: Mapping[str, object]) -> None:
    with plain_server(aws_answering(document)) as aws:
        assert 9 == with_aws(desk, "login", ECR, AWS_ENDPOINT_URL=f"http://127.0.0.1:{aws}").returncode


def test_without_aws_credentials_it_is_said_where_they_come_from(desk: Desk) -> None:
    done = with_aws(desk, "login", ECR, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert (11, True) == (done.returncode, "no AWS credentials on this machine" in " ".join(done.stderr.split()))


def test_where_nobody_answers_for_aws_that_is_said(desk: Desk) -> None:
    assert 9 == with_aws(desk, "login", ECR, AWS_ENDPOINT_URL="http://127.0.0.1:1").returncode


def test_without_the_extra_it_is_said_how_to_get_it(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "botocore.py").write_text("raise ModuleNotFoundError(name='botocore')")
    done = with_aws(desk, "login", ECR, PYTHONPATH=str(tmp_path))
    assert (11, True) == (done.returncode, "pip install 'wharfinger[aws]'" in " ".join(done.stderr.split()))


def test_a_password_of_ecr_may_be_piped_in(desk: Desk, tmp_path: Path) -> None:
    with cloud(tmp_path, ECR, guarded("AWS", ECR_PASSWORD)) as here:
        desk.home.environ["HTTPS_PROXY"] = here.proxy
        outcome = desk.wharf("login", ECR, "--password-stdin", "--ca-file", str(here.ca_file), piped=ECR_PASSWORD)
    assert (0, True) == (outcome.code, "12 hours from when it was made" in outcome.out), outcome.err


def test_a_stale_password_of_ecr_is_explained(desk: Desk, tmp_path: Path) -> None:
    with cloud(tmp_path, ECR, guarded("AWS", ECR_PASSWORD)) as here:
        desk.home.environ["HTTPS_PROXY"] = here.proxy
        outcome = desk.wharf("login", ECR, "--password-stdin", "--ca-file", str(here.ca_file), piped="hunter2" * 200)
    assert (6, True) == (outcome.code, "the password is older than 12 hours" in " ".join(outcome.err.split()))


# --- Azure -------------------------------------------------------------------------------------------------------

ACR = "team.azurecr.io"
ENTRA = written(iss="https://sts.windows.net/t-1/", tid="t-1", aud="https://containerregistry.azure.net", jti="hunter2")
REFRESH = written(grant_type="refresh_token", aud=ACR, exp=4_000_000_000, jti="refresh-of-acr")
ACCESS = written(sub="somebody", access=[{"type": "repository", "name": "team/app", "actions": ["pull"]}])


def azure(asked: Asked) -> Answer:
    form = {name: values[0] for name, values in parse_qs(asked.body).items()}
    match asked.method, urlsplit(asked.path).path:
        case "POST", "/oauth2/exchange":
            wanted = {"grant_type": "access_token", "service": ACR, "tenant": "t-1", "access_token": ENTRA}
            return (200, {}, json.dumps({"refresh_token": REFRESH})) if form == wanted else (401, {}, "{}")
        case "POST", "/oauth2/token":
            good = (form["grant_type"], form["refresh_token"]) == ("refresh_token", REFRESH)
            return (200, {}, json.dumps({"access_token": ACCESS})) if good else (401, {}, "{}")
        case "GET", "/v2/" if asked.headers.get("authorization") == f"Bearer {ACCESS}":
            return 200, {}, "{}"
        case _:
            challenge = f'Bearer realm="https://{ACR}/oauth2/token",service="{ACR}"'
            return 401, {"WWW-Authenticate": challenge}, "{}"


def test_a_token_of_entra_is_exchanged_for_one_of_the_registry(desk: Desk, tmp_path: Path) -> None:
    with cloud(tmp_path, ACR, azure) as here:
        desk.home.environ["HTTPS_PROXY"] = here.proxy
        trust = ("--ca-file", str(here.ca_file), "--repository", "team/app")
        outcome = desk.wharf("login", ACR, "--password-stdin", *trust, piped=ENTRA)
        again = desk.wharf("whoami", ACR, *trust)
    assert (0, True) == (outcome.code, "exchanged for one of this registry" in outcome.out), outcome.err
    assert "team/app: pull yes, push no, delete no" in outcome.out
    assert REFRESH == auths(desk)[ACR]["identitytoken"]
    assert (0, True) == (again.code, "until 2096-10-02" in again.out)


def test_a_token_that_azure_does_not_take_is_explained(desk: Desk, tmp_path: Path) -> None:
    stale = written(iss="https://sts.windows.net/t-1/", tid="t-2", jti="hunter2")
    with cloud(tmp_path, ACR, azure) as here:
        desk.home.environ["HTTPS_PROXY"] = here.proxy
        outcome = desk.wharf("login", ACR, "--password-stdin", "--ca-file", str(here.ca_file), piped=stale)
    assert (6, True) == (outcome.code, "az account get-access-token" in " ".join(outcome.err.split()))
    assert not desk.has_config


# --- Google, GitHub, Docker --------------------------------------------------------------------------------------

GOOGLE = "europe-docker.pkg.dev"


def test_a_service_account_logs_in_with_its_key_file(desk: Desk, tmp_path: Path) -> None:
    key = json.dumps({"type": "service_account", "client_email": "ci@p.iam", "private_key": "hunter2\n"}, indent=1)
    (tmp_path / "key.json").write_text(key)
    with cloud(tmp_path, GOOGLE, guarded("_json_key", key)) as here:
        desk.home.environ["HTTPS_PROXY"] = here.proxy
        trust = ("--ca-file", str(here.ca_file))
        outcome = desk.wharf("login", GOOGLE, "--key-file", str(tmp_path / "key.json"), *trust)
        again = desk.wharf("whoami", GOOGLE, *trust)
    assert (0, f"logged in to {GOOGLE} as ci@p.iam") == (outcome.code, outcome.out.splitlines()[0])
    assert (0, True) == (again.code, "logged in as ci@p.iam" in again.out)


def test_an_access_token_of_google_needs_no_user_name(desk: Desk, tmp_path: Path) -> None:
    with cloud(tmp_path, GOOGLE, guarded("oauth2accesstoken", "ya29.hunter2")) as here:
        desk.home.environ["HTTPS_PROXY"] = here.proxy
        outcome = desk.wharf(
            "login", GOOGLE, "--password-stdin", "--ca-file", str(here.ca_file), piped="ya29.hunter2\n"
        )
    assert (0, True) == (outcome.code, "about 60 minutes" in outcome.out), outcome.err


def test_a_fine_grained_token_that_github_refuses_is_explained(desk: Desk, tmp_path: Path) -> None:
    def github(asked: Asked) -> Answer:
        if asked.path.startswith("/token"):
            return 403, {}, '{"errors":[{"code":"DENIED","message":"denied"}]}'
        challenge = 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:user/image:pull"'
        return 401, {"WWW-Authenticate": challenge}, "{}"

    with cloud(tmp_path, "ghcr.io", github) as here:
        desk.home.environ["HTTPS_PROXY"] = here.proxy
        outcome = desk.wharf("login", "ghcr.io", "-u", "alice", "--password-stdin", "--ca-file", str(here.ca_file),
                             piped="github_pat_hunter2")  # fmt: skip
    err = " ".join(outcome.err.split())
    assert (6, True, True) == (outcome.code, "no fine-grained" in err, "write:packages" in err)


def test_at_docker_hub_the_pulls_that_are_left_are_told(desk: Desk, tmp_path: Path) -> None:
    token = written(sub="alice", access=[])

    def hub(asked: Asked) -> Answer:
        if asked.path.startswith("/token"):
            good = asked.headers.get("authorization") == basic("alice", "dckr_pat_hunter2")
            return (200, {}, json.dumps({"token": token})) if good else (401, {}, "{}")
        if asked.headers.get("authorization") != f"Bearer {token}":
            return 401, {"WWW-Authenticate": 'Bearer realm="https://registry-1.docker.io/token",service="hub"'}, "{}"
        counted = asked.path == "/v2/ratelimitpreview/test/manifests/latest" and asked.method == "HEAD"
        fields = {"ratelimit-limit": "200;w=21600", "ratelimit-remaining": "176;w=21600",
                  "docker-ratelimit-source": "192.0.2.7"}  # fmt: skip
        return 200, fields if counted else {}, "{}"

    with cloud(tmp_path, "registry-1.docker.io", hub) as here:
        desk.home.environ["HTTPS_PROXY"] = here.proxy
        trust = ("--ca-file", str(here.ca_file))
        login = desk.wharf("login", "docker.io", "-u", "alice", "--password-stdin", *trust, piped="dckr_pat_hunter2")
        outcome = desk.wharf("whoami", "docker.io", *trust)
    assert 0 == login.code, login.err
    assert ["https://index.docker.io/v1/"] == list(auths(desk))
    assert (0, True) == (outcome.code, "176 of 200 pulls left within 6 hours, counted for 192.0.2.7" in outcome.out)
