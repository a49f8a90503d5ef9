"""Docker Hub: user name and access token; the pulls that are left can be asked for without spending one.

    HEAD https://registry-1.docker.io/v2/ratelimitpreview/test/manifests/latest
    ratelimit-limit: 100;w=21600        how many pulls in how many seconds
    ratelimit-remaining: 76;w=21600
    docker-ratelimit-source: the address or the account that is counted

Without these fields the account has no limit. The question itself is not counted.
"""

from typing import Final

from wharf.client.clouds.cloud import UNTIL_REVOKED, Advice, Cloud, certain, host_of, likely, remark
from wharf.client.clouds.shape import Kind, SecretShape
from wharf.client.message import Request
from wharf.oci.reference import DOCKER_HUB as HUB
from wharf.protocol.scope import Scope

_HOSTS: Final = frozenset({HUB, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com"})
_PREVIEW: Final = "ratelimitpreview/test"

PREVIEW_SCOPE: Final = Scope("repository", _PREVIEW, frozenset({"pull"}))
PREVIEW: Final = Request("HEAD", f"/v2/{_PREVIEW}/manifests/latest")
"""Its answer tells in its fields how many pulls are left."""


def _advice(username: str, shape: SecretShape) -> tuple[Advice, ...]:
    found = []
    if "@" in username:
        found.append(likely("an e-mail address is no user name of Docker Hub", "use the Docker ID"))
    if username != username.lower():
        found.append(likely("user names of Docker Hub are written in lower case", f"use {username.lower()}"))
    if shape.kind is Kind.DOCKER_ORGANISATION:
        found.append(
            remark("an organisation access token goes with the organisation's name, not with a person's",
                   "wharf login docker.io --username ORGANISATION")
        )  # fmt: skip
    if shape.kind is Kind.AWS_KEY_ID:
        found.append(certain("this is an AWS access key id", "give a token made at Docker Hub"))
    if shape.kind is Kind.OTHER:
        found.append(
            remark("if this is the account's password: a token can be revoked by itself, and works with two factors",
                   "make one at https://app.docker.com/settings/personal-access-tokens")
        )  # fmt: skip
    return tuple(found)


DOCKER_HUB: Final = Cloud(
    name="Docker Hub",
    recognises=lambda registry: host_of(registry) in _HOSTS,
    username_for=lambda _shape: "",
    lifetime_of=lambda _shape: UNTIL_REVOKED,
    advice=_advice,
    ways_in=(
        "a personal access token: wharf login docker.io --username DOCKER_ID --password-stdin",
        "an organisation access token: wharf login docker.io --username ORGANISATION --password-stdin",
    ),
    usual_mistakes=(
        "the account has two factors: its password is refused, an access token is not",
        "the token was made for reading only, and the push is refused",
        "the repository stands in a namespace of somebody else: only docker.io/DOCKER_ID/NAME is one's own",
        "the token of an organisation was given with a person's user name",
    ),
)
