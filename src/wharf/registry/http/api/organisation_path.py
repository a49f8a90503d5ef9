"""The organisation in an address, and what it takes to ask about it."""

from typing import Final

from wharf.access.login import Login
from wharf.registry.http.api.operation import OWN, ApiRequest
from wharf.registry.http.api.parameters import in_path, login

AT_ORGANISATION: Final = f"{OWN}/orgs/{{org}}"
ORGANISATION: Final = in_path("org", "The name of the organisation.")
MEMBER: Final = "the scope read:packages; any role in the organisation"
OWNER: Final = "the scope admin; the role owner"


def organisation_in(request: ApiRequest) -> Login:
    return login(request, "org")
