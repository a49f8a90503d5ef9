"""An engine as one probe asks it: where it is, how long one may wait, and what it says of itself."""

import time
from dataclasses import dataclass, field
from urllib.parse import quote

from wharf.doctor.engines.conversation import Answer, Trouble, ask
from wharf.doctor.engines.endpoint import Endpoint, endpoint_of
from wharf.doctor.engines.reading import list_of, objects_of, word
from wharf.doctor.scene import Scene


@dataclass(frozen=True, slots=True)
class EngineSession:
    """It answered once, when its version was asked for. After the deadline nothing more is asked."""

    endpoint: Endpoint
    deadline: float
    version: dict[str, object] = field(repr=False)

    def asked(self, path: str) -> dict[str, object]:
        """Nothing where it refuses, or does not answer this in time."""
        answer = self.tried(path)
        return answer.said if answer is not None and answer.status == 200 else {}

    def listed(self, path: str) -> tuple[object, ...] | None:
        answer = self.tried(path)
        return answer.listed if answer is not None and answer.status == 200 else None

    def tried(self, path: str) -> Answer | None:
        try:
            left = self.deadline - time.monotonic()
            return ask(self.endpoint, path, left) if left > 0 else None
        except Trouble:
            return None

    def info(self) -> dict[str, object]:
        return self.asked("/info")

    def image(self, name: str) -> Answer | None:
        return self.tried(f"/images/{quote(name, safe='/:@')}/json")

    @property
    def kind(self) -> str:
        """Docker, Podman, or something else that speaks like them."""
        parts = [objects_of(part).get("Name") for part in list_of(self.version.get("Components"))]
        if any("podman" in word(part).lower() for part in parts):
            return "podman"
        platform = word(objects_of(self.version.get("Platform")).get("Name"))
        return "docker" if "Engine" in parts or "docker" in platform.lower() else "other"

    @property
    def platform(self) -> str:
        return f"{word(self.version.get('Os'))}/{word(self.version.get('Arch'))}"

    @property
    def is_local(self) -> bool:
        return self.endpoint.path is not None


def entered(endpoint: Endpoint, seconds: float) -> EngineSession:
    """`seconds`: for all that is asked. Or Trouble: somebody who does not know his own version is no engine."""
    deadline = time.monotonic() + seconds
    answer = ask(endpoint, "/version", seconds)
    if answer.status != 200 or not answer.said.get("ApiVersion"):
        raise Trouble("not-an-engine", f"GET /version: {answer.status}")
    return EngineSession(endpoint, deadline, answer.said)


def usual_session(scene: Scene) -> EngineSession | None:
    """With the engine that the docker command would use here, if it answers."""
    endpoint = endpoint_of(scene).endpoint
    if endpoint is None:
        return None
    try:
        return entered(endpoint, scene.patience)
    except Trouble:
        return None


def keeps_manifests(info: dict[str, object]) -> bool:
    """Whether images stand as registries have them, in containerd's store."""
    return "io.containerd.snapshotter" in str(info.get("DriverStatus", ""))
