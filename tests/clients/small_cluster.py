"""A cluster of secrets, pods and service accounts alone: as much of Kubernetes' API as kubectl asks to list them."""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_RESOURCES = {"secrets": "Secret", "pods": "Pod", "serviceaccounts": "ServiceAccount"}
_PULL_TYPE = "kubernetes.io/dockerconfigjson"


@dataclass
class SmallCluster:
    """`refuses`: whoever asks has no right to anything but the list of what there is."""

    refuses: bool = False
    things: dict[str, list[dict[str, object]]] = field(default_factory=lambda: {name: [] for name in _RESOURCES})

    def secret(
        self, name: str, auths: Mapping[str, object] | bytes, namespace: str = "default", kind: str = _PULL_TYPE
    ) -> None:
        held = auths if isinstance(auths, bytes) else json.dumps({"auths": auths}).encode()
        data = {".dockerconfigjson": base64.b64encode(held).decode()}
        self.things["secrets"].append(
            {"kind": "Secret", "apiVersion": "v1", "metadata": _meta(name, namespace), "type": kind, "data": data}
        )

    def account(self, *secrets: str, name: str = "default", namespace: str = "default") -> None:
        named = [{"name": secret} for secret in secrets]
        self.things["serviceaccounts"].append(
            {
                "kind": "ServiceAccount",
                "apiVersion": "v1",
                "metadata": _meta(name, namespace),
                "imagePullSecrets": named,
            }
        )

    def pod(self, name: str, image: str, *secrets: str, namespace: str = "default") -> None:
        spec = {"containers": [{"name": "app", "image": image}], "imagePullSecrets": [{"name": one} for one in secrets]}
        self.things["pods"].append(
            {"kind": "Pod", "apiVersion": "v1", "metadata": _meta(name, namespace), "spec": spec}
        )

    def answer(self, url: str) -> tuple[int, dict[str, object]]:
        parts = urlsplit(url)
        match parts.path.strip("/").split("/"):
            case ["api"]:
                return 200, {"kind": "APIVersions", "versions": ["v1"]}
            case ["apis"]:
                return 200, {"kind": "APIGroupList", "apiVersion": "v1", "groups": []}
            case ["api", "v1"]:
                return 200, _list_of_resources()
            case ["api", "v1", *rest] if self.refuses:
                return 403, _status(403, "Forbidden", f'{rest[-1]} is forbidden: User "nobody" cannot list it')
            case ["api", "v1", "namespaces", namespace, kind]:
                return 200, self._listed(kind, namespace, parts.query)
            case ["api", "v1", "namespaces", namespace, kind, name]:
                return self._one(kind, namespace, name)
            case ["api", "v1", kind]:
                return 200, self._listed(kind, "", parts.query)
            case _:
                return 404, _status(404, "NotFound", "the server could not find the requested resource")

    def _listed(self, kind: str, namespace: str, query: str) -> dict[str, object]:
        selector = parse_qs(query).get("fieldSelector", [""])[0]
        wished = selector.removeprefix("type=") if selector.startswith("type=") else ""
        items = [
            thing
            for thing in self.things[kind]
            if namespace in {"", _namespace(thing)} and (not wished or thing.get("type") == wished)
        ]
        return {"kind": f"{_RESOURCES[kind]}List", "apiVersion": "v1", "metadata": {}, "items": items}

    def _one(self, kind: str, namespace: str, name: str) -> tuple[int, dict[str, object]]:
        for thing in self.things[kind]:
            if _namespace(thing) == namespace and _name(thing) == name:
                return 200, thing
        return 404, _status(404, "NotFound", f'{kind} "{name}" not found')

    @contextmanager
    def served(self) -> Iterator[str]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, cluster: SmallCluster, *rest: object) -> None:
        self._cluster = cluster
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        status, said = self._cluster.answer(self.path)
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name above
        """Nothing is written."""


def kubeconfig(file: Path, server: str, namespace: str = "default") -> None:
    """With one context, which is the current one."""
    settings = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "small", "cluster": {"server": server}}],
        "users": [{"name": "nobody", "user": {}}],
        "contexts": [{"name": "of-a-test", "context": {"cluster": "small", "user": "nobody", "namespace": namespace}}],
        "current-context": "of-a-test",
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(settings))


def _meta(name: str, namespace: str) -> dict[str, object]:
    return {"name": name, "namespace": namespace}


def _namespace(thing: Mapping[str, object]) -> str:
    return _of_meta(thing, "namespace")


def _name(thing: Mapping[str, object]) -> str:
    return _of_meta(thing, "name")


def _of_meta(thing: Mapping[str, object], member: str) -> str:
    meta = thing["metadata"]
    assert isinstance(meta, dict)
    return str(meta[member])


def _list_of_resources() -> dict[str, object]:
    resources = [
        {"name": name, "singularName": kind.lower(), "namespaced": True, "kind": kind, "verbs": ["get", "list"]}
        for name, kind in _RESOURCES.items()
    ]
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "v1", "resources": resources}


def _status(code: int, reason: str, message: str) -> dict[str, object]:
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "code": code,
        "reason": reason,
        "message": message,
    }
