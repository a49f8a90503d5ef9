"""A Docker Engine, or Podman's socket that speaks like one: the images that a machine keeps to run containers from.

It is reached as the docker command reaches it: by DOCKER_HOST and its TLS variables, or else by the chosen context.
"""

import re
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Final, Self
from urllib.parse import quote, urlsplit

from wharf.errors import EngineRefused, EngineUnreachable, ImageNotThere, MalformedReference, WharfError, shown
from wharf.images.sink import Moved
from wharf.oci.digest import Digest
from wharf.oci.platform import Platform
from wharf.oci.reference import Reference
from wharf.oci.strict_json import parse_object

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.images import Image
    from requests import Response

_PATIENCE_FOR_WORDS: Final = 60
_PATIENCE_FOR_IMAGES: Final = 600
"""In seconds; an engine says nothing while it unpacks an image."""
_PATIENCE_AT_THE_DOOR: Final = 10.0
_PORT: Final = 2375
_PIECE: Final = 1024 * 1024
_ANY_VERSION: Final = "1.24"
_SOCKET: Final = "unix://"
_PLACE: Final = "the container engine"
_is_loaded: Final = re.compile(r"Loaded image(?: ID|\(s\))?: *(?P<name>\S+)").search


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What an engine says of itself. `keeps_manifests`: images stand there as registries have them, with containerd."""

    version: str
    api_version: str
    platform: Platform
    storage: str
    keeps_manifests: bool


@dataclass(frozen=True, slots=True)
class EngineImage:
    """`id` is the digest of the configuration, or of the manifest where the engine keeps manifests."""

    id: Digest
    names: tuple[Reference, ...]
    size: int


class Engine:
    """Each method blocks, and is to be called in a thread."""

    def __init__(self, client: "DockerClient", address: str) -> None:
        self._client = client
        self.address = address

    @classmethod
    def connect(cls, environ: Mapping[str, str], patience: int = _PATIENCE_FOR_WORDS) -> Self:
        """`patience`, in seconds: how long it may be silent before it is given up."""
        import docker  # noqa: PLC0415 - start-up time

        address = environ.get("DOCKER_HOST") or "its usual address"
        connect = partial(docker.from_env, environment=dict(environ), timeout=patience)
        with engine_errors("answer", address), closing(connect(version=_ANY_VERSION)) as client:
            address = _address(client)
        with engine_errors("answer", address):
            _knock(address)
            return cls(connect(version="auto"), address)

    @property
    def client(self) -> "DockerClient":
        """For what is no matter of images alone."""
        return self._client

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def facts(self) -> EngineFacts:
        with engine_errors("say what it is", self.address):
            version, info = self._client.version(), self._client.info()
        return EngineFacts(
            version=str(version.get("Version", "")),
            api_version=str(version.get("ApiVersion", "")),
            platform=Platform(str(version.get("Os", "linux")), str(version.get("Arch", ""))),
            storage=str(info.get("Driver", "")),
            keeps_manifests="containerd" in str(info.get("DriverStatus", "")),
        )

    def images(self) -> tuple[EngineImage, ...]:
        """Those that have a name or could have one; not the steps of old builds."""
        with engine_errors("list its images", self.address):
            return tuple(map(_read_image, self._client.images.list()))

    def find(self, name: str) -> EngineImage:
        """By name or by id. Names are read as the docker command reads them."""
        with engine_errors("look for the image", self.address, sought=(self, name)):
            return _read_image(self._client.images.get(name))

    def save(self, name: str, into: BinaryIO, moved: Moved) -> None:
        """As `docker save` does: an archive with this image."""
        with (
            engine_errors("save the image", self.address, sought=(self, name)),
            self._streamed("GET", f"images/{quote(name, safe='/:@')}/get") as answer,
        ):
            for piece in answer.iter_content(_PIECE):
                into.write(piece)
                moved(len(piece))

    def load(self, archive: BinaryIO, moved: Moved) -> tuple[EngineImage, ...]:
        """As `docker load` does; what was loaded."""
        with (
            engine_errors("load the image", self.address),
            self._streamed("POST", "images/load?quiet=1", _pieces(archive, moved)) as answer,
        ):
            names = [name for line in answer.iter_lines() if (name := _loaded(line))]
        return tuple(map(self.find, names))

    def tag(self, image: str, name: Reference) -> None:
        with engine_errors(f"tag the image as {name}", self.address, sought=(self, image)):
            self._client.api.tag(image, f"{name.registry}/{name.repository}", str(name.tag or ""), force=True)

    @contextmanager
    def _streamed(self, method: str, path: str, data: Iterable[bytes] | None = None) -> "Iterator[Response]":
        """The library's own calls for this leave their connections open when something goes wrong."""
        from docker import errors  # noqa: PLC0415 - start-up time
        from requests import HTTPError  # noqa: PLC0415 - start-up time

        api = self._client.api
        url = f"{api.base_url}/v{api.api_version}/{path}"
        with api.request(method, url, data=data, stream=True, timeout=_PATIENCE_FOR_IMAGES) as answer:
            try:
                answer.raise_for_status()
            except HTTPError as error:
                errors.create_api_error_from_http_exception(error)
            yield answer

    def remove(self, image: str) -> None:
        """The name, and the image when it was its last."""
        with engine_errors("remove the image", self.address, sought=(self, image)):
            self._client.api.remove_image(image)


