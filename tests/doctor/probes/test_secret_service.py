"""With a bus and without one; what a keyring on it may answer is held in tests/doctor/worlds/test_keyring.py."""

from pathlib import Path

from tests.doctor.probes.ground import facts_of, scene_in


def test_without_a_bus_nothing_else_is_known(tmp_path: Path) -> None:
    assert {"bus": False} == facts_of("secret-service", scene_in(tmp_path, XDG_RUNTIME_DIR=str(tmp_path)))


def test_elsewhere_there_is_none(tmp_path: Path) -> None:
    assert {} == facts_of("secret-service", scene_in(tmp_path, platform="darwin"))
