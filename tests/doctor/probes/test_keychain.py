"""The command of macOS is played by a script that writes what it is documented to write."""

from pathlib import Path

import pytest

from tests.doctor.probes.ground import REGISTRY, facts_of, programs_in, scene_in
from wharf.doctor.scene import Aim

ITEM = 'keychain: "login.keychain-db"\n    0x00000007 <blob>="{}"\n    "srvr"<blob>="{}"'


@pytest.mark.parametrize(
    ("script", "item"),
    [
        (f"echo '{ITEM.format('Docker Credentials', REGISTRY)}'", "own"),
        (f"echo '{ITEM.format(REGISTRY, REGISTRY)}'", "of-another-program"),
        (
            "echo 'The specified item could not be found in the keychain.'; exit 44",
            "absent",
        ),
    ],
)
def test_who_made_the_item(tmp_path: Path, script: str, item: str) -> None:
    path = programs_in(tmp_path, security=f'test "$3" = {REGISTRY} || exit 1; {script}')
    scene = scene_in(tmp_path, platform="darwin", aim=Aim(registry=REGISTRY), PATH=path)
    assert {"item": item} == facts_of("keychain", scene)


def test_the_secret_is_not_asked_for(tmp_path: Path) -> None:
    path = programs_in(tmp_path, security='for each in "$@"; do case $each in -g|-w) exit 0;; esac; done; exit 44')
    scene = scene_in(tmp_path, platform="darwin", aim=Aim(registry=REGISTRY), PATH=path)
    assert {"item": "absent"} == facts_of("keychain", scene)


def test_elsewhere_there_is_none(tmp_path: Path) -> None:
    assert {} == facts_of("keychain", scene_in(tmp_path, aim=Aim(registry=REGISTRY)))