def _address(client: "DockerClient") -> str:
    """As it came of DOCKER_HOST or of the context; for a socket the library puts another word in its place."""
    path = getattr(client.api.get_adapter(client.api.base_url), "socket_path", None)
    return str(client.api.base_url) if path is None else f"{_SOCKET}{path}"


def _knock(address: str) -> None:
    """Whether somebody is there. The library would wait for long, and leaves a socket open that it cannot connect."""
    if address.startswith(_SOCKET):
        with closing(socket.socket(socket.AF_UNIX)) as attempt:
            attempt.connect(address.removeprefix(_SOCKET))
    elif address.startswith(("http://", "https://")):
        parts = urlsplit(address)
        socket.create_connection((parts.hostname or "", parts.port or _PORT), _PATIENCE_AT_THE_DOOR).close()


def _pieces(file: BinaryIO, moved: Moved) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        moved(len(piece))
        yield piece


def _loaded(line: bytes) -> str:
    """What a line of the answer says that was loaded, by name or by id; nothing if it speaks of something else."""
    said = parse_object(line) if line.strip() else {}
    if said.get("error"):
        raise EngineRefused("load the image", str(said["error"]))
    found = _is_loaded(str(said.get("stream", "")))
    return found["name"] if found else ""


def _read_image(image: "Image") -> EngineImage:
    facts = image.attrs
    return EngineImage(Digest.parse(str(facts["Id"])), _names(facts.get("RepoTags")), int(facts.get("Size") or 0))


def _names(tags: list[str] | None) -> tuple[Reference, ...]:
    """An engine writes them short, as people do; names that no registry would take do occur, and are left out."""
    found: list[Reference] = []
    for text in tags or ():
        try:
            found.append(Reference.parse(text))
        except MalformedReference:
            continue
    return tuple(found)


# --- what it says when it does not do it -----------------------------------------------------------------------------


@contextmanager
def engine_errors(action: str, address: str, sought: tuple[Engine, str] | None = None) -> Iterator[None]:
    """`sought`: the image that may not be there."""
    from docker import errors  # noqa: PLC0415 - start-up time
    from requests import RequestException  # noqa: PLC0415 - start-up time

    try:
        yield
    except errors.NotFound as error:
        raise _not_there(error.explanation, sought) from error
    except errors.APIError as error:
        raise EngineRefused(action, str(error.explanation or error)) from error
    except errors.ImageLoadError as error:
        raise EngineRefused(action, str(error)) from error
    except (errors.DockerException, RequestException, OSError) as error:
        raise EngineUnreachable(address, _reason(error)) from error


def _not_there(explanation: str | None, sought: tuple[Engine, str] | None) -> WharfError:
    if sought is None:
        return EngineRefused("find the image", explanation or "it is not there")
    engine, name = sought
    present = sorted(str(reference) for image in engine.images() for reference in image.names)
    return ImageNotThere(_PLACE, name, present)


def _reason(error: BaseException) -> str:
    """The system's own words, which libraries wrap several times."""
    inner = _system_error(error, set())
    return (inner.strerror or str(inner)).lower() if inner is not None else shown(str(error))


def _system_error(error: BaseException, seen: set[int]) -> OSError | None:
    """Libraries pass errors on as causes, as contexts and among the arguments of others."""
    if id(error) in seen:
        return None
    seen.add(id(error))
    if isinstance(error, OSError) and (error.strerror or isinstance(error, ConnectionError)):
        return error
    related = (error.__cause__, error.__context__, *error.args, getattr(error, "reason", None))
    flat = (each for one in related for each in (one if isinstance(one, tuple) else (one,)))
    found = (_system_error(each, seen) for each in flat if isinstance(each, BaseException))
    return next((each for each in found if each is not None), None)
