"""A containerd of one's own, as nodes of a cluster have it: the real daemon in one folder, and `ctr` to speak to it."""

from tests.clients.daemon import Daemon
from tests.clients.programs import Home, Outcome, Program

NAMES_OF_IMAGES = ("images", "ls", "--quiet")
SETTINGS = """\
version = 2
root = "{folder}/root"
state = "{folder}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "{folder}/containerd.sock"
[ttrpc]
  address = "{folder}/containerd.sock.ttrpc"
"""


class Containerd(Daemon):
    """`containerd` as root, without the part that a kubelet speaks to: images and nothing else."""

    def client(self, home: Home) -> Program:
        return Program("ctr", "--address", str(self.folder / "containerd.sock"), environment=home.environment)

    def _asked(self, home: Home) -> Outcome:
        return self.client(home).attempt(*NAMES_OF_IMAGES)

    def _command(self) -> list[str]:
        settings = self.folder / "config.toml"
        settings.write_text(SETTINGS.format(folder=self.folder))
        return ["containerd", "--config", str(settings)]
