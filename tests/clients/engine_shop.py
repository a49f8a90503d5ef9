"""What a failing engine is built of: a docker command with an environment of its own, and a machine to look at."""

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.client.certificates import Authority
from tests.doctor.worlds.world import World, world_in
from wharf.doctor.scene import Aim
from wharf.oci.reference import Reference

NOBODY = 65_534
NOTHING_SET: Mapping[str, str] = {}
_SEEN_AS_THEY_ARE = ("tmp", "usr", "bin", "sbin")


@dataclass(frozen=True)
class Machine:
    """`root` is a machine of its own: accounts, groups and processes are those that a test writes there."""

    home: Path
    root: Path

    @classmethod
    def in_folder(cls, folder: Path) -> "Machine":
        home, root = folder / "person", folder / "root"
        for each in (home / ".docker", root / "etc", root / "proc"):
            each.mkdir(parents=True)
        (root / "etc" / "passwd").write_text(
            f"root:x:0:0::/root:/bin/sh\nlena:x:{NOBODY}:{NOBODY}::/people/lena:/bin/sh\n"
        )
        (root / "etc" / "group").write_text("root:x:0:\ndocker:x:998:\n")
        for name in _SEEN_AS_THEY_ARE:
            (root / name).symlink_to(f"/{name}")
        return cls(home, root)

    def group_of(self, socket: str, *members: str) -> None:
        """The group that owns an engine's socket is one of this machine, with these members."""
        gid = Path(socket.removeprefix("unix://")).stat().st_gid or 998
        (self.root / "etc" / "group").write_text(f"root:x:0:\ndocker:x:{gid}:{','.join(members)}\n")

    def world(self, environ: Mapping[str, str] = NOTHING_SET, aim: Aim | None = None) -> World:
        world = world_in(self.home, environ, aim=aim)
        return World(replace(world.scene, root=self.root))

    def about(self, image: str, environ: Mapping[str, str]) -> World:
        reference = Reference.parse(image)
        return self.world(environ, Aim(reference.registry, reference.repository, reference))

    def docker(self, *words: str, environ: Mapping[str, str] = NOTHING_SET, uid: int = 0) -> str:
        """All that the docker command says."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "DOCKER_BUILDKIT": "0", **environ}
        done = subprocess.run(
            ["docker", *words], env=environment, user=uid, capture_output=True, text=True, timeout=240, check=False
        )
        return done.stdout + done.stderr


@dataclass(frozen=True)
class Papers:
    """Certificates as dockerd and docker want them: for the engine, for a client, and for a client of somebody else."""

    engine: tuple[str, ...]
    client: Path
    stranger: Path
    without_pair: Path

    @classmethod
    def in_folder(cls, folder: Path) -> "Papers":
        ours, others = Authority.create(folder / "ours"), Authority.create(folder / "others", "Other Authority")
        served = ours.issue("127.0.0.1")
        flags = (f"--tlscacert={ours.file}", f"--tlscert={served.certificate}", f"--tlskey={served.key}")
        bare = folder / "bare"
        bare.mkdir()
        (bare / "ca.pem").write_bytes(ours.file.read_bytes())
        return cls(
            ("--tlsverify", *flags), _for_client(folder / "client", ours), _for_client(folder / "x", others), bare
        )


def _for_client(folder: Path, authority: Authority) -> Path:
    folder.mkdir()
    identity = authority.issue(common_name="client", for_clients=True)
    for name, file in {"ca": authority.file, "cert": identity.certificate, "key": identity.key}.items():
        (folder / f"{name}.pem").write_bytes(file.read_bytes())
    return folder


@contextmanager
def somebody_else() -> Iterator[None]:
    """Root's own rights are laid down meanwhile."""
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


class _PlainRegistry(BaseHTTPRequestHandler):
    def handle_one_request(self) -> None:
        """Whoever begins to speak TLS is answered as servers for HTTP alone do it."""
        if self.rfile.peek(1)[:1] == b"\x16":  # type: ignore[attr-defined]
            self.wfile.write(b"HTTP/1.0 400 Bad Request\r\n\r\n")
            self.close_connection = True
        else:
            super().handle_one_request()

    def do_GET(self) -> None:
        body = b"{}"
        self.send_response(200 if self.path == "/v2/" else 404)
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - its name above

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name above
        """Nothing is written."""


@contextmanager
def plain_registry(address: str) -> Iterator[str]:
    """As much of a registry as is needed to see that it speaks plain HTTP."""
    server = ThreadingHTTPServer((address, 0), _PlainRegistry)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"{address}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
