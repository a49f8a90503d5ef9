"""Google's Artifact Registry: the user name says what kind of secret follows."""

import re
from datetime import timedelta
from typing import Final

from wharf.client.clouds.cloud import UNTIL_REVOKED, Advice, Cloud, Lifetime, certain, host_of, likely, remark
from wharf.client.clouds.shape import Kind, SecretShape

ACCESS_TOKEN_USER: Final = "oauth2accesstoken"  # noqa: S105 - a user name
_USERS: Final = {
    Kind.GOOGLE_ACCESS: ACCESS_TOKEN_USER,
    Kind.GOOGLE_KEY: "_json_key",
    Kind.GOOGLE_KEY_BASE64: "_json_key_base64",
}
_is_host = re.compile(r"(?:[a-z0-9-]+-docker\.pkg\.dev|(?:[a-z]+\.)?gcr\.io)").fullmatch
_HOUR: Final = Lifetime("about 60 minutes from when it was made", timedelta(minutes=60))


def _username_for(shape: SecretShape) -> str:
    return _USERS.get(shape.kind, "")


def _lifetime(shape: SecretShape) -> Lifetime:
    return _HOUR if shape.kind is Kind.GOOGLE_ACCESS else UNTIL_REVOKED


def _advice(username: str, shape: SecretShape) -> tuple[Advice, ...]:
    right = _username_for(shape)
    if right and username != right:
        return (certain(f"{shape.kind.value} goes with another user name", f"--username {right}"),)
    if shape.kind in {Kind.GOOGLE_KEY, Kind.GOOGLE_KEY_BASE64}:
        return (
            remark("a key does not expire, and whoever reads it is this service account",
                   "for one job, a token of an hour does: gcloud auth print-access-token"),
        )  # fmt: skip
    if username.startswith("_json_key"):
        return (likely("this is no complete JSON key of a service account", "give the file: --key-file KEY.json"),)
    if not right and username != ACCESS_TOKEN_USER:
        return (
            likely(f"Artifact Registry knows no user {username or 'without a name'}",
                   "use oauth2accesstoken with an access token, or _json_key with a key"),
        )  # fmt: skip
    return ()


ARTIFACT_REGISTRY: Final = Cloud(
    name="Google Artifact Registry",
    recognises=lambda registry: _is_host(host_of(registry)) is not None,
    username_for=_username_for,
    lifetime_of=_lifetime,
    advice=_advice,
    ways_in=(
        "as oneself: gcloud auth print-access-token | wharf login LOCATION-docker.pkg.dev --password-stdin",
        "as a service account: wharf login LOCATION-docker.pkg.dev --key-file KEY.json",
    ),
    usual_mistakes=(
        "the access token is older than an hour",
        "the account has no role there: roles/artifactregistry.reader to pull, .writer to push, .repoAdmin to delete",
        "the name is not LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE, or the repository was not created",
        "the key was deleted or disabled, or this machine's clock is wrong",
    ),
)
