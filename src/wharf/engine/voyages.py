"""An engine at its work: it brings images to registries, fetches them, and runs them.

A credential is handed over with each request; the engine keeps none, and neither does a file.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wharf.credentials.credential import Credential, IdentityToken, Password, RegistryToken
from wharf.engine.docker import Engine, engine_errors
from wharf.errors import EngineRefused, WharfError, shown
from wharf.oci.reference import DOCKER_HUB, Reference

if TYPE_CHECKING:
    from docker import APIClient
    from requests import Response

_DOCKER_HUB_ADDRESS: Final = "https://index.docker.io/v1/"
_LONGEST_OUTPUT: Final = 64 * 1024
_PATIENCE: Final = 60
_LONGEST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Ran:
    """What a container said, and what it ended with."""

    code: int
    said: str


class EngineVoyages:
    """Each method blocks, and is to be called in a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._api: APIClient = engine.client.api

    @property
    def address(self) -> str:
        return self._engine.address

    def log_in(self, registry: str, credential: Credential) -> None:
        """Whether the registry lets the engine in with it, as `docker login` asks."""
        action = f"log in to {registry}"
        with engine_errors(action, self.address):
            address = f"{self._api.base_url}/v{self._api.api_version}/auth"
            answer = self._api.request("POST", address, json=_auth(registry, credential), timeout=_PATIENCE)
            _judge(answer)

    def push(self, image: Reference, credential: Credential | None) -> None:
        action = f"push {image}"
        with engine_errors(action, self.address):
            lines = self._api.push(
                _name(image), str(image.tag), auth_config=_auth(image.registry, credential), stream=True, decode=True
            )
            _to_the_end(lines, action)

    def pull(self, image: Reference, credential: Credential | None) -> None:
        action = f"pull {image}"
        which = str(image.digest or image.tag or "latest")
        with engine_errors(action, self.address):
            lines = self._api.pull(
                _name(image), which, auth_config=_auth(image.registry, credential), stream=True, decode=True
            )
            _to_the_end(lines, action)

    def run(self, image: Reference, name: str) -> Ran:
        """In a container of this name, without a network, whose output is short. It stays, and is to be removed."""
        with engine_errors(f"run {image}", self.address):
            host = self._api.create_host_config(network_mode="none")
            self._api.create_container(str(image), name=name, host_config=host)
            self._api.start(name)
            ended = self._api.wait(name)
            said: bytes = self._api.logs(name, tail=100)
        return Ran(int(ended.get("StatusCode", -1)), said[:_LONGEST_OUTPUT].decode("utf-8", "replace"))

    def remove_container(self, name: str) -> bool:
        """Also while it runs. Whether it was there: one that is not is as good as removed."""
        from docker import errors  # noqa: PLC0415 - start-up time

        with engine_errors(f"remove the container {name}", self.address), suppress(errors.NotFound):
            self._api.remove_container(name, force=True)
            return True
        return False

    def remove_image(self, name: str) -> bool:
        """Whether it was there."""
        from docker import errors  # noqa: PLC0415 - start-up time

        with engine_errors(f"remove the image {name}", self.address), suppress(errors.NotFound):
            self._api.remove_image(name)
            return True
        return False


def _judge(answer: "Response") -> None:
    from docker import errors  # noqa: PLC0415 - start-up time
    from requests import HTTPError  # noqa: PLC0415 - start-up time

    try:
        answer.raise_for_status()
    except HTTPError as problem:
        errors.create_api_error_from_http_exception(problem)


def _name(image: Reference) -> str:
    return f"{image.registry}/{image.repository}"


def _auth(registry: str, credential: Credential | None) -> dict[str, str]:
    address = _DOCKER_HUB_ADDRESS if registry == DOCKER_HUB else registry
    match credential:
        case Password(username, password):
            return {"username": username, "password": password.reveal(), "serveraddress": address}
        case IdentityToken(token):
            return {"identitytoken": token.reveal(), "serveraddress": address}
        case RegistryToken(token):
            return {"registrytoken": token.reveal(), "serveraddress": address}
        case None:
            return {}


def _to_the_end(lines: "Iterable[Mapping[str, Any]]", action: str) -> None:
    """An engine that has begun to answer tells of a failure in the midst of it."""
    for line in lines:
        if problem := line.get("error"):
            raise _refused(action, str(problem))


def _refused(action: str, problem: str) -> WharfError:
    """What names the failure stands at the end of what an engine says, behind a tower of names."""
    end = _end_of(problem)
    return EngineRefused(action, end, [shown(problem)] if end != problem else [])


def _end_of(problem: str) -> str:
    """As many of its last parts as can be shown whole."""
    parts = problem.split(": ")
    ends = (": ".join(parts[start:]) for start in range(len(parts)))
    return next((end for end in ends if len(end) <= _LONGEST_SHOWN), problem)
