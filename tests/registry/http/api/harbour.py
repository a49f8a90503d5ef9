"""A registry with an organisation, `crew`, and people to ask it as, for tests of its API."""

import json
from dataclasses import dataclass
from typing import Any

from wharf.oci.digest import Digest
from wharf.oci.media_types import OCI_INDEX, OCI_MANIFEST
from wharf.registry.http.api.operation import OWN
from wharf.testing.registry import Answer, InProcessRegistry, basic

PASSWORD = "a password of some length"


@dataclass(frozen=True, slots=True)
class Harbour:
    registry: InProcessRegistry

    def ask(self, method: str, path: str, document: object = None) -> Answer:
        body = b"" if document is None else json.dumps(document).encode()
        return self.registry.request(method, path, body)

    def told(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status == 200, answer
        return answer.json()

    def done(self, method: str, path: str, document: object = None) -> None:
        answer = self.ask(method, path, document)
        assert answer.status in {200, 201, 204}, answer

    def person(self, login: str, role: str | None = None) -> str:
        """Somebody new, with a role in `crew`; the answer is their header Authorization."""
        self.done("POST", f"{OWN}/users", {"login": login, "password": PASSWORD})
        if role is not None:
            self.done("PUT", f"{OWN}/orgs/crew/members/{login}", {"role": role})
        return basic(login, PASSWORD)

    def token(self, *scopes: str, repositories: tuple[str, ...] = ()) -> str:
        """One of the administrator's, as a header."""
        wanted = {"label": "for a test", "scopes": scopes, "repositories": repositories, "expires_in": 3600}
        return f"Bearer {self.ask('POST', f'{OWN}/tokens', wanted).json()['token']}"

    def as_(self, authorization: str, method: str, path: str, document: object = None) -> Answer:
        with self.registry.acting(authorization):
            return self.ask(method, path, document)

    def push_index(self, name: str, tag: str, *children: Digest) -> Digest:
        entries = [{"mediaType": OCI_MANIFEST, "digest": str(child), "size": 1} for child in children]
        document = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}
        return self.registry.push_manifest(name, tag, document)

    def push_signature(self, name: str, tag: str, subject: Digest) -> Digest:
        size = len(self.registry.request("GET", f"/v2/{name}/manifests/{subject}").body)
        spoken_about = {"mediaType": OCI_MANIFEST, "digest": str(subject), "size": size}
        return self.registry.push_manifest(
            name, tag, {**self.registry.image(name, tag.encode()), "subject": spoken_about}
        )
