"""GitHub's API of packages, as far as a check uses it, at a server that is a registry too: under `/api/v3/`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.cli.check.front import Answer, as_json, error

_package = re.compile(r"(?P<holder>orgs/acme|users/octo|user)/packages/container/wharf-check(?P<rest>.*)").fullmatch


@dataclass
class GitHub:
    """`registry` tells the manifests that the package has: digest to tags. Deleting goes through the API alone."""

    registry: Callable[[], dict[str, list[str]]]
    holder: str = "orgs/acme"
    others: dict[str, list[str]] = field(default_factory=dict)
    refuses_to_delete: bool = False
    deleted: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def overrule(self, method: str, path: str) -> Answer | None:
        if path.startswith("/api/v3/"):
            plain = path.removeprefix("/api/v3/").partition("?")[0]
            self.asked.append(f"{method} /{plain}")
            return self._answer(method, plain)
        return self._of_registry(method, path)

    def _of_registry(self, method: str, path: str) -> Answer | None:
        """As ghcr.io does: nothing is deleted there, and what the API has deleted is gone."""
        if method == "DELETE":
            return error(405, "UNSUPPORTED", "The operation is unsupported.")
        is_gone = self.deleted and "/manifests/" in path and method == "HEAD"
        return error(404, "MANIFEST_UNKNOWN", "manifest unknown") if is_gone else None

    def _answer(self, method: str, path: str) -> Answer:
        if path == "":
            return as_json(200, {"current_user_url": "https://github.example/api/v3/user"})
        if path in {"orgs/acme", "orgs/octo"}:
            return as_json(200 if path == self.holder else 404, {})
        if path == f"{self.holder}/packages":
            return as_json(200, [{"name": "wharf-check", "visibility": "private"}])
        found = _package(path)
        return self._of_package(method, found["rest"]) if found else as_json(404, {"message": "Not Found"})

    def _of_package(self, method: str, rest: str) -> Answer:
        if method == "DELETE" and self.refuses_to_delete:
            return as_json(403, {"message": "You need at least delete:packages scope to delete a package version."})
        if method == "DELETE":
            self.deleted.add(rest.rpartition("/")[2] or "package")
            return Answer(204)
        return as_json(200, self._versions()) if rest == "/versions" else as_json(404, {"message": "Not Found"})

    def _versions(self) -> list[dict[str, Any]]:
        every = {**self.registry(), **self.others}
        return [
            {"id": number, "name": digest, "metadata": {"container": {"tags": tags}}}
            for number, (digest, tags) in enumerate(every.items(), 1)
        ]
