"""A Docker Engine of one's own: the real daemon, with its images, its socket and its pid in one folder."""

from pathlib import Path

from tests.clients.daemon import Daemon
from tests.clients.programs import Home, Outcome, Program

SOMEBODYS_BRIDGE = Path("/sys/class/net/docker0")


class Dockerd(Daemon):
    """`dockerd` as root. The network of the machine is left as it is: registries need loopback alone."""

    def __init__(self, folder: Path, *flags: str, before: tuple[str, ...] = ()) -> None:
        """`flags` beside its own; `before`: words before the command, as of a namespace that it is to live in."""
        super().__init__(folder)
        self.flags = flags
        self.before = before
        self.socket = f"unix://{folder / 'docker.sock'}"

    def client(self, home: Home) -> Program:
        # Debian's daemon has the classic builder; a newer command would ask for a buildx that is not there.
        environment = {**home.environment, "DOCKER_HOST": self.socket, "DOCKER_BUILDKIT": "0"}
        return Program("docker", environment=environment)

    @property
    def pid(self) -> int:
        return int((self.folder / "pid").read_text())

    def _asked(self, home: Home) -> Outcome:
        return self.client(home).attempt("version")

    def _command(self) -> list[str]:
        return [
            *self.before,
            "dockerd",
            f"--data-root={self.folder / 'data'}",
            f"--exec-root={self.folder / 'exec'}",
            f"--host={self.socket}",
            f"--pidfile={self.folder / 'pid'}",
            "--iptables=false",
            "--ip-masq=false",
            # `none` would take away a bridge that another daemon on this machine has made and uses.
            *([] if SOMEBODYS_BRIDGE.exists() else ["--bridge=none"]),
            *self.flags,
        ]
