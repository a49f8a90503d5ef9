"""The administrator of a registry with accounts, who gives clients what they log in with, through its API."""

import secrets
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from wharf.testing.registry_process import RegistryProcess

OWN: Final = "/api/wharf/v1"
ADMINISTRATOR: Final = "admin"


@dataclass(frozen=True, slots=True)
class Credential:
    name: str
    password: str = field(repr=False)


class Authority:
    def __init__(self, registry: RegistryProcess) -> None:
        assert registry.admin_password is not None
        self.registry = registry
        self.administrator = Credential(ADMINISTRATOR, registry.admin_password)

    @property
    def host(self) -> str:
        return self.registry.host

    def told(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:  # JSON of whatever was asked
        """Ask for one of wharf's own operations, and expect that it is done."""
        login = (self.administrator.name, self.administrator.password)
        answer = httpx.request(method, f"{self.registry.url}{OWN}{path}", json=body, auth=login, timeout=120)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def digest(self, repository: str, tag: str) -> str:
        """Of what a tag points to."""
        login = (self.administrator.name, self.administrator.password)
        answer = httpx.head(f"{self.registry.url}/v2/{repository}/manifests/{tag}", auth=login, timeout=120)
        return str(answer.headers["docker-content-digest"])

    def organisation(self) -> str:
        """A new one, so that no test meets another's members."""
        name = f"crew-{secrets.token_hex(4)}"
        self.told("POST", "/orgs", {"login": name})
        return name

    def somebody(self, organisation: str | None = None, role: str = "reader") -> Credential:
        """A new person with a password, and a role if an organisation is named."""
        login = Credential(f"person-{secrets.token_hex(4)}", secrets.token_urlsafe())
        self.told("POST", "/users", {"login": login.name, "password": login.password})
        if organisation:
            self.told("PUT", f"/orgs/{organisation}/members/{login.name}", {"role": role})
        return login

    def service(self, organisation: str, *limits: str, role: str = "writer") -> Credential:
        """A service of the organisation, with a token that is limited to these repositories."""
        self.told("POST", f"/orgs/{organisation}/services", {"name": "ci", "role": role})
        return self.token(f"{organisation}+ci", *limits)

    def token(self, account: str, *limits: str) -> Credential:
        scopes = ["read:packages", "write:packages"]
        made = self.told("POST", "/tokens", {"account": account, "scopes": scopes, "repositories": list(limits)})
        return Credential(account, made["token"])

    def revoke_all(self, account: str) -> None:
        self.told("DELETE", f"/tokens?account={account.replace('+', '%2B')}")

    def make_public(self, repository: str) -> None:
        self.told("PATCH", f"/packages/{repository.replace('/', '%2F')}", {"visibility": "public"})
