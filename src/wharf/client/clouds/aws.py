"""The AWS credentials of this machine, whichever they are, and the password of a registry that they are good for.

AWS's own library finds them, as `aws` does: variables, profile, single sign-on, the role of the machine or container.
It also heeds AWS_ENDPOINT_URL. It is heavy and few need it, so it is an extra and imported when asked for.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Final, NoReturn, Protocol, TypedDict, cast

from wharf.client.clouds.ecr import Place, opened
from wharf.client.clouds.obtained import Obtained
from wharf.errors import LoginImpossible, RemoteMisbehaved, Unreachable

_INSTALL: Final = "pip install 'wharfinger[aws]', or pipe in a password: aws ecr get-login-password --region REGION"
_FRESH: Final = "aws sso login, or new keys; `aws sts get-caller-identity` tells who one is"
_NEXT_STEPS: Final = {
    "AccessDeniedException": "give the user or role ecr:GetAuthorizationToken on resource *",
    "ExpiredTokenException": _FRESH,
    "UnrecognizedClientException": "the access key is unknown to AWS: look at AWS_ACCESS_KEY_ID and the profile",
    "InvalidSignatureException": "the secret key does not fit the key id, or this machine's clock is wrong",
}


class _Authorization(TypedDict):
    authorizationToken: str
    expiresAt: datetime


class _Client(Protocol):
    """As much of AWS's client as is used here."""

    def get_authorization_token(self) -> Mapping[str, _Authorization | Sequence[_Authorization]]: ...


class _Found(Protocol):
    method: str


class _Session(Protocol):
    profile: str | None

    def get_credentials(self) -> _Found | None: ...

    def create_client(self, service: str, *, region_name: str) -> _Client: ...


def ask_aws(registry: str, place: Place) -> Obtained:
    """It reads the process's own environment and speaks to AWS: call it in a thread."""
    try:
        session = cast("_Session", import_module("botocore.session").get_session())
    except ModuleNotFoundError as missing:
        raise LoginImpossible("AWS's library, botocore, is not installed here", _INSTALL) from missing
    errors = import_module("botocore.exceptions")
    try:
        found = session.get_credentials()
        if found is None:
            raise errors.NoCredentialsError
        answer = session.create_client(place.service, region_name=place.region).get_authorization_token()
    except (errors.BotoCoreError, errors.ClientError) as problem:
        _explain(registry, problem)
    first = _first(registry, answer)
    return opened(registry, first["authorizationToken"], first["expiresAt"], _provenance(session, found))


def _first(registry: str, answer: Mapping[str, _Authorization | Sequence[_Authorization]]) -> _Authorization:
    """ECR answers with a list of one, ECR Public with the one."""
    found = answer.get("authorizationData") or []
    first = found if isinstance(found, Mapping) else next(iter(found), None)
    if first is None or "authorizationToken" not in first or "expiresAt" not in first:
        raise RemoteMisbehaved(registry, "AWS answered without an authorization token")
    return first


def _provenance(session: _Session, found: _Found) -> str:
    profile = f", profile {session.profile}" if session.profile else ""
    return f"the AWS credentials of this machine ({found.method}{profile})"


def _explain(registry: str, problem: Exception) -> NoReturn:
    """The first line only: what AWS says of signatures goes on with the request itself, tokens included."""
    kind, said = type(problem).__name__, str(problem).splitlines()[0]
    if kind == "NoCredentialsError":
        raise LoginImpossible(
            f"there are no AWS credentials on this machine to log in to {registry} with",
            "aws configure, aws sso login, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        ) from None
    if kind in {"EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ConnectionClosedError"}:
        raise Unreachable("AWS", said, next_step="look at the region, the proxy, and AWS_ENDPOINT_URL") from None
    code = _error_code(problem) or kind
    raise LoginImpossible(f"AWS gives no password: {said}", _NEXT_STEPS.get(code, _FRESH)) from None


def _error_code(problem: Exception) -> str:
    response = getattr(problem, "response", {})
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, Mapping) else ""
