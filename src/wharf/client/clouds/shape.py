"""The shape of a secret: what kind of key or token it looks like, by its first letters and its length.

Makers of tokens give each kind a beginning of its own. So a mistake can be named before the secret goes out, and
nothing of the secret itself has to be kept or shown.
"""

import json
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from wharf.client.login.claims import Claims, claims_of, moment
from wharf.credentials.secret import Secret

_AZURE_ISSUER: Final = re.compile(r"https://(?:sts\.windows\.net|login\.microsoftonline\.[a-z]+)/").match


class Kind(Enum):
    """The value is what a person calls it."""

    GITHUB_CLASSIC = "a classic personal access token of GitHub"
    GITHUB_FINE_GRAINED = "a fine-grained personal access token of GitHub"
    GITHUB_ACTIONS = "the token of a GitHub Actions job or of a GitHub App"
    GITHUB_OAUTH = "an OAuth token of GitHub, as `gh auth token` prints"
    DOCKER_PERSONAL = "a personal access token of Docker Hub"
    DOCKER_ORGANISATION = "an organisation access token of Docker Hub"
    GITLAB_PERSONAL = "a personal, group or project access token of GitLab"
    GITLAB_DEPLOY = "a deploy token of GitLab"
    GITLAB_JOB = "the token of a GitLab CI job"
    GOOGLE_ACCESS = "an access token of Google Cloud"
    GOOGLE_KEY = "the JSON key of a Google service account"
    GOOGLE_KEY_BASE64 = "the JSON key of a Google service account in base64"
    AWS_ECR = "a password of Amazon ECR"
    AWS_KEY_ID = "an AWS access key id, which is not a secret and no password"
    ENTRA_ACCESS = "an access token of Microsoft Entra ID (Azure AD)"
    AZURE_REFRESH = "a refresh token of an Azure container registry"
    WHARF = "a token of a wharf registry"
    OTHER = "a password, or a token of a kind that does not show"


_PREFIXES: Final = {
    "ghp_": Kind.GITHUB_CLASSIC,
    "github_pat_": Kind.GITHUB_FINE_GRAINED,
    "ghs_": Kind.GITHUB_ACTIONS,
    "gho_": Kind.GITHUB_OAUTH,
    "ghu_": Kind.GITHUB_ACTIONS,
    "dckr_pat_": Kind.DOCKER_PERSONAL,
    "dckr_oat_": Kind.DOCKER_ORGANISATION,
    "glpat-": Kind.GITLAB_PERSONAL,
    "gldt-": Kind.GITLAB_DEPLOY,
    "glcbt-": Kind.GITLAB_JOB,
    "ya29.": Kind.GOOGLE_ACCESS,
    "wharf_pat_": Kind.WHARF,
    "wharf_ci_": Kind.WHARF,
    "wharf_ref_": Kind.WHARF,
}
_is_aws_key_id = re.compile(r"A(?:KIA|SIA)[A-Z0-9]{16}").fullmatch


@dataclass(frozen=True, slots=True)
class SecretShape:
    kind: Kind
    length: int
    padded: bool = False
    """Whether blanks or line breaks stand around it."""
    lines: int = 1
    claims: Claims | None = None
    account: str = ""
    """Whom it names in clear text: the e-mail address of a service account."""
    expires: datetime | None = None
    """As it says itself."""


def shape_of(secret: Secret) -> SecretShape:
    text = secret.reveal()
    bare = text.strip()
    document = _object_in(bare)
    claims = claims_of(Secret(bare))
    return SecretShape(
        kind=_kind_of(bare, document, claims),
        length=len(text),
        padded=bare != text,
        lines=len(bare.splitlines()) or 1,
        claims=claims,
        account=_text(document.get("client_email")),
        expires=claims.expires if claims else moment(document.get("expiration")),
    )


def _kind_of(text: str, document: Mapping[str, object], claims: Claims | None) -> Kind:
    if document.get("type") == "service_account" and document.get("private_key"):
        return Kind.GOOGLE_KEY if text.startswith("{") else Kind.GOOGLE_KEY_BASE64
    if document.get("type") == "DATA_KEY" and document.get("datakey"):
        return Kind.AWS_ECR
    if claims is not None and _AZURE_ISSUER(claims.issuer):
        return Kind.ENTRA_ACCESS
    if claims is not None and claims.use == "refresh_token":
        return Kind.AZURE_REFRESH
    if _is_aws_key_id(text):
        return Kind.AWS_KEY_ID
    return next((kind for prefix, kind in _PREFIXES.items() if text.startswith(prefix)), Kind.OTHER)


def _object_in(text: str) -> Mapping[str, object]:
    """JSON as it stands, or in base64; nothing for anything else. Its text never gets into a message."""
    try:
        found = json.loads(text if text.startswith("{") else b64decode(text, validate=True))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
