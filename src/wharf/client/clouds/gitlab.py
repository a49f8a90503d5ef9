"""GitLab's registry: each kind of token has its own user name, and a job's token ends with the job."""

from typing import Final

from wharf.client.clouds.cloud import UNTIL_REVOKED, Advice, Cloud, Lifetime, host_of, likely, remark
from wharf.client.clouds.shape import Kind, SecretShape

JOB_USER: Final = "gitlab-ci-token"


def _recognises(registry: str) -> bool:
    """Those of one's own have no fixed name, but most have this word in it."""
    return "gitlab" in host_of(registry).split(".")


def _username_for(shape: SecretShape) -> str:
    return JOB_USER if shape.kind is Kind.GITLAB_JOB else ""


def _lifetime(shape: SecretShape) -> Lifetime:
    return Lifetime("as long as the job") if shape.kind is Kind.GITLAB_JOB else UNTIL_REVOKED


def _advice(username: str, shape: SecretShape) -> tuple[Advice, ...]:
    found = []
    if shape.kind is Kind.GITLAB_JOB and username != JOB_USER:
        found.append(likely("the token of a job goes with a fixed user name", f"--username {JOB_USER}"))
    if username == JOB_USER and shape.kind not in {Kind.GITLAB_JOB, Kind.OTHER}:
        found.append(likely(f"{JOB_USER} goes with $CI_JOB_TOKEN only, and this is {shape.kind.value}"))
    if shape.kind is Kind.GITLAB_DEPLOY and username and not username.startswith("gitlab+deploy-token-"):
        found.append(
            remark("a deploy token has a user name of its own, gitlab+deploy-token-NUMBER unless another was chosen")
        )
    if shape.kind is Kind.OTHER and username != JOB_USER:
        found.append(
            remark("if this is the account's password: with two factors it is refused",
                   "make a token with read_registry and write_registry")
        )  # fmt: skip
    return tuple(found)


GITLAB: Final = Cloud(
    name="GitLab Container Registry",
    recognises=_recognises,
    username_for=_username_for,
    lifetime_of=_lifetime,
    advice=_advice,
    ways_in=(
        (
            'in a job: echo "$CI_REGISTRY_PASSWORD" | wharf login "$CI_REGISTRY" --username "$CI_REGISTRY_USER" '
            "--password-stdin"
        ),
        "a deploy token: $CI_DEPLOY_USER and $CI_DEPLOY_PASSWORD, made with read_registry, write_registry",
        "a personal access token with read_registry and write_registry, and any user name of one's own",
    ),
    usual_mistakes=(
        "the job has ended, and its token with it: what runs later needs a deploy token",
        "the token was made without read_registry (to pull) or write_registry (to push)",
        "the image is in another project: let this project in under Settings, CI/CD, Job token permissions",
        "the variable is protected, and this branch is not: it arrives empty",
    ),
)
