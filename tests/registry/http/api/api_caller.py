"""Somebody who speaks with the API: a registry, and what they log in with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import Answer, InProcessRegistry, basic

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class ApiCaller:
    registry: InProcessRegistry
    authorization: str

    def get(self, path: str) -> Answer:
        return self._asked("GET", path)

    def post(self, path: str, body: Mapping[str, object]) -> Answer:
        return self._asked("POST", path, body)

    def put(self, path: str, body: Mapping[str, object]) -> Answer:
        return self._asked("PUT", path, body)

    def patch(self, path: str, body: Mapping[str, object]) -> Answer:
        return self._asked("PATCH", path, body)

    def delete(self, path: str) -> Answer:
        return self._asked("DELETE", path)

    def user(self, login: str, **facts: object) -> "ApiCaller":
        """A new account, and who has it."""
        answer = self.post("/users", {"login": login, "password": PASSWORD, **facts})
        assert answer.status == 201, answer
        return ApiCaller(self.registry, basic(login, PASSWORD))

    def token(self, *scopes: str, **wish: object) -> "ApiCaller":
        """Somebody with a new token."""
        return self.bearer(self.made(*scopes, **wish)["token"])

    def made(self, *scopes: str, **wish: object) -> Any:
        answer = self.post("/tokens", {"scopes": list(scopes), **wish})
        assert answer.status == 201, answer
        return answer.json()

    def bearer(self, token: str) -> "ApiCaller":
        return ApiCaller(self.registry, f"Bearer {token}")

    def _asked(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Answer:
        sent = b"" if body is None else json.dumps(body).encode()
        with self.registry.acting(self.authorization):
            return self.registry.request(method, OWN + path, sent, {"content-type": "application/json"})


def administrator(registry: InProcessRegistry) -> ApiCaller:
    return ApiCaller(registry, registry.authorization)
