"""Which cloud a registry belongs to, and what is said of a login before anything is sent."""

import pytest

from tests.client.tokens import token
from wharf.client.clouds.acr import ACR, TOKEN_USER
from wharf.client.clouds.artifact_registry import ARTIFACT_REGISTRY
from wharf.client.clouds.cloud import Cloud, Weight
from wharf.client.clouds.docker_hub import DOCKER_HUB
from wharf.client.clouds.ecr import ECR, ECR_PUBLIC
from wharf.client.clouds.ghcr import GHCR
from wharf.client.clouds.gitlab import GITLAB
from wharf.client.clouds.known import CLOUDS, advice_on, cloud_of
from wharf.client.clouds.plain import PLAIN
from wharf.client.clouds.quay import QUAY
from wharf.client.clouds.shape import shape_of
from wharf.credentials.secret import Secret

ECR_HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
ECR_PASSWORD = "x" * 1800
ENTRA = token(iss="https://sts.windows.net/t/", tid="t").reveal()
CLASSIC = "ghp_" + "x" * 36
GOOGLE_KEY = '{"type": "service_account", "client_email": "a@b", "private_key": "k"}'


@pytest.mark.parametrize(
    ("registry", "cloud"),
    [
        ("docker.io", DOCKER_HUB),
        ("registry-1.docker.io", DOCKER_HUB),
        ("ghcr.io", GHCR),
        ("GHCR.io:443", GHCR),
        (ECR_HOST, ECR),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", ECR),
        ("123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", ECR),
        ("123456789012.dkr-ecr.eu-west-1.on.aws", ECR),
        ("1234-5678-9012.dkr.ecr.eu-west-1.amazonaws.com", ECR),
        ("public.ecr.aws", ECR_PUBLIC),
        ("europe-west3-docker.pkg.dev", ARTIFACT_REGISTRY),
        ("eu.gcr.io", ARTIFACT_REGISTRY),
        ("gcr.io", ARTIFACT_REGISTRY),
        ("team.azurecr.io", ACR),
        ("team.azurecr.cn", ACR),
        ("quay.io", QUAY),
        ("registry.gitlab.com", GITLAB),
        ("gitlab.example.com:5050", GITLAB),
        ("registry.example.com:5000", PLAIN),
        ("127.0.0.1:5000", PLAIN),
        ("[::1]:5000", PLAIN),
        ("notghcr.io", PLAIN),
        ("ghcr.io.example.com", PLAIN),
        ("evilazurecr.io", PLAIN),
        ("pkg.dev", PLAIN),
    ],
)
def test_a_cloud_is_known_by_the_host_alone(registry: str, cloud: Cloud) -> None:
    assert cloud is cloud_of(registry)


@pytest.mark.parametrize(
    ("registry", "username", "secret"),
    [
        ("registry.example.com", "alice", "hunter2"),
        ("registry.example.com", "alice", CLASSIC),
        ("docker.io", "alice", "dckr_pat_abc"),
        ("ghcr.io", "alice", CLASSIC),
        (ECR_HOST, "AWS", ECR_PASSWORD),
        ("public.ecr.aws", "AWS", ECR_PASSWORD),
        ("europe-docker.pkg.dev", "oauth2accesstoken", "ya29.abc"),
        ("europe-docker.pkg.dev", "oauth2accesstoken", "a token without the usual beginning"),
        ("team.azurecr.io", TOKEN_USER, ENTRA),
        ("quay.io", "team+robot", "ABC"),
        ("quay.io", "$oauthtoken", "ABC"),
        ("registry.gitlab.com", "gitlab-ci-token", "glcbt-64_x"),
        ("registry.gitlab.com", "gitlab-ci-token", "[masked in older releases]"),
        ("registry.gitlab.com", "alice", "glpat-x"),
        ("registry.gitlab.com", "gitlab+deploy-token-7", "gldt-x"),
    ],
)
def test_what_is_right_is_left_alone(registry: str, username: str, secret: str) -> None:
    assert () == advice_on(registry, username, shape_of(Secret(secret)))


