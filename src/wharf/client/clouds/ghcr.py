"""GitHub's container registry: a classic token with the right scope, or the token of an Actions job. Nothing else."""

from datetime import timedelta
from typing import Final

from wharf.client.clouds.cloud import UNTIL_REVOKED, Advice, Cloud, Lifetime, certain, host_of, likely, remark
from wharf.client.clouds.shape import Kind, SecretShape

_HOSTS: Final = frozenset({"ghcr.io", "docker.pkg.github.com"})
_CLASSIC: Final = (
    "make a classic token: https://github.com/settings/tokens/new?scopes=write:packages (read:packages to pull only)"
)


def _lifetime(shape: SecretShape) -> Lifetime:
    if shape.kind is Kind.GITHUB_ACTIONS:
        return Lifetime("as long as the job that it was made for, at most a day", timedelta(days=1))
    return UNTIL_REVOKED


def _advice(username: str, shape: SecretShape) -> tuple[Advice, ...]:
    found = []
    if shape.kind is Kind.GITHUB_FINE_GRAINED:
        found.append(likely("GitHub Packages takes no fine-grained personal access tokens", _CLASSIC))
    if shape.kind is Kind.GITHUB_OAUTH:
        found.append(
            remark("the token of `gh` has no right to packages unless it was asked for",
                   "gh auth refresh --scopes write:packages")
        )  # fmt: skip
    if shape.kind is Kind.GITHUB_ACTIONS:
        found.append(remark("the token of a job pushes only if the workflow lets it", "permissions: {packages: write}"))
    if shape.kind is Kind.OTHER and shape.length != 40:
        found.append(likely("GitHub takes no passwords, and this looks like no token of GitHub's", _CLASSIC))
    if "@" in username:
        found.append(likely("an e-mail address is no user name of GitHub", "use the account's name"))
    if shape.kind is Kind.AWS_KEY_ID:
        found.append(certain("this is an AWS access key id", _CLASSIC))
    return tuple(found)


GHCR: Final = Cloud(
    name="GitHub Container Registry",
    recognises=lambda registry: host_of(registry) in _HOSTS,
    username_for=lambda _shape: "",
    lifetime_of=_lifetime,
    advice=_advice,
    ways_in=(
        "a classic personal access token: wharf login ghcr.io --username NAME --password-stdin",
        (
            "in GitHub Actions: echo ${{ secrets.GITHUB_TOKEN }} | wharf login ghcr.io --username ${{ github.actor }} "
            "--password-stdin, with `permissions: packages: write`"
        ),
    ),
    usual_mistakes=(
        "the token has expired, or is a fine-grained one, which GitHub Packages refuses",
        "the classic token was made without write:packages (to push), read:packages (to pull) or delete:packages",
        "the organisation asks for single sign-on: authorise the token for it, at the token's page",
        (
            "the package was first pushed with a personal token: give this repository a role under "
            '"Manage Actions access" of the package'
        ),
        "public images need no login: with a wrong one they are refused as well (wharf logout ghcr.io)",
    ),
)
