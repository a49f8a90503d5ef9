"""daemon.json as dockerd reads it, and flags that say the same."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.doctor.worlds.world import world_in
from wharf.doctor.engines.daemon_file import DaemonFile, Form, daemon_file_of, given_twice, read_daemon_file
from wharf.doctor.scene import Scene


def scene_of(folder: Path) -> Scene:
    return replace(world_in(folder / "home", {}).scene, root=folder)


def written(folder: Path, raw: bytes) -> DaemonFile:
    file = folder / "daemon.json"
    file.write_bytes(raw)
    return read_daemon_file(file)


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        (b'{"insecure-registries": ["registry.example:5000"], "debug": true, "mtu": 1400}', Form.WHOLE),
        (b'{"registry-mirror": "dockerd takes no notice of this"}', Form.WHOLE),
        (b" \n", Form.EMPTY),
        (b'{"debug": true,}', Form.NOT_JSON),
        (b'\xef\xbb\xbf{"debug": true}', Form.BYTE_ORDER_MARK),
        ('{"debug": true}'.encode("utf-16"), Form.BYTE_ORDER_MARK),
        (b'{"insecure_registries": []}', Form.UNKNOWN_KEY),
        (b'{"insecure-registries": "registry.example"}', Form.WRONG_TYPE),
        (b'{"debug": "true"}', Form.WRONG_TYPE),
        (b'{"mtu": "1400"}', Form.WRONG_TYPE),
        (b'["debug"]', Form.WRONG_TYPE),
        (b"[" * 100_000, Form.NOT_JSON),
    ],
)
def test_its_form_is_told(tmp_path: Path, raw: bytes, form: Form) -> None:
    assert form is written(tmp_path, raw).form


def test_a_folder_in_its_place_cannot_be_read(tmp_path: Path) -> None:
    assert Form.UNREADABLE is read_daemon_file(tmp_path).form


def test_where_it_is_wrong_is_told(tmp_path: Path) -> None:
    assert "line 2, column 3" == written(tmp_path, b'{"debug": true,\n  }').where_wrong


def test_it_lies_where_the_system_keeps_it(tmp_path: Path) -> None:
    file = tmp_path / "etc" / "docker" / "daemon.json"
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    found = daemon_file_of(scene_of(tmp_path))
    assert found is not None
    assert file == found.path


def test_there_may_be_none(tmp_path: Path) -> None:
    assert daemon_file_of(scene_of(tmp_path)) is None


@pytest.mark.parametrize(
    ("flags", "settings_of_file", "expected"),
    [
        ("-H fd://", b'{"hosts": ["tcp://0.0.0.0"]}', "hosts"),
        ("--insecure-registry=a:1", b'{"insecure-registries": ["b:1"]}', "insecure-registries"),
        ("--data-root /srv", b'{"debug": true}', ""),
        ("--log-opt max-size=1m", b'{"log-opts": {"max-file": "3"}}', ""),
    ],
)
def test_what_is_a_flag_of_the_unit_too_is_told(
    tmp_path: Path, flags: str, settings_of_file: bytes, expected: str
) -> None:
    unit = tmp_path / "lib" / "systemd" / "system" / "docker.service"
    unit.parent.mkdir(parents=True)
    unit.write_text(f"[Service]\nExecStart=/usr/bin/dockerd {flags}\n")
    assert expected == given_twice(written(tmp_path, settings_of_file), scene_of(tmp_path))


def test_an_override_takes_the_flags_of_the_unit_away(tmp_path: Path) -> None:
    for place, content in {
        "lib/systemd/system/docker.service": "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n",
        "etc/systemd/system/docker.service.d/hosts.conf": "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd\n",
    }.items():
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text(content)
    assert not given_twice(written(tmp_path, b'{"hosts": []}'), scene_of(tmp_path))


@settings(max_examples=60)
@given(raw=st.binary(max_size=200))
def test_no_content_is_too_strange(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    assert written(tmp_path_factory.getbasetemp(), raw).form in Form
