"""What can be asked next with what an answer told: the links of an OpenAPI document.

POST …/orgs  made_at {"org": "login"}   ->   GET, DELETE …/orgs/{org}, GET …/orgs/{org}/members, …
"""

from collections.abc import Sequence

from wharf.registry.http.api.operation import Operation


def links(operation: Operation, operations: Sequence[Operation]) -> dict[str, object]:
    """To all that lies where the thing was made."""
    return {
        other.id: {"operationId": other.id, "parameters": _told(operation, other)}
        for other in operations
        if _lies_in(other.path, operation)
    }


def _lies_in(path: str, operation: Operation) -> bool:
    """A second name that nobody told leads nowhere."""
    rest = path.removeprefix(operation.path)
    return rest != path and _names(rest) == list(operation.made_at)


def _told(operation: Operation, other: Operation) -> dict[str, str]:
    told = {name: f"$response.body#/{field}" for name, field in operation.made_at.items()}
    return {name: told.get(name, f"$request.path.{name}") for name in _names(other.path)}


def _names(path: str) -> list[str]:
    return [segment[1:-1] for segment in path.split("/") if segment.startswith("{")]
