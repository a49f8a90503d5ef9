"""Everything on this machine hangs, and the probes come back all the same."""

import socket
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.doctor.probes.ground import programs_in, scene_in
from tests.doctor.probes.test_discretion import OWN
from tests.doctor.worlds.world import World
from wharf.credentials.chain import keychain_of
from wharf.doctor.facts import FactName
from wharf.doctor.scene import Aim

PATIENCE = 0.5
HANGS = "exec sleep 60"


def test_a_machine_on_which_everything_hangs(tmp_path: Path) -> None:
    programs = {"docker_credential_odd": HANGS, "gpg": HANGS, "gpg_connect_agent": HANGS, "gcloud": HANGS}
    files = {
        "home/mina/.docker/config.json": '{"credsStore": "odd"}',
        "home/mina/.password-store/.gpg-id": "mina@example.com\n",
        "home/mina/.config/gcloud/credentials.db": "x",
    }
    with tempfile.TemporaryDirectory(prefix="wharf-", dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as bus:
        bus.bind(f"{folder}/bus")
        bus.listen()
        aim = Aim(registry="europe-docker.pkg.dev")
        environ = {"PATH": programs_in(tmp_path, **programs), "XDG_RUNTIME_DIR": folder}
        scene = replace(scene_in(tmp_path, dict(files), aim=aim, more=environ), patience=PATIENCE)
        keychain = keychain_of(scene.environ, scene.home, scene.platform, patience_seconds=PATIENCE)
        begun = time.monotonic()
        seen = World(replace(scene, keychain=keychain)).probed(*OWN)
        assert 50 > time.monotonic() - begun  # each of them alone hangs for longer
    assert "hung" == seen.facts.known[FactName("credential-program.outcome")]
