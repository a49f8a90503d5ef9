"""The owner in an address: a user or an organisation, and `-` for the registry as a whole."""

from typing import Final

from wharf.access.login import Login
from wharf.errors import EntryUnknown
from wharf.registry.http.api.operation import OWN, ApiRequest
from wharf.registry.http.api.parameters import in_path, login

WHOLE_REGISTRY: Final = "-"
AT_OWNER: Final = f"{OWN}/owners/{{owner}}"
SETTLED_BY: Final = "admin, and the role maintainer; of the registry as a whole: to be its administrator"
OWNER: Final = in_path("owner", "A user or an organisation; `-` for the registry as a whole.")


def owner_in(request: ApiRequest) -> Login | None:
    """None for the whole registry. Services own nothing."""
    if request.path["owner"] == WHOLE_REGISTRY:
        return None
    owner = login(request, "owner")
    if owner.organisation is not None:
        raise EntryUnknown("owner", str(owner))
    return owner


def shown(owner: Login | str | None) -> str:
    return str(owner) if owner else WHOLE_REGISTRY
