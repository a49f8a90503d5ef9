"""Accounts as GitHub shows them: short wherever one is part of an answer, whole where one is asked for.

Its clients read members that mean nothing here, and some of them fail where one is missing. So all that GitHub promises
are there: what this registry has not got is null or none, and the addresses of it lead nowhere.
"""

from typing import Final

from wharf.metadata.records import AccountKind, AccountRecord
from wharf.registry.http.api import moments
from wharf.registry.http.api.operation import GITHUB, ApiRequest
from wharf.registry.http.api.schemas import ID, MAYBE_TEXT, MOMENT, TEXT, TRUTH, URI, Shape, one_of, told
from wharf.registry.services.accounts.github_types import GITHUB_TYPES

_TEMPLATE: Final[Shape] = {"type": "string", "format": "uri-template"}
_NOTHING: Final[Shape] = {"type": "null"}
_NONE: Final[Shape] = {"type": "integer", "enum": [0]}
_FALSE: Final[Shape] = {"type": "boolean", "enum": [False]}
_LETTERS: Final = {AccountKind.USER: "U", AccountKind.ORGANISATION: "O", AccountKind.SERVICE: "BOT"}
# Where GitHub has more about an account: plain addresses, and ones with a part left open.
_BELOW_USERS: Final = {
    "followers_url": "followers",
    "following_url": "following{/other_user}",
    "gists_url": "gists{/gist_id}",
    "starred_url": "starred{/owner}{/repo}",
    "subscriptions_url": "subscriptions",
    "organizations_url": "orgs",
    "repos_url": "repos",
    "events_url": "events{/privacy}",
    "received_events_url": "received_events",
}
_BELOW_ORGANISATIONS: Final = {
    "repos_url": "repos",
    "events_url": "events",
    "hooks_url": "hooks",
    "issues_url": "issues",
    "members_url": "members{/member}",
    "public_members_url": "public_members{/member}",
}


def _addresses(below: dict[str, str]) -> Shape:
    return {name: _TEMPLATE if "{" in end else URI for name, end in below.items()}


def _object(title: str, properties: Shape) -> Shape:
    return {"title": title, **told(properties)}


_SHORT: Final[Shape] = {
    "login": TEXT,
    "id": ID,
    "node_id": TEXT,
    "avatar_url": URI,
    "gravatar_id": MAYBE_TEXT,
    "url": URI,
    "html_url": URI,
    **_addresses(_BELOW_USERS),
    "type": one_of(GITHUB_TYPES.values()),
    "site_admin": TRUTH,
}
_COUNTED: Final = ("public_repos", "public_gists", "followers", "following")
_UNKNOWN: Final = ("company", "blog", "location", "email", "hireable", "bio")
_AGES: Final[Shape] = {"created_at": MOMENT, "updated_at": MOMENT}
_ORGANISATION: Final[Shape] = {
    "login": TEXT,
    "id": ID,
    "node_id": TEXT,
    "url": URI,
    **_addresses(_BELOW_ORGANISATIONS),
    "avatar_url": URI,
    "description": _NOTHING,
}
SIMPLE_USER: Final = _object("SimpleUser", _SHORT)
PUBLIC_USER: Final = _object(
    "PublicUser",
    {**_SHORT, "name": MAYBE_TEXT, **dict.fromkeys(_UNKNOWN, _NOTHING), **dict.fromkeys(_COUNTED, _NONE), **_AGES},
)
SIMPLE_ORGANISATION: Final = _object("SimpleOrganisation", _ORGANISATION)
ORGANISATION: Final = _object(
    "Organisation",
    {
        **_ORGANISATION,
        "name": TEXT,
        "html_url": URI,
        "has_organization_projects": _FALSE,
        "has_repository_projects": _FALSE,
        **dict.fromkeys(_COUNTED, _NONE),
        "type": one_of([GITHUB_TYPES[AccountKind.ORGANISATION]]),
        **_AGES,
        "archived_at": _NOTHING,
    },
)


def api_base(request: ApiRequest) -> str:
    """Where this client finds the API: the answers point to where it asked."""
    server = GITHUB[-1]
    return request.base + (server if request.wire.path.startswith(f"{server}/") else "")


def simple_user(account: AccountRecord, request: ApiRequest) -> dict[str, object]:
    """Organisations too, as GitHub does."""
    here = f"{api_base(request)}/users/{account.login}"
    return {
        **_known(account, request),
        "gravatar_id": "",
        "url": here,
        "html_url": f"{request.base}/{account.login}",
        **{name: f"{here}/{end}" for name, end in _BELOW_USERS.items()},
        "type": GITHUB_TYPES[account.kind],
        "site_admin": account.is_administrator,
    }


def public_user(account: AccountRecord, request: ApiRequest) -> dict[str, object]:
    return {
        **simple_user(account, request),
        "name": account.display or None,
        **dict.fromkeys(_UNKNOWN),
        **dict.fromkeys(_COUNTED, 0),
        **_ages(account),
    }


def simple_organisation(account: AccountRecord, request: ApiRequest) -> dict[str, object]:
    here = f"{api_base(request)}/orgs/{account.login}"
    addresses = {name: f"{here}/{end}" for name, end in _BELOW_ORGANISATIONS.items()}
    return {**_known(account, request), "url": here, **addresses, "description": None}


def organisation(account: AccountRecord, request: ApiRequest) -> dict[str, object]:
    return {
        **simple_organisation(account, request),
        "name": account.display or str(account.login),
        "html_url": f"{request.base}/{account.login}",
        "has_organization_projects": False,
        "has_repository_projects": False,
        **dict.fromkeys(_COUNTED, 0),
        "type": GITHUB_TYPES[account.kind],
        **_ages(account),
        "archived_at": None,
    }


def node_id(account: AccountRecord) -> str:
    """What GraphQL calls it."""
    return f"{_LETTERS[account.kind]}_{account.id}"


def _known(account: AccountRecord, request: ApiRequest) -> dict[str, object]:
    picture = f"{request.base}/avatars/u/{account.id}"
    return {"login": str(account.login), "id": account.id, "node_id": node_id(account), "avatar_url": picture}


def _ages(account: AccountRecord) -> dict[str, object]:
    """When it was changed is nobody's business but its own."""
    created = moments.written(account.created_at)
    return {"created_at": created, "updated_at": created}
