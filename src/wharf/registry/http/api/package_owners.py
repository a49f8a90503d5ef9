"""Whose packages: GitHub asks in three ways, for an organisation, for a user, and for oneself.

/orgs/{org}            an organisation; `-` is the instance, whose repositories have names of one segment
/users/{username}      a user
/user                  whoever asks
"""

from dataclasses import dataclass
from typing import Final

from wharf.access.login import Login
from wharf.errors import NotAuthenticated, RepositoryUnknown
from wharf.metadata.records import AccountKind
from wharf.oci.reference import RepositoryName
from wharf.registry.http.api import parameters
from wharf.registry.http.api.github_accounts import api_base, simple_user
from wharf.registry.http.api.operation import ApiRequest, Parameter
from wharf.registry.http.api.parameters import in_path
from wharf.registry.http.api.schemas import one_of
from wharf.registry.services.packages.packages import INSTANCE, PackageOwner, Packages

CONTAINER: Final = "container"
TYPES: Final = ("npm", "maven", "rubygems", "docker", "nuget", CONTAINER)
_INSTANCE: Final = "-"

PACKAGE_TYPE: Final = in_path("package_type", "The kind of package; here are containers only.", one_of(TYPES))
PACKAGE_NAME: Final = in_path("package_name", "The name behind the owner's, with %2F for a slash.")


@dataclass(frozen=True, slots=True)
class Way:
    """One of the three. The rest are the words that GitHub's names of operations end with."""

    path: str
    parameters: tuple[Parameter, ...]
    listed_for: str
    changed_for: str
    owned_by: str
    about: str


WAYS: Final = (
    Way(
        "/orgs/{org}",
        (in_path("org", "The organisation; `-` for repositories whose names have one segment."),),
        "organization",
        "org",
        "org",
        "an organisation",
    ),
    Way("/user", (), "authenticated-user", "authenticated-user", "authenticated-user", "whoever asks"),
    Way("/users/{username}", (in_path("username", "The user."),), "user", "user", "user", "a user"),
)


async def owner_in(request: ApiRequest, packages: Packages) -> PackageOwner:
    """The owner that the address speaks of. As at GitHub, only somebody may ask, also of what is public.

    Who asks comes before who is asked for: a stranger would learn else which accounts there are.
    """
    login = _login(request)
    await packages.admit(request.caller, PackageOwner(login))
    if login is None:
        return INSTANCE
    if "org" in request.path:
        return await packages.owner(login, AccountKind.ORGANISATION)
    return await (packages.owner(login, AccountKind.USER) if "username" in request.path else packages.oneself(login))


def _login(request: ApiRequest) -> Login | None:
    """None for the instance."""
    if "org" in request.path:
        return None if request.path["org"] == _INSTANCE else parameters.login(request, "org")
    if "username" in request.path:
        return parameters.login(request, "username")
    if request.caller.name is None:
        raise NotAuthenticated("this", "your own packages")
    return Login(request.caller.name)


def name_in(request: ApiRequest, owner: PackageOwner) -> RepositoryName:
    """The repository behind a package. What is no container is not here."""
    full = owner.repository(request.path["package_name"])
    if request.path["package_type"] != CONTAINER:
        raise RepositoryUnknown(full)
    name = parameters.repository(full)
    if owner.login is None and name.owner is not None:
        raise RepositoryUnknown(full)
    return name


def address_of(request: ApiRequest, owner: PackageOwner) -> str:
    """The owner in the API's addresses."""
    if owner.login is None:
        return f"{api_base(request)}/orgs/{_INSTANCE}"
    is_user = owner.account is not None and owner.account.kind is AccountKind.USER
    return f"{api_base(request)}/{'users' if is_user or 'username' in request.path else 'orgs'}/{owner.login}"


def owner_document(request: ApiRequest, owner: PackageOwner) -> dict[str, object] | None:
    return simple_user(owner.account, request) if owner.account else None