@pytest.mark.parametrize(
    ("registry", "username", "secret", "weight", "cause", "next_step"),
    [
        ("registry.example.com", "alice", "", Weight.CERTAIN, "the password is empty", "forks"),
        ("registry.example.com", "a:b", "x", Weight.CERTAIN, "colon", ""),
        ("registry.example.com", " alice", "x", Weight.LIKELY, "blanks stand around the user name", ""),
        ("registry.example.com", "alice", "x\r\n", Weight.LIKELY, "line breaks stand around", "printf"),
        ("registry.example.com", "alice", "x\ny", Weight.LIKELY, "several lines", ""),
        ("docker.io", "alice", CLASSIC, Weight.CERTAIN, "Docker Hub is somebody else: it was not sent", "docker.io"),
        ("ghcr.io", "alice", "dckr_pat_x", Weight.CERTAIN, "somebody else", "ghcr.io"),
        ("docker.io", "a@b.c", "dckr_pat_x", Weight.LIKELY, "e-mail", "Docker ID"),
        ("docker.io", "Alice", "dckr_pat_x", Weight.LIKELY, "lower case", "use alice"),
        ("docker.io", "alice", "dckr_oat_x", Weight.REMARK, "organisation's name", "--username ORGANISATION"),
        ("docker.io", "alice", "hunter2", Weight.REMARK, "two factors", "personal-access-tokens"),
        ("ghcr.io", "alice", "github_pat_x", Weight.LIKELY, "no fine-grained", "write:packages"),
        ("ghcr.io", "alice", "hunter2", Weight.LIKELY, "takes no passwords", "write:packages"),
        ("ghcr.io", "alice", "gho_x", Weight.REMARK, "`gh`", "gh auth refresh --scopes write:packages"),
        ("ghcr.io", "alice", "ghs_x", Weight.REMARK, "workflow", "packages: write"),
        (ECR_HOST, "alice", ECR_PASSWORD, Weight.CERTAIN, "the user of every ECR registry is AWS", "--username AWS"),
        (ECR_HOST, "AWS", "AKIAIOSFODNN7EXAMPLE", Weight.CERTAIN, "access key", "get-login-password"),
        (ECR_HOST, "AWS", "hunter2", Weight.LIKELY, "a thousand characters, this one 7", "leave user and password"),
        ("europe-docker.pkg.dev", "alice", "ya29.x", Weight.CERTAIN, "another user", "--username oauth2accesstoken"),
        ("europe-docker.pkg.dev", "alice", GOOGLE_KEY, Weight.CERTAIN, "another user", "--username _json_key"),
        ("europe-docker.pkg.dev", "_json_key", GOOGLE_KEY, Weight.REMARK, "does not expire", "print-access-token"),
        ("europe-docker.pkg.dev", "_json_key", "{", Weight.LIKELY, "no complete JSON key", "--key-file"),
        ("europe-docker.pkg.dev", "alice", "hunter2", Weight.LIKELY, "no user alice", "oauth2accesstoken"),
        ("team.azurecr.io", "alice", ENTRA, Weight.CERTAIN, "zeros", TOKEN_USER),
        ("team.azurecr.io", TOKEN_USER, "hunter2", Weight.LIKELY, "zeros", "--expose-token"),
        ("team.azurecr.io", "a@b.c", "hunter2", Weight.LIKELY, "no password here", "Entra"),
        ("team.azurecr.io", "team", "hunter2", Weight.REMARK, "admin", ""),
        ("quay.io", "$oauth", "x", Weight.LIKELY, "no user $oauth", "$oauthtoken"),
        ("quay.io", "oauthtoken", "x", Weight.LIKELY, "the shell", "'$oauthtoken'"),
        ("quay.io", "team+", "x", Weight.LIKELY, "half of a robot", "NAMESPACE+NAME"),
        ("quay.io", "Team+robot", "x", Weight.LIKELY, "lower case", ""),
        ("quay.io", "alice", "x", Weight.REMARK, "robot", ""),
        ("registry.gitlab.com", "alice", "glcbt-x", Weight.LIKELY, "fixed user name", "--username gitlab-ci-token"),
        ("registry.gitlab.com", "gitlab-ci-token", "glpat-x", Weight.LIKELY, "$CI_JOB_TOKEN only", ""),
        ("registry.gitlab.com", "alice", "gldt-x", Weight.REMARK, "gitlab+deploy-token-NUMBER", ""),
        ("registry.gitlab.com", "alice", "hunter2", Weight.REMARK, "two factors", "write_registry"),
    ],
)  # fmt: skip
def test_the_usual_mistake_is_named(
    registry: str, username: str, secret: str, weight: Weight, cause: str, next_step: str
) -> None:
    advice = advice_on(registry, username, shape_of(Secret(secret)))
    assert [(weight, True, True)] == [
        (each.weight, cause in each.cause, next_step in each.next_step) for each in advice if cause in each.cause
    ]


@pytest.mark.parametrize(
    ("registry", "secret", "username"),
    [(ECR_HOST, ECR_PASSWORD, "AWS"), ("europe-docker.pkg.dev", "ya29.x", "oauth2accesstoken"),
     ("gcr.io", GOOGLE_KEY, "_json_key"), ("team.azurecr.io", ENTRA, TOKEN_USER),
     ("registry.gitlab.com", "glcbt-x", "gitlab-ci-token"), ("docker.io", "dckr_pat_x", ""), ("a.b", "x", "")],
)  # fmt: skip
def test_the_user_name_is_known_where_it_is_fixed(registry: str, secret: str, username: str) -> None:
    assert username == cloud_of(registry).username_for(shape_of(Secret(secret)))


@pytest.mark.parametrize("cloud", [*CLOUDS, PLAIN], ids=lambda cloud: cloud.name)
def test_each_cloud_tells_the_way_in_the_lifetime_and_the_usual_mistakes(cloud: Cloud) -> None:
    shape = shape_of(Secret("x"))
    assert cloud.ways_in
    assert cloud.usual_mistakes
    assert cloud.lifetime_of(shape).words


@pytest.mark.parametrize(
    ("registry", "secret", "hours"),
    [(ECR_HOST, ECR_PASSWORD, 12), ("gcr.io", "ya29.x", 1), ("team.azurecr.io", ENTRA, 3), ("ghcr.io", "ghs_x", 24)],
)
def test_a_short_life_is_known_in_figures(registry: str, secret: str, hours: int) -> None:
    most = cloud_of(registry).lifetime_of(shape_of(Secret(secret))).at_most
    assert most is not None
    assert hours * 3600 == most.total_seconds()
