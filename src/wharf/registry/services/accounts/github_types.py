"""What GitHub calls the kinds of accounts: in the answers of its API, and in what its webhooks tell."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from wharf.metadata.records import AccountKind

GITHUB_TYPES: Final[Mapping[AccountKind, str]] = MappingProxyType(
    {AccountKind.USER: "User", AccountKind.ORGANISATION: "Organization", AccountKind.SERVICE: "Bot"}
)
