"""Amazon's ECR: the user is always AWS, and the password is had for 12 hours from AWS itself.

GetAuthorizationToken -> authorizationToken, base64 of "AWS:PASSWORD", and expiresAt
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from wharf.client.clouds.cloud import Advice, Cloud, Lifetime, certain, host_of, likely
from wharf.client.clouds.obtained import Obtained
from wharf.client.clouds.shape import Kind, SecretShape
from wharf.credentials.credential import Password
from wharf.credentials.secret import Secret
from wharf.errors import RemoteMisbehaved

USER: Final = "AWS"
LIFETIME: Final = Lifetime("12 hours from when it was made", timedelta(hours=12))
_PUBLIC_HOST: Final = "public.ecr.aws"
_PUBLIC_REGION: Final = "us-east-1"
_private = re.compile(
    r"(?P<account>[0-9]{12})\.dkr(?:\.ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?"
    r"|-ecr(?:-fips)?\.(?P<dual>[a-z0-9-]+)\.on\.(?:aws|amazonwebservices\.com\.cn))"
).fullmatch
_misspelt = re.compile(r"[0-9-]+\.dkr\.ecr\..*amazonaws\.com.*").fullmatch


@dataclass(frozen=True, slots=True)
class Place:
    """Which of AWS's services gives out the password for a registry, and in which region."""

    service: str
    region: str


def place_of(registry: str) -> Place | None:
    host = host_of(registry)
    if host == _PUBLIC_HOST:
        return Place("ecr-public", _PUBLIC_REGION)
    found = _private(host)
    return Place("ecr", found["region"] or found["dual"]) if found else None


def opened(registry: str, token: str, expires: datetime, by: str) -> Obtained:
    """The authorization token, taken apart. It never gets into a message."""
    try:
        username, colon, password = b64decode(token, validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError):
        username, colon, password = "", "", ""
    if not colon or not password:
        raise RemoteMisbehaved(registry, "the authorization token of AWS is not base64 of a user and a password")
    return Obtained(Password(username, Secret(password)), by, expires)


def _advice(username: str, shape: SecretShape) -> tuple[Advice, ...]:
    found = []
    if username != USER:
        found.append(certain(f"the user of every ECR registry is {USER}, in capitals", f"--username {USER}"))
    if shape.kind is Kind.AWS_KEY_ID:
        found.append(certain("an AWS access key is not a password of ECR", _FROM_KEYS))
    elif shape.length < 100:
        found.append(
            likely(f"a password of ECR has more than a thousand characters, this one {shape.length}", _FROM_KEYS)
        )
    return tuple(found)


_FROM_KEYS: Final = (
    "leave user and password away, and wharf asks AWS with the credentials of this machine; or pipe in what "
    "`aws ecr get-login-password --region REGION` prints"
)


def _recognises(registry: str) -> bool:
    host = host_of(registry)
    return _private(host) is not None or _misspelt(host) is not None


ECR: Final = Cloud(
    name="Amazon ECR",
    recognises=_recognises,
    username_for=lambda _shape: USER,
    lifetime_of=lambda _shape: LIFETIME,
    advice=_advice,
    ways_in=(
        "with the AWS credentials of this machine: wharf login ACCOUNT.dkr.ecr.REGION.amazonaws.com",
        (
            "aws ecr get-login-password --region REGION | wharf login ACCOUNT.dkr.ecr.REGION.amazonaws.com "
            "--password-stdin"
        ),
    ),
    usual_mistakes=(
        "the password is older than 12 hours, or was made for another region or another account",
        "PowerShell 5 changes what it pipes: run the line in cmd, or leave the password away",
        "the account's number stands in the host name without dashes, 12 digits",
        "the role lacks ecr:GetAuthorizationToken on *, or the repository's own policy does not let it in",
        "the repository does not exist: ECR makes none on push (aws ecr create-repository --repository-name NAME)",
    ),
)

ECR_PUBLIC: Final = Cloud(
    name="Amazon ECR Public",
    recognises=lambda registry: host_of(registry) == _PUBLIC_HOST,
    username_for=lambda _shape: USER,
    lifetime_of=lambda _shape: LIFETIME,
    advice=_advice,
    ways_in=(
        "with the AWS credentials of this machine: wharf login public.ecr.aws",
        "aws ecr-public get-login-password --region us-east-1 | wharf login public.ecr.aws --password-stdin",
    ),
    usual_mistakes=(
        "the password was made by `aws ecr` in place of `aws ecr-public`, or in a region other than us-east-1",
        "the password is older than 12 hours; with a stale one, public images are refused as well",
        "the role lacks ecr-public:GetAuthorizationToken and sts:GetServiceBearerToken",
    ),
)
